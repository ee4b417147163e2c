"""Sales that were made: those that are not confirmed in red above, then a search as you type."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import CounterError, Doing, Problem, of
from korus_tui.counter.orders.models import Found, FoundSale
from korus_tui.counter.orders.query import Query, QueryKind, read
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.orders import text as say
from korus_tui.screens.orders.board import Board
from korus_tui.screens.orders.reason import close_by_hand
from korus_tui.text.search import finds
from korus_tui.widgets.inputs.filter_input import FilterChanged, FilterInput, FilterKey
from korus_tui.widgets.lists.row_list import Column, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Failed, ListState, Loading, Ready, Stale
from korus_tui.widgets.panels import panel

_REST = 0.2  # seconds without a key after which the whole journal is searched
_STAY = 0.12  # seconds without a move after which more is said of a row
_LEAST = 2  # characters that are worth it
_MOST = 500  # rows shown


class OrdersScreen(TillScreen):
    """The red board, and the search over this till's journal and Korus's orders."""

    NAME = "orders"
    SHOWS_CART = False
    BINDINGS = commands.bindings("orders")

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._known: dict[str, FoundSale] = {}
        self._folded: dict[str, str] = {}
        self._latest: tuple[str, ...] = ()
        self._state: ListState = Loading(_("Reading the journal"))
        self._answers: dict[Query, Found] = {}
        self._asking: Query | None = None
        self._refused: tuple[Query, Failed] | None = None
        self._resting: Timer | None = None
        self._moving: Timer | None = None  # until more is said of the row that is highlighted now

    def body(self) -> ComposeResult:
        """Board, search line, list."""
        yield Board(self.services)
        yield FilterInput(
            target="found", placeholder=_("reference, name, or a day such as 7/6, yesterday"), id="filter"
        )
        rows = RowList(
            (
                Column("when", _("when"), max(13, words.widest_day() + 2)),
                Column("standing", _("state"), 18),
                Column("name", _("name"), None, least=10, most=20, foreign=True),
                Column("total", _("amount"), 10, "right"),
                Column("reference", _("our reference"), 14),
                Column("orders", _("Korus reference"), 22, priority=1, foreign=True),
                Column("what", _("what"), None, priority=3, least=24, foreign=True),
                Column("till", _("till"), 8, priority=2),
            ),
            header=True,
            id="found",
            state=self._state,
        )
        yield panel(rows, _("Sales"), early=True)
        yield panel(Static(id="this-sale", markup=False), _("This sale"), early=True)

    def on_mount(self) -> None:
        """The red board first, where there is one."""
        (self._board.rows if self._board.keys else self.query_one(FilterInput)).focus()
        self._look_at_cancellations()

    @property
    def _board(self) -> Board:
        return self.query_one(Board)

    @property
    def _list(self) -> RowList:
        return self.query_one("#found", RowList)

    @property
    def _query(self) -> Query:
        return read(self.query_one(FilterInput).value, self.services.today())

    # Reading

    def show_sale(self) -> None:
        """Something happened to a sale: board and list show it."""
        self._board.show()
        if not self._board.keys and self._board.rows.has_focus:
            self.query_one(FilterInput).focus()
        self._reading()

    @work(group="latest", exclusive=True, exit_on_error=False)
    async def _reading(self) -> None:
        try:
            latest = await self.services.search.latest()
        except Exception as error:
            problem = of(error, Doing.READ)
            self._state = Failed(problem.what, str(error), _("‹orders.ask› asks Korus"))
            self._fill()
            return
        self._latest = tuple(one.key for one in latest)
        self._learn(latest)
        if isinstance(self._state, Loading):
            self._state = Ready()
        self._fill()

    @work(group="cancellations", exit_on_error=False)
    async def _look_at_cancellations(self) -> None:
        """Orders that turned up late, and those whose cancellation was asked for; what is recorded shows by itself."""
        await self.services.late_orders.look()
        await self.services.cancelling.look()

    @work(group="journal", exclusive=True, exit_on_error=False)
    async def _search_journal(self, query: Query) -> None:
        self._learn(await self.services.search.journaled(query))
        if self._query == query:
            self._fill()

    def _learn(self, found: tuple[FoundSale, ...]) -> None:
        for one in found:
            if self._known.get(one.key) != one:
                self._known[one.key] = one
                self._folded[one.key] = say.haystack(one)

    # Asking Korus

    def action_ask(self) -> None:
        """Ask for what is typed; for nothing typed, the newest orders of all tills."""
        query = self._query
        if query.kind is QueryKind.MISTYPED:
            self._fill()
            return
        self._asking = query
        self._refused = None
        self.clear_problem()
        self._fill()
        self._ask(query)

    @work(group="korus", exclusive=True, exit_on_error=False)
    async def _ask(self, query: Query) -> None:
        try:
            answer = await self.services.search.ask(query, finds)
        except Exception as error:
            self._failed(query, error)
            return
        self._asking = None
        self._answers[query] = answer
        self._state = Ready()
        self._learn(answer.sales)
        self._fill()
        if answer.unread is not None:
            self.show_problem(say.unread(answer.unread), tone="warn", until="done")

    def _failed(self, query: Query, error: Exception) -> None:
        """Nothing answered: what this till knows stays, and says how old it is."""
        self._asking = None
        if self._query != query:
            return
        problem = of(error, Doing.READ)
        if query.kind is QueryKind.ORDER_ID and type(error).__name__ == "NotFound":
            self._answers[query] = Found(())
        elif self._wanted(query):
            self._state = Stale(_("as this till recorded it — ‹orders.ask› asks Korus"))
            self.show_problem(problem, until="done")
        else:
            self._refused = query, Failed(problem.what, problem.words or problem.next, _("Enter asks again"))
        self._fill()

    # Showing

    def _wanted(self, query: Query) -> list[FoundSale]:
        asked = self._answers.get(query)
        if query.kind is QueryKind.NOTHING:
            more = [one.key for one in asked.sales if one.key not in self._latest] if asked else []
            above = self._board.keys
            return [self._known[key] for key in (*self._latest, *more) if key not in above]
        answered = {one.key for one in asked.sales} if asked else set()
        known = self._known.values()
        found = [
            one for one in known if one.key in answered or say.fits(one, query, self._folded[one.key], self.services)
        ]
        found.sort(key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)
        return found[:_MOST]

    def _fill(self) -> None:
        query = self._query
        rows = [say.row(one, self.services) for one in self._wanted(query)]
        state = self._state
        if not rows and self._asking == query:
            state = Loading(_("Asking Korus"))
        elif not rows and self._refused and self._refused[0] == query:
            state = self._refused[1]
        elif not rows and isinstance(state, Ready | Stale):
            state = say.nothing(query, self._answers.get(query))
        self._list.set_rows(rows, state)
        self._describe()
        self.show_keys()

    @on(FilterChanged)
    def _typed(self) -> None:
        """Other words: other rows at once, older ones once typing rests."""
        if isinstance(self._state, Stale):
            self._state = Ready()
        self._fill()
        if self._resting is not None:
            self._resting.stop()
        query = self._query
        if query.kind not in (QueryKind.NOTHING, QueryKind.MISTYPED) and len(query.text) >= _LEAST:
            self._resting = self.set_timer(_REST, lambda: self._search_journal(query))

    # Keys

    @on(FilterKey)
    def _enter(self) -> None:
        """Where there is no row, Enter asks Korus."""
        if self._asking is None and self._query.kind is not QueryKind.NOTHING:
            self.action_ask()

    @on(RowHighlighted, "#found")
    def rest(self) -> None:
        """Say more of the row once the highlight rests on it."""
        if self._moving is not None:
            self._moving.stop()
        self._moving = self.set_timer(_STAY, self._describe)

    def _describe(self) -> None:
        self._moving = None
        one = self._known.get(self._list.highlighted or "")
        self.query_one("#this-sale", Static).update(say.more(one, self.services) if one else "")

    @on(RowChosen, "#found")
    def _open(self, event: RowChosen) -> None:
        self.show_order(event.key)

    def show_order(self, key: str) -> None:
        self.flow.order(key)

    def action_back(self) -> None:
        self.app.pop_screen()

    # The board

    @on(RowChosen, "#board")
    def _ask_now(self, event: RowChosen) -> None:
        """Ask at once what became of the booking."""
        sale = self._board.chosen
        if sale is None:
            return
        if event.key in self.services.recovery.asking:
            self.services.recovery.ask_now(event.key)
            self._board.say(_("Asking now."))
        else:
            self._board.say(_("There is no answer to wait for: ‹orders.bring› brings it to the counter."))

    async def action_bring(self) -> None:
        """The sale comes to the counter, at its payment."""
        sale = self._board.chosen
        if sale is None or not self._board.rows.has_focus:
            return
        try:
            await self.services.desk.recall(sale.reference)
        except Exception as error:
            self.show_error(error)
            return
        self.flow.payment_of(sale.reference)

    def action_slip(self) -> None:
        """The slip that the customer goes home with."""
        sale = self._board.chosen
        if sale is not None and self._board.rows.has_focus:
            self.flow.slip(sale.reference)

    def action_close(self) -> None:
        """End it by hand, with a reason."""
        sale = self._board.chosen or self._board.lost
        if sale is None or not self._board.rows.has_focus:
            return
        why = self.services.cancelling.why_not_closable(sale) if isinstance(sale, Sale) else ""
        if why:
            self.show_error(CounterError(Problem(why, _("The sale stays on the board."), _("Enter asks now"))))
            return

        close_by_hand(self, sale)

    def on_descendant_focus(self) -> None:
        """Other keys work on the board than in the search."""
        self.show_keys()

    def allowed(self, action: str) -> bool:
        """The board's keys only while it has the focus."""
        if action == "board":
            return bool(self._board.keys)
        on_board = self._board.rows.has_focus and self._board.chosen is not None
        if action in ("bring", "close", "ask_now", "slip"):
            return on_board or (action == "close" and self._board.rows.has_focus and self._board.lost is not None)
        return not self._board.rows.has_focus if action == "open" else True
