"""What can be sold: catalogs, product bases, products, offers, tickets, sessions, forms (docs/api.md, Ticketing)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from korus_tui.api.models.base import (
    Amount,
    Count,
    Currency,
    Day,
    Embedded,
    Exact,
    Flag,
    Iri,
    Label,
    Listed,
    Loose,
    LooseList,
    Maybe,
    Model,
    Moment,
    Name,
    Prose,
    Resource,
    Shown,
    count_of,
)


class Catalog(Resource):
    """What an organization may sell; usually there is one."""

    name: Name
    created_at: Loose[Moment] = None
    last_synced_at: Loose[Moment] = None


class Venue(Model):
    """Where it takes place; coordinates are the API's strings."""

    name: Shown = ""
    line1: Shown = ""
    line2: Shown = ""
    postal_code: Shown = ""
    city: Shown = ""
    country: Shown = ""
    phone: Shown = ""
    website: Shown = ""
    latitude: Shown = ""
    longitude: Shown = ""


class Medias(Model):
    """Addresses of pictures, as text: they are shown or listed, never fetched with a token."""

    logo: Label = ""
    gallery: LooseList[Label] = ()


class ProductBase(Resource):
    """A group of products that differ by option values (release fields are empty or None in older versions)."""

    name: Name
    disabled: Flag = False
    description: Prose = ""
    short_description: Prose = ""
    terms_of_use: Prose = ""
    use_session: Loose[bool] = None
    timezone: Shown = ""
    recurring: Loose[bool] = None
    beneficiary_info_may_be_required: Loose[bool] = None
    instant_document_delivery: Loose[bool] = None
    max_amount_per_order: Loose[Count] = None
    universe: Shown = ""
    venue: Loose[Venue] = None
    medias: Loose[Medias] = None


class OptionValue(Model):
    """One choice of an option, e.g. the price type "adult"."""

    iri: Loose[Iri] = Field(default=None, alias="@id")
    code: Shown = ""
    label: Shown = Field(default="", validation_alias=AliasChoices("label", "name", "value"))


class Option(Model):
    """What products of a base differ by: seating_category, zone, price_type or days_count."""

    iri: Loose[Iri] = Field(default=None, alias="@id")
    code: Name
    label: Shown = Field(default="", validation_alias=AliasChoices("label", "name"))
    values: LooseList[Loose[Embedded[OptionValue]]] = ()


class Product(Resource):
    """One combination of option values; in the tutorial, the whole of what is sold."""

    name: Name
    description: Prose = ""
    disabled: Flag = False
    product_base: Loose[Iri] = None
    option_values: LooseList[Loose[Embedded[OptionValue]]] = ()


class Event(Resource):
    """What sessions are sessions of (tutorial and dev versions)."""

    name: Shown = ""
    description: Prose = ""


# The documents show an embedded event, or none; its address and its name alone are read too.
EventName = Annotated[Event | Iri | Label, Field(union_mode="left_to_right")]


def _without_odd_places(data: Any) -> Any:
    """Places that cannot be read are unknown, as if they were missing: null alone says that there is no limit."""
    written = data.get("availableQuantity") if isinstance(data, dict) else None
    if written is None:
        return data
    try:
        count_of(written)
    except ValueError:
        return {name: one for name, one in data.items() if name != "availableQuantity"}
    return data


class Session(Resource):
    """One time at which a ticket is valid; `available_quantity` None means no known limit where `says_places`."""

    occurs_at: Moment
    duration: Label = ""
    available_quantity: Loose[Count] = None
    event: Loose[EventName] = None

    @model_validator(mode="before")
    @classmethod
    def _readable_places(cls, data: Any) -> Any:
        return _without_odd_places(data)

    @property
    def says_places(self) -> bool:
        """Whether it says how many places are left, or by null that there is no limit."""
        return "available_quantity" in self.model_fields_set


class SessionAvailability(Model):
    """Places left at a session, asked in real time; `session` is None in that session's own answer."""

    session: Loose[Iri] = None
    available_quantity: Loose[Count] = None


class Price(Model):
    """Amounts in units of `currency` (upper case); the original amount is the one before a reduction."""

    amount_incl_tax: Amount
    amount_excl_tax: Loose[Amount] = None
    original_amount_incl_tax: Loose[Amount] = None
    currency: Currency
    sync_at: Loose[Moment] = None


def _embedded_only(value: object) -> object:
    """Bare addresses of sessions say no more than the call that lists them: leave them to that call."""
    return [item for item in value if not isinstance(item, str)] if isinstance(value, list) else value


class OfferTicket(Resource):
    """One ticket of an offer; `date_access` True needs no session, False needs one, None is not said here."""

    name: Shown = ""
    description: Prose = ""
    date_access: Loose[bool] = None
    sessions: Annotated[Listed[Session], BeforeValidator(_embedded_only)] = ()
    form: Loose[Iri] = None


class Offer(Resource):
    """A product on a day, or undated; `available_quantity` None means no known limit where `says_places`."""

    date: Maybe[Day] = None
    available_quantity: Loose[Count] = None
    availability_check_required: Loose[bool] = None
    realtime_price_required: Flag = False
    price: Loose[Price] = None
    product: Embedded[Product]
    tickets: LooseList[OfferTicket] = ()

    @model_validator(mode="before")
    @classmethod
    def _tickets_embedded(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {**_without_odd_places(data), "tickets": _embedded_only(data.get("tickets"))}
        return data

    @property
    def says_places(self) -> bool:
        """Whether it says how many places are left, or that there is no limit: by null, or as no check is required."""
        if self.availability_check_required is None:
            return "available_quantity" in self.model_fields_set
        return not self.availability_check_required or self.available_quantity is not None

    @property
    def product_iri(self) -> Iri:
        """The product's address, embedded or not."""
        return self.product if isinstance(self.product, Iri) else self.product.iri


class OfferAvailability(Model):
    """Places left in an offer and in its sessions, asked in real time."""

    available_quantity: Loose[Count] = None
    sessions_availability: LooseList[Loose[SessionAvailability]] = ()


def _as_choice(value: object) -> object:
    return value if isinstance(value, dict) else {"value": value, "label": value}


class FormChoice(Model):
    """One value a choice field takes; the label is what to show.

    No document shows a choice that is an object: what names it takes the place of a missing `value`.
    """

    value: Exact = Field(validation_alias=AliasChoices("value", "code", "id", "label", "name"))
    label: Shown = Field(default="", validation_alias=AliasChoices("label", "name"))


class FormField(Model):
    """One question about a ticket's holder; `type` is one of the documented field types."""

    iri: Iri = Field(alias="@id")
    code: Shown = ""
    label: Shown = Field(default="", validation_alias=AliasChoices("label", "name"))
    type: Shown = "text"
    required: Flag = False
    choices: Listed[Annotated[FormChoice, BeforeValidator(_as_choice)]] = ()


class Form(Resource):
    """The questions that must be answered to reserve a ticket."""

    code: Shown = ""
    fields: Listed[FormField] = ()
