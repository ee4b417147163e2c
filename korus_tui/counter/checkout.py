"""From "payment starts" to the order: money recorded first, then the order asked for, then its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from korus_tui.counter import problems
from korus_tui.counter.chores import Chores
from korus_tui.counter.clock import Clock
from korus_tui.counter.customer import faults
from korus_tui.counter.desk import Desk, new_id
from korus_tui.counter.line import Line as ApiLine
from korus_tui.counter.orders import failures_of, placed_of, reservation_of
from korus_tui.counter.problems import CounterError, Doing, Problem
from korus_tui.counter.recovery import Recovery
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.apply import EXPIRED
from korus_tui.sale.differences import undecided
from korus_tui.sale.holds import Gate, Limits, gate, lapsed_now
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer, Doubt, Method, Payment, Refusal

if TYPE_CHECKING:
    from korus_tui.api import CustomerRequest, Invalid, OrderBulkResult

_RESERVATION = re.compile(r"reservations\[(\d+)\]")
NOT_ORDERED = "not-ordered"  # nothing of the call was ordered, because of another line or of the customer


@dataclass(frozen=True, slots=True)
class Progress:
    """When (server time) the steps of a sale were made, as far as this run of the program saw them."""

    paid_at: datetime | None = None
    sent_at: datetime | None = None
    lost_at: datetime | None = None


class Checkout:
    """Takes payment for a sale and books it. The order call is owned by the program, not by the screen."""

    def __init__(
        self, desk: Desk, line: ApiLine, clock: Clock, chores: Chores, limits: Limits, recovery: Recovery
    ) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._chores = chores
        self._limits = limits
        self._recovery = recovery
        recovery.send_again = self._order
        self.problems: dict[str, Problem] = {}
        self.progress: dict[str, Progress] = {}

    async def enter_customer(self, reference: str, customer: Customer) -> None:
        """Keep whom the order is for."""
        if self._desk.get(reference).customer != customer:
            await self._desk.record(reference, e.CustomerEntered(customer))

    async def enter_notes(self, reference: str, notes: str) -> None:
        """Keep the note for the order."""
        if self._desk.get(reference).notes != notes:
            await self._desk.record(reference, e.NotesEntered(notes))

    async def start(self, reference: str, method: Method) -> None:
        """Pin the basket for payment. Raises CounterError where money must not move yet."""
        sale = self._desk.get(reference)
        self._check(sale, method)
        if not sale.paying:
            await self._desk.record(reference, e.PaymentStarted())

    async def give_up(self, reference: str) -> None:
        """Free the basket again, where no money was taken."""
        sale = self._desk.get(reference)
        if sale.paying and not sale.payments and sale.attempt is None:
            await self._desk.record(reference, e.PaymentGivenUp())

    def _check(self, sale: Sale, method: Method) -> None:
        """The payment gate: holds that live long enough, amounts that agree or were decided on."""
        if not self._clock.known:
            raise CounterError(
                Problem(
                    _("The server has not told its time yet."),
                    _("Nobody can say how long the places are held; do not take money."),
                    _("Check the line, then try again."),
                )
            )
        now = self._clock.now()
        if lapsed_now(sale, now) or any(state.lapsed for state in sale.lines):
            raise CounterError(_lapsed())
        if undecided(sale):
            raise CounterError(
                Problem(
                    _("The held price differs from the quoted one."),
                    _("No money moves before you decide."),
                    _("Esc back to the cart, y accepts the held price"),
                )
            )
        found = gate(sale, method, now, self._limits)
        if found is Gate.TOO_LATE and not sale.payments:
            raise CounterError(
                Problem(
                    _("The places are held for too short a time to take money."),
                    _("They would lapse before they are booked."),
                    _("Esc back to the cart, r renews the hold"),
                )
            )
        if found is Gate.NO_DEADLINE and not sale.payments:
            raise CounterError(
                Problem(
                    _("The API did not say until when the places are held."),
                    _("Money is not taken on a hold without a deadline."),
                    _("Esc back to the cart, r renews the hold"),
                )
            )

    async def take(self, reference: str, payment: Payment) -> None:
        """Record money that was taken, durably, and book once all of it is there.

        Raises CounterError where the gate is closed, NotAllowed where the amount does not fit, and the journal's
        errors: then nothing is recorded and nothing is sent.
        """
        sale = self._desk.get(reference)
        if faults(sale.customer):
            raise CounterError(
                Problem(_("The order needs a customer."), _("No money was recorded."), _("w walk-in, e types one"))
            )
        self._check(sale, payment.method)
        events: list[e.Event] = [] if sale.paying else [e.PaymentStarted()]
        events.append(e.PaymentTaken(payment))
        if payment.amount == sale.due:  # one record: a program that dies here has either nothing or a wanted order
            await self._order(reference, _unordered(sale), *events)
        else:
            await self._desk.record(reference, *events)
        self._step(reference, paid_at=self._clock.now())

    async def undo(self, reference: str) -> Payment:
        """Give the last payment back, before the order is sent. Raises NotAllowed."""
        sale = self._desk.get(reference)
        if not sale.payments:
            raise CounterError(Problem(_("There is no payment to undo."), _("No money was recorded.")))
        last = sale.payments[-1]
        await self._desk.record(reference, e.PaymentUndone(last.id))
        return last

    async def book(self, reference: str) -> None:
        """Order every paid reservation that has no order yet; returns once the intent is durable.

        Raises CounterError where a hold has lapsed: an order cannot be taken back, so nothing is ordered in part.
        """
        sale = self._desk.get(reference)
        if any(state.lapsed for state in sale.lines):
            raise CounterError(_lapsed())
        await self._order(reference, _unordered(sale))

    async def _order(self, reference: str, reservations: tuple[str, ...], /, *before: e.Event) -> None:
        """Record the intent together with what makes it allowed, then send."""
        attempt = new_id()
        await self._desk.record(reference, *before, e.OrderRequested(attempt, reservations))
        self.problems.pop(reference, None)
        self._chores.start(self._sent(reference, attempt, reservations), "place the order")

    async def _sent(self, reference: str, attempt: str, reservations: tuple[str, ...]) -> None:
        """Send; where the answer cannot be taken in (a full disk, a fault of ours) it is looked up like a lost one."""
        self._step(reference, sent_at=self._clock.now(), lost_at=None)
        sent_at = self._clock.boot()
        try:
            await self._send(reference, attempt, reservations, sent_at)
        except Exception:
            self._recovery.start(reference, sent_at)
            raise

    async def _send(self, reference: str, attempt: str, reservations: tuple[str, ...], sent_at: float) -> None:
        from korus_tui.api import Iri, errors

        sale = self._desk.get(reference)
        assert sale.customer is not None
        customer = _customer(sale.customer, sale.language)
        iris = [Iri(one) for one in reservations]
        try:
            answer = await self._line.ask(
                lambda client: client.order(iris, customer, reference, notes=sale.notes or None)
            )
        except errors.Invalid as error:
            await self._refused(reference, attempt, reservations, error, sent_at)
        except errors.OutcomeUnknown as error:
            await self._unknown(reference, attempt, error, sent_at)
        except errors.ApiError as error:
            if isinstance(error, errors.NotNow) and error.may_have_happened:
                await self._unknown(reference, attempt, error, sent_at)
                return
            self.problems[reference] = problems.of(error, Doing.ORDER)
            why = Refusal(NOT_ORDERED, self.problems[reference].what)
            await self._desk.record(reference, e.OrderRefused(attempt, reservations, why))
        else:
            await self._answered(reference, attempt, answer, sent_at)

    async def _answered(self, reference: str, attempt: str, answer: OrderBulkResult, sent_at: float) -> None:
        sale = self._desk.get(reference)
        events: list[e.Event] = []
        left = list(sale.attempt.reservations if sale.attempt else ())
        for order in answer.orders:
            reservation = reservation_of(order, sale, left)
            if reservation:
                left.remove(reservation)
                events.append(e.OrderPlaced(attempt, placed_of(order, sale, reservation)))
        for failure, reservation in failures_of(answer.failed_orders, left):
            left.remove(reservation)
            why = Refusal(failure.code or NOT_ORDERED, failure.reason)
            events.append(e.OrderRefused(attempt, (reservation,), why))
        if left:  # the answer does not speak of every reservation: that is not knowing, not failing
            events.append(e.OutcomeUnknown(attempt, Doubt.ORDER, _("The answer was incomplete.")))
        await self._desk.record(reference, *events)
        if left:
            self._recovery.start(reference, sent_at)

    async def _refused(
        self, reference: str, attempt: str, reservations: tuple[str, ...], error: Invalid, sent_at: float
    ) -> None:
        """A 422 orders nothing of the call: mark what lapsed by its path, keep the rest as it was."""
        lapsed: dict[str, str] = {}
        disputed = False
        for violation in error.violations:
            found = _RESERVATION.match(violation.path)
            if found and violation.path.endswith(".expired") and int(found[1]) < len(reservations):
                lapsed[reservations[int(found[1])]] = violation.message
            disputed = disputed or (found is not None and not violation.path.endswith(".expired"))
        if disputed and not await self._still_unordered(reference, attempt, error, sent_at):
            return
        events: list[e.Event] = [
            e.OrderRefused(attempt, (one,), Refusal(EXPIRED, words)) for one, words in lapsed.items()
        ]
        others = tuple(one for one in self._open_reservations(reference) if one not in lapsed)
        problem = problems.of(error, Doing.ORDER)
        if others:
            events.append(e.OrderRefused(attempt, others, Refusal(NOT_ORDERED, "" if lapsed else problem.words)))
        if lapsed:
            problem = Problem(
                _("A hold lapsed before it was booked."),
                _("Nothing was ordered. What was paid stays recorded on this sale."),
                _("h holds the same places again, then F10 books"),
                words=problem.words,
            )
        self.problems[reference] = problem
        await self._desk.record(reference, *events)

    def _open_reservations(self, reference: str) -> tuple[str, ...]:
        attempt = self._desk.get(reference).attempt
        return attempt.reservations if attempt else ()

    async def _still_unordered(self, reference: str, attempt: str, error: Invalid, sent_at: float) -> bool:
        """A reservation is refused for what it is: perhaps an earlier call did order it. Look before saying no."""
        from korus_tui.api import ApiError

        asked = self._desk.get(reference).attempt
        assert asked is not None
        try:
            return bool(await self._recovery.find(reference, asked))
        except ApiError:
            await self._unknown(reference, attempt, error, sent_at)
            return False

    async def _unknown(self, reference: str, attempt: str, error: Exception, sent_at: float) -> None:
        problem = problems.of(error, Doing.ORDER)
        self._step(reference, lost_at=self._clock.now())
        await self._desk.record(reference, e.OutcomeUnknown(attempt, Doubt.ORDER, problem.what))
        self._recovery.start(reference, sent_at)

    def _step(self, reference: str, **moments: datetime | None) -> None:
        self.progress[reference] = replace(self.progress.get(reference, Progress()), **moments)


def _lapsed() -> Problem:
    return Problem(_("A hold has lapsed."), _("Its places are no longer kept; do not take money."), _("h holds again"))


def _unordered(sale: Sale) -> tuple[str, ...]:
    return tuple(dict.fromkeys(state.hold for state in sale.lines if state.hold and not state.order))


def _customer(customer: Customer, language: str) -> CustomerRequest:
    from korus_tui.api import CustomerRequest

    return CustomerRequest(
        firstname=customer.first_name,
        lastname=customer.last_name,
        email=customer.email,
        phone=customer.phone or None,
        country=customer.country or None,
        language=customer.language or language or None,
        optin=customer.opt_in,
        title=customer.title or None,
    )
