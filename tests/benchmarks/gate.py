"""A gate between a till and its server: how many requests wait at a time, and how many are given up."""

from __future__ import annotations

from passing_server import PassingServer


class Gate(PassingServer):
    """Passes everything on as it is. Counts by connection, for on each there is one request at a time (HTTP/1.1).

    A request waits from its first byte until its answer's; it is given up where the till hangs up before that.
    """

    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.waiting = self.most = self.asked = self.answered = self.given_up = 0

    def count_anew(self) -> None:
        """Forget what was counted; what waits still waits."""
        self.most = self.waiting
        self.asked = self.answered = self.given_up = 0

    def line(self) -> _Line:
        """Another connection."""
        return _Line(self)


class _Line:
    """One connection."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._waits = False

    async def asks(self, _data: bytes) -> None:
        gate = self._gate
        if not self._waits:
            self._waits = True
            gate.asked += 1
            gate.waiting += 1
            gate.most = max(gate.most, gate.waiting)

    def answers(self) -> None:
        self._gate.answered += self._waits
        self._rests()

    def ends(self, *, by_till: bool) -> None:
        self._gate.given_up += self._waits and by_till
        self._rests()

    def _rests(self) -> None:
        self._gate.waiting -= self._waits
        self._waits = False
