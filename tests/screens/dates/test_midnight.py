"""Which day it is, and at what time: the venue's, on every page, also when midnight passes and clocks go back."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path

import pytest
from offers_counter import AtDates, counter
from sandbox_process import SandboxProcess
from till import PassingClock

from korus_tui.sale.reading import Reading
from korus_tui.screens.cart.text import in_full
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.dates.calendar import OffersCalendar
from korus_tui.screens.dates.day import DayScreen
from korus_tui.screens.dates.today import TodayScreen

EVENING = "2026-06-03T21:50:00Z"  # ten to midnight in Paris
NIGHT = "2026-07-15T01:30:00Z"  # of the 15th in Paris, of the 14th in New York
TALKS = "Visite des coulisses"


async def pass_midnight(one: AtDates, clock: PassingClock) -> None:
    """A quarter of an hour goes by, here and there."""
    await asyncio.to_thread(one.till.sandbox.advance, 900)
    clock.passed += 900


async def test_the_board_turns_to_the_new_day_c14(tmp_path: Path) -> None:
    clock = PassingClock()
    with SandboxProcess(now=EVENING, token_seconds=100_000) as sandbox:
        async with counter(sandbox, tmp_path, clock=clock) as one:
            await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
            await one.press("ctrl+g")
            await one.until(lambda: isinstance(one.app.screen, TodayScreen) and "Nothing" in one.text)
            assert one.said("#today-title") == "Wednesday 3 June 2026"
            await pass_midnight(one, clock)
            one.app.screen._look()
            await one.until(lambda: one.said("#today-title") == "Thursday 4 June 2026")
            await one.until(lambda: one.rows("#shows"))


async def test_dates_know_that_yesterday_is_past_c14(tmp_path: Path) -> None:
    clock = PassingClock()
    with SandboxProcess(now=EVENING, token_seconds=100_000) as sandbox:
        async with counter(sandbox, tmp_path, product="Parking", clock=clock) as one:
            assert one.offers.months.day == date(2026, 6, 3)
            await one.until(lambda: one.rows())
            await pass_midnight(one, clock)
            one.app.screen.query_one(OffersCalendar).turn_day()
            await one.until(lambda: "This day is past" in one.text)
            await one.press("t")
            assert one.offers.months.day == date(2026, 6, 4)
            await one.press("escape")
            await one.open("Parking")  # from what was read before midnight
            assert one.offers.months.day == date(2026, 6, 4)
            await one.read()
            assert one.offers.months.day == date(2026, 6, 4)


async def test_a_day_that_is_past_is_not_sold_c14(tmp_path: Path) -> None:
    clock = PassingClock()
    with SandboxProcess(now=EVENING, token_seconds=100_000) as sandbox:
        async with counter(sandbox, tmp_path, clock=clock) as one:
            await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
            await one.press("ctrl+d")
            await one.until(lambda: isinstance(one.app.screen, DayScreen) and one.rows("#day-rows"))
            await one.press(*"parking", "1")
            await pass_midnight(one, clock)
            await one.press("enter")
            await one.until(lambda: "Wed 3 Jun: This day is past" in one.problem)
            one.app.screen._turn_day()
            await one.until(lambda: not one.rows("#day-rows"))
            assert one.sale is None


async def test_one_today_for_all_pages_and_papers_c15(tmp_path: Path) -> None:
    """Whatever zone the profile names: the catalog's bases say where the venue is."""
    with SandboxProcess(now=NIGHT, token_seconds=100_000) as sandbox:
        async with counter(sandbox, tmp_path, zone="America/New_York") as one:
            await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
            await one.press("ctrl+g")
            await one.until(lambda: isinstance(one.app.screen, TodayScreen) and one.rows("#shows"))
            assert one.said("#today-title") == "Wednesday 15 July 2026"
            await one.press("ctrl+d")
            await one.until(lambda: isinstance(one.app.screen, DayScreen))
            assert one.app.screen.day == date(2026, 7, 15)
            await one.press("escape", "escape")
            await one.until(lambda: isinstance(one.app.screen, CatalogScreen))
            await one.open(TALKS)
            assert one.offers.months.day == date(2026, 7, 15)
            await one.till.open_till()
            reading: Reading = await one.till.services.till.x()
            assert str(reading.zone) == "Europe/Paris"
            clock = one.till.services.local(one.till.services.clock.now())
            assert f"{clock:%d %H}" == "15 03"


TWICE = ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")
TIMES = {
    "release": ("ticket_sessions", "member.{}.occursAt"),
    "tutorial": ("tickets", "member.1.sessions.{}.occursAt"),
}


@pytest.mark.parametrize("generation", TIMES)
async def test_two_sessions_at_half_past_two_are_told_apart_c15(generation: str, tmp_path: Path) -> None:
    """In the night when the clocks go back; where no base names a zone, by the offset that the API wrote."""
    route, path = TIMES[generation]
    edits = [{"path": path.format(place), "value": start} for place, start in enumerate(TWICE)]
    with SandboxProcess(now="2026-06-03T08:00:00Z", token_seconds=100_000, generation=generation) as sandbox:
        sandbox.fault("replace", route=route, edits=edits, count=None)
        async with counter(sandbox, tmp_path, "Puy du Fou 1 jour + Cinéscénie", generation=generation) as one:
            await one.press("1", "enter")
            await one.at_sessions()
            (shown,) = one.app.screen.query("TicketPane RowList")
            assert [str(row.cells[0]) for row in shown.rows] == ["02:30 CEST", "02:30 CET"]
            await one.press("down", "enter")
            sale = await one.held()
            assert [line.line.starts_at for line in sale.lines] == [datetime.fromisoformat(TWICE[1])]
            assert "02:30 CET" in one.text
            assert "02:30 CEST" not in one.text
            await one.till.restart()
            assert "02:30 CET" in in_full(
                one.till.sale(sale.reference), one.till.sale(sale.reference).lines[0], apart=False
            )
