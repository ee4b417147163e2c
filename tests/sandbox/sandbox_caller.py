"""A caller of the sandbox that knows the shortest way to an offer, a hold and an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from sandbox_process import CATALOG_PATH, SandboxProcess

DAY = "0194abfe-1bdb-7b12-af59-ad81ae443689"  # the tutorial's day ticket: full-day access only
SHOW = "0194abfe-1c04-7ade-9bc3-dbcfefb12652"  # the tutorial's product: a day ticket and a ticket with sessions
CUSTOMER = {"firstname": "John", "lastname": "Doe", "email": "john.doe@example.com"}
MERGE = {"Content-Type": "application/merge-patch+json"}

Json = dict[str, Any]


@dataclass
class Caller:
    """One signed-in caller."""

    sandbox: SandboxProcess
    http: httpx.Client

    def get(self, path: str, **query: Any) -> Json:
        """The JSON of a GET that must succeed."""
        answer = self.http.get(path, params=query or None)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def product(self, name: str) -> str:
        """The id of the product with this French name."""
        for page in (1, 2):
            for one in self.get(f"{CATALOG_PATH}/products", itemsPerPage=50, page=page)["member"]:
                if one["name"] == name:
                    return str(one["id"])
        raise AssertionError(f"no product {name}")

    def offers(self, product: str, **query: Any) -> list[Json]:
        """The first fifty offers of a product; `product` and `product[]` serve every generation."""
        wanted = {"product": product, "product[]": product, "itemsPerPage": 50} | query
        return list(self.get(f"{CATALOG_PATH}/offers", **wanted)["member"])

    def roomy_offer(self, product: str, places: int = 20) -> Json:
        """An offer of the product with a limit, and at least so many places."""
        return next(one for one in self.offers(product) if (one["availableQuantity"] or 0) >= places)

    def tickets(self, offer: Json | str) -> list[Json]:
        """The offer's tickets as a reservation names them."""
        path = offer if isinstance(offer, str) else offer["@id"]
        return list(self.get(f"{path}/tickets", itemsPerPage=50)["member"])

    def item(self, offer: Json, quantity: int = 1) -> Json:
        """A right item of a reservation call: the roomiest session of each ticket that needs one."""
        chosen = []
        for ticket in self.tickets(offer):
            entry = {"ticket": ticket["@id"]}
            if not ticket["dateAccess"]:
                sessions = ticket.get("sessions")
                if sessions is None:
                    sessions = self.get(f"{ticket['@id']}/sessions")["member"]
                entry["session"] = max(sessions, key=lambda one: one["availableQuantity"])["@id"]
            chosen.append(entry)
        return {"quantity": quantity, "offer": offer["@id"], "ticketSessions": chosen}

    def reserve(self, *items: Json, **headers: str) -> httpx.Response:
        """The reservation call."""
        return self.http.post("/v1/booking/reservations/_bulk", json={"items": list(items)}, headers=headers)

    def hold(self, *items: Json) -> list[Json]:
        """Reservations of items that must all be held."""
        answer = self.reserve(*items)
        assert answer.is_success, answer.text
        assert answer.json()["failedReservations"] == []
        return list(answer.json()["reservations"])

    def hold_day(self, quantity: int = 1) -> Json:
        """A hold of day tickets."""
        return self.hold(self.item(self.roomy_offer(DAY), quantity))[0]

    def order_body(self, *reservations: Json, **fields: Any) -> Json:
        """The body of an order call; a field given as None is left out."""
        body = {
            "reservations": [one["@id"] for one in reservations],
            "customer": CUSTOMER,
            "externalReference": "T1-0001",
        } | fields
        return {name: value for name, value in body.items() if value is not None}

    def order(self, *reservations: Json, **fields: Any) -> httpx.Response:
        """The order call."""
        return self.http.post("/v1/booking/orders/_bulk", json=self.order_body(*reservations, **fields))

    def ordered(self, *reservations: Json, **fields: Any) -> list[Json]:
        """Orders of reservations that must all be ordered."""
        answer = self.order(*reservations, **fields)
        assert answer.is_success, answer.text
        return list(answer.json()["orders"])

    def patch(self, path: str, body: Json) -> httpx.Response:
        """A merge-patch."""
        return self.http.patch(path, json=body, headers=MERGE)


def paths(answer: httpx.Response) -> set[str]:
    """The property paths of a 422 answer."""
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["@type"] == "ConstraintViolationList"
    assert all(one["message"] and one["code"] for one in body["violations"])
    return {one["propertyPath"] for one in body["violations"]}
