"""Cash in coins that exist: what is collected, what goes back, and what the drawer has of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CUSTOMER, NOW, OPENED, hold, line, order

from korus_tui.journal import codec
from korus_tui.journal.entry import sale_stream
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.money import Money, minor_digits
from korus_tui.sale.rounding import CashRounding
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.takings import Figures, figures
from korus_tui.sale.values import Method, Mode, Payment

AUTO = CashRounding()


@pytest.mark.parametrize(
    ("setting", "currency", "exact", "coins"),
    [
        ("auto", "CZK", "35.20", "35"),
        ("auto", "CZK", "35.50", "36"),
        ("auto", "CZK", "0.20", "0"),
        ("auto", "SEK", "99.49", "99"),
        ("auto", "NOK", "99.50", "100"),
        ("auto", "DKK", "10.24", "10"),
        ("auto", "DKK", "10.25", "10.50"),
        ("auto", "HUF", "1002", "1000"),
        ("auto", "HUF", "1002.50", "1005"),
        ("auto", "CAD", "12.32", "12.30"),
        ("auto", "CAD", "12.33", "12.35"),
        ("auto", "CHF", "12.375", "12.40"),
        ("auto", "EUR", "12.32", "12.32"),
        ("auto", "JPY", "1234", "1234"),
        ("0.05", "EUR", "12.32", "12.30"),
        ("0.05", "EUR", "12.38", "12.40"),
        ("none", "CZK", "35.20", "35.20"),
    ],
)
def test_cash_is_collected_in_coins_of_the_currency_c08(setting: str, currency: str, exact: str, coins: str) -> None:
    rounding, amount = CashRounding(setting), Money.of(exact, currency)
    assert rounding.rounded(amount, Method.CASH) == Money.of(coins, currency)
    assert (rounding.of(amount, Method.CASH) is None) == (Decimal(exact) == Decimal(coins))
    for method in set(Method) - {Method.CASH}:
        assert rounding.of(amount, method) is None


def took(amount: Money, method: Method, key: str = "p") -> Payment:
    """As the payment page records it."""
    given = AUTO.rounded(amount, method) if method is Method.CASH else None
    return Payment(key, method, amount, given, rounding=AUTO.of(amount, method))


def sold(*payments: Payment) -> list[e.Event]:
    due = sum((one.amount for one in payments[1:]), payments[0].amount)
    one = replace(line("a"), quoted=due)
    return [
        OPENED,
        e.LineAdded(one),
        e.HoldRequested("h", ("a",)),
        e.HoldPlaced("h", replace(hold("a", ["a"]), total=due)),
        e.CustomerEntered(CUSTOMER),
        e.PaymentStarted(),
        *(e.PaymentTaken(each) for each in payments),
    ]


def came_to(histories: Sequence[Sequence[e.Event]]) -> Figures:
    rows = [
        e.Recorded(1000 * n + m, f"S{n}", NOW, "Ada", "till 1", event)
        for n, history in enumerate(histories)
        for m, event in enumerate(history)
    ]
    return figures((), rows, Mode.LIVE)[0]


def a_sum(amounts: Sequence[Money], currency: str) -> Money:
    return sum(amounts, Money.of(0, currency))


@given(st.data(), st.sampled_from(["CZK", "HUF", "SEK", "DKK", "CAD", "CHF", "EUR", "JPY", "TND"]))
def test_cash_takings_and_rounding_are_what_was_collected_and_the_drawer_is_exact_c08(
    data: st.DataObject, currency: str
) -> None:
    """Sales in cash, by card, in parts, undone, cancelled in part or whole: the drawer has coins, and just those."""
    amounts = st.integers(1, 10**6).map(lambda minor: Money.from_minor(minor, currency))
    drawer, due, histories = Money.of(0, currency), Money.of(0, currency), []
    for number in range(data.draw(st.integers(1, 4))):
        cash, card = data.draw(amounts), data.draw(st.none() | amounts)
        paid = took(cash, Method.CASH)
        parts = [took(card, Method.CARD, "k"), paid] if card is not None else [paid]
        history = sold(*parts)
        drawer, due = drawer + paid.collected, due + a_sum([one.amount for one in parts], currency)
        if data.draw(st.booleans()):  # undone, and paid anew
            history += [e.PaymentUndone(parts[-1].id), e.PaymentTaken(replace(paid, id="again"))]
        total = a_sum([one.amount for one in parts], currency)
        placed = replace(order("a", "/reservations/a"), total=total, order=f"/orders/{number}")
        history += [e.OrderRequested("o", ("/reservations/a",)), e.OrderPlaced("o", placed)]
        if data.draw(st.booleans()):
            back = Money.from_minor(data.draw(st.integers(1, total.minor)), currency)
            asked = e.CancellationAsked(placed.order, "ill", back, Method.CASH, rounding=AUTO.of(back, Method.CASH))
            history.append(asked)
            drawer -= AUTO.rounded(back, Method.CASH)
        assert fold(history) is not None
        histories.append(history)
    found = came_to(histories)
    assert found.taken(currency) == due
    assert found.cash(currency) == drawer
    cash_alone = found.taken(currency, Method.CASH) - found.refunded(currency, Method.CASH)
    assert cash_alone + found.rounded(currency) == drawer
    coin = AUTO.coin(currency) or Money.from_minor(1, currency)
    assert drawer.amount % coin.amount == 0
    assert found.rounding == ((found.rounded(currency),) if found.rounded(currency) else ())


def test_change_is_of_what_is_collected_c08() -> None:
    paid = replace(took(Money.of("35.20", "CZK"), Method.CASH), tendered=Money.of(50, "CZK"))
    assert paid.change == Money.of(15, "CZK")
    sale = fold(sold(paid))
    assert sale is not None
    assert not sale.due


@pytest.mark.parametrize(
    "wrong",
    [
        Payment("p", Method.CARD, Money.of("35.20", "CZK"), rounding=Money.of("-0.20", "CZK")),
        Payment("p", Method.CASH, Money.of("35.20", "CZK"), rounding=Money.of("-36", "CZK")),
        Payment("p", Method.CASH, Money.of("35.60", "CZK"), Money.of("35.80", "CZK"), rounding=Money.of("0.40", "CZK")),
        Payment("p", Method.CASH, Money.of("35.60", "CZK"), rounding=Money.of("0.40", "EUR")),
    ],
)
def test_a_rounding_that_cannot_be_is_no_record_c08(wrong: Payment) -> None:
    with pytest.raises((NotAllowed, ValueError)):
        fold(sold(wrong))


def test_a_journal_from_before_reads_as_it_did_c08() -> None:
    old = Payment("p", Method.CASH, Money.of("35.20", "CZK"), Money.of(50, "CZK"))
    written = codec.encode(sale_stream("S"), e.PaymentTaken(old))
    payload = json.loads(written.payload)
    del payload["payment"]["rounding"]
    back = codec.decode(sale_stream("S"), written.kind, written.version, codec.canonical(payload), lambda _key: None)
    assert back == e.PaymentTaken(old)
    assert old.change == Money.of("14.80", "CZK")
    assert minor_digits("CZK") == 2
