"""Names, addresses and telephone numbers of real people, as they are typed (F56)."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkout_counter import at_documents, counter
from families import some
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, Till

from korus_tui.counter.booking import customer as rules
from korus_tui.sale.values import Customer

PEOPLE = {
    "accents": ("Siobhán", "O'Brien-Łuczak", "zoe.o'brien+tickets@example.org", "+353 1 496 0000"),
    "null": ("Null", "None", "null@example.org", "0"),
    "one letter": ("A", "Ơ", "a@b.example", "112"),
    "longest": ("B" * 255, "Ñ" * 255, "l" * 60 + "@example.org", "9" * 255),
    "emoji": ("Zoë 🎟️", "👩‍👩‍👧 Family", "zoe@example.org", "☎ 12"),
    "right to left": ("שרה", "الخوارزمي", "sara@example.org", "+972-2-000-0000"),
    "decomposed": ("Ame\u0301lie", "Nguye\u0302\u0303n", "amelie@example.org", "(+84) 24/3825 ext. 7"),
    "idn": ("李", "明", "li@bücher.example", "+86 10 6552 9988"),
    "markup": ("[b]Bo[/b]", "{name} %s <b>&amp;</b>", "bo@example.org", "=cmd|' /C calc'!A0"),
}

SANDBOX = {"now": BEFORE_SEASON}


@pytest.mark.parametrize("who", PEOPLE)
def test_f56_the_form_takes_people_as_they_are(who: str) -> None:
    first, last, email, phone = PEOPLE[who]
    assert rules.faults(rules.tidy(Customer(first, last, email, phone))) == {}


@pytest.mark.parametrize("who", PEOPLE)
async def test_f56_what_was_typed_is_what_is_sent(sandbox: SandboxProcess, tmp_path: Path, who: str) -> None:
    first, last, email, phone = PEOPLE[who]
    async with Till(sandbox, tmp_path) as till:
        sale = await till.hold(await till.line())
        await till.services.checkout.enter_customer(sale.reference, Customer(first, last, email, phone))
        from korus_tui.sale.values import Method

        await till.services.checkout.start(sale.reference, Method.CASH)
        await till.pay(sale.reference)
        sale = await till.until(sale.reference, lambda one: one.all_ordered)
        with sandbox.http() as http:
            sent = http.get(sale.orders[0].order).json()["customer"]
    assert (sent["firstname"], sent["lastname"], sent["email"], sent["phone"]) == (first, last, email, phone)


@pytest.mark.parametrize("who", some(2, ["accents", "emoji", "markup", "right to left"]))
async def test_f56_typed_by_keys_and_ordered(sandbox: SandboxProcess, tmp_path: Path, who: str) -> None:
    first, last, email, _phone = PEOPLE[who]
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("e")
        for number, text in enumerate((first, last, email)):
            field = ("first_name", "last_name", "email")[number]
            for sign in text:
                desk.app.focused.insert_text_at_cursor(sign)
            assert desk.app.focused is desk.screen.query_one(f"#c-{field} Input")
            await desk.press("enter")
        await desk.press("escape")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.email == email)
        assert (desk.sale.customer.first_name, desk.sale.customer.last_name) == (first, last)
        await desk.press("c", "equals_sign")
        await desk.take()
        await at_documents(desk)


@pytest.mark.parametrize(
    "email",
    [
        "a@b",
        "no at sign",
        "two@@example.org",
        "with space@example.org",
        "@example.org",
        "x@.org",
        "x" * 250 + "@example.org",
    ],
)
def test_f56_an_address_that_cannot_be_one_is_said_in_words(email: str) -> None:
    assert rules.check_email(email)
