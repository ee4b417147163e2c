"""Every row of the table in docs/rules.md, "Answers of order and hold calls", played against the second world."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui.api import retry, transport
from korus_tui.api.timing import Deadlines, Timeouts
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.stage import Stage as Page
from korus_tui.sale.stage import stage_of
from korus_tui.sale.state import UNKNOWN, Sale
from korus_tui.screens.cart.text import refusal
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.state import state_content
from world.answers import BEFORE, HTML, NONE, Answer
from world.kit import ask_to_hold, money_back
from world.matrix import ANSWERS, NO_SERVER, Row, rows
from world.server import World

ROWS = rows()
LOOK_UPS = ("orders", "reservation")
REFUSED = (CounterError, NotAllowed)
BOTH = [(call, means) for call, means in dict.fromkeys((row.call, row.means) for row in ROWS)]


def of(call: str, means: str) -> list[Row]:
    return [row for row in ROWS if (row.call, row.means) == (call, means)]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A booking that hangs is given up soon, and what was never sent is tried again soon."""
    quick = Timeouts(booking=Deadlines(read=0.4, total=0.8))
    monkeypatch.setattr(transport, "Timeouts", lambda: quick)
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.02)
    return


def said(problem: Problem | None) -> str:
    return "" if problem is None else "\n".join((problem.what, problem.meaning, problem.next, problem.words))


def order_page(till: Till, sale: Sale) -> str:
    """What stands on the checkout's page of this sale."""
    stage = stage_of(sale)
    content = "" if stage in (Page.COLLECT, Page.DONE) else str(state_content(till.services, sale, stage))
    return "\n".join((content, say.payments_words(sale), said(till.services.checkout.problems.get(sale.reference))))


def hold_page(till: Till, sale: Sale) -> str:
    """What stands in the cart."""
    lines = [refusal(till.services, sale, state) for state in sale.lines if state.refusal]
    return "\n".join((*lines, said(till.services.holding.problems.get(sale.reference))))


def shows(page: str, row: Row) -> None:
    missing = [one for one in (*row.reads, *row.keys) if one not in page]
    assert not missing, f"{missing} of {row} not in:\n{page}"


# Orders


async def paid(till: Till, world: World, answer: Answer | None, row: Row) -> str:
    """Cash for a ticket whose order call is answered so."""
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    world.polite()
    for route in LOOK_UPS if row.means == "doubt" else ():
        world.always(route, Answer(status=503, body=HTML))
    if answer is None:
        world.down()
    else:
        world.script("order_bulk", answer)
    await till.pay(sale.reference)
    return sale.reference


async def money_goes_back(till: Till, world: World, row: Row, becomes: str, reference: str) -> None:
    """What was refused is undone: what the row names is asked first, once, and an order that is there keeps it."""
    if row.answer == NO_SERVER:
        world.up()
    before = len(world.calls)
    if becomes == "found first":
        with pytest.raises(CounterError, match="booked it after all"):
            await till.services.checkout.undo(reference)
        assert till.sale(reference).all_ordered
        assert await money_back(till, reference) == []
    else:
        assert await till.services.checkout.undo(reference)
    asked = [one.route for one in world.calls[before:] if one.route in LOOK_UPS]
    assert sorted(asked) == sorted(row.asked)


async def play_order(till: Till, world: World, row: Row, effect: str) -> None:
    """One row, from the money to its end."""
    becomes = row.made if effect == BEFORE else row.not_made
    answer = None if row.answer == NO_SERVER else replace(ANSWERS["order"][row.answer], effect=effect)
    calls, orders = len(world.calls), len(world.orders)
    reference = await paid(till, world, answer, row)
    if row.means == "doubt":
        sale = await till.until(reference, lambda one: one.attempt is not None and one.attempt.unknown)
        shows(order_page(till, sale), row)
        for step in (till.services.checkout.undo(reference), till.services.checkout.book(reference)):
            with pytest.raises(REFUSED):
                await step
        assert await money_back(till, reference) == []
        till.services.recovery.ask_now(reference)
        world.polite()
        await till.until(reference, lambda one: one.all_ordered)
    else:
        await till.until(reference, lambda one: one.attempt is None)
    world.let_go()
    looked = {one.route for one in world.calls[calls:]}
    if row.means in ("refused", "lapsed"):
        assert not looked & set(LOOK_UPS), f"{row} is asked about once money goes back, and {looked} was asked"
    else:
        assert set(row.asked) <= looked
    posts = sum(one.route == "order_bulk" for one in world.calls[calls:])
    sale = till.sale(reference)
    if becomes in ("complete", "sent again"):
        assert sale.all_ordered
        assert len(world.orders) == orders + 1
        assert posts == (2 if becomes == "sent again" else 1)
    else:
        shows(order_page(till, sale), row)
        assert not sale.all_ordered or till.services.checkout is None
    if row.means in ("refused", "lapsed"):
        await money_goes_back(till, world, row, becomes, reference)
        assert len(world.orders) == orders + (becomes == "found first")
    till.services.desk.set_aside()


@pytest.mark.parametrize("means", [means for call, means in BOTH if call == "order"])
async def test_every_answer_of_an_order_call_f82(means: str, world: World, tmp_path: Path) -> None:
    failed = []
    async with Till(world, tmp_path) as till:
        for row, effect in itertools.product(of("order", means), (BEFORE, NONE)):
            if "–" not in (row.made if effect == BEFORE else row.not_made):
                try:
                    await play_order(till, world, row, effect)
                except AssertionError as error:
                    failed.append(f"{row}, {effect}: {str(error)[:600]}")
                    till.services.desk.set_aside()
    assert not failed, "\n".join(failed)


# Holds


async def play_hold(till: Till, world: World, row: Row, effect: str) -> None:
    """One row, from the key to what stands in the cart."""
    line = await till.line(DAY_PRODUCT)
    world.polite()
    answer = None if row.answer == NO_SERVER else replace(ANSWERS["hold"][row.answer], effect=effect)
    calls = len(world.calls)
    if answer is None:
        world.down()
    else:
        world.script("reserve", answer)
    reference = await ask_to_hold(till, line)
    sale = await till.settled(reference)
    world.let_go()
    becomes = row.made if effect == BEFORE else row.not_made
    looked = {one.route for one in world.calls[calls:]} & {"reservations", *LOOK_UPS}
    assert looked == set(row.asked)
    assert sum(one.route == "reserve" for one in world.calls[calls:]) == (0 if answer is None else 1)
    if becomes == "held":
        assert len(sale.running_holds) == 1
    else:
        assert not sale.running_holds
        (state,) = sale.lines
        assert state.refusal is not None
        assert (state.refusal.code == UNKNOWN) == (becomes == "may be held")
        shows(hold_page(till, sale), row)
        with pytest.raises(REFUSED):
            await till.start_payment(reference)
        if answer is None:
            world.up()
        again = await till.hold_again(reference)
        assert len(again.running_holds) == 1
    till.services.desk.set_aside()


@pytest.mark.parametrize("means", [means for call, means in BOTH if call == "hold"])
async def test_every_answer_of_a_hold_call_f80(means: str, world: World, tmp_path: Path) -> None:
    failed = []
    async with Till(world, tmp_path) as till:
        for row, effect in itertools.product(of("hold", means), (BEFORE, NONE)):
            if "–" not in (row.made if effect == BEFORE else row.not_made):
                try:
                    await play_hold(till, world, row, effect)
                except AssertionError as error:
                    failed.append(f"{row}, {effect}: {str(error)[:600]}")
                    till.services.desk.set_aside()
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("call", list(ANSWERS))
def test_the_table_names_every_answer(call: str) -> None:
    named = [row.answer for row in ROWS if row.call == call]
    assert len(named) == len(set(named))
    assert {*named} == {*ANSWERS[call], NO_SERVER}
