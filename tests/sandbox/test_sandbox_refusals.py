"""Every refusal: 422 with the path of what is wrong, and nothing held or ordered; 400, 404, 405, 406 and 415."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sandbox_caller import DAY, MERGE, SHOW, Caller, Json, paths
from sandbox_process import CATALOG_PATH

NOWHERE = "/v1/ticketing/catalogs/nowhere/offers/nothing"
RESERVE, ORDER = "/v1/booking/reservations/_bulk", "/v1/booking/orders/_bulk"


@pytest.fixture
def body(caller: Caller) -> Json:
    """A right reservation call of two items: a day ticket, and the tutorial's product with a session."""
    day, show = caller.roomy_offer(DAY), caller.roomy_offer(SHOW)
    return {"items": [caller.item(day), caller.item(show)]}


def put(path: str, value: Any) -> Callable[[Json], None]:
    """A change of the body at a dotted path; the value None removes what is there."""

    def change(body: Json) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        holder: Any = body
        for step in way:
            holder = holder[step]
        if value is None:
            del holder[last]
        else:
            holder[last] = value

    return change


FIRST, SECOND = "items.1.ticketSessions.0", "items.1.ticketSessions.1"
WRONG_ITEMS = [
    ("items", None, "items"),
    ("items", [], "items"),
    ("items", "all", "items"),
    ("items.0", "one", "items[0]"),
    ("surprise", 1, "surprise"),
    ("items.0.quantity", 0, "items[0].quantity"),
    ("items.0.quantity", -1, "items[0].quantity"),
    ("items.0.quantity", 1.5, "items[0].quantity"),
    ("items.0.quantity", "2", "items[0].quantity"),
    ("items.0.quantity", True, "items[0].quantity"),
    ("items.0.quantity", None, "items[0].quantity"),
    ("items.1.quantity", 100_000, "items[1].quantity"),
    ("items.0.offer", NOWHERE, "items[0].offer"),
    ("items.0.offer", None, "items[0].offer"),
    ("items.0.offer", 7, "items[0].offer"),
    ("items.0.ticketSessions", [], "items[0].ticketSessions"),
    ("items.0.ticketSessions", None, "items[0].ticketSessions"),
    (SECOND, None, "items[1].ticketSessions"),
    (f"{FIRST}.ticket", NOWHERE, "items[1].ticketSessions[0].ticket"),
    (f"{FIRST}.session", "/v1/anything", "items[1].ticketSessions[0].session"),
    (f"{SECOND}.session", None, "items[1].ticketSessions[1].session"),
    (f"{SECOND}.session", "/v1/anything", "items[1].ticketSessions[1].session"),
    (f"{SECOND}.formData", {}, "items[1].ticketSessions[1].formData"),
    (f"{SECOND}.seat", "A1", "items[1].ticketSessions[1].seat"),
]


@pytest.mark.parametrize(("path", "value", "violated"), WRONG_ITEMS)
def test_a_wrong_item_refuses_the_whole_call(caller: Caller, body: Json, path: str, value: Any, violated: str) -> None:
    before = caller.sandbox.state()["reservations"]
    put(path, value)(body)
    assert violated in paths(caller.http.post(RESERVE, json=body))
    assert caller.sandbox.state()["reservations"] == before


def test_a_session_of_another_offer_is_refused(caller: Caller, body: Json) -> None:
    other = next(one for one in caller.offers(SHOW) if one["@id"] != body["items"][1]["offer"])
    body["items"][1]["ticketSessions"][1]["session"] = caller.item(other)["ticketSessions"][1]["session"]
    assert paths(caller.http.post(RESERVE, json=body)) == {"items[1].ticketSessions[1].session"}


def test_a_ticket_given_twice_and_the_id_of_a_list_are_refused(caller: Caller, body: Json) -> None:
    twice = copy.deepcopy(body)
    twice["items"][1]["ticketSessions"].append(twice["items"][1]["ticketSessions"][0])
    assert paths(caller.http.post(RESERVE, json=twice)) == {"items[1].ticketSessions[2].ticket"}
    listed = caller.get(body["items"][1]["offer"])["tickets"][1]["@id"]
    body["items"][1]["ticketSessions"][1]["ticket"] = listed
    assert "items[1].ticketSessions[1].ticket" in paths(caller.http.post(RESERVE, json=body))
    assert caller.http.get(listed).status_code == 404


def test_more_than_the_most_of_an_order_is_refused_by_item_and_by_order(caller: Caller) -> None:
    offer = caller.roomy_offer(caller.product("Pass Émotion Adulte"))
    assert paths(caller.reserve(caller.item(offer, 11))) == {"items[0].quantity"}
    held = caller.hold(caller.item(offer, 6), caller.item(offer, 6))
    assert paths(caller.order(*held)) == {"reservations"}
    assert caller.order(held[0]).is_success


def test_a_product_off_sale_and_an_offer_of_yesterday_are_refused(caller: Caller) -> None:
    product = caller.product("Audioguide")
    item = caller.item(caller.offers(product)[0])
    caller.sandbox.control("disable", product=product)
    assert paths(caller.reserve(item)) == {"items[0].offer"}
    assert caller.offers(product) == []
    caller.sandbox.control("disable", product=product, disabled=False)
    caller.sandbox.advance(86400 * 3)
    refused = paths(caller.reserve(item))
    caller.sandbox.advance(-86400 * 3)
    assert refused == {"items[0].offer"}


def test_a_session_that_has_begun_is_refused_and_no_longer_listed(caller: Caller) -> None:
    offer = caller.offers(caller.product("Visite des coulisses Adulte"))[0]
    item = caller.item(offer)
    session = caller.get(item["ticketSessions"][0]["session"])
    now = datetime.fromisoformat(caller.sandbox.state()["now"])
    wait = (datetime.fromisoformat(session["occursAt"]) - now).total_seconds() + 1
    caller.sandbox.advance(wait)
    refused, listed = paths(caller.reserve(item)), caller.tickets(offer)[0]["sessions"]
    caller.sandbox.advance(-wait)
    assert refused == {"items[0].ticketSessions[0].session"}
    assert session["@id"] not in [one["@id"] for one in listed]


CUSTOMER_FAULTS = [
    ({"firstname": None}, "customer.firstname"),
    ({"lastname": "  "}, "customer.lastname"),
    ({"email": None}, "customer.email"),
    ({"email": "john"}, "customer.email"),
    ({"email": "john doe@example.com"}, "customer.email"),
    ({"firstname": "x" * 256}, "customer.firstname"),
    ({"firstname": 7}, "customer.firstname"),
    ({"country": "FRA"}, "customer.country"),
    ({"country": "fr"}, "customer.country"),
    ({"language": "french"}, "customer.language"),
    ({"title": "dr"}, "customer.title"),
    ({"optin": "yes"}, "customer.optin"),
    ({"shoe": "42"}, "customer.shoe"),
]


@pytest.mark.parametrize(("fields", "violated"), CUSTOMER_FAULTS)
def test_a_wrong_customer_refuses_the_order(caller: Caller, fields: Json, violated: str) -> None:
    held = caller.hold_day()
    customer = {"firstname": "Zoë", "lastname": "O'Brien-Łuczak", "email": "zoe@example.com"} | fields
    assert violated in paths(caller.order(held, customer=customer))
    assert caller.get(held["@id"])["order"] is None


@pytest.mark.parametrize(
    ("fields", "violated"),
    [
        ({"externalReference": None}, "externalReference"),
        ({"externalReference": ""}, "externalReference"),
        ({"externalReference": "x" * 256}, "externalReference"),
        ({"customer": None}, "customer"),
        ({"customer": []}, "customer"),
        ({"notes": 5}, "notes"),
        ({"coupon": "FREE"}, "coupon"),
    ],
)
def test_a_wrong_field_refuses_the_order(caller: Caller, fields: Json, violated: str) -> None:
    assert violated in paths(caller.order(caller.hold_day(), **fields))


def test_reservations_that_cannot_be_ordered_are_named_by_index(caller: Caller) -> None:
    good, lapsed, done = caller.hold_day(), caller.hold_day(), caller.hold_day()
    caller.ordered(done)
    caller.sandbox.control("expire", reservation=lapsed["@id"])
    assert paths(caller.order(good, lapsed, done, {"@id": "/v1/booking/reservations/none"}, good)) == {
        "reservations[1].expired",
        "reservations[2].order",
        "reservations[3]",
        "reservations[4]",
    }
    assert caller.get(good["@id"])["order"] is None
    for wrong in ([], "all", None):
        body = caller.order_body(good) | {"reservations": wrong}
        assert paths(caller.http.post(ORDER, json=body)) == {"reservations"}


def test_messages_follow_the_callers_language(caller: Caller, body: Json) -> None:
    put("items.0.quantity", 0)(body)
    said = {
        language: caller.http.post(RESERVE, json=body, headers={"Accept-Language": language}).json()["violations"]
        for language in ("fr-FR,fr;q=0.9,en;q=0.5", "en", "de")
    }
    french, english, german = (violations[0] for violations in said.values())
    assert french == german
    assert french["code"] == english["code"]
    assert (french["message"], english["message"]) == (
        "Cette valeur doit être supérieure ou égale à 1.",
        "This value should be greater than or equal to 1.",
    )


def test_content_types_bodies_methods_and_unknown_paths(caller: Caller) -> None:
    http, plain, json = caller.http, {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}
    held = caller.hold_day()
    document = caller.ordered(held)[0]["documents"][0]
    statuses = {
        "no type": http.post(RESERVE, content=b"{}", headers={"Content-Type": ""}).status_code,
        "json": http.post(RESERVE, content=b"{}", headers=json).status_code,
        "plain": http.post(RESERVE, content=b"{}", headers=plain).status_code,
        "patch as json": http.patch(document, json={}).status_code,
        "cut": http.post(RESERVE, content=b'{"items":', headers={"Content-Type": "application/ld+json"}).status_code,
        "list": http.post(RESERVE, json=[]).status_code,
        "patch list": http.patch(document, json=[], headers=MERGE).status_code,
        "delete": http.delete(held["@id"]).status_code,
        "put": http.put("/v1/ticketing/catalogs").status_code,
        "html": http.get("/v1/ticketing/catalogs", headers={"Accept": "text/html"}).status_code,
        "nothing": http.get("/v1/nothing").status_code,
        "no offer": http.get(f"{CATALOG_PATH}/offers/none").status_code,
    }
    assert statuses == {
        "no type": 415, "json": 415, "plain": 415, "patch as json": 415, "cut": 400, "list": 400, "patch list": 400,
        "delete": 405, "put": 405, "html": 406, "nothing": 404, "no offer": 404,
    }  # fmt: skip
    problem = http.get(f"{CATALOG_PATH}/offers/none").json()
    assert problem["@type"] == "Error"
    assert problem["status"] == 404
    assert {"@context", "@id", "title", "detail", "type", "description"} <= problem.keys()


def test_form_values_are_checked_field_by_field(caller: Caller) -> None:
    offer = next(one for one in caller.offers(caller.product("Dîner-spectacle Adulte")) if one["availableQuantity"] > 3)
    form_iri = caller.tickets(offer)[0]["form"]
    fields = {field["code"]: field for field in caller.get(form_iri)["fields"]}
    menu = fields["menu"]["choices"][0]
    right = {"guest": "M. Doe", "menu": menu, "wheelchair": "false", "highchairs": "2", "birthday": "2026-01-31"}

    def reserve(values: Json) -> Any:
        item = caller.item(offer)
        filled = [{"field": fields[code]["@id"], "value": value} for code, value in values.items()]
        item["ticketSessions"][0]["formData"] = {"form": form_iri, "fields": filled}
        return caller.reserve(item)

    at = "items[0].ticketSessions[0].formData"
    assert paths(caller.reserve(caller.item(offer))) == {at}
    assert paths(reserve({"menu": menu, "wheelchair": "true"})) == {f"{at}.fields"}
    for code, wrong in (
        ("menu", "Beans"), ("wheelchair", "yes"), ("wheelchair", True), ("highchairs", "two"),
        ("birthday", "31/01/2026"), ("guest", " "),
    ):  # fmt: skip
        values = right | {code: wrong}
        assert paths(reserve(values)) == {f"{at}.fields[{list(values).index(code)}].value"}
    assert reserve(right | {"allergies": "Gluten, Lactose", "arrival": "19:15"}).is_success
