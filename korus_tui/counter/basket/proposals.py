"""How people who named at most an hour are sold to: sessions together where they can, or why they cannot be; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from korus_tui.counter.basket.limits import against
from korus_tui.counter.basket.models import At, Choice, Proposal, Quote, Wanted, Why
from korus_tui.counter.basket.quotes import Known
from korus_tui.counter.basket.sessions import Fit, Member, fit, fitting, grouped, left_of, showings
from korus_tui.counter.catalog.limits import too_many
from korus_tui.counter.catalog.offer_models import CatalogContent, Session, Ticket
from korus_tui.sale.state import Sale

_Seats = dict[tuple[int, str], Session | None]  # by the place of the people and the ticket's address


def proposals(
    content: CatalogContent, sale: Sale | None, wanted: Sequence[Wanted], known: Sequence[Known], now: datetime
) -> tuple[Proposal, ...]:
    """One for each of the wanted, in their order, on top of what the sale has; `now` is server time."""
    there = {n: replace(of.quote, quantity=wanted[n].quantity) for n, of in enumerate(known) if of.quote is not None}
    barred = dict(zip(there, against(tuple(there.values())), strict=True))
    parties: dict[tuple[object, ...], dict[int, Quote]] = defaultdict(dict)
    for place, quote in there.items():
        one = wanted[place]
        if barred[place] is None:
            parties[one.product.base or one.product.id, one.day, one.at][place] = quote
    seated: dict[int, Proposal] = {}
    for party in parties.values():
        seated |= _seated(party, wanted, now)
    found = []
    for place, one in enumerate(wanted):
        offered, why = there.get(place), barred.get(place, Why.NOT_SOLD)
        left = offered.left if offered else None
        proposal = seated.get(place) or Proposal(one, offered, why=why, left=left, following=known[place].following)
        found.append(_limited(proposal, content, sale, wanted))
    return tuple(one if _means_something(one, found) else replace(one, why=Why.NO_SESSION) for one in found)


def _means_something(one: Proposal, found: Sequence[Proposal]) -> bool:
    """Whether the time that was typed is somebody's: an hour at which nobody goes to a session is a slip.

    People who share it with others may well have a ticket for the whole day.
    """
    at = one.wanted.at
    if at is None or one.why is not None:
        return True
    sharing = [other for other in found if other.wanted.at == at]
    return any(other.why or any(s and at.fits(s.starts_at) for _ticket, s in other.choices) for other in sharing)


def _limited(one: Proposal, content: CatalogContent, sale: Sale | None, wanted: Sequence[Wanted]) -> Proposal:
    """No more of a base than one order takes, with what the sale has of it."""
    base = one.wanted.product.base
    if base is None or one.why is not None:
        return one
    over = too_many(content, sale, [(other.product, other.quantity) for other in wanted if other.product.base == base])
    return one if over is None else replace(one, why=Why.TOO_MANY, left=over.most)


def _seated(party: dict[int, Quote], wanted: Sequence[Wanted], now: datetime) -> dict[int, Proposal]:
    """People of one base, day and hour, by their places: the first time that all have, else each the first."""
    at = wanted[next(iter(party))].at
    members = [Member(place, ticket, quote) for place, quote in party.items() for ticket in quote.tickets]
    people = Counter[str]()  # who may come to a session, each once
    for quote in party.values():
        own = {one.id for ticket in quote.tickets if not ticket.full_day for one in ticket.sessions}
        people.update(dict.fromkeys(own, quote.quantity))

    def alone(quote: Quote, ticket: Ticket) -> list[Session]:
        return [one for one in ticket.sessions if fit(one, quote.live, people[one.id], now) is Fit.FITS]

    seats = _seats(members, at, now)
    found = {}
    for place, quote in party.items():
        choices: list[Choice] = []
        missing: Ticket | None = None
        for ticket in quote.tickets:
            session = seats.get((place, ticket.iri))
            if session is None and not ticket.full_day:
                can = alone(quote, ticket)
                session = next((one for one in can if at and at.fits(one.starts_at)), None)
                session = session or next(iter(can), None)
            if session is None and not ticket.full_day:
                missing = missing or ticket
            choices.append((ticket, session))
        timed = [(ticket, one) for ticket, one in choices if not ticket.full_day]
        if missing is None and at is not None and timed:
            met = any(one and at.fits(one.starts_at) for _ticket, one in timed)
            missing = None if met else timed[0][0]
        one = wanted[place]
        if missing is not None:
            found[place] = _unseated(one, quote, missing, tuple(alone(quote, missing)))
            continue
        lefts = [left for _ticket, s in timed if s is not None and (left := left_of(s, quote.live)) is not None]
        left = min([*lefts, *([quote.left] if quote.left is not None else [])], default=None)
        found[place] = Proposal(one, quote, tuple(choices), None, left)
    return found


def _seats(members: Sequence[Member], at: At | None, now: datetime) -> _Seats:
    """For each group of tickets the time that all groups have, else one at the hour, else its first."""
    groups = [group for group in grouped(members) if not group[0].ticket.full_day]
    free = [fitting(group, showings(group), now) for group in groups]
    starts = [
        {one.starts_at for one in shown if one.starts_at is not None and (at is None or at.fits(one.starts_at))}
        for shown in free
    ]
    together = min(set.intersection(*starts), default=None) if starts else None
    seats: _Seats = {}
    for group, shown in zip(groups, free, strict=True):
        timed = [one for one in shown if at and at.fits(one.starts_at)]
        timed = [one for one in shown if together and one.starts_at == together] or timed or list(shown)
        if timed:
            seats.update(zip((member.key for member in group), timed[0].sessions, strict=True))
    return seats


def _unseated(one: Wanted, quote: Quote, ticket: Ticket, can: tuple[Session, ...]) -> Proposal:
    """Why the ticket has no session: none at that time, or none with enough places."""
    then = [s for s in ticket.sessions if one.at is None or one.at.fits(s.starts_at)]
    if not then:
        return Proposal(one, quote, why=Why.NO_SESSION, sessions=can)
    lefts = [left for session in then if (left := left_of(session, quote.live)) is not None]
    return Proposal(one, quote, why=Why.SESSION_FULL, left=max(lefts, default=None), sessions=can)
