"""Seats and tickets as the sale keeps them, from what the API says of a reservation's and an order's places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from korus_tui.sale.values import HeldSeat, IssuedTicket, Line, Seat

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order, Reservation
    from korus_tui.api.models.seating import Seating


def seat(seating: Seating) -> Seat | None:
    """The seat that the API names; None for a place without one."""
    return Seat(seating.area, seating.row, seating.number, seating.words) if seating else None


def held(reservation: Reservation, lines: Sequence[Line]) -> tuple[HeldSeat, ...]:
    """The seats of a reservation's places, each with the line whose ticket it is for."""
    found: list[HeldSeat] = []
    seated: Counter[tuple[str, str]] = Counter()
    for one in (ticket for item in reservation.items for ticket in item.offer_tickets):
        last = f"/{one.ticket.id}"
        here = [(line, mine.ticket) for line in lines for mine in line.tickets if mine.ticket.endswith(last)]
        for there in filter(None, map(seat, one.seating if here else ())):
            line, ticket = next((two for two in here if seated[two[0].id, two[1]] < two[0].quantity), here[-1])
            seated[line.id, ticket] += 1
            found.append(HeldSeat(line.id, ticket, there))
    return tuple(found)


def issued(order: Order) -> tuple[IssuedTicket, ...]:
    """The tickets of an order, as far as this version of the API names them."""
    return tuple(
        IssuedTicket(str(one.iri), one.voucher, one.occurs_at, seat(one.seating))
        for item in order.items
        for one in item.tickets
    )
