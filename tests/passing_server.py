"""A server that passes everything on to another one and tells what goes by, for those that count and wait."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

_PART = 65536


class Line(Protocol):
    """One connection, on which there is one request at a time (HTTP/1.1)."""

    async def asks(self, data: bytes) -> None:
        """A part of a request, before it is passed on."""

    def answers(self) -> None:
        """A part of an answer, before it is passed on."""

    def ends(self, *, by_till: bool) -> None:
        """It was closed, by the till or by its server."""


class PassingServer:
    """Stands between a till and its server for as long as it is entered."""

    def __init__(self, server: str) -> None:
        where = urlsplit(server)
        self._to = where.hostname or "", where.port or 80
        self._tasks: set[asyncio.Task[None]] = set()

    def line(self) -> Line:
        """What is told of a new connection."""
        raise NotImplementedError

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

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._connection(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = self.line()
        there, away = await asyncio.open_connection(*self._to)
        ways = [
            asyncio.ensure_future(_requests(line, reader, away)),
            asyncio.ensure_future(_answers(line, there, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            line.ends(by_till=ways[0].done())
            for way in ways:
                way.cancel()
            writer.close()
            away.close()


async def _requests(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_PART):
            await line.asks(data)
            writer.write(data)
            await writer.drain()


async def _answers(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_PART):
            line.answers()
            writer.write(data)
            await writer.drain()
