"""A till on a real sandbox, opened at the dates of one product and driven by keys alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from program import AtTill
from sandbox_process import SandboxProcess
from till import Till

from korus_tui.sale.state import LineStatus, Sale
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.sessions.screen import SessionsScreen
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Loading


class AtDates(AtTill):
    """The keys and what can be read."""

    @property
    def offers(self) -> OffersScreen:
        """The dates, which must be on top."""
        assert isinstance(self.app.screen, OffersScreen), self.text
        return self.app.screen

    @property
    def sessions(self) -> SessionsScreen:
        """The sessions, which must be on top."""
        assert isinstance(self.app.screen, SessionsScreen), self.text
        return self.app.screen

    @property
    def sale(self) -> Sale | None:
        return self.till.services.desk.sale

    def rows(self, selector: str = "#day-offers") -> list[tuple[str, ...]]:
        """The cells of a list."""
        return [tuple(str(cell) for cell in row.cells) for row in self.app.screen.query_one(selector, RowList).rows]

    @property
    def here(self) -> tuple[str, ...]:
        """The cells of the highlighted offer."""
        found = self.app.screen.query_one("#day-offers", RowList)
        return tuple(str(cell) for cell in found.rows[found.cursor].cells)

    async def open(self, product: str) -> None:
        """From the catalog to the dates of the first product that these words find."""
        await self.until(lambda: isinstance(self.app.screen, CatalogScreen))
        await self.until(lambda: self.till.services.catalogs.content and self.app.screen.query_one("#products").rows)
        self.app.screen.query_one(FilterInput).value = product
        await self.pilot.pause()
        await self.press("enter")
        await self.until(lambda: isinstance(self.app.screen, OffersScreen) and self.app.screen.is_mounted)

    async def read(self) -> None:
        """Until the month that is shown has been answered, well or not."""
        await self.until(lambda: not isinstance(self.offers.months.state, Loading))

    async def at_sessions(self) -> None:
        """Until the sessions are shown and Enter is alive."""
        await self.until(lambda: isinstance(self.app.screen, SessionsScreen) and self.app.screen.ready)

    async def held(self) -> Sale:
        """The sale once its lines are held and the cart shows them."""
        await self.until(lambda: getattr(self.app.screen, "NAME", "") == "cart")
        await self.until(lambda: self.sale is not None and self.sale.with_status(LineStatus.HELD))
        assert self.sale is not None
        return self.sale


async def at_catalog(one: AtDates) -> CatalogScreen:
    """The catalog with its rows."""
    await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
    screen = one.app.screen
    assert isinstance(screen, CatalogScreen)
    return screen


@asynccontextmanager
async def counter(
    sandbox: SandboxProcess,
    home: Path,
    product: str | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = "korus-dark",
    start: Literal["catalog", "today"] = "catalog",
    **profile: Any,
) -> AsyncIterator[AtDates]:
    """A till at the dates of `product`, its month read; at the catalog for None."""
    till = Till(sandbox, home, **profile)
    till.services.settings = replace(till.services.settings, start_screen=start)
    async with AtDates.of(till, size, theme) as one:
        if product is not None:
            await one.open(product)
            await one.read()
        yield one
    assert not till.failures
