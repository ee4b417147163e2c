"""How to come to each state of the documents: waiting, ready, failed, refused, and what is handed over."""

from __future__ import annotations

from typing import Any

from picture_kit import State, Studio, place
from picture_paying import cash, take
from picture_selling import NOTHING

UNSAFE = [{"path": "temporaryUrl", "value": "http://storage.example/t.pdf"}]
NAMELESS = [{"path": "orders.*.items.*.tickets.*.status", "value": "waiting_beneficiary_data"}]
NAMELESS_ORDER = [
    {"path": "items.*.tickets.*.status", "value": "waiting_beneficiary_data"},
    {"path": "items.*.tickets.*.beneficiaryDesignationDeadline", "value": "2026-06-05T10:00:00+00:00"},
    {"path": "documents", "value": []},
]

NAMES_NONE = {"kind": "replace", "route": "order", "edits": [{"path": "documents", "value": []}], "count": None}
UNNAMED = {"kind": "replace", "route": "orders_bulk", "edits": [{"path": "orders.*.documents", "value": []}]}
LISTS_NONE = {"kind": "replace", "route": "documents", "edits": NOTHING, "count": None}


async def ordered(one: Studio, *faults: dict[str, Any]) -> None:
    """The order is placed, its documents are on top; the faults are met by all that is asked of them."""
    await cash(one)
    await one.meet(*faults)
    await take(one)
    await one.until(lambda: one.at("documents") and one.screen.armed)
    one.here = None


@place
async def documents(one: Studio) -> None:
    await ordered(one)
    await one.until(lambda: [row.tone for row in one.list("#files").rows] == ["good"] * 3)
    await one.press("down")  # the first row stands for all
    await one.until(lambda: "storage.example.org" in one.text)


async def failed(one: Studio) -> None:
    await ordered(one, UNNAMED, {"kind": "status", "route": "order", "status": 500, "count": None})
    await shown(one, "bad", "order")


async def shown(one: Studio, tone: str, asked: str = "documents") -> None:
    """What became of both orders' documents is told in this tone; where nothing is `asked`, by the order's answer."""
    if asked:
        await one.called(asked, 2)
    await one.until(lambda: [row.tone for row in one.list("#files").rows[1:]] == [tone, tone])
    await one.until(lambda: one.said("#chosen").strip())


async def none(one: Studio) -> None:
    await ordered(one, UNNAMED, NAMES_NONE, LISTS_NONE)
    await shown(one, "warn")


async def refused(one: Studio) -> None:
    one.links.same = False
    await ordered(one, {"kind": "replace", "route": "document_patch", "edits": UNSAFE, "count": None})
    await shown(one, "bad", "document_patch")
    await one.press("down")


async def waiting(one: Studio) -> None:
    one.links.same = False
    await ordered(one)
    await shown(one, "warn", asked="")


async def nameless(one: Studio) -> None:
    order = {"kind": "replace", "route": "order", "edits": NAMELESS_ORDER, "count": None}
    await ordered(one, {"kind": "replace", "route": "orders_bulk", "edits": NAMELESS}, order, LISTS_NONE)
    await shown(one, "warn")


async def not_saved(one: Studio) -> None:
    await documents(one)
    await one.fault({"kind": "not_json", "route": "storage", "count": None})
    await one.press("s")
    await one.complains()


async def slip(one: Studio) -> None:
    await page_of(one, "t", "SlipScreen")
    await one.until(lambda: "tickets/" in one.text)


async def page_of(one: Studio, key: str, name: str) -> None:
    await documents(one)
    await one.press(key)
    await one.until(lambda: one.at(name))


DOCUMENTS: dict[str, State] = {
    "documents": State(documents),
    "documents-waiting": State(waiting, quiet=False),
    "documents-failed": State(failed, sandbox={"document_delay": 40}, quiet=False),
    "documents-none": State(none, quiet=False),
    "documents-link-refused": State(refused),
    "documents-nameless": State(nameless, quiet=False),
    "documents-not-saved": State(not_saved),
    "documents-qr": State(lambda one: page_of(one, "q", "qr")),
    "documents-message": State(lambda one: page_of(one, "m", "message")),
    "documents-slip": State(slip),
}
