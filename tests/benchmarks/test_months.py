"""Paging through the months of a product on a slow server: what is known shows in one frame, the rest is asked with
few requests at a time, and what is not wanted any more is taken back. No seconds are measured here, only an order of
events: what was painted before anything was answered, and what waited at the server's door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyte
import pytest
import reading
from gate import Gate
from rich.console import RenderableType
from sandbox_process import SandboxProcess
from textual._compositor import CompositorUpdate
from textual.pilot import Pilot
from textual.screen import Screen
from till import PATIENCE_OF_TESTS, Till

from korus_tui.api.timing import Deadlines
from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.catalog.families import families
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.dates.calendar import OffersCalendar
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.widgets.calendar.calendar import MonthCalendar

SUMMER = "2026-06-03T08:20:00Z"  # a Wednesday on which the park sells
TODAY = date(2026, 6, 3)
SIZE = (120, 40)
CALENDAR = 42  # columns
AT_ONCE = 4  # requests in flight, at most
SLOW, NEVER = 0.4, 30.0  # seconds


@dataclass(frozen=True)
class Frame:
    """The calendar as it stood on the terminal once a frame was painted, and how much had been answered."""

    lines: tuple[str, ...]
    answered: int

    @property
    def above(self) -> tuple[str, ...]:
        """The upper of the two months, its name first."""
        names = [y for y, line in enumerate(self.lines) if " 2026" in line]
        return self.lines[names[0] : names[1]]


class Paging:
    """The dates of one product on a till behind a gate."""

    def __init__(self, gate: Gate, sandbox: SandboxProcess, pilot: Pilot[int | None]) -> None:
        self.gate, self.sandbox, self.pilot = gate, sandbox, pilot
        self.frames: list[Frame] = []
        self._terminal = pyte.Screen(*SIZE)

    @property
    def months(self) -> OffersCalendar:
        return self.pilot.app.screen.query_one(OffersCalendar)

    @property
    def below(self) -> MonthCalendar:
        return self.months.query_one("#following", MonthCalendar)

    async def watch_frames(self) -> None:
        """Keep every frame from now on, as a terminal shows what is sent to it."""
        app, stream = self.pilot.app, pyte.Stream(self._terminal)
        display = app._display

        def displayed(screen: Screen[object], update: RenderableType | None) -> None:
            display(screen, update)
            if isinstance(update, CompositorUpdate):
                stream.feed(update.render_segments(app.console))
                lines = tuple(line[:CALENDAR] for line in self._terminal.display)
                self.frames.append(Frame(lines, self.gate.answered))

        app._display = displayed  # type: ignore[method-assign]
        app.watched = True  # type: ignore[attr-defined]  # see lighter_textual.py
        app.screen.refresh()
        await self.until(lambda: self.frames)

    def slow(self, seconds: float) -> None:
        """From now on the server takes so long for each list of offers, forever."""
        self.sandbox.no_faults()
        self.sandbox.fault("latency", route="offers", latency=seconds, count=None)

    async def until(self, wanted: Callable[[], object], seconds: float = PATIENCE_OF_TESTS) -> None:
        """Wait for a condition."""
        try:
            async with asyncio.timeout(seconds):
                while not wanted():
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(
                f"it did not come to this: {vars(self.gate)}\n{reading.text(self.pilot.app)}"
            ) from None

    async def quiet(self) -> None:
        """Both months are known, and so are those behind them: nothing is asked any more."""
        offers, family = self.pilot.app.services.offers, self.months._family  # type: ignore[attr-defined]
        near = self.below.selected
        await self.until(lambda: offers.known_month(family, near.year, near.month) is not None)
        await self.until(lambda: self.gate.waiting == 0)


@asynccontextmanager
async def paging(
    sandbox: SandboxProcess, home: Path, *, latency: float = 0.0, by_day: bool = False
) -> AsyncIterator[Paging]:
    """The dates of the day ticket, opened; with a latency the lists of offers are that slow from the start.

    `by_day`: a list of many days was once not in their order, so that each day is asked for by itself.
    """
    sandbox.no_faults()
    async with Gate(sandbox.base_url) as gate:
        till = Till(sandbox, home, server=gate.base_url)
        services = till.services
        app = KorusApp(services, CatalogScreen(services), log=till.paths.log_file, theme="korus-dark")
        async with app.run_test(size=SIZE) as pilot:
            one = Paging(gate, sandbox, pilot)
            content = await services.catalogs.read(till.profile.catalog)
            family = next(one for one in families(content) if "1 jour" in one.name and "Cin" not in one.name)
            if latency:
                one.slow(latency)
            gate.count_anew()
            services.offers._lists_by_day = not by_day
            await app.push_screen(OffersScreen(services, content, family))
            await one.until(lambda: isinstance(app.screen, OffersScreen) and app.screen.is_mounted)
            yield one
        sandbox.no_faults()
    assert not till.failures


@pytest.fixture(scope="module")
def ranges() -> Iterator[SandboxProcess]:
    """A server that is asked for spans of days."""
    with SandboxProcess(now=SUMMER) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def days() -> Iterator[SandboxProcess]:
    """A server that is asked day by day: thirty requests a month."""
    with SandboxProcess(now=SUMMER, generation="tutorial") as sandbox:
        yield sandbox


async def test_the_frame_that_names_a_known_month_shows_what_is_known_of_it(
    ranges: SandboxProcess, tmp_path: Path
) -> None:
    async with paging(ranges, tmp_path) as one:
        await one.quiet()
        one.slow(NEVER)
        price = one.below.day(date(2026, 7, 4)).price
        assert price
        await one.watch_frames()
        answered = one.gate.answered
        await one.pilot.press("pagedown")
        await one.until(lambda: "July" in one.frames[-1].above[0])
        first = next(frame for frame in one.frames if "July" in frame.above[0])
        whole = (
            price.replace(",", ".").partition(".")[0].rstrip("+")
        )  # its cents are small figures where days are narrow
        assert sum(whole in line for line in first.above) >= 4  # in every whole week
        assert first.answered == answered
        assert one.months.day == TODAY.replace(month=7)


async def test_the_rest_comes_without_moving_the_highlight(ranges: SandboxProcess, tmp_path: Path) -> None:
    async with paging(ranges, tmp_path) as one:
        await one.quiet()
        one.slow(SLOW)
        await one.pilot.press("pagedown", "pagedown", "pagedown")  # September: nothing is known of it
        assert not one.months.calendar.day(date(2026, 9, 5)).price
        await one.pilot.press("right", "right")
        assert one.months.day == date(2026, 9, 5)
        await one.quiet()
        await one.until(lambda: one.months.calendar.day(date(2026, 9, 5)).price)
        assert one.months.day == date(2026, 9, 5)


@pytest.mark.parametrize("server", ["ranges", "days"])
async def test_at_most_four_requests_are_in_flight(
    server: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    async with paging(request.getfixturevalue(server), tmp_path, latency=0.05, by_day=server == "days") as one:
        await one.quiet()
        await one.pilot.press("ctrl+r")
        if server == "days":
            await one.until(lambda: one.gate.most >= AT_ONCE)  # side by side, not one after the other
        await one.quiet()
        record_property(f"requests in flight at most, {server}", one.gate.most)
        assert one.gate.asked > AT_ONCE
        assert one.gate.most <= AT_ONCE


@pytest.mark.parametrize("key", ["pagedown", "escape"])
async def test_what_is_not_wanted_any_more_is_taken_back(days: SandboxProcess, tmp_path: Path, key: str) -> None:
    async with paging(days, tmp_path) as one:
        await one.quiet()
        await one.pilot.press("pagedown")
        await one.quiet()
        before = days.state()["calls"].get("offers", 0)
        one.pilot.app.services.offers._lists_by_day = False  # type: ignore[attr-defined]
        one.slow(NEVER)
        one.gate.count_anew()
        await one.pilot.press("ctrl+r")
        await one.until(lambda: one.gate.waiting == 1)  # the highlighted day
        await one.until(lambda: days.state()["calls"].get("offers", 0) == before + 1)
        days.no_faults()
        await one.pilot.press(key)
        await one.until(lambda: one.gate.given_up == 1, Deadlines().read / 2)  # not because it took too long
        if key == "escape":
            await one.until(lambda: isinstance(one.pilot.app.screen, CatalogScreen))
            await one.until(lambda: one.gate.waiting == 0)
            assert one.gate.asked == 1  # nor are the other days of the month asked for
        else:
            await one.quiet()
            assert one.months.day.month == 8
            await one.until(lambda: one.months.calendar.day(date(2026, 8, 4)).price)


async def test_a_month_is_one_page_where_the_list_begins_today(days: SandboxProcess, tmp_path: Path) -> None:
    async with paging(days, tmp_path) as one:
        await one.quiet()
        assert one.gate.asked == 2  # June and July of the tutorial's API, whose list knows no ranges
        await one.until(lambda: one.months.calendar.day(date(2026, 6, 28)).price)
        await one.until(lambda: one.below.day(date(2026, 7, 31)).price)
        await one.pilot.press("pagedown")
        await one.quiet()
        await one.until(lambda: one.below.day(date(2026, 8, 4)).price)
        assert one.gate.asked == 2  # two pages are a hundred days


async def test_who_sells_the_day_that_is_shown_asks_for_no_other(ranges: SandboxProcess, tmp_path: Path) -> None:
    before = ranges.state()["calls"].get("offers", 0)
    async with paging(ranges, tmp_path) as one:
        await one.until(lambda: one.months.offers(TODAY))
        await one.pilot.press("2", "enter")
        await one.until(lambda: getattr(one.pilot.app.screen, "NAME", "") in ("sessions", "cart"))
        assert ranges.state()["calls"]["offers"] == before + 1
