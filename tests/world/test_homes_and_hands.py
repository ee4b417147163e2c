"""What belongs to another mode or server is left alone there; and nobody moves money who is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import GivenBack, Sale
from korus_tui.sale.values import Method
from world.answers import BEFORE, HTML, NONE, Answer, dropped
from world.kit import MONEY_BACK, arrived, events_of
from world.server import World

REFUSED = (CounterError, NotAllowed, JournalProblem)


async def lost(till: Till, world: World, effect: str = BEFORE) -> str:
    """A paid sale whose order call was dropped and cannot be looked up."""
    for route in ("orders", "reservation"):
        world.always(route, Answer(status=503, body=HTML))
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    world.script("order_bulk", dropped(effect))
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.attempt is not None and one.attempt.unknown)
    return sale.reference


def looked(world: World) -> int:
    return len(world.calls_of("orders", "order", "reservation", "order_bulk", "reserve"))


async def touched_elsewhere(till: Till, reference: str) -> None:
    """Nothing that an agent may try moves its money or asks for its places."""
    services = till.services
    assert reference not in {sale.reference for sale in services.desk.sales}
    back = GivenBack("b", Money.of("40.00", "EUR"), Method.CASH, "why not")
    for step in (
        lambda: services.checkout.undo(reference),
        lambda: services.checkout.book(reference),
        lambda: services.settling.give_back(reference, back, ()),
        lambda: services.settling.hold_again(reference),
        lambda: services.cancelling.close_by_hand(reference, "why not"),
    ):
        with pytest.raises(REFUSED):
            await step()


@pytest.mark.parametrize(("first", "then"), [("training", "live"), ("live", "training")])
async def test_a_sale_of_another_mode_is_not_taken_up(first: str, then: str, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path, mode=first) as till:
        reference = await lost(till, world, NONE)
    world.polite()
    before = looked(world)
    async with Till(world, tmp_path, mode=then) as till:
        await till.services.late_orders.look()
        await touched_elsewhere(till, reference)
        assert looked(world) == before
        assert world.orders == []
    async with Till(world, tmp_path, mode=first) as till:
        assert (await till.until(reference, lambda sale: sale.all_ordered)).all_ordered
    assert len(world.orders) == 1


async def test_a_sale_of_another_server_asks_that_one_only(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        reference = await lost(till, world)
    world.polite()
    with World() as other:
        async with Till(other, tmp_path) as till:
            await till.services.late_orders.look()
            await touched_elsewhere(till, reference)
            assert looked(other) == 0
    async with Till(world, tmp_path) as till:
        await till.until(reference, lambda sale: sale.all_ordered)
    assert len(world.orders) == 1


# Nobody signed in, or the till closed: no money moves


async def leave(till: Till, how: str) -> None:
    desk = till.services.till
    if how == "signed out":
        await desk.staff.add_agent("Ada", "471108", supervisor=True)
        await desk.staff.sign_out()
    else:
        await desk.close(Money.of("40.00", "EUR"))


async def pressed(till: Till, sale: Sale) -> None:
    """Every key that moves money of a paid sale."""
    services, reference = till.services, sale.reference
    back = GivenBack("b", Money.of("40.00", "EUR"), Method.CASH, "why not")
    gone = [state.line.id for state in sale.lines]
    steps = [
        lambda: services.checkout.undo(reference),
        lambda: services.settling.give_back(reference, back, gone),
        lambda: services.settling.absorb(reference, "the house bears it"),
        lambda: services.cancelling.close_by_hand(reference, "why not"),
    ]
    if sale.all_orders:
        order = sale.all_orders[0].order
        steps.append(lambda: services.cancelling.ask(reference, order, "why not", back.amount, Method.CASH))
    for step in steps:
        with pytest.raises(REFUSED):
            await step()


@pytest.mark.parametrize("how", ["signed out", "after the Z"])
@pytest.mark.parametrize("stage", ["in doubt", "ordered"])
async def test_no_money_moves_by_any_key_f83(how: str, stage: str, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        if stage == "in doubt":
            reference = await lost(till, world)
        else:
            reference = (await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))).reference
        await leave(till, how)
        await pressed(till, till.sale(reference))
        assert not [event for event in await events_of(till, reference) if isinstance(event, MONEY_BACK)]
        world.polite()
        await arrived(world, "order_bulk")
        await till.until(reference, lambda sale: sale.all_ordered)  # answers are still taken in


async def test_signed_out_nothing_is_booked_for_anybody(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        await leave(till, "signed out")
        with pytest.raises(REFUSED):
            await till.pay(sale.reference)
        assert world.calls_of("order_bulk") == []
        assert till.sale(sale.reference).payments == ()
