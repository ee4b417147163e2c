"""A server that is far away: every call takes a round trip more, and is kept with when it left and was answered."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PART = 65536
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Call:
    """One call: `begun` and `ended` in seconds of the loop's clock; `ended` None while its answer is awaited."""

    method: str
    path: str
    begun: float
    ended: float | None = None

    @property
    def name(self) -> str:
        """The call without ids and without what it asks for."""
        where = _ID.sub("…", self.path.partition("?")[0])
        return f"{self.method} {'/'.join(where.split('/')[-2:])}"


class FarServer:
    """Passes everything on, `round_trip` seconds late; counts calls and connections."""

    def __init__(self, server: str, round_trip: float = 0.0) -> None:
        where = urlsplit(server)
        self._to = where.hostname or "", where.port or 80
        self._tasks: set[asyncio.Task[None]] = set()
        self.round_trip = round_trip
        self.calls: list[Call] = []
        self.connections = 0

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

    @property
    def quiet(self) -> bool:
        """Whether no answer is awaited."""
        return all(call.ended is not None for call in self.calls)

    def waits(self, since: float, until: float) -> int:
        """How many round trips, one after the other, lie between a key and its page.

        The last answer before the page, the call before that one, and so on, as long as they were answered after the
        key; never more than there was time for.
        """
        chain, before = 0, until
        done = sorted((one for one in self.calls if one.ended is not None), key=lambda one: -(one.ended or 0.0))
        for call in done:
            if call.ended is not None and since < call.ended <= before:
                chain, before = chain + 1, call.begun
        return min(chain, int((until - since) / self.round_trip)) if self.round_trip else chain

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._connection(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there, away = await asyncio.open_connection(*self._to)
        known: list[Call] = []
        ways = [
            asyncio.ensure_future(self._asks(reader, away, known)),
            asyncio.ensure_future(self._answers(there, writer, known)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for call in known:
                call.ended = call.ended or asyncio.get_running_loop().time()
            for way in ways:
                way.cancel()
            writer.close()
            away.close()

    async def _asks(self, reader: asyncio.StreamReader, away: asyncio.StreamWriter, known: list[Call]) -> None:
        """What begins after an answer is a new call: on one connection there is one at a time (HTTP/1.1)."""
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(_PART):
                if not known or known[-1].ended is not None:
                    method, path, *_ = data.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
                    known.append(Call(method, path, asyncio.get_running_loop().time()))
                    self.calls.append(known[-1])
                    await asyncio.sleep(self.round_trip)
                away.write(data)
                await away.drain()

    async def _answers(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter, known: list[Call]) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await there.read(_PART):
                if known and known[-1].ended is None:
                    known[-1].ended = asyncio.get_running_loop().time()
                writer.write(data)
                await writer.drain()
