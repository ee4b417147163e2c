"""The calls that read what can be sold (docs/api.md, Ticketing). All raise the errors of a read, see `KorusClient`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from korus_tui.api import hydra
from korus_tui.api.calls import Call
from korus_tui.api.models.base import Iri
from korus_tui.api.models.ticketing import (
    Catalog,
    Event,
    Form,
    Offer,
    OfferAvailability,
    OfferTicket,
    Option,
    OptionValue,
    Price,
    Product,
    ProductBase,
    Session,
    SessionAvailability,
)
from korus_tui.api.paging import Listing
from korus_tui.api.section import Query, Section, id_of, under

CATALOGS = "/v1/ticketing/catalogs"

Generation = Literal["tutorial", "release"]


class Ticketing(Section):
    """Catalogs, products, offers, sessions and forms. `language` is sent as Accept-Language."""

    def catalogs(self, *, language: str | None = None) -> Listing[Catalog]:
        """`GET catalogs`: what the organization may sell; none at all means that it has no access."""
        return self._list("catalogs.list", CATALOGS, Catalog, language)

    async def catalog(self, catalog: Iri | str, *, language: str | None = None) -> Catalog:
        """`GET catalogs/{c}`; NotFound."""
        return await self._get("catalogs.get", _catalog(catalog), Catalog, language)

    def product_bases(
        self, catalog: Iri | str, with_disabled: bool = False, *, language: str | None = None
    ) -> Listing[ProductBase]:
        """`GET …/product_bases`: groups of products; NotFound from a tutorial-generation server."""
        query: Query = (("withDisabled", "true"),) if with_disabled else ()
        return self._list("product_bases.list", under(_catalog(catalog), "product_bases"), ProductBase, language, query)

    async def product_base(self, base: Iri, *, language: str | None = None) -> ProductBase:
        """`GET …/product_bases/{b}`; NotFound."""
        return await self._get("product_bases.get", base, ProductBase, language)

    def base_products(self, base: Iri, *, language: str | None = None) -> Listing[Product]:
        """`GET …/product_bases/{b}/products`: the products of a base."""
        return self._list("product_bases.products", under(base, "products"), Product, language)

    def options(self, base: Iri, *, language: str | None = None) -> Listing[Option]:
        """`GET …/product_bases/{b}/options`: what the products of a base differ by."""
        return self._list("options.list", under(base, "options"), Option, language)

    async def option(self, base: Iri, code: str, *, language: str | None = None) -> Option:
        """`GET …/options/{code}`; `code` is seating_category, zone, price_type or days_count."""
        return await self._get("options.get", under(base, "options", code), Option, language)

    def option_values(self, base: Iri, code: str, *, language: str | None = None) -> Listing[OptionValue]:
        """`GET …/options/{code}/values`: the choices of an option."""
        return self._list("options.values", under(base, "options", code, "values"), OptionValue, language)

    def products(self, catalog: Iri | str, *, language: str | None = None) -> Listing[Product]:
        """`GET …/products`: all products of a catalog, flat."""
        return self._list("products.list", under(_catalog(catalog), "products"), Product, language)

    async def product(self, product: Iri, *, language: str | None = None) -> Product:
        """`GET …/products/{p}`; NotFound."""
        return await self._get("products.get", product, Product, language)

    def events(self, catalog: Iri | str, *, language: str | None = None) -> Listing[Event]:
        """`GET …/events` (tutorial and dev; NotFound from newer servers)."""
        return self._list("events.list", under(_catalog(catalog), "events"), Event, language)

    async def event(self, event: Iri, *, language: str | None = None) -> Event:
        """`GET …/events/{e}` (tutorial and dev)."""
        return await self._get("events.get", event, Event, language)

    def event_sessions(self, event: Iri, *, language: str | None = None) -> Listing[Session]:
        """`GET …/events/{e}/sessions` (tutorial and dev)."""
        return self._list("events.sessions", under(event, "sessions"), Session, language)

    async def session(self, session: Iri, *, language: str | None = None) -> Session:
        """`GET …/events/{e}/sessions/{s}` (tutorial and dev)."""
        return await self._get("sessions.get", session, Session, language)

    async def session_availability(self, session: Iri) -> SessionAvailability:
        """`GET …/events/{e}/sessions/{s}/availability`: places left, in real time (tutorial and dev)."""
        return await self._get("sessions.availability", under(session, "availability"), SessionAvailability, None)

    def offers(
        self,
        catalog: Iri | str,
        *,
        products: Sequence[Iri | str] = (),
        base: Iri | str | None = None,
        day: date | None = None,
        after: date | None = None,
        before: date | None = None,
        session: Iri | None = None,
        option_values: Sequence[str] = (),
        generation: Generation = "release",
        language: str | None = None,
    ) -> Listing[Offer]:
        """`GET …/offers`, soonest first; `after` and `before` are inclusive.

        A tutorial-generation server filters by one product and one day only: ValueError for more.
        """
        filters = {"productBaseId": base, "session": session, "date[after]": after, "date[before]": before}
        if generation == "tutorial":
            if len(products) > 1 or option_values or any(value is not None for value in filters.values()):
                raise ValueError("the tutorial generation filters offers by one product and one day")
            query = tuple(_tutorial_filters(products, day))
        else:
            query = tuple(_release_filters(products, base, day, after, before, session, option_values))
        return self._list("offers.list", under(_catalog(catalog), "offers"), Offer, language, query)

    async def any_offers_of_session(self, catalog: Iri | str, session: str) -> bool:
        """Whether `GET …/offers` finds any for a session's id: for one that cannot exist, a server that does not know
        the filter finds all."""
        query = (("session", session), ("page", "1"), ("itemsPerPage", "1"))
        call = Call("offers.list", "GET", under(_catalog(catalog), "offers"), query=query)
        page = await self._call(call, lambda data: hydra.parse_page(Offer, data))
        return bool(page.total) or page.count > 0

    async def offer(self, offer: Iri, *, language: str | None = None) -> Offer:
        """`GET …/offers/{o}`; NotFound once it is gone."""
        return await self._get("offers.get", offer, Offer, language)

    async def offer_availability(self, offer: Iri) -> OfferAvailability:
        """`GET …/offers/{o}/availability`: places left, in real time."""
        return await self._get("offers.availability", under(offer, "availability"), OfferAvailability, None)

    async def offer_price(self, offer: Iri) -> Price:
        """`GET …/offers/{o}/price`: asked when the offer says `realtime_price_required`."""
        return await self._get("offers.price", under(offer, "price"), Price, None)

    def offer_tickets(self, offer: Iri, *, language: str | None = None) -> Listing[OfferTicket]:
        """`GET …/offers/{o}/tickets`: use these addresses to reserve, not those inside the offer."""
        return self._list("offers.tickets", under(offer, "tickets"), OfferTicket, language)

    def ticket_sessions(self, ticket: Iri, *, language: str | None = None) -> Listing[Session]:
        """`GET …/tickets/{t}/sessions` (newer; NotFound from a server that writes sessions inside tickets)."""
        return self._list("tickets.sessions", under(ticket, "sessions"), Session, language)

    async def ticket_session(self, session: Iri, *, language: str | None = None) -> Session:
        """`GET …/tickets/{t}/sessions/{s}` (newer)."""
        return await self._get("tickets.session", session, Session, language)

    async def form(self, form: Iri | str, *, language: str | None = None) -> Form:
        """`GET /v1/forms/{id}`: questions to answer before a ticket can be reserved."""
        return await self._get("forms.get", under("/v1/forms", id_of(form)), Form, language)


def _catalog(catalog: Iri | str) -> str:
    return under(CATALOGS, id_of(catalog))


def _tutorial_filters(products: Sequence[Iri | str], day: date | None) -> Iterator[tuple[str, str]]:
    yield from (("product", id_of(product)) for product in products)
    if day is not None:
        yield "date", day.isoformat()
    yield "order[date]", "asc"


def _release_filters(
    products: Sequence[Iri | str],
    base: Iri | str | None,
    day: date | None,
    after: date | None,
    before: date | None,
    session: Iri | None,
    option_values: Sequence[str],
) -> Iterator[tuple[str, str]]:
    yield from (("product[]", id_of(product)) for product in products)
    if base is not None:
        yield "productBaseId", id_of(base)
    if session is not None:
        yield "session", id_of(session)
    yield from (("optionValuesContext[]", value) for value in option_values)
    for name, bound in (("date[after]", after or day), ("date[before]", before or day)):
        if bound is not None:
            yield name, bound.isoformat()
    yield "order[date]", "asc"
