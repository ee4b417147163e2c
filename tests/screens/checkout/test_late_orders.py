"""An order that takes effect after all patience, at the counter (F06): no money goes back before Korus was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from checkout_counter import AtCheckout, at_documents, counter, paid_exactly
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.sale import events as e
from korus_tui.sale.stage import Stage
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.give_back import SettleScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.screens.till.screen import TillPage

ORDER = "orders_bulk"
Way = Callable[[AtCheckout], Awaitable[None]]
LATE = 30  # seconds of the server's clock after which the first call has its effect
SANDBOX = {"now": BEFORE_SEASON}


async def refused(desk: AtCheckout) -> None:
    """Paid; the first order call is lost and takes effect later, the second one is refused."""
    desk.till.sandbox.fault("commit_late", route=ORDER, seconds=LATE)
    desk.till.sandbox.fault("status", route=ORDER, status=409)
    await paid_exactly(desk)
    await desk.until(lambda: desk.sale.doubted and desk.screen.stage is Stage.BOOK)


async def commit(desk: AtCheckout) -> None:
    desk.till.sandbox.advance(LATE + 1)
    await desk.till.at_the_server(lambda _state: desk.orders() == 1)


async def undo(desk: AtCheckout) -> None:
    await desk.until(lambda: desk.screen.guard.ready)
    await desk.press("u")


async def give_back(desk: AtCheckout) -> None:
    """The hold has lapsed for the till: the money goes back, in cash."""
    await desk.till.services.desk.record(desk.reference, *(e.HoldExpired(one.reservation) for one in desk.sale.holds))
    await desk.until(lambda: desk.screen.stage is Stage.LAPSED)
    await desk.press("g", "c")
    dialog = desk.app.screen
    assert isinstance(dialog, SettleScreen)
    await desk.until(lambda: dialog._guard.ready)
    await desk.press("f10")


@pytest.mark.parametrize("way", [undo, give_back])
async def test_an_order_found_at_the_last_look_is_handed_over_f06(
    sandbox: SandboxProcess, tmp_path: Path, way: Way
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        taken = desk.sale.taken
        await commit(desk)
        await way(desk)
        await at_documents(desk)
        assert "Korus booked it after all" in desk.problem
        assert desk.sale.orders[0].reference in desk.problem
        assert (desk.sale.taken, desk.sale.given_back) == (taken, ())


@pytest.mark.parametrize("way", [undo, give_back])
async def test_money_stays_where_korus_cannot_be_asked_f06_f09(
    sandbox: SandboxProcess, tmp_path: Path, way: Way
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        taken = desk.sale.taken
        sandbox.fault("status", route="orders", status=500, count=None)
        await way(desk)
        await desk.until(lambda: "cannot be asked" in desk.problem)
        assert "PAID – NOT CONFIRMED" in desk.problem
        assert "Give back" not in desk.problem
        assert (desk.sale.taken, desk.sale.paid_not_confirmed) == (taken, True)


async def test_an_order_that_comes_after_the_refund_stands_first_among_the_sales_f06(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        await give_back(desk)
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen))
        await commit(desk)
        await desk.press("escape")
        await desk.press("ctrl+f")
        await desk.on(OrdersScreen)
        assert await desk.until(lambda: "one too many" in desk.text)


async def undone(desk: AtCheckout) -> None:
    """The payment was undone while nothing was there; then the order turned up, and nobody has paid for it."""
    await refused(desk)
    await undo(desk)
    await desk.until(lambda: "Give back" in desk.problem)
    await commit(desk)
    await desk.till.services.late_orders.look()
    await desk.until(lambda: "booked it after all" in desk.problem)
    assert "not paid" in desk.problem


async def test_an_unpaid_order_is_collected_for_and_handed_over_f06(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await undone(desk)
        assert desk.screen.stage is Stage.COLLECT
        assert "booked, not paid" in desk.text
        calls = sandbox.state()["calls"][ORDER]
        await desk.press("c", "equals_sign")
        await desk.take()
        await at_documents(desk)
        assert (desk.due(), desk.orders(), sandbox.state()["calls"][ORDER]) == (0, 1, calls)


async def test_an_unpaid_order_is_not_held_again_and_is_to_be_cancelled_once_voided_f06(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await undone(desk)
        await desk.press("escape")
        await desk.on(CartScreen)
        await desk.until(lambda: "booked, not paid" in desk.text and "booked it after all" in desk.problem)
        holds = desk.sale.holds
        await desk.press("r")
        assert (desk.sale.holds, desk.sale.attempt) == (holds, None)
        await desk.press("ctrl+f")
        await desk.on(OrdersScreen)
        await desk.press("down", "enter")
        await desk.on(OrderScreen)
        await desk.until(lambda: "confirmed · not paid" in desk.text)
        await desk.press("escape", "escape")
        await desk.on(CartScreen)
        await desk.press("v")
        await desk.on(ConfirmScreen)
        assert "Korus has booked it" in desk.text
        await desk.until(lambda: desk.app.screen.armed)
        await desk.press("y")
        await desk.until(lambda: desk.till.services.desk.sale is None)
        await desk.press("ctrl+f")
        await desk.on(OrdersScreen)
        await desk.until(lambda: "one too many" in desk.text)


async def test_the_agent_is_told_that_korus_is_asked_f06(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        sandbox.fault("latency", route="orders", latency=0.5)
        await undo(desk)
        await desk.until(lambda: "is asked whether" in desk.problem)
        assert "Give back" not in desk.problem
        await desk.until(lambda: "Give back" in desk.problem)
        assert desk.sale.payments == ()


async def test_no_money_goes_back_to_a_customer_whose_page_was_left_f06(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        paid = desk.sale.payments
        sandbox.fault("latency", route="orders", latency=3.0)
        await undo(desk)
        await desk.until(lambda: "is asked whether" in desk.problem)
        page = desk.screen
        await desk.press("escape")
        await desk.on(ConfirmScreen)
        await desk.until(lambda: not page.guard.busy)
        assert desk.sale.payments == paid
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is page and "The payment stands" in desk.problem)


async def test_a_refund_that_was_not_recorded_is_told_where_the_agent_is_f06_f09(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        sandbox.fault("latency", route="orders", latency=0.5, count=1)
        sandbox.fault("status", route="reservation", status=500, count=None)
        await give_back(desk)
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and "is asked whether" in desk.problem)
        await desk.press("n")
        await desk.on(CatalogScreen)
        await desk.until(lambda: "cannot be asked" in desk.problem)
        assert desk.reference in desk.problem
        assert desk.sale.given_back == ()


async def test_keys_of_the_cart_do_not_wait_for_korus_f06(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        await undo(desk)
        await desk.until(lambda: "Give back" in desk.problem)
        await desk.press("escape")
        await desk.on(CartScreen)
        await desk.until(lambda: not desk.sale.paying)
        for key in ("delete", "ctrl+z"):
            sandbox.fault("latency", route="orders", latency=1.0)
            await desk.press(key)
            await desk.until(lambda: "is asked whether" in desk.problem)
            assert desk.sale.lines
            if key == "delete":
                sandbox.fault("status", route="reservation", status=500, count=None)
                await desk.until(lambda: "cannot be asked" in desk.problem)
                sandbox.no_faults()
        await desk.until(lambda: not desk.sale.lines)


async def test_whoever_gives_money_back_over_a_refusal_reads_how_long_it_is_looked_for_f06(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        await undo(desk)
        await desk.until(lambda: "Give back" in desk.problem)
        assert "Korus is asked until " in desk.problem


async def test_the_slip_says_how_long_it_is_looked_for_and_a_z_looks_f06(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await refused(desk)
        await give_back(desk)
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen))
        assert await desk.until(lambda: "Korus is asked until " in desk.text)
        await commit(desk)
        await desk.press("escape")
        await desk.press("ctrl+e")
        await desk.on(TillPage)
        await desk.press("x")
        assert await desk.until(lambda: "Booked after all, for nothing: Korus has to cancel" in desk.text)
