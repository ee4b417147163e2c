"""Keys that were pressed for what was on the screen before (docs/rules.md, Once only)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from korus_tui.counter.core.clock import boot_seconds

if TYPE_CHECKING:
    from textual.widget import Widget

DEAD_TIME = 0.3  # seconds


class DeadTime:
    """A short while after something new is on the screen; until it is over, no key is meant for that."""

    def __init__(self, boot: Callable[[], float] = boot_seconds) -> None:
        """It begins now; `boot` are the seconds of a clock that only runs forward."""
        self._boot = boot
        self._awaited = 0  # paintings asked for; the last one begins it
        self.begin()

    def begin(self) -> None:
        """Something new is there."""
        self._ends = self._boot() + DEAD_TIME

    def begin_when_seen(self, new: Widget) -> None:
        """It begins once `new` has been painted: a busy machine may take longer for that than the whole dead time.

        Asked for again meanwhile, only the last painting counts.
        """
        self._ends = math.inf
        self._awaited += 1
        this = self._awaited

        def seen() -> None:
            if this == self._awaited:
                self.begin()

        new.call_after_refresh(seen)

    @property
    def left(self) -> float:
        """Seconds until it is over, never less than nothing."""
        return max(0.0, self._ends - self._boot())

    @property
    def over(self) -> bool:
        """Whether a key is meant for what is there now."""
        return self.left == 0.0
