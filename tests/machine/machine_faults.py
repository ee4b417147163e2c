"""The faults that the machine meets, each with the routes it makes sense on, and what was met so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from machine_plain import PlainWorld
from sandbox_process import SandboxProcess

HOLD, ORDER = "reservations_bulk", "orders_bulk"
WRITES = (HOLD, ORDER)
LOOK_UPS = ("orders", "reservation")
_NOTHING = {"@type": "Collection", "totalItems": 0, "member": []}

_LATER_DATE = {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}
_ABSURD = {"Retry-After": "99999999999"}

# name: (routes, the fault as korus_tui/sandbox/faults.py reads it)
FAULTS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "dropped before": (WRITES, {"kind": "drop_before"}),
    "dropped after": (WRITES, {"kind": "drop_after"}),
    "committed late": (WRITES, {"kind": "commit_late", "seconds": 0.1}),
    "committed very late": (WRITES, {"kind": "commit_late", "seconds": 2}),
    "slow": (WRITES, {"kind": "latency", "latency": 0.05, "late": 0.05}),
    "500 before": (WRITES, {"kind": "status", "status": 500}),
    "500 after": (WRITES, {"kind": "status", "status": 500, "effect": True}),
    "502 page": (WRITES, {"kind": "status", "status": 502, "effect": True}),
    "503 retry-after": (WRITES, {"kind": "status", "status": 503, "headers": {"Retry-After": "1"}}),
    "504": (WRITES, {"kind": "status", "status": 504, "effect": True}),
    "408": (WRITES, {"kind": "status", "status": 408}),
    "429 seconds": (WRITES, {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}}),
    "429 date": (WRITES, {"kind": "status", "status": 429, "headers": _LATER_DATE}),
    "429 absurd": ((HOLD,), {"kind": "status", "status": 429, "headers": _ABSURD}),  # a hold's is a refusal
    "429 absurd after": ((ORDER,), {"kind": "status", "status": 429, "headers": _ABSURD, "effect": True}),
    "body cut in half": (WRITES, {"kind": "cut"}),
    "body cut at once": (WRITES, {"kind": "cut", "bytes": 1}),
    "not json": (WRITES, {"kind": "not_json"}),
    "wrong shape": (WRITES, {"kind": "wrong_shape"}),
    "no body": (WRITES, {"kind": "no_body"}),
    "failed item as object": (WRITES, {"kind": "refuse", "shape": "object"}),
    "failed item as iri": (WRITES, {"kind": "refuse", "shape": "iri"}),
    "failed item empty": (WRITES, {"kind": "refuse", "shape": "empty"}),
    "failed item nameless": (WRITES, {"kind": "refuse", "shape": "nameless"}),
    "401 after": (WRITES, {"kind": "status", "status": 401, "effect": True}),
    "403 after": (WRITES, {"kind": "status", "status": 403, "effect": True}),
    "409 after": (WRITES, {"kind": "status", "status": 409, "effect": True}),
    "307 after": (WRITES, {"kind": "status", "status": 307, "effect": True}),
    "refused": ((ORDER,), {"kind": "status", "status": 409}),
    "holds end before the order": ((ORDER,), {"kind": "expire_holds"}),
    "no deadline": ((HOLD,), {"kind": "expires", "mode": "missing"}),
    "deadline in the past": ((HOLD,), {"kind": "expires", "mode": "past"}),
    "no Date": (WRITES, {"kind": "date", "value": None}),
    "look-up dropped": (LOOK_UPS, {"kind": "drop_before", "count": 2}),
    "look-up dropped for a while": (LOOK_UPS, {"kind": "drop_after", "count": 4}),
    "look-up 500": (LOOK_UPS, {"kind": "status", "status": 500, "count": 4}),
    "look-up not json": (LOOK_UPS, {"kind": "not_json", "count": 2}),
    "look-up empty": (("orders",), {"kind": "wrong_shape", "value": _NOTHING}),
    "look-up doubled": (("orders",), {"kind": "pages", "mode": "double"}),
}  # fmt: skip
DROPPED_LATE = {"committed late", "committed very late"}
LATE = {*DROPPED_LATE, "slow"}  # the effect can come between a look-up and what follows it
NOT_AGAIN = ("refused", "failed item as object")  # how the second call of an order ends whose first one comes late
LEVERS = ("sold out by another", "price moved", "hold ended early", "clock advanced", "tokens revoked")
RESTARTS = ("restart", "killed in an action")
TWICE = ("duplicate Enter",)
HANDS = ("signed out", "till closed", "another mode", "another server")
BY_THE_SHOP = ("held by the shop", "sold by the shop")
EVERYTHING = (*FAULTS, *LEVERS, *RESTARTS, *TWICE, *HANDS)


@dataclass
class Coverage:
    """How many steps were made, and how often each fault was met; `wanted` are to be met at least once."""

    wanted: tuple[str, ...] = EVERYTHING
    steps: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def never(self) -> list[str]:
        """What was never met."""
        return [name for name in self.wanted if not self.met[name]]

    def rarest(self, choice: int) -> str:
        """One of the faults that were met least, so that a short run meets them all."""
        ranked = sorted(FAULTS, key=lambda name: self.met[name])
        return ranked[choice % len(ranked)]


class FaultBox:
    """Gives faults to a server and sees which were met."""

    def __init__(self, sandbox: SandboxProcess | PlainWorld, coverage: Coverage) -> None:
        self._sandbox = sandbox
        self._coverage = coverage
        self._given: dict[int, tuple[str, int]] = {}
        self._count = 0
        self.late = False

    def give(self, name: str, choice: int) -> str:
        """Let the next calls of one of the fault's routes meet it; which route."""
        routes, spec = FAULTS[name]
        route = routes[choice % len(routes)]
        self._count += 1
        self._given[self._count] = (name, spec.get("count", 1))
        self.late = self.late or name in LATE
        fields = {key: value for key, value in spec.items() if key != "kind"}
        self._sandbox.fault(spec["kind"], route=route, tag=self._count, **fields)
        return route

    def look(self, waiting: list[dict[str, Any]]) -> None:
        """Count the faults that were met since the last look; `waiting` is the sandbox's own list."""
        left = {one["tag"]: one["left"] for one in waiting if "tag" in one}
        for tag, (name, before) in list(self._given.items()):
            now = left.get(tag, 0)
            if now < before:
                self._coverage.met[name] += 1
                self._given[tag] = (name, now)
            if not now:
                del self._given[tag]

    @property
    def waiting(self) -> bool:
        """Whether a fault was given that no call has met, as far as was looked."""
        return bool(self._given)

    def end(self) -> None:
        """Take back the faults that were not met."""
        self.look(self._sandbox.state()["faults"])
        self._sandbox.no_faults()
        self._given.clear()
