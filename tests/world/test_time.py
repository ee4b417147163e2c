"""One wrong `Date` is not the time; a reservation's own times are worth something too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui.sale import events as e
from korus_tui.sale.values import Customer
from world.kit import events_of
from world.server import World


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
