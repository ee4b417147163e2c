"""The program on a demo of its own, driven by keys, and what is true at its sandbox."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from program import Program
from till import EAGER

from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.core.rehearsing import Fault
from korus_tui.demo import Demo
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.screens.rehearse.screen import RehearseScreen

SUMMER = "2025-07-02T09:00:00Z"


class AtDemo(Program):
    """The program on a demo's sandbox."""

    def __init__(self, pilot: Any, demo: Demo) -> None:
        super().__init__(pilot)
        self.demo = demo
        self.services = pilot.app.services

    async def arm(self, fault: Fault) -> None:
        """By keys, as the audience sees it; a refused sign-in may meet what the page itself asks, at once."""
        rehearsals = self.services.rehearsals
        await self.press("ctrl+w")
        await self.on(RehearseScreen)
        for _ in range(list(rehearsals.choices).index(fault)):
            await self.press("down")
        await self.press("enter")
        await self.until(lambda: fault in (rehearsals.armed, rehearsals.struck))
        await self.until(lambda: "REHEARSAL" in self.text.splitlines()[0] or rehearsals.struck is fault)

    async def to_the_cart(self) -> None:
        """Three vehicles of two kinds."""
        await self.press(*"parking")
        await self.until(lambda: "Audioguide" not in self.text)
        await self.press("enter")
        await self.until(lambda: "[  ]" in self.text and ".50" in self.text)
        await self.press("2", "down", "1")
        await self.until(lambda: "3 tickets" in self.text or "= €" in self.text)
        await self.press("enter")
        await self.on(CartScreen)
        await self.until(lambda: "asking…" not in self.text)

    async def pay(self) -> None:
        """Cash, exact, by a walk-in customer."""
        await self.until(lambda: self.app.screen.armed)
        await self.press("enter")
        await self.on(CheckoutScreen)
        await self.until(lambda: self.app.screen.armed)
        await self.until(lambda: "How is it paid?" in self.text)
        await self.press("w")
        await self.until(lambda: "walk-in:" in self.text)
        await self.press("c")
        await self.until(lambda: "Given" in self.text)
        await self.press("=")
        await self.until(lambda: "F10 takes" in self.text and self.app.screen.guard.ready)
        await self.press("f10")

    async def told(self, words: str) -> None:
        """The hand-over page says it."""
        await self.on(DocumentsScreen)
        await self.until(lambda: words in self.said("#done"))

    def state(self) -> dict[str, Any]:
        """What is true at the sandbox."""
        assert self.demo._ready is not None
        with urllib.request.urlopen(f"{self.demo._ready['control_url']}/state") as answer:
            return dict(json.load(answer))


@asynccontextmanager
async def at_demo(size: tuple[int, int] = (120, 40), now: str = SUMMER, slowly: float = 0.2) -> AsyncIterator[AtDemo]:
    with Demo.start([f"--now={now}"], slowly) as demo:
        services = demo.services()
        services.patience = EAGER
        app = KorusApp(services, CatalogScreen(services), log=services.paths.log_file, theme="korus-dark")
        async with app.run_test(size=size) as pilot:
            program = AtDemo(pilot, demo)
            await program.until(lambda: services.opened and "Parking" in program.text)
            yield program
