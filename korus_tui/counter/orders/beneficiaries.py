"""Tickets that wait for their holder's data: which they are, and handing the data to the API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from korus_tui.api.errors import OutcomeUnknown
from korus_tui.api.models.base import Iri
from korus_tui.api.models.requests import BeneficiaryRequest
from korus_tui.counter.booking.convert import WAITING
from korus_tui.counter.catalog.catalogs import Catalogs
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.orders.holder_fields import as_sent
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Sale

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order, OrderItem, OrderTicket

_WIRE = {"dateOfBirth": "date_of_birth", "placeOfBirth": "place_of_birth"}


@dataclass(frozen=True, slots=True)
class HolderTicket:
    """A ticket that is made out to a person. `required` are the API's names of the fields that it asks for.

    `deadline` None: the API does not say; `amendable` None likewise. `holder` is the name that the API has.
    """

    iri: str
    order: str
    reference: str
    product: str
    day: date | None
    required: tuple[str, ...]
    waiting: bool
    deadline: datetime | None
    amendable: bool | None
    holder: str = ""


class Beneficiaries:
    """Holders of the tickets of a sale's orders. What was typed is kept here until the API has taken it."""

    def __init__(self, desk: Desk, line: Connection, clock: Clock, catalogs: Catalogs) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._catalogs = catalogs
        self.drafts: dict[str, dict[str, str]] = {}

    async def of(self, sale: Sale) -> tuple[HolderTicket, ...]:
        """The tickets of the sale's orders that ask for their holder, those that wait first. Raises ApiError."""
        self._desk.gate.must_be_somebody()
        found = await asyncio.gather(*(self._of_order(order.order) for order in sale.orders if not order.cancelled))
        tickets = [one for tickets in found for one in tickets]
        tickets.sort(key=lambda one: not one.waiting)
        return tuple(tickets)

    async def _of_order(self, iri: str) -> list[HolderTicket]:
        order = await self._line.ask(lambda client: client.booking.order_by_id(iri))
        return [
            self._ticket(order, item, ticket)
            for item in order.items
            for ticket in item.tickets
            if ticket.required_beneficiary_fields or ticket.status.lower() == WAITING
        ]

    def _ticket(self, order: Order, item: OrderItem, ticket: OrderTicket) -> HolderTicket:
        who = ticket.beneficiary
        content = self._catalogs.content
        product = content.product(item.product.id) if content and item.product else None
        return HolderTicket(
            iri=str(ticket.iri),
            order=str(order.iri),
            reference=order.reference,
            product=product.name if product else "",
            day=item.date,
            required=tuple(ticket.required_beneficiary_fields),
            waiting=ticket.status.lower() == WAITING,
            deadline=ticket.beneficiary_designation_deadline,
            amendable=ticket.beneficiary_amendable,
            holder=f"{who.firstname} {who.lastname}".strip() if who else "",
        )

    def too_late(self, ticket: HolderTicket) -> bool:
        """Whether the API's deadline for the holder has passed."""
        return ticket.deadline is not None and ticket.deadline <= self._clock.now()

    async def name(self, sale: Sale, ticket: HolderTicket, typed: Mapping[str, str], today: date) -> HolderTicket:
        """Hand the holder's data to the API; what was typed is kept until it is taken.

        An answer that is lost is looked up, never sent again by itself. Raises ApiError, and CounterError where the
        look-up shows that the data was not taken.
        """
        self._desk.gate.must_be_somebody()

        self.drafts[ticket.iri] = dict(typed)
        sent = {_WIRE.get(name, name): value for name, value in as_sent(typed, today).items()}
        person = BeneficiaryRequest(**sent)
        try:
            answer = await self._line.ask(lambda client: client.booking.set_beneficiary(Iri(ticket.iri), person))
        except OutcomeUnknown as error:
            answer = await self._line.ask(lambda client: client.booking.order_ticket(Iri(ticket.iri)))
            if answer.status.lower() == WAITING:
                what = _("No answer came, and the ticket still waits for its holder.")
                raise CounterError(
                    Problem(what, _("What you typed is kept."), _("‹beneficiaries.send› sends it again"))
                ) from error
        waiting = answer.status.lower() == WAITING
        if not waiting:
            self.drafts.pop(ticket.iri, None)
            await self._note(sale, ticket)
        holder = f"{person.firstname} {person.lastname}"
        return replace(ticket, waiting=waiting, holder=holder, amendable=answer.beneficiary_amendable)

    async def _note(self, sale: Sale, ticket: HolderTicket) -> None:
        """Record that a ticket waits no longer; a sale of another till has its record there."""
        if not any(ticket.iri in order.waiting_tickets for order in sale.orders):
            return
        try:
            await self._desk.record_after(sale.reference, e.TicketNamed(ticket.iri))
        except NotAllowed:
            return

    def forget(self, sale: Sale) -> None:
        """Drop what was typed for the tickets of a sale: its customer has gone."""
        orders = tuple(f"{order.order}/" for order in sale.orders)
        self.drafts = {iri: typed for iri, typed in self.drafts.items() if not iri.startswith(orders)}
