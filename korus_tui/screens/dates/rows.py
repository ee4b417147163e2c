"""How the rows of one day are found, shown and summed up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from textual import events

from korus_tui.counter.basket.models import Pick, amount
from korus_tui.counter.catalog.families import Family, family_of
from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.counter.catalog.offer_models import Base, CatalogContent, Live, Offer, Product
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.dates.going_on import QUANTITY_KEYS
from korus_tui.screens.dates.text import most, sold_out
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.lists.row_list import Row
from korus_tui.widgets.lists.states import Failed

_MOST_IN_MONTH = 60  # products whose lowest price the month shows


class DayFilter(FilterInput):
    """Letters find; digits, + and - belong to the rows, / to the date."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Only what is not a number's."""
        mine = character is None or character not in QUANTITY_KEYS + "/"
        return mine and super().check_consume_key(key, character)

    def on_key(self, event: events.Key) -> None:
        """Numbers go on to the page."""
        if event.character and event.character in QUANTITY_KEYS:
            event.prevent_default()


def favourite_family(content: CatalogContent, favourites: Favourites) -> Family | None:
    """The favourites as one family, for the month's lowest prices; None without any."""
    found = [one for item in favourites.keys.values() if (one := family_of(content, item))]
    products = dict.fromkeys(p for family, named in found for p in ((named,) if named else family.products))
    some = tuple(product for product in products if not product.disabled)[:_MOST_IN_MONTH]
    key = "+".join(sorted(product.id for product in some))
    return Family(key, _("Favourites"), some) if some else None


def failed_look(problem: Problem) -> Failed:
    """The day could not be read: said in place of its rows, and nowhere else."""
    return Failed(problem.what, problem.explained, _("‹day.refresh› asks again"))


def day_row(base: Base | None, product: Product, offer: Offer, live: Live | None, typed: Pick | None) -> Row:
    """A product on that day, by its own name; its number as typed."""
    left = live.left if live and live.left is not None else offer.left
    places = words.places_left(left, live=offer.check_places)
    price = live.price if live and live.price else offer.price
    gone = sold_out(offer)
    return Row(
        offer.iri,
        (product.name, words.figure(price) + (" ~" if offer.live_price else ""), places),
        tone="muted" if gone else "",
        quantity=typed.quantity if typed else 0,
        maximum=0 if gone else most(offer, base, live).quantity,
    )


def basket_words(picks: Sequence[Pick], day: date) -> tuple[str, str]:
    """What was typed so far comes to, as listed; and what it is, of this day and of others."""
    parts = []
    for one in picks:
        when = "" if one.offer.day == day else f" {words.day(one.offer.day)}"
        parts.append(f"{one.quantity} × {one.product.name}{when}")
    people = sum(one.quantity for one in picks)
    total = ngettext("{count} ticket", "{count} tickets", people).format(count=people)
    return joined((total, words.money(amount(picks)))), " + ".join(parts)
