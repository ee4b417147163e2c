"""A server that is far away: every call takes a round trip more, and is kept with when it left and was answered."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from passing_server import PassingServer

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Call:
    """One call: `begun` and `ended` in seconds of the loop's clock; `ended` None while its answer is awaited."""

    method: str
    path: str
    begun: float
    ended: float | None = None

    @property
    def name(self) -> str:
        """The call without ids and without what it asks for."""
        where = _ID.sub("…", self.path.partition("?")[0])
        return f"{self.method} {'/'.join(where.split('/')[-2:])}"


class FarServer(PassingServer):
    """Passes everything on, `round_trip` seconds late; counts calls and connections."""

    def __init__(self, server: str, round_trip: float = 0.0) -> None:
        super().__init__(server)
        self.round_trip = round_trip
        self.calls: list[Call] = []
        self.connections = 0

    def line(self) -> _Line:
        """Another connection."""
        self.connections += 1
        return _Line(self)

    @property
    def quiet(self) -> bool:
        """Whether no answer is awaited."""
        return all(call.ended is not None for call in self.calls)

    def waits(self, since: float, until: float) -> int:
        """How many round trips, one after the other, lie between a key and its page.

        The last answer before the page, the call before that one, and so on, as long as they were answered after the
        key; never more than there was time for.
        """
        chain, before = 0, until
        done = sorted((one for one in self.calls if one.ended is not None), key=lambda one: -(one.ended or 0.0))
        for call in done:
            if call.ended is not None and since < call.ended <= before:
                chain, before = chain + 1, call.begun
        return min(chain, int((until - since) / self.round_trip)) if self.round_trip else chain


class _Line:
    """One connection; what begins after an answer is a new call."""

    def __init__(self, server: FarServer) -> None:
        self._server = server
        self._call: Call | None = None  # its last one

    async def asks(self, data: bytes) -> None:
        if self._call is None or self._call.ended is not None:
            method, path, *_ = data.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            self._call = Call(method, path, asyncio.get_running_loop().time())
            self._server.calls.append(self._call)
            await asyncio.sleep(self._server.round_trip)  # what a far line takes; noqa: house

    def answers(self) -> None:
        if self._call is not None and self._call.ended is None:
            self._call.ended = asyncio.get_running_loop().time()

    def ends(self, *, by_till: bool) -> None:
        self.answers()
