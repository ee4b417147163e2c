"""Cash and cards: change, notes, and numbers that are never kept (F57)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import cash, euro

from korus_tui.sale.money import CurrencyMismatch, Money
from korus_tui.sale.payment import change, is_card_number, notes
from korus_tui.sale.values import Method, Payment

# Published test numbers of the card schemes.
CARDS = ["4111111111111111", "5555 5555 5555 4444", "3782-822463-10005", "4222222222222", "6304000000000000000"]


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_is_known_in_any_spelling_f57(number: str) -> None:
    assert is_card_number(number)
    assert is_card_number(f"card {number}.")


@given(st.integers(12, 18).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_exactly_one_last_digit_in_ten_makes_a_card_number(start: str) -> None:
    assert sum(is_card_number(start + digit) for digit in "0123456789") == 1


@pytest.mark.parametrize("text", ["", "1234", "411111111111", "4111111111111112", "4" * 20, "٤١١١١١١١١١١١١١١١", "VISA"])
def test_what_is_no_card_number(text: str) -> None:
    assert not is_card_number(text)


def test_change_is_what_goes_back() -> None:
    assert change(euro(87), euro(100)) == euro(13)
    assert change(euro(87), euro(80)) == euro(-7)
    with pytest.raises(CurrencyMismatch):
        change(euro(87), Money.of("100", "CHF"))


def test_only_what_was_tendered_gives_change() -> None:
    assert cash("p", euro(87), euro(100)).change == euro(13)
    assert cash("p", euro(87)).change == euro(0)
    assert Payment("p", Method.CARD, euro(87)).change == euro(0)


def test_notes_rise_and_unknown_currencies_have_none() -> None:
    for currency in ("EUR", "GBP", "USD", "CHF"):
        assert list(notes(currency)) == sorted(set(notes(currency)))
        assert min(notes(currency)) > 0
    assert notes("XXX") == ()
