"""Orders as the sale keeps them, and finding the reservation that an order was made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.booking.seats import issued
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import PlacedOrder

if TYPE_CHECKING:
    from korus_tui.api import FailedOrder, Order

WAITING = "waiting_beneficiary_data"


def reservation_of(order: Order, sale: Sale, candidates: Sequence[str]) -> str | None:
    """Which of our reservations the order was made from: named by the API, else the one with the same places."""
    if order.reservation is not None:
        return next((one for one in candidates if last_id(one) == order.reservation.id), None)
    offers = {item.offer.id for item in order.items if item.offer}
    for candidate in candidates:
        lines = [state.line for state in sale.lines if state.hold == candidate]
        if lines and {last_id(line.offer) for line in lines} == offers:
            return candidate
    return candidates[0] if len(candidates) == 1 and not offers else None


def failures_of(failed: Sequence[FailedOrder], left: Sequence[str]) -> list[tuple[FailedOrder, str]]:
    """The reservation of `left` that each failure is about; those that name none count only where all have failed."""
    rest = list(left)
    found: list[tuple[FailedOrder, str]] = []
    nameless: list[FailedOrder] = []
    for failure in failed:
        named = failure.reservation.id if failure.reservation else None
        reservation = next((one for one in rest if last_id(one) == named), None)
        if reservation is not None:
            rest.remove(reservation)
            found.append((failure, reservation))
        elif named is None:
            nameless.append(failure)
    return found + list(zip(nameless, rest, strict=True)) if len(nameless) == len(rest) else found


def placed_of(order: Order, sale: Sale, reservation: str) -> PlacedOrder:
    """The order in the sale's terms. The API's currency stands on the offer only, so the hold's is taken;
    an order that does not say its total is taken to cost what was held."""
    hold = next(one for one in (*sale.holds, *sale.let_go) if one.reservation == reservation)
    currency = hold.total.currency
    excluding = order.total_amount_excl_tax
    waiting = tuple(
        str(ticket.iri) for item in order.items for ticket in item.tickets if ticket.status.lower() == WAITING
    )
    return PlacedOrder(
        order=str(order.iri),
        reference=order.reference,
        reservation=reservation,
        total=hold.total if order.total_amount_incl_tax is None else Money(order.total_amount_incl_tax, currency),
        total_excl_tax=None if excluding is None else Money(excluding, currency),
        cancelled=order.cancelled,
        documents=tuple(str(document) for document in order.documents),
        waiting_tickets=waiting,
        tickets=issued(order),
    )
