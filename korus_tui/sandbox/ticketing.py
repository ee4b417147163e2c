"""The calls under /v1/ticketing and /v1/forms: everything that is read before a sale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from korus_tui.sandbox.catalog_views import CatalogViews
from korus_tui.sandbox.data.forms import FORMS, form_iri, render
from korus_tui.sandbox.hydra import Json, collection, genid
from korus_tui.sandbox.lookups import base_of, event_of, offer_of, option_of, or_404, session_of, ticket_of
from korus_tui.sandbox.offer_filters import filtered
from korus_tui.sandbox.stock import without_tax
from korus_tui.sandbox.web import answer, box_of, catalog_language, catalog_of, language_of
from korus_tui.sandbox.world import Product

Row = TypeVar("Row")


def _views(request: Request) -> CatalogViews:
    return CatalogViews(box_of(request), catalog_language(request))


def _one(request: Request, kind: str, body: Json) -> Response:
    return answer(request, {"@context": f"/contexts/{kind}", **body})


def _disabled_too(request: Request) -> bool:
    return request.query_params.get("withDisabled") == "true"


def _path(request: Request) -> str:
    return request.url.path


def _listed(
    request: Request, kind: str, rows: Sequence[Row], render_row: object, search: Sequence[str] = ()
) -> Response:
    body = collection(
        kind, _path(request), request.query_params, rows, render_row,  # type: ignore[arg-type]
        generation=box_of(request).generation, search=search,
    )  # fmt: skip
    return answer(request, body)


async def catalogs(request: Request) -> Response:
    """GET catalogs; they were created together, so their order is the organization's."""
    rows = list(box_of(request).world.catalogs.values())
    if request.query_params.get("order[createdAt]") == "desc":
        rows.reverse()
    return _listed(request, "TicketingCatalog", rows, CatalogViews(box_of(request), language_of(request)).catalog)


async def catalog(request: Request) -> Response:
    """GET one catalog."""
    return _one(request, "TicketingCatalog", _views(request).catalog(catalog_of(request)))


async def bases(request: Request) -> Response:
    """GET product bases; disabled ones only with `withDisabled=true`."""
    here = catalog_of(request)
    rows = [one for one in box_of(request).world.bases.values() if one.catalog is here]
    rows = [one for one in rows if _disabled_too(request) or not one.base.disabled]
    return _listed(request, "TicketingProductBase", rows, _views(request).base)


async def base(request: Request) -> Response:
    """GET one product base."""
    return _one(request, "TicketingProductBase", _views(request).base(base_of(request)))


def _on_show(request: Request, rows: Sequence[Product]) -> list[Product]:
    stock = box_of(request).stock
    return [one for one in rows if _disabled_too(request) or not stock.is_disabled(one)]


async def base_products(request: Request) -> Response:
    """GET the products of a base."""
    entry = base_of(request)
    rows = [one for one in box_of(request).world.products_of(entry.catalog) if one.entry is entry]
    return _listed(request, "TicketingProduct", _on_show(request, rows), _views(request).product)


async def options(request: Request) -> Response:
    """GET the options of a base."""
    entry, views = base_of(request), _views(request)
    codes = [code for code, _ in entry.base.options]
    return _listed(request, "TicketingProductBaseOption", codes, lambda code: views.option(entry, code))


async def option(request: Request) -> Response:
    """GET one option by its code."""
    entry, code, _ = option_of(request)
    return _one(request, "TicketingProductBaseOption", _views(request).option(entry, code))


async def values(request: Request) -> Response:
    """GET the values of an option."""
    entry, code, choices = option_of(request)
    views = _views(request)
    return _listed(request, "TicketingProductBaseOptionValue", choices, lambda one: views.value(entry, code, one))


async def products(request: Request) -> Response:
    """GET the catalog's products, flat."""
    rows = _on_show(request, box_of(request).world.products_of(catalog_of(request)))
    return _listed(request, "TicketingProduct", rows, _views(request).product)


async def product(request: Request) -> Response:
    """GET one product."""
    found = or_404(box_of(request).world.products.get(request.path_params["p"]))
    or_404(found if found.entry.catalog is catalog_of(request) else None)
    return _one(request, "TicketingProduct", _views(request).product(found))


async def events(request: Request) -> Response:
    """GET events (tutorial and dev versions)."""
    views = _views(request)
    rows = list(box_of(request).world.events(catalog_of(request)).items())
    return _listed(
        request,
        "TicketingEvent",
        rows,
        lambda row: views.event(row[1][0], row[1][0].entry.base.parts[row[1][1]], row[0]),
    )


async def event(request: Request) -> Response:
    """GET one event."""
    found, number = event_of(request)
    shown = _views(request).event(found, found.entry.base.parts[number], request.path_params["e"])
    return _one(request, "TicketingEvent", shown)


async def event_sessions(request: Request) -> Response:
    """GET every coming session of an event."""
    rows = box_of(request).world.event_sessions(*event_of(request))
    return _listed(request, "TicketingSession", rows, _views(request).session)


async def event_session(request: Request) -> Response:
    """GET one session of an event."""
    one = session_of(request, box_of(request).world.event_sessions(*event_of(request)))
    return _one(request, "TicketingSession", _views(request).session(one))


async def session_availability(request: Request) -> Response:
    """GET a session's places left, in real time."""
    box = box_of(request)
    one = session_of(request, box.world.event_sessions(*event_of(request)))
    kind = "TicketingSession"  # as the how-to "Get availabilities" shows it
    left = box.stock.session_left(one)
    return _one(request, kind, {"@id": f"{one.iri}/availability", "@type": kind, "availableQuantity": left})


async def offers(request: Request) -> Response:
    """GET offers by product, day, base, session or option values; from today on, by day."""
    box = box_of(request)
    rows = filtered(box, catalog_of(request), request.query_params)
    return _listed(request, "TicketingOffer", rows, _views(request).offer, box.generation.filters)


async def offer(request: Request) -> Response:
    """GET one offer."""
    return _one(request, "TicketingOffer", _views(request).offer(offer_of(request)))


async def availability(request: Request) -> Response:
    """GET an offer's places left, in real time."""
    return answer(request, _views(request).availability(offer_of(request)))


async def price(request: Request) -> Response:
    """GET an offer's price, in real time."""
    found, box = offer_of(request), box_of(request)
    amount = box.stock.price(found, "realtime")
    currency = found.product.entry.catalog.table.currency
    kind = "TicketingOfferPrice"
    return _one(request, kind, {
        "@id": genid("realtime", found.id),
        "@type": kind,
        "amountInclTax": f"{amount:.2f}",
        "amountExclTax": f"{without_tax(amount, found.product.entry.base.tax):.2f}",
        "currency": currency.lower() if box.generation.small_currency else currency,
    })  # fmt: skip


async def tickets(request: Request) -> Response:
    """GET the tickets of an offer, with the ids that a reservation takes."""
    rows = box_of(request).world.tickets(offer_of(request))
    return _listed(request, "TicketingOfferTicket", rows, _views(request).ticket)


async def ticket(request: Request) -> Response:
    """GET one ticket of an offer."""
    return _one(request, "TicketingOfferTicket", _views(request).ticket(ticket_of(request)))


async def ticket_sessions(request: Request) -> Response:
    """GET the sessions of a ticket (newer versions)."""
    views, rows = _views(request), box_of(request).world.sessions(ticket_of(request))
    return _listed(request, "TicketingOfferTicketSession", rows, lambda one: views.session(one, True))


async def ticket_session(request: Request) -> Response:
    """GET one session of a ticket."""
    one = session_of(request, box_of(request).world.sessions(ticket_of(request)))
    return _one(request, "TicketingOfferTicketSession", _views(request).session(one, True))


async def form(request: Request) -> Response:
    """GET a form; the newest version documents none."""
    seed, path = box_of(request).world.seed, _path(request)
    code = or_404(next((code for code in FORMS if form_iri(seed, code) == path), None))
    return answer(request, render(seed, code, language_of(request)))


_C = "/v1/ticketing/catalogs"
_B, _E, _O = f"{_C}/{{c}}/product_bases", f"{_C}/{{c}}/events", f"{_C}/{{c}}/offers"
ROUTES = [
    Route(path, endpoint, name=endpoint.__name__)
    for path, endpoint in (
        (_C, catalogs),
        (f"{_C}/{{c}}", catalog),
        (_B, bases),
        (f"{_B}/{{b}}", base),
        (f"{_B}/{{b}}/products", base_products),
        (f"{_B}/{{b}}/options", options),
        (f"{_B}/{{b}}/options/{{code}}", option),
        (f"{_B}/{{b}}/options/{{code}}/values", values),
        (f"{_C}/{{c}}/products", products),
        (f"{_C}/{{c}}/products/{{p}}", product),
        (_E, events),
        (f"{_E}/{{e}}", event),
        (f"{_E}/{{e}}/sessions", event_sessions),
        (f"{_E}/{{e}}/sessions/{{s}}", event_session),
        (f"{_E}/{{e}}/sessions/{{s}}/availability", session_availability),
        (_O, offers),
        (f"{_O}/{{o}}", offer),
        (f"{_O}/{{o}}/availability", availability),
        (f"{_O}/{{o}}/price", price),
        (f"{_O}/{{o}}/tickets", tickets),
        (f"{_O}/{{o}}/tickets/{{t}}", ticket),
        (f"{_O}/{{o}}/tickets/{{t}}/sessions", ticket_sessions),
        (f"{_O}/{{o}}/tickets/{{t}}/sessions/{{s}}", ticket_session),
        ("/v1/forms/{f}", form),
    )
]
