"""Which sessions of a ticket can be sold to how many people now, and which belong together; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from korus_tui.counter.views import Live, Session, Ticket


class Fit(StrEnum):
    """Whether a session can be chosen, and if not, why."""

    FITS = "fits"
    TOO_FEW = "too few"
    FULL = "full"
    STARTED = "started"


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


def fitting(ticket: Ticket, live: Live, quantity: int, now: datetime) -> tuple[Session, ...]:
    """The sessions of a ticket that can be chosen, soonest first."""
    return tuple(one for one in ticket.sessions if fit(one, live, quantity, now) is Fit.FITS)


def only_choice(
    tickets: Sequence[Ticket], live: Live, quantity: int, now: datetime
) -> list[tuple[Ticket, Session | None]] | None:
    """The choice that needs no asking: full days, and tickets with one fitting session. None: the agent chooses."""
    chosen: list[tuple[Ticket, Session | None]] = []
    for ticket in tickets:
        if ticket.full_day:
            chosen.append((ticket, None))
            continue
        found = fitting(ticket, live, quantity, now)
        if len(found) != 1:
            return None
        chosen.append((ticket, found[0]))
    return chosen


def same(one: Session, other: Session) -> bool:
    """Whether two tickets' sessions are the same showing: one id, or one event at one time."""
    if one.id == other.id:
        return True
    named = bool(one.event) and one.event == other.event
    return named and one.starts_at is not None and one.starts_at == other.starts_at


def twin(session: Session, ticket: Ticket) -> Session | None:
    """The session of another ticket that is the same showing."""
    return next((other for other in ticket.sessions if same(session, other)), None)


def ago(session: Session, now: datetime) -> timedelta:
    """How long ago a session started."""
    return now - session.starts_at if session.starts_at is not None else timedelta(0)
