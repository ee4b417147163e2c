"""What the second world's server writes, by generation of the API: each shows exactly what its documents show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from world.truth import CATALOG, EVENT, Offer, Order, Reservation, Session, Ticket, Truth, new_id

Json = dict[str, Any]


@dataclass(frozen=True)
class Generation:
    """What a version of the API shows. The tutorial's differs in nearly everything, the others in parts."""

    name: str
    tutorial: bool = False
    order_names_reservation: bool = False
    ticket_status: bool = True  # and seating
    ticket_event: bool = False
    empty_seating: bool = False
    seats_arrangement: bool = True
    documents_listed: bool = True
    reference_required: bool = True
    notes: bool = False
    view_type: str = "@type"


GENERATIONS = {
    one.name: one
    for one in (
        Generation(
            "tutorial",
            tutorial=True,
            order_names_reservation=True,
            documents_listed=False,
            reference_required=False,
            seats_arrangement=False,
        ),
        Generation(
            "1.0.4",
            order_names_reservation=True,
            ticket_status=False,
            ticket_event=True,
            seats_arrangement=False,
            documents_listed=False,
            reference_required=False,
        ),
        Generation("1.0.7", ticket_event=True, documents_listed=False, view_type="type"),
        Generation("1.0.19", empty_seating=True, view_type="type"),
        Generation("release", ticket_event=True, notes=True),
    )
}


def money(amount: Decimal) -> str:
    return f"{amount:.{max(2, -int(amount.as_tuple().exponent))}f}"


def moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def genid() -> str:
    return f"/.well-known/genid/{new_id()[-20:]}"


class Views:
    """Writes the truth of one generation. `catalog` is the catalog's id."""

    def __init__(self, truth: Truth, generation: Generation, catalog: str = CATALOG) -> None:
        self.truth = truth
        self.generation = generation
        self.catalog_path = f"/v1/ticketing/catalogs/{catalog}"

    # What is sold

    def product(self, product: str) -> Json:
        shown: Json = {
            "@id": f"{self.catalog_path}/products/{product}",
            "@type": "TicketingProduct",
            "id": product,
            "name": self.truth.products[product],
            "description": "",
        }
        return shown if self.generation.tutorial else {**shown, "disabled": False}

    def offer(self, offer: Offer, now: datetime) -> Json:
        iri = self.offer_iri(offer)
        free = self.truth.free(offer.id, now)
        shown: Json = {
            "@id": iri,
            "@type": "TicketingOffer",
            "id": offer.id,
            "date": offer.day.isoformat(),
            "availableQuantity": free,
            "realtimePriceRequired": False,
            "price": {
                "@type": "TicketingOfferPrice",
                "@id": genid(),
                "amountInclTax": money(offer.price),
                "originalAmountInclTax": money(offer.price),
                "currency": self.truth.currency,
            },
            "product": self.product(offer.product),
            "tickets": [self._listed_ticket(offer, ticket) for ticket in offer.tickets],
        }
        if self.generation.tutorial:
            shown["price"]["syncAt"] = "2025-01-28T09:32:07+00:00"
        else:
            shown["availabilityCheckRequired"] = free is not None
        return shown

    def _listed_ticket(self, offer: Offer, ticket: Ticket) -> Json:
        number = (ticket.listed or ticket.id) if self.generation.tutorial else ticket.id
        shown: Json = {
            "@id": f"{self.offer_iri(offer)}/tickets/{number}",
            "@type": "TicketingOfferTicket",
            "id": number,
            "name": ticket.name,
            "description": "",
        }
        return shown if self.generation.tutorial else {**shown, "dateAccess": not ticket.sessions}

    def ticket(self, offer: Offer, ticket: Ticket, now: datetime) -> Json:
        shown: Json = {
            "@id": f"{self.offer_iri(offer)}/tickets/{ticket.id}",
            "@type": "TicketingOfferTicket",
            "id": ticket.id,
            "name": ticket.name,
            "description": "",
            "dateAccess": not ticket.sessions,
        }
        if self.generation.tutorial:
            shown["sessions"] = [self.session(offer, ticket, one, now) for one in ticket.sessions]
        return shown

    def session(self, offer: Offer, ticket: Ticket, session: Session, now: datetime) -> Json:
        tutorial = self.generation.tutorial
        shown: Json = {
            "@id": self.session_iri(offer, ticket, session.id),
            "@type": "TicketingSession" if tutorial else "TicketingOfferTicketSession",
            "id": session.id,
            "occursAt": session.occurs_at,
            "duration": None,
            "availableQuantity": self.truth.free(session.id, now),
        }
        if tutorial:
            shown["event"] = self.event()
        return shown

    def event(self) -> Json:
        return {
            "@id": f"{self.catalog_path}/events/{EVENT}",
            "@type": "TicketingEvent",
            "id": EVENT,
            "name": "Cinéscénie Adulte - Argent",
            "description": "",
        }

    def offer_iri(self, offer: Offer) -> str:
        return f"{self.catalog_path}/offers/{offer.id}"

    def session_iri(self, offer: Offer, ticket: Ticket, session: str) -> str:
        if self.generation.tutorial:
            return f"{self.catalog_path}/events/{EVENT}/sessions/{session}"
        return f"{self.offer_iri(offer)}/tickets/{ticket.id}/sessions/{session}"

    # What is booked

    def reservation(self, reservation: Reservation, now: datetime, *, order: bool = True) -> Json:
        """`order` False: the reservation does not know its order yet."""
        shown: Json = {
            "@id": f"/v1/booking/reservations/{reservation.id}",
            "@type": "BookingReservation",
            "expired": now >= reservation.ends,
            "id": reservation.id,
            "createdAt": moment(reservation.made),
            "totalAmountInclTax": money(reservation.amount),
            "totalAmountExclTax": None,
            "expiresAt": moment(reservation.ends),
            "items": self._items(reservation),
            "organization": f"/v1/ticketing/organizations/{reservation.organization}",
            "order": f"/v1/booking/orders/{reservation.order}" if reservation.order and order else None,
        }
        if not self.generation.tutorial:
            released = reservation.released or now >= reservation.ends
            shown |= {
                "catalog": self.catalog_path,
                "status": "released" if released and not reservation.order else "reserved",
                "releasable": False,
            }
        if self.generation.seats_arrangement:
            shown["seatsArrangement"] = "UNKNOWN"
        return shown

    def _items(self, reservation: Reservation, kind: str = "ReservationItem") -> list[Json]:
        """T: an item with its quantity; newer: one item a place."""
        items: list[Json] = []
        for item, price in zip(reservation.items, reservation.prices, strict=True):
            named: Json = {
                "@type": kind,
                "@id": genid(),
                "offer": self.offer_iri(item.offer),
                "product": f"{self.catalog_path}/products/{item.offer.product}",
            }
            if self.generation.tutorial:
                amounts: Json = {
                    "unitAmountInclTax": money(price),
                    "unitAmountExclTax": None,
                    "quantity": item.quantity,
                    "totalAmountInclTax": money(price * item.quantity),
                    "totalAmountExclTax": None,
                }
                items.append({**named, **amounts, "offerTickets": self._offer_tickets(item, kind)})
                continue
            amounts = {"amountInclTax": money(price), "amountExclTax": None, "date": item.offer.day.isoformat()}
            for _ in range(item.quantity):
                items.append({**named, "@id": genid(), **amounts, "offerTickets": self._offer_tickets(item, kind)})
        return items

    def _offer_tickets(self, item: Any, kind: str) -> list[Json]:
        shown: list[Json] = []
        for ticket in item.offer.tickets:
            session = item.sessions.get(ticket.id)
            one: Json = {
                "@type": f"{kind}OfferTicket",
                "@id": genid(),
                "ticket": f"{self.offer_iri(item.offer)}/tickets/{ticket.id}",
            }
            if session or not self.generation.tutorial:
                one["session"] = self.session_iri(item.offer, ticket, session) if session else None
            if not self.generation.tutorial:
                one["seating"] = None
            shown.append(one)
        return shown

    def order(self, order: Order) -> Json:
        generation = self.generation
        without_tax = money(order.amount - order.amount / 20)
        shown: Json = {
            "@id": f"/v1/booking/orders/{order.id}",
            "@type": "BookingOrder",
            "id": order.id,
            "createdAt": moment(order.made),
            "organization": f"/v1/organizations/{order.reservation.organization}",
            "reference": order.reference,
            "externalReference": order.external_reference,
            "totalAmountInclTax": money(order.amount),
            "totalAmountExclTax": without_tax,
            "customer": [],
            "items": self._items(order.reservation, "OrderItem") if generation.tutorial else self._placed(order),
            "documents": [f"/v1/booking/orders/{order.id}/documents/{one}" for one in order.documents],
        }
        if generation.order_names_reservation:
            shown["reservation"] = f"/v1/booking/reservations/{order.reservation.id}"
        if not generation.tutorial:
            shown |= {
                "catalog": self.catalog_path,
                "connectorReference": None,
                "status": "cancelled" if order.cancelled else "confirmed",
                "cancelledAt": moment(order.cancelled) if order.cancelled else None,
                "customer": {"@type": "Customer", "@id": genid(), **order.customer},
            }
        if generation.notes:
            shown["notes"] = None
        return shown

    def _placed(self, order: Order) -> list[Json]:
        """1.0.7 and newer: one item a place, with its tickets; no offer, no quantity."""
        places = [
            (item, price)
            for item, price in zip(order.reservation.items, order.reservation.prices, strict=True)
            for _ in range(item.quantity)
        ]
        return [
            {
                "@type": "OrderItem",
                "@id": genid(),
                "id": number,
                "amountInclTax": money(price),
                "amountExclTax": None,
                "date": item.offer.day.isoformat(),
                "product": f"{self.catalog_path}/products/{item.offer.product}",
                "tickets": [
                    self.order_ticket(order, number, one, item.sessions.get(ticket.id))
                    for one, ticket in zip(tickets, item.offer.tickets, strict=True)
                ],
            }
            for (item, price), number, tickets in zip(places, order.items, order.tickets, strict=True)
        ]

    def order_ticket(self, order: Order, item: str, ticket: str, session: str | None) -> Json:
        found = self.truth.session(session) if session else None
        shown: Json = {
            "@id": f"/v1/booking/orders/{order.id}/items/{item}/tickets/{ticket}",
            "@type": "BookingOrderItemTicket",
            "id": ticket,
            "voucher": f"85554{ticket[-11:]}",
            "occursAt": found.occurs_at if found else None,
            "requiredBeneficiaryFields": [],
            "beneficiary": None,
            "beneficiaryDesignationDeadline": None,
            "beneficiaryAmendable": False,
        }
        if self.generation.ticket_event:
            shown["event"] = "Cinéscénie Adulte - Argent" if found else None
        if self.generation.ticket_status:
            shown |= {"status": "validated", "seating": {} if self.generation.empty_seating else None}
        return shown
