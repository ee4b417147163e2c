"""Reservations and orders as JSON-LD, with the fields of the generation that is spoken."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from korus_tui.sandbox.clock import stamp
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.data.types import make_id
from korus_tui.sandbox.hydra import Json, genid
from korus_tui.sandbox.reading import BENEFICIARY, CUSTOMER
from korus_tui.sandbox.state import Item, Order, OrderTicket, Reservation, Seat
from korus_tui.sandbox.stock import without_tax
from korus_tui.sandbox.tutorial import ORGANIZATION


def moment(seconds: float) -> str:
    """POSIX seconds as the API writes a moment."""
    return stamp(datetime.fromtimestamp(seconds, UTC))


def money(amount: Decimal) -> str:
    """An amount as the API writes it."""
    return f"{amount:.2f}"


class BookingViews:
    """Renders what State holds."""

    def __init__(self, box: Context) -> None:
        self._box = box

    def expired(self, reservation: Reservation) -> bool:
        """Whether a hold has ended without an order."""
        return reservation.order is None and (reservation.lapsed or reservation.expires <= self._box.state.now())

    def reservation(self, reservation: Reservation) -> Json:
        """A reservation; the documents' example tells no amount before tax."""
        item, expired, untold = reservation.item, self.expired(reservation), reservation.scripted
        return {
            "@id": f"/v1/booking/reservations/{reservation.id}",
            "@type": "BookingReservation",
            "expired": expired,
            "id": reservation.id,
            "createdAt": moment(reservation.created),
            "totalAmountInclTax": reservation.total,
            "totalAmountExclTax": None if untold else money(without_tax(Decimal(reservation.total), item.tax)),
            "expiresAt": moment(reservation.expires),
            "items": self._items("ReservationItem", reservation.id, item, Decimal(item.unit), untold),
            "organization": f"/v1/ticketing/organizations/{ORGANIZATION}",
            "order": f"/v1/booking/orders/{reservation.order}" if reservation.order else None,
            "catalog": reservation.catalog,
            "status": "released" if expired else "reserved",
            "releasable": not expired and reservation.order is None,
            "seatsArrangement": _arrangement(item),
        }

    def _items(self, kind: str, owner: str, item: Item, unit: Decimal, untold: bool) -> list[Json]:
        """One item with a quantity, or one a place."""
        return [
            self._item(kind, owner, place, item, unit, untold)
            for place in range(item.quantity if self._box.generation.places else 1)
        ]

    def _item(self, kind: str, owner: str, place: int, item: Item, unit: Decimal, untold: bool) -> Json:
        name = f"{owner}/{place}"
        quantity = 1 if self._box.generation.places else item.quantity
        net = without_tax(unit, item.tax)
        total, net_total = money(unit * quantity), None if untold else money(net * quantity)
        return {
            "@type": kind,
            "@id": genid(kind, name),
            "unitAmountInclTax": money(unit),
            "unitAmountExclTax": None if untold else money(net),
            "quantity": quantity,
            "totalAmountInclTax": total,
            "totalAmountExclTax": net_total,
            "amountInclTax": total,
            "amountExclTax": net_total,
            "date": item.day,
            "offer": item.offer,
            "product": item.product,
            "offerTickets": [
                self._offer_ticket(kind, f"{name}/{number}", seat, range(place, place + quantity))
                for number, seat in enumerate(item.seats)
            ],
        }

    def _session(self, seat: Seat) -> str | None:
        under_event = self._box.generation.has("event_session")
        return seat.session if under_event or not seat.other_session else seat.other_session

    def _offer_ticket(self, kind: str, name: str, seat: Seat, places: range) -> Json:
        shown: Json = {"@type": f"{kind}OfferTicket", "@id": genid(kind, name), "ticket": seat.ticket}
        session = self._session(seat)
        if session is not None or self._box.generation.ticket_details:
            shown["session"] = session
        seating = [_seating(seat, place) for place in places]
        shown["seating"] = seating[0] if len(seating) == 1 or not seat.row else seating
        return shown

    def order(self, order: Order) -> Json:
        """An order; the tutorial shows its customer as an empty list."""
        named = self._box.generation.named_customer and not order.scripted
        item = self._box.state.reservations[order.reservation].item
        unit = Decimal(order.unit)
        net = without_tax(unit, item.tax)
        path = f"/v1/booking/orders/{order.id}"
        items = self._items("OrderItem", order.id, item, unit, untold=False)
        for place, shown_item in enumerate(items):
            self._add_tickets(order, place, shown_item)
        return {
            "@id": path,
            "@type": "BookingOrder",
            "id": order.id,
            "createdAt": moment(order.created),
            "organization": f"/v1/organizations/{ORGANIZATION}",
            "reference": order.reference,
            "externalReference": order.external_reference,
            "totalAmountInclTax": money(unit * item.quantity),
            "totalAmountExclTax": money(net * item.quantity),
            "reservation": f"/v1/booking/reservations/{order.reservation}",
            "customer": self._customer(order) if named else [],
            "items": items,
            "documents": [f"{path}/documents/{order.document_id}"] if order.downloadable is not None else [],
            "catalog": self._box.state.reservations[order.reservation].catalog,
            "connectorReference": None,
            "status": "confirmed" if order.cancelled is None else "cancelled",
            "cancelledAt": None if order.cancelled is None else moment(order.cancelled),
            "notes": order.notes,
        }

    @staticmethod
    def _customer(order: Order) -> Json:
        known = dict.fromkeys((*CUSTOMER, "optin")) | order.customer
        return {"@type": "OrderCustomer", "@id": genid("customer", order.id), **known}

    def item_id(self, order: Order, place: int) -> str:
        """The id of an order's item; `place` counts items, of which most generations have one an order."""
        return make_id(self._box.world.seed, "order-item", order.id, str(place))

    def _add_tickets(self, order: Order, place: int, shown: Json) -> None:
        shown["id"] = self.item_id(order, place)
        tickets = [one for one in order.tickets if not self._box.generation.places or one.place == place]
        shown["tickets"] = [self.ticket(order, one) for one in tickets]

    def ticket(self, order: Order, ticket: OrderTicket) -> Json:
        """One person's ticket, with what must still be known about that person."""
        item = self._box.state.reservations[order.reservation].item
        seat = item.seats[ticket.seat]
        place = ticket.place if self._box.generation.places else 0
        waiting = waits(item, ticket)
        event = None if seat.session is None else seat.session.split("/sessions/")[0]
        return {
            "@id": f"/v1/booking/orders/{order.id}/items/{self.item_id(order, place)}/tickets/{ticket.id}",
            "@type": "BookingOrderItemTicket",
            "id": ticket.id,
            "voucher": None if waiting else barcode(ticket),
            "occursAt": seat.occurs_at,
            "event": event,
            "requiredBeneficiaryFields": item.beneficiary_fields,
            "beneficiary": _person(ticket),
            "beneficiaryDesignationDeadline": item.beneficiary_deadline,
            "beneficiaryAmendable": item.amendable,
            "status": "waiting_beneficiary_data" if waiting else "validated",
            "seating": _seating(seat, ticket.place),
        }


def _seating(seat: Seat, place: int) -> Json | None:
    """The seat of an item's n-th person; null where none is numbered. The documents show no form of it."""
    if not seat.row:
        return None
    row, number = divmod(seat.first + place, seat.row)
    return {"row": str(row + 1), "seat": str(number + 1)}


def _arrangement(item: Item) -> str:
    """Whether the people of an item sit in one row."""
    rows = {(seat.first + place) // seat.row for seat in item.seats if seat.row for place in range(item.quantity)}
    if len(rows) > 1:
        return "NON_ADJACENT"
    return "ADJACENT" if item.quantity > 1 else "UNKNOWN"


def _person(ticket: OrderTicket) -> dict[str, Any] | None:
    if ticket.beneficiary is None:
        return None
    known = dict.fromkeys(BENEFICIARY) | ticket.beneficiary
    return {"@type": "Beneficiary", "@id": genid("beneficiary", ticket.id), **known}


def waits(item: Item, ticket: OrderTicket) -> bool:
    """Whether required data about the ticket's holder are missing."""
    return any(not (ticket.beneficiary or {}).get(name) for name in item.beneficiary_fields)


def barcode(ticket: OrderTicket) -> str:
    """What the gate's reader reads."""
    return "KT" + ticket.id.replace("-", "")[-14:].upper()
