"""What the command palette finds for the words that are typed. Typed text is only ever compared, never run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from korus_tui import commands
from korus_tui.commands import Command
from korus_tui.counter.catalog.families import Family, families, family_of
from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.catalog.search import Shelf
from korus_tui.counter.orders.models import FoundSale
from korus_tui.counter.orders.query import Query
from korus_tui.counter.services import Services
from korus_tui.i18n import _, pgettext
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.orders import text as orders_words
from korus_tui.text.search import fold, matches, rank
from korus_tui.widgets.lists.row_list import Row

_MOST = 20  # products, and sales, that are listed
_OF_PRODUCTS = ("favourite(", "note(", "put(")  # one row for each of their keys would say nothing


@dataclass(frozen=True, slots=True)
class ToDo:
    """A command, to be done on the screen from which it was looked for."""

    command: Command


@dataclass(frozen=True, slots=True)
class ToSell:
    """A family, or one product of it, whose dates are opened."""

    family: Family
    product: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class ToShow:
    """A sale or an order, by its key."""

    key: str


Target = ToDo | ToSell | ToShow


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """A row and what it stands for; None for what cannot be done from here."""

    row: Row
    target: Target | None

    @property
    def name(self) -> str:
        """What it is called, in the first column."""
        return str(self.row.cells[0])

    @property
    def said(self) -> str:
        """What is said of it, whole."""
        return str(self.row.cells[1])


def places() -> dict[str, str]:
    """The pages of the till by their names in the registry, in words."""
    return {
        "catalog": _("catalog"),
        "offers": _("dates"),
        "day": _("one day"),
        "today": _("today"),
        "sessions": _("sessions"),
        "cart": _("cart"),
        "parked": _("sales that wait"),
        "checkout": _("payment"),
        "documents": _("documents"),
        "orders": _("orders"),
        "order": _("one order"),
        "till": _("till"),
        "lens": _("API calls"),
    }


class PaletteFinder:
    """Commands of `screen` (its name in the registry), of every screen and of other pages; products; sales."""

    def __init__(
        self, services: Services, screen: str, allowed: Callable[[Command], bool], favourites: Mapping[str, str]
    ) -> None:
        self._services = services
        self._screen = screen
        self._allowed = allowed
        self._keys = {item: key for key, item in favourites.items()}
        self._shelf: Shelf | None = None
        self._content: CatalogContent | None = None
        self._sales: dict[str, tuple[FoundSale, str]] = {}

    def learn(self, sales: Sequence[FoundSale]) -> None:
        """Sales that were read from the journal."""
        for one in sales:
            self._sales[one.key] = one, orders_words.haystack(one)

    def find(self, words: str, query: Query) -> list[PaletteEntry]:
        """Names that fit first, then products and sales, then what only says the words in its help."""
        named, told = self._commands(words)
        if not words.strip():
            return [*named, *told]
        return [*named, *self._products(words), *self._sold(words, query), *told, *self._elsewhere(words)]

    # Commands

    def _commands(self, words: str) -> list[list[PaletteEntry]]:
        """By label or key, and by the help alone; what can be done now comes first, and the very key before all."""
        named, told = [], []
        for place, command in enumerate(commands.of_screen(self._screen)):
            if not command.bound or command.action.startswith(_OF_PRODUCTS) or command.action == "app.palette":
                continue
            name, text = fold(f"{_(command.label)} {command.key}"), fold(_(command.help))
            entry = self._of(command, str(place))
            not_now = entry.target is None
            if matches(words, name):
                is_key = fold(words) == fold(command.key)
                named.append(((-1, 0) if is_key else (not_now, rank(words, name)), place, entry))
            elif matches(words, f"{name} {text}"):
                told.append(((not_now, 0), place, entry))
        return [[entry for _best, _place, entry in sorted(found, key=lambda one: one[:2])] for found in (named, told)]

    def _of(self, command: Command, key: str) -> PaletteEntry:
        """What takes money or cannot be undone is shown with its own key, and not done from here."""
        here = not command.grave and self._allowed(command)
        return PaletteEntry(
            _row(f"c{key}", _(command.label), _(command.help), command.key, here), ToDo(command) if here else None
        )

    def _elsewhere(self, words: str) -> Iterator[PaletteEntry]:
        """What other pages can do, so that it is known where."""
        names = places()
        for place, command in enumerate(commands.all_commands()):
            name = names.get(command.screen)
            hidden = not command.bound or command.action.startswith((*_OF_PRODUCTS, "app."))
            if name and command.screen != self._screen and not hidden and matches(words, fold(_(command.label))):
                text = _("{page}: {help}").format(page=name, help=_(command.help))
                yield PaletteEntry(_row(f"e{place}", _(command.label), text, command.key, False), None)

    # Products

    def _products(self, words: str) -> list[PaletteEntry]:
        content, sale = self._services.catalogs.content, self._services.desk.growing
        if content is None or self._screen == "checkout":
            return []
        if self._shelf is None or self._content is not content:
            self._content, self._shelf = content, Shelf(families(content))
        may = sale is None or sale.may_change
        quantity, found = self._shelf.find(words, self._keys)
        targets = [ToSell(one.family, one.product.id if one.product else None, quantity) for one in found[:_MOST]]
        return [*self._on_key(words, content, may), *(self._product(one, may) for one in targets)]

    def _on_key(self, words: str, content: CatalogContent, may: bool) -> list[PaletteEntry]:
        """The favourite whose key was typed, for terminals that keep their F-keys."""
        item = next((item for item, key in self._keys.items() if key == words.strip().lower()), None)
        found = family_of(content, item) if item else None
        if found is None:
            return []
        family, product = found
        return [self._product(ToSell(family, product.id if product else None, 0), may)]

    def _product(self, one: ToSell, may: bool) -> PaletteEntry:
        product = one.family.find(one.product)
        name = product.name if product else one.family.name
        item = product.id if product else one.family.key
        sold = may and not (product.disabled if product else one.family.disabled)
        family = one.family.name if product and one.family.base else ""
        if set(fold(family).split()) <= set(fold(name).split()):
            family = ""  # the product's own name says it
        said = joined((pgettext("in a list", "product"), family))
        key = self._keys.get(item) or self._keys.get(one.family.key, "")
        return PaletteEntry(_row(f"p{item}", name, said, key.upper(), sold), one if sold else None)

    # Sales

    def _sold(self, words: str, query: Query) -> list[PaletteEntry]:
        found = [one for one, folded in self._sales.values() if orders_words.fits(one, query, folded, self._services)]
        found.sort(key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)
        return [self._sale(one) for one in found[:_MOST]]

    def _sale(self, one: FoundSale) -> PaletteEntry:
        when = orders_words.when(one.at, self._services)
        standing, _tone = orders_words.standing(one.standing)
        said = joined((pgettext("in a list", "sale"), when, standing, orders_words.amount(one.total), one.what))
        name = joined((one.reference or joined(one.orders), one.name))
        return PaletteEntry(_row(f"s{one.key}", name, said, "", True), ToShow(one.key))


def _row(key: str, name: str, said: str, pressed: str, here: bool) -> Row:
    return Row(key, (name, said, pressed), disabled=not here, tone="" if here else "muted")
