"""A till at its checkout, driven by keys, with two people of one product held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import reading
from sandbox_process import CATALOG, SandboxProcess
from textual.pilot import Pilot
from till import DAY_PRODUCT, Till

from korus_tui.app import KorusApp
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.screens.cart import CartScreen
from korus_tui.screens.catalog import CatalogScreen
from korus_tui.screens.checkout import CheckoutScreen
from korus_tui.screens.documents import DocumentsScreen
from korus_tui.widgets.field import Field
from korus_tui.widgets.problem_bar import ProblemBar

PATIENCE = 20.0  # seconds that a condition may take on a busy machine


class Counter:
    """A till at its checkout, with two people of one product held."""

    def __init__(self, till: Till, pilot: Pilot[int | None]) -> None:
        self.till, self.pilot, self.reference = till, pilot, ""

    @property
    def app(self) -> Any:
        return self.pilot.app

    @property
    def screen(self) -> CheckoutScreen:
        """The checkout, which must be on top."""
        assert isinstance(self.app.screen, CheckoutScreen)
        return self.app.screen

    @property
    def sale(self) -> Sale:
        return self.till.sale(self.reference)

    @property
    def text(self) -> str:
        """All that can be read on the screen."""
        return reading.text(self.app)

    @property
    def problem(self) -> str:
        view = self.app.screen.query_one(ProblemBar).view
        return f"{view.what} {view.meaning} {view.key_hint}" if view else ""

    def error(self, field: str) -> str:
        """The sentence under a field of the screen."""
        return self.screen.query_one(f"#{field}", Field).error or ""

    async def until(self, wanted: Callable[[], object]) -> None:
        """Wait for a condition."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not wanted():
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"it did not come to this:\n{self.text}") from None

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def take(self) -> None:
        """F10, once it is alive."""
        await self.until(lambda: self.screen.guard.ready)
        await self.press("f10")

    async def hold(self, *products: str) -> None:
        """Two people of each product (a day ticket unless told), held."""
        await self.till.open_till()
        services = self.till.services
        self.reference = (await services.desk.open(CATALOG, "fr")).reference
        lines = [await self.till.line(one, quantity=2) for one in products or (DAY_PRODUCT,)]
        await services.holding.add(self.reference, lines)
        await self.until(lambda: len(self.sale.with_status(LineStatus.HELD)) == len(lines) and not self.sale.attempt)

    async def checkout(self) -> None:
        """From the cart to the checkout."""
        self.app.push_screen(CartScreen(self.till.services))
        self.app.push_screen(CheckoutScreen(self.till.services))
        await self.until(lambda: isinstance(self.app.screen, CheckoutScreen) and self.app.screen.stage)

    def due(self) -> int:
        due = self.sale.due
        assert due is not None
        return due.minor

    def orders(self) -> int:
        """How many orders the server has for this sale."""
        return len(self.till.orders(self.reference))


@asynccontextmanager
async def counter(
    sandbox: SandboxProcess,
    home: Path,
    size: tuple[int, int] = (120, 40),
    products: Sequence[str] = (),
    theme: str = "korus-dark",
    **profile: Any,
) -> AsyncIterator[Counter]:
    till = Till(sandbox, home, **profile)
    app = KorusApp(till.services, CatalogScreen(till.services), log=till.paths.log_file, theme=theme)
    async with app.run_test(size=size) as pilot:
        one = Counter(till, pilot)
        await one.hold(*products)
        await one.checkout()
        yield one


async def paid_exactly(desk: Counter) -> None:
    """Walk-in customer, cash, exact, F10."""
    await desk.press("w", "c", "equals_sign")
    await desk.take()


async def at_documents(desk: Counter) -> None:
    """The sale was booked and its documents are on top."""
    await desk.until(lambda: isinstance(desk.app.screen, DocumentsScreen))
