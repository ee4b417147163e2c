"""The TCP connections behind the requests, so that a fault can really drop one."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """Open connections by the caller's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """The protocol class for the server, which notes each connection here."""
        known = self._open

        class NotedProtocol(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                if self.client is not None:
                    known[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    known.pop(self.client, None)
                super().connection_lost(exc)

        return NotedProtocol

    async def drop(self, scope: Scope) -> None:
        """Ends the request's connection at once; nothing more of an answer can leave."""
        transport = self._open.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()
            while tuple(scope["client"]) in self._open:  # until the server has noticed
                await asyncio.sleep(0)
