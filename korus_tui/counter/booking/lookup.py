"""One look at Korus for the orders of a sale: by our reference, and by each reservation, as the list may lag behind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from korus_tui.counter.core.connection import Line

if TYPE_CHECKING:
    from korus_tui.api import Iri, Order, Reservation

Reservations = dict[str, "Reservation | None"]  # by address; None for one that is gone


async def look(line: Line, reference: str, reservations: Iterable[str]) -> tuple[list[Order], Reservations]:
    """The orders with our reference or of these reservations, and the reservations as they are now.

    Raises ApiError where it could not be asked: that is not the same as finding nothing (docs/rules.md, Law 3).
    """
    orders = await line.ask(lambda client: client.orders_by_reference(reference))
    addresses = tuple(reservations)
    found = dict(zip(addresses, await asyncio.gather(*(_reservation(line, one) for one in addresses)), strict=True))
    return orders + await _orders_of(line, reference, found.values(), orders), found


async def _reservation(line: Line, address: str) -> Reservation | None:
    from korus_tui.api import Iri, NotFound

    try:
        return await line.ask(lambda client: client.reservation(Iri(address)))
    except NotFound:
        return None


async def _orders_of(
    line: Line, reference: str, reservations: Iterable[Reservation | None], known: Sequence[Order]
) -> list[Order]:
    """Orders that only the reservation names; another sale's are not ours."""
    seen = {order.id for order in known}
    wanted: list[Iri] = [one.order for one in reservations if one and one.order and one.order.id not in seen]
    found = [await line.ask(lambda client, iri=iri: client.order_by_id(iri)) for iri in wanted]  # type: ignore[misc]
    return [order for order in found if order.external_reference in (None, "", reference)]
