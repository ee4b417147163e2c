"""The calls about an order's tickets and documents."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from korus_tui.sandbox.booking import find_order
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.document_page import Page
from korus_tui.sandbox.effects import Desk
from korus_tui.sandbox.hydra import Json, collection
from korus_tui.sandbox.problems import Findings, Problem
from korus_tui.sandbox.reading import beneficiary, only
from korus_tui.sandbox.shapes import BookingViews, barcode, moment
from korus_tui.sandbox.state import Item, Order, OrderTicket
from korus_tui.sandbox.web import answer, box_of, language_of, read_body


def _ticket(request: Request) -> tuple[Order, OrderTicket]:
    box, order = box_of(request), find_order(request)
    for ticket in order.tickets:
        place = ticket.place if box.generation.places else 0
        if (
            ticket.id == request.path_params["t"]
            and BookingViews(box).item_id(order, place) == request.path_params["i"]
        ):
            return order, ticket
    raise Problem(404)


def _shown(request: Request, order: Order, ticket: OrderTicket) -> Response:
    shown = BookingViews(box_of(request)).ticket(order, ticket)
    return answer(request, {"@context": "/contexts/BookingOrderItemTicket", **shown})


async def ticket(request: Request) -> Response:
    """GET one ticket of an order."""
    return _shown(request, *_ticket(request))


async def name_beneficiary(request: Request) -> Response:
    """PATCH one ticket of an order: who it is for."""
    box = box_of(request)
    order, found = _ticket(request)
    body, findings = await read_body(request), Findings()
    item = box.state.reservations[order.reservation].item
    deadline = item.beneficiary_deadline
    person = beneficiary(body, item.beneficiary_fields, findings)
    if order.cancelled is not None:
        findings.add("beneficiary", "cancelled")
    elif deadline is not None and datetime.fromisoformat(deadline) <= box.clock.now():
        findings.add("beneficiary", "deadline")
    elif found.beneficiary is not None and not item.amendable:
        findings.add("beneficiary", "not_amendable")
    findings.check()
    found.beneficiary = person
    Desk(box).release_documents(order, item)
    box.state.save()
    return _shown(request, order, found)


_KIND = "BookingOrderDocument"


def _named(order: Order) -> Json:
    path = f"/v1/booking/orders/{order.id}/documents/{order.document_id}"
    return {"@id": path, "@type": _KIND, "id": order.document_id}


def _document(order: Order) -> Json:
    assert order.downloadable is not None
    return {**_named(order), "downloadableAt": moment(order.downloadable)}


async def documents(request: Request) -> Response:
    """GET an order's documents; none before its tickets' holders are known."""
    order = find_order(request)
    rows = [order] if order.downloadable is not None else []
    path, query, generation = request.url.path, request.query_params, box_of(request).generation
    return answer(request, collection(_KIND, path, query, rows, _document, generation=generation))


def _downloadable(request: Request) -> Order:
    order = find_order(request)
    if order.downloadable is None or order.document_id != request.path_params["d"]:
        raise Problem(404)
    return order


async def document(request: Request) -> Response:
    """GET one document."""
    return answer(request, {"@context": f"/contexts/{_KIND}", **_document(_downloadable(request))})


async def give_document(request: Request) -> Response:
    """PATCH one document with `{}`: a temporary address of its file, in the caller's language."""
    box, order, findings = box_of(request), _downloadable(request), Findings()
    only(await read_body(request), (), "", findings)
    assert order.downloadable is not None
    if order.cancelled is not None:
        findings.add("", "cancelled")
    elif order.downloadable > box.state.now():
        findings.add("downloadableAt", "not_yet", moment=moment(order.downloadable))
    findings.check()
    language = language_of(request)
    address = box.storage.address(await _file(box, order, language))
    shown = {**_named(order), "temporaryUrl": address, "cachedLanguage": language}
    return answer(request, {"@context": f"/contexts/{_KIND}", **shown})


async def _file(box: Context, order: Order, language: str) -> str:
    """The name of the stored PDF, made at the first request for it, off the event loop."""
    name = f"{order.document_id}-{language}.pdf"
    if not box.storage.has(name):
        from korus_tui.sandbox.pdf import render  # first frame: the PDF library is slow to import

        created = datetime.fromtimestamp(order.created, UTC)
        box.storage.put(name, await asyncio.to_thread(render, _pages(box, order, language), language, created))
    return name


def _pages(box: Context, order: Order, language: str) -> list[Page]:
    item = box.state.reservations[order.reservation].item
    product, names = _names(box, item, language)
    day = datetime.fromisoformat(item.day).date() if item.day else None
    pages = []
    for ticket in order.tickets:
        seat, person = item.seats[ticket.seat], ticket.beneficiary or order.customer
        holder = f"{person.get('firstname', '')} {person.get('lastname', '')}".strip()
        start = datetime.fromisoformat(seat.occurs_at) if seat.occurs_at else None
        pages.append(Page(product, names[ticket.seat], day, start, order.reference, holder, barcode(ticket)))
    return pages


def _names(box: Context, item: Item, language: str) -> tuple[str, list[str]]:
    """The product's and the tickets' names in the document's language; as they were held, once the offer is gone."""
    offer = box.world.offer(item.offer.rsplit("/", 1)[-1])
    if offer is None:
        return item.product_name, [seat.name for seat in item.seats]
    return offer.product.name.say(language), [one.name.say(language) for one in box.world.tickets(offer)]


_TICKET = "/v1/booking/orders/{o}/items/{i}/tickets/{t}"
_DOCUMENTS = "/v1/booking/orders/{o}/documents"
ROUTES = [
    Route(_TICKET, ticket, name="order_ticket"),
    Route(_TICKET, name_beneficiary, methods=["PATCH"], name="order_ticket_patch"),
    Route(_DOCUMENTS, documents, name="documents"),
    Route(f"{_DOCUMENTS}/{{d}}", document, name="document"),
    Route(f"{_DOCUMENTS}/{{d}}", give_document, methods=["PATCH"], name="document_patch"),
]
