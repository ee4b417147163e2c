"""Seats and tickets as the sale keeps them, from what the API says of a reservation's and an order's places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from korus_tui.sale.values import HeldSeat, IssuedTicket, Line, Seat

if TYPE_CHECKING:
    from korus_tui.api import Order, Reservation
    from korus_tui.api.models.seating import Seating


def seat(seating: Seating) -> Seat | None:
    """The seat that the API names; None for a place without one."""
    return Seat(seating.area, seating.row, seating.number, seating.words) if seating else None


def held(reservation: Reservation, lines: Sequence[Line]) -> tuple[HeldSeat, ...]:
    """The seats of a reservation's places, each with the line whose ticket it is for."""
    found: list[HeldSeat] = []
    for item in reservation.items:
        for one in item.offer_tickets:
            there = seat(one.seating)
            here = [
                (line, mine) for line in lines for mine in line.tickets if mine.ticket.endswith(f"/{one.ticket.id}")
            ]
            if there is None or not here:
                continue
            seated = Counter((other.line, other.ticket) for other in found)
            line, mine = next((two for two in here if seated[two[0].id, two[1].ticket] < two[0].quantity), here[-1])
            found.append(HeldSeat(line.id, mine.ticket, there))
    return tuple(found)


def issued(order: Order) -> tuple[IssuedTicket, ...]:
    """The tickets of an order, as far as this version of the API names them."""
    return tuple(
        IssuedTicket(str(one.iri), one.voucher, one.occurs_at, seat(one.seating))
        for item in order.items
        for one in item.tickets
    )
