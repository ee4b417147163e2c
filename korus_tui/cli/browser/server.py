"""The server of textual-serve with a page of ours: nothing comes from elsewhere, and any address may lead to it."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

MOST_VISITORS = 12  # at one time: each has a program and a sandbox, some 150 MB


class DemoServer(Server):
    """Starts `command` for each visitor, and for no page but its own; it ends with the visitor's page."""

    def __init__(self, command: str, host: str, port: int) -> None:
        super().__init__(command, host, port, title="korus-tui demo", templates_path=Path(__file__).parent)
        self._visitors = 0

    def initialize_logging(self) -> None:
        """Only what goes wrong is told, and no visitor's address."""
        logging.basicConfig(level=logging.ERROR)

    async def on_startup(self, app: web.Application) -> None:
        """The address was said already."""

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page. Raises HTTPServiceUnavailable where there are as many visitors as there may be."""
        self._must_have_room()
        return await super().handle_index(request)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One visitor. Raises HTTPForbidden for a page elsewhere, whose script could reach even a loopback address."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="This demo opens from its own page alone.")
        self._must_have_room()
        self._visitors += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self._visitors -= 1

    def _must_have_room(self) -> None:
        if self._visitors >= MOST_VISITORS:
            raise web.HTTPServiceUnavailable(text="All demos are taken just now: try again in some minutes.")
