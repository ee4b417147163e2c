"""Sales that wait while another customer is served; their holds go on running."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.i18n import _
from korus_tui.sale.holds import soonest
from korus_tui.sale.state import Sale
from korus_tui.screens.cart.note import NoteScreen
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.meanwhile import in_waiting
from korus_tui.screens.common.till_screen import TillScreen, joined, seconds
from korus_tui.widgets.countdown import remaining_text
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowList, Tone
from korus_tui.widgets.lists.states import Empty, Ready
from korus_tui.widgets.panels import panel


class ParkedScreen(TillScreen):
    """One row a waiting sale, the soonest to lapse first; Enter brings it back."""

    NAME = "parked"
    SHOWS_CART = False
    BINDINGS = commands.bindings("parked")

    def body(self) -> ComposeResult:
        yield Static(Content(_("Sales that wait")), classes="title", id="parked-title")
        columns = (
            Column("reference", _("sale"), 16),
            Column("what", _("lines"), None, foreign=True),
            Column("amount", _("amount"), 12, "right"),
            Column("state", _("places"), 20),
        )
        yield panel(RowList(columns, header=True, id="parked"), _("Sales"), early=True)

    def on_mount(self) -> None:
        self.query_one("#parked", RowList).focus()

    def show_sale(self) -> None:
        rows = [self._row(sale) for sale in in_waiting(self.services)]
        nothing = Empty(_("No sale waits."), _("‹app.park› parks the sale at the counter"))
        self.query_one("#parked", RowList).set_rows(rows, Ready() if rows else nothing)

    def tick(self) -> None:
        found = self.query_one("#parked", RowList)
        for sale in self.services.desk.others:
            if sale.lines:
                row = self._row(sale)
                found.update_row(row.key, row.cells, tone=row.tone)

    def _row(self, sale: Sale) -> Row:
        text, tone = self._state(sale)
        what = ", ".join(f"{state.line.quantity} × {state.line.name}" for state in sale.lines)
        what = joined((sale.waits_as, what))
        return Row(sale.reference, (sale.reference, what, words.money(sale.to_collect), text), tone=tone)

    def _state(self, sale: Sale) -> tuple[str, Tone]:
        if sale.paid_not_confirmed:
            return _("paid, not confirmed"), "bad"
        if sale.all_ordered:
            return _("ordered"), "good"
        hold = soonest(sale)
        if hold is None:
            return _("lapsed") if any(state.lapsed for state in sale.lines) else _("not held"), "bad"
        return remaining_text(seconds(self.services.clock.left(hold)))

    @on(RowChosen, "#parked")
    async def recall(self, event: RowChosen) -> None:
        """Bring it back to the counter; the sale that is there waits in its place."""
        try:
            await self.services.desk.recall(event.key)
        except Exception as error:
            self.show_error(error)
            return
        self.app.pop_screen()
        await self.run_action("app.cart")

    def action_note(self) -> None:
        key = self.query_one("#parked", RowList).highlighted
        sale = next((one for one in self.services.desk.others if one.reference == key), None)
        if sale is not None:
            self.app.push_screen(NoteScreen(sale.reference, sale.waits_as), partial(self._noted, sale.reference))

    async def _noted(self, reference: str, note: str | None) -> None:
        if note is None:
            return
        try:
            await self.services.desk.park(reference, note)
        except Exception as error:
            self.show_error(error)

    def action_back(self) -> None:
        """Where the agent came from."""
        self.app.pop_screen()
