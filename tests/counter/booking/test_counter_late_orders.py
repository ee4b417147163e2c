"""Orders whose effect comes after the till's patience (F06): no money goes back before Korus was asked once more."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from till import PATIENCE_OF_TESTS, Stage, Till

from korus_tui.counter.booking.settling import credit_without
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.orders.models import Standing, standing
from korus_tui.counter.till import export, report
from korus_tui.sale import events as e
from korus_tui.sale.differences import undecided
from korus_tui.sale.state import Ending, GivenBack, Sale
from korus_tui.sale.values import Method

ORDER = "orders_bulk"
LATE = 30  # seconds of the server's clock after which the first call has its effect
Work = Callable[[Till, Sale], Awaitable[object]]


def last_id(iri: str) -> str:
    return iri.rpartition("/")[2]


async def refused(till: Till) -> Sale:
    """A paid sale whose first order call is lost and takes effect later, and whose second one is refused."""
    sale = await till.sell_until(Stage.PAYING, await till.line())
    till.sandbox.fault("commit_late", route=ORDER, seconds=LATE)
    till.sandbox.fault("status", route=ORDER, status=409)
    await till.pay(sale.reference)
    after = await till.settled(sale.reference)
    assert after.orders == ()
    assert after.doubted == {hold.reservation for hold in sale.holds}
    return after


async def lapsed(till: Till) -> Sale:
    """The same, but the holds have lapsed for the till meanwhile."""
    sale = await refused(till)
    await till.services.desk.record(sale.reference, *(e.HoldExpired(hold.reservation) for hold in sale.holds))
    return till.sale(sale.reference)


async def commit(till: Till, sale: Sale) -> None:
    """Time passes: the lost call has its effect."""
    till.sandbox.advance(LATE + 1)
    await till.at_the_server(lambda state: len(_of(state, sale.reference)) == len(sale.holds))


def _of(state: dict[str, Any], reference: str) -> list[dict[str, Any]]:
    return [one for one in state["orders"] if one["external_reference"] == reference]


def _back(sale: Sale) -> tuple[GivenBack, list[str]]:
    gone = [state.line.id for state in sale.lines if not state.order]
    credit = credit_without(sale, gone)
    assert credit is not None
    return GivenBack(secrets.token_hex(8), credit, Method.CASH, "not booked"), gone


async def give_back(till: Till, sale: Sale) -> bool:
    """All the money, and the lines go."""
    return await till.services.settling.give_back(sale.reference, *_back(sale))


_WAYS: dict[str, Work] = {
    "give back": give_back,
    "undo": lambda till, sale: till.services.checkout.undo(sale.reference),
    "hold again": lambda till, sale: till.services.settling.hold_again(sale.reference),
    "hold": lambda till, sale: till.services.holding.hold(sale.reference, [sale.lines[0].line.id]),
    "leave out": lambda till, sale: till.services.holding.leave_out(sale.reference, [sale.lines[0].line.id]),
}


@pytest.mark.parametrize("way", _WAYS)
async def test_f06_what_was_booked_after_all_is_adopted_instead_of_settled(till: Till, way: str) -> None:
    sale = await lapsed(till)
    await commit(till, sale)
    with pytest.raises(CounterError) as told:
        await _WAYS[way](till, sale)
    after = till.sale(sale.reference)
    (order,) = after.orders
    assert last_id(order.order) == _of(till.sandbox.state(), sale.reference)[0]["id"]
    assert after.all_ordered
    assert (after.taken, after.credit, after.given_back) == (sale.taken, None, ())
    assert (after.late, after.doubted) == ((), frozenset())
    assert order.reference in told.value.problem.what
    assert till.services.late_orders.told[sale.reference] == told.value.problem
    await till.services.desk.record(sale.reference, e.SaleFinished())
    figures = (await till.services.till.read()).live
    assert (figures.sales, figures.orders, figures.tickets, figures.too_many) == (1, 1, 1, ())


@pytest.mark.parametrize(
    ("route", "way"),
    [  # each way in the usual run, and each route of some
        pytest.param(route, way, marks=() if (at + (route == "orders")) % 2 else pytest.mark.long)
        for at, way in enumerate(_WAYS)
        for route in ("orders", "reservation")
    ],
)
async def test_f06_f09_nothing_is_settled_while_korus_cannot_be_asked(till: Till, way: str, route: str) -> None:
    sale = await lapsed(till)
    till.sandbox.fault("status", route=route, status=500, count=None)
    with pytest.raises(CounterError) as told:
        await _WAYS[way](till, sale)
    assert "PAID – NOT CONFIRMED" in told.value.problem.meaning
    assert till.sale(sale.reference) == sale
    assert sale.paid_not_confirmed
    assert [one.reference for one in (await till.services.till.read()).unresolved] == [sale.reference]
    closed = await till.services.cancelling.close_by_hand(sale.reference, "the manager knows")
    assert closed.ending is Ending.CLOSED_BY_HAND
    till.sandbox.no_faults()


async def test_f06_an_order_that_comes_after_closing_by_hand_is_recorded_on_the_sale(till: Till) -> None:
    sale = await refused(till)
    await till.services.cancelling.close_by_hand(sale.reference, "the manager knows")
    await commit(till, sale)
    await till.services.late_orders.look()
    found = await till.services.desk.read(sale.reference)
    assert found is not None
    assert found.all_ordered
    assert (found.ending, found.taken, found.late) == (Ending.CLOSED_BY_HAND, sale.taken, ())


async def test_f06_an_order_that_comes_after_the_money_went_back_is_found_and_listed(till: Till) -> None:
    """Nothing is there when the money goes back; the till looks on, and lists the order until it is cancelled."""
    sale = await lapsed(till)
    assert await give_back(till, sale)
    await commit(till, sale)
    (known,) = _of(till.sandbox.state(), sale.reference)
    found = await _ended_until(till, lambda one: bool(one.late), sale.reference)  # by itself: nobody opens a page
    assert found.ending is Ending.VOIDED
    assert [last_id(one.order) for one in found.too_many] == [known["id"]]
    first, *_others = await till.services.search.latest()
    assert (first.key, first.standing) == (sale.reference, Standing.TOO_MANY)
    reading = await till.services.till.read()
    assert [(one.reference, one.amount) for one in reading.live.too_many] == [(sale.reference, found.late[0].total)]
    assert sale.reference in report.as_text([reading]).partition("Korus has to cancel")[2]
    assert json.loads(export.as_json([reading]))[0]["too_many"][0]["reference"] == sale.reference
    assert f"too_many,{sale.reference}" in export.as_csv([reading])
    currency = till.services.till.currency
    assert (await till.services.till.close(reading.live.cash(currency))).live.too_many == reading.live.too_many

    await till.restart()
    order = found.late[0].order
    await till.services.cancelling.ask(sale.reference, order, "booked after the refund")
    first, *_others = await till.services.search.latest()
    assert (first.key, first.standing) == (sale.reference, Standing.CANCELLATION_ASKED)
    till.sandbox.control("cancel", order=last_id(order))
    assert await till.services.cancelling.look() == 0
    ended = await till.services.desk.read(sale.reference)
    assert ended is not None
    assert ended.too_many == ()
    assert all(one.standing is not Standing.TOO_MANY for one in await till.services.search.latest())


async def test_f06_an_order_of_places_that_were_held_again_is_one_too_many(till: Till) -> None:
    sale = await lapsed(till)
    await till.services.settling.hold_again(sale.reference)  # nothing is there yet
    again = await till.settled(sale.reference)
    await till.services.checkout.book(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)
    till.sandbox.advance(LATE + 1)
    await till.at_the_server(lambda state: len(_of(state, sale.reference)) == 2)
    await till.services.late_orders.look()
    after = till.sale(sale.reference)
    assert [order.reservation for order in after.orders] == [again.lines[0].hold]
    assert [order.reservation for order in after.too_many] == [sale.lines[0].hold]
    assert till.services.cancelling.may_give_back(after, after.late[0]) is None  # what was paid is for the other one
    assert till.services.cancelling.may_give_back(after, after.orders[0]) == after.taken
    await till.services.desk.record(sale.reference, e.SaleFinished())


async def undone(till: Till) -> Sale:
    """The payment was undone while nothing was there; then the order turned up, and nobody has paid for it."""
    sale = await refused(till)
    await till.services.checkout.undo(sale.reference)
    await commit(till, sale)
    await till.services.late_orders.look()
    after = till.sale(sale.reference)
    assert (after.all_ordered, after.too_many) == (False, ())
    assert len(after.unpaid_orders) == 1
    return after


async def test_f06_a_paid_sale_is_not_confirmed_before_its_order_is_one_too_many(till: Till) -> None:
    sale = await lapsed(till)
    await till.services.settling.hold_again(sale.reference)
    await till.settled(sale.reference)
    await commit(till, sale)
    await till.services.late_orders.look()
    after = till.sale(sale.reference)
    assert (len(after.too_many), standing(after)) == (1, Standing.NOT_CONFIRMED)
    await till.services.checkout.book(sale.reference)
    assert standing(await till.until(sale.reference, lambda one: one.all_ordered)) is Standing.TOO_MANY


async def test_f06_an_order_that_comes_once_a_payment_was_undone_is_collected_for(till: Till) -> None:
    """Its places are sold: they neither lapse nor are they held or ordered once more, also by the next start."""
    sale = await undone(till)
    services, (hold,) = till.services, sale.holds
    await services.desk.record(sale.reference, e.HoldExpired(hold.reservation))
    before = till.sandbox.state()["calls"]
    with pytest.raises(CounterError, match="booked it after all"):
        await services.holding.hold(sale.reference, [sale.lines[0].line.id])
    await till.restart()
    assert till.sale(sale.reference).running_holds == ()
    await till.services.catalogs.read()  # it tells the time
    await till.pay(sale.reference)
    after = till.sale(sale.reference)
    assert after.all_ordered
    assert (after.due, after.late, after.attempt) == (sale.due - sale.due if sale.due else None, (), None)
    calls = till.sandbox.state()["calls"]
    assert (calls.get(ORDER), calls.get("reservations_bulk")) == (before.get(ORDER), before.get("reservations_bulk"))
    await till.services.desk.record(sale.reference, e.SaleFinished())
    figures = (await till.services.till.read()).live
    assert (figures.sales, figures.orders, figures.tickets, figures.too_many) == (1, 1, 1, ())


async def test_f06_an_unpaid_order_of_a_voided_sale_is_one_too_many(till: Till) -> None:
    sale = await undone(till)
    assert (await till.services.till.read()).live.too_many == ()
    await till.services.desk.record(sale.reference, e.SaleVoided("changed their mind"))
    ended = await till.services.desk.read(sale.reference)
    assert ended is not None
    assert ended.too_many == ended.late == sale.unpaid_orders
    (waiting,) = (await till.services.till.read()).live.too_many
    assert waiting.reference == sale.reference


async def test_f06_a_late_order_that_korus_cancelled_itself_stands_for_nothing(till: Till) -> None:
    """The money goes back as if it had never been there."""
    sale = await lapsed(till)
    await commit(till, sale)
    (known,) = _of(till.sandbox.state(), sale.reference)
    till.sandbox.control("cancel", order=known["id"])
    assert await give_back(till, sale)
    ended = await till.services.desk.read(sale.reference)
    assert ended is not None
    assert (ended.ending, ended.too_many, ended.orders) == (Ending.VOIDED, (), ())
    assert [last_id(one.order) for one in ended.late] == [known["id"]]


async def test_f06_f09_a_credit_goes_back_also_while_korus_cannot_be_asked(till: Till) -> None:
    """The places were held again for less and booked: no order that may come late changes what is owed for them."""
    sale = await lapsed(till)
    line = sale.lines[0].line
    till.sandbox.fault("price", route="reservations_bulk", offer=line.offer, amount="12.50")
    await till.services.settling.hold_again(sale.reference)
    again = await till.settled(sale.reference)
    till.sandbox.control("price", offer=line.offer, amount=str(line.quoted.amount))
    decided = [e.DifferenceAccepted(one.key, "yes") for one in undecided(again)]
    await till.services.desk.record(sale.reference, *decided)
    await till.services.checkout.book(sale.reference)
    after = await till.until(sale.reference, lambda one: one.all_ordered)
    assert after.doubted
    till.sandbox.fault("status", route="orders", status=500, count=None)
    assert not await give_back(till, after)
    assert till.sale(sale.reference).credit is None
    till.sandbox.no_faults()


async def test_f06_what_happens_meanwhile_does_not_end_the_watch(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent books again just when the look is over: the look goes on another time, and nothing fails."""
    sale = await refused(till)
    await commit(till, sale)
    desk, late = till.services.desk, till.services.late_orders
    record = desk.record_after

    async def later(reference: str, *events: e.Event) -> Sale:
        await till.services.ordering.order(reference, tuple(hold.reservation for hold in sale.holds))
        return await record(reference, *events)

    monkeypatch.setattr(desk, "record_after", later)
    await late.look()
    monkeypatch.undo()
    assert (await till.settled(sale.reference)).all_ordered


async def test_f06_an_order_that_the_background_finds_first_is_told(till: Till) -> None:
    sale = await lapsed(till)
    await commit(till, sale)
    late = till.services.late_orders
    answers = await asyncio.gather(late.look(), give_back(till, sale), return_exceptions=True)
    assert isinstance(answers[1], CounterError)
    assert till.sale(sale.reference).all_ordered


async def test_f06_f09_a_round_ends_where_the_line_is_down(till: Till) -> None:
    for _sale in range(2):
        sale = await refused(till)
        await till.services.cancelling.close_by_hand(sale.reference, "the manager knows")
    before = till.sandbox.state()["calls"].get("orders", 0)
    till.sandbox.fault("drop_before", method="GET", count=None)
    await till.services.late_orders.look()
    till.sandbox.no_faults()
    assert till.sandbox.state()["calls"]["orders"] - before <= 3  # one look, asked for three times


async def test_f06_a_till_that_ended_meanwhile_finds_it_by_itself(till: Till) -> None:
    sale = await lapsed(till)
    assert await give_back(till, sale)
    await till.restart()
    await commit(till, sale)
    found = await _ended_until(till, lambda one: bool(one.late), sale.reference)
    assert len(found.too_many) == 1


async def test_f06_a_sale_closed_by_hand_while_it_was_asked_for_is_watched_by_the_next_start(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("commit_late", route=ORDER, seconds=LATE)
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    for route in ("orders", "reservation"):
        till.sandbox.fault("status", route=route, status=500, count=None)
    cancelling = till.services.cancelling
    await till.at_the_server(lambda _state: not cancelling.why_not_closable(till.sale(sale.reference)))
    await cancelling.close_by_hand(sale.reference, "the manager knows")
    await till.restart()
    till.sandbox.no_faults()
    await commit(till, sale)
    found = await _ended_until(till, lambda one: one.all_ordered, sale.reference)
    assert (found.ending, found.taken) == (Ending.CLOSED_BY_HAND, sale.due)


async def test_f06_two_enters_give_the_money_back_once(till: Till) -> None:
    sale = await lapsed(till)
    answers = await asyncio.gather(give_back(till, sale), give_back(till, sale), return_exceptions=True)
    assert [one for one in answers if one is True] == [True]
    found = await till.services.desk.read(sale.reference)
    assert found is not None
    assert len(found.given_back) == 1


async def test_f11_a_second_call_that_finds_the_hold_lapsed_looks_first(till: Till) -> None:
    """The first call had its effect; the second one is told that the hold lapsed. It is not taken for unordered."""
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("commit_late", route=ORDER, seconds=LATE)
    violation = {"propertyPath": "reservations[0].expired", "message": "expired"}
    body = {"@type": "ConstraintViolationList", "status": 422, "violations": [violation]}
    till.sandbox.fault("status", route=ORDER, status=422, body=body, latency=0.5)
    before = till.sandbox.state()["calls"].get(ORDER, 0)
    await till.pay(sale.reference)
    await till.at_the_server(lambda state: state["calls"].get(ORDER, 0) >= before + 2)
    await commit(till, sale)
    assert (await till.settled(sale.reference)).all_ordered


async def _ended_until(till: Till, wanted: Callable[[Sale], bool], reference: str) -> Sale:
    """The sale, which has ended, as soon as this is true of it."""
    changed = asyncio.Event()
    till.services.desk.watch(changed.set)
    async with asyncio.timeout(PATIENCE_OF_TESTS):
        while True:
            found = await till.services.desk.read(reference)
            if found is not None and wanted(found):
                return found
            await changed.wait()
            changed.clear()
