"""The order call: intent recorded, sent once, every answer in the sale's terms (docs/rules.md, Unknown outcomes)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from korus_tui.api import errors
from korus_tui.api.models.base import Iri
from korus_tui.api.models.requests import CustomerRequest
from korus_tui.counter.booking.convert import failures_of
from korus_tui.counter.booking.lookup import Seen, look_at_reservations
from korus_tui.counter.booking.lost_orders import Recovery, SaidNo, perhaps_ordered
from korus_tui.counter.booking.ties import found_events, tie
from korus_tui.counter.core import problems
from korus_tui.counter.core.abilities import Abilities
from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk, new_id
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.i18n import _
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale import events as e
from korus_tui.sale.state import EXPIRED, NOT_ORDERED
from korus_tui.sale.values import Customer, Doubt, Refusal

if TYPE_CHECKING:
    from korus_tui.api.errors import Invalid
    from korus_tui.api.models.bulk import OrderBulkResult

_RESERVATION = re.compile(r"reservations\[(\d+)\]")
_RECENT = 60.0  # seconds in which an order need not be read again to be known
_RECORDED = 2.0  # seconds after which an answer that is not recorded yet is doubt
REFUSED = "refused"  # this very reservation was not ordered, for a reason without a code


@dataclass(frozen=True, slots=True)
class Progress:
    """When (server time) the steps of a sale were made, as far as this run of the program saw them."""

    paid_at: datetime | None = None
    sent_at: datetime | None = None
    lost_at: datetime | None = None
    met: str = ""  # what the last order call met, in a sentence, for as long as the journal cannot say it


class Ordering:
    """Orders paid reservations. The call is owned by the program, not by the screen that asked for it."""

    def __init__(
        self,
        desk: Desk,
        line: Connection,
        clock: Clock,
        background: BackgroundTasks,
        recovery: Recovery,
        abilities: Abilities,
    ) -> None:
        self._abilities = abilities
        self._desk = desk
        self._line = line
        self._clock = clock
        self._background = background
        self._recovery = recovery
        self.problems = recovery.problems
        self.progress: dict[str, Progress] = {}
        self._placed: dict[str, float] = {}  # orders as our own call was answered with them, by boot seconds

    def just_placed(self, order: str) -> bool:
        """Whether the sale's record of this order is what Korus answered to our call a moment ago."""
        return self._clock.boot() - self._placed.get(order, float("-inf")) < _RECENT

    async def order(self, reference: str, reservations: tuple[str, ...], /, *before: e.Event) -> None:
        """Record the intent together with what makes it allowed, then send."""
        self._recovery.wanted(reference)
        await self.again(reference, reservations, *before)

    async def again(self, reference: str, reservations: tuple[str, ...], /, *before: e.Event) -> None:
        """The same, once a look-up found nothing ordered."""
        attempt = new_id()
        await self._desk.record(reference, *before, e.OrderRequested(attempt, reservations))
        self.problems.pop(reference, None)
        self._background.start(self._sent(reference, attempt, reservations), "place the order")

    async def _sent(self, reference: str, attempt: str, reservations: tuple[str, ...]) -> None:
        """Send; where the answer cannot be taken in (a full disk, a fault of ours) it is looked up like a lost one."""
        self.progress[reference] = replace(self._step(reference), sent_at=self._clock.now(), lost_at=None, met="")
        sent_at = self._clock.boot()
        try:
            await self._send(reference, attempt, reservations, sent_at)
        except Exception:
            self._not_recorded(reference, sent_at, _("An answer came, and could not be taken in."))
            raise

    async def _send(self, reference: str, attempt: str, reservations: tuple[str, ...], sent_at: float) -> None:
        sale = self._desk.get(reference)
        assert sale.customer is not None
        customer = _customer(sale.customer, sale.language, titles=self._abilities.order_titles)
        notes = (sale.notes or None) if self._abilities.order_notes else None
        iris = [Iri(one) for one in reservations]
        try:
            answer = await self._line.ask(lambda client: client.booking.order(iris, customer, reference, notes=notes))
        except errors.Invalid as error:
            await self._refused(reference, attempt, reservations, error, sent_at)
        except errors.ApiError as error:
            if errors.surely_not_done(error):
                problem = self.problems[reference] = problems.of(error, Doing.ORDER)
                why = Refusal(NOT_ORDERED, problem.what)
                await self._take_in(reference, sent_at, e.OrderRefused(attempt, reservations, why))
            else:
                await self._unknown(reference, attempt, error, sent_at)
        else:
            await self._answered(reference, attempt, answer, sent_at)

    async def _answered(self, reference: str, attempt: str, answer: OrderBulkResult, sent_at: float) -> None:
        """Orders that are tied for certain are placed; of the others Korus is asked, and what stays open is doubt.

        A failure that names its reservation is believed for now, and looked at again before its money moves.
        """
        sale = self._desk.get(reference)
        asked = sale.attempt.reservations if sale.attempt else ()
        seen = Seen(answer.orders, unread=answer.rejected)
        ties = tie(seen, sale, asked, answered=True)
        if answer.orders and ties.of != set(asked):  # newer orders do not name their reservation: it names them
            seen = await look_at_reservations(self._line, seen, [one for one in asked if one not in ties.of])
            ties = tie(seen, sale, asked, answered=True)
        now, answered = self._clock.boot(), {str(order.iri) for order in answer.orders}
        self._placed = {one: at for one, at in self._placed.items() if now - at < _RECENT}
        self._placed |= {one.order: now for one in ties.placed if one.order in answered}
        events = found_events(sale, ties, attempt)
        left = [one for one in asked if one not in ties.of]
        named = {
            one: Refusal(failure.code or REFUSED, self._line.retell(failure.reason))
            for one, failure in failures_of(answer.failed_orders, left).items()
            if one not in seen.reservations or seen.reservations[one].not_ordered
        }
        events += [e.OrderRefused(attempt, (one,), why, sure=False) for one, why in named.items()]
        left = [one for one in left if one not in named]
        if not left:
            await self._take_in(reference, sent_at, *events)
            return
        said = self._line.retell(" · ".join(one.reason for one in answer.failed_orders if one.reason))
        why = ties.why if answer.orders or answer.rejected else _("Korus answered, and named no order.")
        events.append(e.OutcomeUnknown(attempt, Doubt.ORDER, why))
        self._lost(reference)
        await self._take_in(reference, sent_at, *events)
        refused = Problem(why, problems.nothing_ordered(), _("‹checkout.take› books again"), words=said)
        self._recovery.start(reference, sent_at, SaidNo(refused) if answer.failed_orders else None)

    async def _refused(
        self, reference: str, attempt: str, reservations: tuple[str, ...], error: Invalid, sent_at: float
    ) -> None:
        """A 422 orders nothing of the call: mark what lapsed by its path, keep the rest as it was.

        It is believed for now, and asked about before money goes back (docs/rules.md, Answers of order and hold calls).

        One that refuses a reservation for anything but its end is what a second call of it gets, too: of the agent's,
        or of something on the way that sent ours twice. That is doubt.
        """
        lapsed: dict[str, str] = {}
        disputed = False
        for violation in error.violations:
            found = _RESERVATION.match(violation.path)
            if found and violation.path.endswith(".expired") and int(found[1]) < len(reservations):
                lapsed[reservations[int(found[1])]] = violation.message
            else:
                disputed = disputed or violation.path.startswith("reservations")
        if disputed or not self._desk.get(reference).doubted.isdisjoint(lapsed):
            seen = await self._still_unordered(reference, attempt, error, sent_at, disputed=disputed)
            if seen is None:
                return
            words = problems.of(error, Doing.ORDER).words
            over = {one: words for one, now in seen.reservations.items() if now.over}
            lapsed = over | lapsed
            if disputed and not over:  # nothing that is seen explains it
                await self._unknown(reference, attempt, error, sent_at, disputed=True)
                return
        still = self._open_reservations(reference)
        lapsed = {one: words for one, words in lapsed.items() if one in still}
        events: list[e.Event] = [
            e.OrderRefused(attempt, (one,), Refusal(EXPIRED, words), sure=False) for one, words in lapsed.items()
        ]
        others = tuple(one for one in still if one not in lapsed)
        problem = problems.of(error, Doing.ORDER)
        if others:
            why = Refusal(NOT_ORDERED, "" if lapsed else problem.words)
            events.append(e.OrderRefused(attempt, others, why, sure=False))
        if lapsed:
            problem = Problem(
                _("A hold lapsed before it was booked."),
                _("Nothing was ordered. What was paid stays recorded on this sale."),
                _("‹checkout.hold_again› holds the same places again, then ‹checkout.take› books"),
                words=problem.words,
            )
        self.problems[reference] = problem
        await self._take_in(reference, sent_at, *events)

    def _open_reservations(self, reference: str) -> tuple[str, ...]:
        attempt = self._desk.get(reference).attempt
        return attempt.reservations if attempt else ()

    async def _still_unordered(
        self, reference: str, attempt: str, error: Invalid, sent_at: float, *, disputed: bool
    ) -> Seen | None:
        """A reservation is refused for what it is: perhaps an earlier call did order it. Look before saying no.

        What was seen, where all that is left was not ordered.
        """
        asked = self._desk.get(reference).attempt
        assert asked is not None
        ties, seen = await self._recovery.find(reference, asked)
        left = self._open_reservations(reference)
        if left and not ties.not_ordered.issuperset(left):
            await self._unknown(reference, attempt, error, sent_at, disputed=disputed)
            return None
        return seen if left else None

    async def _unknown(
        self, reference: str, attempt: str, error: Exception, sent_at: float, *, disputed: bool = False
    ) -> None:
        problem = problems.of(error, Doing.ORDER)
        if disputed:
            problem = replace(problem, what=perhaps_ordered())
        self._lost(reference)
        unknown = e.OutcomeUnknown(attempt, Doubt.ORDER, problem.what)
        await self._take_in(reference, sent_at, unknown, met=problem.what)
        self._recovery.start(reference, sent_at, _said_no(error, problem, disputed=disputed))

    async def _take_in(self, reference: str, sent_at: float, *events: e.Event, met: str = "") -> None:
        """Record what an answer says. Where the journal keeps it waiting, the outcome counts as not known meanwhile.

        `met` is what the call met where no answer of use came.
        """
        met = met or _("An answer came, and could not be recorded yet.")
        writing = asyncio.ensure_future(self._desk.record(reference, *events))
        await asyncio.wait({writing}, timeout=_RECORDED)
        if not writing.done():
            self._not_recorded(reference, sent_at, met)
        try:
            await writing
        except JournalProblem:
            self._not_recorded(reference, sent_at, met)
            raise

    def _not_recorded(self, reference: str, sent_at: float, met: str) -> None:
        """Look the outcome up; until the journal has it, what the call met is said from here."""
        before = self._step(reference)
        self.progress[reference] = replace(before, met=before.met or met)
        self._recovery.start(reference, sent_at)

    def _lost(self, reference: str) -> None:
        self.progress[reference] = replace(self._step(reference), lost_at=self._clock.now())

    def _step(self, reference: str) -> Progress:
        return self.progress.get(reference, Progress())

    def paid(self, reference: str) -> None:
        """Note that the money was taken now."""
        self.progress[reference] = replace(self._step(reference), paid_at=self._clock.now())


def _said_no(error: Exception, problem: Problem, *, disputed: bool) -> SaidNo | None:
    """Whether an answer came that claims a refusal; one that never came, or failed, claims nothing."""
    if isinstance(error, errors.Invalid) or (isinstance(error, errors.OutcomeUnknown) and error.says_no):
        refused = Problem(problem.what, problems.nothing_ordered(), _("‹checkout.take› books again"), problem.words)
        return SaidNo(refused, disputed=disputed)
    return None


def _customer(customer: Customer, language: str, *, titles: bool) -> CustomerRequest:
    """Only what the API's generation documents, and an agreement only of who agreed."""
    return CustomerRequest(
        firstname=customer.first_name,
        lastname=customer.last_name,
        email=customer.email,
        phone=customer.phone or None,
        country=customer.country or None,
        language=customer.language or language or None,
        optin=(customer.opt_in or None) if titles else None,
        title=(customer.title or None) if titles else None,
    )
