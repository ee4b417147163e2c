"""One sale: its orders as Korus shows them now, what was sold and paid, what happened, and what can still be done."""

from __future__ import annotations

from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.elsewhere import NotHere
from korus_tui.counter.core.problems import CounterError, Doing, Problem, of
from korus_tui.counter.orders.models import SaleFile
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.differences import ordered_otherwise
from korus_tui.sale.state import Sale
from korus_tui.sale.values import PlacedOrder
from korus_tui.screens.common.differences import decided
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.orders.order import text as say
from korus_tui.screens.orders.order.timeline import TimelineScreen
from korus_tui.screens.orders.reason import ask_for_cancellation, confirm
from korus_tui.widgets.lists.row_list import Column, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Failed, ListState, Loading, Ready, Stale
from korus_tui.widgets.panels import TitledText, panel
from korus_tui.widgets.problem_bar import ProblemBar, ProblemView

_MOST = 7  # orders at a time; more are scrolled


class OrderScreen(TillScreen):
    """Opened on a key of the search: our reference for this till's sales, else an order's address."""

    NAME = "order"
    SHOWS_CART = False
    BINDINGS = commands.bindings("order")

    def __init__(self, services: Services, key: str) -> None:
        super().__init__(services)
        self._key = key
        self._file: SaleFile | None = None
        self._asked = False
        self._told: ProblemView | None = None  # what the last look-up met
        self._not_here: Problem | None = None  # the sale is another mode's or server's: nothing is asked of it here

    def body(self) -> ComposeResult:
        """Title, orders, then all that is known below."""
        yield Static(id="sale-title", markup=False)
        orders = RowList(
            (
                Column("order", _("Korus reference"), 22, foreign=True),
                Column("status", _("state"), 26),
                Column("total", _("amount"), 10, "right"),
                Column("tax", _("tax"), 10, "right", priority=2),
                Column("more", _("documents"), None, priority=1, least=30),
            ),
            header=True,
            id="sale-orders",
            state=Loading(_("Reading the sale")),
        )
        yield panel(orders, _("Orders"), early=True)
        with VerticalScroll(id="facts"), Horizontal(id="two"):
            with Vertical(id="sold"):
                yield from (TitledText() for _part in say.SaleParts._fields)
            yield TitledText(id="happened")

    def on_mount(self) -> None:
        """The record at once, then how Korus shows it."""
        self.query_one(RowList).focus()

    # Reading

    def show_sale(self) -> None:
        """Something was recorded, perhaps of this sale."""
        self._reading()

    @work(group="sale", exclusive=True, exit_on_error=False)
    async def _reading(self) -> None:
        known = self._file
        if known is None or known.mine:
            try:
                fresh = await self.services.search.file(self._key, self.services.language)
            except Exception as error:
                problem, table = of(error, Doing.READ), self.query_one(RowList)
                table.styles.height = _MOST + 1  # what failed is said whole, to its incident
                self._not_here = problem if isinstance(error, NotHere) else None
                then = f"{problem.next}." if self._not_here else _("‹order.refresh› asks again")
                table.set_rows((), Failed(problem.what, problem.meaning, then))
                self.show_keys()
                return
            if fresh.mine:  # opened by an order's address: from now on it is a sale of ours
                self._key = fresh.sale.reference
            # A sale of another till was just asked for; of ours, what Korus showed stays until it is asked again.
            self._file = (
                fresh if fresh.now else replace(fresh, now=known.now, asked_at=known.asked_at) if known else fresh
            )
        self._show(Ready())
        if not self._asked and self._file is not None:
            self._asked = True
            self._ask(self._file)

    def action_refresh(self) -> None:
        """Ask Korus how the orders stand; a problem that was told is answered by it."""
        self.clear_problem()
        if self._not_here is not None:
            self.show_problem(self._not_here, tone="warn")
        elif self._file is None:
            self.show_sale()
        else:
            self._asked = True
            self._ask(self._file)

    @work(group="korus", exclusive=True, exit_on_error=False)
    async def _ask(self, file: SaleFile) -> None:
        try:
            self._file = await self.services.search.now(file)
        except Exception as error:
            self._show(Stale(_("as recorded — ‹order.refresh› asks again")))
            self._not_asked(error)
            return
        if self._told is not None and self.query_one(ProblemBar).view == self._told:
            self.clear_problem()
        self._show(Ready())

    def _not_asked(self, error: Exception) -> None:
        """Say why Korus did not answer, but over no other problem: that one stays until the agent acts."""
        bar = self.query_one(ProblemBar)
        if bar.view in (None, self._told):
            self.show_error(error)
            self._told = bar.view

    # Showing

    def _show(self, state: ListState) -> None:
        file = self._file
        if file is None:
            return
        rows = say.order_rows(file)
        if not rows and isinstance(state, Ready):
            state = Empty(_("No order is known for this sale."), _("‹order.refresh› asks again"))
        table = self.query_one(RowList)
        table.styles.height = min(max(len(rows), 1) + isinstance(state, Stale), _MOST) + 1
        table.set_rows(rows, state)
        self._put("#sale-title", say.title(file, self.services))
        parts = say.sold(file, codes=not self.services.desk.gate.asks_pins)
        for part, (title, text) in zip(self.query_one("#sold").query(TitledText), parts, strict=True):
            part.show(title, text)
        self.query_one("#happened", TitledText).show(_("What happened"), say.happened(file, self.services))
        self.show_keys()

    def _put(self, selector: str, content: Content) -> None:
        self.query_one(selector, Static).update(content)

    @property
    def chosen(self) -> PlacedOrder | None:
        """The highlighted order, where it is one of the sale."""
        key = self.query_one(RowList).highlighted
        orders = self._file.sale.all_orders if self._file else ()
        return next((order for order in orders if order.order == key), None)

    @on(RowHighlighted)
    def _moved(self) -> None:
        self.show_keys()

    # Keys

    @on(RowChosen)
    def action_documents(self) -> None:
        """Its documents again; of an open sale, the page that ends it."""
        sale = self._sale_with_orders()
        if sale is None:
            return
        if any(one.reference == sale.reference for one in self.services.desk.sales):
            self.flow.documents(sale.reference)
        else:
            self.flow.reprint(sale)

    def action_holders(self) -> None:
        """The people whom its tickets wait for."""
        sale = self._sale_with_orders()
        if sale is not None:
            self.flow.holders(sale)

    def _sale_with_orders(self) -> Sale | None:
        return self._file.sale if self._file and self._file.sale.orders else None

    def action_cancel(self) -> None:
        """Record a cancellation that was asked for."""
        file, order = self._file, self.chosen
        if file is None or order is None:
            return
        why = ""
        if not file.mine:
            why = _("The sale was made at another till: its money is recorded there.")
        elif order.cancelled and order not in file.sale.taken_away:
            why = _("Korus shows this order as cancelled already.")
        if why:
            self.show_error(CounterError(Problem(why, _("Nothing was recorded."), _("‹order.back› back"))))
            return

        self.clear_problem()
        ask_for_cancellation(self, file.sale, order)

    def action_accept(self) -> None:
        """A person decides that what Korus ordered otherwise than it was paid stays so."""
        file = self._file
        if file is not None and self.allowed("accept"):
            reference = file.sale.reference
            said = decided(ordered_otherwise(file.sale), file.sale, self.services)
            question = _("Accept what Korus ordered otherwise than it was paid?")
            details = "\n".join(said.values())
            confirm(self, question, details, lambda: self.services.settling.accept(reference, said))

    def action_slip(self) -> None:
        """Its receipt, or refund slip, as it was on paper."""
        file = self._file
        if file is not None and self.allowed("slip"):
            self.flow.slip(file.sale.reference)

    def action_timeline(self) -> None:
        """Everything that was recorded of it."""
        if self._file is not None and self.allowed("timeline"):
            self.app.push_screen(TimelineScreen(self.services, self._file))

    @property
    def _may_look(self) -> bool:
        """Whether who stands here may see all events: where agents have PINs, a supervisor."""
        gate = self.services.desk.gate
        return gate.supervisor or not gate.asks_pins

    def action_back(self) -> None:
        self.app.pop_screen()

    def allowed(self, action: str) -> bool:  # noqa: PLR0911 - one key a line
        """What this sale still allows."""
        file, order = self._file, self.chosen
        if action == "refresh":
            return self._not_here is None
        if action == "timeline":
            return bool(file and file.rows) and self._may_look
        if action == "documents":
            return bool(file and file.sale.orders)
        if action == "holders":
            return bool(
                file and (any(one.waiting for one in file.now) or any(one.waiting_tickets for one in file.sale.orders))
            )
        if action == "slip":
            return bool(file and file.mine and file.sale.payments)
        if action == "accept":
            return bool(file and file.mine and ordered_otherwise(file.sale))
        if action == "cancel":
            return bool(file and file.mine and order and (not order.cancelled or order in file.sale.taken_away))
        return True
