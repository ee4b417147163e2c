"""The server of textual-serve with a page of ours: nothing comes from elsewhere, and any address may lead to it."""

from __future__ import annotations

import logging
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server


class DemoServer(Server):
    """Starts `command` for each visitor; it ends with the visitor's page."""

    def __init__(self, command: str, host: str, port: int) -> None:
        super().__init__(command, host, port, title="korus-tui demo", templates_path=Path(__file__).parent)

    def initialize_logging(self) -> None:
        """Only what goes wrong is told, and no visitor's address."""
        logging.basicConfig(level=logging.ERROR)

    async def on_startup(self, app: web.Application) -> None:
        """The address was said already."""
