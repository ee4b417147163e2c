"""Another place for the money, money back, or a price that the house bears (docs/rules.md, Expired after payment).

What was paid stays a credit on the sale until it is settled; nothing here happens by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from korus_tui.counter.booking.checkout import Checkout
from korus_tui.counter.booking.holding import Holding
from korus_tui.counter.booking.late_orders import LateOrders
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.apply import apply
from korus_tui.sale.money import Money
from korus_tui.sale.state import GivenBack, LineState, LineStatus, Sale


class Settling:
    """What a person decides about a paid sale that cannot be had as it was. Every decision is one record."""

    def __init__(self, desk: Desk, holding: Holding, checkout: Checkout, late: LateOrders) -> None:
        self._desk = desk
        self._late = late
        self._holding = holding
        self._checkout = checkout

    async def hold_again(self, reference: str) -> None:
        """Hold every line that is not kept, now, at today's price. Raises NotAllowed, and the journal's errors."""
        sale = self._desk.get(reference)
        await self._holding.hold(reference, [state.line.id for state in to_hold(sale)])
        self._checkout.answered(reference)

    async def give_back(self, reference: str, back: GivenBack, without: Sequence[str] = ()) -> bool:
        """Record money that went back over the counter, and the lines that are not wanted any more; whether it ended.

        A sale with neither lines nor money nor order ends with it, for the same reason. Raises CounterError where the
        till moves no money, where the sale was booked after all, or where nobody can say whether it was; NotAllowed
        where it is more than the customer has to get, and the journal's errors.
        """
        self._desk.gate.must_move(back.method, back.amount.currency)  # before Korus is asked
        if without or not self._desk.get(reference).all_ordered:  # else it is a credit on top of what is booked
            await self._late.before_money(reference)
        given = e.MoneyGivenBack(back.id, back.amount, back.method, back.reason, back.tickets_back, back.rounding)
        events: list[e.Event] = [*(e.LineRemoved(one) for one in without), given]
        after = self._desk.get(reference)
        for event in events:
            after = apply(after, event)
        ended = not after.lines and not after.orders and not after.taken
        if ended:
            events.append(e.SaleVoided(back.reason))
        await self._desk.record(reference, *events)
        self._checkout.answered(reference)
        return ended

    async def accept(self, reference: str, said: Mapping[str, str]) -> None:
        """Record a person's yes to differences, of a sale that is open or has ended. Raises as `Desk.record_after`."""
        await self._desk.record_after(reference, *accepted(said))

    async def void(self, reference: str, tickets_back: bool | None) -> None:
        """End a sale that comes to nothing. Raises as `Desk.record`."""
        await self._desk.record(reference, e.SaleVoided("voided at the counter", tickets_back))

    async def absorb(self, reference: str, reason: str, *decided: e.DifferenceAccepted) -> None:
        """The house bears all that is due beyond what was paid; `decided` are the differences that this decides.

        Raises CounterError where nothing is due, NotAllowed, and the journal's errors.
        """
        due = self._desk.get(reference).due
        if due is None or due.amount <= 0:
            raise CounterError(Problem(_("Nothing more is to be collected."), _("Nothing was recorded.")))
        await self._desk.record(reference, *decided, e.DifferenceAbsorbed(due, reason.strip()))
        self._checkout.answered(reference)


def accepted(said: Mapping[str, str]) -> tuple[e.DifferenceAccepted, ...]:
    """The record of a yes to each difference, by its key, in the words that were read."""
    return tuple(e.DifferenceAccepted(key, words) for key, words in said.items())


def to_hold(sale: Sale) -> tuple[LineState, ...]:
    """The lines that one key holds again: those not kept, and kept ones that the order call refused."""
    missing = sale.with_status(LineStatus.LAPSED, LineStatus.REFUSED, LineStatus.CHOSEN)
    return missing or sale.stuck


def credit_without(sale: Sale, gone: Sequence[str]) -> Money | None:
    """What is to be given back once these lines are not wanted any more; None where that is nothing."""
    for one in gone:
        sale = apply(sale, e.LineRemoved(one))
    return sale.credit
