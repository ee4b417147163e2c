"""The table of docs/rules.md, "Answers of order and hold calls": read, and each answer of it as the world gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from world.answers import (
    CUT,
    EMPTY,
    HALF,
    HTML,
    Answer,
    cancelled,
    problem,
    violations,
    with_fields,
    without_fields,
)

RULES = Path(__file__).parents[2] / "docs/rules.md"


@dataclass(frozen=True)
class Row:
    """One line of the table, its cells without their markup; `made` and `not_made` are what it comes to, "–" never."""

    call: str
    answer: str
    means: str
    asked: tuple[str, ...]
    made: str
    not_made: str
    reads: tuple[str, ...]
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.call}: {self.answer}"


def rows() -> list[Row]:
    """Every row of both tables."""
    section = RULES.read_text(encoding="utf-8").split('<a id="answers"></a>')[1].split('<a id="')[0]
    found: list[Row] = []
    for call, table in (
        ("order", section.split("### Orders")[1].split("###")[0]),
        ("hold", section.split("### Holds")[1]),
    ):
        lines = [line for line in table.splitlines() if line.startswith("|")][2:]
        found += [_row(call, [cell.strip() for cell in line.strip("| ").split(" | ")]) for line in lines]
    return found


def _row(call: str, cells: list[str]) -> Row:
    answer, means, asked, made, not_made, reads, keys = cells
    code = r"`([^`]+)`"
    return Row(
        call,
        answer,
        means,
        tuple(re.findall(code, asked)),
        made,
        not_made,
        tuple(re.findall(r"“([^”]+)”", reads)),
        tuple(re.findall(code, keys)),
    )


def _bulk(name: str, **more: Any) -> dict[str, Any]:
    return {"@type": f"Create{name}BulkOutput", "@id": "/.well-known/genid/1", **more}


_STATUSES = {
    "307 to elsewhere": Answer(status=307, body=EMPTY, headers={"Location": "https://elsewhere.example/v1"}),
    "308 to elsewhere": Answer(status=308, body=EMPTY, headers={"Location": "https://elsewhere.example/v1"}),
    "400 problem": Answer(status=400, body=problem(400)),
    "401 challenge": Answer(status=401, body={"code": 401}, headers={"WWW-Authenticate": "Bearer"}),
    "401 page": Answer(status=401, body=HTML),
    "403 problem": Answer(status=403, body=problem(403)),
    "403 page": Answer(status=403, body=HTML),
    "404 problem": Answer(status=404, body=problem(404)),
    "404 page": Answer(status=404, body=HTML),
    "405 page": Answer(status=405, body=HTML),
    "407 page": Answer(status=407, body=HTML),
    "408": Answer(status=408, body=EMPTY),
    "409 problem": Answer(status=409, body=problem(409)),
    "410": Answer(status=410, body=EMPTY),
    "413 page": Answer(status=413, body=HTML),
    "415 problem": Answer(status=415, body=problem(415)),
    "422 page": Answer(status=422, body=HTML),
    "422 of another form": Answer(status=422, body={"error": "unprocessable"}),
    "422 that names nothing sent": Answer(status=422, body=violations(("", "Non valide.", "x"), ("a[9].b", "x", "x"))),
    "429 with Retry-After": Answer(status=429, body=EMPTY, headers={"Retry-After": "30"}),
    "429": Answer(status=429, body=EMPTY),
    "500 problem": Answer(status=500, body=problem(500)),
    "500 empty": Answer(status=500, body=EMPTY),
    "502 page": Answer(status=502, body=HTML),
    "503 with Retry-After": Answer(status=503, body=HTML, headers={"Retry-After": "1"}),
    "504 page": Answer(status=504, body=HTML),
}
_BODIES = {
    "200 half a body": Answer(body=HALF),
    "200 cut off": Answer(body=CUT),
    "200 empty": Answer(body=EMPTY),
    "200 page": Answer(body=HTML),
    "200 another shape": Answer(body=[1, 2, 3]),
    "204": Answer(status=204, body=EMPTY),
    "dropped": Answer(drop=True),
    "no answer in time": Answer(hang=60),
}
_ORDER = {
    "200 the order": Answer(),
    "200 the order, cancelled": Answer(edit=cancelled),
    "200 the order, another amount": Answer(edit=with_fields(totalAmountInclTax="55.00")),
    "200 the order, naming nothing": Answer(edit=without_fields("reservation", "externalReference", "items")),
    "200 no order": Answer(body=_bulk("Order", orders=[])),
    "200 a failure that names nothing": Answer(body=_bulk("Order", orders=[], failedOrders=[{}])),
    "422 of this call": Answer(status=422, body=violations(("customer.email", "Adresse non valide.", "email"))),
    "422 the hold is over": Answer(
        status=422, body=violations(("reservations[0].expired", "La réservation a expiré", "expired"))
    ),
    "422 the reservation itself": Answer(
        status=422, body=violations(("reservations[0]", "La réservation est déjà commandée", "ordered"))
    ),
    "422 of another call": Answer(status=422, body=violations(("items[0].quantity", "Trop grand.", "type"))),
}
_HOLD = {
    "200 the reservation": Answer(),
    "200 a failure": Answer(body=lambda call: _bulk("Reservation", reservations=[], failedReservations=_failed(call))),
    "200 neither": Answer(body=_bulk("Reservation", reservations=[], failedReservations=[])),
    "200 the reservation, for other places": Answer(edit=with_fields(items=[])),
    "200 the reservation, ordered already": Answer(
        edit=with_fields(order="/v1/booking/orders/0194b132-448c-7d1b-bb13-f8e09ae5c18f")
    ),
    "200 the reservation, of another status": Answer(edit=with_fields(status="pending")),
    "200 the reservation, over": Answer(edit=with_fields(expired=True, expiresAt="2025-01-01T00:00:00+00:00")),
    "422 of this call": Answer(status=422, body=violations(("items[0].quantity", "Trop grand.", "range"))),
    "422 of another call": Answer(status=422, body=violations(("reservations[0].expired", "Expirée", "expired"))),
}


def _failed(call: Any) -> list[dict[str, Any]]:
    return [
        {"offer": item["offer"], "quantity": item["quantity"], "reason": "Plus de places"}
        for item in call.body["items"]
    ]


ANSWERS: dict[str, dict[str, Answer]] = {
    "order": _STATUSES | _BODIES | _ORDER,
    "hold": _STATUSES | _BODIES | _HOLD,
}
NO_SERVER = "no server"  # nobody listens: nothing of it ever left
