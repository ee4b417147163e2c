"""Cancellation asked for, and closing a sale by hand (docs/rules.md, Afterwards).

The API documents no call that cancels an order; it only shows the state. Recorded here (korus_tui.sale.events), and
folded by the till's reports: `CancellationAsked` (reason; `given_back` by `method` is money that left the till),
`CancellationSeen` (the API shows the order cancelled) and `SaleClosedByHand` (reason; the money taken stays recorded).
"""

from __future__ import annotations

import asyncio
import logging

from korus_tui.api.errors import ApiError
from korus_tui.counter.booking.lost_orders import Recovery
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.orders.cancelled import note_cancelled
from korus_tui.counter.orders.search import OrderSearch
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.money import Money, total
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Ending, Sale
from korus_tui.sale.values import Method, PlacedOrder

log = logging.getLogger("korus_tui.counter")

_AT_ONCE = 4  # look-ups at a time
_MOST = 50  # orders asked for in one round: the newest ones


class Cancelling:
    """What is asked of Korus beside the API, and what a person ends; history is never edited."""

    def __init__(self, desk: Desk, line: Connection, search: OrderSearch, recovery: Recovery) -> None:
        self._desk = desk
        self._line = line
        self._search = search
        self._recovery = recovery

    async def ask(  # noqa: PLR0913 - one record, each named at the call
        self,
        reference: str,
        order: str,
        reason: str,
        given_back: Money | None = None,
        method: Method | None = None,
        tickets_back: bool | None = None,
        rounding: Money | None = None,
    ) -> Sale:
        """Record that Korus was asked to cancel an order, and what went back to the customer.

        `tickets_back` is whether what was handed over came back, `rounding` what went back beyond it in coins.

        Raises NotAllowed where more would go back than was paid for it, and the journal's errors.
        """
        sale = await self._desk.read(reference) if given_back is not None else None
        known = next((one for one in sale.all_orders if one.order == order), None) if sale else None
        if sale is not None and known is not None and given_back is not None:
            most = self.may_give_back(sale, known)
            if most is not None and given_back.currency == most.currency and most < given_back:
                raise NotAllowed("more than was paid")
        asked = e.CancellationAsked(order, reason.strip(), given_back, method, tickets_back, rounding)
        return await self._desk.record_after(reference, asked)

    def may_give_back(self, sale: Sale, order: PlacedOrder) -> Money | None:
        """What of the money taken for this order has not gone back yet; None where nothing was taken, or not for it.

        What was paid is for the other orders of the sale; one that came late has some only where none was confirmed.
        """
        taken, back = sale.taken, sale.money_given_back
        if order in sale.late and sale.ending is not Ending.CLOSED_BY_HAND:
            return None
        if not taken or back is None:
            return None
        return min(taken - back, _price_of(sale, order) - _gone_back(sale, order))

    async def waiting(self) -> tuple[Sale, ...]:
        """Sales of this till with an order that is to be cancelled and that the API has not shown so, newest first."""
        found = [await self._desk.read(one.key) for one in await self._search.to_be_looked_at()]
        return tuple(sale for sale in found if sale is not None and sale.not_yet_cancelled)

    async def look(self) -> int:
        """Ask how the orders that are to be cancelled stand, and record those that are; how many still wait.

        What cannot be asked now goes on waiting, and raises nothing but the journal's errors.
        """
        wanted = [(sale, order) for sale in await self.waiting() for order in sale.not_yet_cancelled][:_MOST]
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(sale: Sale, order: str) -> None:
            async with gate:
                try:
                    shown = await self._line.ask(lambda client: client.booking.order_by_id(order))
                except ApiError as error:
                    log.info("the state of a cancelled order cannot be asked yet: %s", error)
                    return
            if shown.cancelled:
                await note_cancelled(self._desk, sale, [str(shown.iri)])

        await asyncio.gather(*(one(sale, order) for sale, order in wanted))
        return sum(len(sale.not_yet_cancelled) for sale in await self.waiting())

    # Closing by hand

    def why_not_closable(self, sale: Sale) -> str:
        """Why the sale is not to be closed by hand yet; "" where nothing else is possible."""
        if not sale.paid_not_confirmed:
            return _("Only a paid sale that is not confirmed is closed by hand.")
        attempt = sale.attempt
        if attempt is None:
            return ""
        if not attempt.unknown:
            return _("Its booking is on its way; the answer is awaited.")
        asking = self._recovery.asking.get(sale.reference)
        return _("Korus has not been asked what became of it yet.") if asking and not asking.times else ""

    async def close_by_hand(self, reference: str, reason: str) -> Sale:
        """End a paid sale without confirmation; the money stays recorded. Raises CounterError, and as `ask`."""
        why = self.why_not_closable(self._desk.get(reference))
        if why:
            raise CounterError(Problem(why, _("The sale stays on the board."), _("Enter asks now")))
        return await self._desk.record(reference, e.SaleClosedByHand(reason.strip()))

    async def close_unreadable(self, reference: str, reason: str) -> None:
        """End a sale that cannot be read; its records stay, and its money counts. Raises the journal's errors."""
        await self._desk.put_away(reference, e.SaleClosedByHand(reason.strip()))


def _price_of(sale: Sale, order: PlacedOrder) -> Money:
    """What the customer paid for an order: what was held for it; where nothing says which hold that was, its total."""
    held = [one.total for one in (*sale.holds, *sale.let_go) if one.reservation in order.reservations]
    return total(held, order.total.currency) if held else order.total


def _gone_back(sale: Sale, order: PlacedOrder) -> Money:
    back = (one.given_back for one in sale.cancellations if one.order == order.order)
    return total((one for one in back if one is not None), order.total.currency)
