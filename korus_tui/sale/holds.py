"""Deadlines of holds: remaining time, what to say about it, and the gate before money (docs/rules.md, Holds)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from korus_tui.sale.state import Sale
from korus_tui.sale.values import Hold, Method


@dataclass(frozen=True, slots=True)
class Limits:
    """The counter's own limits, all in seconds; the settings can change them."""

    gate_cash: int = 180
    gate_card: int = 300
    renewals: int = 2


Left: TypeAlias = Callable[[Hold], timedelta | None]
"""How long a hold still runs, negative once it is over; None where that is not known."""

LONGEST = timedelta(days=1)
"""No hold is believed to live longer: the API's example is a quarter of an hour."""

_NO_TIME = datetime.min.replace(tzinfo=UTC)


class Urgency(StrEnum):
    """How soon a hold lapses, said in words as well as colour at each threshold."""

    UNKNOWN = "unknown"
    CALM = "calm"
    FIVE = "five minutes"
    TWO = "two minutes"
    LAST = "last minute"
    LAPSED = "lapsed"


def deadline(hold: Hold) -> datetime | None:
    """Until when the places are kept; None where the API named no time, or one that its own times belie (F18)."""
    if hold.expires_at is None:
        return None
    life = hold.expires_at - hold.created_at if hold.created_at is not None else LONGEST
    return hold.expires_at if timedelta(0) < life <= LONGEST else None


def remaining(hold: Hold, now: datetime) -> timedelta | None:
    """Time until the deadline by the estimated server time, negative once it is past; None where it is not known.

    No hold runs for more than a day: then it is the clock that is wrong.
    """
    end = deadline(hold)
    return None if end is None or end - now > LONGEST else end - now


def urgency(left: timedelta | None) -> Urgency:
    """The threshold that a remaining time has reached."""
    if left is None:
        return Urgency.UNKNOWN
    seconds = left.total_seconds()
    for bound, stage in ((0, Urgency.LAPSED), (60, Urgency.LAST), (120, Urgency.TWO), (300, Urgency.FIVE)):
        if seconds <= bound:
            return stage
    return Urgency.CALM


def soonest(sale: Sale) -> Hold | None:
    """The running hold that lapses first; one with no deadline counts as the most urgent."""
    return min(sale.running_holds, key=lambda hold: deadline(hold) or _NO_TIME, default=None)


def lapsed_now(sale: Sale, left: Left) -> tuple[Hold, ...]:
    """Running holds whose deadline is past."""
    return tuple(hold for hold in sale.running_holds if urgency(left(hold)) is Urgency.LAPSED)


class PaymentGate(StrEnum):
    """Whether taking money may start."""

    OPEN = "open"
    TOO_LATE = "too late"
    NO_DEADLINE = "no deadline"


def gate(sale: Sale, method: Method, left: Left, limits: Limits) -> PaymentGate:
    """Money is not started on holds that lapse before it can be booked (docs/rules.md, Payment gate)."""
    least = timedelta(seconds=limits.gate_card if method is Method.CARD else limits.gate_cash)
    times = [left(hold) for hold in sale.running_holds]
    if any(one is None for one in times):
        return PaymentGate.NO_DEADLINE
    return PaymentGate.TOO_LATE if any(one is not None and one < least for one in times) else PaymentGate.OPEN
