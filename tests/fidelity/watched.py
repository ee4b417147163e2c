"""A sandbox behind a proxy that keeps every call and its answer, for the description of its generation to judge."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx
import uvicorn
from sandbox_process import SandboxProcess
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fidelity.judge import Judge

_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"]
_NOT_PASSED_ON = {"host", "connection", "content-length", "transfer-encoding", "content-encoding", "keep-alive"}


@dataclass(frozen=True)
class Exchange:
    """One call and what was answered; header names are in lower case."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    sent: bytes
    status: int
    kind: str
    body: bytes


class WatchedSandbox(SandboxProcess):
    """A sandbox whose `base_url` is the proxy. It ends with an AssertionError if anything was not as described.

    A whole sale asks for many things twice: what was said alike is judged once. At the address `unwatched` nothing is
    judged: for faults, and for calls that are wrong on purpose.
    """

    def __init__(self, generation: str, **options: Any) -> None:
        super().__init__(generation=generation, **options)
        self.generation = generation
        self.seen: list[Exchange] = []
        self.unwatched = self.base_url
        self._judge = Judge(generation)
        self._judged: dict[Exchange, list[str]] = {}
        self._ready = threading.Event()
        app = Starlette(routes=[Route("/{path:path}", self._pass_on, methods=_METHODS)], lifespan=self._lifespan)
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_level="error", ws="none", date_header=False, server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait()
        self.token_endpoint = self.token_endpoint.replace(self.unwatched, self.base_url)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(base_url=self.unwatched, timeout=30) as self._client:
            yield

    async def _serve(self) -> None:
        listener = self._server.config.bind_socket()
        listener.listen()
        self.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._ready.set()  # who calls now is answered once the server runs
        await self._server.serve([listener])

    async def _pass_on(self, request: Request) -> Response:
        sent = await request.body()
        headers = {name: value for name, value in request.headers.items() if name not in _NOT_PASSED_ON}
        url = str(request.url).removeprefix(self.base_url)
        answer = await self._client.request(request.method, url, headers=headers, content=sent)
        kind = answer.headers.get("content-type", "")
        told = (request.method, url, tuple(headers.items()), sent, answer.status_code, kind, answer.content)
        self.seen.append(Exchange(*told))
        passed = {name: value for name, value in answer.headers.items() if name not in _NOT_PASSED_ON}
        return Response(answer.content, answer.status_code, passed)

    def faults(self) -> list[str]:
        """What the description did not allow in anything that was said so far."""
        for one in self.seen:
            if one not in self._judged:
                self._judged[one] = self._judge.exchange(
                    one.method, one.url, dict(one.headers), one.sent, one.status, one.kind, one.body
                )
        return list(dict.fromkeys(told for one in self.seen for told in self._judged[one]))

    def forget(self) -> None:
        """What was said so far is of no more interest."""
        self.seen.clear()

    def stop(self) -> int:
        self._server.should_exit = True
        self._thread.join(10)
        return super().stop()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if kind is None and (faults := self.faults()):
            raise AssertionError("not as described:\n" + "\n".join(faults))
