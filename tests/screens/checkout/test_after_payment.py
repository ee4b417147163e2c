"""Expired after payment, by keys alone, on a real sandbox: every way out, and what is never lost on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from checkout_counter import AtCheckout, at_documents, counter, lapsed, paid_exactly
from sandbox_process import SandboxProcess
from textual.widgets import Static
from till import BEFORE_SEASON, DAY_PRODUCT, SHOW_PRODUCT

from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.money import Money
from korus_tui.sale.stage import Stage
from korus_tui.sale.state import Ending, LineStatus, Sale
from korus_tui.sale.values import Method, Payment
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.give_back import SettleScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common import formats as words
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.screens.sessions.screen import SessionsScreen
from korus_tui.widgets.inputs.field import Field

HOLD, ORDER = "reservations_bulk", "orders_bulk"

SANDBOX = {"now": BEFORE_SEASON}


async def sold_out(desk: AtCheckout) -> Sale:
    """The same, and holding again was refused."""
    await lapsed(desk)
    desk.till.sandbox.fault("refuse", route=HOLD, indexes=[0])
    await desk.press("h")
    await desk.until(lambda: desk.sale.attempt is None and "could not be held again" in desk.text)
    return desk.sale


async def settle(desk: AtCheckout, *keys: str) -> None:
    """The dialog about money, its keys, and F10 once it is alive."""
    await desk.until(lambda: isinstance(desk.app.screen, SettleScreen))
    await desk.press(*keys)
    await record(desk)


async def record(desk: AtCheckout) -> None:
    dialog = desk.app.screen
    assert isinstance(dialog, SettleScreen)
    await desk.until(lambda: dialog._guard.ready)
    await desk.press("f10")


async def history(desk: AtCheckout) -> list[e.Event]:
    journal = await desk.till.services.desk.ledger.journal()
    return [row.event for row in await journal.read(desk.reference)]


def slip_text(desk: AtCheckout) -> str:
    return str(desk.app.screen.query_one("#slip-text", Static).content)


async def test_the_same_price_is_booked(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await lapsed(desk)
        assert "It stays a credit" in desk.text
        await desk.press("h")
        await desk.until(lambda: desk.screen.stage is Stage.BOOK)
        await desk.take()
        await at_documents(desk)
        assert desk.orders() == 1


async def test_a_lower_price_is_booked_and_the_rest_given_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """No method is preselected, Enter records nothing, and the next customer waits until the money is back."""
    async with counter(sandbox, tmp_path) as desk:
        line = desk.sale.lines[0].line
        sandbox.control("price", offer=line.offer, amount="40.00")
        try:
            await desk.until(lambda: True)
            await _lower(desk)
        finally:
            sandbox.control("price", offer=line.offer, amount=line.quoted.text)
        await desk.until(lambda: desk.screen.stage is Stage.GIVE_BACK)
        credit = desk.sale.credit
        assert credit is not None
        assert words.money(credit) in desk.text
        await desk.press("g")
        await settle(desk, "enter", "enter")
        dialog = desk.app.screen
        assert "c cash, k card, v voucher" in (dialog.query_one("#settle-amount", Field).error or "")
        assert desk.sale.given_back == ()
        await desk.press("c")
        await record(desk)
        await at_documents(desk)
        assert [(one.amount, one.method) for one in desk.sale.given_back] == [(credit, Method.CASH)]
        assert f"given back {words.money(credit)} cash" in desk.text
        assert desk.orders() == 1


async def _lower(desk: AtCheckout) -> None:
    await lapsed(desk)
    await desk.press("h")
    await desk.until(lambda: desk.screen.stage is Stage.DECIDE)
    assert "is to be given" in desk.text
    await desk.until(lambda: desk.screen.guard.ready)
    await desk.press("y")
    await desk.until(lambda: desk.screen.stage is Stage.BOOK)
    await desk.take()


async def test_documents_wait_for_money_that_is_to_go_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        line = desk.sale.lines[0].line
        sandbox.control("price", offer=line.offer, amount="40.00")
        try:
            await _lower(desk)
        finally:
            sandbox.control("price", offer=line.offer, amount=line.quoted.text)
        await desk.until(lambda: desk.screen.stage is Stage.GIVE_BACK)
        await desk.press("t")
        await at_documents(desk)
        await desk.until(lambda: desk.app.screen.armed)
        await desk.press("enter")
        assert "is to be given back first" in desk.problem
        await desk.press("escape")
        assert desk.screen.stage is Stage.GIVE_BACK


async def test_a_dearer_price_is_borne_with_a_reason(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        line = desk.sale.lines[0].line
        await lapsed(desk)
        sandbox.control("price", offer=line.offer, amount="50.00")
        try:
            await desk.press("h")
            await desk.until(lambda: desk.screen.stage is Stage.DECIDE)
        finally:
            sandbox.control("price", offer=line.offer, amount=line.quoted.text)
        due = desk.sale.due
        assert due is not None
        assert "STILL TO COLLECT" in desk.text
        await desk.press("ctrl+o")
        await desk.until(lambda: isinstance(desk.app.screen, CartScreen))
        assert f"STILL TO COLLECT  {words.money(desk.sale.due)}" in desk.text
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.armed)
        await desk.press("b")
        await settle(desk)
        assert "Reason" in (desk.app.screen.query_one("#settle-reason", Field).error or "")
        await desk.press(*"fault")
        await record(desk)
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.stage is Stage.BOOK)
        assert "PAID" in desk.text
        assert "TO COLLECT" not in desk.text
        await desk.take()
        await at_documents(desk)
        assert f"the house bears {words.money(due)}" in desk.text
        assert e.DifferenceAbsorbed(due, "fault") in await history(desk)
        assert len(desk.sale.payments) == 1


async def test_a_dearer_price_can_be_borne_in_the_middle_of_collecting_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        line = desk.sale.lines[0].line
        await lapsed(desk)
        sandbox.control("price", offer=line.offer, amount="50.00")
        try:
            await desk.press("h")
            await desk.until(lambda: desk.screen.stage is Stage.DECIDE)
        finally:
            sandbox.control("price", offer=line.offer, amount=line.quoted.text)
        await desk.until(lambda: desk.screen.guard.ready)
        await desk.press("y")
        await desk.until(lambda: desk.screen.stage is Stage.COLLECT)
        await desk.press("c", "1", "b")
        await settle(desk, *"goodwill")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.stage is Stage.BOOK)
        await desk.take()
        await at_documents(desk)
        assert desk.sale.house_bears
        assert len(desk.sale.payments) == 1


async def test_a_refund_ends_the_sale_with_a_slip(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await sold_out(desk)
        taken = sale.taken
        assert taken is not None
        await desk.press("g")
        await settle(desk, "k")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen) and "REMBOURSEMENT" in slip_text(desk))
        assert sale.reference in slip_text(desk)
        assert taken.text.replace(".", ",") in slip_text(desk)
        file = tmp_path / "tickets" / f"{sale.reference}-refund.txt"
        await desk.until(file.exists)
        assert file.read_text().rstrip("\n") == slip_text(desk)
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, CatalogScreen))
        ended = fold(await history(desk))
        assert ended is not None
        assert ended.ending is Ending.VOIDED
        assert [(one.amount, one.method) for one in ended.given_back] == [(taken, Method.CARD)]
        assert desk.till.services.desk.sales == ()
        assert desk.orders() == 0


async def test_money_back_another_way_than_it_came_is_hinted_at_c05(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await sold_out(desk)
        await desk.press("g")
        await desk.until(lambda: isinstance(desk.app.screen, SettleScreen))
        for key, hints in (("c", False), ("v", True), ("k", True), ("c", False)):
            await desk.press(key)
            assert ("than was paid so" in desk.sentences) == hints, key


async def test_what_goes_back_says_what_it_means_while_it_is_typed_c07(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        paid = (await sold_out(desk)).taken
        assert paid is not None
        await desk.press("g")
        await desk.until(lambda: isinstance(desk.app.screen, SettleScreen))
        await desk.until(lambda: f"{words.money(paid)} goes back, all of it" in desk.sentences)
        assert "500 = €5.00   500. = €500.00" in desk.text
        await desk.press(*"500")
        rest = words.money(paid - Money.of("5.00", "EUR"))
        await desk.until(lambda: f"€5.00 goes back, {rest} stays" in desk.sentences)
        await desk.press("full_stop")
        await desk.until(lambda: f"At most {words.money(paid)}." in desk.sentences)
        assert "Nothing is recorded: type what goes back." in desk.sentences


async def test_a_refund_is_recorded_once_however_often_f10_is_pressed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await sold_out(desk)
        await desk.press("g")
        await desk.until(lambda: isinstance(desk.app.screen, SettleScreen))
        await desk.press("c", "f10", "f10")
        assert desk.sale.given_back == ()  # keys of the first 300 ms were meant for what was there before
        dialog = desk.app.screen
        await desk.until(lambda: dialog._guard.ready)
        await desk.press("f10", "f10", "f10")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen))
        money = [one for one in await history(desk) if isinstance(one, e.MoneyGivenBack)]
        assert len(money) == 1


async def test_a_refund_by_two_methods_stays_a_credit_between_them(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        taken = (await sold_out(desk)).taken
        assert taken is not None
        await desk.press("g")
        await settle(desk, "k", *"2000")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.stage is Stage.GIVE_BACK)
        assert desk.sale.credit == taken - Money.of("20", "EUR")
        assert desk.sale.paid_not_confirmed
        await desk.press("g")
        await settle(desk, "c")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen))
        money = [one for one in await history(desk) if isinstance(one, e.MoneyGivenBack)]
        assert [one.method for one in money] == [Method.CARD, Method.CASH]


async def test_more_than_the_credit_is_not_given_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await sold_out(desk)
        await desk.press("g")
        await settle(desk, "c", *"9999900")
        assert "At most" in (desk.app.screen.query_one("#settle-amount", Field).error or "")
        await desk.press("escape")
        assert desk.sale.given_back == ()
        assert desk.screen.stage is Stage.LAPSED


async def test_one_of_two_lines_is_given_back_and_the_other_booked(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        sale = await sold_out(desk)
        assert "gives all back" in desk.text
        await desk.press("g")
        await settle(desk, "c")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.stage is Stage.BOOK)
        await desk.take()
        await at_documents(desk)
        assert desk.orders() == 1
        assert desk.sale.given_back[0].amount == sale.holds[0].total


async def test_a_line_that_cannot_be_had_is_left_out_of_a_sale_that_is_paid_in_part(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        part = Payment("part", Method.CASH, Money.of(1, desk.screen.currency))
        await desk.till.services.checkout.take(desk.reference, part)
        await desk.till.services.desk.record(desk.reference, e.HoldExpired(desk.sale.holds[0].reservation))
        await desk.until(lambda: desk.screen.stage is Stage.LAPSED)
        await desk.press("g")
        assert "Nothing is to be given back" in desk.problem
        assert "Del takes a line out" in desk.problem
        await desk.press("ctrl+o", "delete")
        await desk.until(lambda: len(desk.sale.lines) == 1)
        assert desk.sale.payments == (part,)


async def test_everything_is_given_back_where_the_customer_wants_nothing_else(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        taken = (await sold_out(desk)).taken
        await desk.press("x")
        await settle(desk, "c")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen))
        (back,) = [one for one in await history(desk) if isinstance(one, e.MoneyGivenBack)]
        assert back.amount == taken


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_sale_whose_lines_are_gone_says_what_is_to_be_given_back(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, size) as desk:
        taken = (await sold_out(desk)).taken
        await desk.press("ctrl+o", "delete")
        await desk.until(lambda: not desk.sale.lines)
        said = f"TO GIVE BACK  {words.money(taken)}"
        await desk.until(lambda: said in desk.text and desk.app.screen.armed)
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen))
        assert "TO COLLECT" not in desk.text
        await desk.press("g")
        await desk.until(lambda: "No line of the sale is left." in desk.text)
        await settle(desk, "c")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen))


async def test_an_order_that_failed_in_part_f13(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F13: the documents of what is done by a key, Esc back, F10 tries the rest again."""
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        sandbox.fault("refuse", route=ORDER, indexes=[0])
        await paid_exactly(desk)
        await desk.until(lambda: desk.screen.stage is Stage.BOOK and desk.sale.orders)
        await desk.until(lambda: "1 of 2 lines are ordered" in desk.text)
        await desk.press("t")
        await at_documents(desk)
        await desk.press("escape")
        assert isinstance(desk.app.screen, CheckoutScreen)
        await desk.take()
        await at_documents(desk)
        assert desk.orders() == 2


async def test_the_rest_of_an_order_is_given_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        sandbox.fault("refuse", route=ORDER, indexes=[0])
        await paid_exactly(desk)
        await desk.until(lambda: desk.screen.stage is Stage.BOOK and desk.sale.orders)
        await desk.press("g")
        await settle(desk, "c")
        await at_documents(desk)
        assert desk.sale.all_ordered
        await desk.press("t")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen) and "REÇU" in slip_text(desk))
        assert "rendu, espèces" in slip_text(desk)
        assert desk.sale.orders[0].reference in slip_text(desk)


@pytest.mark.parametrize("way", ["n", "ctrl+k", "escape"])
async def test_leaving_keeps_the_credit_and_counts_it_f59(sandbox: SandboxProcess, tmp_path: Path, way: str) -> None:
    """F59."""
    async with counter(sandbox, tmp_path) as desk:
        taken = (await sold_out(desk)).taken
        await desk.press(way)
        if way == "escape":
            await desk.until(lambda: "Leave the payment?" in desk.text)
            await desk.until(lambda: desk.app.screen.armed)
            await desk.press("y")
        await desk.until(lambda: not isinstance(desk.app.screen, CheckoutScreen))
        await desk.until(lambda: "1 not confirmed" in desk.text)
        assert desk.sale.taken == taken
        await desk.press("ctrl+f")
        await desk.until(lambda: isinstance(desk.app.screen, OrdersScreen) and desk.reference in desk.text)
        await desk.press("b")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.stage is Stage.LAPSED)
        assert not desk.sale.parked
        assert desk.screen.reference == desk.reference


async def test_the_board_shows_the_slip_of_a_paid_sale(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await sold_out(desk)
        await desk.press("n", "ctrl+f")
        await desk.until(lambda: isinstance(desk.app.screen, OrdersScreen) and desk.reference in desk.text)
        await desk.press("p")
        await desk.until(lambda: isinstance(desk.app.screen, SlipScreen) and desk.reference in slip_text(desk))
        assert "PAYÉ – NON CONFIRMÉ" in slip_text(desk)


async def test_two_lines_that_lapsed_are_chosen_by_a_key(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        sandbox.fault("expire_holds", method="POST", route=ORDER)
        await paid_exactly(desk)
        await desk.until(lambda: desk.screen.stage is Stage.LAPSED)
        first, second = (state.line.id for state in desk.sale.lines)
        here = desk.screen.settlement.stuck_line
        assert here is not None
        assert here.line.id == first
        await desk.press("down")
        here = desk.screen.settlement.stuck_line
        assert here is not None
        assert here.line.id == second
        await desk.press("h")
        await desk.until(lambda: len(desk.sale.with_status(LineStatus.HELD)) == 2)


async def test_a_closed_till_takes_nothing_and_says_which_key(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.till.services.till.close(Money.of("0", "EUR"))
        await desk.press("w", "c")
        await desk.until(lambda: "The till is not open" in desk.problem)
        assert "Ctrl+E" in desk.problem
        assert not desk.sale.paying


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_way_out_is_in_sight(sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter(sandbox, tmp_path, size=size, products=(SHOW_PRODUCT, DAY_PRODUCT)) as desk:
        await sold_out(desk)
        for said in ("h holds again", "a another session", "d another date", "g gives back", "x gives all back"):
            assert said in desk.text
        assert "not confirmed" in desk.text
        await desk.press("g")
        await desk.until(lambda: isinstance(desk.app.screen, SettleScreen))
        assert "How does it go back?" in desk.text
        assert "Esc back" in desk.sentences  # the space between a key and its word holds them together


async def test_another_session_takes_the_place(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """The sessions of the same offer, the same people; Enter holds, and what was paid pays."""
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT,)) as desk:
        sale = await sold_out(desk)
        old = sale.lines[0].line
        await desk.press("a")
        await desk.until(lambda: isinstance(desk.app.screen, SessionsScreen) and "17:00" in desk.text)
        await desk.until(lambda: desk.app.screen.ready)
        await desk.press("up")
        await desk.press("enter")
        await desk.until(lambda: desk.sale.lines[0].line.id != old.id and not desk.sale.attempt)
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.screen.stage is Stage.BOOK)
        new = desk.sale.lines[0].line
        assert (new.quantity, new.offer, new.day) == (old.quantity, old.offer, old.day)
        assert new.starts_at != old.starts_at
        await desk.take()
        await at_documents(desk)
        assert desk.orders() == 1
        assert len(desk.sale.payments) == 1


async def test_another_date_takes_the_place(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await sold_out(desk)
        old = sale.lines[0].line
        assert old.day is not None
        await desk.press("d")
        await desk.until(lambda: isinstance(desk.app.screen, OffersScreen) and "7 June" in desk.text)
        await desk.press("slash", *"14/6/2025", "enter")
        await desk.until(lambda: "14 June" in desk.text)
        await desk.until(lambda: any(pick.quantity == old.quantity for pick in desk.app.screen.pane.picks))
        await desk.press("enter")
        await desk.until(lambda: desk.sale.lines[0].line.id != old.id and not desk.sale.attempt)
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen))
        new = desk.sale.lines[0].line
        assert new.day == date(2025, 6, 14)
        assert new.quantity == old.quantity
        assert desk.screen.stage in (Stage.BOOK, Stage.COLLECT)


async def test_coming_back_without_a_choice_changes_nothing(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await sold_out(desk)
        await desk.press("d")
        await desk.until(lambda: isinstance(desk.app.screen, OffersScreen))
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen))
        assert desk.sale == sale
        await desk.press("a")
        await desk.until(lambda: "has no sessions to choose from" in desk.problem)


@pytest.mark.parametrize("route", ["tickets", "offers"])
async def test_the_way_to_another_session_may_fail(sandbox: SandboxProcess, tmp_path: Path, route: str) -> None:
    async with counter(sandbox, tmp_path, products=(SHOW_PRODUCT,)) as desk:
        sale = await sold_out(desk)
        sandbox.fault("status", route=route, status=403, count=None)
        await desk.press("a")
        await desk.until(lambda: "may not do that" in desk.problem)
        assert desk.sale == sale
        assert isinstance(desk.app.screen, CheckoutScreen)
