"""Payment at the counter, by keys alone, on a real sandbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from checkout_counter import at_documents, counter, paid_exactly
from sandbox_process import SandboxProcess
from textual import events
from textual.widget import Widget
from till import BEFORE_SEASON

from korus_tui.config.settings import Limits
from korus_tui.sale.money import Money
from korus_tui.sale.stage import Stage
from korus_tui.sale.state import LineStatus
from korus_tui.sale.values import Method
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.panes import PaymentPane
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common import dead_time
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.money_guard import MoneyGuard
from korus_tui.widgets.big_amount import BigAmount
from korus_tui.widgets.inputs.field import Field

SANDBOX = {"now": BEFORE_SEASON}


class SetClock:
    """A clock that the test moves."""

    seconds = 100.0

    def boot(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


async def test_cash_exact_books_once_and_shows_the_documents(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await paid_exactly(desk)
        await at_documents(desk)
        assert desk.orders() == 1
        (payment,) = desk.sale.payments
        assert payment.method is Method.CASH
        assert payment.tendered == payment.amount == desk.sale.to_collect


async def test_cash_counts_notes_and_says_the_change(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "c", "f6", "f5")  # 100 and 50
        change = 15000 - desk.due()
        assert change > 0
        shown = desk.screen.query_one("#change", BigAmount).view
        assert shown == words.money(Money.from_minor(change, "EUR"))
        assert f"F10 takes {words.money(desk.sale.due)} in cash and books" in desk.text
        await desk.take()
        await at_documents(desk)
        assert desk.sale.payments[0].change.minor == change


async def test_cents_are_typed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "c", *str(desk.due() + 400))
        await desk.take()
        await at_documents(desk)
        assert desk.sale.payments[0].change.minor == 400


async def test_too_little_cash_is_said_under_the_field(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "c", *str(desk.due() - 1))
        await desk.take()
        assert "0.01 is missing" in desk.error("given")
        await desk.press("f3", "f3")
        assert desk.error("given") == ""
        assert desk.sale.payments == ()


async def test_no_method_is_preselected(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        assert "How is it paid?" in desk.text
        assert not [pane for pane in desk.screen.query(PaymentPane) if pane.display]
        await desk.take()
        assert "How is it paid?" in desk.problem
        assert (desk.sale.payments, desk.orders()) == ((), 0)


async def test_a_letter_that_is_typed_into_a_field_switches_no_method_behind_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """A voucher's reference that is typed into the amount: its letters neither choose a card nor undo anything."""
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "v", *"kc")
        assert desk.screen.payment.method is Method.VOUCHER
        assert "Esc, then choose another way" in desk.problem
        await desk.press(*"1500", *"uhynk")
        assert (desk.screen.payment.method, desk.sale.payments) == (Method.VOUCHER, ())
        assert desk.screen.payment.pane.part_field.value == "1500"
        await desk.press("escape", "k")
        assert desk.screen.payment.method is Method.CARD
        await desk.press(*"ckvu")
        assert (desk.screen.payment.method, desk.screen.payment.pane._text("authorisation")) == (Method.CARD, "ckvu")


async def test_enter_takes_no_money(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "c", "equals_sign")
        await desk.until(lambda: desk.screen.guard.ready)
        await desk.press("enter", "enter")
        assert "Enter does not take money" in desk.text
        assert (desk.sale.payments, desk.orders()) == ((), 0)


async def test_two_f10_in_one_write_take_the_money_once_f50(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F50."""
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "c", "equals_sign")
        await desk.until(lambda: desk.screen.guard.ready)
        for _press in range(3):
            desk.app.post_message(events.Key("f10", None))
        await at_documents(desk)
        assert (len(desk.sale.payments), desk.orders()) == (1, 1)


class Page(Widget):
    """A page that is painted when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], object]] = []

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        self.waiting.append(partial(callback, *args, **kwargs))
        return True

    def paint(self) -> None:
        self.waiting.pop(0)()


def test_the_money_key_is_dead_while_the_pane_is_new_f50() -> None:
    clock, page = SetClock(), Page()
    guard = MoneyGuard(clock, page)
    guard.arm()
    page.paint()
    assert not guard.ready
    clock.seconds += 0.29
    assert not guard.ready
    clock.seconds += 0.02
    assert guard.ready


def test_the_money_key_is_dead_until_the_pane_was_painted_f50() -> None:
    """A slow machine paints after the dead time: it begins only then, and anew with whatever comes on the page."""
    clock, page = SetClock(), Page()
    guard = MoneyGuard(clock, page)
    guard.arm()
    clock.seconds += 2
    assert not guard.ready
    guard.arm()
    page.paint()  # what was there before
    clock.seconds += 1
    assert not guard.ready
    page.paint()
    assert not guard.ready
    clock.seconds += 0.31
    assert guard.ready


def test_a_stall_makes_the_keys_of_its_time_dead_f32() -> None:
    """F32."""
    clock, page = SetClock(), Page()
    guard = MoneyGuard(clock, page)
    clock.seconds += 1
    assert guard.ready
    clock.seconds += 60
    assert not guard.ready
    clock.seconds += 1
    assert not guard.ready
    page.paint()
    clock.seconds += 1
    assert guard.ready


async def test_f10_typed_ahead_of_a_slow_page_takes_no_money_f50(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is busy for longer than the dead time while the pane opens: nobody has read it when F10 comes."""
    monkeypatch.setattr(dead_time, "DEAD_TIME", 1.0)  # however busy the machine itself is
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer and desk.screen.guard.ready)
        busy = iter([2 * dead_time.DEAD_TIME])
        show_keys = CheckoutScreen.show_keys

        def slow(screen: CheckoutScreen) -> None:
            show_keys(screen)
            if screen.payment.method is not None:
                time.sleep(next(busy, 0))  # a busy machine: nobody waits for anything; noqa: house

        monkeypatch.setattr(CheckoutScreen, "show_keys", slow)
        handled = asyncio.Event()

        def f10() -> None:
            desk.app.post_message(events.Key("f10", None))
            desk.app.call_later(handled.set)

        for key in (events.Key("c", "c"), events.Key("equals_sign", "=")):
            desk.app.post_message(key)
        desk.app.call_later(desk.screen.call_later, f10)  # F10 overtakes letters that are still on their way
        await desk.until(lambda: handled.is_set() and desk.screen.guard.ready)
        assert "in cash and books" in desk.text
        assert (desk.sale.payments, desk.orders()) == ((), 0)
        await desk.take()
        await at_documents(desk)


async def test_split_card_then_cash_and_undo(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        owed = desk.due()
        await desk.press("w", "s", "k", *"3000", "enter", *"4711", "enter", *"CB", "enter", *"1234")
        assert "stays to collect" in desk.text
        await desk.take()
        await desk.until(lambda: desk.sale.payments)
        (card,) = desk.sale.payments
        assert (card.authorisation, card.brand, card.last_four, card.amount.minor) == ("4711", "CB", "1234", 3000)
        assert desk.due() == owed - 3000
        assert not [pane for pane in desk.screen.query(PaymentPane) if pane.display]
        await desk.until(lambda: "u gives it back" in desk.text and desk.screen.guard.ready)
        await desk.press("u")
        await desk.until(lambda: not desk.sale.payments)
        assert "Give back: €30.00 by card" in desk.problem
        await desk.press("s", "v", *"3000", "enter", *"V-9")
        await desk.take()
        await desk.until(lambda: desk.sale.payments)
        await desk.press("c", "equals_sign")
        await desk.take()
        await at_documents(desk)
        assert [one.method for one in desk.sale.payments] == [Method.VOUCHER, Method.CASH]
        assert (desk.sale.payments[0].voucher, desk.orders()) == ("V-9", 1)


async def test_more_than_is_owed_is_taken_in_cash_only(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "v", *str(desk.due() + 1), "enter", *"V-9")
        await desk.take()
        assert "More than is owed" in desk.error("part-voucher")
        assert desk.sale.payments == ()


async def test_a_card_number_is_refused_wherever_it_is_typed_f57(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F57."""
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("k", *"4111111111111111")
        await desk.until(lambda: "card number" in desk.error("authorisation"))
        assert "4111" not in desk.text
        await desk.press("escape", "e", *"4111111111111111")
        await desk.until(lambda: "card number" in desk.error("c-first_name"))
        assert "4111" not in desk.text


async def test_without_a_customer_no_money_is_taken(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("c", "equals_sign")
        await desk.take()
        assert "needs a customer" in desk.problem
        assert desk.sale.payments == ()


async def test_the_keys_that_are_told_for_a_customer_work_from_within_a_field(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("k", *"A123")
        await desk.take()
        assert "w walk-in" in desk.problem
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        await desk.take()
        await at_documents(desk)
        assert [one.authorisation for one in desk.sale.payments] == ["A123"]


async def test_a_missing_walk_in_customer_says_how_to_set_one(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, walk_in=None) as desk:
        await desk.press("w")
        assert "no walk-in customer" in desk.problem
        assert "none yet: e types one" in desk.text
        assert "w walk-in" not in desk.text  # C22: a key is offered while it can do what it says
        assert "c has a place for one" in desk.problem
        assert desk.sale.customer is None


async def test_a_wrong_address_is_said_under_its_field_and_what_is_typed_stays_f56(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F56."""
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("e", *"Zo", "enter", *"Łuczak", "enter", *"zo@nowhere", "enter")
        assert "name with a point" in desk.error("c-email")
        await desk.press("escape")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.email == "zo@nowhere")
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, CartScreen))
        desk.app.push_screen(CheckoutScreen(desk.till.services))
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen) and desk.app.screen.stage)
        await desk.press("c", "equals_sign")
        await desk.take()
        assert desk.sale.payments == ()
        assert desk.app.focused is desk.screen.query_one("#c-email", Field).entry
        assert "name with a point" in desk.error("c-email")
        await desk.press(*".org", "escape")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.email == "zo@nowhere.org")
        await desk.press("equals_sign")
        await desk.take()
        await at_documents(desk)
        assert "nowhere" not in desk.text


async def test_what_the_api_refuses_of_the_customer_stands_under_its_field_f12(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F12: the sandbox knows no country XK."""
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("e", *"Zo", "enter", *"Bee", "enter", *"zo@example.org", "enter", "enter", *"XK", "escape")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.country == "XK")
        await desk.press("c", "equals_sign")
        await desk.take()
        await desk.until(lambda: "Korus refused this" in desk.error("c-country"))
        assert desk.app.focused is desk.screen.query_one("#c-country", Field).entry
        assert (len(desk.sale.payments), desk.orders()) == (1, 0)
        await desk.press(*["backspace"] * 6, *"FR", "escape")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.country == "FR")
        await desk.take()
        await at_documents(desk)
        assert (len(desk.sale.payments), desk.orders()) == (1, 1)


async def test_a_hold_that_lapsed_after_payment_is_held_again_and_booked_f11(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F11: in words on its line, with the key that holds again; what was paid stays."""
    async with counter(sandbox, tmp_path, (80, 24)) as desk:
        sandbox.fault("expire_holds", method="POST", route="orders_bulk")
        await paid_exactly(desk)
        await desk.until(lambda: desk.sale.with_status(LineStatus.LAPSED))
        await desk.until(lambda: "its hold lapsed" in desk.text and "holds again at today's price" in desk.text)
        assert "1 line lapsed" in desk.text
        assert "was taken and stays recorded" in desk.text
        await desk.press("h")
        await desk.until(lambda: desk.screen.stage is Stage.BOOK)
        assert desk.problem == ""
        await desk.take()
        await at_documents(desk)
        assert (len(desk.sale.payments), desk.orders()) == (1, 1)


async def test_a_price_that_rose_meanwhile_is_decided_on_f16(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        offer = desk.sale.lines[0].line.offer
        sandbox.fault("expire_holds", method="POST", route="orders_bulk")
        await paid_exactly(desk)
        await desk.until(lambda: desk.sale.with_status(LineStatus.LAPSED))
        taken = desk.sale.taken
        usual = desk.sale.lines[0].line.quoted.text
        sandbox.control("price", offer=offer, amount="50.00")
        try:
            await desk.press("h")
            await desk.until(lambda: desk.screen.stage is Stage.DECIDE)
            assert "is to be collected" in desk.sentences
            await desk.take()
            assert desk.orders() == 0
            await desk.until(lambda: desk.screen.guard.ready)
            await desk.press("y")
            await desk.until(lambda: desk.screen.stage is Stage.COLLECT)
            await desk.press("c", "equals_sign")
            await desk.take()
            await at_documents(desk)
        finally:
            sandbox.control("price", offer=offer, amount=usual)
        assert desk.orders() == 1
        assert desk.sale.to_collect != taken


async def test_an_order_that_was_surely_refused_is_tried_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """The money stays recorded; F10 books."""
    async with counter(sandbox, tmp_path) as desk:
        wrong = {"propertyPath": "customer", "message": "no"}
        body = {"@type": "ConstraintViolationList", "violations": [wrong]}
        sandbox.fault("status", status=422, method="POST", route="orders_bulk", body=body)
        await paid_exactly(desk)
        await desk.until(lambda: "Nothing was ordered" in desk.problem)
        assert "F10 books again" in desk.problem
        assert (len(desk.sale.payments), desk.orders()) == (1, 0)
        await desk.take()
        await at_documents(desk)
        assert (len(desk.sale.payments), desk.orders()) == (1, 1)


async def test_an_answer_that_does_not_come_is_looked_up_and_ends_in_documents_f05(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F05: one order, not charged again."""
    async with counter(sandbox, tmp_path) as desk:
        sandbox.fault("drop_after", method="POST", route="orders_bulk")
        sandbox.fault("status", status=503, method="GET", count=None)
        await paid_exactly(desk)
        await desk.until(lambda: "PAID – NOT CONFIRMED" in desk.text)
        for said in ("Do not charge again", desk.reference, "payment recorded", "Tell the customer", "next customer"):
            assert said in desk.text
        await desk.press("f10", "enter")
        sandbox.no_faults()
        await at_documents(desk)
        assert (len(desk.sale.payments), desk.orders()) == (1, 1)


async def test_the_next_customer_does_not_wait_for_the_answer_f09(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F09."""
    async with counter(sandbox, tmp_path) as desk:
        sandbox.fault("drop_after", method="POST", route="orders_bulk")
        sandbox.fault("status", status=503, method="GET", count=None)
        await paid_exactly(desk)
        await desk.until(lambda: "PAID – NOT CONFIRMED" in desk.text)
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, CatalogScreen))
        assert desk.till.services.desk.sale is None
        sandbox.no_faults()
        await desk.until(lambda: desk.sale.all_ordered)
        assert desk.orders() == 1


async def test_leaving_without_money_frees_the_basket(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("c")
        await desk.until(lambda: desk.sale.paying)
        await desk.press("escape", "escape")
        await desk.until(lambda: isinstance(desk.app.screen, CartScreen))
        assert not desk.sale.paying


async def test_leaving_with_money_is_asked_about_and_keeps_it_f59(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F59."""
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "s", "c", *"1000")
        await desk.take()
        await desk.until(lambda: desk.sale.payments)
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, ConfirmScreen))
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, CheckoutScreen))
        assert len(desk.sale.payments) == 1
        assert desk.sale.paying


async def test_no_card_payment_starts_on_a_hold_that_ends_too_soon(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, limits=Limits(gate_cash=60, gate_card=3600)) as desk:
        assert "closed for card" in desk.text
        await desk.press("w", "k")
        await desk.until(lambda: "too short a time" in desk.problem)
        assert not [pane for pane in desk.screen.query(PaymentPane) if pane.display]
        assert not desk.sale.paying


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_size_shows_what_is_needed_to_sell(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, size) as desk:
        await desk.press("w", "s", "c", *"100")
        for said in (
            "held until",
            "payment gate",
            "walk-in",
            "How is it paid?",
            "exact",
            "F6\u00a0+100",
            "Given",
            "F10 takes",
        ):
            assert said in desk.text
