"""Holding places: refusals by line, races, lost answers, renewals."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sandbox_process import CATALOG
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.booking import holding
from korus_tui.counter.booking.holding import INVALID, NEVER_SENT
from korus_tui.counter.paper.seats import party
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.holds import PaymentGate, gate
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.seats import parties
from korus_tui.sale.state import UNKNOWN, LineStatus, Sale
from korus_tui.sale.values import Method
from korus_tui.screens.cart.text import refusal

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
    found = sale.lines[1].refusal
    assert found is not None
    assert found.code == INVALID
    assert found.words
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
    body = {"@type": "ConstraintViolationList", "violations": [{"propertyPath": "items", "message": "Non."}]}
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
    left = (await till.services.offers.tickets.live(offer)).left
    assert left is not None
    till.sandbox.sell(offer.id, left - 1)
    async with Till(till.sandbox, tmp_path / "other", till="till 2") as other:
        lines = [await one.line(DAY_PRODUCT) for one in (till, other)]
        sales = await asyncio.gather(till.hold(lines[0]), other.hold(lines[1]))
    till.sandbox.sell(offer.id, 1 - left)
    won, lost = sorted(sales, key=lambda sale: len(sale.holds), reverse=True)
    assert [statuses(won), statuses(lost)] == [[LineStatus.HELD], [LineStatus.REFUSED]]
    assert lost.lines[0].refusal is not None
    assert lost.lines[0].refusal.words
    assert len(till.reservations(won)) == 1


async def test_dropped_before_the_effect_says_until_when_places_may_be_held(till: Till) -> None:
    """F10"""
    known = len(till.reservations())
    till.sandbox.fault("drop_before", route="reservations_bulk")
    sale = await till.hold(await till.line())
    found = sale.lines[0].refusal
    assert found is not None
    assert found.code == UNKNOWN
    assert datetime.fromisoformat(found.words) > till.services.clock.now()
    assert till.services.holding.problems[sale.reference].meaning
    assert len(till.reservations()) == known
    assert statuses(await till.hold_again(sale.reference)) == [LineStatus.HELD]


@pytest.mark.parametrize("fault", ["drop_after", "cut", "not_json", "wrong_shape", "no_body"])
async def test_a_lost_hold_is_never_adopted_and_is_held_again_f80(till: Till, fault: str) -> None:
    """F10, F80: the effect is there, its answer is not; what the list shows may be anybody's."""
    known = {one["id"] for one in till.reservations()}
    till.sandbox.fault(fault, route="reservations_bulk")
    sale = await till.hold(await till.line(quantity=2), await till.line(DAY_PRODUCT))
    assert statuses(sale) == [LineStatus.REFUSED] * 2
    assert [state.may_be_held(till.services.clock.now()) is not None for state in sale.lines] == [True, True]
    assert "Up to 3 places may be held without us until" in till.services.holding.problems[sale.reference].meaning
    lost = {one["id"] for one in till.reservations()} - known
    assert len(lost) == 2
    again = await till.hold_again(sale.reference)
    assert statuses(again) == [LineStatus.HELD] * 2
    assert {hold.reservation.rpartition("/")[2] for hold in again.holds}.isdisjoint(lost)


async def test_another_tills_hold_is_not_taken_for_a_lost_one_f80(till: Till, tmp_path: Path) -> None:
    """F80: ours never had its effect; what the list shows is another till's, of the same places and time."""
    async with Till(till.sandbox, tmp_path / "other", till="till 2") as other:
        lines = [await one.line(quantity=2) for one in (till, other)]
        theirs = await other.hold(lines[1])
        till.sandbox.fault("drop_before", route="reservations_bulk")
        sale = await till.hold(lines[0])
        assert statuses(theirs) == [LineStatus.HELD]
        assert statuses(sale) == [LineStatus.REFUSED]
        assert sale.lines[0].refusal is not None
        assert sale.lines[0].refusal.code == UNKNOWN
        await till.restart()
        assert till.sale(sale.reference).holds == ()
        again = await till.hold_again(sale.reference)
    assert {one.reservation for one in again.holds}.isdisjoint(one.reservation for one in theirs.holds)


async def test_too_few_for_both_says_what_may_be_missing_and_until_when_f80(till: Till) -> None:
    till.sandbox.fault("drop_after", route="reservations_bulk")
    sale = await till.hold(await till.line(quantity=2))
    till.sandbox.fault("refuse", route="reservations_bulk")
    again = await till.hold_again(sale.reference)
    said = refusal(till.services, again, again.lines[0])
    until = again.lines[0].lost[0].astimezone(till.services.zone(again.lines[0].line.zone))
    assert f"up to 2 places may be held without us until {until:%H:%M}, and be missing here till then" in said
    assert "h tries again" in said


async def test_a_call_that_is_asked_to_wait_was_refused(till: Till) -> None:
    till.sandbox.fault("status", route="reservations_bulk", status=429, headers={"Retry-After": "30"})
    sale = await till.hold(await till.line())
    assert statuses(sale) == [LineStatus.REFUSED]
    said = refusal(till.services, sale, sale.lines[0])
    assert "refused for now; Korus asks to wait until" in said
    assert "may be held" not in said
    problem = till.services.holding.problems[sale.reference]
    assert (problem.what, problem.meaning) == ("Korus asks us to wait 30 s.", "No place is held.")


@pytest.mark.parametrize("status", [408, 429, 500, 503, 504])
async def test_what_is_not_surely_refused_is_in_doubt(till: Till, status: int) -> None:
    till.sandbox.fault("status", route="reservations_bulk", status=status)
    sale = await till.hold(await till.line())
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
    body = {"@type": "ConstraintViolationList", "violations": [{"propertyPath": "items", "message": "Non."}]}
    till.sandbox.fault("status", route="reservations_bulk", status=422, body=body)
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
    await till.services.background.stop(5)
    assert till.failures == []
    assert till.services.desk.sales == ()


@pytest.mark.parametrize("mode", ["missing", "null", "past"])
async def test_a_deadline_that_is_not_believed_blocks_money_until_renewed_f18(till: Till, mode: str) -> None:
    """F18"""
    till.sandbox.fault("expires", route="reservations_bulk", mode=mode)
    sale = await till.hold(await till.line())
    left = till.services.clock.left
    assert left(sale.holds[0]) is None
    assert gate(sale, Method.CASH, left, till.services.limits) is PaymentGate.NO_DEADLINE
    await till.services.holding.expire()
    assert statuses(till.sale(sale.reference)) == [LineStatus.HELD]
    renewed = await till.hold_again(sale.reference)
    assert gate(renewed, Method.CASH, left, till.services.limits) is PaymentGate.OPEN


async def test_a_hold_whose_time_is_over_lapses_f18(till: Till) -> None:
    sale = await till.hold(await till.line())
    till.pass_time(901)
    await till.services.holding.expire()
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


async def test_a_hold_that_the_servers_time_ends_is_asked_after_f18(till: Till) -> None:
    """The server's clock was set: what it says now is no reason to end a hold, and one to ask."""
    sale = await till.hold(await till.line())
    till.sandbox.advance(901)
    await till.services.offers.tickets.live(await till.offer())
    await till.services.holding.expire()
    assert statuses(till.sale(sale.reference)) == [LineStatus.HELD]
    over = await till.until(sale.reference, lambda one: statuses(one) == [LineStatus.LAPSED])
    assert statuses(await till.hold_again(over.reference)) == [LineStatus.HELD]


@pytest.mark.parametrize("times", [1, 2])
async def test_one_id_for_two_reservations_is_used_once_f88(till: Till, times: int) -> None:
    """F88: the second is in doubt, with a way out; neither stays "asking"."""
    first = await till.hold(await till.line())
    (known,) = first.holds
    await till.services.desk.park(first.reference)
    edit = {"path": "reservations.*.@id", "value": known.reservation}
    till.sandbox.fault("replace", route="reservations_bulk", edits=[edit], count=times)
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    assert statuses(sale) == [LineStatus.REFUSED] * 2
    assert [state.refusal and state.refusal.code for state in sale.lines] == [UNKNOWN] * 2
    if times > 1:
        sale = await till.hold_again(sale.reference)
    again = await till.hold_again(sale.reference)
    assert statuses(again) == [LineStatus.HELD] * 2
    assert till.sale(first.reference).holds == (known,)


async def test_two_reservations_of_one_answer_with_one_id_f88(till: Till) -> None:
    known = {one["id"] for one in till.reservations()}
    edit = {"path": "reservations.*.@id", "value": "/v1/booking/reservations/0197aaaa-0000-7000-8000-000000000001"}
    till.sandbox.fault("replace", route="reservations_bulk", edits=[edit])
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    assert statuses(sale) == [LineStatus.REFUSED] * 2  # which of the two it is, nobody can say
    assert len({one["id"] for one in till.reservations()} - known) == 2
    assert statuses(await till.hold_again(sale.reference)) == [LineStatus.HELD] * 2


@pytest.mark.parametrize("amount", ["-40.00", "99999999999.00"])
async def test_a_held_total_that_is_no_price_takes_no_money(till: Till, amount: str) -> None:
    edit = {"path": "reservations.*.totalAmountInclTax", "value": amount}
    till.sandbox.fault("replace", route="reservations_bulk", edits=[edit])
    sale = await till.hold(await till.line())
    assert statuses(sale) == [LineStatus.REFUSED]
    assert f"is held at {amount}, which is no price: no money is taken for it" in refusal(
        till.services, sale, sale.lines[0]
    )
    assert statuses(await till.hold_again(sale.reference)) == [LineStatus.HELD]


async def test_a_released_reservation_is_over_whatever_else_it_says(till: Till) -> None:
    edits = [{"path": "reservations.*.status", "value": "released"}]
    till.sandbox.fault("replace", route="reservations_bulk", edits=edits)
    sale = await till.hold(await till.line())
    assert statuses(sale) == [LineStatus.REFUSED]
    again = await till.hold_again(sale.reference)
    assert statuses(again) == [LineStatus.HELD]
    edits = [{"path": "status", "value": "released"}, {"path": "expired", "value": False}]
    till.sandbox.fault("replace", route="reservation", edits=edits, count=None)
    till.services.holding.look_at(again.reference, again.holds[0])
    await till.until(again.reference, lambda one: statuses(one) == [LineStatus.LAPSED])


async def test_an_answer_that_nobody_foresaw_ends_in_doubt_f88(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(holding, "sort_out", broken)
    sale = await till.hold(await till.line())
    assert statuses(sale) == [LineStatus.REFUSED]
    assert till.services.holding.problems[sale.reference].next == "h holds again"
    monkeypatch.undo()
    assert statuses(await till.hold_again(sale.reference)) == [LineStatus.HELD]


async def test_what_an_answer_said_is_shown_and_recorded_once_the_journal_works_f88(till: Till) -> None:
    """F88: another tool locks the journal while the answer comes."""
    line = await till.line()
    known = len(till.reservations())
    till.sandbox.fault("latency", route="reservations_bulk", latency=0.3)
    reference = (await till.services.desk.open(CATALOG, "fr")).reference
    await till.services.holding.add(reference, [line])
    blocker = sqlite3.connect(place_of(till.paths.data, till.profile.till), isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    await till.at_the_server(lambda state: len(state["reservations"]) > known)
    sale = await till.settled(reference)
    assert statuses(sale) == [LineStatus.HELD]
    assert till.services.desk.ledger.trouble is not None
    with pytest.raises(JournalProblem):
        await till.services.holding.hold(reference, [line.id])
    journal = await till.services.desk.ledger.journal()
    blocker.execute("ROLLBACK")
    blocker.close()
    kinds = [type(row.event) for row in await journal.read(reference)]
    assert e.HoldPlaced not in kinds
    await till.services.desk.ledger.check()
    kinds = [type(row.event) for row in await journal.read(reference)]
    assert kinds[-2:] == [e.HoldRequested, e.HoldPlaced]
    await till.restart()
    assert till.sale(reference) == sale


async def test_what_an_answer_said_is_written_with_the_next_event_f88(till: Till) -> None:
    line = await till.line()
    till.sandbox.fault("latency", route="reservations_bulk", latency=0.3)
    reference = (await till.services.desk.open(CATALOG, "fr")).reference
    await till.services.holding.add(reference, [line])
    blocker = sqlite3.connect(place_of(till.paths.data, till.profile.till), isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    await till.settled(reference)
    blocker.execute("ROLLBACK")
    blocker.close()
    await till.services.desk.park(reference)
    journal = await till.services.desk.ledger.journal()
    kinds = [type(row.event) for row in await journal.read(reference)]
    assert kinds[-3:] == [e.HoldRequested, e.HoldPlaced, e.SaleParked]
