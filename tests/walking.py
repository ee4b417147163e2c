"""A sale by keys alone, whatever language the till speaks: each step waits for what is there, never for words."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import reading
from sandbox_process import SandboxProcess
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled
from till import Till

from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.core.clock import ServerClock
from korus_tui.sale.values import Hold
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Loading

NOW = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)
PRODUCT = "adulte + argent"
WAIT = 20.0
STILL = 6  # looks, 20 ms apart, at which a screen that is done has not changed
STEPS = ("catalog", "offers", "sessions", "cart", "checkout", "documents", "till", "orders", "order", "help")


class StillClock(ServerClock):
    """Half past ten in the venue, for as long as the test takes."""

    def now(self) -> datetime:
        return NOW

    @property
    def known(self) -> bool:
        return True

    def anchor(self, hold: Hold, asked: float) -> None:
        """A hold runs by the time that stands still."""

    def machine(self) -> datetime:
        return NOW

    @property
    def unsure(self) -> bool:
        return False

    def learn(self, server: datetime, sent: float, received: float) -> None:
        """Nothing is learned: every look is at the same second."""


class Walk:
    """Goes from screen to screen; `text` is what can be read."""

    def __init__(self, till: Till | None, pilot: Pilot[int | None]) -> None:
        self.till = till
        self.pilot = pilot
        self.app = pilot.app

    @property
    def text(self) -> str:
        """All that can be read on the screen."""
        return reading.text(self.app)

    @property
    def screen(self) -> str:
        """The name of the screen on top."""
        return str(getattr(self.app.screen, "NAME", type(self.app.screen).__name__))

    async def until(self, wanted: Callable[[], object]) -> None:
        """Wait until it is so and nothing is being read."""
        for _ in range(int(WAIT / 0.02)):
            loading = any(isinstance(one.state, Loading) for one in self.app.screen.query(RowList))
            if not loading and wanted():
                await self._asked()
                await self.pilot.pause()
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"it never came to that:\n{self.text}")

    async def _asked(self) -> None:
        """All that was asked for is answered; what a later question took the place of is nobody's any more."""
        with contextlib.suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()

    async def still(self) -> str:
        """What can be read once nothing has changed for some looks in a row: all that was on its way has come."""
        seen: list[str] = []
        for _ in range(int(WAIT / 0.02)):
            await self._asked()
            await self.pilot.pause(0.02)
            seen = [*seen[-STILL:], self.text]
            if len(seen) > STILL and len(set(seen)) == 1:
                return self.text
        raise AssertionError(f"it never stood still:\n{self.text}")

    async def go(self, step: str) -> None:
        """The next step of the sale."""
        await getattr(self, f"to_{step}")()
        await self.pilot.pause()

    async def to_catalog(self) -> None:
        await self.until(lambda: self.app.screen.query_one("#products", RowList).rows)
        await self.until(lambda: str(self.app.screen.query_one("#about-title", Static).content))  # the highlight rests

    async def to_offers(self) -> None:
        self.app.screen.query_one("#filter", Input).value = PRODUCT
        await self.pilot.pause()
        await self.pilot.press("enter")
        await self.until(lambda: self.screen == "offers" and self.app.screen.pane.offer)  # type: ignore[attr-defined]
        await self.pilot.press("2")

    async def to_sessions(self) -> None:
        await self.pilot.press("enter")
        await self.until(lambda: self.screen == "sessions" and self.app.screen.ready)  # type: ignore[attr-defined]

    async def to_cart(self) -> None:
        await self.pilot.press("down", "enter")
        await self.until(lambda: self.screen == "cart" and "15:00" in self.text)
        await self.until(lambda: self.app.screen.armed)  # type: ignore[attr-defined]

    async def to_checkout(self) -> None:
        await self.pilot.press("enter")
        await self.until(lambda: self.screen == "checkout" and self.app.screen.guard.ready)  # type: ignore[attr-defined]
        await self.pilot.press("w", "c", *"40000")
        await self.until(lambda: self.app.screen.query_one("#given Input", Input).value)
        await self.until(lambda: self.app.screen.guard.ready)  # type: ignore[attr-defined]

    async def to_documents(self) -> None:
        await self.pilot.press("f10")
        await self.until(lambda: self.screen == "documents" and "127.0.0.1" in self.text)

    async def to_till(self) -> None:
        await self.pilot.press("ctrl+e")
        await self.until(lambda: self.screen == "till" and self.app.screen._reading)  # type: ignore[attr-defined]
        await self.pilot.press("x")
        await self.until(lambda: "160" in self.text)

    async def to_orders(self) -> None:
        await self.pilot.press("ctrl+f")
        await self.until(lambda: self.screen == "orders" and self.app.screen.query_one("#found", RowList).rows)

    async def to_order(self) -> None:
        await self.pilot.press("enter")
        await self.until(lambda: self.screen == "order" and self.app.screen.query_one("#sale-orders", RowList).rows)

    async def to_help(self) -> None:
        await self.pilot.press("question_mark")
        await self.until(lambda: self.screen == "HelpScreen")


@asynccontextmanager
async def walking(sandbox: SandboxProcess, home: Path, size: tuple[int, int]) -> AsyncIterator[Walk]:
    """A till that is open, its catalog being read; the sandbox's clock stands at NOW."""
    till = Till(sandbox, home, agent="Léa", till="till 3", clock=StillClock())
    app = KorusApp(till.services, CatalogScreen(till.services), log=home / "log", theme="korus-dark")
    async with app.run_test(size=size) as pilot:
        await till.open_till()
        yield Walk(till, pilot)
