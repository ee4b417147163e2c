"""A till at its checkout, driven by keys, with two people of one product held."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from program import AtSale
from sandbox_process import CATALOG, SandboxProcess
from till import DAY_PRODUCT, Till

from korus_tui.sale.stage import Stage
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.documents.screen import DocumentsScreen


class AtCheckout(AtSale):
    """A till at its checkout, with two people of one product held."""

    @property
    def screen(self) -> CheckoutScreen:
        """The checkout, which must be on top."""
        assert isinstance(self.app.screen, CheckoutScreen)
        return self.app.screen

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
) -> AsyncIterator[AtCheckout]:
    till = Till(sandbox, home, **profile)
    async with AtCheckout.of(till, size, theme) as one:
        await one.hold(*products)
        await one.checkout()
        yield one


async def paid_exactly(desk: AtCheckout) -> None:
    """Walk-in customer, cash, exact, F10."""
    await desk.press("w", "c", "equals_sign")
    await desk.take()


async def at_documents(desk: AtCheckout) -> None:
    """The sale was booked and its documents are on top."""
    await desk.until(lambda: isinstance(desk.app.screen, DocumentsScreen))


async def lapsed(desk: AtCheckout) -> Sale:
    """Paid, and the first line's hold lapsed at the server before the order came."""
    reservation = desk.sale.holds[0].reservation.rpartition("/")[2]
    desk.till.sandbox.control("expire", reservation=reservation)
    await paid_exactly(desk)
    await desk.until(lambda: desk.screen.stage is Stage.LAPSED)
    return desk.sale
