"""What every part of the checkout stands on: its one sale, the money guard, and writes that outlive the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.widgets import Static

from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.services import Services
from korus_tui.sale.state import Sale
from korus_tui.screens.checkout.stage import MoneyGuard, Stage
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.waiting import asking
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
        self,
        work: Coroutine[Any, Any, object],
        refused: Callable[[], None] | None = None,
        money: bool = False,
        asks: bool = False,
    ) -> None:
        """Run a write of the counter to its end, whatever becomes of this screen; one after the other.

        While a write that moves money runs, no other one of its kind starts. `asks`: Korus may be asked before it.
        """
        if money and self.guard.busy:
            work.close()
            return
        self.guard.busy = self.guard.busy or money
        self.services.chores.start(self._writing(self.app, work, refused, money, asks), "checkout")

    async def _writing(
        self,
        app: App[Any],
        work: Coroutine[Any, Any, object],
        refused: Callable[[], None] | None,
        money: bool,
        asks: bool,
    ) -> None:
        try:
            async with self._in_order:
                with asking(self, self.sale if asks else None):
                    await work
        except Exception as error:
            if self.is_attached:
                if refused is not None:
                    refused()
                self.show_error(error, Doing.ORDER)
                self.show_keys()
            elif money:
                self._tell_elsewhere(app, error)
        finally:
            if money:
                self.guard.busy = False

    def _tell_elsewhere(self, app: App[Any], error: Exception) -> None:
        """The agent went on meanwhile: the page that is there says of which sale nothing was recorded."""
        pages = [page for page in app.screen_stack if isinstance(page, TillScreen)] if app.is_running else []
        if pages and pages[-1].is_mounted:
            problem = of(error, Doing.ORDER)
            pages[-1].show_problem(replace(problem, what=words.about(self.reference, problem.what)))
