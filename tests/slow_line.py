"""A thin, far line between the program and its terminal: so many bytes a second, and a time to travel each way."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Mapping, Sequence

from pseudo_terminal import Terminal

_STEP = 0.02  # seconds


class SlowTerminal(Terminal):
    """A terminal at the far end of a serial line; what the program sends faster has to wait at its end."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        baud: int = 9600,
        round_trip: float = 0.3,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._rate, self._travel = baud / 10, round_trip / 2  # eight bits, a start and a stop
        self._credit, self._filled = 0.0, time.monotonic()
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()
        super().__init__(argv, size=size, env=env)

    def send(self, data: bytes) -> None:
        """Keys on their way to the program."""
        self._going.append((time.monotonic() + self._travel, data))

    def read(self, seconds: float) -> bool:
        """Let the line work for a while: take as many bytes as it carries, show those that have arrived."""
        deadline = time.monotonic() + seconds
        alive = True
        while alive and (left := deadline - time.monotonic()) > 0:
            alive = self._carry(min(left, _STEP))
            if self._arrive() and not self._coming:
                break
        return alive or self._arrive()

    def _carry(self, seconds: float) -> bool:
        now = time.monotonic()
        while self._going and self._going[0][0] <= now:
            os.write(self.master, self._going.popleft()[1])
        self._credit = min(self._rate / 10, self._credit + self._rate * (now - self._filled))
        self._filled = now
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready or self._credit < 1:
            select.select([], [], [], seconds if ready else 0)  # the line is full: only its clock goes on
            return True
        try:
            data = os.read(self.master, int(self._credit))
        except OSError:
            return False
        self._credit -= len(data)
        self._coming.append((now + self._travel, data))
        return bool(data)

    def _arrive(self) -> bool:
        arrived = False
        while self._coming and self._coming[0][0] <= time.monotonic():
            self.take(self._coming.popleft()[1])
            arrived = True
        return arrived
