"""The three-way check of amounts: quoted, held, ordered."""

from __future__ import annotations

from dataclasses import replace

from samples import CUSTOMER, cash, euro, hold, line, order, sale_of, then

from korus_tui.sale import events as e
from korus_tui.sale.differences import Between, differences, undecided
from korus_tui.sale.state import Sale


def _held_at(total: str, items: str | None = None, *, reservation: str = "r") -> Sale:
    sale = sale_of(e.LineAdded(line("a", 2, "43.50")), e.HoldRequested("h", ("a",)))
    made = replace(hold(reservation, ["a"], total), items_total=None if items is None else euro(items))
    return then(sale, e.HoldPlaced("h", made))


def _said(sale: Sale) -> list[tuple[Between, str, str]]:
    return [(one.between, one.first.text, one.second.text) for one in differences(sale)]


def test_equal_amounts_are_no_difference() -> None:
    assert _said(_held_at("87.00", "87.00")) == []
    assert _said(_held_at("87")) == []


def test_the_tutorials_own_amounts_are_two_differences_f16() -> None:
    """87.00 quoted, 80.00 held, its items 42.32."""
    assert _said(_held_at("80.00", "42.32")) == [
        (Between.QUOTED_HELD, "87.00", "80.00"),
        (Between.ITEMS_HELD, "42.32", "80.00"),
    ]


def test_what_was_ordered_is_compared_with_what_was_held_f16() -> None:
    sale = then(_held_at("87"), e.CustomerEntered(CUSTOMER), e.PaymentStarted(), e.PaymentTaken(cash("p", euro(87))))
    sale = then(sale, e.OrderRequested("o", ("/reservations/r",)))
    assert _said(then(sale, e.OrderPlaced("o", order("1", "/reservations/r", "87.00")))) == []
    assert _said(then(sale, e.OrderPlaced("o", order("1", "/reservations/r", "42.32")))) == [
        (Between.HELD_ORDERED, "87.00", "42.32")
    ]


def test_a_decision_covers_exactly_this_disagreement_f16() -> None:
    sale = _held_at("80.00", "42.32")
    first, second = differences(sale)
    decided = then(sale, e.DifferenceAccepted(first.key, "seen"))
    assert undecided(decided) == (second,)
    assert undecided(then(decided, e.DifferenceAccepted(second.key, "seen"))) == ()
    again = then(decided, e.HoldRequested("2", ("a",)))
    moved = then(again, e.HoldPlaced("2", hold("s", ["a"], "81.00")))
    assert [one.second for one in undecided(moved)] == [euro(81)]
    same_amount_of_another_hold = then(again, e.HoldPlaced("2", hold("s", ["a"], "80.00")))
    assert len(undecided(same_amount_of_another_hold)) == 1


def test_a_hold_that_is_let_go_does_not_differ_any_more() -> None:
    sale = _held_at("80.00")
    assert _said(then(sale, e.LineRemoved("a"))) == []


def test_an_order_over_several_holds_that_are_rounded_apart_is_no_difference_c08() -> None:
    """Two holds of 12.345 are 12.35 each, and their order is 24.69; a cent less than that is another price."""
    sale = sale_of(
        *(e.LineAdded(line(name, 1, "12.345")) for name in "ab"),
        e.HoldRequested("h", ("a", "b")),
        *(e.HoldPlaced("h", replace(hold(f"r{name}", [name], "12.35"), exact=euro("12.345"))) for name in "ab"),
        e.CustomerEntered(CUSTOMER),
        e.PaymentStarted(),
        e.PaymentTaken(cash("p", euro("24.70"))),
        e.OrderRequested("o", ("/reservations/ra", "/reservations/rb")),
    )
    for total, expected in (("24.69", 0), ("24.70", 0), ("24.68", 1), ("24.71", 1)):
        placed = replace(order("1", "/reservations/ra", total), covers=("/reservations/rb",))
        said = _said(then(sale, e.OrderPlaced("o", placed)))
        assert [between for between, _first, _second in said] == [Between.HELD_ORDERED] * expected, total
