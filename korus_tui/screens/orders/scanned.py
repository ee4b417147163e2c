"""The search for a scanned code: its order is opened where it is the only one, here or at Korus."""

from __future__ import annotations

from textual import work
from textual.worker import WorkerFailed

from korus_tui.counter.orders.query import Query
from korus_tui.counter.services import Services
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.widgets.inputs.filter_input import FilterInput


class ScannedOrder(OrdersScreen):
    """Opened by the scanner with the code of an order; everything else is the search as it always is."""

    def __init__(self, services: Services, code: str) -> None:
        super().__init__(services)
        self._code = code

    def on_mount(self) -> None:
        entry = self.query_one(FilterInput)
        entry.value = self._code
        entry.focus()
        self._look_up(self._query)

    @work(group="scanned", exclusive=True, exit_on_error=False)
    async def _look_up(self, query: Query) -> None:
        """In this till's journal first; at Korus where it is not there."""
        self._learn(await self.services.search.journaled(query))
        self._fill()
        if not self._wanted(query):
            self._asking = query
            self._fill()
            try:
                await self._ask(query).wait()
            except WorkerFailed:  # told by the search itself
                return
        found = self._wanted(query)
        if len(found) == 1 and self._query == query and self.app.screen is self:
            self.show_order(found[0].key)
