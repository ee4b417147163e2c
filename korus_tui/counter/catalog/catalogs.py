"""The catalog as the agent browses it: read once a day, kept on disk, shown at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from korus_tui.counter.catalog import cache
from korus_tui.counter.catalog.models import Base, Catalog, CatalogContent, Product
from korus_tui.counter.core.abilities import Abilities, Ability
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.text.files import safe_name

if TYPE_CHECKING:
    from korus_tui.api.errors import Malformed
    from korus_tui.api.hydra import Page
    from korus_tui.api.models import ticketing as api

_OF_BASE = re.compile(r"/product_bases/([^/]+)/options/")


class Catalogs:
    """Reads catalog content from the API and keeps it on disk, one file a catalog and language.

    What another server answered is never shown, though the profile may have been for that one.
    """

    def __init__(  # noqa: PLR0913 - made in one place, of all that it works with
        self,
        line: Connection,
        clock: Clock,
        abilities: Abilities,
        folder: Path,
        profile: str,
        server: str,
        language: Callable[[], str],
    ) -> None:
        self._line = line
        self._clock = clock
        self._abilities = abilities
        self._folder = folder
        self._profile = safe_name(profile)
        self._server = server
        self._language = language
        self.content: CatalogContent | None = None

    @property
    def language(self) -> str:
        """The customer's, in which the catalog is read."""
        return self._language()

    def _file(self, catalog: str) -> Path:
        # No name has a tilde in it, so that profile "a" never shows what profile "a-b" kept.
        return self._folder / f"catalog~{self._profile}~{safe_name(catalog)}~{self.language}.json"

    def recall(self, catalog: str | None) -> CatalogContent | None:
        """What was kept of the catalog, or of the one that was shown last; a quick look at the disk."""
        if catalog is None:
            self.content = cache.latest(self._folder, self._profile, self._server, self.language)
        else:
            self.content = cache.read(self._file(catalog), self._server)
        return self.content

    def turn(self) -> bool:
        """Turn to what is kept of the catalog in the customer's language; False: nothing is, and the other stays."""
        shown = self.content
        if shown is None:
            return False
        if shown.language != self.language and self.recall(shown.catalog.id) is None:
            self.content = shown
        return self.content is not shown or shown.language == self.language

    @property
    def stale(self) -> bool:
        """Whether the content is missing, older than the 24 hours that the issuer asks for, or from the future."""
        return self.content is None or abs(self._clock.now() - self.content.fetched_at) > cache.FRESH

    async def read(self, catalog: str | None = None) -> CatalogContent:
        """Read the whole catalog from the API and keep it. Raises CounterError for no access, and ApiError."""
        catalogs, unread = await self._catalogs()
        chosen = next((one for one in catalogs if one.id == catalog), None)
        if chosen is None and catalog is not None and unread:  # it may be one of those
            raise unread[0]
        if chosen is None and catalog is not None:
            raise CounterError(
                Problem(
                    _("This account cannot see the catalog of the profile."),
                    _("Nothing can be sold from it."),
                    _("Take the catalog out of the profile, or ask the Korus contact of your organization."),
                )
            )
        content = await self._content(chosen or catalogs[0], catalogs)
        self.content = content
        self._abilities.look_again()
        await asyncio.to_thread(cache.write, self._file(content.catalog.id), self._server, content)
        return content

    async def _catalogs(self) -> tuple[tuple[Catalog, ...], tuple[Malformed, ...]]:
        """Those of this account, and what of the list could not be read."""
        page = await self._line.ask(lambda client: client.ticketing.catalogs(language=self.language).all())
        if not page.readable():
            raise CounterError(
                Problem(
                    _("No catalog is open to this account."),
                    _("Nothing can be sold until it is given one."),
                    _("Ask the Korus contact of your organization for access."),
                )
            )
        return tuple(Catalog(one.id, one.name) for one in page.members), page.rejected

    async def _content(self, chosen: Catalog, catalogs: tuple[Catalog, ...]) -> CatalogContent:
        products, (bases, understood) = await asyncio.gather(self._first_page(chosen), self._bases(chosen))
        groups = bases.members if bases else ()
        in_base: dict[str, list[api.Product]] = {}
        whole = True
        if groups and not any(map(_base_told, products.members)):
            in_base, whole = await self._products_of(groups)
        if not (whole and _has_all(in_base, products)):
            products = await self._rest(chosen, products)
        if groups and not in_base:
            in_base, whole = await self._of_silent(groups, products)
        listed = _products(products.members, in_base)
        if not listed:
            products.readable()
        # What one list could not show readably, another may have: only what is nowhere is missing.
        unreadable = sum(one.count for one in products.rejected) - bool(products.left_out)
        missed = max(0, unreadable - (len(listed) - len(products.members)))
        return CatalogContent(
            catalog=chosen,
            catalogs=catalogs,
            bases=tuple(_base(one) for one in (bases.members if bases else ())),
            products=listed,
            fetched_at=self._clock.now(),
            language=self.language,
            incomplete=products.incomplete or bool(bases and bases.incomplete) or not (understood and whole),
            unreadable=missed,
        )

    async def _first_page(self, catalog: Catalog) -> Page[api.Product]:
        """Of all products; a list that cannot be read at all is one of which nothing could be: bases may have them."""
        from korus_tui.api.errors import Malformed  # first frame
        from korus_tui.api.hydra import Page  # first frame

        try:
            return await self._line.ask(
                lambda client: client.ticketing.products(catalog.id, language=self.language).first()
            )
        except Malformed as error:
            return Page((), rejected=(error,), incomplete=True)

    async def _rest(self, catalog: Catalog, first: Page[api.Product]) -> Page[api.Product]:
        """All products, where the first page is not all there are."""
        from korus_tui.api.errors import Malformed  # first frame
        from korus_tui.api.hydra import Page  # first frame
        from korus_tui.api.paging import PER_PAGE  # first frame

        if first.incomplete or first.count == first.total:
            return first
        full = first.count == PER_PAGE
        try:
            page = await self._line.ask(
                lambda client: client.ticketing.products(catalog.id, language=self.language).all(2 if full else 1)
            )
        except Malformed as error:
            return Page(first.members, first.total, (*first.rejected, error), incomplete=True)
        if not full:
            return page
        return replace(
            page,
            members=(*first.members, *page.members),
            rejected=(*first.rejected, *page.rejected),
            left_out=first.left_out + page.left_out,
        )

    async def _bases(self, catalog: Catalog) -> tuple[Page[api.ProductBase] | None, bool]:
        """The product bases, or None where this version of the API has none (404) · whether they were understood.

        Without them products are sold one by one.
        """
        from korus_tui.api.errors import Malformed, NotFound  # first frame

        if self._abilities.known(Ability.BASES) is False:  # asked once, and remembered for days
            return None, True
        try:
            page = await self._line.ask(
                lambda client: client.ticketing.product_bases(
                    catalog.id, with_disabled=True, language=self.language
                ).all()
            )
        except Malformed:
            return None, False
        except NotFound:
            await self._abilities.learn(Ability.BASES, False)
            return None, True
        await self._abilities.learn(Ability.BASES, True)
        if page.members:
            await self._abilities.learn(Ability.TOLD_BASES, any(one.timezone for one in page.members))
        return page, not page.rejected

    async def _of_silent(
        self, bases: tuple[api.ProductBase, ...], products: Page[api.Product]
    ) -> tuple[dict[str, list[api.Product]], bool]:
        """The products of the bases that no product of the flat list names; of all, where some are of none of these."""
        told = {} if products.rejected else {one.id: base for one in products.members if (base := _base_told(one))}
        if told and len(told) == len(products.members):
            return {}, True
        silent = tuple(base for base in bases if base.id not in told.values())
        in_base, whole = await self._products_of(silent)
        found = {one.id for some in in_base.values() for one in some} | told.keys()
        if len(silent) < len(bases) and not all(one.id in found for one in products.members):
            more, also = await self._products_of(tuple(base for base in bases if base not in silent))
            return in_base | more, whole and also
        return in_base, whole

    async def _products_of(self, bases: tuple[api.ProductBase, ...]) -> tuple[dict[str, list[api.Product]], bool]:
        """The products of each base, asked side by side · whether every list was understood.

        The client keeps few requests in flight.
        """
        from korus_tui.api.errors import Malformed  # first frame

        async def one(base: api.ProductBase) -> tuple[str, list[api.Product] | None]:
            try:
                page = await self._line.ask(
                    lambda client: client.ticketing.base_products(base.iri, language=self.language).all()
                )
            except Malformed:  # the flat list may have them
                return base.id, None
            return base.id, list(page.members)

        found = await asyncio.gather(*(one(base) for base in bases))
        return {key: some or [] for key, some in found}, all(some is not None for _key, some in found)


def _base_told(product: api.Product) -> str | None:
    """The base that a product names, itself or by the addresses of its option values: they stand below their base's."""
    from korus_tui.api.models.ticketing import OptionValue  # first frame

    if product.product_base is not None:
        return product.product_base.id
    values = (value.iri if isinstance(value, OptionValue) else value for value in product.option_values)
    told = {match[1] for iri in values if iri is not None and (match := _OF_BASE.search(iri))}
    return told.pop() if len(told) == 1 else None


def _has_all(in_base: dict[str, list[api.Product]], first: Page[api.Product]) -> bool:
    """Whether the lists of the bases have all that the flat list counts: its other pages would say it again."""
    known = {one.id for one in first.members} | {one.id for products in in_base.values() for one in products}
    return bool(in_base) and not first.rejected and first.total is not None and first.total == len(known)


def _base(base: api.ProductBase) -> Base:
    venue = base.venue
    parts = (venue.name, venue.city) if venue else ()
    return Base(
        id=base.id,
        name=base.name,
        description=base.description or base.short_description,
        terms=base.terms_of_use,
        venue=", ".join(part for part in parts if part),
        zone=base.timezone or None,
        kind=base.universe,
        most_per_order=base.max_amount_per_order,
        beneficiaries=bool(base.beneficiary_info_may_be_required),
        undated=base.recurring is False,
        instant=base.instant_document_delivery,
    )


def _products(flat: tuple[api.Product, ...], in_base: dict[str, list[api.Product]]) -> tuple[Product, ...]:
    """Every product once, in the API's order; what only a base lists comes after."""
    base_of = {product.id: base for base, products in in_base.items() for product in products}
    listed = {product.id: product for product in flat}
    for products in in_base.values():
        for product in products:
            listed.setdefault(product.id, product)
    return tuple(_product(product, base_of.get(product.id)) for product in listed.values())


def _product(product: api.Product, base: str | None) -> Product:
    from korus_tui.api.models.ticketing import OptionValue  # first frame

    values = [value for value in product.option_values if isinstance(value, OptionValue)]
    values.sort(key=lambda value: "/options/price_type/" not in (value.iri or ""))  # who it is for comes first
    return Product(
        id=product.id,
        iri=str(product.iri),
        name=product.name,
        description=product.description,
        base=base or _base_told(product),
        disabled=product.disabled,
        options=tuple((value.code, value.label) for value in values if value.label),
    )
