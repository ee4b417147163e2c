"""What the checkout writes outlives the page: each write runs to its end, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from textual.app import App

from korus_tui.counter.core.problems import Doing, of
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.money_guard import MoneyGuard
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.waiting import asking

_Work = Coroutine[Any, Any, object]


class Writes:
    """The writes of one page about one sale."""

    def __init__(self, page: TillScreen, reference: str, guard: MoneyGuard) -> None:
        self._page = page
        self._reference = reference
        self._guard = guard
        self._in_order = asyncio.Lock()

    def run(
        self, work: _Work, refused: Callable[[], None] | None = None, money: bool = False, asks: bool = False
    ) -> None:
        """Run a write of the counter to its end, whatever becomes of the page; one after the other.

        While a write that moves money runs, no other one of its kind starts. `asks`: Korus may be asked before it.
        """
        if money and self._guard.busy:
            work.close()
            return
        self._guard.busy = self._guard.busy or money
        self._page.services.background.start(self._writing(self._page.app, work, refused, money, asks), "checkout")

    async def _writing(
        self, app: App[Any], work: _Work, refused: Callable[[], None] | None, money: bool, asks: bool
    ) -> None:
        page = self._page
        try:
            async with self._in_order:
                with asking(page, page.sale if asks else None):
                    await work
        except Exception as error:
            if page.is_attached:
                if refused is not None:
                    refused()
                page.show_error(error, Doing.ORDER)
                page.show_keys()
            elif money:
                self._tell_elsewhere(app, error)
        finally:
            if money:
                self._guard.busy = False

    def _tell_elsewhere(self, app: App[Any], error: Exception) -> None:
        """The agent went on meanwhile: the page that is there says of which sale nothing was recorded."""
        pages = [page for page in app.screen_stack if isinstance(page, TillScreen)] if app.is_running else []
        if pages and pages[-1].is_mounted:
            problem = of(error, Doing.ORDER)
            pages[-1].show_problem(replace(problem, what=words.about(self._reference, problem.what)), until="done")
