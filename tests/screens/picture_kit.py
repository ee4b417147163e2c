"""One running program whose screens are photographed: its size and theme change while it runs, its clock stands still.

What differs from run to run is pinned: references, ports, times of answers. Steps wait for what is there, never for
words: each picture is taken in two languages.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import reading
from sandbox_process import SandboxProcess
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input
from till import EAGER, Till

from korus_tui import i18n
from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.catalog.offer_models import TicketDocument
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.orders.documents import Documents
from korus_tui.sale.reference import mint
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Hold
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.connect.screen import ConnectScreen
from korus_tui.widgets.countdown import Tone
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Loading
from korus_tui.widgets.problem_bar import ProblemBar

NOW = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)  # half past ten in the venue, a Tuesday on which the park sells
DESIGN = (120, 40)
SIZES = ((80, 24), DESIGN, (200, 60))
THEMES = ("korus-dark", "korus-light")
PATIENCE = 30.0  # seconds that a condition may take on a busy machine
_VOUCHER = re.compile(r"\bKT[0-9A-F]{14}\b")  # random in the sandbox
LINK = "https://storage.example.org/korus/tickets/0197.pdf?X-Expires=1780389300&X-Signature=5f0c9a31"


class StillClock(ServerClock):
    """Stands still at NOW unless a test moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = NOW
        self._stopped: float | None = None

    def boot(self) -> float:
        return super().boot() if self._stopped is None else self._stopped

    def stop(self, later: float = 0.0) -> float:
        """The seconds stand still too, from now or `later` on; how many there are."""
        self._stopped = self.boot() + later
        return self._stopped

    def go_on(self) -> None:
        """The seconds pass again."""
        self._stopped = None

    def now(self) -> datetime:
        return self.moment

    @property
    def known(self) -> bool:
        return True

    def anchor(self, hold: Hold, asked: float) -> None:
        """A hold runs by the time that stands still."""

    def machine(self) -> datetime:
        return self.moment

    @property
    def unsure(self) -> bool:
        return False

    def learn(self, server: datetime, sent: float, received: float) -> None:
        """Nothing is learned: every picture is of the same second."""


@dataclass(frozen=True)
class State:
    """A screen in a state: how to come there, on which sandbox and with which profile.

    `faults` are met from the start. `quiet`: the picture is taken once nothing is being read any more; False where an
    answer is awaited. `sizes` where the three usual ones do not show it. `links`: documents have the address LINK.
    """

    reach: Callable[[Studio], Awaitable[None]]
    sandbox: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)
    till: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Mapping[str, Any]] = ()
    quiet: bool = True
    opened: bool = True
    first: Callable[[Till], Screen[None] | None] | None = None
    sizes: Sequence[tuple[int, int]] = SIZES
    links: bool = True


class Studio:
    """A running till, its keys, and its pictures."""

    def __init__(self, till: Till, pilot: Pilot[int | None], clock: StillClock, language: str, quiet: bool) -> None:
        self.till, self.pilot, self.clock, self.language, self.quiet = till, pilot, clock, language, quiet
        self.sandbox, self.services = till.sandbox, till.services
        self.scrubbed: dict[str, str] = {}
        self.camera: Callable[[Any], str] = truecolour

    @property
    def app(self) -> Any:
        return self.pilot.app

    @property
    def screen(self) -> Any:
        """The screen on top."""
        return self.app.screen

    @property
    def sale(self) -> Sale:
        """The sale at the counter."""
        found = self.services.desk.sale
        assert found is not None
        return found

    @property
    def text(self) -> str:
        """All that can be read on the screen."""
        return reading.text(self.app)

    def on(self, name: str) -> bool:
        """Whether this screen, by its class or its name in the registry, is on top and shown."""
        screen = self.screen
        return name in (type(screen).__name__, getattr(screen, "NAME", "")) and bool(screen.is_mounted)

    def list(self, selector: str) -> RowList:
        """A list of the screen on top."""
        found: RowList = self.screen.query_one(selector, RowList)
        return found

    async def until(self, wanted: Callable[[], object]) -> None:
        """Wait for a condition."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not wanted():
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"it did not come to this:\n{self.text}") from None

    async def press(self, *keys: str) -> None:
        """Keys, each handled before the next."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Each sign as its key."""
        names = {" ": "space", ":": "colon", "!": "exclamation_mark", "$": "dollar_sign", "=": "equals_sign",
                 "+": "plus", "/": "slash", ";": "semicolon", "-": "minus", "@": "at", ".": "full_stop"}  # fmt: skip
        await self.press(*(names.get(sign, sign) for sign in text))

    async def to(self, name: str, *keys: str) -> None:
        """Keys, then a screen that is there and alive."""
        await self.press(*keys)
        await self.until(lambda: self.on(name) and getattr(self.screen, "armed", True))

    async def fill(self, selector: str, value: str) -> None:
        """What a field says in the end."""
        self.screen.query_one(selector, Input).value = value
        await self.pilot.pause()

    async def fault(self, fault: Mapping[str, Any]) -> None:
        """What the next calls meet."""
        await asyncio.to_thread(self.sandbox.fault, **fault)

    async def called(self, route: str, times: int = 1) -> None:
        """Wait until the server has been asked."""
        await self.until(lambda: self.sandbox.state()["calls"].get(route, 0) >= times)

    async def complains(self, field: str = "") -> None:
        """Wait for words under a field, or for the problem bar."""
        if field:
            await self.until(lambda: self.screen.query_one(field, Field).error)
        else:
            await self.until(lambda: self.screen.query_one(ProblemBar).view)

    async def move_clock(self, seconds: float) -> None:
        """Time goes on, here and at the server, and the screen hears of it."""
        self.clock.moment += timedelta(seconds=seconds)
        await asyncio.to_thread(self.sandbox.advance, seconds)
        await self.services.holding.expire()
        if self.app.top is not None:
            self.app.top.second_passed()
        await self.pilot.pause()

    async def rest(self) -> None:
        """Wait until nothing is being read."""

        def reading() -> bool:
            lists = (one for screen in self.app.screen_stack for one in screen.query(RowList))
            return any(one.is_running for one in self.app.workers) or any(
                isinstance(one.state, Loading) for one in lists
            )

        await self.until(lambda: not reading())

    # Pictures

    async def pose(self, size: tuple[int, int], theme: str) -> None:
        """This size and this theme."""
        if self.app.size != size:
            await self.pilot.resize_terminal(*size)
            for screen in self.app.screen_stack:
                screen.refresh()  # what a screen does after its next frame, it does also beneath a dialog
            await self.pilot.pause()
        self.app.theme = theme
        await self.pilot.pause()

    async def picture(self) -> str:
        """The screen as an SVG, once two looks at it are the same."""
        before = ""
        async with asyncio.timeout(PATIENCE):
            while True:
                if self.quiet:
                    await self.rest()
                await self.pilot.pause()
                now = self._look()
                if now == before:
                    return now
                before = now

    def _look(self) -> str:
        for screen in self.app.screen_stack:
            screen.refresh()  # what lies under a dialog is painted with it, and not as it was kept
        svg = self.camera(self.app)
        for found, shown in self.scrubbed.items():
            svg = svg.replace(found, shown)
        return _VOUCHER.sub("KT85554008002783", svg)


def truecolour(app: Any) -> str:
    """The screen on top as a good terminal shows it."""
    svg: str = app.export_screenshot(title="korus-tui", simplify=True)
    return svg


def pin(monkeypatch: pytest.MonkeyPatch, links: bool = True) -> None:
    """What is random or takes its time is the same in every picture."""
    said = TillScreen._connection

    def connection(self: TillScreen, online: bool | None, _since: float, _latency: float | None) -> tuple[str, Tone]:
        """The program's own words, of an answer that took a tenth of a second or is missed for three."""
        return said(self, online, self.services.clock.boot() - 3, 0.1)

    monkeypatch.setattr(TillScreen, "_connection", connection)
    monkeypatch.setattr("korus_tui.sale.reference.mint", partial(mint, Random(7).choice))
    for place in ("sale.reading", "counter.till.till", "counter.paper.slips"):  # a record's hash covers what is random
        monkeypatch.setattr(f"korus_tui.{place}.mark", lambda seq, _hash: f"{seq}-7a3e")

    if not links:
        return

    async def linked(self: Documents, document: TicketDocument, language: str) -> TicketDocument:
        return replace(document, link=LINK, link_until=NOW + timedelta(minutes=14), language=language)

    monkeypatch.setattr(Documents, "_linked", linked)


@asynccontextmanager
async def studio(state: State, home: Path, language: str) -> AsyncIterator[Studio]:
    """The program in that state, in its design size."""
    clock = StillClock()
    flags = {"now": NOW.isoformat(), "freeze": True} | dict(state.sandbox)
    with SandboxProcess(**flags) as sandbox:
        for fault in state.faults:
            sandbox.fault(**fault)
        i18n.use(language)
        try:
            profile = {"agent": "Léa", "till": "till 3"} | dict(state.profile)
            till = Till(sandbox, home, clock=clock, **({"patience": EAGER} | dict(state.till)), **profile)
            till.settings = replace(till.settings, save_folder=Path("tickets"))  # what is saved is said with its path
            till.services = till._build()
            till.services.desk.watch(till._changed.set)
            first = state.first(till) if state.first else CatalogScreen(till.services)
            services = None if isinstance(first, ConnectScreen) else till.services
            app = KorusApp(services, first, log=home / "log", theme=THEMES[0])
            async with app.run_test(size=DESIGN) as pilot:
                one = Studio(till, pilot, clock, language, state.quiet)
                one.scrubbed[sandbox.base_url.rpartition(":")[2]] = "48900"
                if state.opened:
                    await till.open_till()
                await state.reach(one)
                yield one
        finally:
            i18n.use(i18n.SOURCE)
