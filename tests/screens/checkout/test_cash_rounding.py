"""Cash in coins that exist, at the counter: what is collected, given back, printed and counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkout_counter import AtCheckout, at_documents, counter, paid_exactly
from program import AtTill
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.counter.till.export import as_csv, as_json
from korus_tui.counter.till.report import as_text
from korus_tui.sale.money import Money
from korus_tui.sale.stage import Stage
from korus_tui.sale.values import Method, Payment
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.reason import ReasonScreen

COIN = Money.of("50", "EUR")  # no amount of the sandbox is a number of these
SANDBOX = {"now": BEFORE_SEASON}


def euro(amount: int | str) -> Money:
    return Money.of(amount, "EUR")


def in_coins(amount: Money) -> Money:
    return Money((amount.amount / COIN.amount).quantize(1) * COIN.amount, "EUR")


def said(desk: AtTill) -> str:
    return " ".join(desk.text.split())


async def drawer_is(desk: AtCheckout, expected: Money, rounding: Money) -> None:
    """X says both on a line of its own, and a Z counted so is exact."""
    till = desk.till.services.till
    reading = await till.read()
    shown = {"text": as_text([reading]), "json": as_json([reading]), "csv": as_csv([reading])}
    assert reading.live.rounded("EUR") == rounding
    if rounding:
        assert "cash rounding" in shown["text"]
        assert rounding.text in shown["text"]
        assert rounding.text in shown["json"]
        assert f"rounding,total,,{rounding.text},EUR" in shown["csv"]
    else:
        assert "rounding" not in shown["text"]
    assert reading.expected == expected
    assert (await till.close(expected)).shift.closing.difference == euro(0)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_cash_is_collected_in_coins_and_shown_beside_the_exact_sum_c08(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, size=size, cash_rounding="50") as desk:
        due = desk.sale.due
        assert due is not None
        coins = in_coins(due)
        assert coins != due
        assert f"in cash {words.money(coins)}" in said(desk)
        assert words.money(due) in said(desk)
        await desk.press("w", "c")
        await desk.until(lambda: f"= for exactly {words.money(coins)}" in said(desk))
        await desk.press(*str((coins + euro(100)).minor))
        await desk.until(lambda: f"F10 takes {words.money(coins)} in cash and books" in said(desk))
        await desk.take()
        await at_documents(desk)
        (paid,) = desk.sale.payments
        assert (paid.amount, paid.collected, paid.change) == (due, coins, euro(100))
        await desk.until(lambda: f"change {words.money(euro(100))}" in said(desk))
        await desk.press("t")
        slip = await desk.until(lambda: desk.app.screen.query("#slip-text") and desk.said("#slip-text").strip())
        lines = [" ".join(one.split()) for one in slip.splitlines()]
        figures = [one.text.replace(".", ",") for one in (due, coins - due, coins)]
        for label, figure in zip(("payé, espèces", "arrondi des espèces", "en pièces"), figures, strict=True):
            assert f"{label} {figure}" in lines
        assert "rendu 100,00" in lines, slip
        await drawer_is(desk, coins, coins - due)


async def test_the_exact_key_gives_coins_and_a_card_is_not_rounded_c08(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, cash_rounding="50") as desk:
        due = desk.sale.due
        assert due is not None
        await desk.press("w", "k", *"A1")
        await desk.until(lambda: f"F10 takes {words.money(due)} by card and books" in said(desk))
        await desk.press("escape")
        await paid_exactly(desk)
        await at_documents(desk)
        assert desk.sale.payments[0].tendered == in_coins(due)


async def test_of_a_split_only_what_settles_it_is_rounded_c08(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, cash_rounding="50") as desk:
        due = desk.sale.due
        assert due is not None
        await desk.press("w", "s", "c", *"1000")
        await desk.until(lambda: "No coins make €10.00" in said(desk))
        await desk.take()
        assert not desk.sale.payments
        await desk.press("escape", "s", "k", *"1000", "enter", *"A1")
        await desk.until(lambda: "F10 takes €10.00 by card" in said(desk))
        await desk.take()
        await desk.until(lambda: desk.sale.payments and desk.screen.stage is Stage.COLLECT)
        rest = due - euro(10)
        coins = in_coins(rest)
        await desk.until(lambda: f"in cash {words.money(coins)}" in said(desk))
        await desk.press("c", "equals_sign")
        await desk.until(lambda: f"F10 takes {words.money(coins)} in cash and books" in said(desk))
        await desk.take()
        await at_documents(desk)
        assert desk.sale.payments[1].collected == coins
        await drawer_is(desk, coins, coins - rest)


async def test_where_nothing_says_so_euros_are_exact_c08(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        due = desk.sale.due
        assert due is not None
        assert "in cash €" not in desk.text
        await paid_exactly(desk)
        await at_documents(desk)
        assert desk.sale.payments[0].rounding is None
        await drawer_is(desk, due, euro(0))


async def test_cash_that_goes_back_is_in_coins_c08(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """The hold lapsed after payment, nothing more can be had: all goes back, as it came."""
    async with counter(sandbox, tmp_path, cash_rounding="50") as desk:
        due = desk.sale.due
        assert due is not None
        reservation = desk.sale.holds[0].reservation.rpartition("/")[2]
        desk.till.sandbox.control("expire", reservation=reservation)
        await paid_exactly(desk)
        await desk.until(lambda: desk.screen.stage is Stage.LAPSED)
        assert f"{words.money(in_coins(due))} in cash" in said(desk)
        await desk.press("g")
        await desk.until(lambda: desk.app.screen.query("#settle"))
        await desk.press("c")
        await desk.until(lambda: f"F10 records {words.money(in_coins(due))} given back in cash" in said(desk))
        assert f"{words.money(due)} is {words.money(in_coins(due))} in coins" in said(desk)
        await desk.until(lambda: desk.app.screen._guard.ready)
        await desk.press("f10")
        await desk.until(lambda: "Rendu EUR" in desk.text)
        reading = await desk.till.services.till.read()
        assert reading.live.refunded("EUR", Method.CASH) == due
        await drawer_is(desk, euro(0), euro(0))


async def test_a_cancellation_gives_cash_back_in_coins_c08(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, cash_rounding="50") as desk:
        due = desk.sale.due
        assert due is not None
        await paid_exactly(desk)
        await at_documents(desk)
        desk.app.push_screen(OrderScreen(desk.till.services, desk.reference))
        await desk.until(lambda: f"rounded to {words.money(in_coins(due))}" in said(desk))
        await desk.press("c")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonScreen))
        await desk.press(*"ill", "enter", *"3000", "enter", *"cash", "ctrl+s")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmScreen))
        assert "€50.00 goes back to the customer in cash" in said(desk)
        await desk.until(lambda: desk.app.screen.armed)
        await desk.press("y")
        await desk.until(lambda: isinstance(desk.app.screen, OrderScreen) and "€50.00 in cash" in said(desk))
        await drawer_is(desk, in_coins(due) - euro(50), in_coins(due) - due - euro(20))


async def test_with_many_parts_everything_stays_in_sight_at_80_by_24_c08(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24), cash_rounding="0.20") as desk:
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        for number in range(9):
            one = Payment(f"p{number}", Method.VOUCHER, euro("1.01"), voucher=f"GIFT-{number}")
            await desk.till.services.checkout.take(desk.reference, one)
        await desk.until(lambda: "GIFT-8" in desk.text and desk.screen.guard.ready)
        due = desk.sale.due
        assert due is not None
        await desk.press("s", "c", "equals_sign", "enter", *"20000")
        await desk.until(lambda: "F10 takes" in desk.text)
        for shown in (f"in cash {words.money(due + euro('0.09'))}", "Take now", "Given", "Change"):
            assert shown in desk.text, desk.text
        await desk.take()
        await at_documents(desk)
        assert desk.sale.payments[-1].change == euro(200) - due - euro("0.09")
