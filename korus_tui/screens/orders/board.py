"""The red board: sales whose money was taken and whose order nobody confirmed yet, and those that cannot be read."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from korus_tui.counter.core.unreadable import advice, why
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.recall import Unreadable
from korus_tui.sale.state import Sale
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.orders import text as say
from korus_tui.widgets.lists.row_list import Column, Row, RowHighlighted, RowList
from korus_tui.widgets.text import paragraph

_MOST = 5  # lines; more are scrolled


class Board(Vertical):
    """Absent while every paid sale is confirmed."""

    DEFAULT_CSS = "Board { height: auto; }"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._said = ""

    def compose(self) -> ComposeResult:
        """How many, which, and what is known of the highlighted one."""
        yield Static(id="board-title", classes="strong", markup=False)
        yield RowList(
            (
                Column("reference", _("our reference"), 14),
                Column("amount", _("amount"), 10, "right"),
                Column("known", _("known"), 16),
                Column("what", _("what"), None, least=12, foreign=True),
            ),
            id="board",
        )
        yield Static(id="board-facts", markup=False)

    def on_mount(self) -> None:
        """Its words tell seconds."""
        self.set_interval(1.0, self._tick)

    @property
    def rows(self) -> RowList:
        """Its list, which takes the focus."""
        return self.query_one("#board", RowList)

    @property
    def sales(self) -> list[Sale]:
        """The sales on the board, oldest first."""
        return [sale for sale in self._services.desk.sales if sale.paid_not_confirmed]

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Sales whose records are not understood; they stand below the others."""
        return self._services.desk.unreadable

    @property
    def keys(self) -> set[str]:
        """The references of all that stands on the board."""
        return {sale.reference for sale in self.sales} | {one.reference for one in self.unreadable}

    @property
    def chosen(self) -> Sale | None:
        key = self.rows.highlighted
        return next((sale for sale in self.sales if sale.reference == key), None)

    @property
    def lost(self) -> Unreadable | None:
        """The highlighted sale, where it cannot be read."""
        key = self.rows.highlighted
        return next((one for one in self.unreadable if one.reference == key), None)

    def show(self) -> None:
        sales, lost = self.sales, self.unreadable
        self.display = bool(sales or lost)
        paid = ngettext("PAID – NOT CONFIRMED: {count} sale", "PAID – NOT CONFIRMED: {count} sales", len(sales))
        unread = ngettext("CANNOT BE READ: {count} sale", "CANNOT BE READ: {count} sales", len(lost))
        said = [one.format(count=len(found)) for one, found in ((paid, sales), (unread, lost)) if found]
        self._put("#board-title", joined(said))
        self.rows.styles.height = min(max(1, len(sales) + len(lost)), _MOST)
        rows = [Row(sale.reference, self._cells(sale), tone="bad") for sale in sales]
        self.rows.set_rows(rows + [Row(one.reference, self._lost_cells(one), tone="bad") for one in lost])
        self._show_facts()

    def say(self, text: str) -> None:
        """An answer to a key, until something else is highlighted."""
        self._said = text
        self._show_facts()

    def _tick(self) -> None:
        for sale in self.sales:
            self.rows.update_row(sale.reference, self._cells(sale))
        if self.display:
            self._show_facts()

    def _cells(self, sale: Sale) -> tuple[str, ...]:
        what = ", ".join(f"{state.line.quantity} × {state.line.name}" for state in sale.lines)
        return sale.reference, words.money(sale.taken), say.not_confirmed(sale, self._services)[0], what

    def _lost_cells(self, one: Unreadable) -> tuple[str, ...]:
        return one.reference, words.money(one.taken) if one.taken else "", _("unreadable"), why(one)

    @on(RowHighlighted, "#board")
    def _moved(self) -> None:
        self._said = ""
        self._show_facts()

    def _show_facts(self) -> None:
        sale = self.chosen
        if sale is None:
            self._show_lost()
            return
        known = say.not_confirmed(sale, self._services)[1]
        keys = _(
            "Do not charge again. ‹orders.ask_now› asks now · ‹orders.bring› to the counter · "
            "‹orders.slip› slip · ‹orders.close› closes by hand"
        )
        self._put("#board-facts", joined((self._said, known)) + "\n" + keys)

    def _show_lost(self) -> None:
        lost = self.lost
        if lost is not None:
            keys = _("‹orders.close› closes it by hand, with a reason")
            self._put("#board-facts", f"{why(lost)} {advice()}\n{keys}")

    def _put(self, selector: str, text: str) -> None:
        widget = self.query_one(selector, Static)
        if str(widget.content) != text:
            widget.update(paragraph(text))
