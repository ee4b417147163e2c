"""Money: exact, with a currency, from string to string."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.sale.money import CurrencyMismatch, Money, minor_digits, total

currencies = st.sampled_from(["EUR", "CAD", "JPY", "TND"])
cents = st.integers(-(10**12), 10**12)


def test_the_api_writes_currencies_in_both_cases() -> None:
    assert Money.of("87.00", "eur") == Money.of("87", "EUR")
    assert str(Money.of("87", "eur")) == "87.00 EUR"


def test_a_binary_fraction_never_touches_it() -> None:
    assert Money.of("0.1", "EUR") + Money.of("0.2", "EUR") == Money.of("0.3", "EUR")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_finite_number(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money.of(amount, "EUR")


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("jpy", 0), ("TND", 3), ("XXX", 2)])
def test_a_currency_has_its_smallest_coin(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("written", "currency", "text"),
    [("87", "EUR", "87.00"), ("42.325", "EUR", "42.325"), ("1E+3", "JPY", "1000"), ("5", "TND", "5.000")],
)
def test_the_plain_figure_hides_no_digit(written: str, currency: str, text: str) -> None:
    assert Money.of(written, currency).text == text


def test_what_is_finer_than_a_coin_is_not_counted_in_coins() -> None:
    with pytest.raises(ValueError, match="finer"):
        _ = Money.of("42.325", "EUR").minor


@given(cents, currencies)
def test_coins_and_back(minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)
    assert money.minor == minor
    assert Money.of(money.text, currency) == money


@given(cents, cents, currencies)
def test_sums_are_sums_of_coins(one: int, other: int, currency: str) -> None:
    first, second = Money.from_minor(one, currency), Money.from_minor(other, currency)
    assert (first + second).minor == one + other
    assert (first - second).minor == one - other
    assert -first == Money.from_minor(-one, currency)
    assert (first < second, first <= second, bool(first)) == (one < other, one <= other, one != 0)


@given(st.lists(cents, max_size=20), currencies)
def test_a_total_is_the_sum_in_any_order(coins: list[int], currency: str) -> None:
    amounts = [Money.from_minor(one, currency) for one in coins]
    assert total(amounts, currency) == total(reversed(amounts), currency) == Money.from_minor(sum(coins), currency)


@given(cents, st.integers(1, 10**6))
def test_many_at_one_price(minor: int, count: int) -> None:
    assert (Money.from_minor(minor, "EUR") * count).minor == minor * count


def test_two_currencies_have_no_sum_and_no_order() -> None:
    euro, yen = Money.of("1", "EUR"), Money.of("1", "JPY")
    for mix in (lambda: euro + yen, lambda: euro - yen, lambda: euro < yen, lambda: euro <= yen):
        with pytest.raises(CurrencyMismatch):
            mix()
    with pytest.raises(CurrencyMismatch):
        total([euro, yen], "EUR")
    assert euro != yen
    assert total([], "JPY") == Money(Decimal(0), "JPY")
