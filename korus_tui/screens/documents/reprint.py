"""The documents of a sale that has ended, or of another till's: the same page, without its next customer."""

from __future__ import annotations

from textual import work

from korus_tui import commands
from korus_tui.counter.services import Services
from korus_tui.sale.state import Sale
from korus_tui.screens.documents.screen import DocumentsScreen


class ReprintScreen(DocumentsScreen):
    """Each copy is counted on the sale and named a duplicate from the second on."""

    NAME = "reprint"
    BINDINGS = commands.bindings("reprint")

    def __init__(self, services: Services, sale: Sale) -> None:
        super().__init__(services, sale.reference)
        self._last = sale

    def show_sale(self) -> None:
        """A copy may have been counted: the sale is read again."""
        super().show_sale()
        self._read_again()

    @work(group="sale", exclusive=True, exit_on_error=False)
    async def _read_again(self) -> None:
        sale = self._last
        if sale is None or not sale.lines:
            return
        fresh = await self.services.desk.read(sale.reference)
        if fresh is not None and fresh != sale:
            self._last = fresh
            super().show_sale()

    async def action_next(self) -> None:
        """It has ended already: back to the order."""
        if self.armed:
            self.action_back()

    def action_back(self) -> None:
        self.app.pop_screen()
