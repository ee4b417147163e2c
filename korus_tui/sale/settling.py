"""The rules of settling a paid sale that cannot be had as it was: money back, and differences that the house bears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.rule import need
from korus_tui.sale.state import GivenBack, Sale
from korus_tui.sale.values import Method


def _given_back(sale: Sale, event: e.MoneyGivenBack) -> Sale:
    need(sale.attempt is None, "an answer is awaited")
    need(all(one.id != event.id for one in sale.given_back), "it is recorded already")
    need(event.amount.amount > 0, "an amount given back is above zero")
    need(bool(event.reason.strip()), "a reason is needed")
    credit = sale.credit
    need(credit is not None, "nothing is to be given back")
    assert credit is not None
    need(event.amount.currency == credit.currency, "one sale has one currency")
    need(event.amount <= credit, "more than is to be given back")
    rounding = event.rounding
    if rounding is not None:
        need(event.method is Method.CASH, "only cash is rounded")
        need((event.amount + rounding).amount >= 0, "no less than nothing goes back")
    one = GivenBack(event.id, event.amount, event.method, event.reason, event.tickets_back, rounding)
    return replace(sale, given_back=(*sale.given_back, one))


def _absorbed(sale: Sale, event: e.DifferenceAbsorbed) -> Sale:
    need(sale.attempt is None, "an answer is awaited")
    need(sale.asked and bool(sale.taken), "the house bears a difference only where everything was paid once")
    need(event.amount.amount > 0, "an amount that the house bears is above zero")
    need(bool(event.reason.strip()), "a reason is needed")
    due, borne = sale.due, sale.house_bears
    assert due is not None
    assert borne is not None
    need(event.amount.currency == due.currency, "one sale has one currency")
    need(event.amount <= due, "more than is owed")
    return replace(sale, absorbed=Money(borne.amount + event.amount.amount, due.currency))


RULES: dict[type, Callable[[Sale, Any], Sale]] = {e.MoneyGivenBack: _given_back, e.DifferenceAbsorbed: _absorbed}
