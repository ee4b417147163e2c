"""Every screen of a sale as a picture, at the three sizes and in both themes, with the clock standing still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from sandbox_process import SandboxProcess
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input
from till import Till

from korus_tui.app import KorusApp
from korus_tui.counter.clock import ServerClock
from korus_tui.counter.documents import Documents
from korus_tui.counter.views import TicketDocument
from korus_tui.screens.base import TillScreen
from korus_tui.screens.catalog import CatalogScreen
from korus_tui.widgets.row_list import RowList
from korus_tui.widgets.states import Loading

NOW = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)
SIZES = [(80, 24), (120, 40), (200, 60)]
THEMES = ["korus-dark", "korus-light"]
WAIT = 20.0
LINK = "https://storage.example.org/korus/tickets/0197.pdf?X-Expires=1780389300&X-Signature=5f0c9a31"


class StillClock(ServerClock):
    """Half past ten in the venue, for as long as the test takes."""

    def now(self) -> datetime:
        return NOW

    @property
    def known(self) -> bool:
        return True

    def learn(self, server: datetime, sent: float, received: float) -> None:
        """Nothing is learned: every picture is of the same second."""


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    """A sandbox whose clock stands still too, with all its places free."""
    with SandboxProcess(now=NOW.isoformat(), freeze=True) as running:
        yield running


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares an SVG with the one that was accepted."""
    return snapshot.use_extension(SVGImageExtension)


@pytest.fixture(autouse=True)
def _nothing_random(monkeypatch: pytest.MonkeyPatch) -> None:
    """References and ports differ from run to run; in a picture they do not."""
    numbers = count(1)
    monkeypatch.setattr(TillScreen, "_connection", lambda *_: ("online 0.1 s", "good"))
    monkeypatch.setattr("korus_tui.sale.reference.mint", lambda: f"KTWS-YP6C-ML{next(numbers)}C")

    async def linked(self: Documents, document: TicketDocument, language: str) -> TicketDocument:
        return replace(document, link=LINK, link_until=NOW + timedelta(minutes=14), language=language)

    monkeypatch.setattr(Documents, "_linked", linked)


class Drive:
    """The keys of a sale, each waited for."""

    def __init__(self, pilot: Pilot[int | None]) -> None:
        self.pilot = pilot

    @property
    def text(self) -> str:
        """All that can be read on the screen."""
        strips = self.pilot.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def until(self, words: str) -> None:
        """Wait until the words stand on the screen and nothing is loading."""
        for _ in range(int(WAIT / 0.02)):
            loading = any(isinstance(one.state, Loading) for one in self.pilot.app.screen.query(RowList))
            if words in self.text and not loading:
                await self.pilot.app.workers.wait_for_complete()
                await self.pilot.pause()
                if words in self.text:
                    return
            await self.pilot.pause(0.02)
        raise AssertionError(f"never seen: {words}\n{self.text}")

    async def catalog(self) -> None:
        await self.until("Puy du Fou 1 jour + Cin")
        await self.pilot.pause(0.2)  # the highlight rests, and the product is described

    async def offers(self) -> None:
        await self.catalog()
        self.pilot.app.screen.query_one("#filter", Input).value = "adulte + argent"
        await self.pilot.pause()
        await self.pilot.press("enter")
        await self.until("1 × €")
        await self.pilot.press("2", "down", "2")

    async def day(self) -> None:
        await self.catalog()
        await self.pilot.press("ctrl+d")
        await self.until("Puy du Fou 1 jour Adulte")
        await self.pilot.press(*"argent", "2", "down", "1")

    async def today(self) -> None:
        await self.catalog()
        await self.pilot.press("ctrl+g")
        await self.until("next, ")

    async def favourites(self) -> None:
        await self.catalog()
        await self.pilot.press("ctrl+y")
        await self.until("Which key sells")

    async def sessions(self) -> None:
        await self.offers()
        await self.pilot.press("enter")
        await self.until("nothing to choose")
        await self.pilot.pause(0.4)

    async def cart(self) -> None:
        await self.sessions()
        await self.pilot.press("down", "enter")
        await self.until("held 15:00")

    async def checkout(self) -> None:
        await self.cart()
        await self.pilot.pause(0.4)  # an Enter that was meant for the page before opens nothing
        await self.pilot.press("enter")
        await self.until("How is it paid?")
        await self.pilot.press("w")
        await self.until("walk-in:")
        await self.pilot.press("c", "4", "0", "0", "0", "0")
        await self.until("400.00")

    async def documents(self) -> None:
        await self.checkout()
        await self.pilot.pause(0.4)
        await self.pilot.press("f10")
        await self.until("storage.example.org")

    async def help(self) -> None:
        await self.cart()
        await self.pilot.press("question_mark")
        await self.until("Keys")


STAGES: dict[str, Callable[[Drive], Awaitable[None]]] = {
    name: getattr(Drive, name)
    for name in ("catalog", "favourites", "today", "day", "offers", "sessions", "cart", "checkout", "documents", "help")
}


@asynccontextmanager
async def driving(sandbox: SandboxProcess, home: Path, size: tuple[int, int], theme: str) -> AsyncIterator[Drive]:
    """A till on the still sandbox, its catalog being read."""
    till = Till(sandbox, home, agent="Léa", till="till 3", clock=StillClock())
    services = till.services
    app = KorusApp(services, CatalogScreen(services), log=home / "log", theme=theme)
    async with app.run_test(size=size) as pilot:
        await till.open_till()
        yield Drive(pilot)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("stage", STAGES)
async def test_screen(
    stage: str, size: tuple[int, int], theme: str, sandbox: SandboxProcess, tmp_path: Path, picture: SnapshotAssertion
) -> None:
    async with driving(sandbox, tmp_path, size, theme) as drive:
        await STAGES[stage](drive)
        svg = drive.pilot.app.export_screenshot(title="korus-tui", simplify=True)
    assert svg == picture
