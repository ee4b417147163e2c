"""Who may: nobody signed in, and a till that is closed, by every way in which money moves or a sale is changed."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from orders_kit import finished
from sandbox_process import SandboxProcess
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.state import GivenBack, Sale
from korus_tui.sale.values import Method, Mode, Payment

CHIEF, PIN = "Léa", "246824"


async def staffed(till: Till) -> None:
    await till.services.till.add_agent(CHIEF, PIN)
    await till.open_till()


async def rows(till: Till) -> int:
    return len(await till.services.resume.journal.entries())


async def signed_out(till: Till) -> None:
    await till.services.till.sign_out()


async def closed(till: Till) -> None:
    await till.services.till.close(Money.of(0, "EUR"))


async def partly_paid(till: Till) -> Sale:
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    return await till.pay(sale.reference, Money.of("1.00", "EUR"))


async def lapsed(till: Till) -> Sale:
    """Paid, and then its places could not be had."""
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    due = sale.due
    assert due is not None
    await till.services.checkout.take(
        sale.reference, Payment(secrets.token_hex(8), Method.CASH, Money.of("1.00", "EUR"), Money.of("1.00", "EUR"))
    )
    till.sandbox.control("expire", reservation=sale.holds[0].reservation.rpartition("/")[2])
    return await till.services.desk.record(sale.reference, e.HoldExpired(sale.holds[0].reservation))


async def undo(till: Till, sale: Sale) -> None:
    await till.services.checkout.undo(sale.reference)


async def give_back(till: Till, sale: Sale) -> None:
    back = GivenBack("b", Money.of("1.00", "EUR"), Method.CASH, "gone")
    await till.services.settling.give_back(sale.reference, back, [one.line.id for one in sale.lines])


async def close_by_hand(till: Till, sale: Sale) -> None:
    await till.services.cancelling.close_by_hand(sale.reference, "the manager knows")


async def cancel(till: Till, sale: Sale) -> None:
    order = sale.orders[0].order
    await till.services.cancelling.ask(sale.reference, order, "ill", Money.of("1.00", "EUR"), Method.CASH)


async def take(till: Till, sale: Sale) -> None:
    await till.pay(sale.reference, Money.of("1.00", "EUR"))


Made = Callable[[Till], Awaitable[Sale]]
MONEY: tuple[tuple[Made, Callable[[Till, Sale], Awaitable[None]]], ...] = (
    (partly_paid, undo),
    (partly_paid, take),
    (lapsed, give_back),
    (lapsed, close_by_hand),
    (finished, cancel),
)


@pytest.mark.parametrize("away", [signed_out, closed])
@pytest.mark.parametrize(("made", "moves"), MONEY, ids=lambda one: getattr(one, "__name__", ""))
async def test_no_money_moves_signed_out_or_after_the_z_f83(
    till: Till, made: Made, moves: Callable[[Till, Sale], Awaitable[None]], away: Callable[[Till], Awaitable[None]]
) -> None:
    """F83: by any of the counter's ways; and once somebody stands at an open till, it moves."""
    await staffed(till)
    sale = await made(till)
    await away(till)
    before = await rows(till)
    with pytest.raises(CounterError) as refused:
        await moves(till, sale)
    assert "Ctrl+E" in refused.value.problem.next
    assert await rows(till) == before
    if away is signed_out:
        await till.services.till.sign_in(CHIEF, PIN)
    else:
        await till.open_till()
    await moves(till, sale)
    assert await rows(till) > before


@pytest.mark.parametrize("away", [signed_out, closed])
async def test_a_price_difference_is_not_borne_by_nobody_f83(
    till: Till, away: Callable[[Till], Awaitable[None]]
) -> None:
    """F83."""
    await staffed(till)
    sale = await partly_paid(till)
    await away(till)
    with pytest.raises(CounterError):
        await till.services.settling.absorb(sale.reference, "kind")


async def test_nobody_binds_a_sale_and_answers_are_recorded_all_the_same_f83(till: Till) -> None:
    """F83: signed out nothing is held, parked, voided, named or finished; a hold that ends is recorded by the till."""
    await staffed(till)
    sale = await till.hold(await till.line(DAY_PRODUCT))
    line = await till.line(DAY_PRODUCT)
    await signed_out(till)
    services, reference = till.services, sale.reference
    for attempt in (
        lambda: services.holding.add(reference, [line]),
        lambda: services.holding.hold(reference, [sale.lines[0].line.id]),
        lambda: services.holding.leave_out(reference, [sale.lines[0].line.id]),
        lambda: services.desk.park(reference),
        lambda: services.desk.record(reference, e.SaleVoided("")),
        lambda: services.desk.record(reference, e.NotesEntered("x")),
        lambda: services.checkout.start(reference, Method.CASH),
    ):
        with pytest.raises(CounterError, match="Nobody is signed in"):
            await attempt()
    await services.desk.record(reference, e.HoldExpired(sale.holds[0].reservation))
    (*_, last) = await services.resume.journal.read(reference)
    assert (last.event, last.agent) == (e.HoldExpired(sale.holds[0].reservation), "(till)")


async def test_an_order_that_never_arrived_is_sent_again_with_nobody_there(till: Till) -> None:
    """It is paid, and asked for by name: the till goes on with it, or the customer would lose the places."""
    await staffed(till)
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    till.sandbox.fault("drop_before", method="POST", route="orders_bulk")
    await till.pay(sale.reference)
    await signed_out(till)
    assert (await till.until(sale.reference, lambda one: one.all_ordered)).all_ordered


async def test_practice_needs_a_name_as_well_and_a_demo_none(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with Till(sandbox, tmp_path) as live:
        await live.services.till.add_agent(CHIEF, PIN)
    async with Till(sandbox, tmp_path, mode="training") as practice:
        with pytest.raises(CounterError, match="Nobody"):
            await practice.services.desk.open("c", "fr")
    async with Till(sandbox, tmp_path, mode="demo") as demo:
        assert (await demo.services.desk.open("c", "fr")).mode is Mode.DEMO


async def test_who_adds_the_first_pin_closes_the_other_programs_too(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Two tills of one account share their agents: what one adds, the other asks for at once."""
    async with Till(sandbox, tmp_path) as one, Till(sandbox, tmp_path, till="till 2") as other:
        await one.services.till.add_agent(CHIEF, PIN)
        with pytest.raises(CounterError, match="Nobody"):
            await other.services.desk.open("c", "fr")
