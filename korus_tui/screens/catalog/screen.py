"""What is sold here: type to filter, Enter shows the dates of a product with all its price types."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.catalog.families import Family, families, family_of
from korus_tui.counter.catalog.favourites import Favourites, use_of
from korus_tui.counter.catalog.models import CatalogContent
from korus_tui.counter.catalog.search import Find, Shelf, by_kind
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.counter.orders.scanner import order_code
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.catalog.filter_row import FilterRow
from korus_tui.screens.catalog.prices import PricesOfToday
from korus_tui.screens.catalog.text import (
    about,
    age_words,
    columns,
    favourites_line,
    in_groups,
    incomplete,
    nothing,
    row,
)
from korus_tui.screens.common.key_order import typed
from korus_tui.screens.common.meanwhile import favourites, may_see, sessions
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.widgets.cart_rail import RailPart
from korus_tui.widgets.inputs.filter_input import FilterChanged, FilterInput
from korus_tui.widgets.lists.row_list import RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.rows import Rows
from korus_tui.widgets.lists.states import Failed, ListState, Loading, Ready, Stale
from korus_tui.widgets.panels import panel
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import paragraph

_REST = 0.12  # seconds
_LOOK = 20.0  # seconds between two looks at how old the catalog is


class CatalogScreen(TillScreen):
    """The bases of one catalog, else its products. Shown from the disk at once; read again when a day old."""

    NAME = "catalog"
    STEP = WayStep.FIND
    BINDINGS = commands.bindings("catalog")

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.favourites = Favourites(services.paths.data, services.name)
        self._shelf: Shelf | None = None
        self._found: dict[str, Find] = {}
        self._moving: Timer | None = None  # until more is said of the row that is highlighted now
        self._words, self._quantity = "", 0  # what was typed, and the number before it
        self._sold, self._started = 0, False
        self._language = services.language
        self._roomy = False  # there is room for titles of groups
        self._use: dict[str, int] = {}  # people lately, by family
        self._prices = PricesOfToday(services)

    def body(self) -> ComposeResult:
        """Filter, favourites, list, and the highlighted row in words."""
        with FilterRow(id="finder"):
            yield FilterInput(target="products", placeholder=_("type to find a product"), id="filter")
            yield Static(id="age", classes="muted", markup=False)
        yield Static(id="favourites", classes="muted", markup=False)
        with Horizontal(id="shelf"):
            yield panel(RowList(columns(False), id="products", state=Loading(_("Reading the catalog"))), _("Products"))
            with panel(VerticalScroll(id="about", can_focus=False), _("What it is")):
                yield Static(id="about-title", classes="title", markup=False)
                yield Static(id="about-facts", classes="muted", markup=False)
                yield Static(id="about-prices", markup=False)
                yield Static(id="about-text", markup=False)

    def on_mount(self) -> None:
        """Show what the disk has, then ask the API where that is too old."""
        catalogs = self.services.catalogs
        self.set_interval(_LOOK, self.grow_older)
        self.query_one(FilterInput).focus()
        if catalogs.content or catalogs.recall(self.services.profile.catalog):
            self._show(self._known_state())
        if catalogs.stale:
            self.call_after_refresh(self._read, catalogs.content.catalog.id if catalogs.content else None)

    def show_sale(self) -> None:
        """Back from a hold, the next product is looked for from the start; back from a sale, the start screen."""
        lines = len(self.sale.lines) if self.sale else 0
        self.show_favourites()
        content = self.services.catalogs.content
        if content is not None and self._shelf is not None and self._prices.show_in(self._list, self._shelf.families):
            self._fill(content)
        if self.app.screen is self and lines != self._sold:
            self.query_one(FilterInput).value = ""
            if lines == 0:
                self._start()
                self._learn_use()
            self._sold = lines
        if self.app.screen is self and self.services.language != self._language:
            self._language = self.services.language
            if self.services.catalogs.turn():
                self._show(self._known_state())
            else:
                self.action_refresh()

    def meanwhile(self) -> tuple[RailPart, ...]:
        """The favourites, whose keys work here, and the day's next sessions."""
        parts, content = super().meanwhile(), self.services.catalogs.content
        if content is None:
            return parts
        return (
            *parts,
            *favourites(content, self.favourites.keys),
            *sessions(self.services, content.catalog.id),
        )

    def say_again(self) -> None:
        """The rows' words and the age of the catalog."""
        super().say_again()
        if self.services.catalogs.content is not None:
            self._fill(self.services.catalogs.content)

    def _start(self) -> None:
        """The start screen, where it is another one."""
        if self.services.settings.start_screen == "today":
            self.call_after_refresh(self.action_today)

    # Reading

    def action_refresh(self) -> None:
        content = self.services.catalogs.content
        self._read(content.catalog.id if content else self.services.profile.catalog)

    def action_switch(self) -> None:
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
                self._list.set_rows(
                    (), Failed(problem.what, problem.words or problem.next, _("‹catalog.refresh› asks again"))
                )
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
        old = failed or self.services.catalogs.stale
        return (
            Stale.of(self._age(), commands.keys("catalog.refresh"))
            if old and self.services.catalogs.content is not None
            else Ready()
        )

    def _age(self) -> str:
        content = self.services.catalogs.content
        return "" if content is None else age_words(self.services.clock.now() - content.fetched_at)

    def _show(self, state: ListState) -> None:
        content = self.services.catalogs.content
        assert content is not None
        self._shelf, self._state = Shelf(families(content)), state
        self.call_after_refresh(self._learn_use)
        self._prices.show_in(self._list, self._shelf.families)
        self._fill(content)
        self.show_favourites()
        self._show_frame()
        self.show_keys()
        if not self._started:
            self._started = True
            self._start()
            read = self._prices.read_in_a_demo(self.show_sale, self._shelf.families)
            self.run_worker(read, group="today", exit_on_error=False)
        if content.incomplete or content.unreadable:
            self.show_notice(lambda: self._lacking(content))

    def _lacking(self, content: CatalogContent) -> Problem | None:
        """What of the catalog could not be read, until another one is shown."""
        return incomplete(content) if content is self.services.catalogs.content else None

    @work(group="use", exclusive=True, exit_on_error=False)
    async def _learn_use(self) -> None:
        """What is sold most, for the next words that are typed: no row moves under the hands."""
        if content := self.services.catalogs.content:
            self._use = await use_of(self.services.desk, content)

    @property
    def _in_rail(self) -> bool:
        """Whether the favourites stand beside the page, as long as nothing is sold."""
        sold = self.sale is not None and self.sale.begun
        return not sold and not self.has_class("-narrow") and may_see(self.services)

    @on(FilterRow.Resized)
    def show_favourites(self) -> None:
        """The favourites of this catalog in one thin line; none, no line."""
        content, line = self.services.catalogs.content, self.query_one("#favourites", Static)
        width = self.query_one("#finder").size.width or self.app.size.width
        said = favourites_line(content, self.favourites.keys, width) if content and not self._in_rail else None
        line.display = said is not None
        line.update(said or "")

    def grow_older(self) -> None:
        """How long ago it was read is said anew while the page stands there."""
        if self.services.catalogs.content is None or self._shelf is None:
            return
        if isinstance(self._state, Stale):
            self._state = Stale.of(self._age(), commands.keys("catalog.refresh"))
            if isinstance(self._list.state, Stale):
                self._list.state = self._state
        self._say_age()

    def _say_age(self) -> None:
        today = _("prices of today") if self._prices.known and not self.has_class("-narrow") else ""
        said = joined((self.services.customer_language.unusual, today, _("read {age}").format(age=self._age())))
        asked = _("{count} of what you choose").format(count=self._quantity) if self._quantity else ""
        line = self.query_one("#age", Static)
        if str(line.content) != (asked or said):
            line.update(Content(asked or said))

    def _fill(self, content: CatalogContent) -> None:
        assert self._shelf is not None
        words = self._words = self.query_one(FilterInput).value
        self._quantity, found = self._shelf.find(words, self.favourites.keys.values(), self._use)
        self._found = {one.family.key: one for one in found}
        self._say_age()
        rows = Rows([one.family.key for one in found], lambda place: row(found[place], self._prices.of(found[place])))
        self._roomy = self.has_class("-tall")
        if self._roomy and not words.strip():
            rows = in_groups(by_kind(found, self.favourites.keys.values()), self._prices.of)
        begins = not self._list.moved
        self._list.set_rows(rows, self._state if found else nothing(content, words, self._code))
        if begins:  # rows in another order are no rows that the agent moved to: the quick line would take its product
            self._list.cursor = min(0, len(self._list.rows) - 1)
        (self.rest if found and words else self._describe)()  # a row that is gone is not described a moment longer

    def on_resize(self) -> None:
        """More lines, or fewer: with titles of groups, or without."""
        self.call_after_refresh(self._fit_titles)

    def _fit_titles(self) -> None:
        content = self.services.catalogs.content
        if content is not None and self._shelf is not None and self._roomy != self.has_class("-tall"):
            self._fill(content)

    @on(FilterChanged)
    async def filtered(self) -> None:
        """Other words. The letter and its rows are one frame: in one for each, the rows would come a frame later."""
        with self.app.batch_update():
            self.filter()
            await typed(self._list)

    def filter(self) -> None:
        """Other rows, at once, the best of them highlighted."""
        content = self.services.catalogs.content
        if content is not None and self._shelf is not None and self.query_one(FilterInput).value != self._words:
            self._fill(content)
            self._list.cursor = min(0, len(self._list.rows) - 1)

    @on(RowHighlighted, "#products")
    def rest(self) -> None:
        """Describe the row once the highlight rests on it: a held key paints the list alone."""
        if self._moving is not None:
            self._moving.stop()
        self._moving = self.set_timer(_REST, self._describe)

    def _describe(self) -> None:
        """The highlighted row in words."""
        self._moving = None
        find = self._found.get(self._list.highlighted or "")
        price = self._prices.of(find) if find and self.has_class("-narrow") else None
        title, facts, words = about(find, price) if find else ("", "", "")
        said = (title, facts, prices := self._prices.each(find) if find else "", words)
        for part, one in zip(self.query("#about Static").results(Static), said, strict=True):
            part.update(paragraph(one))
        self.query_one("#about-prices").set_class(bool(prices), "-known")

    # Going on

    @on(RowChosen, "#products")
    async def choose(self, event: RowChosen) -> None:
        """A second click on a row."""
        await self._open_row(event.key)

    async def action_choose(self) -> None:
        """The dates and prices of the highlighted row, as the words stand that were typed before Enter; an order's code
        is looked up."""
        await typed(self.query_one(FilterInput))
        self.filter()
        if not self._found and (code := self._code) is not None:
            self.query_one(FilterInput).value = ""
            await self.flow.scanned(code)
            return
        await self._open_row(self._list.highlighted or "")

    @property
    def _code(self) -> str | None:
        """What the words may be where no product is called so: an order's code."""
        return order_code(self._words, self.services.today())

    async def _open_row(self, key: str) -> None:
        """A product that was named has a number already."""
        find = self._found.get(key)
        if find is not None and not find.family.disabled:
            await self._open(find.family, find.product.id if find.product else None, self._quantity)

    async def _open(self, family: Family, product: str | None, quantity: int) -> None:
        content = self.services.catalogs.content
        if content is not None:
            await self.flow.dates(content, family, product=product, quantity=max(1, quantity))

    def _nothing_on(self, key: str) -> Problem | None:
        content, item = self.services.catalogs.content, self.favourites.keys.get(key, "")
        if content and item and family_of(content, item):
            return None
        what = _("Nothing is on {key} in this catalog.").format(key=key.upper())
        return Problem(what, "", _("‹catalog.keep› puts the highlighted product on a key"))

    async def action_favourite(self, key: str) -> None:
        """The dates of the favourite on this key; a number that was typed before is for it."""
        content, item = self.services.catalogs.content, self.favourites.keys.get(key, "")
        found = family_of(content, item) if content and item else None
        await typed(self.query_one(FilterInput))
        number = self.query_one(FilterInput).value.strip()
        quantity = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
        if found is None:
            self.show_notice(lambda: self._nothing_on(key))
            return
        self.clear_problem()
        family, product = found
        named = product or (family.products[0] if quantity else None)
        await self._open(family, named.id if named else None, quantity)

    def action_keep(self) -> None:
        """Which key sells the highlighted row?"""
        from korus_tui.screens.catalog.favourites import FavouritesScreen  # first frame

        content, find = self.services.catalogs.content, self._found.get(self._list.highlighted or "")
        if content is not None:
            item = None if find is None else find.product.id if find.product else find.family.key
            page = FavouritesScreen(self.services, content, self.favourites, item)
            self.app.push_screen(page, lambda _nothing: self._show(self._known_state()))

    async def action_by_day(self) -> None:
        """All that is sold on one day."""
        content = self.services.catalogs.content
        if content is not None:
            await self.flow.day(content, self.favourites)

    def action_today(self) -> None:
        content = self.services.catalogs.content
        if content is not None and self.app.screen is self:
            self.flow.today(content, self.favourites)

    def next_customer(self, typed: str) -> None:
        """Start anew for the next customer, who is `typed` already."""
        self.show_sale()  # which empties the filter
        entry = self.query_one(FilterInput)
        entry.value = typed
        entry.focus()

    def allowed(self, action: str) -> bool:
        """The catalog key only where there are several."""
        content = self.services.catalogs.content
        return action != "switch" or (content is not None and len(content.catalogs) > 1)
