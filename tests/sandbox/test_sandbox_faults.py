"""Fault switches: what the caller meets, and what is true at the server afterwards."""

from __future__ import annotations

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sandbox_caller import DAY, SHOW, Caller, Json
from sandbox_process import CATALOG_PATH, SandboxProcess

CATALOGS = "/v1/ticketing/catalogs"


def orders_named(caller: Caller, reference: str) -> list[Json]:
    return [one for one in caller.sandbox.state()["orders"] if one["external_reference"] == reference]


def test_dropped_before_the_effect_nothing_is_ordered(caller: Caller) -> None:
    held = caller.hold_day()
    caller.sandbox.fault("drop_before", route="orders_bulk")
    with pytest.raises(httpx.TransportError):
        caller.order(held, externalReference="DROP-BEFORE")
    assert orders_named(caller, "DROP-BEFORE") == []
    assert caller.get(held["@id"])["order"] is None


def test_dropped_after_the_effect_the_order_is_there(caller: Caller) -> None:
    held = caller.hold_day()
    caller.sandbox.fault("drop_after", route="orders_bulk")
    with pytest.raises(httpx.TransportError):
        caller.order(held, externalReference="DROP-AFTER")
    [order] = orders_named(caller, "DROP-AFTER")
    assert caller.get(held["@id"])["order"] == f"/v1/booking/orders/{order['id']}"


def test_committed_late_the_order_appears_when_its_time_has_come(caller: Caller) -> None:
    held = caller.hold_day()
    caller.sandbox.fault("commit_late", route="orders_bulk", seconds=200)
    with pytest.raises(httpx.TransportError):
        caller.order(held, externalReference="LATE")
    assert orders_named(caller, "LATE") == []
    caller.sandbox.advance(201)
    deadline = time.monotonic() + 10
    while not orders_named(caller, "LATE") and time.monotonic() < deadline:
        pass
    assert len(orders_named(caller, "LATE")) == 1


@pytest.mark.parametrize("kind", ["cut", "not_json", "wrong_shape", "no_body"])
def test_a_spoilt_answer_hides_an_order_that_was_made(caller: Caller, kind: str) -> None:
    held = caller.hold_day()
    caller.sandbox.fault(kind, route="orders_bulk")
    try:
        answer = caller.order(held, externalReference=f"SPOILT-{kind}")
    except httpx.TransportError:
        answer = None
    assert (answer is None) == (kind == "cut")
    assert answer is None or (answer.status_code == 200 and "KT-ORD" not in answer.text)
    assert len(orders_named(caller, f"SPOILT-{kind}")) == 1


@pytest.mark.parametrize("status", [401, 408, 429, 500, 502, 503, 504])
def test_a_status_comes_before_the_effect_or_after_it(caller: Caller, status: int) -> None:
    held = caller.hold_day()
    before, after = f"BEFORE-{status}", f"AFTER-{status}"
    caller.sandbox.fault("status", route="orders_bulk", status=status, headers={"Retry-After": "soon"})
    caller.sandbox.fault("status", route="orders_bulk", status=status, effect=True)
    first = caller.order(held, externalReference=before)
    assert (first.status_code, first.headers["retry-after"]) == (status, "soon")
    assert ("<html>" in first.text) == (status == 502)
    assert caller.order(held, externalReference=after).status_code == status
    assert [len(orders_named(caller, one)) for one in (before, after)] == [0, 1]


def test_faults_are_taken_in_turn_skip_calls_and_end(caller: Caller) -> None:
    caller.sandbox.fault("status", route="catalogs", status=503, count=2, skip=1)
    caller.sandbox.fault("status", path="/v1/ticketing/cat*", method="GET", status=500)
    assert [caller.http.get(CATALOGS).status_code for _ in range(5)] == [500, 503, 503, 200, 200]
    assert caller.sandbox.state()["faults"] == []
    assert caller.sandbox.state()["calls"]["catalogs"] >= 5


def test_latency_can_outlast_a_callers_patience(caller: Caller) -> None:
    caller.sandbox.fault("latency", route="catalogs", latency=30)
    with pytest.raises(httpx.ReadTimeout):
        caller.http.get(CATALOGS, timeout=0.2)
    assert caller.http.get(CATALOGS).status_code == 200


REFUSED = [
    ("object", lambda iri: {"offer": iri, "quantity": 1}),
    ("iri", lambda iri: iri),
    ("empty", lambda _: {}),
    ("nameless", lambda _: {"quantity": 1}),
    (["strange", 7], lambda _: ["strange", 7]),
]


@pytest.mark.parametrize(("shape", "expected"), REFUSED)
def test_chosen_items_fail_in_a_chosen_shape(caller: Caller, shape: Any, expected: Any) -> None:
    offer = caller.roomy_offer(DAY)
    items = [caller.item(offer), caller.item(caller.roomy_offer(SHOW))]
    caller.sandbox.fault("refuse", route="reservations_bulk", indexes=[0], shape=shape)
    body = caller.reserve(*items).json()
    assert [one["items"][0]["offer"] for one in body["reservations"]] == [items[1]["offer"]]
    [failed] = body["failedReservations"]
    wanted = expected(offer["@id"])
    assert failed == wanted or (isinstance(wanted, dict) and wanted and wanted.items() <= failed.items())
    assert shape != "nameless" or "offer" not in failed


def test_orders_can_fail_in_part(caller: Caller) -> None:
    held = [caller.hold_day(), caller.hold_day()]
    caller.sandbox.fault("refuse", route="orders_bulk", indexes=[1])
    body = caller.order(*held, externalReference="PART").json()
    assert [one["reservation"] for one in body["orders"]] == [held[0]["@id"]]
    assert [one["reservation"] for one in body["failedOrders"]] == [held[1]["@id"]]
    assert caller.get(held[1]["@id"])["order"] is None


def test_holds_end_and_prices_move_just_before_a_call(caller: Caller) -> None:
    held = caller.hold_day()
    caller.sandbox.fault("expire_holds", route="orders_bulk")
    assert caller.order(held).json()["violations"][0]["propertyPath"] == "reservations[0].expired"
    offer = caller.roomy_offer(caller.product("Puy du Fou 2 jours Réduit"))
    caller.sandbox.fault("price", route="reservations_bulk", offer=offer["@id"], amount="1.23", stages=["held"])
    assert caller.hold(caller.item(offer))[0]["totalAmountInclTax"] == "1.23"


def test_deadlines_are_missing_past_or_off(caller: Caller) -> None:
    seen = {}
    for mode in ("missing", "null", "past", "offset"):
        caller.sandbox.fault("expires", route="reservations_bulk", mode=mode, seconds=-3600)
        seen[mode] = caller.hold_day()
    assert "expiresAt" not in seen["missing"]
    assert seen["null"]["expiresAt"] is None
    assert seen["past"]["expiresAt"] < seen["past"]["createdAt"]
    assert seen["offset"]["expiresAt"] < seen["offset"]["createdAt"]


def test_any_field_can_be_replaced_by_hostile_text(caller: Caller) -> None:
    hostile = "[@click=app.quit]\x1b]52;c;AAAA\x07\u202e"
    edits = [{"path": "**.name", "value": hostile}, {"path": "member.0.id", "remove": True}]
    caller.sandbox.fault("replace", route="products", edits=edits)
    members = caller.get(f"{CATALOG_PATH}/products")["member"]
    assert {one["name"] for one in members} == {hostile}
    assert "id" not in members[0]
    assert "id" in members[1]
    caller.sandbox.fault("replace", route="products", edits=[{"path": "", "value": None}])
    assert caller.http.get(f"{CATALOG_PATH}/products").json() is None


def test_pages_can_lie(caller: Caller) -> None:
    path = f"{CATALOG_PATH}/products"
    caller.sandbox.fault("pages", route="products", mode="total", value=1000)
    caller.sandbox.fault("pages", route="products", mode="empty")
    caller.sandbox.fault("pages", route="products", mode="double")
    caller.sandbox.fault("pages", route="products", mode="loop")
    caller.sandbox.fault("pages", route="products", mode="repeat", count=2)
    assert caller.get(path)["totalItems"] == 1000
    assert caller.get(path)["member"] == []
    assert len(caller.get(path)["member"]) == 20
    assert caller.get(path)["view"]["next"] == path
    pages = [caller.get(path, page=page)["member"] for page in (1, 2, 2)]
    assert pages[0] == pages[1] != pages[2]


def test_the_date_header_follows_the_sandboxs_clock_or_the_fault(caller: Caller) -> None:
    assert "2026" in caller.http.get(CATALOGS).headers["date"]
    caller.sandbox.fault("date", route="catalogs")
    caller.sandbox.fault("date", route="catalogs", value="Thu, 01 Jan 1970 00:00:00 GMT")
    assert "date" not in caller.http.get(CATALOGS).headers
    assert caller.http.get(CATALOGS).headers["date"].endswith("1970 00:00:00 GMT")


def test_floods_and_bombs(caller: Caller) -> None:
    caller.sandbox.fault("oversized", route="catalogs", bytes=3_000_000)
    assert len(caller.http.get(CATALOGS).content) > 3_000_000
    caller.sandbox.fault("gzip_bomb", route="catalogs", bytes=20_000_000)
    with caller.http.stream("GET", CATALOGS) as answer:
        packed = b"".join(answer.iter_raw())
    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) > 20_000_000
    caller.sandbox.fault("endless", route="catalogs")
    with caller.http.stream("GET", CATALOGS) as answer:
        received = 0
        for block in answer.iter_raw():
            received += len(block)
            if received > 5_000_000:
                break
    assert received > 5_000_000
    assert caller.http.get(CATALOGS).status_code == 200  # the flood has ended with its caller


def test_redirects_and_storage_faults(caller: Caller) -> None:
    caller.sandbox.fault("redirect", route="catalogs", location="http://elsewhere.example/", status=302)
    answer = caller.http.get(CATALOGS)
    assert (answer.status_code, answer.headers["location"]) == (302, "http://elsewhere.example/")
    order = caller.ordered(caller.hold_day())[0]
    url = caller.patch(order["documents"][0], {}).json()["temporaryUrl"]
    caller.sandbox.fault("not_json", route="storage")
    assert httpx.get(url, timeout=10).text.startswith("<html>")
    caller.sandbox.fault("replace", route="document_patch", edits=[{"path": "temporaryUrl", "value": "file:///etc"}])
    assert caller.patch(order["documents"][0], {}).json()["temporaryUrl"] == "file:///etc"


def test_two_order_calls_for_one_reservation_make_one_order(caller: Caller) -> None:
    held = caller.hold_day()
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(one.status_code for one in pool.map(lambda _: caller.order(held), range(4)))
    assert statuses == [200, 422, 422, 422]


def test_faults_that_are_not_understood_are_refused(caller: Caller) -> None:
    for wrong in ({"kind": "magic"}, {"kind": "latency", "count": "many"}, [], "drop"):
        answer = httpx.post(f"{caller.sandbox.base_url}/_control/faults", content=json.dumps(wrong), timeout=10)
        assert (answer.status_code == 400) == (wrong != []), wrong
    with pytest.raises(RuntimeError, match="404"):
        caller.sandbox.control("teleport")
    with pytest.raises(RuntimeError, match="400"):
        caller.sandbox.control("price", offer="x", amount="dear")


def test_without_the_option_there_is_no_control_endpoint() -> None:
    with SandboxProcess(faults=None) as sandbox:
        assert "control_url" not in sandbox.ready
        assert httpx.get(f"{sandbox.base_url}/_control/state", timeout=10).status_code == 404
