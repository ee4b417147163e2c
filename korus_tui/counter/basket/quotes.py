"""What the API says now of what is wanted: offers, tickets, prices and places, asked side by side."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from korus_tui.counter.basket.models import Pick, Quote, Wanted
from korus_tui.counter.catalog.offer_models import CatalogContent, Live, Offer, Product, Session, Ticket
from korus_tui.counter.catalog.offers import Offers
from korus_tui.counter.core.clock import Clock

FRESH = 60.0  # seconds for which places and prices that were read are good enough to hold by
_NOT_ASKED = Live(None, None, {})

Local = Callable[[datetime, str | None], datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of a product on a day, for one person; without an offer, `following` is the next day it sells."""

    quote: Quote | None
    following: date | None
    at: float


class Quotes:
    """Reads for one catalog. It may be cancelled at any moment; what was read of a day is kept a minute."""

    def __init__(self, offers: Offers, clock: Clock, local: Local, content: CatalogContent) -> None:
        """`local` gives a session's start as the venue reads it."""
        self._offers = offers
        self._clock = clock
        self._local = local
        self.content = content
        self._known: dict[tuple[str, date], Known] = {}

    async def ask(self, picks: Sequence[Pick]) -> tuple[Quote, ...]:
        """All picks as they are this moment; an offer that several are for is asked once. Raises ApiError."""
        firsts = {pick.offer.iri: pick for pick in picks}
        found = await asyncio.gather(*(self._ask(pick) for pick in firsts.values()))
        asked = dict(zip(firsts, found, strict=True))
        return tuple(replace(asked[pick.offer.iri], quantity=pick.quantity) for pick in picks)

    async def _ask(self, pick: Pick, *, live: bool = True) -> Quote:
        tickets, said = await asyncio.gather(
            self._offers.tickets.of(pick.offer), self._offers.tickets.live(pick.offer) if live else _not_asked()
        )
        quote = Quote(self.content, pick.product, pick.offer, said, pick.quantity)
        return replace(quote, tickets=tuple(self._in_zone(ticket, quote.zone) for ticket in tickets))

    def _in_zone(self, ticket: Ticket, zone: str | None) -> Ticket:
        """The ticket with its sessions on the venue's clocks."""

        def local(session: Session) -> Session:
            start = session.starts_at
            return session if start is None else replace(session, starts_at=self._local(start, zone))

        return replace(ticket, sessions=tuple(map(local, ticket.sessions)))

    # Of products on a day, whose offers are still to be found

    def known(self, wanted: Sequence[Wanted], day: date) -> tuple[Known, ...] | None:
        """What is known of them, if all that is needed was read lately; `day` is that of people without one."""
        found = [self._known.get((one.product.id, one.day or day)) for one in wanted]
        now = self._clock.boot()
        fresh = tuple(one for one in found if one is not None and now - one.at <= FRESH)
        return fresh if len(fresh) == len(found) else None

    async def read(self, wanted: Sequence[Wanted], day: date) -> tuple[Known, ...]:
        """The same; asks for what is not known. Raises ApiError."""
        missing: dict[date, dict[str, Product]] = defaultdict(dict)
        for one in wanted:
            if self.known([one], day) is None:
                missing[one.day or day][one.product.id] = one.product
        await asyncio.gather(*(self._read_day(of, tuple(some.values())) for of, some in missing.items()))
        return tuple(self._known[one.product.id, one.day or day] for one in wanted)

    def forget(self) -> None:
        """What was read is asked for again: places were taken."""
        self._known.clear()

    async def _read_day(self, day: date, products: tuple[Product, ...]) -> None:
        offers = await self._offers.day(self.content.catalog.id, day, products)
        await asyncio.gather(*(self._read_one(day, product, offers) for product in products))

    async def _read_one(self, day: date, product: Product, offers: Sequence[Offer]) -> None:
        quote, following = None, None
        found = [one for one in offers if one.product == product.id]
        if not found:
            soonest = await self._offers.soonest(self.content.catalog.id, product)
            found = [one for one in soonest if one.day is None]
            following = min((one.day for one in soonest if one.day is not None and one.day > day), default=None)
        if found:
            offer = next((one for one in found if one.left is None or one.left > 0), found[0])
            quote = await self._ask(Pick(product, offer, 1), live=offer.live_price or offer.check_places)
        self._known[product.id, day] = Known(quote, following, self._clock.boot())


async def _not_asked() -> Live:
    return _NOT_ASKED
