"""A running program under a test: its keys, what can be read on it, and waiting for what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import reading
from pressing import keys
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static
from till import PATIENCE_OF_TESTS, Till

from korus_tui.app.korus_app import KorusApp
from korus_tui.sale.state import Sale
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.problem_bar import ProblemBar

T = TypeVar("T")


class Program:
    """Whatever the program shows: each kit adds what its own screens are asked."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot

    @property
    def app(self) -> Any:
        return self.pilot.app

    @property
    def text(self) -> str:
        """All that can be read on the screen."""
        return reading.text(self.app)

    @property
    def sentences(self) -> str:
        """What the page or dialog on top says, however it is broken into lines."""
        said = (one.content for one in self.app.screen.query(Static))
        return " ".join(" ".join(one.plain if isinstance(one, Content) else str(one) for one in said).split())

    @property
    def problem(self) -> str:
        """What the bar above the footer says, its key beside it; empty without a problem."""
        view = self.app.screen.query_one(ProblemBar).view
        return f"{view.what} {view.meaning} {view.key_hint}" if view else ""

    def said(self, selector: str) -> str:
        """What a text of the screen says."""
        content = self.app.screen.query_one(selector, Static).content
        return content.plain if isinstance(content, Content) else str(content)

    def error(self, field: str) -> str:
        """The sentence under a field of the screen."""
        return self.app.screen.query_one(f"#{field}", Field).error or ""

    async def until(self, wanted: Callable[[], T]) -> T:
        """Wait for a condition; what it came to. Fails with the screen after PATIENCE_OF_TESTS."""
        try:
            async with asyncio.timeout(PATIENCE_OF_TESTS):
                while not (found := wanted()):
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"it did not come to this:\n{self.text}") from None
        return found

    async def expect(self, *said: str) -> None:
        """Wait until all of this can be read."""
        await self.until(lambda: all(one in self.text for one in said))

    @property
    def name(self) -> str:
        """What the registry calls the screen on top, else its class."""
        return str(getattr(self.app.screen, "NAME", "") or type(self.app.screen).__name__)

    async def on(self, screen: type[Any] | str) -> None:
        """Wait for a screen, by its class or its name."""
        await self.until(
            lambda: (
                (self.name == screen if isinstance(screen, str) else isinstance(self.app.screen, screen))
                and self.app.screen.is_mounted
            )
        )

    async def press(self, *keys: str) -> None:
        """Keys, each handled before the next."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Each sign as its key."""
        await self.press(*keys(text))

    async def yes(self) -> None:
        """The question, answered once its dead time is over."""
        await self.on(ConfirmScreen)
        await self.until(lambda: self.app.screen.armed)
        await self.press("y")


class AtTill(Program):
    """The program with the till that it sells on."""

    def __init__(self, till: Till, pilot: Pilot[Any]) -> None:
        super().__init__(pilot)
        self.till = till

    @classmethod
    @asynccontextmanager
    async def of(
        cls, till: Till, size: tuple[int, int] = (120, 40), theme: str = "korus-dark", log: Path | None = None
    ) -> AsyncIterator[Self]:
        """The program on this till, begun at its catalog."""
        till.services.desk.watch(till._changed.set)
        app = KorusApp(till.services, CatalogScreen(till.services), log=log or till.paths.log_file, theme=theme)
        async with app.run_test(size=size) as pilot:
            yield cls(till, pilot)


class AtSale(AtTill):
    """The program with the till, and the sale that is looked at."""

    def __init__(self, till: Till, pilot: Pilot[Any]) -> None:
        super().__init__(till, pilot)
        self.reference = ""

    @property
    def sale(self) -> Sale:
        return self.till.sale(self.reference)
