"""What was held and ordered (docs/api.md, Booking): reservations, orders, their tickets and documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from korus_tui.api.models.base import (
    Address,
    Amount,
    Count,
    Day,
    Deadline,
    Flag,
    Iri,
    Line,
    Listed,
    Loose,
    Maybe,
    Model,
    Moment,
    Resource,
    Shown,
    Told,
)
from korus_tui.api.models.seating import Seat, Seating, Seats
from korus_tui.api.models.ticketing import EventName

_ID = re.compile(r"[0-9A-Za-z-]{1,64}\Z")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ORDERS = "/v1/booking/orders/"
_ORDER = re.compile(rf"(?:https?://[^/?#]+)?{_ORDERS}([0-9A-Za-z-]{{1,64}})/?(?:[?#].*)?")
_RUNS = ("", "reserved")
_OVER = ("released", "expired", "cancelled", "canceled")


class ItemTicket(Model):
    """Which ticket of the offer an item holds, and at which session; no session is full-day access."""

    ticket: Iri
    session: Maybe[Iri] = None
    seating: Seats = ()


class Item(Model):
    """A line of a reservation or an order, in both generations.

    Older answers have a quantity with unit and total amounts; newer ones have one item a place with one amount,
    which is then the unit amount and the total of a quantity of 1.
    """

    quantity: Count = 1
    unit_amount_incl_tax: Loose[Amount] = None
    unit_amount_excl_tax: Loose[Amount] = None
    total_amount_incl_tax: Loose[Amount] = None
    total_amount_excl_tax: Loose[Amount] = None
    date: Loose[Day] = None
    product: Loose[Iri] = None
    offer_tickets: Listed[ItemTicket] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_a_place(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        read = dict(data)
        read["quantity"] = 1 if read.get("quantity") is None else read["quantity"]
        for tax in ("InclTax", "ExclTax"):
            amount = read.get(f"amount{tax}")
            for kind in ("unit", "total"):
                if amount is not None and read.get(f"{kind}Amount{tax}") is None and read["quantity"] == 1:
                    read[f"{kind}Amount{tax}"] = amount
        return read


class ReservationItem(Item):
    """One line that is held."""

    offer: Iri


class Reservation(Resource):
    """A hold with its own life: `expires_at` None is an unknown deadline, `order` is None until it is ordered.

    `expired` says that it is over: its places are gone as well where its `status` is "released", or another word for
    an end, whatever else stands there. Another status than "reserved" is not understood: no place is sure.

    `total_amount_incl_tax` need not be the sum of the items (the tutorial's is not): it is what is collected.
    """

    created_at: Loose[Moment] = None
    expires_at: Deadline = None
    expired: Flag = False
    status: Shown = ""
    releasable: Loose[bool] = None
    seats_arrangement: Shown = ""
    catalog: Loose[Iri] = None
    organization: Loose[Iri] = None
    total_amount_incl_tax: Amount
    total_amount_excl_tax: Loose[Amount] = None
    order: Maybe[Iri] = None
    items: Listed[ReservationItem] = ()

    @model_validator(mode="before")
    @classmethod
    def _released(cls, data: Any) -> Any:
        over = isinstance(data, dict) and str(data.get("status", "")).strip().lower() in _OVER
        return data | {"expired": True} if over else data

    @property
    def reserved(self) -> bool:
        """Whether it says, or nothing in it denies, that its places are held."""
        return not self.expired and self.status.strip().lower() in _RUNS


def _order_named(value: object) -> object:
    """The order that a reservation names, also by its id alone or at another host: it is asked for at our own."""
    if isinstance(value, Mapping) and "@id" not in value:
        value = value.get("id")
    if not isinstance(value, str):
        return value
    if _UUID.fullmatch(value):
        return f"{_ORDERS}{value}"
    named = _ORDER.fullmatch(value)
    return f"{_ORDERS}{named[1]}" if named else value


class ReservationNow(Resource):
    """What of a reservation tells whether it was ordered: read although all the rest of it cannot be.

    `order` is the one tie between an order and its reservation that every documented version has. Null alone says that
    there is none: nothing between quotes or brackets is not understood.
    """

    created_at: Maybe[Moment] = None
    expires_at: Deadline = None
    expired: Flag = False
    status: Line = ""
    order: Annotated[Iri | None, BeforeValidator(_order_named)] = None

    @property
    def says_null(self) -> bool:
        """Whether its order is null, and not merely nothing that can be read."""
        return self.order is None and "order" in self.model_fields_set and "order" not in self.odd

    @property
    def not_ordered(self) -> bool:
        """Whether it says that no order was made of it.

        Another status than the documented one, or a word for an end, may be one for "ordered".
        """
        return self.says_null and (self.over or self.status.strip().lower() in _RUNS)

    @property
    def over(self) -> bool:
        """Whether its places are gone, as far as it says so itself."""
        return self.expired or self.status.strip().lower() in _OVER


class Beneficiary(Model):
    """The person a ticket is made out to; personal data, kept out of `repr`."""

    firstname: Line = Field(default="", repr=False)
    lastname: Line = Field(default="", repr=False)
    title: Line = Field(default="", repr=False)
    nationality: Line = Field(default="", repr=False)
    date_of_birth: Line = Field(default="", repr=False)
    place_of_birth: Line = Field(default="", repr=False)
    email: Line = Field(default="", repr=False)
    phone: Line = Field(default="", repr=False)


class OrderTicket(Resource):
    """One ticket of an order, and whose details it still waits for (newer versions)."""

    voucher: Line = Field(default="", repr=False)
    occurs_at: Maybe[Moment] = None
    event: Maybe[EventName] = None
    required_beneficiary_fields: Listed[Line] = ()
    beneficiary: Told[Beneficiary] = None
    beneficiary_designation_deadline: Deadline = None
    beneficiary_amendable: Maybe[bool] = None
    status: Line = ""
    seating: Seat = Seating()


class OrderItem(Item):
    """One ordered line; `tickets` only in newer versions, `offer` and `offer_tickets` only in the tutorial's."""

    id: Line = ""
    offer: Maybe[Iri] = None
    tickets: Listed[OrderTicket] = ()


class Customer(Model):
    """Who an order is for, as the API gives it back; personal data, kept out of `repr`."""

    firstname: Line = Field(default="", repr=False)
    lastname: Line = Field(default="", repr=False)
    email: Line = Field(default="", repr=False)
    phone: Line = Field(default="", repr=False)
    country: Line = Field(default="", repr=False)
    language: Line = Field(default="", repr=False)
    optin: Maybe[bool] = Field(default=None, repr=False)
    title: Line = Field(default="", repr=False)


class Order(Resource):
    """What was bought. Little is required of it: an order that exists must be found, whatever else its answer lacks."""

    created_at: Maybe[Moment] = None
    catalog: Maybe[Iri] = None
    organization: Maybe[Iri] = None
    reference: Line = ""
    external_reference: Line = ""
    connector_reference: Line = ""
    total_amount_incl_tax: Maybe[Amount] = None
    total_amount_excl_tax: Maybe[Amount] = None
    reservation: Maybe[Iri] = None
    customer: Told[Customer] = None
    status: Line = ""
    cancelled_at: Maybe[Moment] = None
    documents: Listed[Iri] = ()
    items: Listed[OrderItem] = ()

    @model_validator(mode="before")
    @classmethod
    def _address_from_id(cls, data: Any) -> Any:
        """An order that exists is found by its id, where its address cannot be read."""
        if isinstance(data, dict) and isinstance(data.get("id"), str) and _ID.match(data["id"]):
            try:
                Iri.read(data)
            except ValueError:
                return {**data, "@id": f"/v1/booking/orders/{data['id']}"}
        return data

    @property
    def cancelled(self) -> bool:
        """Whether the API shows the order as cancelled: a state that is read, no call sets it.

        A moment says so where the status says nothing else: what is cancelled in part, or is to be, is not cancelled.
        """
        moment = self.cancelled_at is not None or "cancelledAt" in self.odd
        status = self.status.strip().lower()
        return status in ("cancelled", "canceled") or (moment and status in ("", "confirmed"))


class Document(Resource):
    """A file of an order; `downloadable_at` may be in the future, None is not known yet."""

    downloadable_at: Maybe[Moment] = None


class DocumentLink(Model):
    """A signed address with a short life of its own: ask again instead of keeping it; never send the token there."""

    temporary_url: Address = Field(repr=False)
    cached_language: Shown = ""
