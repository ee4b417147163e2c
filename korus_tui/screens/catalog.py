"""What is sold here: type to filter, Enter shows the dates."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.problems import Doing, of
from korus_tui.counter.views import CatalogContent, Product
from korus_tui.i18n import _, ngettext
from korus_tui.screens.base import TillScreen, joined
from korus_tui.widgets.filter_input import FilterChanged, FilterInput
from korus_tui.widgets.folding import fold, matches
from korus_tui.widgets.row_list import Column, Row, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.states import Empty, Failed, ListState, Loading, Ready, Stale
from korus_tui.widgets.text import paragraph

_REST = 0.12  # seconds


class CatalogScreen(TillScreen):
    """The products of one catalog. Shown from the disk at once; read again from the API when it is a day old."""

    NAME = "catalog"
    BINDINGS = commands.bindings("catalog")

    def body(self) -> ComposeResult:
        """Filter, list, and the highlighted product in words."""
        with Horizontal(id="finder"):
            yield FilterInput(target="products", placeholder=_("type to find a product"), id="filter")
            yield Static(id="age", classes="muted", markup=False)
        with Horizontal(id="shelf"):
            yield RowList(
                (
                    Column("name", _("product"), None, least=44),
                    Column("base", _("of"), 30, priority=1),
                ),
                id="products",
                state=Loading(_("Reading the catalog")),
            )
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="about-title", classes="title", markup=False)
                yield Static(id="about-facts", classes="muted", markup=False)
                yield Static(id="about-text", markup=False)

    def on_mount(self) -> None:
        """Show what the disk has, then ask the API where that is too old."""
        super().on_mount()
        self._folded: dict[str, str] = {}
        self._resting: Timer | None = None
        self.query_one(FilterInput).focus()
        catalogs = self.services.catalogs
        if catalogs.content or catalogs.recall(self.services.profile.catalog):
            self._show(self._known_state())
        if catalogs.stale:
            self.call_after_refresh(self._read, catalogs.content.catalog.id if catalogs.content else None)

    # Reading

    def action_refresh(self) -> None:
        """Read the catalog again."""
        content = self.services.catalogs.content
        self._read(content.catalog.id if content else self.services.profile.catalog)

    def action_switch(self) -> None:
        """The next catalog of this account."""
        content = self.services.catalogs.content
        if content is None or len(content.catalogs) < 2:
            return
        ids = [catalog.id for catalog in content.catalogs]
        following = ids[(ids.index(content.catalog.id) + 1) % len(ids)]
        self.query_one(FilterInput).value = ""
        if self.services.catalogs.recall(following):
            self._show(self._known_state())
            if not self.services.catalogs.stale:
                return
        self._read(following)

    def _read(self, catalog: str | None) -> None:
        if self.services.catalogs.content is None:
            self._list.state = Loading(_("Reading the catalog"))
        self.run_worker(self._reading(catalog), group="catalog", exclusive=True, exit_on_error=False)

    async def _reading(self, catalog: str | None) -> None:
        try:
            await self.services.catalogs.read(catalog or self.services.profile.catalog)
        except Exception as error:
            problem = of(error, Doing.READ)
            if self.services.catalogs.content is None:
                self._list.set_rows((), Failed(problem.what, problem.words or problem.next, _("Ctrl+R asks again")))
            else:
                self._show(self._known_state(failed=True))
                self.show_error(error)
            return
        self.clear_problem()
        self._show(self._known_state())

    # Showing

    @property
    def _list(self) -> RowList:
        return self.query_one("#products", RowList)

    def _known_state(self, failed: bool = False) -> ListState:
        catalogs = self.services.catalogs
        return Stale(self._age()) if catalogs.content is not None and (catalogs.stale or failed) else Ready()

    def _age(self) -> str:
        """How old the shown catalog is, in words."""
        content = self.services.catalogs.content
        if content is None:
            return ""
        minutes = max(0, int((self.services.clock.now() - content.fetched_at).total_seconds() // 60))
        if minutes >= 60:
            return ngettext("{count} hour ago", "{count} hours ago", minutes // 60).format(count=minutes // 60)
        if minutes:
            return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
        return _("just now")

    def _show(self, state: ListState) -> None:
        content = self.services.catalogs.content
        assert content is not None
        bases = {base.id: base for base in content.bases}
        self._folded = {
            product.id: fold(f"{product.name} {bases[product.base].name if product.base in bases else ''}")
            for product in content.products
        }
        self._state = state
        self.query_one("#age", Static).update(Content(_("read {age}").format(age=self._age())))
        self._fill(content)
        self._show_frame()
        if content.incomplete or content.unreadable:
            from korus_tui.counter.problems import Problem

            words = ngettext(
                "The catalog is incomplete: {count} product could not be read.",
                "The catalog is incomplete: {count} products could not be read.",
                content.unreadable,
            ).format(count=content.unreadable)
            self.show_problem(Problem(words, _("What is shown can be sold."), _("Ctrl+R reads it again")), tone="warn")

    def _fill(self, content: CatalogContent) -> None:
        query = self.query_one(FilterInput).value
        bases = {base.id: base.name for base in content.bases}
        wanted = [one for one in content.products if not query or matches(query, self._folded[one.id])]
        wanted.sort(key=lambda product: product.disabled)
        rows = [
            Row(
                product.id,
                (product.name, bases.get(product.base or "", "")),
                disabled=product.disabled,
                tone="muted" if product.disabled else "",
            )
            for product in wanted
        ]
        state = self._state
        if not content.products:
            state = Empty(_("This catalog has no products."), _("Ctrl+R reads it again"))
        elif not rows:
            state = Empty(_("Nothing here is called “{query}”.").format(query=query), _("Esc empties the filter"))
        self._list.set_rows(rows, state)

    @on(FilterChanged)
    def filter(self) -> None:
        """Other words: other rows, at once."""
        if self.services.catalogs.content is not None:
            self._fill(self.services.catalogs.content)

    @on(RowHighlighted, "#products")
    def rest(self) -> None:
        """Describe the product once the highlight rests on it: a held key paints the list alone."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST, self._describe)

    def _describe(self) -> None:
        """The highlighted product in words."""
        content, key = self.services.catalogs.content, self._list.highlighted
        product = content.product(key) if content and key else None
        title, facts, text = self.query("#about Static").results(Static)
        if content is None or product is None:
            for part in (title, facts, text):
                part.update("")
            return
        base = content.base_of(product)
        labels = " · ".join(label for _code, label in product.options)
        title.update(paragraph(product.name))
        facts.update(paragraph(joined((base.name if base else "", base.venue if base else "", labels))))
        terms = f"\n\n{base.terms}" if base and base.terms else ""
        described = product.description or (base.description if base else "")
        text.update(paragraph(described + terms or _("The API gives no description.")))

    @on(RowChosen, "#products")
    def choose(self, event: RowChosen) -> None:
        """The dates and prices of the product."""
        content = self.services.catalogs.content
        product = content.product(event.key) if content else None
        if content is not None and product is not None:
            self._open(content, product)

    def _open(self, content: CatalogContent, product: Product) -> None:
        from korus_tui.screens.offers import OffersScreen

        self.app.push_screen(OffersScreen(self.services, content, product))

    def allowed(self, action: str) -> bool:
        """The catalog key only where there are several."""
        content = self.services.catalogs.content
        return action != "switch" or (content is not None and len(content.catalogs) > 1)
