"""What is sent: values that write themselves as the API's JSON. Personal data stays out of `repr`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from korus_tui.api.models.base import Iri


@dataclass(frozen=True)
class FormValue:
    """The answer to one question, always a string: "true", "3", "2.99", "2025-01-01", "07:30", a choice's value."""

    field: Iri
    value: str


@dataclass(frozen=True)
class FormData:
    """The answers to a ticket's form."""

    form: Iri
    fields: tuple[FormValue, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """As the reservation call takes it."""
        return {"form": self.form, "fields": [{"field": one.field, "value": one.value} for one in self.fields]}


@dataclass(frozen=True)
class TicketSession:
    """The session chosen for one ticket; none for full-day access."""

    ticket: Iri
    session: Iri | None = None
    form_data: FormData | None = None

    def to_json(self) -> dict[str, Any]:
        """As the reservation call takes it: what is not chosen is left out."""
        wire: dict[str, Any] = {"ticket": self.ticket}
        if self.session is not None:
            wire["session"] = self.session
        if self.form_data is not None:
            wire["formData"] = self.form_data.to_json()
        return wire


@dataclass(frozen=True)
class ReservationItemRequest:
    """One line to hold; people of one product at two sessions are two lines."""

    quantity: int
    offer: Iri
    ticket_sessions: tuple[TicketSession, ...] = ()

    def to_json(self) -> dict[str, Any]:
        sessions = [one.to_json() for one in self.ticket_sessions]
        return {"quantity": self.quantity, "offer": self.offer, "ticketSessions": sessions}


@dataclass(frozen=True)
class CustomerRequest:
    """Who an order is for: names and e-mail are required by the API, `country` is ISO 3166 alpha-2."""

    firstname: str = field(repr=False)
    lastname: str = field(repr=False)
    email: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    country: str | None = field(default=None, repr=False)
    language: str | None = field(default=None, repr=False)
    optin: bool | None = field(default=None, repr=False)
    title: str | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """As the order call takes it: what is not known is left out."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class BeneficiaryRequest:
    """The person a ticket is made out to; `nationality` is alpha-2, `date_of_birth` YYYY-MM-DD."""

    firstname: str = field(repr=False)
    lastname: str = field(repr=False)
    title: str | None = field(default=None, repr=False)
    nationality: str | None = field(default=None, repr=False)
    date_of_birth: str | None = field(default=None, repr=False)
    place_of_birth: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """As the ticket's PATCH takes it."""
        wire = {"date_of_birth": "dateOfBirth", "place_of_birth": "placeOfBirth"}
        return {wire.get(name, name): value for name, value in vars(self).items() if value is not None}
