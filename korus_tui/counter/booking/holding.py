"""Holding places: intent, call, answer; renewing and holding again are the same call for the same lines."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from korus_tui.api import errors
from korus_tui.api.errors import ApiError, Malformed
from korus_tui.api.models.base import Iri
from korus_tui.api.models.requests import FormData, FormValue, ReservationItemRequest, TicketSession
from korus_tui.counter.booking.late_orders import LateOrders, unpaid
from korus_tui.counter.booking.matching import NOT_HELD, last_id, sort_out
from korus_tui.counter.core import problems
from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk, new_id
from korus_tui.counter.core.problems import CounterError, Doing, Problem
from korus_tui.i18n import _, ngettext
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale import events as e
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import HELD_BACK, UNKNOWN, LineStatus, Sale, not_known
from korus_tui.sale.values import Doubt, Hold, Line, Refusal
from korus_tui.text.venue_time import clock

if TYPE_CHECKING:
    from korus_tui.api.errors import Invalid, NotNow
    from korus_tui.api.models.booking import Reservation
    from korus_tui.api.models.bulk import ReservationBulkResult

log = logging.getLogger("korus_tui.counter")

_ITEM = re.compile(r"items\[(\d+)\]")
NEVER_SENT = "never-sent"
INVALID = "invalid"
WAIT = "wait"  # asked to come back later: the moment (ISO 8601) is its words
ABSURD = "absurd"  # held at an amount that cannot be one: it is its words
UNEXPLAINED = Refusal(NOT_HELD)
ORPHAN_LIFE = timedelta(minutes=15)  # the life of a hold in the API's example; nothing promises it
_CALL = timedelta(seconds=60)  # a server has surely ended a request by then, and begun what it may hold
_LOOKS_APART = 20.0  # seconds between questions after one hold
_SAID_TWICE = 2.0  # seconds between two answers that a hold is over
_NEWS = 30.0  # seconds after which what was last heard of a hold is too old, where money is about to move
_WAIT_BELIEVED = 3600.0  # seconds: who asks for more has not the till in mind
MOST_HELD = 10_000_000  # in the sale's currency: what is held for more is no price


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one call, for the record and for the agent; `ask_for` are lines to be asked for once more."""

    events: tuple[e.Event, ...]
    problem: Problem | None = None
    ask_for: tuple[str, ...] = ()


Local: TypeAlias = "Callable[[datetime, str | None], datetime]"


class Holding:
    """Places kept for the lines of a sale. Every call is journaled before it is sent, and owned by the program."""

    def __init__(
        self, desk: Desk, line: Connection, clock: Clock, background: BackgroundTasks, late: LateOrders, local: Local
    ) -> None:
        """`local` gives a moment as the venue reads it."""
        self._desk = desk
        self._late = late
        self._line = line
        self._clock = clock
        self._background = background
        self._local = local
        self._look_again: dict[str, float] = {}  # boot seconds, by reservation
        self._heard: dict[str, float] = {}  # boot seconds of the last word of a hold, by reservation
        self._said_over: set[str] = set()  # reservations that the API called over once
        self._used: set[str] = set()  # ids of reservations that sales had, or were told of
        self._remembers = False  # whether those of earlier runs are among them
        self.problems: dict[str, Problem] = {}

    def answered(self, reference: str) -> None:
        """What was told of the sale's last call is known: it is not told again."""
        self.problems.pop(reference, None)

    async def add(self, reference: str, lines: Sequence[Line], *before: e.Event, replacing: Sequence[str] = ()) -> None:
        """Put lines into the sale and hold them, in one record with what comes `before`, as the opening of the sale.

        They take the place of the lines `replacing`: what was paid for those pays for these, and lines that shared a
        hold with those that go are held anew. Lines that are held go only once these are held too. Raises as `hold`,
        and the journal's errors.
        """
        sale = self._open(reference)
        sharing = _with_sharing(sale, replacing) if sale else ()
        wanted = (*(line.id for line in lines), *(one for one in sharing if one not in replacing))
        if sale is not None:
            await self._late.first(reference, sharing or wanted)
        held = {state.line.id for state in sale.with_status(LineStatus.HELD)} if sale and not sale.taken else set()
        first = tuple(replacing) if replacing and held.issuperset(replacing) else ()
        removed = () if first else (e.LineRemoved(one) for one in replacing)
        await self._request(reference, wanted, *before, *removed, *(e.LineAdded(line, first) for line in lines))
        self.answered(reference)

    async def bring_back(self, reference: str, line_id: str) -> bool:
        """Sell a line again that was taken out: under its hold where that still runs, else it is held anew.

        Whether its own hold is used. Raises as `hold`, and the journal's errors.
        """
        sale = self._desk.get(reference)
        state = next((one for one in reversed(sale.taken_out) if one.line.id == line_id), None)
        hold = next((one for one in sale.let_go if state and one.reservation == state.hold), None)
        self.answered(reference)
        if hold is not None and self._is_free(sale, hold, line_id):
            await self._desk.record(reference, e.LineRestored(line_id, hold.reservation))
            return True
        await self._request(reference, (line_id,), e.LineRestored(line_id))
        return False

    def _is_free(self, sale: Sale, hold: Hold, line_id: str) -> bool:
        """Whether the hold still runs, for sure, and nobody else of it was held anew meanwhile."""
        left = self._clock.left(hold)
        others = [sale.line(one) for one in hold.lines if one != line_id]
        alone = all(one is not None and one.hold is None and not one.order for one in others)
        doubted = hold.reservation in sale.doubted
        return alone and not doubted and left is not None and left > timedelta(0) and not self._is_over(hold)

    async def hold(self, reference: str, line_ids: Sequence[str]) -> None:
        """Hold these lines now, anew where they are held already; returns once the intent is durable.

        A reservation is renewed whole: lines that share one are held together. The answer comes as events on the
        sale. Raises NotAllowed while another answer is awaited, and CounterError where the lines were booked after all.
        """
        wanted = self._to_hold(reference, line_ids)
        await self._late.first(reference, wanted)
        await self._request(reference, wanted)
        self.answered(reference)

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
        self.answered(reference)
        paid = self._desk.get(reference).taken  # then it is the first half of giving money back
        await (self._late.before_money if paid else self._late.first)(reference, line_ids)
        await self._desk.record(reference, *(e.LineRemoved(one) for one in line_ids))

    async def _request(self, reference: str, line_ids: tuple[str, ...], *before: e.Event) -> None:
        attempt = new_id()
        sale = await self._desk.record(reference, *before, e.HoldRequested(attempt, line_ids))
        self._background.start(self._ask(reference, attempt, _lines(sale, line_ids)), "hold places")

    async def _ask(self, reference: str, attempt: str, lines: list[Line]) -> None:
        """One call, from its sending to its end on record: whatever fails, the sale does not stay "asking"."""
        asked_at, asked = self._clock.now(), self._clock.boot()
        try:
            told = await self._call(reference, attempt, lines, asked_at)
            for event in told.events:  # before it is on record: who reads it there may take money at once
                if isinstance(event, e.HoldPlaced):
                    self._clock.anchor(event.hold, asked)
                    self._heard[event.hold.reservation] = asked
            await self._take_in(reference, told)
        except Exception as error:
            await self._doubt(reference, attempt, error, asked_at)

    async def _call(self, reference: str, attempt: str, lines: list[Line], asked_at: datetime) -> Told:
        try:
            answer = await self._line.ask(lambda client: client.booking.reserve(_requests(lines)))
        except errors.Invalid as error:
            return self._refused(reference, attempt, lines, error)
        except errors.ApiError as error:
            if not surely_refused(error):
                return self._in_doubt(attempt, lines, error, asked_at)
            return self._failed(reference, attempt, lines, error)
        await self._remember()
        return self._answered(attempt, lines, answer, asked_at)

    async def _remember(self) -> None:
        """What sales of earlier runs were given; where the journal cannot be read now, before the next hold."""
        if not self._remembers:
            with contextlib.suppress(JournalProblem):
                self._used |= set(map(last_id, await (await self._desk.ledger.journal()).reservations()))
                self._remembers = True

    async def _take_in(self, reference: str, told: Told) -> None:
        """Record what came, and ask anew for what was only held back, in one record where that can be made."""
        problem = self._stays(reference, told) or told.problem
        if problem is not None:
            self.problems[reference] = problem
        if told.ask_for:
            try:
                await self._request(reference, told.ask_for, *told.events)
            except (JournalProblem, CounterError) as error:
                log.warning("%s: the other lines are not asked for: %s", reference, error)
            else:
                return
        await self._desk.record_answer(reference, *told.events)

    def _stays(self, reference: str, told: Told) -> Problem | None:
        """What is said of a line that could not be changed: it is as it was."""
        sale = self._open(reference)
        for event in told.events:
            refused = event if isinstance(event, e.HoldRefused) and event.refusal.code != HELD_BACK else None
            states = [sale.line(one) for one in refused.lines] if sale and refused else []
            if refused is None or not any(state and state.replaces for state in states):
                continue
            stays = _("The line stays as it was; its places are held.")
            if told.problem is not None:
                may_be = f" {told.problem.meaning}" if refused.refusal.code == UNKNOWN else ""
                return replace(told.problem, meaning=stays + may_be)
            words = "" if refused.refusal.code in (ABSURD, UNKNOWN, UNEXPLAINED.code) else refused.refusal.words
            return Problem(_("The change could not be held."), stays, _("‹cart.change› tries another"), words=words)
        return None

    async def _doubt(self, reference: str, attempt: str, error: Exception, asked_at: datetime) -> None:
        """An answer that the sale cannot take, or that no rule foresaw: places may be held for nobody."""
        sale = self._open(reference)
        left = sale.attempt if sale and sale.attempt and sale.attempt.id == attempt else None
        if sale is None or left is None:
            log.info("%s ended before its hold was answered; the places lapse by themselves", reference)
            return
        log.error("%s cannot take the answer to its hold", reference, exc_info=error)
        problem = self.problems[reference] = self._doubtful(_lines(sale, left.lines), error, asked_at)
        lost = e.OutcomeUnknown(attempt, Doubt.HOLD, problem.what)
        await self._desk.record_answer(reference, lost, e.HoldRefused(attempt, left.lines, _may_be_held(asked_at)))

    def _open(self, reference: str) -> Sale | None:
        return next((sale for sale in self._desk.sales if sale.reference == reference), None)

    def _answered(self, attempt: str, lines: list[Line], answer: ReservationBulkResult, asked_at: datetime) -> Told:
        """What is held, what is not; places that we cannot tell apart may be held for nobody until they lapse."""
        self._used |= {last_id(hold.reservation) for sale in self._desk.sales for hold in (*sale.holds, *sale.let_go)}
        named = Counter(one.iri.id for one in answer.reservations)
        fresh = [one for one in answer.reservations if named[one.iri.id] == 1 and self._is_fresh(one)]
        outcome = sort_out(lines, fresh, answer.failed_reservations)
        self._used |= set(named)
        odd = [*map(str, answer.rejected), *(str(one.iri) for one in answer.reservations if one not in fresh)]
        odd += outcome.strays
        error = answer.rejected[0] if answer.rejected else None
        if odd and error is None:
            unknown = any(not (one.reserved or one.expired) for one in answer.reservations)
            error = Malformed(resource="Reservation", field="status" if unknown else "items", request_id=new_id()[:8])
        for stray in odd:
            log.warning("incident %s: a reservation fits no line of the sale: %s", error and error.request_id, stray)
        unread = list(outcome.silent)
        if unread and error is None:
            error = Malformed(resource="CreateReservationBulkOutput", field="reservations", request_id=new_id()[:8])
        lost = _may_be_held(asked_at, error)
        events: list[e.Event] = []
        for hold in outcome.holds:
            absurd = hold.total.amount < 0 or hold.total.amount > MOST_HELD
            why = Refusal(ABSURD, str(hold.total.amount))
            events.append(e.HoldRefused(attempt, hold.lines, why) if absurd else e.HoldPlaced(attempt, hold))
        for line, why in outcome.refused:
            why = replace(why, words=self._line.retell(why.words))
            events.append(e.HoldRefused(attempt, (line,), lost if odd and why == UNEXPLAINED else why))
            unread += [line] if odd and why == UNEXPLAINED else []
        if outcome.silent:
            events.append(e.HoldRefused(attempt, outcome.silent, lost))
        if unread:
            return Told(tuple(events), self._doubtful(_lines_of(lines, unread), error, asked_at, outcome.astray))
        return Told(tuple(events), self._too_much(lines, asked_at) if odd else None)

    def _too_much(self, lines: Sequence[Line], asked_at: datetime) -> Problem:
        """More came than was asked for: what no line has is held for nobody, and nobody can let it go."""
        problem = Problem(_("Korus answered with more than was asked for."), "")
        return replace(problem, meaning=self._for_nobody(lines, asked_at))

    def _is_fresh(self, reservation: Reservation) -> bool:
        """Whether it can be what was asked for: no sale has it already, it has no order, and it runs."""
        return reservation.iri.id not in self._used and reservation.order is None and reservation.reserved

    def _failed(self, reference: str, attempt: str, lines: list[Line], error: ApiError) -> Told:
        problem = self._problem(reference, lines, error)
        refusal = Refusal("refused", problem.words)
        if isinstance(error, errors.NotSent):
            refusal = Refusal(NEVER_SENT, problem.words or problem.what)
        elif isinstance(error, errors.NotNow) and (wait := _believed(error)) is not None:
            until = self._clock.now() + timedelta(seconds=wait)
            refusal = Refusal(WAIT, until.isoformat(timespec="seconds"))
            said = _("Korus asks us to wait {seconds} s.").format(seconds=math.ceil(wait))
            problem = replace(
                problem, what=said, next=_("‹cart.hold_again|checkout.hold_again› tries again after that")
            )
        return Told((e.HoldRefused(attempt, tuple(line.id for line in lines), refusal),), problem)

    def _problem(self, reference: str, lines: list[Line], error: Exception) -> Problem:
        """A hold that failed; where it was to replace one that still runs, that one is not lost with it."""
        problem = replace(problems.of(error, Doing.HOLD), meaning=_("No place is held."))
        sale = self._open(reference)
        states = [state for state in sale.lines if state.line in lines] if sale else []
        if not states or not all(state.hold and not state.lapsed for state in states):
            return problem
        return replace(problem, meaning=_("The old hold runs on."), next=_("Take the payment before it ends."))

    def _refused(self, reference: str, attempt: str, lines: list[Line], error: Invalid) -> Told:
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
        if rest:
            problem = replace(problem, meaning=_("What it names is not held; the other places are asked for again."))
        return Told(tuple(events), problem, rest)

    def _in_doubt(self, attempt: str, lines: list[Line], error: Exception, asked_at: datetime) -> Told:
        """Places may be held, for nobody: which reservation is ours no list can tell (docs/rules.md, Holds)."""
        problem = self._doubtful(lines, error, asked_at)
        lost = e.OutcomeUnknown(attempt, Doubt.HOLD, problem.what)
        refused = e.HoldRefused(attempt, tuple(line.id for line in lines), _may_be_held(asked_at, error))
        return Told((lost, refused), problem)

    def _doubtful(
        self, lines: Sequence[Line], error: Exception | None, asked_at: datetime, at_least: int = 0
    ) -> Problem:
        problem = Problem(_("Korus answered, and this till could not take the answer in."), "")
        if isinstance(error, errors.ApiError):
            problem = problems.of(error, Doing.HOLD)
        return replace(
            problem,
            meaning=self._for_nobody(lines, asked_at, at_least),
            next=_("‹cart.hold_again|checkout.hold_again› holds again"),
        )

    def _for_nobody(self, lines: Sequence[Line], asked_at: datetime, at_least: int = 0) -> str:
        """How many places may be held without us, those that came with no line among them, and until when."""
        count = max(at_least, sum(line.quantity for line in lines))
        until = self._local(asked_at + _CALL + ORPHAN_LIFE, lines[0].zone if lines else None)
        return ngettext(
            "Up to {count} place may be held without us until {time}; it lapses by itself.",
            "Up to {count} places may be held without us until {time}; they lapse by themselves.",
            count,
        ).format(count=count, time=clock(until))

    # The end of a hold

    async def expire(self) -> None:
        """Record the holds that are over for sure; of one that is only by a clock in doubt, the API is asked."""
        for sale in self._desk.sales:
            over = [hold for hold in sale.running_holds if self._is_over(hold)]
            if over:
                await self._desk.record(sale.reference, *(e.HoldExpired(hold.reservation) for hold in over))
            for hold in sale.running_holds:
                if hold not in over and self._clock.may_be_over(hold):
                    self.look_at(sale.reference, hold)
            if self.said_over(sale):
                self.look_after(sale)

    def look_after(self, sale: Sale) -> None:
        """Before money moves: ask in the background, while nobody waits for it, of holds that were not heard of lately.

        Another till of the account, or the venue, may have let the places go (docs/rules.md, Holds).
        """
        for hold in sale.running_holds if sale.attempt is None else ():
            if self._clock.boot() - self._heard.get(hold.reservation, float("-inf")) > _NEWS:
                self.look_at(sale.reference, hold)

    def said_over(self, sale: Sale) -> bool:
        """Whether the API called a hold of the sale over, and has not said so twice, nor taken it back."""
        return any(hold.reservation in self._said_over for hold in sale.running_holds)

    def _is_over(self, hold: Hold) -> bool:
        """By its own times, else by a time that several answers agree on; by one answer nothing is."""
        left = self._clock.left(hold)
        return left is not None and left <= timedelta(0) and (self._clock.anchored(hold) or self._clock.sure)

    def look_at(self, reference: str, hold: Hold) -> None:
        """Ask the API in the background whether the hold still runs; not again before a while has passed."""
        now = self._clock.boot()
        if now >= self._look_again.get(hold.reservation, 0.0):
            self._look_again[hold.reservation] = now + _LOOKS_APART
            self._background.start(self._looking_at(reference, hold), "look at a hold")

    async def _looking_at(self, reference: str, hold: Hold) -> None:
        """A hold ends by the API's word, said twice: its clock, too, may be wrong for a moment."""
        if not await self._has_ended(hold):
            return
        self._said_over.add(hold.reservation)
        self._heard.pop(hold.reservation, None)
        await asyncio.sleep(_SAID_TWICE)
        ended = await self._has_ended(hold)
        if not ended:
            if ended is False:
                self._said_over.discard(hold.reservation)
            return
        sale = self._open(reference)
        if sale is not None and hold in sale.running_holds:
            with contextlib.suppress(NotAllowed, JournalProblem):  # ended meanwhile; or it is found out once more
                await self._desk.record(reference, e.HoldExpired(hold.reservation))

    async def _has_ended(self, hold: Hold) -> bool | None:
        """What the API says of it now; None where it says nothing."""
        asked = self._clock.boot()
        try:
            found = await self._line.ask(lambda client: client.booking.reservation(Iri(hold.reservation)))
        except ApiError as error:
            log.warning("a hold cannot be looked at: %s", error)
            return None
        if not found.expired:
            self._clock.lives(hold)
            self._heard[hold.reservation] = asked
        return found.expired

    # What an earlier start left

    async def give_up(self, reference: str, asked_at: datetime) -> None:
        """The answer to the sale's open hold will not come any more: the program stopped before it did.

        `asked_at` is the server time at which it was asked for.
        """
        sale = self._open(reference)
        attempt = sale.attempt if sale else None
        if sale is None or attempt is None or attempt.doubt is not Doubt.HOLD:
            return
        lost = e.OutcomeUnknown(attempt.id, Doubt.HOLD, _("The program stopped before the answer came."))
        refused = e.HoldRefused(attempt.id, attempt.lines, _may_be_held(asked_at))
        await self._desk.record_answer(reference, *(() if attempt.unknown else (lost,)), refused)


def surely_refused(error: ApiError) -> bool:
    """Whether no place can have been taken by the call; what is not sure is doubt (docs/rules.md, Unknown outcomes).

    As for orders, and one more: who is asked to come back later was not let in.
    """
    if isinstance(error, errors.NotNow):
        return error.never_sent or (error.status == 429 and _believed(error) is not None)
    return errors.surely_not_done(error)


def _believed(error: NotNow) -> float | None:
    """How many seconds to wait, where it is said and a till can."""
    wait = error.retry_after
    return wait if wait is not None and wait <= _WAIT_BELIEVED else None


def _may_be_held(asked_at: datetime, error: Exception | None = None) -> Refusal:
    """No hold of ours to be seen, though there may be one; with what was not understood, where that is the `error`."""
    what = ""
    if isinstance(error, (errors.Malformed, errors.OutcomeUnknown)) and error.resource:
        what = problems.place(error.resource, error.field, error.request_id)
    return not_known(asked_at + _CALL + ORPHAN_LIFE, what)


def _with_sharing(sale: Sale, line_ids: Sequence[str]) -> tuple[str, ...]:
    shared = {state.hold for state in sale.lines if state.line.id in line_ids and state.hold}
    more = (state.line.id for state in sale.lines if state.hold in shared and not state.order)
    return tuple(dict.fromkeys((*line_ids, *more)))


def _lines_of(lines: Sequence[Line], ids: Sequence[str]) -> list[Line]:
    return [line for line in lines if line.id in ids]


def _lines(sale: Sale, line_ids: Sequence[str]) -> list[Line]:
    states = [sale.line(line_id) for line_id in line_ids]
    return [state.line for state in states if state is not None]


def _requests(lines: Sequence[Line]) -> list[ReservationItemRequest]:
    """The lines as the API takes them: one item a line, each ticket with its session, answers to forms as strings."""
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
