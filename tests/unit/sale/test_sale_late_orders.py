"""Orders that turn up after all patience (F06): they take what is paid, wait for what is not, or stand for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import NOW, cash, euro, hold, order, ordering, then

from korus_tui.sale import events as e
from korus_tui.sale.acts import all_given_back, given_back
from korus_tui.sale.differences import undecided
from korus_tui.sale.holds import lapsed_now, remaining
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import NOT_ORDERED, Sale
from korus_tui.sale.values import Doubt, Refusal
from korus_tui.screens.documents.text import standing

A, B = "/reservations/a", "/reservations/b"
REFUSED = Refusal(NOT_ORDERED)
FOUND = e.OrderFound(order("1", A))


def in_doubt(*keys: str) -> Sale:
    """Paid; the first call stayed unanswered, the second one was refused."""
    places = tuple(f"/reservations/{key}" for key in keys)
    sale = then(ordering(*keys), e.OutcomeUnknown("o", Doubt.ORDER, "lost"), e.OutcomeSettled("o", "sent again"))
    return then(sale, e.OrderRequested("o2", places), e.OrderRefused("o2", places, REFUSED))


def unpaid(*keys: str) -> Sale:
    """The payment was undone, then the order of the first reservation turned up."""
    return then(in_doubt(*keys), e.PaymentUndone("p"), FOUND)


def test_what_is_paid_is_taken_by_its_order_f06() -> None:
    sale = then(in_doubt("a"), e.HoldExpired(A), FOUND)
    assert sale.all_ordered
    assert (sale.doubted, sale.late) == (frozenset(), ())


def test_an_unpaid_order_waits_and_its_places_do_not_lapse_f06() -> None:
    sale = then(unpaid("a"), e.HoldExpired(A))
    assert sale.unpaid_orders == (FOUND.order,)
    assert (sale.orders, sale.too_many, sale.running_holds, sale.stuck) == ((), (), (), ())
    assert lapsed_now(sale, lambda one: remaining(one, NOW.replace(year=2030))) == ()


@pytest.mark.parametrize(
    "event",
    [e.HoldRequested("2", ("a",)), e.OrderRequested("3", (A,)), e.OrderFound(order("1", B))],
)
def test_its_places_are_neither_held_nor_ordered_once_more_f06(event: e.Event) -> None:
    paid_again = then(unpaid("a"), e.PaymentTaken(cash("q", euro(10))))
    with pytest.raises(NotAllowed):
        then(paid_again, event)


def test_once_paid_it_takes_its_lines_and_the_others_are_ordered_f06() -> None:
    sale = then(unpaid("a", "b"), e.PaymentTaken(cash("q", euro(20))), FOUND, e.OrderRequested("3", (B,)))
    assert (sale.orders, sale.late) == ((FOUND.order,), ())
    assert then(sale, e.OrderPlaced("3", order("2", B)), e.SaleFinished()).all_ordered


def test_found_again_before_it_is_paid_it_goes_on_waiting_f06() -> None:
    sale = then(unpaid("a", "b"), e.PaymentTaken(cash("q", euro(5))), FOUND)
    assert (sale.orders, sale.late) == ((), (FOUND.order,))


def test_another_price_of_an_unpaid_order_is_decided_before_money_moves_f16() -> None:
    dearer = e.OrderFound(order("1", A, "12"))
    (found,) = undecided(then(in_doubt("a"), e.PaymentUndone("p"), dearer))
    assert (found.first, found.second) == (euro(10), euro(12))


@pytest.mark.parametrize(
    "events",
    [
        (e.SaleVoided("no"),),
        (e.PaymentGivenUp(), e.LineRemoved("a")),
        (e.CancellationAsked(FOUND.order.order, "not wanted"),),
    ],
)
def test_an_order_that_nobody_wants_to_pay_is_one_too_many_f06(events: tuple[e.Event, ...]) -> None:
    assert then(unpaid("a"), *events).too_many == (FOUND.order,)


def test_an_order_that_is_cancelled_already_takes_nothing_f06() -> None:
    sale = then(in_doubt("a"), e.OrderFound(replace(FOUND.order, cancelled=True)))
    assert (sale.all_ordered, sale.unpaid_orders, sale.too_many) == (False, (), ())
    assert then(sale, e.PaymentUndone("p"), e.SaleVoided("no")).taken == euro(0)


def test_an_order_is_not_found_while_an_answer_is_awaited_f06() -> None:
    with pytest.raises(NotAllowed):
        then(in_doubt("a"), e.HoldExpired(A), e.HoldRequested("2", ("a",)), FOUND)


def test_an_order_of_places_that_were_held_again_is_one_too_many_f06() -> None:
    again = (e.HoldExpired(A), e.HoldRequested("2", ("a",)), e.HoldPlaced("2", hold("again", ["a"])))
    sale = then(in_doubt("a"), *again, FOUND)
    assert (sale.too_many, sale.all_ordered) == ((FOUND.order,), False)


def test_a_journal_that_ordered_again_what_was_found_cancelled_is_readable() -> None:
    """Earlier versions let the hold stand, and F10 booked it once more."""
    gone = then(in_doubt("a"), e.OrderFound(replace(FOUND.order, cancelled=True)))
    sale = then(gone, e.OrderRequested("o3", (A,)), e.OrderPlaced("o3", order("2", A)), e.SaleFinished())
    assert (sale.all_ordered, [one.order for one in sale.orders]) == (True, ["/orders/2"])
    assert [one.cancelled for one in sale.late] == [True]


def test_one_too_many_is_said_where_the_tickets_are_handed_over_f85() -> None:
    """The order's own answer brought a second one: the page that would say "complete" names it."""
    sale = then(ordering("a"), e.OrderPlaced("o", order("1", A)), e.OrderFound(order("2", A)))
    assert (sale.all_ordered, [one.reference for one in sale.too_many]) == (True, ["KT-ORD-2"])
    assert "complete" not in standing(sale, {}, 20).plain
    assert "An order too many: KT-ORD-2" in standing(sale, {}, 20).plain


def test_an_order_too_many_that_is_cancelled_takes_nothing_from_the_others() -> None:
    """Hand-over names that order alone: the sale's own is what it was."""
    two = then(ordering("a"), e.OrderPlaced("o", order("1", A)), e.OrderFound(order("2", A)))
    sale = then(two, e.CancellationAsked("/orders/2", "twice", None, None))
    assert [one.reference for one in given_back(sale)] == ["KT-ORD-2"]
    assert not all_given_back(sale)
    said = standing(sale, {}, 20).plain
    assert "Cancelled or given back: order KT-ORD-2. Its tickets let nobody in" in said
    assert "KT-ORD-1" not in said
    own = then(two, e.CancellationAsked("/orders/1", "ill", None, None))
    assert "order KT-ORD-1." in standing(own, {}, 20).plain or all_given_back(own)
    both = then(sale, e.CancellationAsked("/orders/1", "ill", None, None))
    assert all_given_back(both)
    assert "what is printed here lets nobody in" in standing(both, {}, 20).plain


def test_an_order_that_korus_cancelled_and_one_that_took_its_place_are_two_things() -> None:
    gone = then(in_doubt("a"), e.OrderFound(replace(FOUND.order, cancelled=True)))
    sale = then(gone, e.OrderRequested("o3", (A,)), e.OrderPlaced("o3", order("2", A)))
    assert not all_given_back(sale)
    said = standing(sale, {}, 20).plain
    assert "The order is complete." in said
    assert f"order {FOUND.order.reference}." in said
