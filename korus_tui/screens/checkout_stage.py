"""Where a sale stands on its way from payment to order: what the checkout shows and which keys it offers."""

from __future__ import annotations

from enum import StrEnum

from korus_tui.counter.clock import Clock
from korus_tui.sale.differences import undecided
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.sale.values import Doubt
from korus_tui.screens.dead_time import DeadTime

STALL = 2.5  # seconds without a beat after which the keys of that time are not believed


class Stage(StrEnum):
    """What the agent has to do next."""

    COLLECT = "collect"
    BOOK = "book"
    BOOKING = "booking"
    UNKNOWN = "unknown"
    HOLDING = "holding"
    LAPSED = "lapsed"
    DECIDE = "decide"
    GIVE_BACK = "give back"
    DONE = "done"


def stage_of(sale: Sale) -> Stage:
    """The one stage that a sale is at."""
    if sale.all_ordered and sale.credit is None:
        return Stage.DONE
    if sale.attempt is not None and sale.attempt.doubt is Doubt.ORDER:
        return Stage.UNKNOWN if sale.attempt.unknown else Stage.BOOKING
    if sale.attempt is not None:
        return Stage.HOLDING
    if sale.all_ordered or not sale.lines:
        return Stage.GIVE_BACK
    if len(sale.with_status(LineStatus.HELD, LineStatus.ORDERED)) < len(sale.lines):
        return Stage.LAPSED
    if undecided(sale):
        return Stage.DECIDE
    due = sale.due
    return Stage.COLLECT if due is not None and due.amount > 0 else Stage.BOOK


class MoneyGuard:
    """Says whether a key may take money now (architecture.md, rules 9 and 13)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beat_at = clock.boot()
        self._dead = DeadTime(clock.boot)
        self.busy = False

    def arm(self) -> None:
        """Something else is on the screen now: keys already on their way are not for it."""
        self._dead.begin()

    def beat(self) -> None:
        """The program is alive; after a stall, keys typed meanwhile were typed at an old picture."""
        now = self._clock.boot()
        if now - self._beat_at > STALL:
            self.arm()
        self._beat_at = now

    @property
    def ready(self) -> bool:
        """Whether a key may take money at this moment."""
        self.beat()
        return not self.busy and self._dead.over
