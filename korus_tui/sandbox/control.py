"""The control endpoint under /_control: faults, clock and other levers, for callers on this machine only."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from korus_tui.sandbox.actions import LEVERS, oracle
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.faults.faults import FaultList

PREFIX = "/_control/"


def _refused(status: int, why: str) -> JSONResponse:
    return JSONResponse({"error": why}, status)


class Control:
    """Answers under /_control; everything else goes on to the API."""

    def __init__(self, app: ASGIApp, box: Context, faults: FaultList) -> None:
        self._app, self._box, self._faults = app, box, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await (await self._answer(Request(scope, receive)))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            return _refused(403, "the control endpoint answers this machine only")
        name = request.url.path.removeprefix(PREFIX)
        self._box.state.sweep()
        waiting = [{**fault.spec, "left": fault.left} for fault in self._faults.waiting]
        if (request.method, name) == ("GET", "faults"):
            return JSONResponse({"faults": waiting})
        if (request.method, name) == ("GET", "state"):
            return JSONResponse({**oracle(self._box), "faults": waiting, "calls": dict(self._faults.calls)})
        if (request.method, name) == ("DELETE", "faults"):
            self._faults.waiting.clear()
            return JSONResponse({"faults": []})
        if request.method != "POST":
            return _refused(405, "POST, or GET state or faults, or DELETE faults")
        return self._pull(name, await request.body())

    def _pull(self, name: str, body: bytes) -> Response:
        try:
            wanted: Any = json.loads(body or b"{}")
            if name == "faults":
                self._faults.add(wanted)
                return JSONResponse({"faults": len(self._faults.waiting)})
            if name not in LEVERS:
                return _refused(404, f"known: faults, {', '.join(LEVERS)}")
            return JSONResponse(LEVERS[name](self._box, wanted))
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
            return _refused(400, f"{type(error).__name__}: {error}")
