"""What the tests of the second world share: waiting for it, and what a till said and recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from till import Till

from korus_tui.sale import events as e
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Line
from world.server import World
from world.truth import CATALOG

MONEY_BACK = (e.PaymentUndone, e.MoneyGivenBack)


async def arrived(world: World, route: str, times: int = 1) -> None:
    """So many calls of the route have come, answered or not."""
    await asyncio.to_thread(world.wait_for, lambda: len(world.calls_of(route)) >= times, f"{times} × {route}")


async def ask_to_hold(till: Till, *lines: Line) -> str:
    """Ask for these places and do not wait for the answer; the sale's reference."""
    await till.open_till()
    reference = (await till.services.desk.open(CATALOG, "fr")).reference
    await till.services.holding.add(reference, lines)
    return reference


async def events_of(till: Till, reference: str) -> list[e.Event]:
    """What the journal has of a sale."""
    journal = await till.services.desk.ledger.journal()
    return [row.event for row in await journal.tail(0) if row.sale == reference]


async def money_back(till: Till, reference: str) -> list[e.Event]:
    """What went back of a sale before its end."""
    return [event for event in await events_of(till, reference) if isinstance(event, MONEY_BACK)]


def used_of(*sales: Sale) -> list[str]:
    """The ids of the reservations that sales hold, held, or have ordered."""
    found: set[tuple[str, str]] = set()
    for sale in sales:
        names = (*(hold.reservation for hold in (*sale.holds, *sale.let_go)), *(o.reservation for o in sale.all_orders))
        found |= {(sale.reference, name.rpartition("/")[2]) for name in names if name}
    return sorted(reservation for _sale, reservation in found)


def check_none_is_used_twice(sales: Sequence[Sale]) -> None:
    """No reservation belongs to two sales, over all tills."""
    used = used_of(*sales)
    assert len(used) == len(set(used)), f"one reservation for two sales: {used}"
