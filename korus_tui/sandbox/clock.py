"""The sandbox's own time: it may start anywhere, stand still, and be moved by a test."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta

from korus_tui.sandbox.options import parse_moment


def _elapsed() -> float:
    """Seconds on a clock that also runs while the machine sleeps and that nobody can set."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def _wall_seconds() -> float:
    """Seconds since 1970 by the machine's clock, read once, at the start."""
    return time.time_ns() / 1e9


class SandboxClock:
    """Tells the moment, in UTC, by which everything in the sandbox begins and lapses."""

    def __init__(self, start: str | None, frozen: bool = False) -> None:
        self.start = parse_moment(start) if start else datetime.fromtimestamp(_wall_seconds(), UTC)
        self._frozen = frozen
        self._origin = _elapsed()
        self._moved = timedelta()
        self._jumped = asyncio.Event()

    def now(self) -> datetime:
        """The present moment, in UTC."""
        running = timedelta() if self._frozen else timedelta(seconds=_elapsed() - self._origin)
        return self.start + self._moved + running

    def advance(self, seconds: float) -> None:
        """Moves the clock; a negative number moves it back."""
        self._moved += timedelta(seconds=seconds)
        self._jumped.set()
        self._jumped = asyncio.Event()

    async def reach(self, moment: float) -> None:
        """Waits until the clock shows `moment` (POSIX seconds), by itself or because it was moved."""
        while (rest := moment - self.now().timestamp()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._jumped.wait(), None if self._frozen else rest)


def stamp(moment: datetime) -> str:
    """A moment as the API writes it: whole seconds, with the offset."""
    return moment.replace(microsecond=0).isoformat()
