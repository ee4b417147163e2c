"""Lines that are to be put elsewhere; what a line was sold from, as the API has it now."""

from __future__ import annotations

from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.catalog.catalogs import Catalogs
from korus_tui.counter.catalog.offer_models import CatalogContent, Offer, Product
from korus_tui.counter.catalog.offers import Offers
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale.state import LineState, LineStatus, Sale
from korus_tui.sale.values import Line

_GONE = (LineStatus.REFUSED, LineStatus.LAPSED)


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


def gone_together(sale: Sale | None, highlighted: str | None) -> tuple[LineState, ...]:
    """The lines to be put elsewhere: one that is not held, and every other of its day and start; none, if none is."""
    if sale is None or sale.attempt is not None or sale.paying:
        return ()
    lost = [state for state in sale.with_status(*_GONE) if state.line.starts_at is not None]
    first = next((state for state in lost if state.line.id == highlighted), lost[0] if lost else None)
    if first is None:
        return ()
    when = (first.line.day, first.line.starts_at)
    return tuple(state for state in sale.lines if (state.line.day, state.line.starts_at) == when and not state.order)
