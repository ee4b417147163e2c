"""From "payment starts" to the order: the gate before money, money recorded, then the order asked for."""

from __future__ import annotations

from collections.abc import Callable

from korus_tui.counter.booking.customer import faults
from korus_tui.counter.booking.holding import Holding
from korus_tui.counter.booking.late_orders import LateOrders
from korus_tui.counter.booking.methods import same_number
from korus_tui.counter.booking.ordering import Ordering, Progress
from korus_tui.counter.catalog.catalogs import Catalogs
from korus_tui.counter.catalog.limits import too_many
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.differences import undecided
from korus_tui.sale.holds import Limits, PaymentGate, gate, lapsed_now
from korus_tui.sale.money import minor_digits
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer, Method, Payment
from korus_tui.text.amounts import priced, written


class Checkout:
    """Takes payment for a sale and has it booked."""

    def __init__(  # noqa: PLR0913 - made in one place, of all that it works with
        self,
        desk: Desk,
        holding: Holding,
        clock: Clock,
        limits: Limits,
        ordering: Ordering,
        late: LateOrders,
        catalogs: Catalogs,
    ) -> None:
        self._desk = desk
        self._holding = holding
        self._clock = clock
        self._limits = limits
        self._ordering = ordering
        self._late = late
        self._catalogs = catalogs
        self.drafts: dict[str, Customer] = {}  # by sale: who was begun to be typed in a walk-in's place

    @property
    def problems(self) -> dict[str, Problem]:
        """What the last order call of a sale met, until it is answered."""
        return self._ordering.problems

    def answered(self, reference: str) -> None:
        """What the last order call met is known, or settled: it is not told again."""
        self.problems.pop(reference, None)

    @property
    def progress(self) -> dict[str, Progress]:
        """When the steps of a sale were made."""
        return self._ordering.progress

    async def enter_customer(self, reference: str, customer: Customer) -> None:
        """Keep whom the order is for."""
        if self._desk.get(reference).customer != customer:
            await self._desk.record(reference, e.CustomerEntered(customer))

    async def enter_notes(self, reference: str, notes: str) -> None:
        if self._desk.get(reference).notes != notes:
            await self._desk.record(reference, e.NotesEntered(notes))

    async def start(self, reference: str, method: Method) -> None:
        """Pin the basket for payment. Raises CounterError where money must not move yet, and the journal's errors."""
        await self._desk.ledger.must_sell()
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
        """The payment gate: a till that takes money, holds that live long enough, amounts that were decided on."""
        if sale.due:
            self._desk.gate.must_move(method, sale.currency)
        self._check_people(sale)
        self._check_holds(sale)
        self._check_gate(sale, method)

    def _check_people(self, sale: Sale) -> None:
        """No more of a base than one order takes: Korus would hold them, and refuse the order for ever."""
        over = too_many(self._catalogs.content, sale)
        if over is None:
            return
        what = _("At most {most} in one order of “{base}”; {count} are in this sale.").format(
            most=over.most, base=over.base.name, count=over.people
        )
        if sale.payments:
            meaning = _("Korus would refuse the order. What was paid stays recorded on this sale.")
            raise CounterError(
                Problem(what, meaning, _("‹checkout.undo› undoes the payment, then the cart takes lines out"))
            )
        meaning = _("Korus would refuse the order; do not take money.")
        raise CounterError(
            Problem(what, meaning, _("‹checkout.back› back to the cart, ‹cart.remove› takes a line out"))
        )

    def _check_holds(self, sale: Sale) -> None:
        """Every place is kept, at amounts that agree or were decided on."""
        if not self._clock.known and not all(map(self._clock.counts, sale.running_holds)):
            raise CounterError(
                Problem(
                    _("The server has not told its time yet."),
                    _("Nobody can say how long the places are held; do not take money."),
                    _("‹checkout.back› back to the cart, ‹cart.renew› renews the hold"),
                )
            )
        if lapsed_now(sale, self._clock.left) or not_held(sale):
            raise CounterError(_not_kept(sale))
        if self._holding.said_over(sale):
            raise CounterError(
                Problem(
                    _("Korus says that a hold of this sale is over, and is asked once more."),
                    _("Its places may be gone; do not take money."),
                    _("Wait some seconds, then ‹checkout.take› again"),
                )
            )
        if undecided(sale):
            raise CounterError(
                Problem(
                    _("The held price differs from the quoted one."),
                    _("No money moves before you decide."),
                    _("‹checkout.back› back to the cart, ‹cart.accept› accepts the held price"),
                )
            )

    def _check_gate(self, sale: Sale, method: Method) -> None:
        """Holds live long enough; once money was taken there is no gate any more."""
        found = gate(sale, method, self._clock.left, self._limits)
        if found is PaymentGate.TOO_LATE and not sale.payments:
            raise CounterError(
                Problem(
                    _("The places are held for too short a time to take money."),
                    _("They would lapse before they are booked."),
                    _("‹checkout.back› back to the cart, ‹cart.renew› renews the hold"),
                )
            )
        if found is PaymentGate.NO_DEADLINE and not sale.payments:
            raise CounterError(
                Problem(
                    _("The API did not say until when the places are held."),
                    _("Money is not taken on a hold without a deadline."),
                    _("‹checkout.back› back to the cart, ‹cart.renew› renews the hold"),
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
                Problem(
                    _("The order needs a customer."),
                    _("No money was recorded."),
                    _("‹checkout.walk_in› walk-in, ‹checkout.edit› types one"),
                )
            )
        self._check(sale, payment.method)
        await self._check_voucher(sale, payment)
        events: list[e.Event] = [] if sale.paying else [e.PaymentStarted()]
        events.append(e.PaymentTaken(payment))
        if payment.amount == sale.due:  # one record: a program that dies here has either nothing or a wanted order
            await self._have_booked(sale, *events)
        else:
            await self._desk.record(reference, *events)
        self._ordering.paid(reference)

    async def _check_voucher(self, sale: Sale, payment: Payment) -> None:
        """A voucher pays once: not again in this sale, nor in another one of the shift."""
        if not payment.voucher:
            return
        used = {one.id: (sale.reference, one) for one in sale.payments}
        journal = await self._desk.ledger.journal()
        for row in await journal.of_kinds(("PaymentTaken", "PaymentUndone"), self._desk.gate.since):
            match row.event:
                case e.PaymentTaken(payment=one):
                    used[one.id] = row.sale, one
                case e.PaymentUndone(payment=gone):
                    used.pop(gone, None)
        for reference, one in used.values():
            if same_number(one, payment):
                raise CounterError(_paid_already(reference, one, sale))

    async def undo(
        self, reference: str, wanted: Callable[[], bool] = lambda: True, tickets_back: bool | None = None
    ) -> Payment | None:
        """Give the last payment back, before the order is sent; None where it is not `wanted` once Korus has answered.

        `tickets_back` is whether what was handed over came back; None where nothing was.
        Raises NotAllowed, and CounterError where there is none, or where the sale was booked or may have been.
        """
        sale = self._desk.get(reference)
        if not sale.payments:
            raise CounterError(Problem(_("There is no payment to undo."), _("No money was recorded.")))
        last = sale.payments[-1]
        self._desk.gate.must_move(last.method)  # before Korus is asked
        await self._late.before_money(reference)
        if not wanted():
            return None
        await self._desk.record(reference, e.PaymentUndone(last.id, tickets_back))
        return last

    async def book(self, reference: str) -> None:
        """Order every paid reservation that has no order yet; returns once the intent is durable.

        What an earlier call may have ordered is looked for first. Raises CounterError where that is found or cannot be
        asked, and where a hold has lapsed: an order cannot be taken back, so nothing is ordered in part.
        """
        await self._late.first(reference)
        sale = self._desk.get(reference)
        self._check_people(sale)
        if not_held(sale):
            raise CounterError(_not_kept(sale))
        await self._have_booked(sale)

    async def _have_booked(self, sale: Sale, *before: e.Event) -> None:
        """Order what is not booked yet; an order that turned up unpaid takes its lines in the same record."""
        there = tuple(e.OrderFound(order) for order in sale.unpaid_orders)
        wanted = _unordered(sale)
        if there and not wanted:
            await self._desk.record(sale.reference, *before, *there)
        else:
            await self._ordering.order(sale.reference, wanted, *before, *there)


def not_held(sale: Sale) -> bool:
    """Whether some line has no order and no hold that one can be made of."""
    return any(not state.order and (state.lapsed or not state.hold) for state in sale.lines)


def _paid_already(reference: str, payment: Payment, sale: Sale) -> Problem:
    what = _("Voucher {number} has paid already: {amount} in {sale}.").format(
        number=payment.voucher,
        amount=priced(written(payment.amount.amount, minor_digits(payment.amount.currency)), payment.amount.currency),
        sale=_("this sale") if reference == sale.reference else reference,
    )
    return Problem(
        what,
        _("No money was recorded."),
        _("‹checkout.back›, then another way; if a rest of it is still good, say so in its number, such as “… rest”"),
    )


def _not_kept(sale: Sale) -> Problem:
    """A hold that ended, or a line that never had one to be seen."""
    if any(not state.order and not state.lapsed and not state.hold for state in sale.lines):
        what = _("Not all places are held.")
        meaning = _("Nothing is sure of the others; do not take money.")
        return Problem(
            what, meaning, _("‹checkout.back› back to the cart, which says why; ‹cart.hold_again› holds again")
        )
    return Problem(
        _("A hold has lapsed."),
        _("Its places are no longer kept; do not take money."),
        _("‹cart.hold_again|checkout.hold_again› holds again"),
    )


def _unordered(sale: Sale) -> tuple[str, ...]:
    return tuple(dict.fromkeys(state.hold for state in sale.lines if state.hold and not sale.is_booked(state)))
