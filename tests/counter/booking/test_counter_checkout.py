"""From payment to the order: gates, differences, refusals, holds that lapse at the worst moment."""

from __future__ import annotations

import secrets

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.sale import events as e
from korus_tui.sale.differences import Between, undecided
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import EXPIRED, LineStatus, Sale
from korus_tui.sale.values import Method, Payment


def last_id(iri: str) -> str:
    return iri.rpartition("/")[2]


def cash(amount: Money) -> Payment:
    return Payment(secrets.token_hex(8), Method.CASH, amount, tendered=amount)


async def test_a_cash_sale_ends_with_an_order_and_documents(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    assert len(till.orders(sale.reference)) == 1
    assert sale.orders[0].total == sale.taken == sale.to_collect
    (order,) = await till.services.documents.of(sale)
    assert [document.link is not None for document in order.documents] == [True]
    await till.services.desk.record(sale.reference, e.SaleFinished())
    assert till.services.desk.sales == ()


async def test_several_lines_are_ordered_in_one_call_under_one_reference(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED, await till.line(quantity=2), await till.line(DAY_PRODUCT))
    assert len(till.orders(sale.reference)) == 2
    assert {order.reservation for order in sale.orders} == {hold.reservation for hold in sale.holds}


async def test_a_split_payment_orders_only_once_all_is_there(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    due = sale.due
    assert due is not None
    part = Money.of("20", due.currency)
    assert (await till.pay(sale.reference, part)).attempt is None
    assert till.orders(sale.reference) == []
    given_back = await till.services.checkout.undo(sale.reference)
    assert given_back.amount == part
    await till.pay(sale.reference, part)
    await till.pay(sale.reference)
    ordered = await till.until(sale.reference, lambda one: one.all_ordered)
    assert [payment.amount for payment in ordered.payments] == [part, due - part]


async def test_more_than_is_owed_is_not_taken(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    assert sale.due is not None
    with pytest.raises(NotAllowed):
        await till.pay(sale.reference, sale.due + Money.of("0.01", "EUR"))
    assert till.sale(sale.reference).payments == ()


async def test_money_is_not_taken_without_a_customer(till: Till) -> None:
    sale = await till.sell_until(Stage.HELD)
    await till.services.checkout.start(sale.reference, Method.CASH)
    with pytest.raises(CounterError):
        await till.pay(sale.reference)
    assert till.sale(sale.reference).payments == ()
    assert till.orders(sale.reference) == []


@pytest.mark.parametrize(("method", "seconds"), [(Method.CASH, 180), (Method.CARD, 300), (Method.VOUCHER, 180)])
async def test_the_payment_gate_closes_in_time(till: Till, method: Method, seconds: int) -> None:
    sale = await till.sell_until(Stage.HELD)
    till.pass_time(900 - seconds - 20)
    await till.services.checkout.start(sale.reference, method)
    await till.services.checkout.give_up(sale.reference)
    till.pass_time(30)
    with pytest.raises(CounterError) as refused:
        await till.services.checkout.start(sale.reference, method)
    assert "renews" in refused.value.problem.next
    assert not till.sale(sale.reference).paying


async def test_a_held_price_that_differs_needs_a_decision_of_its_own_f16(till: Till) -> None:
    """F16: quoted 87.00, held 80.00; a decision covers exactly this disagreement."""
    till.sandbox.fault("price", route="reservations_bulk", offer=(await till.offer()).iri, amount="80.00")
    sale = await till.sell_until(Stage.HELD)
    (difference,) = undecided(sale)
    assert difference.between is Between.QUOTED_HELD
    assert [str(difference.first), str(difference.second)] == ["87.00 EUR", "80.00 EUR"]
    assert sale.to_collect == Money.of("80", "EUR")
    with pytest.raises(CounterError):
        await till.start_payment(sale.reference)
    await till.services.desk.record(sale.reference, e.DifferenceAccepted(difference.key, "seen"))
    till.sandbox.control("price", offer=sale.lines[0].line.offer, amount="87.00")
    assert (await till.start_payment(sale.reference)).paying


async def _lapsed_at_order(till: Till) -> tuple[Sale, str]:
    """Two lines are paid; one hold lapses at the server before the order comes."""
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    await till.start_payment(sale.reference)
    lost = sale.holds[0].reservation
    till.sandbox.control("expire", reservation=last_id(lost))
    await till.pay(sale.reference)
    return await till.settled(sale.reference), lost


async def test_a_hold_that_lapsed_after_payment_is_held_again_and_booked_f11(till: Till) -> None:
    """F11: the lapsed line is marked by its path, the other is intact, what was paid stays."""
    sale, lost = await _lapsed_at_order(till)
    assert [sale.status(state) for state in sale.lines] == [LineStatus.LAPSED, LineStatus.HELD]
    refusal = sale.lines[0].refusal
    assert refusal is not None
    assert refusal.code == EXPIRED
    assert refusal.words
    assert till.orders(sale.reference) == []
    assert sale.paid_not_confirmed
    assert sale.taken == sale.to_collect
    again = await till.hold_again(sale.reference, sale.lines[0].line.id)
    assert lost not in {hold.reservation for hold in again.holds}
    await till.services.checkout.book(sale.reference)
    done = await till.until(sale.reference, lambda one: one.all_ordered)
    assert len(till.orders(sale.reference)) == 2
    assert not done.paid_not_confirmed


async def test_nothing_is_booked_in_part_while_a_line_has_lapsed(till: Till) -> None:
    sale, _lost = await _lapsed_at_order(till)
    with pytest.raises(CounterError) as refused:
        await till.services.checkout.book(sale.reference)
    assert "h holds again" in refused.value.problem.next
    assert till.orders(sale.reference) == []


async def test_a_dearer_hold_after_payment_is_collected_before_it_is_booked(till: Till) -> None:
    sale, _lost = await _lapsed_at_order(till)
    line = sale.lines[0].line
    till.sandbox.fault("price", route="reservations_bulk", offer=line.offer, amount="90.00")
    again = await till.hold_again(sale.reference, line.id)
    till.sandbox.control("price", offer=line.offer, amount=str(line.quoted.amount))
    assert again.due == Money.of("90", "EUR") - line.quoted
    with pytest.raises(NotAllowed):
        await till.services.checkout.book(sale.reference)
    (difference,) = undecided(again)
    await till.services.desk.record(sale.reference, e.DifferenceAccepted(difference.key, "collected"))
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)


async def test_a_customer_that_the_api_refuses_keeps_money_and_holds_f12(till: Till) -> None:
    """F12: the message stands beside the field's path; after a correction the same sale is booked."""
    body = {
        "@type": "ConstraintViolationList",
        "violations": [{"propertyPath": "customer.email", "message": "Adresse non valide."}],
    }
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("status", route="orders_bulk", status=422, body=body)
    await till.pay(sale.reference)
    refused = await till.settled(sale.reference)
    assert [refused.status(state) for state in refused.lines] == [LineStatus.HELD]
    assert till.services.checkout.problems[sale.reference].fields == (("customer.email", "Adresse non valide."),)
    assert refused.taken == refused.to_collect
    await till.services.checkout.book(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)
    assert len(till.orders(sale.reference)) == 1


@pytest.mark.parametrize("shape", ["object", "iri"])
async def test_failed_orders_in_every_shape_f13(till: Till, shape: str) -> None:
    """F13: the order that was made is kept, the other line stays held and paid."""
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    await till.start_payment(sale.reference)
    till.sandbox.fault("refuse", route="orders_bulk", indexes=[0], shape=shape)
    await till.pay(sale.reference)
    half = await till.settled(sale.reference)
    assert [half.status(state) for state in half.lines] == [LineStatus.HELD, LineStatus.ORDERED]
    assert half.paid_not_confirmed
    await till.services.checkout.book(sale.reference)
    done = await till.until(sale.reference, lambda one: one.all_ordered)
    assert len(till.orders(sale.reference)) == len(done.orders) == 2


@pytest.mark.parametrize(("indexes", "shape"), [([0], "empty"), ([0, 1], "nameless")])
async def test_a_failure_without_a_name_is_doubt_f13_f82(till: Till, indexes: list[int], shape: str) -> None:
    """It says of no reservation that it is not ordered: it is looked up, and what is not there is sent again once."""
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    await till.start_payment(sale.reference)
    before = till.sandbox.state()["calls"].get("orders_bulk", 0)
    till.sandbox.fault("refuse", route="orders_bulk", indexes=indexes, shape=shape)
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    await till.until(sale.reference, lambda one: one.all_ordered)
    assert len(till.orders(sale.reference)) == 2
    assert till.sandbox.state()["calls"]["orders_bulk"] == before + 2


async def test_a_failure_without_a_name_that_comes_again_is_for_the_agent_f82(till: Till) -> None:
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    await till.start_payment(sale.reference)
    till.sandbox.fault("refuse", route="orders_bulk", indexes=[0, 1], shape="nameless", count=2)
    await till.pay(sale.reference)
    refused = await till.settled(sale.reference)
    assert all(state.refusal for state in refused.lines)
    assert till.orders(sale.reference) == []


async def test_two_confirmations_at_once_take_money_once_f50(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    assert sale.due is not None
    payment = cash(sale.due)
    await till.services.checkout.take(sale.reference, payment)
    with pytest.raises((NotAllowed, CounterError)):
        await till.services.checkout.take(sale.reference, payment)
    done = await till.until(sale.reference, lambda one: one.all_ordered)
    assert done.payments == (payment,)
    assert len(till.orders(sale.reference)) == 1
