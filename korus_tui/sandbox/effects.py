"""Holds places and makes orders: the effects of the two bulk calls, atomic because one event loop runs them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from korus_tui.sandbox import tutorial
from korus_tui.sandbox.clock import stamp
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.data.messages import code_of, words
from korus_tui.sandbox.reservation_reader import Line, Pick
from korus_tui.sandbox.shapes import BookingViews, money, waits
from korus_tui.sandbox.state import Item, Order, OrderTicket, Reservation, Seat

NAMING_DAYS = 14  # days after an order in which a ticket's holder can be named


@dataclass
class Refusals:
    """Which items of a call the issuer's system refuses, and the shape in which that is told (a fault switch)."""

    indexes: tuple[int, ...] = ()
    shape: Any = "object"
    why: str = "issuer"
    told: list[Any] = field(default_factory=list)

    def tell(self, name: str, iri: str, quantity: int, reason: str, language: str) -> None:
        """Notes one failed item: an object, a bare IRI, an empty object, one without a name, or any JSON given."""
        entry = {name: iri, "quantity": quantity, "reason": words(reason, language), "code": code_of(reason)}
        if self.shape == "object":
            self.told.append(entry)
        elif self.shape == "iri":
            self.told.append(iri)
        elif self.shape == "empty":
            self.told.append({})
        elif self.shape == "nameless":
            self.told.append({key: value for key, value in entry.items() if key != name})
        else:
            self.told.append(self.shape)


def new_id(now: float) -> str:
    """A fresh UUID of version 7: milliseconds of the sandbox's clock, then chance."""
    head, tail = f"{int(now * 1000):012x}", secrets.token_hex(10)
    return f"{head[:8]}-{head[8:12]}-7{tail[:3]}-{'89ab'[secrets.randbelow(4)]}{tail[3:6]}-{tail[6:18]}"


class Desk:
    """The effects on one sandbox's state."""

    def __init__(self, box: Context) -> None:
        self._box = box

    def hold(self, lines: list[Line], refusals: Refusals, language: str) -> list[Reservation]:
        """Holds each line by itself; what cannot be held is told to `refusals`."""
        made = []
        for index, line in enumerate(lines):
            if index in refusals.indexes:
                refusals.tell("offer", line.offer.iri, line.quantity, refusals.why, language)
            elif self._short(line):
                refusals.tell("offer", line.offer.iri, line.quantity, "sold_out", language)
            else:
                reservation = self._reservation(line, language)
                self._box.state.hold(reservation)
                made.append(reservation)
        return made

    def _short(self, line: Line) -> bool:
        stock = self._box.stock
        left = [stock.left(line.offer), *(stock.session_left(session) for session in line.sessions)]
        return any(one is not None and one < line.quantity for one in left)

    def _reservation(self, line: Line, language: str) -> Reservation:
        now, offer = self._box.state.now(), line.offer
        base, unit = offer.product.entry.base, self._box.stock.price(offer, "held")
        pools = [session.id for session in line.sessions]
        if self._box.stock.capacity(offer) is not None:
            pools.append(offer.id)
        fields = list(base.beneficiary_fields) if self._box.generation.has("order_ticket") else []
        item = Item(
            offer=offer.iri,
            product=offer.product.iri,
            product_name=offer.product.name.say(language),
            day=offer.day.isoformat() if offer.day else None,
            quantity=line.quantity,
            unit=money(unit),
            tax=base.tax,
            seats=[self._seat(pick, line.quantity, language) for pick in line.picks],
            pools=pools,
            beneficiary_fields=fields,
            amendable=all(choice.code != "child" for _, choice in offer.product.choices),
        )
        reservation = Reservation(
            id=new_id(now),
            created=now,
            expires=now + self._box.options.hold_seconds,
            catalog=offer.product.entry.catalog.iri,
            total=money(unit * line.quantity),
            currency=offer.product.entry.catalog.table.currency,
            item=item,
        )
        return self._as_in_tutorial(reservation, line)

    def _as_in_tutorial(self, reservation: Reservation, line: Line) -> Reservation:
        """The tutorial's own first hold, with its id, moment and amounts, where it is replayed."""
        fresh = tutorial.FIRST_RESERVATION not in self._box.state.reservations
        same = line.offer.id == tutorial.OFFER and line.quantity == 1
        late = [session.id for session in line.sessions] == [tutorial.LATE_SESSION]
        if self._box.replays_tutorial and fresh and same and late:
            reservation.id, reservation.scripted = tutorial.FIRST_RESERVATION, True
            reservation.created = tutorial.START.timestamp()
            reservation.expires = reservation.created + self._box.options.hold_seconds
            reservation.total, reservation.item.unit = "80.00", "42.32"
        return reservation

    def _seat(self, pick: Pick, people: int, language: str) -> Seat:
        session, row = pick.session, pick.ticket.part.row
        return Seat(
            ticket=pick.ticket.iri,
            name=pick.ticket.name.say(language),
            session=session.iri if session else None,
            other_session=session.ticket_iri if session else None,
            occurs_at=session.occurs_at.isoformat() if session else None,
            form_data=pick.form_data,
            row=row,
            first=self._free(session.occurs_at.isoformat(), people) if session and row else 0,
        )

    def _free(self, at: str, people: int) -> int:
        """The first of so many free seats of that hour, one after the other, wherever a row ends."""
        taken: set[int] = set()
        for one in self._box.state.reservations.values():
            if one.order or not BookingViews(self._box).expired(one):
                for seat in one.item.seats:
                    if seat.row and seat.occurs_at == at:
                        taken.update(range(seat.first, seat.first + one.item.quantity))
        return next(first for first in range(len(taken) + people) if taken.isdisjoint(range(first, first + people)))

    def order(
        self, reservations: list[Reservation], buyer: dict[str, Any], external: str | None, notes: str | None
    ) -> list[Order]:
        """One order a reservation, all or none."""
        made: list[Order] = []
        for reservation in reservations:
            made.append(self._order(reservation, buyer, external, notes, {order.reference for order in made}))
        self._box.state.commit(made)
        return made

    def _order(
        self, held: Reservation, buyer: dict[str, Any], external: str | None, notes: str | None, taken: set[str]
    ) -> Order:
        now, item = self._box.state.now(), held.item
        unit = self._box.stock.moved.get((item.offer.rsplit("/", 1)[-1], "ordered"), Decimal(item.unit))
        places = [(place, seat) for place in range(item.quantity) for seat in range(len(item.seats))]
        order = Order(
            id=new_id(now),
            created=now,
            reference=self._reference(now, taken),
            reservation=held.id,
            customer=buyer,
            external_reference=external,
            notes=notes,
            document_id=new_id(now),
            tickets=[OrderTicket(new_id(now), place, seat) for place, seat in places],
            unit=money(unit),
            downloadable=None,
        )
        if item.beneficiary_fields:
            deadline = self._box.clock.now() + timedelta(days=NAMING_DAYS)
            item.beneficiary_deadline = stamp(deadline)
        self.release_documents(order, item)
        if held.id == tutorial.ORDERED_RESERVATION:
            order.id, order.reference, order.scripted = tutorial.ORDER, tutorial.ORDER_REFERENCE, True
            order.document_id, order.created = tutorial.DOCUMENT, tutorial.ORDERED_AT.timestamp()
        return order

    def release_documents(self, order: Order, item: Item) -> None:
        """Documents can be had a little after everything about every ticket's holder is known."""
        if order.downloadable is None and not any(waits(item, ticket) for ticket in order.tickets):
            order.downloadable = self._box.state.now() + self._box.options.document_delay

    def _reference(self, now: float, taken: set[str]) -> str:
        """Like the tutorial's: seconds and a count, in hexadecimal; `taken` are those of the same call."""
        used = {order.reference for order in self._box.state.orders.values()} | taken
        part = int(now % 1 * 1_000_000)
        while (text := f"KT-ORD-{int(now):08X}{part:05X}") in used:
            part += 1
        return text
