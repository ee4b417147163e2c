"""Schemathesis drives the sandbox by the description of a generation: whatever is asked, the answer is as described."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from sandbox_process import CATALOG_PATH, SandboxProcess
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from till import BEFORE_SEASON, SHOW_PRODUCT

from fidelity.description import GENERATIONS, description

USUAL, MANY = 4, 100  # examples of each call
LONG = [pytest.mark.long, pytest.mark.timeout(3600)]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CUSTOMER = {"firstname": "John", "lastname": "Doe", "email": "john.doe@example.com"}
Json = dict[str, Any]


def addresses(http: httpx.Client) -> list[str]:
    """The address of one of everything: what drawn identifiers hardly ever find."""

    def got(path: str, **query: Any) -> Json:
        answer = http.get(path, params=query)
        return dict(answer.json()) if answer.is_success else {"member": []}

    offer = got(f"{CATALOG_PATH}/offers", product=SHOW_PRODUCT, **{"product[]": SHOW_PRODUCT})["member"][0]
    found = [CATALOG_PATH, offer["product"]["@id"], f"{CATALOG_PATH}/product_bases/"]
    chosen = []
    for ticket in got(offer["@id"] + "/tickets")["member"]:
        sessions = ticket.get("sessions") or got(ticket["@id"] + "/sessions")["member"]
        chosen.append({"ticket": ticket["@id"]} | ({} if ticket["dateAccess"] else {"session": sessions[0]["@id"]}))
        found += [one["@id"] for one in (ticket, *sessions[:1])]
    found += [one["@id"] for one in got(f"{CATALOG_PATH}/product_bases")["member"][:1]]
    item = {"quantity": 1, "offer": offer["@id"], "ticketSessions": chosen}
    (held,) = http.post("/v1/booking/reservations/_bulk", json={"items": [item]}).json()["reservations"]
    wanted = {"reservations": [held["@id"]], "customer": CUSTOMER, "externalReference": "T1-0001"}
    (order,) = http.post("/v1/booking/orders/_bulk", json=wanted).json()["orders"]
    tickets = [one["@id"] for line in order["items"] for one in line.get("tickets", ())[:1]]
    return [*found, held["@id"], order["@id"], *order["documents"], *tickets]


def known(template: str, drawn: Json, places: list[str]) -> Json:
    """The drawn identifiers of a path, with real ones wherever an address begins like the path."""
    steps = template.split("/")
    fits: Json = {}
    for address in places:
        parts = address.split("/")
        pairs = list(zip(steps, parts, strict=False))
        agreed = next(
            (place for place, (step, part) in enumerate(pairs) if step[:1] != "{" and step != part), len(pairs)
        )
        found = {step[1:-1]: part for step, part in pairs[:agreed] if step[:1] == "{"}
        fits = found if len(found) > len(fits) else fits
    return drawn | fits


def check_what_is_driven(generation: str, examples: int) -> None:
    schema = schemathesis.openapi.from_dict(dict(description(generation)))
    with SandboxProcess(generation=generation, now=BEFORE_SEASON) as sandbox, sandbox.http() as http:
        places = [urlsplit(sandbox.token_endpoint).path, *addresses(http)]
        headers = {"Authorization": f"Bearer {sandbox.token()}"}
        for operation in (one.ok() for one in schema.get_all_operations()):

            @settings(
                max_examples=examples,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def one_call(case: schemathesis.Case) -> None:
                drawn = dict(case.path_parameters or {})
                if "realm" in drawn or sum(map(ord, str(drawn))) % 4:  # a quarter asks for what is not there
                    case.path_parameters = known(case.path, drawn, places)
                case.call_and_validate(base_url=sandbox.base_url, headers=headers, checks=CHECKS)

            one_call()


@pytest.mark.parametrize(
    ("generation", "examples"),
    [("release", USUAL), *(pytest.param(one, MANY, marks=LONG) for one in GENERATIONS)],
)
def test_whatever_is_asked_the_answer_is_as_described(generation: str, examples: int) -> None:
    check_what_is_driven(generation, examples)
