"""What a demo's own sandbox is told to do wrong. Nothing but `korus_tui.demo` imports this (pyproject.toml)."""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from korus_tui.counter.core.rehearsing import Fault, NotArmed

log = logging.getLogger("korus_tui.rehearsal")

SECONDS = 4.0  # for which what heals is held up, so that it can be watched
_LOOK = 0.2  # seconds between two looks at whether it struck
_OUTAGE = 30.0  # seconds
_LATE = 20.0  # seconds that an answer takes, and that tickets are late
_ALL = list(range(100))  # lines of a call
_MANY = 100_000

Spec = dict[str, Any]


def specs(fault: Fault, seconds: float) -> list[Spec]:
    """What the sandbox meets the next calls with; the first is what strikes, the others slow down what heals it."""
    slow = [{"kind": "latency", "route": route, "latency": seconds} for route in ("orders", "reservation")]
    order: Spec = {"route": "orders_bulk", "late": seconds / 2}
    hold: Spec = {"route": "reservations_bulk", "late": seconds / 2}
    late: Spec = {"kind": "latency", "route": "orders_bulk", "late": _LATE}
    unavailable: Spec = {"kind": "status", "status": 503, "headers": {"Retry-After": "5"}, "path": "/v1/*"}
    unknown: Spec = {"kind": "status", "status": 401, "headers": {"WWW-Authenticate": "Bearer"}, "path": "/v1/*"}
    table: dict[Fault, list[Spec]] = {
        Fault.LOST: [{"kind": "drop_after", **order}, *slow],
        Fault.POWER: [late, *slow],
        Fault.LATE: [late],
        Fault.SOLD_OUT: [{"kind": "refuse", "indexes": _ALL, "why": "sold_out", **hold}],
        Fault.HALF: [{"kind": "refuse", "indexes": _ALL[1::2], **hold}],
        Fault.PRICE: [{"kind": "price", "by": "1.12", **hold}],
        Fault.LAPSE: [{"kind": "expire_holds", **order}],
        Fault.OUTAGE: [{**unavailable, "count": _MANY}],
        Fault.SIGN_IN: [unknown, {"kind": "latency", "route": "token", "latency": seconds}],
        Fault.TICKETS: [{"kind": "documents_late", "route": "orders_bulk", "seconds": _LATE}],
    }
    return table[fault]


class SandboxControl:
    """The control listener of a demo's own sandbox: it is told what to do wrong, and asked what is true at it."""

    def __init__(self, where: Callable[[], Awaitable[str]]) -> None:
        """`where` gives its address, once the sandbox has said it."""
        self._where = where
        self._ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    async def call(self, method: str, lever: str, body: object = None) -> dict[str, Any]:
        """What it answers. Raises NotArmed for any address but this machine's, and where no answer comes."""
        control = await self._where()
        if urlsplit(control).hostname not in ("127.0.0.1", "::1"):  # never anything but the child's own listener
            raise NotArmed(control)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{control}/{lever}", data=data, method=method)

        def asked() -> dict[str, Any]:
            with self._ask(request, timeout=5) as answer:
                return dict(json.loads(answer.read()))

        try:
            return await asyncio.to_thread(asked)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotArmed(str(error)) from error


class SandboxRehearsals:
    """Arms the sandbox that `control` names, one fault at a time, and sees when it strikes."""

    def __init__(
        self, control: Callable[[], Awaitable[str]], seconds: float = SECONDS, cut: Callable[[], None] | None = None
    ) -> None:
        """`cut` ends this program as a power cut does; without one that cannot be rehearsed."""
        self._control = SandboxControl(control)
        self._seconds = seconds
        self._cut = cut
        self._armed: Fault | None = None
        self._struck: Fault | None = None
        self._looking: asyncio.Task[None] | None = None
        self._watchers: list[Callable[[], None]] = []

    @property
    def choices(self) -> tuple[Fault, ...]:
        return tuple(one for one in Fault if one is not Fault.POWER or self._cut is not None)

    @property
    def armed(self) -> Fault | None:
        """What waits for its call, or is going on."""
        return self._armed

    @property
    def struck(self) -> Fault | None:
        """What struck last, until it was told."""
        return self._struck

    async def arm(self, fault: Fault) -> None:
        """Have it strike once, in place of what was armed before. Raises NotArmed."""
        await self.disarm()
        await self._send("POST", specs(fault, self._seconds))
        self._armed, self._struck = fault, None
        self._looking = asyncio.create_task(self._look(fault), name="rehearsal")
        self._looking.add_done_callback(_ended)
        self._tell()

    async def disarm(self) -> None:
        """Nothing strikes any more. Raises NotArmed."""
        if self._looking is not None:
            self._looking.cancel()
        await self._send("DELETE")
        self._armed = None
        self._tell()

    def told(self) -> None:
        """What struck has been explained."""
        self._struck = None

    def went_on(self, fault: Fault) -> None:
        """It struck before this program was started."""
        self._struck = fault

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this when something is armed, or struck."""
        self._watchers.append(changed)

    def _tell(self) -> None:
        for changed in self._watchers:
            changed()

    async def _look(self, fault: Fault) -> None:
        """Until the first spec met its call. A sandbox that has ended is no rehearsal any more."""
        first = specs(fault, self._seconds)[0]
        waits = {**first, "left": first.get("count", 1)}
        try:
            while waits in await self._send("GET"):  # noqa: ASYNC110 - another process: nobody tells us
                await asyncio.sleep(_LOOK)
            self._struck = fault
            if fault is Fault.POWER and self._cut is not None:
                self._cut()
            if fault is Fault.OUTAGE:
                await asyncio.sleep(_OUTAGE)
                await self._send("DELETE")
        except NotArmed:
            self._struck = None
        self._armed = None
        self._tell()

    async def _send(self, method: str, body: object = None) -> list[Spec]:
        said = (await self._control.call(method, "faults", body)).get("faults")
        return said if isinstance(said, list) else []


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("the rehearsal failed", exc_info=error)
