"""What the API shows as cancelled, recorded wherever it is seen (docs/rules.md, Afterwards)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import reduce

from korus_tui.counter.core.desk import Desk
from korus_tui.sale import events as e
from korus_tui.sale.afterwards import had_after_all
from korus_tui.sale.apply import apply
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Sale


async def note_cancelled(desk: Desk, sale: Sale, orders: Iterable[str]) -> None:
    """Record which of the sale's orders, of these addresses that the API shows as cancelled, are so; each once.

    Where another order of the same places lives, which was one too many till now, that is what was paid for: it takes
    the lines, and no money goes back over it. Raises CounterError and the journal's errors.
    """
    known = {order.order for order in sale.all_orders if not order.cancelled}.intersection(orders)
    asked = {one.order for one in sale.cancellations}
    seen: list[e.Event] = [e.CancellationSeen(one) for one in sorted(known)]
    seen += [e.OrderDiffers(one) for one in sorted(known - asked)]
    if seen:
        with suppress(NotAllowed):  # another look saw it first
            living = had_after_all(reduce(apply, seen, sale))
            await desk.record_after(sale.reference, *seen, *(e.OrderFound(order) for order in living))
