"""The tutorial's requests, sent as they stand, get the tutorial's answers: shape, ids, names, dates and amounts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sandbox_caller import DAY, SHOW, Caller
from sandbox_process import CATALOG_PATH

EXAMPLES = Path(__file__).parents[1] / "api" / "examples"
OFFER = f"{CATALOG_PATH}/offers/0194ac40-fda7-78c1-8fcb-26fc2df25894"
# Values that are made at the moment of the answer; only their type is compared.
CHANGING = {"@vocab"}


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def changing(key: str, value: Any) -> bool:
    return key in CHANGING or (isinstance(value, str) and value.startswith("/.well-known/genid/"))


def differences(expected: Any, given: Any, at: str, exact: bool) -> list[str]:
    """Where `given` is not as expected; with `exact`, further keys are differences too."""
    if type(expected) is not type(given):
        return [f"{at}: {type(given).__name__} instead of {type(expected).__name__}"]
    if isinstance(expected, dict):
        found = [f"{at}.{key} is missing" for key in expected.keys() - given.keys()]
        found += [f"{at}.{key} is new" for key in given.keys() - expected.keys() if exact]
        if exact and not found and list(given) != list(expected):
            found = [f"{at}: the order of its fields is {list(given)}"]
        for key in expected.keys() & given.keys():
            if not changing(key, expected[key]):
                found += differences(expected[key], given[key], f"{at}.{key}", exact)
        return found
    if isinstance(expected, list):
        if len(expected) != len(given):
            return [f"{at}: {len(given)} entries instead of {len(expected)}"]
        pairs = enumerate(zip(expected, given, strict=True))
        return [one for index, (left, right) in pairs for one in differences(left, right, f"{at}[{index}]", exact)]
    return [] if expected == given else [f"{at}: {given!r} instead of {expected!r}"]


@pytest.mark.options(generation="tutorial")
def test_every_example_is_answered_exactly_in_the_tutorials_generation(own_caller: Caller) -> None:
    check_replay(own_caller, exact=True)


@pytest.mark.options(generation="all")
def test_every_example_is_answered_with_more_fields_in_both_generations(own_caller: Caller) -> None:
    check_replay(own_caller, exact=False)


def check_replay(caller: Caller, exact: bool) -> None:
    http, bulk = caller.http, "/v1/booking"
    offers = {"product": SHOW, "date": "2025-06-07", "order[date]": "asc"}
    answers = {
        "products": http.get(f"{CATALOG_PATH}/products", params={"itemsPerPage": 2, "page": 1}),
        "offers": http.get(f"{CATALOG_PATH}/offers", params=offers),
        "offer_tickets": http.get(f"{OFFER}/tickets"),
        "reservations_bulk_response": http.post(
            f"{bulk}/reservations/_bulk", json=example("reservations_bulk_request")
        ),
        "orders_bulk_response": http.post(f"{bulk}/orders/_bulk", json=example("orders_bulk_request")),
    }
    found = {name: differences(example(name), answer.json(), name, exact) for name, answer in answers.items()}
    if not exact:  # the pages' neighbours and the search template's newer filters are more than the example has
        found["offers"] = [one for one in found["offers"] if ".search." not in one]
    assert found == {name: [] for name in answers}


@pytest.mark.options(generation="tutorial", hold_seconds=900)
def test_an_order_after_the_hold_has_ended_gets_the_documents_422(own_caller: Caller) -> None:
    own_caller.sandbox.advance(900)
    answer = own_caller.http.post("/v1/booking/orders/_bulk", json=example("orders_bulk_request"))
    assert answer.status_code == 422
    assert answer.json() == example("expired_reservation_422")


@pytest.mark.options(now="2026-11-24T05:00:00Z")
def test_away_from_the_tutorials_morning_one_price_is_quoted_held_and_ordered(own_caller: Caller) -> None:
    for product in (SHOW, DAY):
        offer = own_caller.roomy_offer(product)
        held = own_caller.hold(own_caller.item(offer))[0]
        [order] = own_caller.ordered(held)
        amounts = {offer["price"]["amountInclTax"], held["totalAmountInclTax"], order["totalAmountInclTax"]}
        assert amounts == {offer["price"]["amountInclTax"]}
        assert held["items"][0]["totalAmountInclTax"] == held["totalAmountInclTax"]


@pytest.mark.options(now="2026-11-24T05:00:00Z")
def test_the_tutorials_product_is_offered_nearly_each_day_of_the_next_four_hundred(own_caller: Caller) -> None:
    total = own_caller.get(f"{CATALOG_PATH}/offers", product=SHOW)["totalItems"]
    assert 350 < total < 400
