"""How many reads are in flight at once, and which of those that wait goes next: what somebody waits for goes first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

_ahead: ContextVar[bool] = ContextVar("ahead", default=False)


@contextmanager
def ahead_of_need() -> Iterator[None]:
    """Whatever is read within it, nobody waits for yet."""
    token = _ahead.set(True)
    try:
        yield
    finally:
        _ahead.reset(token)


class Slots:
    """Of `most` reads at once, those that nobody waits for yet take half at most: one that is waited for finds room."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._spare = max(1, most // 2)  # for reads ahead of need
        self._waited: deque[asyncio.Future[None]] = deque()
        self._ahead: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A slot, as soon as there is one for this read."""
        ahead = _ahead.get()
        await self._take(ahead)
        try:
            yield
        finally:
            self._give(ahead)

    async def _take(self, ahead: bool) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._ahead if ahead else self._waited).append(turn)
        self._next()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given a slot in the same moment
                self._give(ahead)
            raise

    def _give(self, ahead: bool) -> None:
        self._free += 1
        self._spare += ahead
        self._next()

    def _next(self) -> None:
        """Let in who may go."""
        while self._free and (self._pop(self._waited) or (self._spare and self._pop(self._ahead))):
            pass

    def _pop(self, queue: deque[asyncio.Future[None]]) -> bool:
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                self._free -= 1
                self._spare -= queue is self._ahead
                return True
        return False
