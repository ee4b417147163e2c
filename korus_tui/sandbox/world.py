"""The catalog as objects, made on demand and always the same for a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import product as combinations
from zoneinfo import ZoneInfo

from korus_tui.sandbox.clock import SandboxClock
from korus_tui.sandbox.data import museum, park
from korus_tui.sandbox.data.types import Base, CatalogTable, Choice, Part, Text, make_id
from korus_tui.sandbox.tutorial import DAY_PRODUCT, OFFER_DAY, SHOW_PRODUCT

DAYS_AHEAD = 400
DAYS_BEHIND = 7  # offers of the last days are still found by id, so that a fresh order can be looked at


def draw(*parts: object) -> float:
    """A number in [0, 1) that depends on `parts` alone."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


@dataclass(frozen=True)
class Catalog:
    """One catalog and its time zone."""

    id: str
    table: CatalogTable
    zone: ZoneInfo

    @property
    def iri(self) -> str:
        return f"/v1/ticketing/catalogs/{self.id}"


@dataclass(frozen=True)
class BaseEntry:
    """A product base in its catalog."""

    id: str
    catalog: Catalog
    base: Base

    @property
    def iri(self) -> str:
        return f"{self.catalog.iri}/product_bases/{self.id}"


@dataclass(frozen=True)
class Product:
    """One combination of a base's option values."""

    id: str
    entry: BaseEntry
    choices: tuple[tuple[str, Choice], ...]

    @property
    def iri(self) -> str:
        return f"{self.entry.catalog.iri}/products/{self.id}"

    @cached_property
    def words(self) -> dict[str, Text]:
        """Labels of the values, by option, for names."""
        return {option: choice.label for option, choice in self.choices}

    @property
    def name(self) -> Text:
        return self.entry.base.product_name.fill(self.words)


@dataclass(frozen=True)
class Offer:
    """A product on a day; without a day, valid on any."""

    id: str
    product: Product
    day: date | None

    @property
    def iri(self) -> str:
        return f"{self.product.entry.catalog.iri}/offers/{self.id}"


@dataclass(frozen=True)
class Ticket:
    """One ticket of an offer; lists of offers show some of them under another id (as the tutorial does)."""

    id: str
    listed_id: str
    offer: Offer
    part: Part
    number: int
    event_id: str

    @property
    def iri(self) -> str:
        return f"{self.offer.iri}/tickets/{self.id}"

    @property
    def name(self) -> Text:
        return self.part.name.fill(self.offer.product.words)


@dataclass(frozen=True)
class Session:
    """One time at which a ticket's holder may come."""

    id: str
    ticket: Ticket
    occurs_at: datetime

    @property
    def event_iri(self) -> str:
        return f"{self.ticket.offer.product.entry.catalog.iri}/events/{self.ticket.event_id}"

    @property
    def iri(self) -> str:
        """Path of the session under its event (tutorial)."""
        return f"{self.event_iri}/sessions/{self.id}"

    @property
    def ticket_iri(self) -> str:
        """Path of the session under its ticket (release)."""
        return f"{self.ticket.iri}/sessions/{self.id}"


class World:
    """Everything that can be looked up, by id."""

    def __init__(self, seed: int, clock: SandboxClock) -> None:
        self.seed, self._clock = seed, clock
        self._started_on = clock.now().date()
        self.catalogs: dict[str, Catalog] = {}
        self.bases: dict[str, BaseEntry] = {}
        self.products: dict[str, Product] = {}
        self._first_of: dict[tuple[str, Text, tuple[str, ...]], tuple[Product, int]] = {}
        for table in (park.TABLE, museum.TABLE):
            self._add(table)
        self._offers: dict[tuple[str, date | None], Offer] = {}
        self._days: dict[tuple[str, date], tuple[date, ...]] = {}
        self._session_days: tuple[date | None, dict[str, date]] = (None, {})
        self._index: tuple[date | None, dict[str, Offer]] = (None, {})

    def _add(self, table: CatalogTable) -> None:
        catalog = Catalog(make_id(self.seed, "catalog", table.key), table, ZoneInfo(table.venue.timezone))
        self.catalogs[catalog.id] = catalog
        made: list[Product] = []
        for base in table.bases:
            entry = BaseEntry(make_id(self.seed, "base", table.key, base.key), catalog, base)
            self.bases[entry.id] = entry
            for values in combinations(*(choices for _, choices in base.options)):
                key = make_id(self.seed, "product", base.key, *(choice.code for choice in values))
                pairs = tuple(zip((option for option, _ in base.options), values, strict=True))
                made.append(Product(key, entry, pairs))
        made.sort(key=lambda one: one.id not in (DAY_PRODUCT, SHOW_PRODUCT))  # the tutorial lists these two first
        self.products.update((one.id, one) for one in made)
        for product in made:
            for number, part in enumerate(product.entry.base.parts):
                named = (catalog.id, part.name.fill(product.words), part.times)
                self._first_of.setdefault(named, (product, number))

    def today(self, catalog: Catalog) -> date:
        """The day at the catalog's venue."""
        return self._clock.now().astimezone(catalog.zone).date()

    def products_of(self, catalog: Catalog) -> list[Product]:
        """The catalog's products, the disabled ones too."""
        return [product for product in self.products.values() if product.entry.catalog is catalog]

    def days(self, entry: BaseEntry) -> tuple[date, ...]:
        """The days from today on for which the base has offers."""
        key = (entry.id, self.today(entry.catalog))
        if key not in self._days:
            self._days[key] = tuple(day for day in self._span(key[1]) if self._open(entry.base, day))
        return self._days[key]

    @staticmethod
    def _span(today: date, behind: int = 0) -> Iterator[date]:
        return (today + timedelta(days=number) for number in range(-behind, DAYS_AHEAD + 1))

    def _open(self, base: Base, day: date) -> bool:
        if day.isoformat() == OFFER_DAY:
            return True
        if base.calendar == "evenings":
            return day.weekday() in (4, 5)
        if base.calendar == "summer" and day.month not in (6, 7, 8):
            return day.weekday() == 5
        if day == self._started_on:
            return True  # a demonstration is never shown on a closed day
        return draw(self.seed, "closed", day) > (0.16 if day.weekday() == 1 else 0.03)

    def offers_of(self, product: Product) -> list[Offer]:
        """The product's offers from today on, by day; a disabled product has none."""
        if product.entry.base.disabled:
            return []
        if product.entry.base.calendar == "undated":
            return [self.offer_on(product, None)]
        return [self.offer_on(product, day) for day in self.days(product.entry)]

    def offer_on(self, product: Product, day: date | None) -> Offer:
        """The product's offer of a day on which it has one."""
        key = (product.id, day)
        if key not in self._offers:
            number = make_id(self.seed, "offer", product.id, day.isoformat() if day else "")
            self._offers[key] = Offer(number, product, day)
        return self._offers[key]

    def offer(self, key: str) -> Offer | None:
        """The offer with this id, if it is one of today's, later days' or the last few days'."""
        today = self._clock.now().date()
        if self._index[0] != today:
            self._index = (today, {offer.id: offer for offer in self._all_offers(today)})
        return self._index[1].get(key)

    def _all_offers(self, today: date) -> Iterator[Offer]:
        for product in self.products.values():
            base = product.entry.base
            if base.calendar == "undated":
                yield self.offer_on(product, None)
                continue
            for day in self._span(today, DAYS_BEHIND):
                if self._open(base, day):
                    yield self.offer_on(product, day)

    def tickets(self, offer: Offer) -> list[Ticket]:
        found = []
        for number, part in enumerate(offer.product.entry.base.parts):
            key = make_id(self.seed, "ticket", offer.id, str(number))
            listed = make_id(self.seed, "listed-ticket", offer.id, str(number)) if part.times else key
            found.append(Ticket(key, listed, offer, part, number, self._event_id(offer.product, number)))
        return found

    def event_of(self, product: Product, number: int) -> tuple[Product, int]:
        """The product and the number of its ticket that stand for an event: what is called the same is one event."""
        part = product.entry.base.parts[number]
        return self._first_of[product.entry.catalog.id, part.name.fill(product.words), part.times]

    def _event_id(self, product: Product, number: int) -> str:
        first, place = self.event_of(product, number)
        return make_id(self.seed, "event", first.id, str(place))

    def sessions(self, ticket: Ticket) -> list[Session]:
        """The ticket's sessions that have not begun; none for full-day access."""
        return [one for one in self.all_sessions(ticket) if one.occurs_at > self._clock.now()]

    def all_sessions(self, ticket: Ticket) -> list[Session]:
        """The ticket's sessions, those that have begun too, at the venue's hours."""
        day, zone = ticket.offer.day, ticket.offer.product.entry.catalog.zone
        if day is None:
            return []
        found = []
        for text in ticket.part.times:
            key = make_id(self.seed, "session", ticket.event_id, day.isoformat(), text)
            found.append(Session(key, ticket, datetime.combine(day, time.fromisoformat(text), tzinfo=zone)))
        return found

    def events(self, catalog: Catalog) -> dict[str, tuple[Product, int]]:
        """The catalog's events by id: the product and the number of its ticket that has sessions."""
        return {
            self._event_id(product, number): (product, number)
            for product in self.products_of(catalog)
            for number, part in enumerate(product.entry.base.parts)
            if part.times and not product.entry.base.disabled and self.event_of(product, number)[0] is product
        }

    def day_of_session(self, key: str) -> date | None:
        """The day of a session of today or later; None where there is none with this id."""
        today = self._clock.now().date()
        if self._session_days[0] != today:
            self._session_days = (today, {
                make_id(self.seed, "session", event, day.isoformat(), text): day
                for catalog in self.catalogs.values()
                for event, (product, number) in self.events(catalog).items()
                for day in self.days(product.entry)
                for text in product.entry.base.parts[number].times
            })  # fmt: skip
        return self._session_days[1].get(key)

    def event_sessions(self, product: Product, number: int) -> list[Session]:
        """Every coming session of one event, by time."""
        return [one for offer in self.offers_of(product) for one in self.sessions(self.tickets(offer)[number])]


def created_at() -> datetime:
    """When the catalogs were created, which the documents show only in their ids."""
    return datetime(2025, 1, 28, 7, 42, 4, tzinfo=UTC)
