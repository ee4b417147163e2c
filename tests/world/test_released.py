"""A hold that somebody else lets go: no money is taken on it where it can be known, and what was taken is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout_counter import counter
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.booking import holding
from korus_tui.sale.state import LineStatus
from world.answers import NONE, Answer, Json, problem, violations
from world.server import World


def let_go(world: World) -> None:
    """Another client of the account, or the venue, lets all places go."""
    for one in world.reservations:
        one.released = True


def running_on(body: Json) -> None:
    """Only the status tells that it is over."""
    body.update(expired=False)


@pytest.fixture
def world() -> Iterator[World]:
    """One in which the status alone tells it."""
    with World("release") as world:
        world.edit("reservation", running_on)
        yield world


async def test_the_payment_page_notices_before_money_is_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "_NEWS", 0.2)
    async with counter(world, tmp_path, products=[DAY_PRODUCT]) as desk:
        await desk.press("w", "c", "equals_sign")
        let_go(world)
        await desk.until(lambda: desk.till.services.holding.said_over(desk.sale))
        await desk.take()
        assert "do not take money" in desk.problem
        await desk.until(lambda: [desk.sale.status(one) for one in desk.sale.lines] == [LineStatus.LAPSED])
        await desk.until(lambda: "h holds again" in desk.sentences)
        assert desk.sale.payments == ()
        assert world.calls_of("order_bulk") == []


ANSWERS = {
    "its documented form": Answer(NONE, 422, violations(("reservations[0].expired", "Expirée", "x"))),
    "by its status": Answer(NONE, 422, violations(("reservations[0].status", "Libérée", "x"))),
    "of them all": Answer(NONE, 422, violations(("reservations", "Libérée", "x"))),
    "not found": Answer(NONE, 404, problem(404)),
    "conflict": Answer(NONE, 409, problem(409)),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_the_order_s_refusal_ends_in_the_way_of_a_lapsed_hold(name: str, world: World, tmp_path: Path) -> None:
    """Nobody looked in time: the money stays the customer's, one key holds again, and one order comes of it."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        let_go(world)
        world.script("order_bulk", *[ANSWERS[name]] * 2)
        paid = await till.pay(sale.reference)
        lapsed = await till.until(
            sale.reference,
            lambda one: one.attempt is None and [one.status(state) for state in one.lines] == [LineStatus.LAPSED],
        )
        assert lapsed.taken == paid.to_collect
        world.polite()
        await till.hold_again(sale.reference)
        await till.services.checkout.book(sale.reference)
        done = await till.until(sale.reference, lambda one: one.all_ordered)
        assert done.taken == paid.to_collect
    assert len(world.orders) == 1


async def test_a_failure_that_names_the_reservation_ends_there_too(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was heard of a moment ago is not asked for before the order: a quick sale costs no call more."""
    async with counter(world, tmp_path, products=[DAY_PRODUCT]) as desk:
        named = f"/v1/booking/reservations/{world.reservations[0].id}"
        failed = {"orders": [], "failedOrders": [{"reservation": named, "reason": "Libérée", "code": "released"}]}
        world.script("order_bulk", Answer(NONE, 200, failed))
        await desk.press("w", "c", "equals_sign")
        let_go(world)
        await desk.take()
        await desk.until(lambda: desk.sale.payments and desk.sale.attempt is None)
        (ordered,) = world.calls_of("order_bulk")
        assert [one for one in world.calls_of("reservation") if one.at < ordered.at] == []
        monkeypatch.setattr(holding, "_NEWS", 0.2)
        await desk.until(lambda: [desk.sale.status(one) for one in desk.sale.lines] == [LineStatus.LAPSED])
        assert desk.sale.taken == desk.sale.to_collect
