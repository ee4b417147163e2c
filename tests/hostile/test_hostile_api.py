"""Hostile text in every field of every resource, where JSON becomes models (F70 to F73)."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile_texts import ALL, anything, unsafe
from hypothesis import given, settings
from hypothesis import strategies as st
from orders_kit import LEA, finished, pass_line
from pydantic import BaseModel
from sandbox_process import CATALOG_PATH, SandboxProcess
from till import BEFORE_SEASON, SHOW_PRODUCT, Till

from korus_tui.api import hydra
from korus_tui.api.errors import Malformed
from korus_tui.api.models import booking, ticketing

Json = Any
# Sent back to the API exactly as they were read, and never shown.
EXACT = {("FormChoice", "value")}
Place = tuple[str | int, ...]


async def _resources(sandbox: SandboxProcess) -> dict[str, Json]:
    """One real answer of each kind, by the name of the model that reads it."""
    async with Till(sandbox, Path(tempfile.mkdtemp(prefix="korus-hostile-"))) as till:
        sale = await finished(till, LEA, await till.line(), await pass_line(till))
    order = sale.orders[0].order
    reservation = sandbox.state()["reservations"][0]["id"]
    with sandbox.http() as http:

        def got(path: str) -> Json:
            answer = http.get(path)
            assert answer.status_code == 200, (path, answer.text)
            return answer.json()

        offers = got(f"{CATALOG_PATH}/offers?product={SHOW_PRODUCT}")
        documents = got(f"{order}/documents")
        link = http.patch(
            documents["member"][0]["@id"],
            json={},
            headers={"Content-Type": "application/merge-patch+json", "Accept-Language": "fr"},
        )
        assert link.status_code == 200, link.text
        return {
            "Catalog": got(CATALOG_PATH),
            "ProductBase": got(f"{CATALOG_PATH}/product_bases")["member"][0],
            "Product": got(f"{CATALOG_PATH}/products")["member"][0],
            "Offer": offers["member"][0],
            "OfferTicket": got(offers["member"][0]["@id"] + "/tickets")["member"][0],
            "Reservation": got(f"/v1/booking/reservations/{reservation}"),
            "Order": got(order),
            "Document": documents["member"][0],
            "DocumentLink": link.json(),
        }


@pytest.fixture(scope="module")
def resources() -> Iterator[dict[str, Json]]:
    """Real answers of a sandbox."""
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        yield asyncio.run(_resources(sandbox))


def places(node: Json, above: Place = ()) -> list[Place]:
    """Where texts stand in an answer; addresses and types of resources are not texts."""
    if isinstance(node, str):
        name = str(above[-1]) if above else ""
        return [] if name.startswith("@") or node.startswith("/v1/") else [above]
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, child in pairs for place in places(child, (*above, key))]


def with_text(node: Json, place: Place, text: str) -> Json:
    """The answer with another text at one place."""
    if not place:
        return text
    key, *rest = place
    if isinstance(node, dict):
        return {**node, key: with_text(node[key], tuple(rest), text)}
    return [with_text(child, tuple(rest), text) if index == key else child for index, child in enumerate(node)]


def texts(value: Any, home: str = "") -> Iterator[str]:
    """Every text in a model that a screen could show."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if (type(value).__name__, name) not in EXACT:
                yield from texts(getattr(value, name), name)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name), field.name)
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from texts(one, home)


def obeyed(answer: Json, name: str) -> list[str]:
    """What is read from an answer as from the line, and has something that a terminal obeys, or no end."""
    body = json.dumps(answer).encode()
    model: type[BaseModel] = {**vars(booking), **vars(ticketing)}[name]
    try:
        shown = list(texts(hydra.parse(model, hydra.loads(body))))
    except Malformed as error:
        shown = [str(error)]
    return [ascii(text) for text in shown if unsafe(text.replace("\n", " "), drawn=False) or len(text) > 20_000]


MODELS = (
    "Catalog",
    "ProductBase",
    "Product",
    "Offer",
    "OfferTicket",
    "Reservation",
    "Order",
    "Document",
    "DocumentLink",
)


@pytest.mark.parametrize("name", MODELS)
def test_f70_f71_f72_f73_each_hostile_text_in_each_field(resources: dict[str, Json], name: str) -> None:
    found = places(resources[name])
    assert found
    for number, text in enumerate(ALL):  # every text once, every place at least once
        for place in {found[number % len(found)], *(found if number < 3 else ())}:
            assert not obeyed(with_text(resources[name], place, text), name)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=40)
@given(data=st.data())
def test_f70_f71_f72_f73_any_text_in_any_field(resources: dict[str, Json], name: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(resources[name])))
    assert not obeyed(with_text(resources[name], place, data.draw(anything)), name)


@given(anything, anything, anything)
def test_f70_f71_f72_words_of_a_refusal(title: str, path: str, message: str) -> None:
    body = {"title": title, "detail": message, "violations": [{"propertyPath": path, "message": message, "code": path}]}
    problem = hydra.parse_problem(hydra.loads(json.dumps(body).encode()))
    for text in texts(problem):
        assert not unsafe(text, drawn=False), ascii(text)


@given(st.binary(max_size=60))
def test_f71_a_requests_number_is_printable(raw: bytes) -> None:
    from korus_tui.api.calls import request_id_of

    number = request_id_of({"x-request-id": raw.decode("latin-1")}, "ours")
    assert number.isascii()
    assert not unsafe(number)
