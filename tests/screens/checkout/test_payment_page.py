"""What stands on the payment page while an amount is typed, at every size and in every currency."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkout_counter import AtCheckout, at_documents, counter
from families import some
from pressing import keys
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui import i18n
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.values import Method, Payment
from korus_tui.screens.checkout.text import typed_hint
from korus_tui.screens.common import formats as words

SANDBOX = {"now": BEFORE_SEASON}


async def parts(desk: AtCheckout, count: int) -> None:
    """So many payments of one euro each by voucher."""
    checkout = desk.till.services.checkout
    await desk.press("w")
    await desk.until(lambda: desk.sale.customer)
    for number in range(count):
        one = Payment(f"part-{number}", Method.VOUCHER, Money.of("1.00", "EUR"), voucher=f"GIFT-{number}")
        await checkout.take(desk.reference, one)
    await desk.until(lambda: f"GIFT-{count - 1}" in desk.text and desk.screen.guard.ready)


@pytest.mark.parametrize("size", some(2, [((80, 24),), ((80, 30),), ((120, 40),)]))
async def test_with_fourteen_parts_everything_of_the_next_is_in_sight_c03(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, size=size) as desk:
        await parts(desk, 14)
        await desk.press("s", "c")
        await desk.until(lambda: "Given" in desk.text)
        for said in ("still to collect", "Take now", "Given", "Type the amount to take"):
            assert said in desk.text, desk.text
        await desk.press(*"500", "enter", *"400")
        await desk.until(lambda: "1.00 is missing" in desk.text)
        await desk.press(*["backspace"] * 3, *"2000")
        await desk.until(lambda: "F10 takes €5.00 in cash" in desk.text)
        rest = words.money(desk.sale.due - Money.of(5, "EUR"))
        assert f"{rest} stays to collect" in " ".join(desk.text.split())
        assert "Change" in desk.text
        for _ in range(14):
            await desk.press("pageup")
        await desk.until(lambda: "GIFT-0" in desk.text)
        assert "F10 takes" in desk.text
        assert "Take now" in desk.text
        for _ in range(14):
            await desk.press("pagedown")
        await desk.until(lambda: "GIFT-13" in desk.text)


@pytest.mark.parametrize("count", [1, 3])
async def test_few_parts_leave_no_hole_above_the_question_c03(
    sandbox: SandboxProcess, tmp_path: Path, count: int
) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        await parts(desk, count)
        lines = desk.text.splitlines()
        paid = max(place for place, line in enumerate(lines) if "GIFT-" in line)
        asked = next(place for place, line in enumerate(lines) if "How is it paid?" in line)
        assert asked - paid <= 6, desk.text
        assert "GIFT-0" in desk.text


async def test_a_refused_part_leaves_all_in_sight_c03(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        await parts(desk, 14)
        await desk.press("s", "c", *"99999")
        await desk.take()
        await desk.until(lambda: desk.error("part-cash"))
        for said in ("still to collect", "Take now", "Given", "More than is owed", "Enter does not take money"):
            assert said in desk.text, desk.text


# What F10 does


async def test_the_foot_says_that_nothing_is_to_be_taken_where_it_only_books(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """Paid, and the order refused: the money is not taken a second time. Undone, it is to be taken again."""
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        wrong = {"propertyPath": "customer", "message": "no"}
        body = {"@type": "ConstraintViolationList", "violations": [wrong]}
        sandbox.fault("status", status=422, method="POST", route="orders_bulk", body=body)
        await desk.press("w", "c", "equals_sign")
        await desk.until(lambda: "F10 take & book" in foot(desk))
        await desk.take()
        await desk.until(lambda: "Nothing was ordered" in desk.problem)
        await desk.until(lambda: "F10 book " in foot(desk) and desk.screen.guard.ready)
        assert "take" not in foot(desk)
        await desk.press("u")
        await desk.until(lambda: not desk.sale.payments and "F10" not in foot(desk) and desk.screen.guard.ready)
        await desk.press("c", "equals_sign")
        await desk.until(lambda: "F10 take & book" in foot(desk))
        await desk.take()
        await at_documents(desk)
        assert (len(desk.sale.payments), desk.orders()) == (1, 1)


def foot(desk: AtCheckout) -> str:
    """The line of keys."""
    return desk.text.rstrip().splitlines()[-1]


# Amounts as they are typed


@pytest.mark.parametrize(
    ("currency", "said"),
    [
        ("EUR", "500 = €5.00   500. = €500.00"),
        ("JPY", "500 = JP¥500"),
        ("TND", "500 = 0.500   500. = 500.000"),
    ],
)
def test_how_an_amount_is_typed_is_said_in_the_currency_s_own_terms_c07(currency: str, said: str) -> None:
    assert typed_hint(currency) == said


def test_and_with_the_language_s_own_sign_c07() -> None:
    with i18n.speaking("fr"):
        assert typed_hint("EUR") == "500 = 5,00\u00a0€   500, = 500,00\u00a0€"


async def test_it_is_said_where_it_is_typed_and_the_key_is_offered_when_it_can_c07_c22(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        await desk.press("w", "c")
        desk.screen.guard.arm()
        await desk.press("f10")
        await desk.until(lambda: "That key came before this page could be read" in desk.problem)
        assert "500 = €5.00   500. = €500.00" in desk.text
        assert "F10" not in desk.text
        await desk.press(*"1")
        await desk.until(lambda: "is missing" in desk.text)
        assert "F10 takes" not in desk.text
        await desk.press("backspace", "f8")  # a note of 500
        await desk.until(lambda: "F10 takes" in desk.text and "F10 take & book" in desk.text)
        await desk.take()
        await at_documents(desk)
        assert desk.sale.payments[0].tendered == Money.of("500.00", "EUR")


@pytest.mark.parametrize("typed", some(2, ["500,00", "500.", "500,", "50000"]))
async def test_five_hundred_by_any_way_c07(sandbox: SandboxProcess, tmp_path: Path, typed: str) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "c", *keys(typed))
        await desk.take()
        await at_documents(desk)
        assert desk.sale.payments[0].tendered == Money.of("500.00", "EUR")


async def test_a_decimal_that_is_deleted_makes_no_cents_of_it_c07(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "s", "c", *"60", "comma", "5", "backspace", "backspace")
        field = desk.screen.payment.pane.part_field
        assert field.value == "6,"
        assert desk.screen.payment.amount == Money.of("6.00", "EUR")
        await desk.press("backspace", "backspace")
        assert (field.value, desk.screen.payment.amount) == ("", None)


@pytest.mark.parametrize("number", some(2, ["GIFT-9", "x9", "kc-9", "V9", "9Z"]))
async def test_a_voucher_s_number_is_no_amount_c07(sandbox: SandboxProcess, tmp_path: Path, number: str) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "v")
        await desk.until(lambda: desk.screen.payment.method is Method.VOUCHER)
        await desk.press(*({"-": "minus"}.get(sign, sign) for sign in number))
        assert desk.screen.payment.amount is None
        assert "is no part of an amount" in " ".join(desk.text.split())
        await desk.take()
        assert desk.sale.payments == ()
        await desk.press(*["backspace"] * 4, *"900", "enter", *"GIFT")
        await desk.until(lambda: "F10 takes €9.00 by voucher" in desk.text)


# Holiday vouchers


async def test_holiday_vouchers_pay_their_face_value_and_give_no_change_c03(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        due = desk.due()
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        for number in range(1, 5):  # four people, two vouchers of ten each
            await desk.press("o", *"1000", "enter", "2")
            await desk.until(lambda: "F10 takes €20.00 by holiday voucher" in desk.text)
            await desk.take()
            await desk.until(lambda count=number: len(desk.sale.payments) == count and desk.screen.guard.ready)
        assert all((one.face, one.count) == (Money.of("20.00", "EUR"), 2) for one in desk.sale.payments)
        assert desk.due() == due - 8000
        await desk.press("o", *"99900")
        await desk.until(lambda: "of their value does not go back" in desk.text)
        await desk.take()
        await at_documents(desk)
        last = desk.sale.payments[-1]
        assert last.face == Money.of("999.00", "EUR")
        assert last.amount == Money.from_minor(due - 8000, "EUR")
        reading = await desk.till.services.till.read()
        taken = reading.practice if reading.practice.takings else reading.live
        assert taken.taken("EUR", Method.HOLIDAY_VOUCHER).minor == due
        assert taken.beyond == (Money.of("999.00", "EUR") - last.amount,)


@pytest.mark.parametrize("typed", some(2, [((),), (("0",),), ((*"1000", "enter", "x"),), ((*"1000", "enter", "0"),)]))
async def test_a_holiday_voucher_without_a_value_takes_nothing_c07(
    sandbox: SandboxProcess, tmp_path: Path, typed: tuple[str, ...]
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w", "o", *typed)
        await desk.until(lambda: desk.screen.payment.missing)
        assert "F10 takes" not in desk.text
        await desk.take()
        await desk.until(lambda: desk.error("face") or desk.error("count"))
        assert desk.sale.payments == ()


# The same voucher twice


async def voucher(desk: AtCheckout, number: str, amount: str = "1000") -> None:
    """This much by a voucher of this number, with F10."""
    await desk.until(lambda: desk.screen.guard.ready)
    await desk.press("v", *amount, "enter", *number)
    await desk.take()


async def test_a_voucher_pays_once_in_a_sale_c05(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        await voucher(desk, "GIFT9")
        await desk.until(lambda: len(desk.sale.payments) == 1)
        await voucher(desk, "gift9")
        await desk.until(lambda: "Voucher GIFT9 has paid already: €10.00 in this sale" in desk.problem)
        await desk.press("ctrl+x", "ctrl+x")
        await desk.take()
        await desk.until(lambda: "10,00 € dans cette vente" in desk.problem.replace("\u00a0", " "))
        await desk.press("ctrl+x")
        assert len(desk.sale.payments) == 1
        await desk.press("escape", "u")
        await desk.until(lambda: not desk.sale.payments)
        await voucher(desk, "GIFT9")  # what was undone may pay again
        await desk.until(lambda: len(desk.sale.payments) == 1)


async def test_and_once_in_a_shift_c05(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        first = desk.reference
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        await voucher(desk, "GIFT9", str(desk.due()))
        await at_documents(desk)
        await desk.till.services.desk.record(first, e.SaleFinished())
        await desk.hold()
        await desk.checkout()
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer)
        await voucher(desk, "gift9")
        await desk.until(lambda: "has paid already" in desk.problem)
        assert first in desk.problem
        assert (desk.sale.payments, desk.orders()) == ((), 0)


# Another currency than the drawer's


async def test_cash_in_another_currency_than_the_drawer_s_is_refused_c06(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, currency="CHF") as desk:
        await desk.press("w", "c")
        await desk.until(lambda: "The drawer is counted in CHF; this would be cash in EUR" in desk.problem)
        await desk.take()
        assert desk.sale.payments == ()
        await desk.press("k", *"A1")
        await desk.until(lambda: "by card and books" in desk.text)
        await desk.take()
        await at_documents(desk)
        assert [one.method for one in desk.sale.payments] == [Method.CARD]
        assert (await desk.till.services.till.close(Money.of(0, "CHF"))).shift.closing.difference == Money.of(0, "CHF")


# Whose clock


async def test_the_header_is_about_the_sale_that_is_paid_c12(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        waiting = desk.reference
        await desk.press("escape")
        await desk.until(lambda: not desk.sale.paying)
        await desk.till.services.desk.park(waiting)
        await desk.hold()
        await desk.checkout()
        top = desk.text.splitlines()[0]
        assert desk.reference != waiting
        assert desk.reference in top, top
        assert waiting not in top


async def test_split_before_a_method_says_what_it_changed_c22(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        await desk.press("s")
        await desk.until(lambda: "In parts: how is the first one paid?" in desk.said("#take"))
        await desk.press("s")
        assert await desk.until(lambda: "No money is taken before you say how it is paid." in desk.said("#take"))


async def test_after_fourteen_parts_the_documents_are_in_sight_c03(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        await parts(desk, 14)
        await desk.press("c", "equals_sign")
        await desk.take()
        await at_documents(desk)
        await desk.until(lambda: "ready" in desk.text)
        assert "Tickets" in desk.text, desk.text
        for said in ("The order is complete", "paid €14.00 voucher · 14 payments", "paid €82.00 cash"):
            assert said in desk.text, desk.text
