"""One running program that is led through its screens, and what it shows as text and as a picture.

Its size and theme change while it runs, its clock stands still. What differs from run to run is pinned: references,
ports, times of answers. Steps wait for what is there, never for words: each screen is kept in two languages.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from random import Random
from typing import Any

import pytest
import reading
from picture_svg import truecolour
from program import AtTill
from sandbox_process import SandboxProcess
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input
from till import EAGER, PATIENCE_OF_TESTS, Till

from korus_tui import i18n
from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.catalog.offer_models import TicketDocument
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.orders.documents import Documents
from korus_tui.sale.reference import mint
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Hold, IssuedTicket
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.too_small import TooSmallScreen
from korus_tui.screens.connect.screen import ConnectScreen
from korus_tui.terminal import too_small
from korus_tui.widgets.countdown import Tone
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Loading
from korus_tui.widgets.problem_bar import ProblemBar

NOW = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)  # half past ten in the venue, a Tuesday on which the park sells
DESIGN = (120, 40)
SIZES = ((80, 24), DESIGN)
DARK, LIGHT = "korus-dark", "korus-light"
VOUCHER = "KT85554008002783"  # the sandbox's are random
Reach = Callable[..., Awaitable[None]]  # a Studio, and at times what to look for
Camera = Callable[[Any], str]  # an SVG of the program's screen
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

    @property
    def sure(self) -> bool:
        return True

    def anchor(self, hold: Hold, asked: float) -> None:
        """A hold runs by the time that stands still."""

    def machine(self) -> datetime:
        return self.moment

    @property
    def unsure(self) -> bool:
        return False

    def may_be_over(self, hold: Hold) -> bool:
        return hold.expires_at is not None and self.moment >= hold.expires_at

    def learn(self, server: datetime, sent: float, received: float) -> None:
        """Nothing is learned: every picture is of the same second."""


@dataclass(frozen=True)
class State:
    """A screen in a state: how to come there, and what its walk starts with.

    What the program is started with counts for the first state of a walk: flags of the sandbox, its faults, profile,
    till, whether that is opened, the first screen. `quiet`: the screen is kept once nothing is being read any more;
    False where an answer is awaited. `sizes` where the two usual ones do not show it.
    """

    reach: Reach
    sandbox: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)
    till: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Mapping[str, Any]] = ()
    quiet: bool = True
    opened: bool = True
    first: Callable[[Till], Screen[None] | None] | None = None
    sizes: Sequence[tuple[int, int]] = SIZES


class Studio(AtTill):
    """A running till that stands at one place after the other, and what it shows there."""

    def __init__(self, till: Till, pilot: Pilot[int | None], clock: StillClock, language: str, links: Links) -> None:
        super().__init__(till, pilot)
        self.clock, self.language, self.links = clock, language, links
        self.sandbox, self.services = till.sandbox, till.services
        self.scrubbed: dict[str, str] = {till.sandbox.base_url.rpartition(":")[2]: "48900"}
        self.here: object = None  # the place where it stands, see `place`

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

    def at(self, name: str) -> bool:
        """Whether this screen, by its class or its name in the registry, is on top and shown."""
        screen = self.screen
        return name in (type(screen).__name__, getattr(screen, "NAME", "")) and bool(screen.is_mounted)

    def list(self, selector: str) -> RowList:
        """A list of the screen on top."""
        found: RowList = self.screen.query_one(selector, RowList)
        return found

    async def to(self, name: str, *keys: str) -> None:
        """Keys, then a screen that is there and alive."""
        await self.press(*keys)
        await self.until(lambda: self.at(name) and getattr(self.screen, "armed", True))

    async def fill(self, selector: str, value: str) -> None:
        """What a field says in the end."""
        self.screen.query_one(selector, Input).value = value
        await self.pilot.pause()

    async def fault(self, fault: Mapping[str, Any]) -> None:
        """What the next calls meet."""
        await asyncio.to_thread(self.sandbox.fault, **fault)

    async def meet(self, *faults: Mapping[str, Any]) -> None:
        """What the next calls meet, and nothing else."""
        await asyncio.to_thread(self.sandbox.no_faults)
        for fault in faults:
            await self.fault(fault)

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
        await asyncio.to_thread(self.sandbox.advance, seconds)
        self.clock.moment += timedelta(seconds=seconds)
        await self.services.holding.expire()
        if self.app.top is not None:
            self.app.top.second_passed()
        await self.pilot.pause()

    async def rest(self) -> None:
        """Wait until nothing is being read, and all is said of the rows that are highlighted."""

        def reading() -> bool:
            if any(getattr(screen, "_moving", None) is not None for screen in self.app.screen_stack):
                return True
            lists = (one for screen in self.app.screen_stack for one in screen.query(RowList))
            return any(one.is_running for one in self.app.workers) or any(
                isinstance(one.state, Loading) for one in lists
            )

        await self.until(lambda: not reading())

    async def come_to(self, state: State, keys: Sequence[str] = ()) -> None:
        """This state, by these keys away from the one before."""
        for key in keys:
            await self.until(lambda: getattr(self.screen, "armed", True))
            await self.press(key)
        await state.reach(self)

    # What it shows

    @property
    def _guarded(self) -> bool:
        """Whether a page says that the terminal is too small: it comes and goes by itself."""
        return any(isinstance(screen, TooSmallScreen) for screen in self.app.screen_stack)

    async def pose(self, size: tuple[int, int] = DESIGN, theme: str = DARK) -> None:
        """This size and this theme."""
        if self.app.size != size:
            await self.pilot.resize_terminal(*size)
            for screen in self.app.screen_stack:
                screen.refresh()  # what a screen does after its next frame, it does also beneath a dialog
            await self.until(lambda: self._guarded == too_small(*size))
            for screen in self.app.screen_stack[:-1]:  # laid out once more by the classes that it bears at this size
                screen.post_message(Resize(Size(*size), Size(*size)))
            await self.pilot.pause()
        if self.app.theme != theme:
            self.app.theme = theme
            await self.pilot.pause()

    async def words(self, state: State) -> str:
        """The screen as text in each of the state's sizes."""
        found = {}
        for size in sorted(state.sizes, reverse=True):
            await self.pose(size)
            text = await self._steady(state, lambda: reading.text(self.app))
            found[size] = "\n".join(line.rstrip() for line in text.splitlines()).rstrip()
        return "".join(f"=== {size[0]}x{size[1]} ===\n{found[size]}\n" for size in state.sizes)

    async def picture(
        self, state: State, camera: Camera = truecolour, size: tuple[int, int] = DESIGN, theme: str = DARK
    ) -> str:
        """The screen as an SVG."""
        await self.pose(size, theme)
        return await self._steady(state, lambda: camera(self.app))

    async def _steady(self, state: State, look: Callable[[], str]) -> str:
        """What is seen, once two looks at it are the same."""
        before = ""
        async with asyncio.timeout(PATIENCE_OF_TESTS):
            while True:
                if state.quiet:
                    await self.rest()
                if self.app.page is not None:
                    self.app.page.second_passed()  # or it had passed before one look, and not before another
                await self.pilot.pause()
                for screen in self.app.screen_stack:
                    screen.refresh()  # what lies under a dialog is painted with it, and not as it was kept
                now = look()
                if now == before:
                    break
                before = now
        for found, shown in self.scrubbed.items():
            now = now.replace(found, shown)
        return now


def place(reach: Reach) -> Reach:
    """A place that other states are reached from: who stands there goes no way."""

    @wraps(reach)
    async def come(one: Studio, *args: Any) -> None:
        if one.here != (here := (reach, args)):
            await reach(one, *args)
            one.here = here

    return come


@dataclass
class Links:
    """Whether documents have the address LINK, or the sandbox's own."""

    same: bool = True


def pin(monkeypatch: pytest.MonkeyPatch) -> Links:
    """What is random or takes its time is the same in every run."""
    said = TillScreen._connection

    def connection(self: TillScreen, online: bool | None, _since: float, _latency: float | None) -> tuple[str, Tone]:
        """The program's own words, of an answer that took a tenth of a second or is missed for three."""
        return said(self, online, self.services.clock.boot() - 3, 0.1)

    monkeypatch.setattr(TillScreen, "_connection", connection)
    monkeypatch.setattr("korus_tui.sale.reference.mint", partial(mint, Random(7).choice))
    for place in ("sale.reading", "counter.till.till", "counter.paper.slips"):  # a record's hash covers what is random
        monkeypatch.setattr(f"korus_tui.{place}.mark", lambda seq, _hash: f"{seq}-7a3e")

    monkeypatch.setattr(
        "korus_tui.counter.booking.seats.IssuedTicket",
        lambda ticket, voucher, *more: IssuedTicket(ticket, VOUCHER if voucher else "", *more),
    )

    link, links = Documents._linked, Links()

    async def linked(self: Documents, document: TicketDocument, language: str) -> TicketDocument:
        if not links.same:
            return await link(self, document, language)
        return replace(document, link=LINK, link_until=NOW + timedelta(minutes=14), language=language)

    monkeypatch.setattr(Documents, "_linked", linked)
    return links


@asynccontextmanager
async def studio(state: State, home: Path, language: str) -> AsyncIterator[Studio]:
    """The program as this state needs it, in its design size."""
    clock = StillClock()
    flags = {"now": NOW.isoformat(), "freeze": True} | dict(state.sandbox)
    with SandboxProcess(**flags) as sandbox, pytest.MonkeyPatch.context() as monkeypatch:
        for fault in state.faults:
            sandbox.fault(**fault)
        i18n.use(language)
        profile = {"agent": "Léa", "till": "till 3"} | dict(state.profile)
        till = Till(sandbox, home, clock=clock, **({"patience": EAGER} | dict(state.till)), **profile)
        till.settings = replace(till.settings, save_folder=Path("tickets"))  # what is saved is said with its path
        till.services = till._build()
        till.services.desk.watch(till._changed.set)
        first = state.first(till) if state.first else CatalogScreen(till.services)
        services = None if isinstance(first, ConnectScreen) else till.services
        app = KorusApp(services, first, log=home / "log", theme=DARK)
        links = pin(monkeypatch)
        async with app.run_test(size=DESIGN) as pilot:
            one = Studio(till, pilot, clock, language, links)
            if state.opened:
                await till.open_till()
            yield one
