"""What is true at the second world's server: what is sold, what is held, what is ordered, and by whom."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

# As in the tutorial's payloads: catalog, organization, products, the offer of 2025-06-07, its tickets, event, sessions.
CATALOG = "0194abdc-3a71-72b0-a9b9-89d4be0cd73e"
ORGANIZATION = "0194abdc-3a79-7ec3-b1b9-a1f291de587d"
SHOW = "0194abfe-1c04-7ade-9bc3-dbcfefb12652"
DAY = "0194abfe-1bdb-7b12-af59-ad81ae443689"
CHILD = "0194abfe-1bdb-7b12-af59-ad81ae44368a"
EVENT = "2aa6ca51-5193-47db-9e27-0aeefdc0d381"
SALE_DAYS = (date(2025, 6, 7), date(2025, 6, 14), date(2025, 6, 21))
START = datetime(2025, 1, 30, 9, tzinfo=UTC)


_numbers = itertools.count(1)


def new_id() -> str:
    """An id of version 7's form that no other thing in this process has."""
    number = next(_numbers)
    return f"0196{number >> 16:04x}-{number & 0xFFFF:04x}-7000-8000-{number:012x}"


class Refused(Exception):
    """A call that does not fit: what to blame, as (propertyPath, message, code)."""

    def __init__(self, *violations: tuple[str, str, str]) -> None:
        super().__init__(violations)
        self.violations = violations


@dataclass
class Session:
    """A time at which a ticket is valid."""

    id: str
    occurs_at: str
    places: int | None = 56


@dataclass
class Ticket:
    """A ticket of an offer; one without sessions is a full day. `listed` is its other id, in the offers' list of T."""

    id: str
    name: str
    sessions: list[Session] = field(default_factory=list)
    listed: str = ""


@dataclass
class Offer:
    """A product on a day."""

    id: str
    product: str
    day: date
    price: Decimal
    tickets: list[Ticket]
    places: int | None = 1500


@dataclass
class Item:
    """One item of a hold call: an offer, how many people, and the session of each ticket (None: full day)."""

    offer: Offer
    quantity: int
    sessions: dict[str, str | None]

    @property
    def amount(self) -> Decimal:
        return self.offer.price * self.quantity


@dataclass
class Reservation:
    """Places kept for somebody: `by` is the account or `shop`, `order` the first order made of it."""

    id: str
    made: datetime
    ends: datetime
    items: list[Item]
    by: str
    organization: str = ORGANIZATION
    order: str | None = None
    released: bool = False
    prices: list[Decimal] = field(default_factory=list)  # of one person, an item each, as at the hold

    @property
    def people(self) -> int:
        return sum(item.quantity for item in self.items)

    @property
    def amount(self) -> Decimal:
        return sum((price * item.quantity for price, item in zip(self.prices, self.items, strict=True)), Decimal(0))


@dataclass
class Order:
    """An order of one reservation."""

    id: str
    reference: str
    external_reference: str | None
    reservation: Reservation
    made: datetime
    amount: Decimal
    customer: dict[str, object]
    cancelled: datetime | None = None
    documents: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)  # ids, one a place
    tickets: list[list[str]] = field(default_factory=list)  # ids, by place


class Truth:
    """The server's memory. Places are never counted down: what is free follows from what is held and ordered."""

    def __init__(self, hold_seconds: float = 900) -> None:
        self.hold_seconds = hold_seconds
        self.currency = "EUR"
        self.products: dict[str, str] = {
            DAY: "Puy du Fou 1 jour Adulte",
            SHOW: "Puy du Fou 1 jour Adulte + Cinéscénie Argent",
            CHILD: "Puy du Fou 1 jour Enfant",
        }
        self.offers: dict[str, Offer] = {}
        self.reservations: dict[str, Reservation] = {}
        self.orders: dict[str, Order] = {}
        self.grouped = False  # one reservation for all items of a call, not one an item
        self.orders_twice = False  # a reservation may be ordered again
        self.sold_elsewhere: dict[str, int] = {}
        self._begin()

    def _begin(self) -> None:
        for day in SALE_DAYS:
            known = day == SALE_DAYS[0]
            evening = [(17, "ff23a5a2-a53f-43b9-a530-d84a61386449"), (20, "337177bc-e513-444f-bcee-49a3e25b48a3")]
            sessions = [
                Session(one if known else new_id(), f"{day.isoformat()}T{hour}:00:00+02:00") for hour, one in evening
            ]
            show = [
                Ticket("0194ac40-fda7-78c1-8fcb-26fc2e2612d4" if known else new_id(), "Puy du Fou Adulte"),
                Ticket(
                    "7522b8de-37a2-458d-b099-6d515b0739be" if known else new_id(),
                    "Cinéscénie Adulte - Argent",
                    sessions,
                    "0194ac40-fda8-739e-8d03-57f30adf4660" if known else new_id(),
                ),
            ]
            self.sell(SHOW, day, "87.00", show, "0194ac40-fda7-78c1-8fcb-26fc2df25894" if known else "")
            self.sell(DAY, day, "40.00", [Ticket(new_id(), "Puy du Fou Adulte")])
            self.sell(CHILD, day, "28.00", [Ticket(new_id(), "Puy du Fou Enfant")])

    def sell(self, product: str, day: date, price: str, tickets: list[Ticket], offer: str = "") -> Offer:
        """Offer a product on a day."""
        made = Offer(offer or new_id(), product, day, Decimal(price), tickets)
        self.offers[made.id] = made
        return made

    def offer(self, product: str, day: date = SALE_DAYS[0]) -> Offer:
        """The product's offer of the day."""
        return next(one for one in self.offers.values() if (one.product, one.day) == (product, day))

    def session(self, session_id: str) -> Session | None:
        """Any offer's session."""
        every = (one for offer in self.offers.values() for ticket in offer.tickets for one in ticket.sessions)
        return next((one for one in every if one.id == session_id), None)

    # Places

    def lives(self, reservation: Reservation, now: datetime) -> bool:
        """Whether it still keeps its places without an order."""
        return not reservation.order and not reservation.released and now < reservation.ends

    def takes(self, reservation: Reservation, now: datetime) -> bool:
        """Whether its places are gone for others: held, or ordered and not cancelled."""
        ordered = any(one.reservation is reservation and not one.cancelled for one in self.orders.values())
        return ordered or self.lives(reservation, now)

    def taken(self, pool: str, now: datetime) -> int:
        """People at an offer or session (id)."""
        people = self.sold_elsewhere.get(pool, 0)
        for reservation in self.reservations.values():
            if self.takes(reservation, now):
                people += sum(
                    item.quantity for item in reservation.items if pool in {item.offer.id, *item.sessions.values()}
                )
        return people

    def free(self, pool: str, now: datetime) -> int | None:
        """Places left at an offer or session; None where there is no limit."""
        session = self.session(pool)
        places = session.places if session else self.offers[pool].places
        return None if places is None else max(0, places - self.taken(pool, now))

    # Calls

    def hold(self, items: list[Item], by: str, now: datetime, organization: str = ORGANIZATION) -> list[Item]:
        """Hold what can be held, newest last in `reservations`; the items that cannot."""
        failed: list[Item] = []
        held: list[Item] = []
        for item in items:
            pools = (item.offer.id, *(one for one in item.sessions.values() if one))
            there = [self.free(pool, now) for pool in pools]
            waiting = sum(one.quantity for one in held if one.offer is item.offer) if self.grouped else 0
            if any(one is not None and one < item.quantity + waiting for one in there):
                failed.append(item)
                continue
            held.append(item)
            if not self.grouped:
                self._keep([item], by, now, organization)
        if self.grouped and held:
            self._keep(held, by, now, organization)
        return failed

    def _keep(self, items: list[Item], by: str, now: datetime, organization: str) -> Reservation:
        made = Reservation(
            new_id(), now.replace(microsecond=0), now.replace(microsecond=0), items, by, organization=organization
        )
        made.ends += timedelta(seconds=self.hold_seconds)
        made.prices = [item.offer.price for item in items]
        self.reservations[made.id] = made
        return made

    def order(
        self, reservations: list[str], customer: dict[str, object], external_reference: str | None, now: datetime
    ) -> list[Order]:
        """Order them all; Refused where one cannot be, then none is."""
        blamed: list[tuple[str, str, str]] = []
        for index, one in enumerate(reservations):
            found = self.reservations.get(one)
            if found is None:
                blamed.append((f"reservations[{index}]", "La réservation n'existe pas", "unknown"))
            elif found.order and not self.orders_twice:
                blamed.append((f"reservations[{index}]", "La réservation est déjà commandée", "ordered"))
            elif not found.order and not self.lives(found, now):
                code = "d53a91b0-def3-426a-83d7-269da7ab4200"
                blamed.append((f"reservations[{index}].expired", "La réservation a expiré", code))
        if blamed:
            raise Refused(*blamed)
        return [self.book(self.reservations[one], external_reference, now, customer) for one in reservations]

    def book(
        self,
        reservation: Reservation,
        external_reference: str | None,
        now: datetime,
        customer: dict[str, object] | None = None,
    ) -> Order:
        """An order of the reservation, whatever stands against it; the reservation names its first one."""
        number = new_id()
        places = [new_id() for item in reservation.items for _ in range(item.quantity)]
        tickets = [[new_id() for _ in item.sessions] for item in reservation.items for _ in range(item.quantity)]
        made = Order(
            number,
            f"KT-ORD-{number.rpartition('-')[2].upper()}",
            external_reference,
            reservation,
            now.replace(microsecond=0),
            reservation.amount,
            customer or {},
            documents=[new_id()],
            items=places,
            tickets=tickets,
        )
        self.orders[made.id] = made
        reservation.order = reservation.order or made.id
        return made
