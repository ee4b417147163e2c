"""A whole sale by keys, on every screen of which somebody looks whether foreign text has stayed text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import reading
from hostile_texts import unsafe
from program import AtTill
from rich.cells import cell_len
from sandbox_process import SandboxProcess
from textual.pilot import Pilot
from till import SHOW_PRODUCT, Till
from wcwidth import wcwidth

from korus_tui.counter.catalog.families import families
from korus_tui.sale.state import Sale
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Loading


class Watched(AtTill):
    """A till, the keys, and what was seen on each screen."""

    def __init__(self, till: Till, pilot: Pilot[int | None]) -> None:
        super().__init__(till, pilot)
        self.seen: dict[str, str] = {}

    @property
    def strips(self) -> list[Any]:
        """The lines of the screen, as they are painted."""
        return list(reading.strips(self.app))

    @property
    def sale(self) -> Sale:
        sale = self.till.services.desk.sale
        assert sale is not None
        return sale

    async def look(self) -> str:
        """Nothing on this screen obeys, links, clicks, or is counted otherwise than terminals count it."""
        await self.pilot.pause()
        width = self.app.size.width
        for strip in self.strips:
            line = "".join(segment.text for segment in strip)
            assert not unsafe(line), (self.name, line, unsafe(line))
            assert cell_len(line) == width, (self.name, line)
            assert sum(max(0, wcwidth(sign)) for sign in line) == width, (self.name, line)
            for _text, style, _control in strip:
                link = style.link if style else None
                assert link is None or link.startswith(self.till.sandbox.base_url.rpartition(":")[0]), (self.name, link)
                assert style is None or "@click" not in style.meta, (self.name, line)
        self.seen[self.name] = self.text
        return self.text

    async def open(self, screen: Any, *keys: str) -> None:
        """Look at one more screen, once it has read what it shows, and leave it."""
        below = len(self.app.screen_stack)
        self.app.push_screen(screen)
        await self.until(lambda: self.app.screen is screen and screen.is_mounted)
        await self.pilot.press(*keys)
        await self.until(
            lambda: not any(worker.node is screen and not worker.is_finished for worker in self.app.workers)
        )
        await self.look()
        while len(self.app.screen_stack) > below:
            self.app.pop_screen()
        await self.pilot.pause()

    # The steps of a sale

    async def to_offers(self) -> None:
        """The tutorial's product, its dates read."""
        await self.on("catalog")
        services = self.till.services
        await self.until(lambda: services.catalogs.content and self.app.screen.query_one("#products", RowList).rows)
        await self.look()
        await self.app.action_quick()
        await self.pilot.press("2", "a")
        await self.look()
        await self.press("escape")
        await self.on("catalog")
        content = services.catalogs.content
        assert content is not None
        family = next(one for one in families(content) if any(two.id == SHOW_PRODUCT for two in one.products))
        assert self.app.screen.query_one("#products", RowList).highlight(family.key)
        await self.press("enter")
        await self.on("offers")
        await self.until(lambda: not isinstance(self.app.screen.months.state, Loading))
        await self.until(self._at_show)
        await self.until(lambda: re.search(r"\d\.\d\d", self.text))
        await self.look()

    def _at_show(self) -> bool:
        """Whether the tutorial's own product is highlighted among the offers of the day."""
        assert isinstance(self.app.screen, OffersScreen)
        rows = self.app.screen.query_one("#day-offers", RowList)
        return any(row.key == SHOW_PRODUCT for row in rows.rows) and rows.highlight(SHOW_PRODUCT)

    async def to_cart(self) -> None:
        """One place held, through the sessions."""
        await self.press("1", "enter")
        await self.on("sessions")
        await self.until(lambda: self.app.screen.ready)
        await self.look()
        await self.press("down", "enter")
        await self.on("cart")
        await self.until(lambda: not self.sale.attempt and self.sale.holds)
        await self.look()

    async def to_documents(self) -> None:
        """Paid in cash, exactly, and booked."""
        await self.until(lambda: self.app.screen.armed)
        await self.press("enter")
        await self.on("checkout")
        await self.look()
        await self.press("w", "c", "equals_sign")
        await self.until(lambda: self.app.screen.guard.ready)
        await self.look()
        await self.press("f10")
        await self.on("documents")
        await self.until(lambda: re.search(r"http://127|link refused", self.text))
        await self.look()


@asynccontextmanager
async def counter(
    sandbox: SandboxProcess, home: Path, size: tuple[int, int] = (120, 40), **profile: Any
) -> AsyncIterator[Watched]:
    """A till at its catalog."""
    till = Till(sandbox, home, **profile)
    async with Watched.of(till, size) as one:
        await one.until(lambda: till.services.resume.is_open)
        await till.open_till()
        yield one
