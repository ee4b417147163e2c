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
    Line,
    Listed,
    Maybe,
    Model,
    Moment,
    Name,
    Prose,
    Resource,
)


class Catalog(Resource):
    """What an organization may sell; usually there is one."""

    name: Name
    created_at: Maybe[Moment] = None
    last_synced_at: Maybe[Moment] = None


class Venue(Model):
    """Where it takes place; coordinates are the API's strings."""

    name: Line = ""
    line1: Line = ""
    line2: Line = ""
    postal_code: Line = ""
    city: Line = ""
    country: Line = ""
    phone: Line = ""
    website: Line = ""
    latitude: Line = ""
    longitude: Line = ""


class Medias(Model):
    """Addresses of pictures, as text: they are shown or listed, never fetched with a token."""

    logo: Label = ""
    gallery: Listed[Label] = ()


class ProductBase(Resource):
    """A group of products that differ by option values (release fields are empty or None in older versions)."""

    name: Name
    disabled: Flag = False
    description: Prose = ""
    short_description: Prose = ""
    terms_of_use: Prose = ""
    use_session: Maybe[bool] = None
    timezone: Line = ""
    recurring: Maybe[bool] = None
    beneficiary_info_may_be_required: Maybe[bool] = None
    instant_document_delivery: Maybe[bool] = None
    max_amount_per_order: Maybe[Count] = None
    universe: Line = ""
    venue: Maybe[Venue] = None
    medias: Maybe[Medias] = None


class OptionValue(Model):
    """One choice of an option, e.g. the price type "adult"."""

    iri: Maybe[Iri] = Field(default=None, alias="@id")
    code: Line = ""
    label: Line = Field(default="", validation_alias=AliasChoices("label", "name", "value"))


class Option(Model):
    """What products of a base differ by: seating_category, zone, price_type or days_count."""

    iri: Maybe[Iri] = Field(default=None, alias="@id")
    code: Name
    label: Line = Field(default="", validation_alias=AliasChoices("label", "name"))
    values: Listed[Embedded[OptionValue]] = ()


class Product(Resource):
    """One combination of option values; in the tutorial, the whole of what is sold."""

    name: Name
    description: Prose = ""
    disabled: Flag = False
    product_base: Maybe[Iri] = None
    option_values: Listed[Embedded[OptionValue]] = ()


class Event(Resource):
    """What sessions are sessions of (tutorial and dev versions)."""

    name: Line = ""
    description: Prose = ""


class Session(Resource):
    """One time at which a ticket is valid; `available_quantity` None means no known limit."""

    occurs_at: Moment
    duration: Label = ""
    available_quantity: Maybe[Count] = None
    event: Maybe[Embedded[Event]] = None


class SessionAvailability(Model):
    """Places left at a session, asked in real time; `session` is None in that session's own answer."""

    session: Maybe[Iri] = None
    available_quantity: Maybe[Count] = None


class Price(Model):
    """Amounts in units of `currency` (upper case); the original amount is the one before a reduction."""

    amount_incl_tax: Amount
    amount_excl_tax: Maybe[Amount] = None
    original_amount_incl_tax: Maybe[Amount] = None
    currency: Currency
    sync_at: Maybe[Moment] = None


def _embedded_only(value: object) -> object:
    """Bare addresses of sessions say no more than the call that lists them: leave them to that call."""
    return [item for item in value if not isinstance(item, str)] if isinstance(value, list) else value


class OfferTicket(Resource):
    """One ticket of an offer; `date_access` True needs no session, False needs one, None is not said here."""

    name: Line = ""
    description: Prose = ""
    date_access: Maybe[bool] = None
    sessions: Annotated[Listed[Session], BeforeValidator(_embedded_only)] = ()
    form: Maybe[Iri] = None


class Offer(Resource):
    """A product on a day, or undated; `available_quantity` None means no known limit unless a check is required."""

    date: Maybe[Day] = None
    available_quantity: Maybe[Count] = None
    availability_check_required: Maybe[bool] = None
    realtime_price_required: Flag = False
    price: Maybe[Price] = None
    product: Embedded[Product]
    tickets: Listed[OfferTicket] = ()

    @model_validator(mode="before")
    @classmethod
    def _tickets_embedded(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {**data, "tickets": _embedded_only(data.get("tickets"))}
        return data

    @property
    def product_iri(self) -> Iri:
        """The product's address, embedded or not."""
        return self.product if isinstance(self.product, Iri) else self.product.iri


class OfferAvailability(Model):
    """Places left in an offer and in its sessions, asked in real time."""

    available_quantity: Maybe[Count] = None
    sessions_availability: Listed[SessionAvailability] = ()


def _as_choice(value: object) -> object:
    return value if isinstance(value, dict) else {"value": value, "label": value}


class FormChoice(Model):
    """One value a choice field takes; the label is what to show."""

    value: Exact
    label: Line = ""


class FormField(Model):
    """One question about a ticket's holder; `type` is one of the documented field types."""

    iri: Iri = Field(alias="@id")
    code: Line = ""
    label: Line = Field(default="", validation_alias=AliasChoices("label", "name"))
    type: Line = "text"
    required: Flag = False
    choices: Listed[Annotated[FormChoice, BeforeValidator(_as_choice)]] = ()


class Form(Resource):
    """The questions that must be answered to reserve a ticket."""

    code: Line = ""
    fields: Listed[FormField] = ()
