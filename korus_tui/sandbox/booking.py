"""The calls under /v1/booking for reservations and orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from korus_tui.sandbox.context import Context
from korus_tui.sandbox.effects import Desk, Refusals
from korus_tui.sandbox.hydra import Json, collection, genid
from korus_tui.sandbox.options import parse_moment
from korus_tui.sandbox.problems import Findings, Problem
from korus_tui.sandbox.reading import customer, only, text
from korus_tui.sandbox.reservation_reader import LineReader
from korus_tui.sandbox.shapes import BookingViews
from korus_tui.sandbox.state import Order, Reservation
from korus_tui.sandbox.web import answer, box_of, language_of, read_body

Record = TypeVar("Record", Reservation, Order)
_RESERVATION = "/v1/booking/reservations/"


def _bulk(request: Request, kind: str, lists: Json) -> Response:
    box = box_of(request)
    vocabulary = {"@vocab": f"{box.base_url}/docs.jsonld#", "hydra": "http://www.w3.org/ns/hydra/core#"}
    context = vocabulary | {name: f"{kind}/{name}" for name in lists if box.generation.shows(kind, name)}
    return answer(request, {"@context": context, "@type": kind, "@id": genid(kind, box.state.now()), **lists})


def _refusals(request: Request) -> Refusals:
    """What the fault switch wants refused in this call; nothing without one."""
    wanted = request.scope.get("korus.refuse")
    if wanted is None:
        return Refusals()
    return Refusals(tuple(wanted.get("indexes", (0,))), wanted.get("shape", "object"), wanted.get("why", "issuer"))


async def reserve(request: Request) -> Response:
    """POST reservations/_bulk: checks every line, then holds each by itself."""
    box, language, findings = box_of(request), language_of(request), Findings()
    body = await read_body(request)
    lines = LineReader(box, language, findings).read(body)
    findings.check()
    refusals = _refusals(request)
    made = Desk(box).hold(lines, refusals, language)
    views = BookingViews(box)
    lists = {"reservations": [views.reservation(one) for one in made], "failedReservations": refusals.told}
    return _bulk(request, "CreateReservationBulkOutput", lists)


async def order(request: Request) -> Response:
    """POST orders/_bulk: orders every reservation of the call, or none."""
    box, findings = box_of(request), Findings()
    body = await read_body(request)
    only(body, ("reservations", "customer", "externalReference", "notes"), "", findings)
    reservations = _reservations(box, body, findings)
    buyer = customer(body, findings)
    external = text(body, "externalReference", "", findings, needed=box.generation.reference_needed)
    notes = text(body, "notes", "", findings)
    findings.check()
    refusals = _refusals(request)
    refused = [one for index, one in enumerate(reservations) if index in refusals.indexes]
    made = Desk(box).order([one for one in reservations if one not in refused], buyer, external, notes)
    for one in refused:
        refusals.tell("reservation", _RESERVATION + one.id, one.item.quantity, refusals.why, language_of(request))
    lists = {"orders": [BookingViews(box).order(one) for one in made], "failedOrders": refusals.told}
    return _bulk(request, "CreateOrderBulkOutput", lists)


def _reservations(box: Context, body: Json, findings: Findings) -> list[Reservation]:
    value = body.get("reservations")
    if not isinstance(value, list) or not value:
        kind = "blank" if value is None else "empty" if value == [] else "type"
        findings.add("reservations", kind, expected="array")
        return []
    found: list[Reservation] = []
    for index, iri in enumerate(value):
        reservation = _reservation(box, f"reservations[{index}]", iri, findings)
        if reservation is not None and reservation in found:
            findings.add(f"reservations[{index}]", "twice")
        elif reservation is not None:
            found.append(reservation)
    _check_amounts(box, found, findings)
    return found


def _reservation(box: Context, at: str, iri: Any, findings: Findings) -> Reservation | None:
    if not isinstance(iri, str):
        findings.add(at, "type", expected="string")
        return None
    key = iri.removeprefix(_RESERVATION)
    reservation = box.state.reservations.get(key) if key != iri else None
    if reservation is None:
        findings.add(at, "iri", iri=iri[:255])
    elif reservation.order is not None:
        findings.add(f"{at}.order", "ordered")
    elif BookingViews(box).expired(reservation):
        findings.add(f"{at}.expired", "expired")
    return reservation


def _check_amounts(box: Context, reservations: list[Reservation], findings: Findings) -> None:
    """No more of a base in one order call than its `maxAmountPerOrder`."""
    counts: Counter[str] = Counter()
    for one in reservations:
        product = box.world.products.get(one.item.product.rsplit("/", 1)[-1])
        if product is not None and box.generation.limits_orders:
            counts[product.entry.id] += one.item.quantity
    for key, count in counts.items():
        limit = box.world.bases[key].base.max_amount
        if limit is not None and count > limit:
            findings.add("reservations", "max_amount", limit=limit)


def _ordered(request: Request, records: list[Record]) -> list[Record]:
    direction = request.query_params.get("order[createdAt]", "asc")
    if direction not in ("asc", "desc"):
        raise Problem(400, why="order[createdAt]: asc|desc")
    return sorted(records, key=lambda record: (record.created, record.id), reverse=direction == "desc")


async def reservations(request: Request) -> Response:
    """GET reservations, by creation (`order[createdAt]`)."""
    box = box_of(request)
    rows = _ordered(request, list(box.state.reservations.values()))
    return answer(request, collection("BookingReservation", request.url.path, request.query_params, rows,
                             BookingViews(box).reservation, generation=box.generation))  # fmt: skip


async def reservation(request: Request) -> Response:
    """GET one reservation."""
    box = box_of(request)
    found = box.state.reservations.get(request.path_params["r"])
    if found is None:
        raise Problem(404)
    return answer(request, {"@context": "/contexts/BookingReservation", **BookingViews(box).reservation(found)})


_RANGES: dict[str, Callable[[datetime, datetime], bool]] = {
    "createdAt[after]": lambda moment, edge: moment >= edge,
    "createdAt[strictly_after]": lambda moment, edge: moment > edge,
    "createdAt[before]": lambda moment, edge: moment <= edge,
    "createdAt[strictly_before]": lambda moment, edge: moment < edge,
}
_SEARCH = ("external_reference", "order[createdAt]", *_RANGES)


def _passes(one: Order, reference: str | None, edges: dict[str, datetime]) -> bool:
    created = datetime.fromtimestamp(int(one.created), parse_moment("1970-01-01").tzinfo)
    if reference is not None and one.external_reference != reference:
        return False
    return all(_RANGES[name](created, edge) for name, edge in edges.items())


async def orders(request: Request) -> Response:
    """GET orders by external reference (1 to 50 characters) and creation."""
    box, query = box_of(request), request.query_params
    reference = query.get("external_reference")
    if reference is not None and not 1 <= len(reference) <= 50:
        raise Problem(400, why="external_reference: 1–50")
    try:
        edges = {name: parse_moment(query[name].replace(" ", "+")) for name in _RANGES if name in query}
    except ValueError:
        raise Problem(400, why="createdAt") from None
    rows = _ordered(request, [one for one in box.state.orders.values() if _passes(one, reference, edges)])
    search = _SEARCH if box.generation.neighbours else ()
    return answer(request, collection("BookingOrder", request.url.path, query, rows, BookingViews(box).order,
                             generation=box.generation, search=search))  # fmt: skip


def find_order(request: Request) -> Order:
    """The order that the path names; Problem 404 if there is none."""
    found = box_of(request).state.orders.get(request.path_params["o"])
    if found is None:
        raise Problem(404)
    return found


async def one_order(request: Request) -> Response:
    """GET one order."""
    shown = BookingViews(box_of(request)).order(find_order(request))
    return answer(request, {"@context": "/contexts/BookingOrder", **shown})


ROUTES = [
    Route("/v1/booking/reservations/_bulk", reserve, methods=["POST"], name="reservations_bulk"),
    Route("/v1/booking/reservations", reservations, name="reservations"),
    Route("/v1/booking/reservations/{r}", reservation, name="reservation"),
    Route("/v1/booking/orders/_bulk", order, methods=["POST"], name="orders_bulk"),
    Route("/v1/booking/orders", orders, name="orders"),
    Route("/v1/booking/orders/{o}", one_order, name="order"),
]
