"""The second world of the machine: the plain server of tests/world, told its faults and levers as a sandbox is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from world.answers import (
    BEFORE,
    CUT,
    EMPTY,
    HTML,
    NONE,
    Answer,
    Call,
    dropped,
    edited,
    members,
    problem,
    with_fields,
    without_fields,
)
from world.server import World

ROUTES = {"reservations_bulk": "reserve", "orders_bulk": "order_bulk"}
_PAST = "2020-01-01T00:00:00+00:00"


def _doubled(body: dict[str, Any]) -> None:
    found = members(body)
    body["member"] = found * 2
    body["totalItems"] *= 2


def _status(fault: dict[str, Any]) -> Answer:
    effect = BEFORE if fault.get("effect") else NONE
    page = HTML if fault["status"] in (401, 403, 407, 502, 504) else problem(fault["status"])
    return Answer(effect, fault["status"], page, fault.get("headers", {}))


def _refusal(shape: str) -> Answer:
    """Everything of the call has failed, told in one of the shapes that a failure may have."""

    def body(call: Call) -> dict[str, Any]:
        holds = call.route == "reserve"
        things = [one["offer"] for one in call.body["items"]] if holds else list(call.body["reservations"])
        name = "offer" if holds else "reservation"
        told = {
            "object": [{name: one, "reason": "Refusé", "code": "refused"} for one in things],
            "iri": things,
            "empty": [{} for _ in things],
            "nameless": [{"reason": "Refusé"} for _ in things],
        }[shape]
        kind, failed = ("reservations", "failedReservations") if holds else ("orders", "failedOrders")
        return {"@type": "BulkOutput", "@id": "/.well-known/genid/1", kind: [], failed: told}

    return Answer(NONE, 200, body)


class PlainWorld(World):
    """Stands where the machine's SandboxProcess stands. Money and places behave as in any other of these worlds."""

    def __init__(self, generation: str = "tutorial") -> None:
        super().__init__(generation)
        self._given: dict[int, list[Answer]] = {}

    def fault(self, kind: str, **fields: Any) -> None:
        """What the next calls of a route meet, in the words of korus_tui/sandbox/faults."""
        route = ROUTES.get(fields["route"], fields["route"])
        answers = [self._answer({"kind": kind, **fields}) for _ in range(fields.get("count") or 1)]
        self._given[fields.get("tag", 0)] = answers
        self.script(route, *answers)

    def _answer(self, fault: dict[str, Any]) -> Answer:
        made = {
            "drop_before": lambda: dropped(NONE),
            "drop_after": lambda: dropped(BEFORE),
            "commit_late": lambda: dropped(fault["seconds"]),
            "latency": lambda: Answer(hang=fault["latency"] + fault["late"]),
            "status": lambda: _status(fault),
            "cut": lambda: Answer(body=CUT),
            "not_json": lambda: Answer(body=HTML),
            "wrong_shape": lambda: Answer(body=fault.get("value", [1])),
            "no_body": lambda: Answer(body=EMPTY),
            "refuse": lambda: _refusal(fault["shape"]),
            "expire_holds": lambda: Answer(first=self.expire),
            "expires": lambda: edited(
                without_fields("expiresAt") if fault["mode"] == "missing" else with_fields(expiresAt=_PAST)
            ),
            "date": lambda: Answer(headers={"Date": None}),
            "pages": lambda: edited(_doubled),
        }
        return made[fault["kind"]]()

    def no_faults(self) -> None:
        """Forget the faults that wait."""
        self._given.clear()
        self.polite()

    def sell(self, pool: str, quantity: int) -> None:
        """Places of an offer or session go to somebody else, or come back."""
        with self.lock:
            self.truth.sold_elsewhere[pool] = self.truth.sold_elsewhere.get(pool, 0) + quantity

    def control(self, lever: str, **wanted: Any) -> None:
        """price, expire, revoke."""
        with self.lock:
            if lever == "price":
                for offer in self.truth.offers.values():
                    if offer.product == wanted["product"]:
                        offer.price = Decimal(wanted["amount"])
            elif lever == "expire":
                self.expire(wanted["reservation"])
            else:
                self.revoke()

    def state(self) -> dict[str, Any]:
        """As a sandbox tells it, with the faults that no call has met yet."""
        with self.lock:
            waiting = {id(one) for many in self._scripts.values() for one in many}
            left = {tag: sum(id(one) in waiting for one in answers) for tag, answers in self._given.items()}
            return super().state() | {"faults": [{"tag": tag, "left": count} for tag, count in left.items() if count]}
