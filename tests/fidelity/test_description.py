"""The description itself: valid OpenAPI in every generation, and what tells the generations apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from fidelity.description import GENERATIONS, description
from fidelity.judge import LD_JSON, PROBLEM, Judge

EXAMPLES = Path(__file__).parents[1] / "api" / "examples"


@pytest.mark.parametrize("generation", GENERATIONS)
def test_it_is_valid_openapi(generation: str) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(description(generation)).iter_errors()] == []


def fields(generation: str, schema: str) -> set[str]:
    return set(description(generation)["components"]["schemas"][schema]["properties"])


def test_each_generation_has_its_own_fields() -> None:
    assert "reservation" in fields("tutorial", "Order")
    assert all("reservation" not in fields(one, "Order") for one in ("1.0.7", "release", "least"))
    assert fields("1.0.7", "ProductBase") == {"@context", "@id", "@type", "id", "name", "disabled"}
    assert "timezone" in fields("release", "ProductBase")
    assert fields("least", "Offer") < fields("release", "Offer")


def test_each_generation_has_its_own_calls() -> None:
    paths = {one: description(one)["paths"] for one in GENERATIONS}
    documents = "/v1/booking/orders/{orderId}/documents"
    assert [one for one in GENERATIONS if documents in paths[one]] == ["release", "least"]
    assert [one for one in GENERATIONS if "get" in paths[one][documents + "/{id}"]] == ["release", "least"]
    assert [one for one in GENERATIONS if "/v1/forms/{id}" in paths[one]] == ["tutorial", "1.0.7"]
    assert all("patch" in paths[one][documents + "/{id}"] for one in GENERATIONS)


CATALOG = "/v1/ticketing/catalogs/0194abdc-3a71-72b0-a9b9-89d4be0cd73e"
OFFER = f"{CATALOG}/offers/0194ac40-fda7-78c1-8fcb-26fc2df25894"
CALLS = {
    "products": ("GET", f"{CATALOG}/products"),
    "offers": ("GET", f"{CATALOG}/offers"),
    "offer_tickets": ("GET", f"{OFFER}/tickets"),
    "reservations_bulk_response": ("POST", "/v1/booking/reservations/_bulk"),
    "orders_bulk_response": ("POST", "/v1/booking/orders/_bulk"),
}


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def answered(generation: str, name: str, body: Any, status: int = 200) -> list[str]:
    """What is wrong with this answer to the tutorial's own call."""
    method, path = CALLS[name]
    sent = json.dumps(example(name.replace("response", "request"))).encode() if method == "POST" else b""
    headers = {"authorization": "Bearer x", "accept-language": "fr"} | ({"content-type": LD_JSON} if sent else {})
    kind = LD_JSON if status < 400 else PROBLEM
    return Judge(generation).exchange(method, path, headers, sent, status, kind, json.dumps(body).encode())


@pytest.mark.parametrize("name", CALLS)
def test_the_tutorials_payloads_are_as_described(name: str) -> None:
    assert answered("tutorial", name, example(name)) == []


def test_the_tutorials_order_is_no_order_of_a_newer_version() -> None:
    assert answered("1.0.7", "orders_bulk_response", example("orders_bulk_response"))


def test_the_tutorials_refusal_is_as_described() -> None:
    assert answered("tutorial", "orders_bulk_response", example("expired_reservation_422"), 422) == []


def test_what_is_not_described_is_found() -> None:
    order = "orders_bulk_response"
    body = example(order)
    assert answered("tutorial", order, body, 201)
    assert answered("tutorial", order, body | {"more": 1})
    assert answered("tutorial", order, {name: body[name] for name in body if name != "orders"})
    assert answered("tutorial", order, body | {"orders": [body["orders"][0] | {"totalAmountInclTax": 42.32}]})
    method, path = CALLS["offers"]
    asked = f"{path}?date%5Bafter%5D=2025-06-07"
    found = Judge("tutorial").exchange(
        method, asked, {"authorization": "Bearer x"}, b"", 200, LD_JSON, json.dumps(example("offers")).encode()
    )
    assert "date[after]" in "".join(found)
