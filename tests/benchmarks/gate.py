"""A gate between a till and its server: how many requests wait at a time, and how many are given up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PART = 65536


class Gate:
    """Passes everything on as it is. Counts by connection, for on each there is one request at a time (HTTP/1.1).

    A request waits from its first byte until its answer's; it is given up where the till hangs up before that.
    """

    def __init__(self, server: str) -> None:
        where = urlsplit(server)
        self._to = where.hostname or "", where.port or 80
        self._tasks: set[asyncio.Task[None]] = set()
        self.waiting = self.most = self.asked = self.answered = self.given_up = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.base_url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def count_anew(self) -> None:
        """Forget what was counted; what waits still waits."""
        self.most = self.waiting
        self.asked = self.answered = self.given_up = 0

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._connection(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_connection(*self._to)
        line = _Line(self)
        ways = [
            asyncio.ensure_future(_pass(reader, away, line.asks)),
            asyncio.ensure_future(_pass(there, writer, line.answers)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            line.ends(by_till=ways[0].done())
            for way in ways:
                way.cancel()
            writer.close()
            away.close()


class _Line:
    """One connection."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._waits = False

    def asks(self) -> None:
        gate = self._gate
        if not self._waits:
            self._waits = True
            gate.asked += 1
            gate.waiting += 1
            gate.most = max(gate.most, gate.waiting)

    def answers(self) -> None:
        self._gate.answered += self._waits
        self._rests()

    def ends(self, *, by_till: bool) -> None:
        self._gate.given_up += self._waits and by_till
        self._rests()

    def _rests(self) -> None:
        self._gate.waiting -= self._waits
        self._waits = False


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, noted: Callable[[], None]) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_PART):
            noted()
            writer.write(data)
            await writer.drain()
