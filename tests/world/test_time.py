"""One wrong `Date` is not the time; a reservation's own times are worth something too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.till.day_doubt import DayInDoubt
from korus_tui.counter.till.till import stream_of
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.till_events import TillOpened
from korus_tui.sale.values import Customer
from world.kit import events_of
from world.server import World
from world.truth import START


async def one_answer(till: Till) -> None:
    """The till hears the server's time once more, and acts on it."""
    await till.services.line.ask(lambda client: client.booking.reservations().all())
    await till.services.holding.expire()


@pytest.mark.parametrize("hours", [1, -24 * 365, 24 * 40])
async def test_one_wrong_date_ends_no_hold_and_makes_none_longer(hours: int, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.HELD, await till.line(DAY_PRODUCT))
        world.date_error = timedelta(hours=hours)
        await one_answer(till)
        world.date_error = timedelta(0)
        assert not [one for one in await events_of(till, sale.reference) if isinstance(one, e.HoldExpired)]
        (hold,) = till.sale(sale.reference).running_holds
        left = till.services.clock.left(hold)
        assert left is not None
        assert timedelta(0) < left <= timedelta(minutes=15)


async def test_one_wrong_date_erases_nobody(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        await till.services.checkout.enter_customer(sale.reference, Customer("Ada", "Martin", "a@example.org"))
        await till.pay(sale.reference)
        await till.until(sale.reference, lambda one: one.all_ordered)
        await till.services.desk.record(sale.reference, e.SaleFinished())
        world.date_error = timedelta(days=400)
        await one_answer(till)
        assert await till.services.retention.run() == 0


async def test_without_any_date_it_sells_by_the_reservations_own_times(world: World, tmp_path: Path) -> None:
    world.date_error = None
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
        assert sale.all_ordered


async def test_a_hold_that_ends_ends(world: World, tmp_path: Path) -> None:
    """The API is asked where the server's time says so: twice, and nothing before."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.HELD, await till.line(DAY_PRODUCT))
        world.advance(1200)
        await one_answer(till)
        assert till.sale(sale.reference).running_holds
        await till.until(sale.reference, lambda one: not one.running_holds)


# A till opens into no business day that something contradicts, unless a person says so


class BesideTheWorld(ServerClock):
    """This machine's clock is right; only the server's `Date` may be wrong."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.off = timedelta(0)

    def machine(self) -> datetime:
        return self.world.now() + self.off


FLOAT = Money.of("100.00", "EUR")


async def openings(till: Till) -> list[date]:
    """The business days that the till was opened on, by its records."""
    journal = await till.services.desk.ledger.journal()
    rows = await journal.read_stream(stream_of(till.profile.till))
    return [row.at.date() for row in rows if isinstance(row.event, TillOpened)]


@pytest.mark.parametrize("days", [-365, 40, -1, 3])
async def test_a_till_opens_into_no_day_that_this_machine_contradicts(days: int, world: World, tmp_path: Path) -> None:
    world.date_error = timedelta(days=days)
    async with Till(world, tmp_path, clock=BesideTheWorld(world)) as till:
        await till.know_the_time()
        with pytest.raises(DayInDoubt) as refused:
            await till.services.till.open(FLOAT)
        assert not await openings(till)
        doubt = refused.value.doubt
        assert doubt.day == (START + timedelta(days=days)).date()
        assert "This machine's clock says Thu 30 Jan 2025 10:00." in doubt.said  # on the venue's clocks
        with pytest.raises(DayInDoubt):
            await till.services.till.open(FLOAT, on=START.date())  # another day than the one that was asked about
        await till.services.till.open(FLOAT, on=doubt.day)
        assert await openings(till) == [doubt.day]


async def test_who_said_yes_to_a_day_is_asked_once_for_that_doubt(world: World, tmp_path: Path) -> None:
    """Not at each opening, nor after a restart; another day, or a clock that was set, is another doubt."""
    world.date_error = timedelta(days=-365)
    clock = BesideTheWorld(world)
    async with Till(world, tmp_path, clock=clock) as till:
        await till.know_the_time()
        with pytest.raises(DayInDoubt) as refused:
            await till.services.till.open(FLOAT)
        await till.services.till.open(FLOAT, on=refused.value.doubt.day)
        await till.services.till.close(FLOAT)
        await till.services.till.open(FLOAT)
        await till.services.till.close(FLOAT)
        assert till.services.till.live_day_doubt is not None  # it is told all the same
        await till.restart()
        await till.services.till.open(FLOAT)
        await till.services.till.close(FLOAT)
        clock.off = timedelta(days=2)
        with pytest.raises(DayInDoubt):
            await till.services.till.open(FLOAT)
        clock.off = timedelta(0)
        await till.services.till.open(FLOAT)
        await till.services.till.close(FLOAT)
    world.advance(86_400)
    async with Till(world, tmp_path, clock=BesideTheWorld(world)) as till:
        await till.know_the_time()
        with pytest.raises(DayInDoubt):
            await till.services.till.open(FLOAT)


async def test_a_till_opens_into_no_day_before_its_own_records(world: World, tmp_path: Path) -> None:
    """The machine's clock is as wrong as the server's: the last event, and the day that was closed, say so."""
    async with Till(world, tmp_path) as till:
        await till.know_the_time()
        await till.services.till.open(FLOAT)
        assert till.services.till.shift.is_open
        await till.services.till.close(FLOAT)
    world.date_error = timedelta(days=-365)
    async with Till(world, tmp_path) as till:
        await till.know_the_time()
        with pytest.raises(DayInDoubt) as refused:
            await till.services.till.open(FLOAT)
        assert "The till's records go to Thu 30 Jan 2025 10:00." in refused.value.doubt.said
    world.date_error = timedelta(0)
    async with Till(world, tmp_path) as till:
        await till.know_the_time()
        await till.services.till.open(FLOAT)
        assert till.services.till.shift.is_open
        assert await openings(till) == [START.date()] * 2


async def test_without_a_server_a_machine_in_the_past_is_contradicted_by_the_records(
    world: World, tmp_path: Path
) -> None:
    async with Till(world, tmp_path) as till:
        await till.know_the_time()
        await till.services.till.open(FLOAT)
        assert till.services.till.shift.is_open
        await till.services.till.close(FLOAT)
    with patch("korus_tui.counter.core.clock.time.clock_gettime", lambda _which: START.timestamp() - 40 * 86_400):
        async with Till(world, tmp_path, clock=ServerClock()) as till:
            with pytest.raises(DayInDoubt) as refused:
                await till.services.till.open(FLOAT)
            assert refused.value.doubt.said[0].startswith("By this machine's clock it is Sat 21 Dec 2024")


async def test_a_hold_that_korus_made_later_contradicts_the_day(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        await till.sell_until(Stage.HELD, await till.line(DAY_PRODUCT))
    world.date_error = timedelta(days=-2)
    async with Till(world, tmp_path) as till:
        await till.know_the_time()
        doubt = till.services.till.day_doubt
        assert doubt is not None
        assert "Korus has held places for this till at Thu 30 Jan 2025 10:00." in doubt.said


@pytest.mark.parametrize(("days", "mode"), [(-365, "training"), (40, "training"), (-365, "demo")])
async def test_practice_opens_on_its_servers_day(days: int, mode: str, world: World, tmp_path: Path) -> None:
    """A sandbox of another year is how one practises; training says what day it is."""
    world.date_error = timedelta(days=days)
    async with Till(world, tmp_path, clock=BesideTheWorld(world), mode=mode) as till:
        await till.know_the_time()
        if mode == "training":
            await till.services.till.open(FLOAT)
        assert till.services.till.shift.is_open
        assert (till.services.till.day_doubt is None) == (mode == "demo")


async def test_a_server_that_was_not_asked_yet_is_heard_before_a_till_opens(world: World, tmp_path: Path) -> None:
    """A catalog that was kept needs no call; this machine's clock alone would be the day then."""
    world.date_error = timedelta(days=-365)
    async with Till(world, tmp_path, clock=BesideTheWorld(world)) as till:
        assert not till.services.clock.heard
        await till.services.hear_time()
        assert till.services.clock.heard
        assert till.services.till.day_doubt is not None
        calls = len(world.calls_of("catalogs"))
        await till.services.hear_time()
        assert len(world.calls_of("catalogs")) == calls


async def test_a_clock_that_is_an_hour_out_asks_nobody(world: World, tmp_path: Path) -> None:
    world.date_error = timedelta(minutes=-55)
    world.advance(-3 * 3600 - 600)  # 06:50 at the venue: by the server it is the day before
    async with Till(world, tmp_path, clock=BesideTheWorld(world)) as till:
        await till.know_the_time()
        await till.services.till.open(FLOAT)
        assert till.services.till.shift.is_open
