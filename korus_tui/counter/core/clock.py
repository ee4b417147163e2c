"""Server time, carried by a clock that nobody can set (docs/architecture.md, Idea 3)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the counter asks of a clock; tests give it one that they move by hand."""

    def now(self) -> datetime:
        """The estimated server time, aware, in UTC."""

    def boot(self) -> float:
        """Seconds on a clock that only ever runs forward, also while the machine sleeps."""

    @property
    def known(self) -> bool:
        """Whether the server has told its time: the host's clock alone ends no hold and opens no payment."""


def boot_seconds() -> float:
    """CLOCK_BOOTTIME: unlike the monotonic clock it counts the time that a machine was asleep."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ServerClock:
    """Server time estimated from the `Date` of its answers; the host's own clock counts only until the first one."""

    def __init__(self) -> None:
        self._low: float | None = None
        self._high = 0.0
        self._host = time.clock_gettime(time.CLOCK_REALTIME) - boot_seconds()

    def now(self) -> datetime:
        """The estimated server time, aware, in UTC."""
        return datetime.fromtimestamp(self.boot() + self._offset, UTC)

    def boot(self) -> float:
        """Seconds since the machine started, sleep included."""
        return boot_seconds()

    @property
    def known(self) -> bool:
        """Whether the server has told its time."""
        return self._low is not None

    @property
    def host_error(self) -> float | None:
        """How many seconds the host's clock is ahead of the server's; None before the first answer."""
        return None if self._low is None else self._host - self._offset

    def learn(self, server: datetime, sent: float, received: float) -> None:
        """Narrow the estimate by one answer: `server` is its Date (whole seconds), the rest are boot seconds.

        The Date was written between `sent` and `received` and stands for a second that had begun; answers that
        contradict what was known (a server's clock was set) replace it.
        """
        stamp = server.timestamp()
        low, high = stamp - received, stamp + 1.0 - sent
        if self._low is not None and max(low, self._low) <= min(high, self._high):
            low, high = max(low, self._low), min(high, self._high)
        self._low, self._high = low, high

    @property
    def _offset(self) -> float:
        return self._host if self._low is None else (self._low + self._high) / 2
