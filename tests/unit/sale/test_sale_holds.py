"""Deadlines of holds: what is left, how urgent it is, and when money may start (F18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from samples import NOW, held, hold, then

from korus_tui.sale import events as e
from korus_tui.sale.holds import (
    Left,
    Limits,
    PaymentGate,
    Urgency,
    deadline,
    gate,
    lapsed_now,
    remaining,
    soonest,
    urgency,
)
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Hold, Method


def _bogus(one: Hold) -> Hold:
    """A deadline before the hold was made, far in the future."""
    made = NOW + timedelta(days=2)
    return replace(one, created_at=made, expires_at=made - timedelta(days=1))


def left_at(now: datetime) -> Left:
    return lambda one: remaining(one, now)


def _with_holds(sale: Sale, *holds: Hold) -> Sale:
    return replace(sale, holds=holds)


def test_remaining_is_the_deadline_less_now() -> None:
    assert remaining(hold("a", ["a"]), NOW) == timedelta(seconds=900)
    assert remaining(hold("a", ["a"]), NOW + timedelta(seconds=901)) == timedelta(seconds=-1)


def test_a_deadline_that_is_missing_or_before_its_own_creation_is_unknown() -> None:
    for one in (hold("a", ["a"], seconds=None), _bogus(hold("a", ["a"])), hold("a", ["a"], seconds=-1)):
        assert deadline(one) is None
        assert remaining(one, NOW) is None
        assert urgency(remaining(one, NOW)) is Urgency.UNKNOWN


def test_no_hold_is_believed_to_run_for_more_than_a_day_f90() -> None:
    """F90: a server's clock that is a year behind, and a deadline that is a year ahead."""
    assert remaining(hold("a", ["a"]), NOW - timedelta(days=365)) is None
    assert deadline(hold("a", ["a"], seconds=365 * 86_400)) is None


def test_without_a_creation_any_deadline_is_believed() -> None:
    one = replace(hold("a", ["a"], seconds=-5), created_at=None)
    assert urgency(remaining(one, NOW)) is Urgency.LAPSED


@pytest.mark.parametrize(
    ("seconds", "stage"),
    [
        (301, Urgency.CALM),
        (300, Urgency.FIVE),
        (120.5, Urgency.FIVE),
        (120, Urgency.TWO),
        (60.5, Urgency.TWO),
        (60, Urgency.LAST),
        (0.1, Urgency.LAST),
        (0, Urgency.LAPSED),
        (-3600, Urgency.LAPSED),
    ],
)
def test_urgency_at_each_threshold(seconds: float, stage: Urgency) -> None:
    assert urgency(timedelta(seconds=seconds)) is stage


def test_the_soonest_hold_comes_first_and_an_unknown_one_before_it() -> None:
    sale = held("a", "b", "c")
    early, late = hold("a", ["a"], seconds=60), hold("b", ["b"], seconds=600)
    assert soonest(_with_holds(sale, late, early, hold("c", ["c"], seconds=900))) == early
    assert soonest(_with_holds(sale, late, early, hold("c", ["c"], seconds=None))) == hold("c", ["c"], seconds=None)
    assert soonest(_with_holds(sale, late, early, _bogus(hold("c", ["c"])))) == _bogus(hold("c", ["c"]))
    assert soonest(then(held("a"), e.HoldExpired("/reservations/a"))) is None


def test_only_running_holds_lapse_and_unknown_deadlines_never_do() -> None:
    sale = held("a", "b")
    mixed = _with_holds(sale, hold("a", ["a"], seconds=10), hold("b", ["b"], seconds=None))
    assert lapsed_now(mixed, left_at(NOW)) == ()
    assert [one.reservation for one in lapsed_now(mixed, left_at(NOW + timedelta(hours=2)))] == ["/reservations/a"]
    assert lapsed_now(then(mixed, e.HoldExpired("/reservations/a")), left_at(NOW + timedelta(hours=2))) == ()


@pytest.mark.parametrize(
    ("method", "seconds", "found"),
    [
        (Method.CASH, 180, PaymentGate.OPEN),
        (Method.CASH, 179.9, PaymentGate.TOO_LATE),
        (Method.VOUCHER, 180, PaymentGate.OPEN),
        (Method.CARD, 300, PaymentGate.OPEN),
        (Method.CARD, 299.9, PaymentGate.TOO_LATE),
        (Method.CARD, None, PaymentGate.NO_DEADLINE),
        (Method.CASH, -1, PaymentGate.NO_DEADLINE),
    ],
)
def test_the_gate_before_money(method: Method, seconds: float | None, found: PaymentGate) -> None:
    sale = _with_holds(held("a", "b"), hold("a", ["a"]), hold("b", ["b"], seconds=seconds))
    assert gate(sale, method, left_at(NOW), Limits()) is found


def test_the_gate_is_a_setting() -> None:
    sale = _with_holds(held("a"), hold("a", ["a"], seconds=20))
    assert gate(sale, Method.CASH, left_at(NOW), Limits(gate_cash=20)) is PaymentGate.OPEN
    assert gate(sale, Method.CARD, left_at(NOW), Limits(gate_cash=20, gate_card=21)) is PaymentGate.TOO_LATE
