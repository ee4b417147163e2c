"""Which sessions the people of a quick line get, together where they can, and what stands against selling to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from korus_tui.counter.catalog.limits import too_many
from korus_tui.counter.catalog.offer_models import CatalogContent, Live, Offer, Session, Ticket
from korus_tui.counter.quickline.models import At, Wanted
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale

Choice = tuple[Ticket, Session | None]


class Why(StrEnum):
    """What stands against selling to some people of the line as it is."""

    NOT_SOLD = "not sold"
    SOLD_OUT = "sold out"
    TOO_FEW = "too few"
    NO_PRICE = "no price"
    NO_SESSION = "no session"
    SESSION_FULL = "session full"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Part:
    """What the API said of a product on a day; sessions in the venue's time. `following` is the next day it sells."""

    offer: Offer | None
    live: Live
    tickets: tuple[Ticket, ...]
    following: date | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Some people of the line with offer and sessions, or with why there are none.

    `left` are places left, or the most that one order takes; `sessions` are those that could be chosen instead.
    """

    wanted: Wanted
    part: Part
    choices: tuple[Choice, ...] = ()
    why: Why | None = None
    left: int | None = None
    sessions: tuple[Session, ...] = ()

    @property
    def price(self) -> Money | None:
        """For one person: the live price before the listed one."""
        offer = self.part.offer
        return self.part.live.price or (offer.price if offer else None)

    @property
    def total(self) -> Money | None:
        """For all of them."""
        return None if self.price is None else self.price * self.wanted.quantity

    @property
    def starts_at(self) -> datetime | None:
        """The first chosen session's start."""
        return min((one.starts_at for _ticket, one in self.choices if one and one.starts_at), default=None)


def quotes(
    wanted: Sequence[Wanted], parts: Sequence[Part], content: CatalogContent, sale: Sale | None, now: datetime
) -> tuple[Quote, ...]:
    """One for each of the line's people, in its order, on top of what the sale has; `now` is server time."""
    found: list[Quote] = [_places(place, wanted, parts) for place in range(len(wanted))]
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, (one, quote) in enumerate(zip(wanted, found, strict=True)):
        if quote.why is None:
            groups[one.product.base or one.product.id, one.day, one.at].append(place)
    for places in groups.values():
        for place, quote in zip(places, _seated([found[place] for place in places], now), strict=True):
            found[place] = quote
    return tuple(_limited(found, content, sale))


def _places(place: int, wanted: Sequence[Wanted], parts: Sequence[Part]) -> Quote:
    """Whether the offer is there, has a price and places for all who want it."""
    one, part = wanted[place], parts[place]
    offer = part.offer
    if offer is None:
        return Quote(one, part, why=Why.NOT_SOLD)
    left = part.live.left if part.live.left is not None else offer.left
    people = sum(
        w.quantity for w, p in zip(wanted, parts, strict=True) if p.offer is not None and p.offer.iri == offer.iri
    )
    quote = Quote(one, part, left=left)
    if left is not None and left < people:
        return Quote(one, part, why=Why.TOO_FEW if left > 0 else Why.SOLD_OUT, left=left)
    return quote if quote.price is not None else Quote(one, part, why=Why.NO_PRICE, left=left)


def _limited(found: list[Quote], content: CatalogContent, sale: Sale | None) -> list[Quote]:
    """No more of a base than one order takes, with what the sale has of it."""
    wanted = [(quote.wanted.product, quote.wanted.quantity) for quote in found]
    limited = []
    for quote in found:
        product = quote.wanted.product
        over = too_many(content, sale, [one for one in wanted if one[0].base == product.base]) if product.base else None
        if over is not None and quote.why is None:
            quote = Quote(quote.wanted, quote.part, quote.choices, Why.TOO_MANY, over.most)
        limited.append(quote)
    return limited


# Sessions


def _seated(group: Sequence[Quote], now: datetime) -> list[Quote]:
    """People of one base, day and time: the first showing that has places for all of them, else each the first."""
    at = group[0].wanted.at
    people: Counter[str] = Counter()
    for quote in group:
        people.update(dict.fromkeys((one.id for one in _sessions(quote)), quote.wanted.quantity))
    open_now = [[one for one in _sessions(quote) if _fits(one, quote, people[one.id], now)] for quote in group]
    starts = [
        {one.starts_at for one in sessions if one.starts_at is not None and (at is None or at.fits(one.starts_at))}
        for quote, sessions in zip(group, open_now, strict=True)
        if _sessions(quote)
    ]
    together = min(set.intersection(*starts), default=None) if starts else None
    return [_choose(quote, sessions, together, at) for quote, sessions in zip(group, open_now, strict=True)]


def _sessions(quote: Quote) -> list[Session]:
    return [one for ticket in quote.part.tickets if not ticket.full_day for one in ticket.sessions]


def _left(session: Session, quote: Quote) -> int | None:
    return quote.part.live.left_by_session.get(session.id, session.left)


def _fits(session: Session, quote: Quote, people: int, now: datetime) -> bool:
    left = _left(session, quote)
    return (session.starts_at is None or session.starts_at > now) and (left is None or left >= people)


def _choose(quote: Quote, fitting: Sequence[Session], together: datetime | None, at: At | None) -> Quote:
    """A session for every ticket that needs one; the typed time is for the tickets that have one then."""
    choices: list[Choice] = []
    met = at is None or not any(not ticket.full_day for ticket in quote.part.tickets)
    for ticket in quote.part.tickets:
        if ticket.full_day:
            choices.append((ticket, None))
            continue
        can = _of_ticket(fitting, ticket)
        here = [one for one in can if one.starts_at is not None and one.starts_at == together]
        timed = here or [one for one in can if at and one.starts_at and at.fits(one.starts_at)]
        met = met or bool(timed)
        if not can:
            return _unseated(quote, ticket, fitting)
        choices.append((ticket, (timed or can)[0]))
    if not met:
        return _unseated(quote, next(ticket for ticket in quote.part.tickets if not ticket.full_day), fitting)
    lefts = [left for _ticket, one in choices if one is not None and (left := _left(one, quote)) is not None]
    left = min([*lefts, *([quote.left] if quote.left is not None else [])], default=None)
    return Quote(quote.wanted, quote.part, tuple(choices), None, left)


def _of_ticket(sessions: Sequence[Session], ticket: Ticket) -> list[Session]:
    """Those of the sessions that a ticket has."""
    own = set(ticket.sessions)
    return [one for one in sessions if one in own]


def _unseated(quote: Quote, ticket: Ticket, fitting: Sequence[Session]) -> Quote:
    """Why the ticket has no session: none at that time, or none with enough places."""
    at = quote.wanted.at
    then = [one for one in ticket.sessions if at is None or (one.starts_at is not None and at.fits(one.starts_at))]
    can = tuple(_of_ticket(fitting, ticket))
    if not then:
        return Quote(quote.wanted, quote.part, why=Why.NO_SESSION, sessions=can)
    lefts = [left for one in then if (left := _left(one, quote)) is not None]
    return Quote(quote.wanted, quote.part, why=Why.SESSION_FULL, left=max(lefts, default=None), sessions=can)
