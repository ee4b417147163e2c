"""What has been held, ordered and sold: the sandbox's only changing state."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from korus_tui.sandbox.clock import SandboxClock


@dataclass
class Seat:
    """One ticket of an item: IRIs of the offer's ticket and of its session, and when that session is."""

    ticket: str
    name: str = ""
    session: str | None = None
    other_session: str | None = None
    occurs_at: str | None = None
    form_data: dict[str, Any] | None = None
    row: int = 0  # seats in a row of the house; 0: none is numbered
    first: int = 0  # the seat of the item's first person, counted through the house


@dataclass
class Item:
    """One line of a reservation; amounts are strings of major units with two decimals, tax is a percentage."""

    offer: str
    product: str
    product_name: str
    day: str | None
    quantity: int
    unit: str
    tax: str
    seats: list[Seat]
    pools: list[str] = field(default_factory=list)
    beneficiary_fields: list[str] = field(default_factory=list)
    beneficiary_deadline: str | None = None
    amendable: bool = True


@dataclass
class Reservation:
    """A hold with its own end; moments are POSIX seconds of the sandbox's clock."""

    id: str
    created: float
    expires: float
    catalog: str
    total: str
    currency: str
    item: Item
    order: str | None = None
    lapsed: bool = False
    scripted: bool = False


@dataclass
class OrderTicket:
    """One ticket of an order: the `seat`-th ticket of the offer, for the person of the `place`-th place."""

    id: str
    place: int
    seat: int
    beneficiary: dict[str, str] | None = None


@dataclass
class Order:
    """An order of one reservation, with its tickets and the moment from which its documents can be had."""

    id: str
    created: float
    reference: str
    reservation: str
    customer: dict[str, Any]
    external_reference: str | None
    notes: str | None
    document_id: str
    tickets: list[OrderTicket]
    unit: str
    downloadable: float | None
    cancelled: float | None = None
    scripted: bool = False


class State:
    """Reservations, orders and places taken, kept in memory and, if asked, in a file."""

    def __init__(self, clock: SandboxClock, listing_seconds: float, file: Path | None = None) -> None:
        self._clock, self._listing_seconds, self._file = clock, listing_seconds, file
        self.reservations: dict[str, Reservation] = {}
        self.orders: dict[str, Order] = {}
        self.taken: Counter[str] = Counter()  # places by pool (offer or session id), held and ordered
        self._sold: Counter[str] = Counter()  # places sold by others, never given back
        self._live: set[str] = set()
        self._listed: tuple[float, dict[str, int]] = (float("-inf"), {})
        if file is not None and file.is_file():
            self._load(json.loads(file.read_text(encoding="utf-8")))

    def now(self) -> float:
        """POSIX seconds of the sandbox's clock."""
        return self._clock.now().timestamp()

    def sweep(self) -> None:
        """Gives back the places of every hold whose end has come."""
        now = self.now()
        for key in [key for key in self._live if self.reservations[key].expires <= now]:
            self.lapse(key)

    def lapse(self, key: str) -> None:
        """Ends a hold and gives its places back; an ordered or already lapsed one is left alone."""
        if key not in self._live:
            return
        self._live.remove(key)
        reservation = self.reservations[key]
        reservation.lapsed = True
        for pool in reservation.item.pools:
            self.taken[pool] -= reservation.item.quantity
        self.save()

    def put_off(self, seconds: float) -> None:
        """Documents that are not there yet come so much later."""
        for order in self.orders.values():
            if order.downloadable is not None and order.downloadable > self.now():
                order.downloadable += seconds
        self.save()

    def hold(self, reservation: Reservation) -> None:
        """Takes the reservation's places."""
        self.reservations[reservation.id] = reservation
        self._live.add(reservation.id)
        for pool in reservation.item.pools:
            self.taken[pool] += reservation.item.quantity
        self.save()

    def commit(self, orders: list[Order]) -> None:
        """Turns the orders' reservations into places taken for good."""
        for order in orders:
            self.orders[order.id] = order
            self.reservations[order.reservation].order = order.id
            self._live.discard(order.reservation)
        self.save()

    def sell(self, pool: str, quantity: int) -> None:
        """Takes places as if somebody elsewhere had bought them; a negative quantity puts places back on sale."""
        self._sold[pool] += quantity
        self.taken[pool] += quantity
        self.save()

    def listed_taken(self, pool: str) -> int:
        """Places taken as lists know it: a snapshot that is renewed only every few seconds."""
        now = self.now()
        if not 0 <= now - self._listed[0] < self._listing_seconds:
            self._listed = (now, dict(self.taken))
        return self._listed[1].get(pool, 0)

    def save(self) -> None:
        """Writes everything to the file, whole or not at all."""
        if self._file is None:
            return
        content = {
            "reservations": [asdict(reservation) for reservation in self.reservations.values()],
            "orders": [asdict(order) for order in self.orders.values()],
            "sold": dict(self._sold),
        }
        scratch = self._file.with_name(self._file.name + ".new")
        scratch.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        scratch.replace(self._file)

    def _load(self, content: dict[str, Any]) -> None:
        for record in content["reservations"]:
            item = record.pop("item")
            seats = [Seat(**seat) for seat in item.pop("seats")]
            reservation = Reservation(**record, item=Item(**item, seats=seats))
            self.reservations[reservation.id] = reservation
            if reservation.lapsed:
                continue
            if reservation.order is None:
                self._live.add(reservation.id)
            for pool in reservation.item.pools:
                self.taken[pool] += reservation.item.quantity
        for record in content["orders"]:
            tickets = [OrderTicket(**ticket) for ticket in record.pop("tickets")]
            order = Order(**record, tickets=tickets)
            self.orders[order.id] = order
        for pool, quantity in content["sold"].items():
            self._sold[pool] = quantity
            self.taken[pool] += quantity
