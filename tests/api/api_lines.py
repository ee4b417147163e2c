"""What tests of the client share: a line to a server with short time-outs, and one that opens no socket."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from korus_tui.api.auth import Auth, BearerToken
from korus_tui.api.calls import Call
from korus_tui.api.client import KorusClient
from korus_tui.api.timing import Deadlines, Timeouts
from korus_tui.api.transport import Transport

SECRET = "s3cr3t-t0ken-that-must-not-show"
CATALOG = "0194abdc-3a71-72b0-a9b9-89d4be0cd73e"
EXAMPLES = Path(__file__).parent / "examples"

SHORT = Deadlines(connect=2.0, read=0.3, write=1.0, pool=1.0, total=1.5)


def example(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8"), parse_float=Decimal)


class Naps:
    """Stands in for sleeping: remembers how long each wait would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@asynccontextmanager
async def line_to(url: str, auth: Auth | None = None, **options: Any) -> AsyncIterator[KorusClient]:
    """A client of the server at `url`, signed in with SECRET unless told otherwise."""
    ticks = itertools.count()
    options = {
        "boot_clock": lambda: float(next(ticks)),
        "timeouts": Timeouts(SHORT, SHORT, SHORT),
        "sleep": Naps(),
        "random": lambda: 0.5,
        **options,
    }
    client = KorusClient(Transport(url, auth or BearerToken(SECRET), user_agent="test", **options))
    try:
        yield client
    finally:
        await client.close()


class PaperLine:
    """A transport that answers from a function and remembers the calls."""

    def __init__(self, answer: Callable[[Call], Any]) -> None:
        self.calls: list[Call] = []
        self._answer = answer

    async def send(self, call: Call) -> Any:
        self.calls.append(call)
        return self._answer(call)

    async def sign_in(self) -> None:
        return None

    async def fetch_file(self, url: str, limit: int) -> bytes:
        return b""

    def link_refusal(self, url: str) -> str | None:
        return None

    async def unsafe_link(self, url: str) -> str | None:
        return None

    async def aclose(self) -> None:
        return None
