"""Today's sessions of what this counter sells: list values within a budget of requests, no real-time call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from korus_tui.api.errors import Malformed
from korus_tui.counter.catalog.families import Family, families
from korus_tui.counter.catalog.favourites import Favourites, on_keys
from korus_tui.counter.catalog.offer_models import CatalogContent, Offer, Product, Session
from korus_tui.counter.catalog.offers import Offers
from korus_tui.counter.core.problems import Unread

AGE = 60.0  # seconds in which the board is not read again by itself
_MOST = 24  # families of the day that are read at once: two or three requests each
_AT_ONCE = 4  # requests in flight

Item = tuple[Family, Product | None]


@dataclass(frozen=True, slots=True)
class Showtime:
    """One session of today; `product` is the one whose places are told, `named` whether it is the favourite itself."""

    family: Family
    product: Product
    named: bool
    offer: Offer
    session: Session
    starts_at: datetime

    @property
    def key(self) -> str:
        """The session's id, and the family's: two favourites may share a session."""
        return f"{self.family.key} {self.session.id}"

    @property
    def left(self) -> int | None:
        """Places of the session; None for no known limit, where it `says_places`."""
        return self.session.left

    @property
    def says_places(self) -> bool:
        """Whether the session says how many it has."""
        return self.session.says_places


def items_of(content: CatalogContent, favourites: Favourites) -> list[Item]:
    """What the board is of: the favourites of this catalog by key; without any, everything that is sold."""
    found: list[Item] = [(family, product) for _key, family, product in on_keys(content, favourites.keys)]
    return found or all_of(content)


def all_of(content: CatalogContent) -> list[Item]:
    """Everything that is sold, favourite or not."""
    return [(family, None) for family in families(content) if not family.disabled]


class Today:
    """The board's content. A family without sessions today is not asked for again that day."""

    def __init__(self, offers: Offers, local: Callable[[datetime, str | None], datetime]) -> None:
        self._offers = offers
        self._local = local
        self._plain: set[tuple[str, date]] = set()
        self.left_out = 0  # families beyond the budget
        self.read_at = 0.0  # boot seconds of the day's offers
        self.unread: Unread | None = None  # what came and could not be read: it may be shown today all the same

    async def read(self, catalog: str, items: Sequence[Item], day: date) -> tuple[Showtime, ...]:
        """Today's sessions in time order. Raises ApiError."""
        asked = [(family, named) for family, named in items if (family.key, day) not in self._plain]
        products = [product for family, _named in asked for product in family.products]
        offers: dict[str, Offer] = {}
        self.unread = None
        if asked:
            read = await self._offers.day_in_part(catalog, day, products)
            offers = {offer.product: offer for offer in read.offers}
            self.unread, self.read_at = read.unread, read.read_at
        asked = [(family, named) for family, named in asked if any(one.id in offers for one in family.products)]
        self.left_out = max(0, len(asked) - _MOST)
        asked = asked[:_MOST]
        gate = asyncio.Semaphore(_AT_ONCE)
        odd: list[Malformed] = []

        async def one(item: Item) -> list[Showtime]:
            async with gate:
                try:
                    return await self._of(item, offers, day)
                except Malformed as error:  # it hides no other
                    odd.append(error)
                    return []

        found = await asyncio.gather(*(one(item) for item in asked))
        self.unread = Unread.together((self.unread, Unread.of(odd)))
        if odd and not any(found):
            raise odd[0]
        return tuple(sorted((show for shows in found for show in shows), key=lambda show: show.starts_at))

    async def _of(self, item: Item, offers: dict[str, Offer], day: date) -> list[Showtime]:
        """The sessions of the favourite itself, else of the family's first product that is sold today."""
        family, named = item
        lead = next((one for one in ((named,) if named else family.products) if one.id in offers), None)
        if lead is None:
            return []
        offer = offers[lead.id]
        tickets = await self._offers.tickets.listed(offer)
        self.unread = Unread.together((self.unread, *(ticket.unread for ticket in tickets)))
        sessions = [session for ticket in tickets for session in ticket.sessions if session.starts_at]
        if not sessions and all(ticket.full_day for ticket in tickets):
            self._plain.add((family.key, day))
        zone = family.base.zone if family.base else None
        return [
            Showtime(family, lead, named is not None, offer, session, self._local(session.starts_at, zone))
            for session in sessions
            if session.starts_at is not None
        ]
