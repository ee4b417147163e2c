"""Faults on demand: what the next calls of an endpoint meet. Off unless the sandbox is started with `--faults`.

A fault is a JSON object: which calls (`route` by name or pattern, `method`, `path` pattern, `skip` calls first,
`count` calls or null for all), `latency` seconds before, `late` seconds after the effect, and a `kind`:

- latency: the effect comes even if the caller has left meanwhile
- drop_before · drop_after · cut (half of the body, then the connection drops)
- commit_late: drops now, the effect comes `seconds` of the sandbox's clock later
- status: `status`, `headers`, `body`, `content_type`; with `effect: true` after the effect
- not_json, wrong_shape (`value`), no_body: status 200 after the effect
- oversized, gzip_bomb: `bytes`; endless
- redirect: `location`, `status`
- refuse: `indexes` of a bulk call, told in `shape` object | iri | empty | nameless | any JSON;
  `why` issuer | sold_out
- expire_holds: every hold ends just before the call
- price: moves one just before the call: `offer` or `product`, `amount`, `stages`; or all of them, `by` a factor
- documents_late: what the call orders has its documents `seconds` later than usual
- replace: `edits` [{path, value} | {path, remove}] · expires: `mode` missing | null | past | offset, `seconds`
- pages: `mode` total | empty | repeat | double | loop, `value`
- date: `value`, or null for no Date header
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from korus_tui.sandbox.actions import move_price
from korus_tui.sandbox.app import API_ROUTES, TOKEN_ROUTE
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.faults.answers import ANSWERS, Answer, flood
from korus_tui.sandbox.faults.edits import EDITS, edited
from korus_tui.sandbox.storage import FOLDER
from korus_tui.sandbox.wire import Connections

KINDS = frozenset(
    {"latency", "drop_before", "drop_after", "cut", "commit_late", "oversized", "gzip_bomb", "endless", "refuse",
     "expire_holds", "price", "documents_late", "date", *ANSWERS, *EDITS}
)  # fmt: skip


@dataclass
class Fault:
    """One fault and how many calls it still has."""

    spec: dict[str, Any]
    left: int | None
    skip: int = 0
    memory: list[Any] = field(default_factory=list)

    def hits(self, method: str, path: str, route: str) -> bool:
        """Whether this call is one of its calls; counts it."""
        spec = self.spec
        named = fnmatchcase(route, spec.get("route", "*")) and fnmatchcase(path, spec.get("path", "*"))
        if not named or spec.get("method", method) != method or self.left == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.left = None if self.left is None else self.left - 1
        return True


class FaultList:
    """The faults that wait for their calls; the first that fits is taken."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.calls: Counter[str] = Counter()

    @classmethod
    def read(cls, file: Path | None) -> FaultList:
        """The faults of a file; ValueError if one is not understood."""
        made = cls()
        if file is not None:
            made.add(json.loads(file.read_text(encoding="utf-8")))
        return made

    def add(self, specs: Any) -> None:
        """Adds one fault or a list; ValueError if one is not understood, and then none is added."""
        wanted = specs if isinstance(specs, list) else [specs]
        for spec in wanted:
            if not isinstance(spec, dict) or spec.get("kind") not in KINDS:
                raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}")
            if not isinstance(spec.get("count", 1), int | None) or not isinstance(spec.get("skip", 0), int):
                raise ValueError("count and skip must be whole numbers")
        self.waiting += [Fault(spec, spec.get("count", 1), spec.get("skip", 0)) for spec in wanted]

    def take(self, method: str, path: str, route: str) -> Fault | None:
        """The fault that this call meets."""
        self.calls[route] += 1
        found = next((fault for fault in self.waiting if fault.hits(method, path, route)), None)
        self.waiting = [fault for fault in self.waiting if fault.left != 0]
        return found


def route_name(scope: Scope) -> str:
    """The name of the route of a request: as in `route` of a fault."""
    if scope["path"].startswith(FOLDER):
        return "storage"
    for route in (TOKEN_ROUTE, *API_ROUTES):
        if route.matches(scope)[0] is Match.FULL:
            return route.name
    return ""


class FaultGate:
    """Lets each call through, or through its fault."""

    def __init__(self, app: ASGIApp, box: Context, faults: FaultList, connections: Connections) -> None:
        self._app, self._box, self._faults, self._connections = app, box, faults, connections
        self._late: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """Gives up effects that were to come later."""
        for task in self._late:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if scope["type"] == "http" and not scope["path"].startswith("/_control"):
            fault = self._faults.take(scope["method"], scope["path"], route_name(scope))
        if fault is None:
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        await asyncio.sleep(fault.spec.get("latency", 0))
        await self._meet(fault, scope, body, receive, send)

    async def _meet(self, fault: Fault, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        spec, kind = fault.spec, fault.spec["kind"]
        if kind == "drop_before":
            await self._connections.drop(scope)
        elif kind == "commit_late":
            await self._connections.drop(scope)
            self._later(scope, body, spec.get("seconds", 20))
        elif kind in ("oversized", "gzip_bomb", "endless"):
            await flood(kind, spec, receive, send)
        elif kind in ANSWERS and not spec.get("effect", ANSWERS[kind].after_effect):
            await ANSWERS[kind].make(spec).send(send)
        else:
            self._prepare(spec, scope)
            await self._finish(fault, await self._run(scope, body), scope, send)

    def _prepare(self, spec: dict[str, Any], scope: Scope) -> None:
        if spec["kind"] == "refuse":
            scope["korus.refuse"] = spec
        elif spec["kind"] == "expire_holds":
            for key in list(self._box.state.reservations):
                self._box.state.lapse(key)
        elif spec["kind"] == "price":
            move_price(self._box, spec)

    async def _finish(self, fault: Fault, answer: Answer, scope: Scope, send: Send) -> None:
        """What happens once the effect is there."""
        spec, kind = fault.spec, fault.spec["kind"]
        await asyncio.sleep(spec.get("late", 0))
        if kind == "documents_late":
            self._box.state.put_off(spec.get("seconds", 20))
        if kind == "drop_after":
            await self._connections.drop(scope)
        elif kind == "cut":
            await answer.send(send, part=spec.get("bytes", len(answer.body) // 2))
            await self._connections.drop(scope)
        elif kind in ANSWERS:
            await ANSWERS[kind].make(spec).send(send)
        elif kind == "date":
            await answer.dated(spec.get("value")).send(send)
        elif kind in EDITS and answer.status < 300:
            document = edited(json.loads(answer.body), spec, fault.memory)
            await answer.with_body(json.dumps(document, ensure_ascii=True).encode()).send(send)
        else:
            await answer.send(send)

    async def _run(self, scope: Scope, body: bytes) -> Answer:
        """The call's effect and its answer, kept back."""
        start: dict[str, Any] = {}
        chunks: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, keep)
        return Answer(start["status"], list(start["headers"]), b"".join(chunks))

    def _later(self, scope: Scope, body: bytes, seconds: float) -> None:
        due = self._box.state.now() + seconds

        async def commit() -> None:
            await self._box.clock.reach(due)
            await self._run(scope, body)

        task = asyncio.create_task(commit())
        self._late.add(task)
        task.add_done_callback(self._late.discard)


async def _read(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return b"".join(chunks)
