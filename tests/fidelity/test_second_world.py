"""The second world (tests/world), written from the documents alone too, answers as they are described."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sandbox_process import CATALOG_PATH
from till import DAY, SHOW_PRODUCT
from world.answers import Json
from world.server import World

from fidelity.judge import LD_JSON, MERGE, Judge

CUSTOMER = {"firstname": "John", "lastname": "Doe", "email": "john.doe@example.com"}


@contextmanager
def judged(world: World) -> Iterator[httpx.Client]:
    """A client of the world; what its generation's description does not allow is an AssertionError."""
    judge, found = Judge(world.generation.name), []

    def exchange(answer: httpx.Response) -> None:
        asked, parts = answer.request, urlsplit(str(answer.request.url))
        url = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {name.lower(): value for name, value in asked.headers.items()}
        kind = answer.headers["content-type"]
        found.extend(judge.exchange(asked.method, url, headers, asked.read(), answer.status_code, kind, answer.read()))

    with httpx.Client(base_url=world.base_url, event_hooks={"response": [exchange]}) as http:
        form = {"client_id": world.client_id, "client_secret": world.client_secret}
        first = http.post(world.token_endpoint, data=form | {"grant_type": "client_credentials"}).json()
        again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        token = http.post(world.token_endpoint, data=form | again).json()["access_token"]
        http.headers.update({"Authorization": f"Bearer {token}", "Accept-Language": "fr", "Content-Type": LD_JSON})
        yield http
    assert found == []


def sold(http: httpx.Client, **offer_filters: str) -> Json:
    """What is read before a sale, and a sale for two; its order."""

    def members(path: str, **query: Any) -> list[Json]:
        return list(http.get(path, params=query).raise_for_status().json()["member"])

    (catalog,) = members("/v1/ticketing/catalogs")
    http.get(catalog["@id"]).raise_for_status()
    for product in members(f"{CATALOG_PATH}/products", itemsPerPage=1):
        http.get(product["@id"]).raise_for_status()
    (offer,) = members(f"{CATALOG_PATH}/offers", **offer_filters)
    http.get(offer["@id"]).raise_for_status()
    http.get(offer["@id"] + "/availability").raise_for_status()
    http.get(offer["@id"] + "/price").raise_for_status()
    chosen = []
    for ticket in members(offer["@id"] + "/tickets"):
        http.get(ticket["@id"]).raise_for_status()
        sessions = ticket["sessions"] if "sessions" in ticket else members(ticket["@id"] + "/sessions")
        chosen.append({"ticket": ticket["@id"]} | ({"session": sessions[-1]["@id"]} if sessions else {}))
    item = {"quantity": 2, "offer": offer["@id"], "ticketSessions": chosen}
    (held,) = http.post("/v1/booking/reservations/_bulk", json={"items": [item]}).json()["reservations"]
    wanted = {"reservations": [held["@id"]], "customer": CUSTOMER, "externalReference": "T1-0001"}
    (order,) = http.post("/v1/booking/orders/_bulk", json=wanted).json()["orders"]
    assert [one["@id"] for one in members("/v1/booking/reservations", **{"order[createdAt]": "desc"})] == [held["@id"]]
    assert http.get(held["@id"]).json()["order"] == order["@id"]
    assert [one["@id"] for one in members("/v1/booking/orders", external_reference="T1-0001")] == [order["@id"]]
    assert http.get(order["@id"]).json()["reference"] == order["reference"]
    return dict(order)


@pytest.mark.parametrize("generation", ["1.0.7", "release"])
def test_a_newer_version(generation: str) -> None:
    day = {"date[after]": DAY.isoformat(), "date[before]": DAY.isoformat()}
    with World(generation) as world, judged(world) as http:
        http.get(f"{CATALOG_PATH}/product_bases").raise_for_status()
        order = sold(http, **{"product[]": SHOW_PRODUCT}, **day)
        for ticket in order["items"][0]["tickets"]:
            assert http.get(ticket["@id"]).json() == ticket
        for document in order["documents"]:
            assert http.patch(document, content="{}", headers={"Content-Type": MERGE}).is_success
        if generation == "release":
            (document,) = http.get(order["@id"] + "/documents").json()["member"]
            assert http.get(document["@id"]).json() == document


def test_the_tutorial() -> None:
    with World("tutorial") as world, judged(world) as http:
        (event,) = http.get(f"{CATALOG_PATH}/events").json()["member"]
        assert http.get(event["@id"]).json() == event
        for session in http.get(event["@id"] + "/sessions").json()["member"]:
            assert http.get(session["@id"]).json() == session
            http.get(session["@id"] + "/availability").raise_for_status()
        order = sold(http, product=SHOW_PRODUCT, date=DAY.isoformat())
        for document in order["documents"]:
            assert http.patch(document, content="{}", headers={"Content-Type": MERGE}).is_success
