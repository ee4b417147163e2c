"""What keeps people from a hold, known before it: places, a price, and the most that one order takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from korus_tui.counter.basket.models import Pick, Quote, Why
from korus_tui.counter.catalog.limits import too_many
from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.state import Sale


def against(quotes: Sequence[Quote]) -> list[Why | None]:
    """For each: that its offer has too few places for all who want it, or no price."""
    people = Counter[str]()
    for quote in quotes:
        people[quote.offer.iri] += quote.quantity
    found: list[Why | None] = []
    for quote in quotes:
        if quote.left is not None and quote.left < people[quote.offer.iri]:
            found.append(Why.TOO_FEW if quote.left > 0 else Why.SOLD_OUT)
        else:
            found.append(None if quote.price is not None else Why.NO_PRICE)
    return found


def too_few(quotes: Sequence[Quote]) -> Problem | None:
    """Fewer places than people, before any call that holds."""
    for quote, why in zip(quotes, against(quotes), strict=True):
        if why not in (Why.TOO_FEW, Why.SOLD_OUT):
            continue
        what = _("No place is left.")
        if why is Why.TOO_FEW:
            people = sum(one.quantity for one in quotes if one.offer.iri == quote.offer.iri)
            what = _("Only {left} left, {quantity} asked for.").format(left=quote.left, quantity=people)
        if len({one.offer.iri for one in quotes}) > 1:
            what = _("{what}: {said}").format(what=quote.product.name, said=what)
        return Problem(what, _("No place is held."), _("Type a smaller number, or choose another day."))
    return None


def over_most(
    content: CatalogContent, sale: Sale | None, wanted: Sequence[Pick | Quote], replacing: Collection[str] = ()
) -> Problem | None:
    """More of one base than the API takes in one order, with what the sale has already."""
    found = too_many(content, sale, [(one.product, one.quantity) for one in wanted], replacing)
    if found is None:
        return None
    what = _("At most {most} in one order of “{base}”; {count} are asked for.").format(
        most=found.most, base=found.base.name, count=found.people
    )
    return Problem(what, _("No place is held."), _("Type smaller numbers."))
