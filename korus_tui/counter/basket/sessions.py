"""Which sessions can be sold to how many people now, and which tickets belong to the same showing; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from korus_tui.counter.basket.models import Choice, Quote
from korus_tui.counter.catalog.offer_models import Live, Product, Session, Ticket
from korus_tui.text.search import fold


class Fit(StrEnum):
    """Whether a session can be chosen, and if not, why."""

    FITS = "fits"
    TOO_FEW = "too few"
    FULL = "full"
    STARTED = "started"
    NOT_ALL = "not all"


@dataclass(frozen=True, slots=True)
class Member:
    """One ticket of one part of the basket, as a place is chosen for it; `part` tells the parts apart."""

    part: int
    ticket: Ticket
    quote: Quote

    @property
    def key(self) -> tuple[int, str]:
        """The same ticket of the same part, whatever is known of it by now."""
        return self.part, self.ticket.iri


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """One time at which a group of tickets can be used: a session for each member, None for one that has none."""

    sessions: tuple[Session | None, ...]

    @property
    def first(self) -> Session:
        """The session that stands for the showing."""
        return self.sessions[0] or next(one for one in self.sessions if one is not None)

    @property
    def key(self) -> str:
        """An id that no other showing of the group has."""
        return self.first.id

    @property
    def starts_at(self) -> datetime | None:
        """The start, the same for all."""
        return self.first.starts_at


# One session


def left_of(session: Session, live: Live) -> int | None:
    """Places left, the real-time figure before the listed one; None for no known limit."""
    return live.left_by_session.get(session.id, session.left)


def fit(session: Session, live: Live, quantity: int, now: datetime) -> Fit:
    """Whether `quantity` people can still go to the session."""
    if session.starts_at is not None and session.starts_at <= now:
        return Fit.STARTED
    left = left_of(session, live)
    if left is None or left >= quantity:
        return Fit.FITS
    return Fit.TOO_FEW if left > 0 else Fit.FULL


def _showings_of(ticket: Ticket) -> set[object]:
    """What tells the same showing of two tickets: one session's id, or one event at one time."""
    timed = {(one.event, one.starts_at) for one in ticket.sessions if one.event and one.starts_at is not None}
    return {one.id for one in ticket.sessions} | timed


def ago(session: Session, now: datetime) -> timedelta:
    """How long ago a session started."""
    return now - session.starts_at if session.starts_at is not None else timedelta(0)


# Groups of tickets


def _own_words(product: Product, other: Product) -> set[str]:
    """The words that say which of its family a product is; without option values, those that the other has not."""
    if product.options:
        return set(fold(" ".join(label for _code, label in product.options)).split())
    return set(fold(product.name).split()) - set(fold(other.name).split())


def same_event(one: Member, other: Member) -> bool:
    """Whether two tickets are for the same showings: by their sessions, else by their names without price types.

    Newer servers name no event, and older ones one for each price type: `Show Adult`, `Show Child`.
    """
    if not _showings_of(one.ticket).isdisjoint(_showings_of(other.ticket)):
        return True
    names = []
    for member, against in ((one, other), (other, one)):
        kept = fold(member.ticket.name).split()
        own = _own_words(member.quote.product, against.quote.product)
        names.append([word for word in kept if word not in own])
    times = {session.starts_at for session in one.ticket.sessions} & {s.starts_at for s in other.ticket.sessions}
    return bool(names[0]) and names[0] == names[1] and bool(times - {None})


def grouped(members: Iterable[Member], apart: frozenset[tuple[int, str]] = frozenset()) -> list[tuple[Member, ...]]:
    """Tickets that are chosen together, in their order; those in `apart`, and full days, stand alone."""
    groups: list[list[Member]] = []
    for member in members:
        alone = member.ticket.full_day or not member.ticket.sessions or member.key in apart
        home = None
        if not alone:
            home = next((group for group in groups if _may_join(member, group, apart)), None)
        if home is None:
            groups.append([member])
        else:
            home.append(member)
    return [tuple(group) for group in groups]


def _may_join(member: Member, group: list[Member], apart: frozenset[tuple[int, str]]) -> bool:
    first = group[0]
    return not first.ticket.full_day and first.key not in apart and same_event(first, member)


def showings(group: Sequence[Member]) -> tuple[SessionChoice, ...]:
    """All times of a group, soonest first: tickets of one group at one time, or with one session, are one showing."""
    found: list[list[Session | None]] = []
    rows_of: defaultdict[object, list[int]] = defaultdict(list)  # by a row's first session: its id, and its start
    for place, member in enumerate(group):
        passed = Counter[object]()  # how many of a list's rows have their session of this member
        for session in member.ticket.sessions:
            names = [session.id, *([session.starts_at] if session.starts_at is not None else [])]
            free = []
            for name in names:
                rows = rows_of[name]
                while passed[name] < len(rows) and found[rows[passed[name]]][place] is not None:
                    passed[name] += 1
                free += rows[passed[name] : passed[name] + 1]
            if free:
                found[min(free)][place] = session
                continue
            for name in names:
                rows_of[name].append(len(found))
            row: list[Session | None] = [None] * len(group)
            row[place] = session
            found.append(row)
    rows_ = [SessionChoice(tuple(row)) for row in found]
    return tuple(
        sorted(rows_, key=lambda row: (row.starts_at is None, row.starts_at.timestamp() if row.starts_at else 0))
    )


def needed(group: Sequence[Member], showing: SessionChoice) -> dict[str, int]:
    """How many people would go to each session; two tickets of one part are for the same people."""
    people: dict[str, dict[int, int]] = {}
    for member, session in zip(group, showing.sessions, strict=True):
        if session is not None:
            people.setdefault(session.id, {})[member.part] = member.quote.quantity
    return {session: sum(parts.values()) for session, parts in people.items()}


def fit_all(group: Sequence[Member], showing: SessionChoice, now: datetime) -> Fit:
    """Whether everybody of the group can go; the worst of its sessions decides."""
    counts = needed(group, showing)
    found = {
        Fit.NOT_ALL if session is None else fit(session, member.quote.live, counts[session.id], now)
        for member, session in zip(group, showing.sessions, strict=True)
    }
    order = (Fit.STARTED, Fit.NOT_ALL, Fit.FULL, Fit.TOO_FEW)
    return next((one for one in order if one in found), Fit.FITS)


def left_all(group: Sequence[Member], showing: SessionChoice) -> int | None:
    """Places left for the group: the fewest of its sessions; None for no known limit."""
    known = [
        left
        for member, session in zip(group, showing.sessions, strict=True)
        if session is not None and (left := left_of(session, member.quote.live)) is not None
    ]
    return min(known, default=None)


def people_of(group: Sequence[Member]) -> int:
    return sum({member.part: member.quote.quantity for member in group}.values())


def name_of(group: Sequence[Member]) -> str:
    """The words that the tickets of a group have in common: `Cinéscénie - Argent`; else the first one's name."""
    others = [set(fold(member.ticket.name).split()) for member in group[1:]]
    first = group[0].ticket.name
    kept = [word for word in first.split() if all(set(fold(word).split()) <= other for other in others)]
    while kept and not fold(kept[-1]):
        kept.pop()
    return " ".join(kept) or first


def fitting(group: Sequence[Member], shown: Iterable[SessionChoice], now: datetime) -> tuple[SessionChoice, ...]:
    """Those of a group's times that can be chosen, soonest first."""
    return tuple(one for one in shown if fit_all(group, one, now) is Fit.FITS)


def members_of(quotes: Sequence[Quote]) -> list[Member]:
    """Every ticket of every quote, numbered by quote."""
    return [Member(number, ticket, quote) for number, quote in enumerate(quotes) for ticket in quote.tickets]


def only_choice(quotes: Sequence[Quote], now: datetime, prefer: datetime | None = None) -> list[list[Choice]] | None:
    """The choice that needs no asking: full days, groups with one fitting time, and the time that was come for.

    None: the agent chooses.
    """
    if any(ticket.short for quote in quotes for ticket in quote.tickets):
        return None  # which is said where the agent chooses
    chosen: dict[tuple[int, str], Session | None] = {}
    for group in grouped(members_of(quotes)):
        if group[0].ticket.full_day:
            chosen[group[0].key] = None
            continue
        found = fitting(group, showings(group), now)
        wanted = tuple(one for one in found if prefer and one.starts_at == prefer)
        found = wanted or found
        if len(found) != 1 or (not wanted and any(member.ticket.unread for member in group)):
            return None  # also where there may be another one, which could not be read
        chosen.update(zip((member.key for member in group), found[0].sessions, strict=True))
    return [[(ticket, chosen[number, ticket.iri]) for ticket in quote.tickets] for number, quote in enumerate(quotes)]


def overfull(choices: Iterable[tuple[Quote, Sequence[Choice]]]) -> Session | None:
    """A session that several parts chose for more people together than it has places."""
    people: dict[str, int] = {}
    known: dict[str, tuple[Session, int | None]] = {}
    for quote, chosen in choices:
        for session in {one.id: one for _ticket, one in chosen if one is not None}.values():
            people[session.id] = people.get(session.id, 0) + quote.quantity
            known[session.id] = session, left_of(session, quote.live)
    return next((session for key, (session, left) in known.items() if left is not None and left < people[key]), None)
