"""What can be bought for the events that a quick line names, where the API finds offers by an event's session."""

from __future__ import annotations

from datetime import date

from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.quickline.index import Index, bits
from korus_tui.counter.quickline.models import Asked, Parse
from korus_tui.counter.services import Services


class ShowOffers:
    """Teaches the index of a catalog's words what a line needs to be understood. Reading may be cancelled."""

    def __init__(self, services: Services, content: CatalogContent, index: Index) -> None:
        """What was told of an earlier line is asked for again: places were taken meanwhile."""
        self._services = services
        self._catalog = content.catalog.id
        self._index = index
        index.forget_offers()

    def wanted(self, read: Parse) -> bool:
        """Whether the line could be understood better: its words leave a choice, or say nothing without the events."""
        if self._services.events.available is False or not read.text.strip():
            return False
        unclear = bool(read.mistakes) or read.open_question is not None
        return bool(read.asks) or (unclear and self._index.all_shows is None)

    async def learn(self, read: Parse, day: date) -> bool:
        """Ask; whether anything was learned. `day` is the one of people for whom none is typed. Raises ApiError."""
        events = self._services.events
        if not await events.ask(self._catalog):
            return False
        if self._index.all_shows is None:
            self._index.learn_shows(await events.shows(self._catalog))
            return True
        for asked in read.asks:
            await self._learn(asked, asked.day or day)
        return bool(read.asks)

    async def _learn(self, asked: Asked, day: date) -> None:
        """The offers of the showings at the typed time; without one, of each show's next."""
        events, now = self._services.events, self._services.clock.now()
        shows = [self._index.all_shows[number] for number in bits(asked.shows)] if self._index.all_shows else []
        coming = [one for one in await events.showings(shows, day) if one.starts_at > now]
        if asked.at is None:
            coming = list({one.show: one for one in reversed(coming)}.values())
        else:
            coming = [one for one in coming if asked.at.fits(one.starts_at)]
        offers = [offer for one in coming for offer in await events.offers(self._catalog, one)]
        self._index.learn_offers(asked, day, offers)
