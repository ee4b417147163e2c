"""The second world itself: a polite one sells, in every generation; a scripted one does what it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import sell
from till import Stage, Till

from world.answers import NONE, Answer, dropped
from world.server import World
from world.views import GENERATIONS


@pytest.mark.parametrize("generation", list(GENERATIONS))
async def test_a_sale_in_every_generation(generation: str, tmp_path: Path) -> None:
    with World(generation) as world:
        async with Till(world, tmp_path, generation="tutorial" if generation == "tutorial" else "release") as till:  # type: ignore[arg-type]
            sale = await till.sell_until(Stage.ORDERED)
    assert [one.external_reference for one in world.orders] == [sale.reference]
    assert [one.by for one in world.reservations] == ["till"]


async def test_two_tills_of_one_account_see_each_other(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path / "a") as a, Till(world, tmp_path / "b") as b:  # type: ignore[arg-type]
        one, two = await a.sell_until(Stage.HELD), await b.sell_until(Stage.HELD)
    assert {hold.reservation.rpartition("/")[2] for sale in (one, two) for hold in sale.holds} == set(
        world.truth.reservations
    )


async def test_answers_are_scripted_call_by_call(world: World, tmp_path: Path) -> None:
    world.script("reserve", Answer(NONE, 500), dropped(NONE))
    async with Till(world, tmp_path) as till:  # type: ignore[arg-type]
        sale = await till.sell_until(Stage.HELD)
        assert not sale.holds
        sale = await till.hold_again(sale.reference)
        assert not sale.holds
        sale = await till.hold_again(sale.reference)
        assert sale.holds
    assert [status for route, status in world.statuses if route == "reserve"] == [500, None, 200]


def test_the_program_sells_in_it(world: World, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:  # type: ignore[arg-type]
        sell(terminal)
    assert len(world.orders) == 1
