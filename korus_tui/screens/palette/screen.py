"""The command palette: one line that finds what can be done, what is sold and what was sold; Enter does it."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.orders.query import Query, QueryKind, read
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common.key_order import typed
from korus_tui.screens.common.sized import be_sized
from korus_tui.screens.palette.finder import PaletteEntry, PaletteFinder, Target, ToSell, ToShow
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inputs.filter_input import FilterChanged, FilterInput
from korus_tui.widgets.lists.columns import GAP
from korus_tui.widgets.lists.paint import EDGE
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Ready
from korus_tui.widgets.text import brief, clean, width_of, wrap

_REST = 0.2  # seconds without a key after which the whole journal is searched
_LEAST = 2  # characters that are worth it
_NAME = 12  # cells that a name has at least
_SAID = 12
_KEY = 8
_IN = 2  # cells that words below a name stand further in
_BESIDE = EDGE + _SAID + _KEY + 2 * GAP  # cells that a name leaves to what is said of it, and to the key


def _columns(name: int) -> tuple[Column, ...]:
    """Names whole, as far as there is room: what is said of them gives way."""
    return (
        Column("name", "", max(_NAME, name), foreign=True),
        Column("said", "", None, least=_SAID, foreign=True, priority=1),
        Column("key", "", _KEY, "right"),
    )


class PaletteScreen(ModalScreen[Target]):
    """Over any page of the till; ends with what was chosen, None for nothing."""

    NAME = "palette"
    BINDINGS = commands.bindings("palette")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, services: Services, finder: PaletteFinder) -> None:
        super().__init__()
        self._services = services
        self._finder = finder
        self._targets: dict[str, Target | None] = {}
        self._said: dict[str, str] = {}
        self._room = 0  # cells for what is said of a row beside its name
        self._whole = 0  # cells of a row
        self._words = ""
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        be_sized(self)
        with Vertical(id="palette") as frame:
            frame.border_title = _("Find")
            yield FilterInput(target="palette-found", placeholder=_("what to do, a product, a sale"), id="palette-line")
            yield RowList(_columns(0), id="palette-found")
            yield Static(id="palette-said", classes="muted", markup=False)
            yield Static(id="palette-note", classes="muted", markup=False)
            yield Static(
                Content(_("‹palette.go› do it   ‹palette.move› move   ‹palette.back› back")),
                id="palette-keys",
                markup=False,
            )

    def on_mount(self) -> None:
        """Type at once; the last sales come from the journal."""
        self.query_one(RowList).can_focus = False
        self.query_one(FilterInput).focus()
        self._fill()
        self.run_worker(self._latest(), group="latest", exclusive=True, exit_on_error=False)

    @property
    def _query(self) -> Query:
        return read(self._words, self._services.today())

    async def _latest(self) -> None:
        try:
            self._finder.learn(await self._services.search.latest())
        except Exception as error:
            self._say(of(error, Doing.READ).what)
        self._fill()

    async def _journaled(self, query: Query) -> None:
        try:
            self._finder.learn(await self._services.search.journaled(query))
        except Exception as error:
            self._say(of(error, Doing.READ).what)
        if query == self._query:
            self._fill()

    def _say(self, note: str) -> None:
        self.query_one("#palette-note", Static).update(Content(note))

    def say_again(self) -> None:
        self._fill()

    def _fill(self) -> None:
        found = self._finder.find(self._words, self._query)
        self._targets = {one.row.key: one.target for one in found}
        state = Ready() if found else Empty(_("Nothing is called “{query}”.").format(query=self._words.strip()))
        rows = self.query_one(RowList)
        room = rows.size.width - _BESIDE
        name = max(_NAME, min(room, max((width_of(one.name) for one in found), default=0)))
        self._room = _SAID + max(0, rows.scrollable_content_region.width - _BESIDE - name)
        self._said = {one.row.key: one.said for one in found}
        self._whole = rows.scrollable_content_region.width - EDGE
        rows.set_rows({row.key: row for one in found for row in self._rows_of(one)}.values(), state)
        rows.set_columns(_columns(name))
        self.query_one("#palette-said").display = any(map(self._is_cut, self._said.values()))
        self._say_whole()

    def _rows_of(self, one: PaletteEntry) -> list[Row]:
        """What a command does, up to the end of a thought; where not even one has room beside the name, below it."""
        if isinstance(one.target, ToSell | ToShow):
            return [one.row]
        beside, below = self._parts(one.said)
        row = replace(one.row, cells=(one.name, beside, one.row.cells[-1]))
        lines = enumerate(" " * _IN + line for line in below)
        return [row, *(Row(f"{row.key}/{at}", (line,), tone="muted", head=True) for at, line in lines)]

    def _parts(self, said: str) -> tuple[str, list[str]]:
        """What stands beside the name, or else in lines of its own: whole or a thought of it, never cut inside one."""
        if beside := brief(said, self._room):
            return beside, []
        room = max(_NAME, self._whole - _IN)
        thought = brief(said, room)
        return "", [thought] if thought else wrap(clean(said), room)

    @on(RowHighlighted)
    def _say_whole(self) -> None:
        """All that is said of the highlighted row, where its line has no room for it."""
        said = self._said.get(self.query_one(RowList).highlighted or "", "")
        self.query_one("#palette-said", Static).update(Content(clean(said) if self._is_cut(said) else ""))

    def _is_cut(self, said: str) -> bool:
        """Whether only its beginning is in the list."""
        beside, below = self._parts(said)
        return " ".join((beside, *below)).strip() != clean(said)

    def on_resize(self) -> None:
        """Names have more room, or less."""
        self.call_after_refresh(self._fill)

    @on(FilterChanged)
    def filter(self) -> None:
        """Other words: other rows at once, the best highlighted; older sales once typing rests."""
        words = self.query_one(FilterInput).value
        if words == self._words:
            return
        self._words = words
        self._fill()
        rows = self.query_one(RowList)
        rows.cursor = min(0, len(rows.rows) - 1)
        if self._resting is not None:
            self._resting.stop()
        query = self._query
        if query.kind not in (QueryKind.NOTHING, QueryKind.MISTYPED) and len(query.text) >= _LEAST:
            self._resting = self.set_timer(_REST, lambda: self._rest(query))

    def _rest(self, query: Query) -> None:
        self.run_worker(self._journaled(query), group="journal", exclusive=True, exit_on_error=False)

    # Keys

    async def action_go(self) -> None:
        """What is highlighted, as the words stand that were typed before Enter."""
        await typed(self.query_one(FilterInput))
        self.filter()
        self._choose(self.query_one(RowList).highlighted)

    @on(RowChosen)
    def chosen(self, event: RowChosen) -> None:
        """A second click on a row."""
        self._choose(event.key)

    def _choose(self, key: str | None) -> None:
        if key is None:
            return
        target = self._targets.get(key)
        if target is not None:
            self.dismiss(target)
        else:
            self._say(_("It cannot be done from here: the key beside it does it, where it works."))

    def action_back(self) -> None:
        """Back; nothing was done."""
        self.dismiss(None)
