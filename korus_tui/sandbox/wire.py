"""The TCP connections behind the requests, so that a fault can really drop one."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """Open connections by the caller's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], tuple[asyncio.Transport, asyncio.Event]] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """The protocol class for the server, which notes each connection here."""
        known = self._open

        class NotedProtocol(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                if self.client is not None:
                    known[self.client] = (transport, asyncio.Event())

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                if self.client in known:
                    known.pop(self.client)[1].set()

        return NotedProtocol

    async def drop(self, scope: Scope) -> None:
        """Ends the request's connection at once; nothing more of an answer can leave."""
        if (known := self._open.get(tuple(scope["client"]))) is not None:
            transport, closed = known
            transport.abort()
            await closed.wait()  # the server must have noticed before it is told that the call is over
