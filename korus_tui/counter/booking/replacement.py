"""The product and the offer that a line was sold from, as the API has them now."""

from __future__ import annotations

from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.catalog.catalogs import Catalogs
from korus_tui.counter.catalog.offer_models import CatalogContent, Offer, Product
from korus_tui.counter.catalog.offers import Offers
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale.values import Line


async def product_of(catalogs: Catalogs, catalog: str, line: Line) -> tuple[CatalogContent, Product]:
    """The catalog that the line is of, and its product. Raises ApiError, and CounterError where it is sold no more."""
    content = catalogs.content
    if content is None or content.catalog.id != catalog:
        content = await catalogs.read(catalog)
    product = next((one for one in content.products if one.id == last_id(line.product)), None)
    if product is None or product.disabled:
        what = _("{name} is not sold any more.").format(name=line.name)
        raise CounterError(
            Problem(
                what, _("What was paid stays recorded on this sale."), _("‹checkout.give_back› gives the money back")
            )
        )
    return content, product


async def offer_of(offers: Offers, content: CatalogContent, product: Product, line: Line) -> Offer:
    """The line's own offer, its places as they are listed now. Raises ApiError, and CounterError where it is gone."""
    catalog = content.catalog.id
    found = await (offers.day(catalog, line.day, (product,)) if line.day else offers.soonest(catalog, product))
    offer = next((one for one in found if one.id == last_id(line.offer)), None)
    if offer is None:
        what = _("{name} is not sold on that day any more.").format(name=line.name)
        meaning = _("What was paid stays recorded on this sale.")
        raise CounterError(
            Problem(what, meaning, _("‹checkout.other_date› another date, ‹checkout.give_back› gives the money back"))
        )
    return offer
