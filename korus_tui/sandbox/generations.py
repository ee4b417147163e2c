"""What each documented generation of the API has: calls, fields, and the few things that it writes differently.

The views render everything that any version documents; `Generation.exact` takes out of an answer what this one has not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, frozenset[str]]

ALL = "all"
_ADDRESS = ("@context", "@id", "@type")
_OLD_FILTERS = ("date", "product")
_DAYS = ("date[after]", "date[strictly_after]", "date[before]", "date[strictly_before]")
_NEW_FILTERS = ("product[]", "productBaseId", "session", "optionValuesContext[]", *_DAYS, "order[date]")


def _fields(table: dict[str, str], always: tuple[str, ...] = _ADDRESS) -> Fields:
    return {kind: frozenset((*always, *names.split())) for kind, names in table.items()}


@dataclass(frozen=True)
class Generation:
    """One version. `lacks` are names of calls, `fields` those of each `@type` (none: every field).

    `nulls` are never told, `filters` are those of the offers list. `places`: one item a place, without a quantity.
    """

    name: str
    lacks: frozenset[str] = frozenset()
    fields: Fields = field(default_factory=dict)
    nulls: frozenset[tuple[str, str]] = frozenset()
    filters: tuple[str, ...] = _NEW_FILTERS
    places: bool = True
    named_customer: bool = True
    reference_needed: bool = True
    listed_ids: bool = False  # tickets in lists of offers have ids of their own
    ticket_details: bool = True  # and they tell whether a session is needed
    neighbours: bool = True  # a page's view tells the pages around it
    view_type: str = "@type"
    small_currency: bool = False

    def has(self, call: str) -> bool:
        """Whether the call exists."""
        return call not in self.lacks

    def shows(self, kind: str, name: str) -> bool:
        """Whether the field exists, where anything of its kind does."""
        return name in self.fields.get(kind, (name,))

    @property
    def limits_orders(self) -> bool:
        """Whether bases tell how many may be in one order."""
        return self.has("base") and self.shows("TicketingProductBase", "maxAmountPerOrder")

    def exact(self, value: Any) -> Any:
        """The answer with this generation's fields only; what has no `@type` in the tables is left whole."""
        if isinstance(value, list):
            return [self.exact(one) for one in value]
        if not isinstance(value, dict):
            return value
        kind = str(value.get("@type"))
        known = self.fields.get(kind, value.keys())
        kept = {name: self.exact(one) for name, one in value.items() if name in known}
        return kept | {name: None for name in kept if (kind, name) in self.nulls}


_EVENTS = ("events", "event", "event_sessions", "event_session", "session_availability")
_BASES = ("bases", "base", "base_products", "options", "option", "values")
_SESSIONS = ("ticket_sessions", "ticket_session")
_ORDER_TICKETS = ("order_ticket", "order_ticket_patch")
_DOCUMENTS = ("documents", "document")

_ITEM = "unitAmountInclTax unitAmountExclTax quantity totalAmountInclTax totalAmountExclTax offer product offerTickets"
_TUTORIAL = {
    "TicketingCatalog": "id createdAt name lastSyncedAt",
    "TicketingProduct": "id name description",
    "TicketingEvent": "id name description",
    "TicketingSession": "id occursAt duration availableQuantity event",
    "TicketingOffer": "id date availableQuantity realtimePriceRequired price product tickets",
    "TicketingOfferPrice": "amountInclTax amountExclTax originalAmountInclTax currency syncAt",
    "TicketingOfferTicket": "id name description dateAccess sessions form",
    "TicketingOfferAvailability": "availableQuantity",
    "CreateOrderBulkOutput": "orders",
    "BookingReservation": (
        "expired id createdAt totalAmountInclTax totalAmountExclTax expiresAt items organization order"
    ),
    "ReservationItem": _ITEM,
    "ReservationItemOfferTicket": "ticket session",
    "BookingOrder": (
        "id createdAt organization reference externalReference totalAmountInclTax totalAmountExclTax reservation "
        "customer items documents"
    ),
    "OrderItem": _ITEM,
    "OrderItemOfferTicket": "ticket session",
}
_1_0_7 = {
    "TicketingCatalog": "id createdAt name lastSyncedAt",
    "TicketingProductBase": "id name disabled",
    "TicketingProductBaseOption": "code",
    "TicketingProductBaseOptionValue": "label",
    "TicketingProduct": "id name description disabled optionValues",
    "TicketingOfferTicketSession": "id occursAt duration availableQuantity event",
    "TicketingEvent": "id name description",
    "TicketingOffer": (
        "id date availableQuantity availabilityCheckRequired realtimePriceRequired price product tickets"
    ),
    "TicketingOfferPrice": "amountInclTax amountExclTax originalAmountInclTax currency syncAt",
    "TicketingOfferTicket": "id name description dateAccess form",
    "TicketingOfferAvailability": "availableQuantity sessionsAvailability",
    "BookingReservation": (
        "expired catalog id createdAt totalAmountInclTax totalAmountExclTax expiresAt items organization order "
        "status releasable seatsArrangement"
    ),
    "ReservationItem": "amountInclTax amountExclTax date offer product offerTickets",
    "ReservationItemOfferTicket": "ticket session seating",
    "BookingOrder": (
        "id createdAt catalog organization reference externalReference connectorReference totalAmountInclTax "
        "totalAmountExclTax customer status cancelledAt documents items"
    ),
    "OrderItem": "id amountInclTax amountExclTax date product tickets",
    "BookingOrderItemTicket": (
        "id voucher occursAt event requiredBeneficiaryFields beneficiary beneficiaryDesignationDeadline "
        "beneficiaryAmendable status seating"
    ),
}
_RELEASE = _1_0_7 | {
    "TicketingProductBase": (
        "id name disabled description shortDescription termsOfUse useSession timezone recurring "
        "beneficiaryInfoMayBeRequired instantDocumentDelivery maxAmountPerOrder universe venue medias"
    ),
    "BookingOrder": _1_0_7["BookingOrder"] + " notes",
}
_LEAST = {
    "Collection": "totalItems member",
    "TicketingCatalog": "id createdAt name",
    "TicketingProductBase": "id name disabled",
    "TicketingProductBaseOption": "code",
    "TicketingProductBaseOptionValue": "label",
    "TicketingProduct": "id name description",
    "TicketingOfferTicketSession": "id occursAt duration availableQuantity",
    "TicketingOffer": "id date realtimePriceRequired price product tickets",
    "TicketingOfferPrice": "amountInclTax amountExclTax originalAmountInclTax currency",
    "TicketingOfferTicket": "id name description dateAccess",
    "TicketingOfferAvailability": "availableQuantity",
    "CreateReservationBulkOutput": "reservations failedReservations",
    "CreateOrderBulkOutput": "orders",
    "BookingReservation": (
        "expired id createdAt totalAmountInclTax totalAmountExclTax expiresAt items organization order"
    ),
    "ReservationItem": "offer product offerTickets",
    "ReservationItemOfferTicket": "ticket session",
    "BookingOrder": (
        "id createdAt organization reference externalReference totalAmountInclTax totalAmountExclTax customer "
        "documents items"
    ),
    "OrderItem": "product",
    "BookingOrderDocument": "id downloadableAt temporaryUrl cachedLanguage",
}

GENERATIONS = {
    one.name: one
    for one in (
        Generation(ALL, filters=(*_OLD_FILTERS, *_NEW_FILTERS), places=False, listed_ids=True),
        Generation(
            "tutorial",
            lacks=frozenset((*_BASES, *_SESSIONS, *_ORDER_TICKETS, *_DOCUMENTS)),
            fields=_fields(_TUTORIAL),
            nulls=frozenset(
                {
                    ("BookingReservation", "totalAmountExclTax"),
                    ("ReservationItem", "unitAmountExclTax"),
                    ("ReservationItem", "totalAmountExclTax"),
                }
            ),
            filters=_OLD_FILTERS,
            places=False,
            named_customer=False,
            reference_needed=False,
            listed_ids=True,
            ticket_details=False,
            neighbours=False,
        ),
        Generation(
            "1.0.7", lacks=frozenset((*_EVENTS, *_DOCUMENTS)), fields=_fields(_1_0_7), view_type="type"
        ),
        Generation(
            "release", lacks=frozenset((*_EVENTS, "form")), fields=_fields(_RELEASE), small_currency=True
        ),
        Generation(
            "least",  # what every version requires, and nothing that is optional
            lacks=frozenset((*_EVENTS, *_ORDER_TICKETS, "form")),
            fields=_fields(_LEAST, ("@id", "@type")),
            nulls=frozenset(
                {
                    ("TicketingOfferTicketSession", "duration"),
                    ("TicketingOfferTicketSession", "availableQuantity"),
                    ("TicketingOfferAvailability", "availableQuantity"),
                    ("TicketingOfferPrice", "amountExclTax"),
                    ("TicketingOfferPrice", "originalAmountInclTax"),
                    ("BookingReservation", "totalAmountExclTax"),
                }
            ),
            named_customer=False,
            ticket_details=False,
        ),
    )
}  # fmt: skip
