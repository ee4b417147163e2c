"""Holding places: intent, call, answer; renewing and holding again are the same call for the same lines."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from korus_tui.counter import problems
from korus_tui.counter.chores import Chores
from korus_tui.counter.clock import Clock
from korus_tui.counter.desk import Desk, new_id
from korus_tui.counter.line import Line as ApiLine
from korus_tui.counter.matching import sort_out
from korus_tui.counter.problems import Doing, Problem
from korus_tui.sale import events as e
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Doubt, Line, Refusal

if TYPE_CHECKING:
    from korus_tui.api import Invalid, KorusClient, Reservation, ReservationBulkResult, ReservationItemRequest

log = logging.getLogger("korus_tui.counter")

_ITEM = re.compile(r"items\[(\d+)\]")
HELD_BACK = "held-back"  # refused only because another line of the same call was
NEVER_SENT = "never-sent"
INVALID = "invalid"
UNKNOWN = "unknown"
ORPHAN_LIFE = timedelta(minutes=15)  # the life of a hold in the API's example; nothing promises it


class Holding:
    """Places kept for the lines of a sale. Every call is journaled before it is sent, and owned by the program."""

    def __init__(self, desk: Desk, line: ApiLine, clock: Clock, chores: Chores) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._chores = chores
        self.problems: dict[str, Problem] = {}

    async def add(self, reference: str, lines: Sequence[Line]) -> None:
        """Put lines into the sale and hold them. Raises NotAllowed, and the journal's errors."""
        await self._desk.record(reference, *(e.LineAdded(line) for line in lines))
        await self.hold(reference, [line.id for line in lines])

    async def hold(self, reference: str, line_ids: Sequence[str]) -> None:
        """Hold these lines now, anew where they are held already; returns once the intent is durable.

        The answer comes as events on the sale. Raises NotAllowed while another answer is awaited.
        """
        attempt = new_id()
        await self._desk.record(reference, e.HoldRequested(attempt, tuple(line_ids)))
        self.problems.pop(reference, None)
        self._chores.start(self._ask(reference, attempt, tuple(line_ids)), "hold places")

    async def _ask(self, reference: str, attempt: str, line_ids: tuple[str, ...]) -> None:
        from korus_tui.api import errors

        lines = _lines(self._desk.get(reference), line_ids)
        asked_at = self._clock.now()
        try:
            answer = await self._line.ask(lambda client: client.reserve(_requests(lines)))
        except errors.Invalid as error:
            await self._refused(reference, attempt, lines, error)
        except (errors.OutcomeUnknown, errors.NotNow) as error:
            if isinstance(error, errors.NotNow) and not error.may_have_happened:
                await self._failed(reference, attempt, lines, error, NEVER_SENT)
                return
            await self._unknown(reference, attempt, lines, error, asked_at)
        except errors.ApiError as error:
            code = NEVER_SENT if isinstance(error, errors.NotSent) else "refused"
            await self._failed(reference, attempt, lines, error, code)
        else:
            await self._answered(reference, attempt, lines, answer)

    async def _answered(self, reference: str, attempt: str, lines: list[Line], answer: ReservationBulkResult) -> None:
        outcome = sort_out(lines, answer.reservations, answer.failed_reservations)
        for stray in outcome.strays:
            log.warning("a reservation fits no line of the sale: %s", stray)
        held: list[e.Event] = [e.HoldPlaced(attempt, hold) for hold in outcome.holds]
        refused: list[e.Event] = [e.HoldRefused(attempt, (line,), why) for line, why in outcome.refused]
        await self._desk.record(reference, *held, *refused)

    async def _failed(self, reference: str, attempt: str, lines: list[Line], error: Exception, code: str) -> None:
        problem = problems.of(error, Doing.HOLD)
        self.problems[reference] = problem
        ids = tuple(line.id for line in lines)
        words = problem.words or problem.what
        await self._desk.record(reference, e.HoldRefused(attempt, ids, Refusal(code, words)))

    async def _refused(self, reference: str, attempt: str, lines: list[Line], error: Invalid) -> None:
        """A 422 holds nothing of the call: name the lines it complains of, and ask again for the others alone."""
        complaints: dict[int, list[str]] = {}
        for violation in error.violations:
            found = _ITEM.search(violation.path)
            if found:
                complaints.setdefault(int(found[1]), []).append(violation.message)
        if not complaints or all(index in complaints for index in range(len(lines))):
            complaints = complaints or {index: [error.detail] for index in range(len(lines))}
        events: list[e.Event] = []
        rest: list[str] = []
        for index, line in enumerate(lines):
            words = " · ".join(complaints.get(index, ()))
            rest += [] if index in complaints else [line.id]
            why = Refusal(INVALID, words) if index in complaints else Refusal(HELD_BACK)
            events.append(e.HoldRefused(attempt, (line.id,), why))
        self.problems[reference] = problems.of(error, Doing.HOLD)
        await self._desk.record(reference, *events)
        if rest:
            await self.hold(reference, rest)

    async def _unknown(
        self, reference: str, attempt: str, lines: list[Line], error: Exception, asked_at: datetime
    ) -> None:
        """The answer is lost: look for the orphan where the API can list it, else say until when places may be held."""
        problem = problems.of(error, Doing.HOLD)
        await self._desk.record(reference, e.OutcomeUnknown(attempt, Doubt.HOLD, problem.what))
        await self.look_up(reference, asked_at)

    async def look_up(self, reference: str, asked_at: datetime) -> None:
        """Find the reservations of the sale's lost hold and adopt them, or settle that there are none to be had."""
        from korus_tui.api import errors

        sale = self._desk.get(reference)
        attempt = sale.attempt
        assert attempt is not None
        lines = _lines(sale, attempt.lines)
        known = {hold.reservation for one in self._desk.sales for hold in (*one.holds, *one.let_go)}
        try:
            recent = await self._recent(asked_at - timedelta(seconds=5))
        except errors.ApiError as error:
            log.warning("the lost hold cannot be looked up: %s", error)
            found = []
        else:
            found = [one for one in recent if str(one.iri) not in known and one.order is None and not one.expired]
        outcome = sort_out(lines, found, ())
        until = asked_at + ORPHAN_LIFE
        why = Refusal(UNKNOWN, until.isoformat(timespec="seconds"))
        events: list[e.Event] = [e.HoldPlaced(attempt.id, hold) for hold in outcome.holds]
        events += [e.HoldRefused(attempt.id, (line,), why) for line, _reason in outcome.refused]
        await self._desk.record(reference, *events)

    async def _recent(self, since: datetime) -> list[Reservation]:
        """Reservations made since then, newest first; the list is not read beyond them."""

        async def read(client: KorusClient) -> list[Reservation]:
            found: list[Reservation] = []
            async for page in client.reservations():
                fresh = [one for one in page.members if one.created_at is not None and one.created_at >= since]
                found += fresh
                if len(fresh) < len(page.members):
                    break
            return found

        return await self._line.ask(read)


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
