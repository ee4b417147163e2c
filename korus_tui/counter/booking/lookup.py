"""One look at Korus for the orders of a sale: by our reference, and by each reservation, as the list may lag behind.

What cannot be asked or read costs only itself: it is kept beside what was, and hides no order that others name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from korus_tui.api import errors
from korus_tui.api.errors import ApiError
from korus_tui.api.models.base import Iri
from korus_tui.counter.core.connection import Connection

if TYPE_CHECKING:
    from korus_tui.api.errors import Malformed
    from korus_tui.api.models.booking import Order, ReservationNow


@dataclass(frozen=True, slots=True)
class Seen:
    """What Korus showed: orders, the reservations (by our address of them), and what it did not show.

    `bare` are orders that a reservation names and that cannot be had, with the incident of why. `listed` says
    that the orders with our reference were asked for; `unread` are members of that list that are not understood.
    `missed` could not be asked.
    """

    orders: tuple[Order, ...] = ()
    reservations: Mapping[str, ReservationNow] = field(default_factory=dict)
    bare: Mapping[Iri, str] = field(default_factory=dict)
    listed: bool = False
    unread: tuple[Malformed, ...] = ()
    missed: tuple[ApiError, ...] = ()


async def look(line: Connection, reference: str, reservations: Iterable[str]) -> Seen:
    """The orders with our reference or of these reservations, and the reservations as they are now."""
    try:
        page = await line.ask(lambda client: client.booking.orders_by_reference(reference))
        seen = Seen(page.members, listed=True, unread=page.rejected)
        if page.doubles:
            seen = await _said_once(line, seen)
    except ApiError as error:
        seen = Seen(missed=(error,))
    return await look_at_reservations(line, seen, reservations)


async def look_at_reservations(line: Connection, seen: Seen, reservations: Iterable[str]) -> Seen:
    """What was seen, with these reservations as they are now and the orders that they name."""
    addresses = tuple(reservations)
    asked = await asyncio.gather(
        *(line.ask(lambda client, one=one: client.booking.reservation_now(Iri(one))) for one in addresses),  # type: ignore[misc]
        return_exceptions=True,
    )
    found, missed = dict(seen.reservations), list(seen.missed)
    for address, answer in zip(addresses, asked, strict=True):
        if isinstance(answer, ApiError):
            missed.append(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found[address] = answer
    known = {order.id for order in seen.orders} | {iri.id for iri in seen.bare}
    named = {one.order.id: one.order for one in found.values() if one.order and one.order.id not in known}
    return await _with_orders(line, replace(seen, reservations=found, missed=tuple(missed)), tuple(named.values()))


async def _said_once(line: Connection, seen: Seen) -> Seen:
    """What a list has twice it may say otherwise the second time: each of its orders is asked for by its id.

    One that cannot be had so is as the list has it first; unless that is cancelled, which nobody knows then.
    """
    asked = await _with_orders(line, replace(seen, orders=()), [order.iri for order in seen.orders])
    had = {order.id for order in asked.orders}
    left = [one for one in seen.orders if one.id not in had]
    living = tuple(one for one in left if not one.cancelled)
    return replace(seen, orders=asked.orders + living, listed=len(living) == len(left), missed=asked.missed)


async def _with_orders(line: Connection, seen: Seen, wanted: Sequence[Iri]) -> Seen:
    """The orders that only a reservation names. One that is refused or not understood exists all the same."""
    orders, bare, missed = list(seen.orders), dict(seen.bare), list(seen.missed)
    for iri in wanted:
        try:
            orders.append(await line.ask(lambda client, iri=iri: client.booking.order_by_id(iri)))  # type: ignore[misc]
        except (errors.Refused, errors.Malformed, errors.TooLarge) as error:
            bare[iri] = error.request_id or ""
        except ApiError as error:
            missed.append(error)
    return replace(seen, orders=tuple(orders), bare=bare, missed=tuple(missed))
