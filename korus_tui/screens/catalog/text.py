"""What the catalog says of a row, of its age and of the favourites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from korus_tui.counter.catalog.families import kinds
from korus_tui.counter.catalog.favourites import on_keys
from korus_tui.counter.catalog.models import CatalogContent
from korus_tui.counter.catalog.search import Find
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats
from korus_tui.screens.common.till_screen import joined
from korus_tui.widgets.lists.columns import Column
from korus_tui.widgets.lists.rows import Row, Rows
from korus_tui.widgets.lists.states import Empty
from korus_tui.widgets.text import clean, cut

if TYPE_CHECKING:
    from korus_tui.sale.money import Money

INSIDE = " — "  # between a name and what is inside
_LONGEST, _SHORTEST = 30, 4  # cells of a favourite's name in the line of all


def age_words(age: timedelta) -> str:
    """How old the shown catalog is."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes >= 60:
        return ngettext("{count} hour ago", "{count} hours ago", minutes // 60).format(count=minutes // 60)
    if minutes:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    return _("just now")


def columns(priced: bool) -> tuple[Column, ...]:
    """Names with what is inside; with what they cost today at least, where that is known of some."""
    name = Column("name", _("product"), None, least=40, quiet=INSIDE)
    return (name, Column("from", "", 13, "right", priority=1, muted=True)) if priced else (name,)


def row(find: Find, price: Money | None) -> Row:
    """A family with what is inside; where a product was named, what tells it from its siblings before their name.

    `price` is the least that it costs today, where that is known.
    """
    family, product = find.family, find.product
    name, inside = family.name, kinds(family)
    if product is not None:
        name, inside = (
            family.label(product),
            family.name if family.base and family.label(product) != product.name else "",
        )
        if find.others:
            more = ngettext("{count} more like it", "{count} more like it", find.others).format(count=find.others)
            inside = joined((inside, more))
    name = f"{name}{INSIDE}{inside}" if inside else name
    one = (product is not None and not find.others) or len(family.products) == 1
    cost = formats.money(price) if one or price is None else _("from {price}").format(price=formats.money(price))
    return Row(family.key, (name, cost), disabled=family.disabled, tone="muted" if family.disabled else "")


def in_groups(groups: Sequence[tuple[str | None, Sequence[Find]]], price: Callable[[Find], Money | None]) -> Rows:
    """The rows below the titles of their groups; `price` as in `row`."""
    placed: list[tuple[str, Find | str]] = []
    for kind, found in groups:
        if len(groups) > 1:
            placed.append((f"head {kind}", _("favourites") if kind is None else _kind(kind)))
        placed += [(find.family.key, find) for find in found]

    def made(place: int) -> Row:
        key, what = placed[place]
        return Row(key, (what,), head=True) if isinstance(what, str) else row(what, price(what))

    return Rows([key for key, _what in placed], made)


def _kind(kind: str) -> str:
    """A kind in our words where it is one that we know, else in the API's."""
    known = {
        "attraction": _("attractions"),
        "show": _("shows"),
        "restaurant": _("restaurants"),
        "tour": _("tours"),
        "service": _("services"),
    }
    return known.get(kind.lower(), clean(kind))


def about(find: Find, price: Money | None = None) -> tuple[str, str, str]:
    """Name, facts and the API's own words of a row; `price` is the least of today, where its row has no room for it."""
    family, base, product = find.family, find.family.base, find.product
    inside = joined(label for _code, label in product.options) if product else kinds(family)
    later = _("tickets come later") if base and base.instant is False else ""
    least = _("from {price} today").format(price=formats.money(price)) if price is not None else ""
    facts = joined((least, family.name if product and base else "", later, base.venue if base else "", inside))
    terms = f"\n\n{base.terms}" if base and base.terms else ""
    described = (product.description if product else "") or family.description
    return product.name if product else family.name, facts, described + terms or _("The API gives no description.")


def nothing(content: CatalogContent, words: str, code: str | None) -> Empty:
    """Why there is no row; `code` where the words may be an order's, scanned without a prefix or typed."""
    if code is not None:
        what = _("No product is called {code}: it may be an order.").format(code=formats.quoted(code))
        return Empty(what, _("Enter looks it up among the orders · ‹catalog.clear› empties the filter"))
    if not content.products:
        return Empty(_("This catalog has no products."), _("‹catalog.refresh› reads it again"))
    return Empty(_("Nothing here is called “{query}”.").format(query=words), _("‹catalog.clear› empties the filter"))


def incomplete(content: CatalogContent) -> Problem:
    """Products are missing, or may be."""
    words = ngettext(
        "The catalog is incomplete: {count} product could not be read.",
        "The catalog is incomplete: {count} products could not be read.",
        content.unreadable,
    ).format(count=content.unreadable)
    if not content.unreadable:
        words = _(
            "The catalog may be incomplete: the first {count} products are read, not every list of Korus's whole."
        ).format(count=formats.count(len(content.products)))
    return Problem(words, _("What is shown can be sold."), _("‹catalog.refresh› reads it again"))


def favourites_line(content: CatalogContent, keys: Mapping[str, str], width: int) -> Content | None:
    """The favourites of this catalog with their keys, all of them in `width` cells; None where there are none."""
    names = {key: clean((product or family).name) for key, family, product in on_keys(content, keys)}
    if not names:
        return None
    room = min(_LONGEST, max(_SHORTEST, width // len(names) - 6))
    parts = [
        part for key, name in names.items() for part in ((f"{key.upper()} ", "bold"), (cut(name, room) + "   ", ""))
    ]
    return Content.assemble(*parts)
