"""From an event's sessions to what can be bought for them, where the API has events and finds offers by a session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from korus_tui.api.errors import Malformed, NotFound, Refused
from korus_tui.api.models.base import Iri
from korus_tui.counter.catalog.offer_models import Offer
from korus_tui.counter.catalog.offers import Offers
from korus_tui.counter.catalog.price_types import TYPE_OF
from korus_tui.counter.core.abilities import Abilities, Ability
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.problems import Unread
from korus_tui.text.search import fold

if TYPE_CHECKING:
    from korus_tui.api.client import KorusClient
    from korus_tui.api.models import ticketing as api

FRESH = 60.0  # seconds for which a session's places are good enough to be shown
_AT_ONCE = 4  # requests in flight
_NOWHERE = "00000000-0000-7000-8000-000000000000"  # no session: a server that knows the filter finds nothing


@dataclass(frozen=True, slots=True)
class Show:
    """What people call an event: those of `Cinéscénie Adulte - Or` and `Cinéscénie Enfant - Argent` are one show."""

    name: str
    events: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name, folded."""
        return tuple(fold(self.name).split())


@dataclass(frozen=True, slots=True)
class EventSession:
    """A session below its event: `left` None is no known limit, where it `says_places`."""

    iri: str
    starts_at: datetime
    left: int | None
    says_places: bool = True


@dataclass(frozen=True, slots=True)
class Showing:
    """A show at one time, in the venue's time, with the sessions of its events."""

    show: str
    starts_at: datetime
    sessions: tuple[EventSession, ...]

    @property
    def key(self) -> str:
        """No other showing has it."""
        return self.sessions[0].iri.rpartition("/")[2]

    @property
    def left(self) -> int | None:
        """Places of the session that has most; None for no known limit."""
        known = [one.left for one in self.sessions if one.left is not None]
        return max(known) if len(known) == len(self.sessions) else None

    @property
    def says_places(self) -> bool:
        """Whether each of its sessions says how many places it has."""
        return all(one.says_places for one in self.sessions)


class Events:
    """Shows, their showings on a day, and the offers of a showing; all raise ApiError."""

    def __init__(
        self,
        line: Connection,
        clock: Clock,
        abilities: Abilities,
        offers: Offers,
        local: Callable[[datetime], datetime],
        language: Callable[[], str],
    ) -> None:
        """`local`: a moment in the venue's time."""
        self._line = line
        self._clock = clock
        self._abilities = abilities
        self._offers = offers
        self._local = local
        self._language = language
        self.unread: Unread | None = None  # what came for the last showings and could not be read
        self._unread_events: Unread | None = None
        self._shows: dict[tuple[str, str], tuple[Show, ...]] = {}
        self._read: dict[tuple[str, date], tuple[float, tuple[EventSession, ...]]] = {}

    @property
    def available(self) -> bool | None:
        """Whether a sale can begin with an event; None where nobody asked yet."""
        if self._abilities.known(Ability.BASES) is False:  # the tutorial's: it documents no filter by session
            return False
        known = [self._abilities.known(one) for one in (Ability.EVENTS, Ability.SESSION_FILTER)]
        return False if False in known else None if None in known else True

    async def ask(self, catalog: str) -> bool:
        """Whether a sale can begin with an event: what is not known is asked for once in a profile's life."""
        await self._offers.learn_generation(catalog)
        if self.available is not None:
            return self.available
        return await self._abilities.ask(
            Ability.EVENTS, lambda: self._has_events(catalog)
        ) and await self._abilities.ask(Ability.SESSION_FILTER, lambda: self._finds_by_session(catalog))

    async def _finds_by_session(self, catalog: str) -> bool:
        """A filter that is not known is left out of account: then every offer is found."""
        try:
            return not await self._line.ask(lambda client: client.ticketing.any_offers_of_session(catalog, _NOWHERE))
        except Refused:
            return False

    async def _has_events(self, catalog: str) -> bool:
        try:
            await self.shows(catalog)
        except NotFound:
            return False
        return True

    async def shows(self, catalog: str) -> tuple[Show, ...]:
        """All shows of a catalog, read once for as long as the program runs."""
        key = catalog, self._language()
        if key not in self._shows:
            page = await self._line.ask(lambda client: client.ticketing.events(catalog, language=key[1]).all())
            self._shows[key] = _shows(page.readable())
            self._unread_events = Unread.of(page.rejected)
        return self._shows[key]

    async def showings(self, shows: Iterable[Show], day: date) -> tuple[Showing, ...]:
        """The showings of a day, in time order."""
        gate = asyncio.Semaphore(_AT_ONCE)
        self.unread = self._unread_events

        async def of(show: Show) -> list[Showing]:
            found = await asyncio.gather(*(self._sessions(event, day, gate) for event in show.events))
            return _showings(show, [one for sessions in found for one in sessions])

        found = await asyncio.gather(*(of(show) for show in shows))
        return tuple(sorted((one for some in found for one in some), key=lambda one: one.starts_at))

    async def _sessions(self, event: str, day: date, gate: asyncio.Semaphore) -> tuple[EventSession, ...]:
        known = self._read.get((event, day))
        if known is not None and self._clock.boot() - known[0] < FRESH:
            return known[1]
        async with gate:
            found = await self._line.ask(lambda client: self._until(client, event, day))
        today = tuple(one for one in found if one.starts_at.date() == day)
        self._read = {key: one for key, one in self._read.items() if self._clock.boot() - one[0] < FRESH}
        self._read[event, day] = self._clock.boot(), today
        return today

    async def _until(self, client: KorusClient, event: str, day: date) -> list[EventSession]:
        """An event's sessions, read on for as long as the day may still come: in time order, or to the end."""
        found: list[EventSession] = []
        rejected: list[Malformed] = []
        async for page in client.ticketing.event_sessions(Iri(event), language=self._language()):
            rejected += page.rejected
            found += (
                EventSession(str(one.iri), self._local(one.occurs_at), one.available_quantity, one.says_places)
                for one in page.members
            )
            starts = [one.starts_at for one in found]
            if starts and starts[-1].date() > day and starts == sorted(starts):
                break
        if rejected and not found:
            raise rejected[0]
        self.unread = Unread.together((self.unread, Unread.of(rejected)))
        return found

    async def offers(self, catalog: str, showing: Showing) -> tuple[Offer, ...]:
        """What can be bought for the showing, each offer once, with the places of the session where those are fewer."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def of(session: EventSession) -> list[Offer]:
            async with gate:
                found = await self._offers.of_session(catalog, session.iri, showing.starts_at.date())
            lefts = ([left for left in (offer.left, session.left) if left is not None] for offer in found)
            return [replace(offer, left=min(left, default=None)) for offer, left in zip(found, lefts, strict=True)]

        found = await asyncio.gather(*map(of, showing.sessions))
        return tuple({one.id: one for some in found for one in some}.values())


def _shows(events: Sequence[api.Event]) -> tuple[Show, ...]:
    """Events by what people call them; an event without a name cannot be asked for."""
    found: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for event in events:
        name = called(event.name)
        if fold(name):
            found.setdefault(fold(name), []).append(str(event.iri))
            names.setdefault(fold(name), name)
    return tuple(Show(names[key], tuple(iris)) for key, iris in found.items())


def called(name: str) -> str:
    """An event's name without who it is for and what comes behind that: `Cinéscénie`."""
    kept: list[str] = []
    for word in name.split():
        if any(part in TYPE_OF for part in fold(word).split()) or not fold(word):
            break
        kept.append(word)
    return " ".join(kept) or name


def _showings(show: Show, sessions: Sequence[EventSession]) -> list[Showing]:
    at: dict[datetime, list[EventSession]] = {}
    for one in sessions:
        at.setdefault(one.starts_at, []).append(one)
    return [Showing(show.name, start, tuple({one.iri: one for one in some}.values())) for start, some in at.items()]
