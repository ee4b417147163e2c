"""What every part of the checkout stands on: its one sale, the money guard, and writes that outlive the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.widgets import Static

from korus_tui.counter.problems import Doing
from korus_tui.counter.services import Services
from korus_tui.sale.state import Sale
from korus_tui.screens.base import TillScreen
from korus_tui.screens.checkout_stage import MoneyGuard, Stage
from korus_tui.widgets.text import paragraph


class CheckoutBase(TillScreen):
    """A screen that stays with the sale that it was opened for."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        sale = services.desk.sale
        self.reference = sale.reference if sale else ""
        self.currency = (sale.currency if sale else None) or ""
        self.guard = MoneyGuard(services.clock, self)
        self.stage: Stage | None = None
        self._in_order = asyncio.Lock()

    @property
    def sale(self) -> Sale | None:
        """The sale that this payment is for, as long as it is open."""
        return next((one for one in self.services.desk.sales if one.reference == self.reference), None)

    def update_text(self, selector: str, text: str) -> None:
        widget = self.query_one(selector, Static)
        if str(widget.content) != text:
            widget.update(paragraph(text))

    def write(
        self, work: Coroutine[Any, Any, object], refused: Callable[[], None] | None = None, money: bool = False
    ) -> None:
        """Run a write of the counter to its end, whatever becomes of this screen; one after the other.

        While a write that moves money runs, no other one of its kind starts.
        """
        if money and self.guard.busy:
            work.close()
            return
        self.guard.busy = self.guard.busy or money
        self.services.chores.start(self._writing(work, refused, money), "checkout")

    async def _writing(
        self, work: Coroutine[Any, Any, object], refused: Callable[[], None] | None, money: bool
    ) -> None:
        try:
            async with self._in_order:
                await work
        except Exception as error:
            if self.is_attached:
                if refused is not None:
                    refused()
                self.show_error(error, Doing.ORDER)
                self.show_keys()
        finally:
            if money:
                self.guard.busy = False
