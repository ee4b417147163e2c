"""Every field that a client may read is taken away, and set to null, one at a time, over a whole sale.

What may come of it: sold; or refused before money, with words, by who sells. Never sold and lost: an order that is at
the server and not in the sale, or money taken for places that cannot be told. The table is docs/taken-away.md; with
`KORUS_TESTS_WRITE_TABLES=1` it is written anew.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, Till

from fidelity.description import GENERATIONS, description
from korus_tui.api.errors import Malformed
from korus_tui.counter.core.problems import CounterError
from korus_tui.sale.rule import NotAllowed

TABLE = Path(__file__).parents[2] / "docs/taken-away.md"
Json = dict[str, Any]
_INCIDENT = re.compile("; incident [0-9a-f]+")

# The calls of a sale by the sandbox's names of them, and where their description is.
CALLS = {
    "products": ("/v1/ticketing/catalogs/{catalogId}/products", "get"),
    "bases": ("/v1/ticketing/catalogs/{catalogId}/product_bases", "get"),
    "base_products": ("/v1/ticketing/catalogs/{catalogId}/product_bases/{productBaseId}/products", "get"),
    "offers": ("/v1/ticketing/catalogs/{catalogId}/offers", "get"),
    "tickets": ("/v1/ticketing/catalogs/{catalogId}/offers/{offerId}/tickets", "get"),
    "ticket_sessions": ("/v1/ticketing/catalogs/{catalogId}/offers/{offerId}/tickets/{ticketId}/sessions", "get"),
    "availability": ("/v1/ticketing/catalogs/{catalogId}/offers/{id}/availability", "get"),
    "reservations_bulk": ("/v1/booking/reservations/_bulk", "post"),
    "orders_bulk": ("/v1/booking/orders/_bulk", "post"),
    "orders": ("/v1/booking/orders", "get"),
    "reservation": ("/v1/booking/reservations/{id}", "get"),
    "order": ("/v1/booking/orders/{id}", "get"),
    "document_patch": ("/v1/booking/orders/{orderId}/documents/{id}", "patch"),
}
MONEY = ("reservations_bulk", "orders_bulk")
CATALOG_CALLS = ("products", "bases", "base_products")
LOOKED_UP = ("orders", "reservation")  # read when the answer to an order is lost
LOOKS = 3  # at an answer that lacks the field, before a sale counts as in doubt
AFTERWARDS = ("orders_bulk", "order", "document_patch")


def fields(generation: str, call: str) -> list[str]:
    """The paths of all fields of the call's good answer, as a fault of the sandbox names them."""
    document = description(generation)
    path, method = CALLS[call]
    operation = document["paths"].get(path, {}).get(method)
    if operation is None:
        return []
    schema = operation["responses"]["200"]["content"]["application/ld+json"]["schema"]
    return list(dict.fromkeys(_walk(document, schema, "")))


def _walk(document: Json, schema: Json, at: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _walk(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], at)
    for kind in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(kind, ()):
            yield from _walk(document, one, at)
    for name, one in schema.get("properties", {}).items():
        if name not in ("@context", "@type", "view", "search"):
            yield f"{at}{name}"
            yield from _walk(document, one, f"{at}{name}.")
    if "items" in schema:
        yield from _walk(document, schema["items"], f"{at}*.")


def sandbox_with(generation: str) -> SandboxProcess:
    return SandboxProcess(generation=generation, now=BEFORE_SEASON, token_seconds=10**7)


async def outcome(sandbox: SandboxProcess, home: Path, call: str, path: str, way: str) -> str:
    """What came of a sale in which the call's answers lack the field, or have it null."""
    sandbox.no_faults()
    sandbox.make_room(50)
    edit = {"path": path} | ({"remove": True} if way == "missing" else {"value": None})
    sandbox.fault("replace", route=call, edits=[edit], count=None)
    if call in LOOKED_UP:
        sandbox.fault("drop_after", route="orders_bulk")
    async with Till(sandbox, home) as till:
        try:
            if call in CATALOG_CALLS:
                await till.services.catalogs.read(None)
            sale = await till.hold(await till.line())
            if (told := till.services.holding.problems.get(sale.reference)) is not None:
                return f"refused before money: {_INCIDENT.sub('', told.what)}"
            sale = await till.start_payment(sale.reference)
        except (Malformed, CounterError, NotAllowed, LookupError) as error:
            return f"refused before money: {_words(error)}"
        before = sandbox.state()["calls"].get(call, 0)
        await till.pay(sale.reference)
        said = "sold"
        if call in LOOKED_UP:
            enough = before + LOOKS
            await till.at_the_server(
                lambda state: till.sale(sale.reference).all_ordered or state["calls"].get(call, 0) >= enough
            )
            if not till.sale(sale.reference).all_ordered:
                said = "in doubt, sold once the answer is whole"
                sandbox.no_faults()
        sale = await till.until(sale.reference, lambda one: one.all_ordered)
        assert len(till.orders(sale.reference)) == 1
        if call in AFTERWARDS:
            (found,) = await till.services.documents.of(sale)
            said += "" if any(one.link for one in found.documents) else ", its document not yet to be had"
        return said


def _words(error: Exception) -> str:
    """What the agent is told, without what differs from run to run."""
    if isinstance(error, CounterError):
        return _INCIDENT.sub("", error.problem.what)
    if isinstance(error, Malformed):
        return f"the answer is not understood ({error.resource}.{error.field})".replace(".)", ")")
    return "it is not offered" if isinstance(error, LookupError) else str(error)


def listed() -> list[str]:
    return TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_has_every_field_of_every_call() -> None:
    rows = {tuple(row.strip("| ").split(" | ")[:3]) for row in listed()}
    wanted = [
        (one, call, path.replace("*.", "")) for one in GENERATIONS for call in CALLS for path in fields(one, call)
    ]
    assert [one for one in wanted if one not in rows] == []


@pytest.mark.parametrize("call", MONEY)
async def test_a_missing_field_of_the_money_path_is_sold_or_refused_before_money(call: str, tmp_path: Path) -> None:
    """The usual run's part, of the newest version; who buys and who comes are left to the long one."""
    rows = {tuple(row.split(" | ")[:4]) for row in listed()}
    with sandbox_with("release") as sandbox:
        for number, path in enumerate(fields("release", call)):
            if ".customer." not in path and ".beneficiary." not in path:
                said = await outcome(sandbox, tmp_path / str(number), call, path, "missing")
                assert ("| release", call, path.replace("*.", ""), said) in rows


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("generation", "call"), [(one, call) for one in GENERATIONS for call in CALLS if fields(one, call)]
)
async def test_a_field_less_is_sold_or_refused_before_money(generation: str, call: str, tmp_path: Path) -> None:
    found = {}
    with sandbox_with(generation) as sandbox:
        for number, path in enumerate(fields(generation, call)):
            ways = [await outcome(sandbox, tmp_path / f"{number}{way}", call, path, way) for way in ("missing", "null")]
            found[path] = f"| {generation} | {call} | {path.replace('*.', '')} | {' | '.join(ways)} |"
    if os.environ.get("KORUS_TESTS_WRITE_TABLES"):
        write(generation, call, list(found.values()))
    assert [row for row in found.values() if row not in listed()] == []


def write(generation: str, call: str, rows: list[str]) -> None:
    """Put the rows of a call in the place of its old ones; several tests may do so at once."""
    with TABLE.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.read().splitlines()
        head = next(place for place, line in enumerate(lines) if line.startswith("|---")) + 1
        kept = [line for line in lines[head:] if not line.startswith(f"| {generation} | {call} |")]
        ranks = {one: rank for rank, one in enumerate((*GENERATIONS, *CALLS))}
        body = sorted([*kept, *rows], key=lambda row: [ranks[cell.strip()] for cell in row.split("|")[1:3]])
        file.seek(0)
        file.truncate()
        file.write("\n".join([*lines[:head], *body]) + "\n")
