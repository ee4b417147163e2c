"""Holding places: refusals by line, races, lost answers, renewals."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sandbox_process import CATALOG
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.booking.holding import INVALID, NEVER_SENT, UNKNOWN
from korus_tui.counter.paper.seats import party
from korus_tui.sale import events as e
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.holds import Gate, gate, remaining
from korus_tui.sale.seats import parties
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.sale.values import Method

Statuses = list[LineStatus]


def statuses(sale: Sale) -> Statuses:
    return [sale.status(state) for state in sale.lines]


async def test_each_line_gets_the_hold_that_keeps_its_places(till: Till) -> None:
    lines = [
        await till.line(quantity=2, session=0),
        await till.line(quantity=1, session=1),
        await till.line(DAY_PRODUCT, quantity=3),
        await till.line(quantity=1, session=0),
    ]
    sale = await till.hold(*lines)
    assert statuses(sale) == [LineStatus.HELD] * 4
    at_server = {one["id"]: one for one in till.reservations(sale)}
    for state in sale.lines:
        hold = sale.hold_of(state)
        assert hold is not None
        kept = at_server[hold.reservation.rpartition("/")[2]]
        assert kept["item"]["quantity"] == state.line.quantity
        assert kept["item"]["offer"].endswith(state.line.offer.rpartition("/")[2])
        chosen = {ticket.session.rpartition("/")[2] for ticket in state.line.tickets if ticket.session}
        assert {seat["session"].rpartition("/")[2] for seat in kept["item"]["seats"] if seat["session"]} == chosen
        assert hold.total == state.line.quoted_total


async def test_both_generations_hold_and_order(tutorial_till: Till, release_till: Till) -> None:
    for till in (tutorial_till, release_till):
        sale = await till.sell_until(Stage.ORDERED, await till.line(quantity=3))
        assert [order.total for order in sale.orders] == [sale.lines[0].line.quoted_total]
        assert len(till.orders(sale.reference)) == 1


async def test_one_refused_line_of_several_leaves_the_others_held(till: Till) -> None:
    """A 422 holds nothing of its call: the others are asked for again, alone."""
    good, bad, other = await till.line(), await till.line(quantity=9999), await till.line(DAY_PRODUCT)
    sale = await till.hold(good, bad, other)
    assert statuses(sale) == [LineStatus.HELD, LineStatus.REFUSED, LineStatus.HELD]
    refusal = sale.lines[1].refusal
    assert refusal is not None
    assert refusal.code == INVALID
    assert refusal.words
    assert till.services.holding.problems[sale.reference].fields


async def test_a_product_taken_off_sale_after_it_was_offered_is_refused_alone_f15(till: Till) -> None:
    gone, other = await till.line(), await till.line(DAY_PRODUCT)
    till.sandbox.control("disable", product=gone.product)
    try:
        sale = await till.hold(gone, other)
    finally:
        till.sandbox.control("disable", product=gone.product, disabled=False)
    assert statuses(sale) == [LineStatus.REFUSED, LineStatus.HELD]
    assert sale.lines[0].refusal is not None
    assert sale.lines[0].refusal.words


async def test_a_refusal_that_names_no_line_ends(till: Till) -> None:
    body = {"@type": "ConstraintViolationList", "violations": [{"propertyPath": "items[7].offer", "message": "Non."}]}
    till.sandbox.fault("status", route="reservations_bulk", status=422, body=body, count=None)
    before = till.sandbox.state()["calls"].get("reservations_bulk", 0)
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    assert statuses(sale) == [LineStatus.REFUSED] * 2
    assert till.sandbox.state()["calls"]["reservations_bulk"] == before + 1
    assert all(state.refusal and state.refusal.words == "Non." for state in sale.lines)


@pytest.mark.parametrize("shape", ["object", "iri", "empty", "nameless"])
async def test_failed_reservations_in_every_shape_f13(till: Till, shape: str) -> None:
    """F13: what is held stays held, what failed is named."""
    till.sandbox.fault("refuse", route="reservations_bulk", indexes=[0], shape=shape)
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    assert statuses(sale) == [LineStatus.REFUSED, LineStatus.HELD]


async def test_one_of_two_tills_gets_the_last_place_f17(till: Till, tmp_path: Path) -> None:
    """F17: the loser is refused in words, and nothing of it is held."""
    offer = await till.offer(DAY_PRODUCT)
    left = (await till.services.offers.live(offer)).left
    assert left is not None
    till.sandbox.sell(offer.id, left - 1)
    async with Till(till.sandbox, tmp_path / "other", till="till 2") as other:
        lines = [await one.line(DAY_PRODUCT) for one in (till, other)]
        sales = await asyncio.gather(till.hold(lines[0]), other.hold(lines[1]))
    till.sandbox.sell(offer.id, 1 - left)
    won, lost = sorted(sales, key=lambda sale: len(sale.holds), reverse=True)
    assert [statuses(won), statuses(lost)] == [[LineStatus.HELD], [LineStatus.REFUSED]]
    refusal = lost.lines[0].refusal
    assert refusal is not None
    assert refusal.words
    assert len(till.reservations(won)) == 1


async def test_dropped_before_the_effect_says_until_when_places_may_be_held(till: Till) -> None:
    """F10"""
    known = len(till.reservations())
    till.sandbox.fault("drop_before", route="reservations_bulk")
    sale = await till.hold(await till.line())
    refusal = sale.lines[0].refusal
    assert refusal is not None
    assert refusal.code == UNKNOWN
    assert datetime.fromisoformat(refusal.words) > till.services.clock.now()
    assert till.services.holding.problems[sale.reference].meaning
    assert len(till.reservations()) == known
    assert statuses(await till.hold_again(sale.reference)) == [LineStatus.HELD]


@pytest.mark.parametrize("fault", ["drop_after", "cut", "not_json", "wrong_shape", "no_body"])
async def test_an_orphan_is_adopted(till: Till, fault: str) -> None:
    """F10: the effect is there, its answer is not."""
    known = len(till.reservations())
    till.sandbox.fault(fault, route="reservations_bulk")
    sale = await till.hold(await till.line(quantity=2), await till.line(DAY_PRODUCT))
    assert statuses(sale) == [LineStatus.HELD] * 2
    assert len(till.reservations()) == known + 2
    assert {one["id"] for one in till.reservations(sale)} == {
        hold.reservation.rpartition("/")[2] for hold in sale.holds
    }


async def test_a_hold_that_may_be_another_tills_is_not_taken(till: Till, tmp_path: Path) -> None:
    async with Till(till.sandbox, tmp_path / "other", till="till 2") as other:
        lines = [await one.line() for one in (till, other)]
        theirs = await other.hold(lines[1])
        till.sandbox.fault("drop_after", route="reservations_bulk")
        sale = await till.hold(lines[0])
    assert statuses(theirs) == [LineStatus.HELD]
    assert sale.holds == ()
    assert sale.lines[0].refusal is not None
    assert sale.lines[0].refusal.code == UNKNOWN


async def test_a_look_up_that_fails_too_does_not_block_the_sale(till: Till) -> None:
    line = await till.line()
    till.sandbox.fault("drop_after", route="reservations_bulk")
    till.sandbox.fault("status", route="reservations", status=500, count=None)
    sale = await till.hold(line)
    assert sale.attempt is None
    assert sale.lines[0].refusal is not None
    assert sale.lines[0].refusal.code == UNKNOWN


async def test_no_server_means_never_sent(till: Till) -> None:
    line = await till.line()
    await till.services.line.close()
    till.profile = replace(till.profile, server="http://127.0.0.1:1", token_endpoint="http://127.0.0.1:1/token")
    sale = await till.hold(line)
    assert sale.lines[0].refusal is not None
    assert sale.lines[0].refusal.code == NEVER_SENT


async def test_a_renewal_swaps_on_success_and_keeps_on_failure(till: Till) -> None:
    sale = await till.hold(await till.line())
    first = sale.holds[0]
    renewed = await till.hold_again(sale.reference)
    assert renewed.holds[0].reservation != first.reservation
    assert renewed.let_go == (first,)
    till.sandbox.fault("refuse", route="reservations_bulk")
    kept = await till.hold_again(sale.reference)
    assert kept.holds == renewed.holds
    assert statuses(kept) == [LineStatus.HELD]
    assert not kept.paid_not_confirmed
    till.sandbox.fault("status", route="reservations_bulk", status=422)
    refused = await till.hold_again(sale.reference)
    assert refused.holds == renewed.holds
    assert till.services.holding.problems[sale.reference].meaning == "The old hold runs on."


async def test_two_keys_at_once_open_one_sale(till: Till) -> None:
    opened = await asyncio.gather(*(till.services.desk.open("c", "fr") for _ in range(5)))
    assert len({sale.reference for sale in opened}) == 1
    assert len(till.services.desk.sales) == 1


async def test_one_call_at_a_time(till: Till) -> None:
    line = await till.line()
    till.sandbox.fault("latency", route="reservations_bulk", latency=0.3)
    reference = (await till.services.desk.open("c", "fr")).reference
    await till.services.holding.add(reference, [line])
    with pytest.raises(NotAllowed):
        await till.services.holding.hold(reference, [line.id])
    assert statuses(await till.settled(reference)) == [LineStatus.HELD]


async def test_an_answer_for_a_sale_that_was_voided_meanwhile_is_let_go(till: Till) -> None:
    line = await till.line()
    known = len(till.reservations())
    till.sandbox.fault("latency", route="reservations_bulk", latency=0.2)
    reference = (await till.services.desk.open("c", "fr")).reference
    await till.services.holding.add(reference, [line])
    await till.services.desk.record(reference, e.SaleVoided("changed their mind"))
    await till.at_the_server(lambda state: len(state["reservations"]) > known)
    await till.services.chores.stop(5)
    assert till.failures == []
    assert till.services.desk.sales == ()


@pytest.mark.parametrize("mode", ["missing", "null", "past"])
async def test_a_deadline_that_is_not_believed_blocks_money_until_renewed_f18(till: Till, mode: str) -> None:
    """F18"""
    till.sandbox.fault("expires", route="reservations_bulk", mode=mode)
    sale = await till.hold(await till.line())
    now = till.services.clock.now()
    assert remaining(sale.holds[0], now) is None
    assert gate(sale, Method.CASH, now, till.services.limits) is Gate.NO_DEADLINE
    await till.services.desk.expire()
    assert statuses(till.sale(sale.reference)) == [LineStatus.HELD]
    renewed = await till.hold_again(sale.reference)
    assert gate(renewed, Method.CASH, till.services.clock.now(), till.services.limits) is Gate.OPEN


async def test_a_hold_whose_time_is_over_lapses_by_the_servers_clock_f18(till: Till) -> None:
    sale = await till.hold(await till.line())
    till.sandbox.advance(901)
    await till.services.offers.live(await till.offer())  # any answer tells the time
    await till.services.desk.expire()
    assert statuses(till.sale(sale.reference)) == [LineStatus.LAPSED]
    assert statuses(await till.hold_again(sale.reference)) == [LineStatus.HELD]


async def test_a_family_at_a_house_with_numbered_seats_learns_where_it_sits(till: Till) -> None:
    """The sandbox's summer show has rows of ten: the first family fills most of one, the next is parted by its end."""
    content = await till.services.catalogs.read(CATALOG)
    adult = next(one for one in content.products if one.name.startswith("Les Noces de Feu"))
    day = date(2025, 7, 12)
    for people, said in ((8, "Your 8 seats are together: row 1"), (4, "Your 4 seats are not together: rows 1 and 2.")):
        sale = await till.hold(await till.line(adult.id, day, people))
        (one,) = parties(sale)
        assert party(one).startswith(said)
        await till.services.desk.park(sale.reference)
