"""Favourites: what each function key sells; one is put on a key, freed, or taken from what was sold most."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.commands.selling import FAVOURITE_KEYS
from korus_tui.counter.catalog.families import family_of
from korus_tui.counter.catalog.favourites import Favourites, Sold, most_sold
from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext, pgettext
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowList
from korus_tui.widgets.text import key_line, paragraph


class FavouritesScreen(ModalScreen[None]):
    """One row a key; an F-key or Enter puts the product on a key."""

    BINDINGS = commands.bindings("favourites")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, services: Services, content: CatalogContent, favourites: Favourites, item: str | None) -> None:
        """`item` is the id of the base or product to put on a key; None where none is highlighted."""
        super().__init__()
        self._services = services
        self._content = content
        self._favourites = favourites
        self._item = item

    def compose(self) -> ComposeResult:
        """What is to be put, the keys, what was sold most."""
        with Vertical(id="favourites-page"):
            yield Static(paragraph(self._title()), classes="title", markup=False)
            yield RowList((Column("key", "", 4), Column("name", "", None)), id="favourite-keys")
            yield Static(id="favourites-note", classes="muted", markup=False)
            keys = _(
                "F-key or ‹favourites.choose› puts it there   ‹favourites.free› frees a key   "
                "‹favourites.suggest› most sold   ‹favourites.close› back"
            )
            yield Static(key_line(keys), classes="keys")

    def on_mount(self) -> None:
        """The first free key has the highlight."""
        self._show()
        rows = self.query_one(RowList)
        rows.focus()
        rows.highlight(next((key for key in FAVOURITE_KEYS if key not in self._favourites.keys), FAVOURITE_KEYS[0]))

    def _title(self) -> str:
        name = self._sold_as(self._item) if self._item else ""
        return _("Which key sells “{product}”?").format(product=name) if name else _("Favourites")

    def _sold_as(self, item: str) -> str:
        found = family_of(self._content, item)
        if found is None:
            return _("of another catalog")
        return found[1].name if found[1] else found[0].name

    def _show(self) -> None:
        kept = self._favourites.keys
        rows = [
            Row(
                key,
                (key.upper(), self._sold_as(kept[key]) if key in kept else pgettext("of a key", "free")),
                tone="" if key in kept else "muted",
            )
            for key in FAVOURITE_KEYS
        ]
        rows_list = self.query_one(RowList)
        rows_list.set_rows(rows)
        rows_list.styles.height = len(rows)

    def say_again(self) -> None:
        self._show()

    def _say(self, note: str) -> None:
        self.query_one("#favourites-note", Static).update(Content(note))

    # Keys

    def action_put(self, key: str) -> None:
        """Put the product on this key and go back; without a product, only look."""
        if self._item is not None:
            self._favourites.put(key, self._item)
            self.dismiss()
        else:
            self.query_one(RowList).highlight(key)

    @on(RowChosen)
    def chosen(self, event: RowChosen) -> None:
        self.action_put(event.key)

    def action_choose(self) -> None:
        key = self.query_one(RowList).highlighted
        if key is not None:
            self.action_put(key)

    def action_free(self) -> None:
        """Nothing is on the highlighted key any more."""
        key = self.query_one(RowList).highlighted
        if key is not None:
            self._favourites.free(key)
            self._show()

    def action_suggest(self) -> None:
        """The most sold go on the free keys."""
        self.run_worker(self._suggest(), group="suggest", exclusive=True, exit_on_error=False)

    async def _suggest(self) -> None:
        try:
            sold = await most_sold(self._services.desk, self._content)
        except Exception as error:
            self._say(of(error, Doing.READ).what)
            return
        self._take(sold)

    def _take(self, sold: tuple[Sold, ...]) -> None:
        kept = set(self._favourites.keys.values())
        new = [one for one in sold if one.family.key not in kept and one.product not in kept]
        free = [key for key in FAVOURITE_KEYS if key not in self._favourites.keys]
        taken = list(zip(free, new, strict=False))
        for key, one in taken:
            self._favourites.put(key, one.family.key)
        if not sold:
            self._say(_("Nothing of this catalog was sold here yet."))
        else:
            self._say(
                ngettext(
                    "{count} key was filled from the last sales.",
                    "{count} keys were filled from the last sales.",
                    len(taken),
                ).format(count=len(taken))
            )
        self._show()

    def action_close(self) -> None:
        self.dismiss()
