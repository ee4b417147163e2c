"""Holding places: intent, call, answer; renewing and holding again are the same call for the same lines."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from korus_tui.counter.booking.late_orders import LateOrders, unpaid
from korus_tui.counter.booking.matching import NOT_HELD, concerns, sort_out
from korus_tui.counter.core import problems
from korus_tui.counter.core.background import Chores
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Line as ApiLine
from korus_tui.counter.core.desk import Desk, new_id
from korus_tui.counter.core.problems import CounterError, Doing, Problem
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.state import Attempt, Sale
from korus_tui.sale.values import Doubt, Line, Refusal

if TYPE_CHECKING:
    from korus_tui.api import Invalid, Reservation, ReservationBulkResult, ReservationItemRequest

log = logging.getLogger("korus_tui.counter")

_ITEM = re.compile(r"items\[(\d+)\]")
HELD_BACK = "held-back"  # refused only because another line of the same call was
NEVER_SENT = "never-sent"
INVALID = "invalid"
UNKNOWN = "unknown"
UNEXPLAINED = Refusal(NOT_HELD)
ORPHAN_LIFE = timedelta(minutes=15)  # the life of a hold in the API's example; nothing promises it
_EARLIER = timedelta(seconds=2)  # the API writes whole seconds, and so does its Date
_LATER = timedelta(seconds=75)  # a hold made longer after the request than the call may last is somebody else's


class Holding:
    """Places kept for the lines of a sale. Every call is journaled before it is sent, and owned by the program."""

    def __init__(self, desk: Desk, line: ApiLine, clock: Clock, chores: Chores, late: LateOrders) -> None:
        self._desk = desk
        self._late = late
        self._line = line
        self._clock = clock
        self._chores = chores
        self.problems: dict[str, Problem] = {}
        self.in_place_of: dict[str, tuple[str, ...]] = {}  # what the next lines of a sale replace

    async def add(self, reference: str, lines: Sequence[Line]) -> None:
        """Put lines into the sale and hold them. Raises as `hold`, and the journal's errors.

        They come in the place of lines that cannot be had, where `in_place_of` names some.
        """
        if gone := self._gone(reference):
            await self.replace(reference, gone, *lines)
            return
        await self._desk.record(reference, *(e.LineAdded(line) for line in lines))
        await self.hold(reference, [line.id for line in lines])

    def _gone(self, reference: str) -> tuple[str, ...]:
        """Lines that are to be replaced, as long as they are still there."""
        sale = self._desk.get(reference)
        wanted = self.in_place_of.get(reference, ())
        return tuple(one for one in wanted if sale.line(one))

    async def replace(self, reference: str, gone: Sequence[str], *lines: Line) -> None:
        """Put lines in the place of others and hold them, in one record: what was paid for those pays for these.

        Lines that shared a hold with those that go are held anew. Raises as `hold`, and the journal's errors.
        """
        sharing = _with_sharing(self._desk.get(reference), gone)
        await self._late.first(reference, sharing)
        wanted = (*(line.id for line in lines), *(one for one in sharing if one not in gone))
        removed = (e.LineRemoved(one) for one in gone)
        await self._request(reference, wanted, *removed, *(e.LineAdded(line) for line in lines))
        self.in_place_of.pop(reference, None)
        self.problems.pop(reference, None)

    async def hold(self, reference: str, line_ids: Sequence[str]) -> None:
        """Hold these lines now, anew where they are held already; returns once the intent is durable.

        A reservation is renewed whole: lines that share one are held together. The answer comes as events on the
        sale. Raises NotAllowed while another answer is awaited, and CounterError where the lines were booked after all.
        """
        wanted = self._to_hold(reference, line_ids)
        await self._late.first(reference, wanted)
        await self._request(reference, wanted)
        self.problems.pop(reference, None)

    def _to_hold(self, reference: str, line_ids: Sequence[str]) -> tuple[str, ...]:
        """With what shares their holds; what is booked and waits for its money is not held once more."""
        sale = self._desk.get(reference)
        booked = {state.line.id for state in sale.lines if not state.order and sale.is_booked(state)}
        wanted = tuple(one for one in _with_sharing(sale, line_ids) if one not in booked)
        if booked and not wanted:
            raise CounterError(unpaid(sale))
        return wanted

    async def leave_out(self, reference: str, line_ids: Sequence[str]) -> None:
        """Take lines out of the sale, and what was told of them; their places lapse by themselves. Raises as `hold`."""
        self.problems.pop(reference, None)
        await self._late.first(reference, line_ids)
        await self._desk.record(reference, *(e.LineRemoved(one) for one in line_ids))

    async def _request(self, reference: str, line_ids: tuple[str, ...], *before: e.Event) -> None:
        attempt = new_id()
        await self._desk.record(reference, *before, e.HoldRequested(attempt, line_ids))
        self._chores.start(self._ask(reference, attempt, line_ids), "hold places")

    async def _ask(self, reference: str, attempt: str, line_ids: tuple[str, ...]) -> None:
        with self._until_it_ends(reference):
            await self._send(reference, attempt, _lines(self._desk.get(reference), line_ids))

    @contextlib.contextmanager
    def _until_it_ends(self, reference: str) -> Iterator[None]:
        """An answer to a sale that has ended meanwhile has nowhere to go; its places lapse by themselves."""
        try:
            yield
        except NotAllowed:
            if any(sale.reference == reference for sale in self._desk.sales):
                raise
            log.info("%s ended before its hold was answered; the places lapse by themselves", reference)

    async def _send(self, reference: str, attempt: str, lines: list[Line]) -> None:
        from korus_tui.api import errors

        asked_at = self._clock.now()
        try:
            answer = await self._line.ask(lambda client: client.reserve(_requests(lines)))
        except errors.Invalid as error:
            await self._refused(reference, attempt, lines, error)
        except (errors.OutcomeUnknown, errors.NotNow) as error:
            if isinstance(error, errors.NotNow) and not error.may_have_happened:
                await self._failed(reference, attempt, lines, error, NEVER_SENT)
                return
            await self._unknown(reference, attempt, error, asked_at)
        except errors.ApiError as error:
            code = NEVER_SENT if isinstance(error, errors.NotSent) else "refused"
            await self._failed(reference, attempt, lines, error, code)
        else:
            await self._answered(reference, attempt, lines, answer, asked_at)

    async def _answered(
        self, reference: str, attempt: str, lines: list[Line], answer: ReservationBulkResult, asked_at: datetime
    ) -> None:
        """What is held, what is not; places that we cannot tell apart may be held for nobody until they lapse."""
        outcome = sort_out(lines, answer.reservations, answer.failed_reservations)
        for stray in outcome.strays:
            log.warning("a reservation fits no line of the sale: %s", stray)
        unclear = bool(answer.rejected or outcome.strays)
        lost = _may_be_held_until(asked_at)
        events: list[e.Event] = [e.HoldPlaced(attempt, hold) for hold in outcome.holds]
        for line, why in outcome.refused:
            events.append(e.HoldRefused(attempt, (line,), lost if unclear and why == UNEXPLAINED else why))
        await self._desk.record(reference, *events)

    async def _failed(self, reference: str, attempt: str, lines: list[Line], error: Exception, code: str) -> None:
        problem = self.problems[reference] = self._problem(reference, lines, error)
        ids = tuple(line.id for line in lines)
        words = problem.words or problem.what
        await self._desk.record(reference, e.HoldRefused(attempt, ids, Refusal(code, words)))

    def _problem(self, reference: str, lines: list[Line], error: Exception) -> Problem:
        """A hold that failed; where it was to replace one that still runs, that one is not lost with it."""
        problem = problems.of(error, Doing.HOLD)
        states = [state for state in self._desk.get(reference).lines if state.line in lines]
        if not all(state.hold and not state.lapsed for state in states):
            return problem
        return replace(problem, meaning=_("The old hold runs on."), next=_("Take the payment before it ends."))

    async def _refused(self, reference: str, attempt: str, lines: list[Line], error: Invalid) -> None:
        """A 422 holds nothing of the call: name the lines it complains of, and ask again for the others alone."""
        complaints: dict[int, list[str]] = {}
        for violation in error.violations:
            found = _ITEM.search(violation.path)
            if found and int(found[1]) < len(lines):
                complaints.setdefault(int(found[1]), []).append(violation.message)
        problem = self._problem(reference, lines, error)
        if not complaints:  # it is about the call as a whole
            complaints = {index: [problem.words] for index in range(len(lines))}
        events: list[e.Event] = []
        for index, line in enumerate(lines):
            words = " · ".join(complaints.get(index, ()))
            why = Refusal(INVALID, words) if index in complaints else Refusal(HELD_BACK)
            events.append(e.HoldRefused(attempt, (line.id,), why))
        rest = tuple(line.id for index, line in enumerate(lines) if index not in complaints)
        self.problems[reference] = problem
        if rest:
            await self._request(reference, rest, *events)
        else:
            await self._desk.record(reference, *events)

    async def _unknown(self, reference: str, attempt: str, error: Exception, asked_at: datetime) -> None:
        """The answer is lost: look for the orphan where the API can list it, else say until when places may be held."""
        problem = problems.of(error, Doing.HOLD)
        self.problems[reference] = problem
        await self._desk.record(reference, e.OutcomeUnknown(attempt, Doubt.HOLD, problem.what))
        await self.look_up(reference, asked_at)

    async def look_up(self, reference: str, asked_at: datetime) -> None:
        """Find the reservations of the sale's lost hold and adopt them, or settle that there are none to be had.

        `asked_at` is the server time at which they were asked for.
        """
        with self._until_it_ends(reference):
            sale = self._desk.get(reference)
            if sale.attempt is not None and sale.attempt.doubt is Doubt.HOLD:
                await self._settle(sale, sale.attempt, asked_at)

    async def _settle(self, sale: Sale, attempt: Attempt, asked_at: datetime) -> None:
        lines = _lines(sale, attempt.lines)
        outcome = sort_out(lines, await self._orphans(lines, asked_at), ())
        if outcome.strays:  # more holds of these places than we asked for: some are another till's, none is taken
            outcome = sort_out(lines, (), ())
        why = _may_be_held_until(asked_at)
        events: list[e.Event] = [e.HoldPlaced(attempt.id, hold) for hold in outcome.holds]
        events += [e.HoldRefused(attempt.id, (line,), why) for line, _reason in outcome.refused]
        await self._desk.record(sale.reference, *events)
        if not outcome.refused:
            self.problems.pop(sale.reference, None)

    async def _orphans(self, lines: list[Line], asked_at: datetime) -> list[Reservation]:
        """Live reservations of these places that were made in the time of the call and that no sale here knows."""
        from korus_tui.api import errors

        known = {hold.reservation for one in self._desk.sales for hold in (*one.holds, *one.let_go)}
        try:
            recent = await self._line.ask(lambda client: client.recent_reservations(asked_at - _EARLIER))
        except errors.ApiError as error:
            log.warning("the lost hold cannot be looked up: %s", error)
            return []
        return [
            one
            for one in recent
            if one.created_at is not None
            and one.created_at <= asked_at + _LATER
            and str(one.iri) not in known
            and one.order is None
            and not one.expired
            and concerns(one, lines)
        ]


def _may_be_held_until(asked_at: datetime) -> Refusal:
    """No hold to be seen, though there may be one: the moment after which there is none (ISO 8601) is its words."""
    return Refusal(UNKNOWN, (asked_at + ORPHAN_LIFE).isoformat(timespec="seconds"))


def _with_sharing(sale: Sale, line_ids: Sequence[str]) -> tuple[str, ...]:
    shared = {state.hold for state in sale.lines if state.line.id in line_ids and state.hold}
    more = (state.line.id for state in sale.lines if state.hold in shared and not state.order)
    return tuple(dict.fromkeys((*line_ids, *more)))


def _lines(sale: Sale, line_ids: Sequence[str]) -> list[Line]:
    states = [sale.line(line_id) for line_id in line_ids]
    return [state.line for state in states if state is not None]


def _requests(lines: Sequence[Line]) -> list[ReservationItemRequest]:
    """The lines as the API takes them: one item a line, each ticket with its session, answers to forms as strings."""
    from korus_tui.api import FormData, FormValue, Iri, ReservationItemRequest, TicketSession

    items = []
    for line in lines:
        sessions = tuple(
            TicketSession(
                Iri(ticket.ticket),
                Iri(ticket.session) if ticket.session else None,
                FormData(Iri(ticket.form), tuple(FormValue(Iri(one.field), one.value) for one in ticket.answers))
                if ticket.form
                else None,
            )
            for ticket in line.tickets
        )
        items.append(ReservationItemRequest(line.quantity, Iri(line.offer), sessions))
    return items
