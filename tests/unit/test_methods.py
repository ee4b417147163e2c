"""One table of the ways to pay: every place that offers them has all of them."""

from __future__ import annotations

import pytest

from korus_tui import commands, i18n
from korus_tui.counter.booking.methods import METHODS, by_name, same_number
from korus_tui.counter.quickline.payment import payment_text, read_payment
from korus_tui.sale.money import Money
from korus_tui.sale.rounding import CashRounding
from korus_tui.sale.values import Method, Payment
from korus_tui.screens.checkout.panes import pane_of


@pytest.mark.parametrize("method", list(Method))
def test_every_method_is_everywhere(method: Method) -> None:
    info = METHODS[method]
    for page in ("checkout", "settle"):
        row = next(one for one in commands.COMMANDS if one.name == f"{page}.{method}")
        assert (row.keys, row.label) == (info.key, info.name)
        assert row.call.endswith(f"('{method}')")
    read = read_payment(f"!{info.sign}")
    assert not isinstance(read, str)
    assert read.method is method
    assert payment_text(read) == f"!{info.sign}"
    assert pane_of(method, "EUR", CashRounding()).METHOD is method


def test_no_two_methods_have_a_key_or_sign_in_common() -> None:
    signs = "".join(one.key + one.signs for one in METHODS.values())
    assert len(set(signs)) == len(signs)


@pytest.mark.parametrize("language", i18n.languages())
def test_a_method_is_found_by_its_name_in_every_language(language: str) -> None:
    with i18n.speaking(language):
        labels = {method: info.label for method, info in METHODS.items()}
    assert len(set(labels.values())) == len(labels)
    for method, label in labels.items():
        assert by_name(label.upper()) is method


@pytest.mark.parametrize("language", i18n.languages())
def test_one_letter_is_the_same_method_as_on_the_payment_page_c22(language: str) -> None:
    with i18n.speaking(language):
        for method, info in METHODS.items():
            assert by_name(info.key) is method
            assert by_name(f" {info.key.upper()} ") is method


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("GIFT-9", "gift 9", True),
        ("GIFT-9", "GIFT-90", False),
        ("", "", False),
        ("--", "-", False),
    ],
)
def test_a_voucher_is_known_again_however_it_is_typed_c05(one: str, other: str, same: bool) -> None:
    first, second = (Payment(number, Method.VOUCHER, Money.of(1, "EUR"), voucher=number) for number in (one, other))
    assert same_number(first, second) is same
