"""Orders in the second world, later: two of one call, faults of ours, what Korus does after the sale, the Z."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.booking import ordering
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.orders.cancelled import note_cancelled
from korus_tui.counter.orders.models import Standing, standing
from korus_tui.counter.orders.query import Query, QueryKind
from korus_tui.counter.till import export, report
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.differences import ordered_otherwise
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import GivenBack, Sale
from korus_tui.sale.values import Method
from world.answers import BEFORE, NONE, Answer, dropped, each, edited, reversed_order, violations, with_unreadable
from world.kit import arrived, events_of, money_back
from world.server import World


def last_id(iri: str | None) -> str:
    return str(iri).rpartition("/")[2]


async def two_lines(till: Till, *answers: Answer) -> str:
    """A paid sale of two reservations whose order call is answered so."""
    sale = await till.sell_until(Stage.PAYING, await till.line(), await till.line(DAY_PRODUCT))
    assert isinstance(till.sandbox, World)
    till.sandbox.script("order_bulk", *answers)
    await till.pay(sale.reference)
    return sale.reference


@pytest.mark.parametrize("generation", ["tutorial", "1.0.4", "1.0.7", "1.0.19", "release"])
@pytest.mark.parametrize("answer", [dropped(BEFORE), edited(reversed_order)], ids=["lost", "reversed"])
async def test_two_orders_of_one_call_are_tied_each_to_its_own_f85(
    generation: str, answer: Answer, tmp_path: Path
) -> None:
    with World(generation) as world:
        world.edit("orders", reversed_order)
        async with Till(world, tmp_path, generation="tutorial" if generation == "tutorial" else "release") as till:
            reference = await two_lines(till, answer)
            sale = await till.until(reference, lambda one: one.all_ordered)
            assert not ordered_otherwise(sale)
        truth = {one.id: one.reservation.id for one in world.orders}
    assert {last_id(order.order): last_id(order.reservation) for order in sale.orders} == truth
    assert len(world.calls_of("order_bulk")) == 1


async def test_an_order_that_cannot_be_had_is_booked_all_the_same_f85(world: World, tmp_path: Path) -> None:
    """The reservation names it; the order itself answers 404, and the list does not show it."""
    world.lag["orders"] = 3600
    world.always("order", Answer(status=404, body="html"))
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", dropped(BEFORE))
        await till.pay(sale.reference)
        sale = await till.until(sale.reference, lambda one: one.all_ordered)
    (order,) = sale.orders
    assert (last_id(order.order), order.reference, order.odd) == (world.orders[0].id, "", ("Order",))
    assert order.incident


# Every call has an end


async def test_a_fault_of_ours_while_an_answer_is_taken_in_is_doubt_f88(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(ordering, "tie", broken)
    async with Till(world, tmp_path) as till:
        world.always("orders", Answer(status=503, body="html"))
        world.always("reservation", Answer(status=503, body="html"))
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        await till.pay(sale.reference)
        doubt = await till.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
        assert doubt.paid_not_confirmed
        assert sale.reference in till.services.recovery.asking
        world.polite()
        await till.until(sale.reference, lambda one: one.all_ordered)
        assert [str(one) for one in till.failures] == ["a fault of ours"]
        till.failures.clear()
    assert len(world.orders) == 1


async def test_a_look_up_that_fails_by_a_fault_of_ours_goes_on_f88(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from korus_tui.counter.booking import lost_orders

    real, left = lost_orders.look, [RuntimeError("a fault of ours")] * 3

    async def look(*args: Any) -> Any:
        if left:
            raise left.pop()
        return await real(*args)

    monkeypatch.setattr(lost_orders, "look", look)
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", dropped(BEFORE))
        await till.pay(sale.reference)
        await till.until(sale.reference, lambda one: one.all_ordered)
        assert not left


async def test_the_doubt_is_recorded_once_the_journal_takes_it_f88(world: World, tmp_path: Path) -> None:
    """Another tool locks the file from before the answer until after several looks."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        for route in ("orders", "reservation"):
            world.always(route, Answer(status=503, body="html"))
        world.script("order_bulk", Answer(BEFORE, 500, "html", hang=0.3))
        await till.pay(sale.reference)
        await arrived(world, "order_bulk")
        blocker = sqlite3.connect(place_of(till.paths.data, till.profile.till), isolation_level=None)
        blocker.execute("BEGIN EXCLUSIVE")
        asking = till.services.recovery.asking
        await till.at_the_server(lambda _state: sale.reference in asking)  # although it cannot be recorded
        attempt = till.sale(sale.reference).attempt
        assert attempt is not None
        assert not attempt.unknown
        blocker.execute("ROLLBACK")
        blocker.close()
        await till.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
        world.polite()
        await till.until(sale.reference, lambda one: one.all_ordered)
        till.failures.clear()


# After the sale


async def finished(till: Till, world: World, *answers: Answer) -> Sale:
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    world.script("order_bulk", *answers)
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)
    return await till.services.desk.record(sale.reference, e.SaleFinished())


async def test_an_order_that_korus_cancels_after_the_sale_is_paid_and_not_had_f84(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await finished(till, world)
        world.shop.cancel(world.orders[0])
        for route in ("orders", "order"):  # the tutorial's orders have no status; newer ones do
            world.edit(route, each(lambda one: one.update(status="cancelled")))
        search = till.services.search
        file = await search.now(await search.file(sale.reference, "fr"))
        assert file.standing is Standing.TAKEN_AWAY
        assert (await search.latest())[0].standing is Standing.TAKEN_AWAY
        reading = await till.services.till.read()
        assert [one.reference for one in reading.live.taken_away] == [sale.reference]
        assert "Cancelled by Korus, not asked for" in report.as_text([reading])
        order = file.sale.orders[0]
        back = till.services.cancelling.may_give_back(file.sale, order)
        await till.services.cancelling.ask(sale.reference, order.order, "cancelled there", back, Method.CASH)
        settled = await search.file(sale.reference, "fr")
        assert settled.standing is Standing.CANCELLED
        assert (await till.services.till.read()).live.taken_away == ()


async def test_a_cancelled_order_can_be_held_and_ordered_again_f84(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", edited(each(lambda one: one.update(status="cancelled"))))
        await till.pay(sale.reference)
        gone = await till.until(sale.reference, lambda one: one.attempt is None)
        assert (gone.all_ordered, gone.paid_not_confirmed, gone.stuck) == (False, True, gone.lines)
        await till.restart()
        assert till.sale(sale.reference) == gone
        await till.services.settling.hold_again(sale.reference)
        await till.settled(sale.reference)
        await till.services.checkout.book(sale.reference)
        done = await till.until(sale.reference, lambda one: one.all_ordered)
        assert (len(done.orders), len(done.late), done.too_many, done.taken_away) == (1, 1, (), ())


async def test_what_was_ordered_otherwise_stands_on_the_z_until_it_is_decided_f86(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await finished(till, world, edited(each(lambda one: one["items"][0].update(quantity=3))))
        assert standing(sale) is Standing.DIFFERS
        (found,) = ordered_otherwise(sale)
        assert (found.first, found.second) == ("1", "3")
        reading = await till.services.till.read()
        assert "people: held 1, ordered 3" in report.as_text([reading])
        assert '"ordered": "3"' in export.as_json([reading])
        assert "1 / 3" in export.as_csv([reading])
        assert (await till.services.search.latest())[0].standing is Standing.DIFFERS
        after = await till.services.desk.record_after(sale.reference, e.DifferenceAccepted(found.key, "seen"))
        assert standing(after) is Standing.CONFIRMED
        assert (await till.services.till.read()).live.differing == ()


async def test_a_lost_call_that_the_second_time_is_refused_is_looked_at_before_money_goes_back_f86(
    world: World, tmp_path: Path
) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", dropped(NONE), Answer(NONE, 422, violations(("reservations[0].expired", "x", "x"))))
        await till.pay(sale.reference)
        await till.until(sale.reference, lambda one: one.attempt is None)
        theirs = world.shop.order(world.reservations[0], "SOMEBODY-ELSES")
        with pytest.raises(Exception, match="booked it after all"):
            await till.services.checkout.undo(sale.reference)
        after = till.sale(sale.reference)
        assert [last_id(one.order) for one in after.orders] == [theirs.id]
        assert [one.second for one in ordered_otherwise(after)] == ["SOMEBODY-ELSES"]
        assert after.taken == sale.to_collect != Money.of(0, "EUR")


# What cannot be read


async def test_an_order_that_is_not_understood_is_told_with_the_log_s_number_f07(world: World, tmp_path: Path) -> None:
    world.script("order_bulk", edited(lambda body: body.update(orders=[{"@type": "BookingOrder", "items": 7}])))
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        await till.pay(sale.reference)
        await till.until(sale.reference, lambda one: one.all_ordered)
        (doubt,) = [one for one in await events_of(till, sale.reference) if isinstance(one, e.OutcomeUnknown)]
    assert re.search(r"\(Order, orders\[0\]\.@id; incident [0-9a-f]{8}\)", doubt.reason)


async def test_an_order_in_part_and_one_not_at_all_hide_no_other_f95(world: World, tmp_path: Path) -> None:
    world.edit("orders", with_unreadable())
    world.edit("orders", each(lambda one: isinstance(one, dict) and one.update(items="none", customer=7)))
    async with Till(world, tmp_path) as till:
        theirs = world.shop.order(world.shop.hold(DAY_PRODUCT))
        sale = await finished(till, world)
        found = await till.services.search.ask(Query(QueryKind.NOTHING, ""), lambda _query, _texts: True)
        assert {one.key for one in found.sales} == {sale.reference, f"/v1/booking/orders/{theirs.id}"}
        (other,) = (one for one in found.sales if not one.mine)
        assert other.orders == (theirs.reference,)
        assert "Order" in other.what
        assert found.unread is not None
        assert found.unread.count == 1
        file = await till.services.search.now(await till.services.search.file(sale.reference, "fr"))
        assert file.now[0].odd
        assert file.unread


async def test_no_money_goes_back_over_an_order_of_the_same_places_that_lives_f84(world: World, tmp_path: Path) -> None:
    """A journal of before has the cancellation alone: what would give the money back finds the order first."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
        other = replace(sale.orders[0], order="/v1/booking/orders/0195-2", reference="KT-ORD-2")
        await till.services.desk.record_after(sale.reference, e.OrderFound(other))
        await till.services.desk.record_after(sale.reference, e.CancellationSeen(sale.orders[0].order))
        lost = till.sale(sale.reference)
        assert lost.paid_not_confirmed
        assert lost.taken is not None
        back = GivenBack("b", lost.taken, Method.CASH, "the places cannot be had")
        with pytest.raises(CounterError) as told:
            await till.services.settling.give_back(sale.reference, back, [state.line.id for state in lost.lines])
        assert "What was collected pays for it." in told.value.problem.meaning
        assert till.sale(sale.reference).orders == (other,)
        assert not await money_back(till, sale.reference)


async def test_the_order_that_lives_takes_the_place_of_the_one_that_korus_cancelled_f84(
    world: World, tmp_path: Path
) -> None:
    """Two orders of one reservation: the one that the lines had is cancelled, and the other was one too many."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
        other = replace(sale.orders[0], order="/v1/booking/orders/0195-2", reference="KT-ORD-2")
        await till.services.desk.record_after(sale.reference, e.OrderFound(other))
        both = till.sale(sale.reference)
        assert both.too_many == (other,)
        await note_cancelled(till.services.desk, both, [sale.orders[0].order])
        now = till.sale(sale.reference)
        assert (now.all_ordered, now.orders, now.too_many, now.taken_away) == (True, (other,), (), ())
        total = now.taken
        assert total is not None
        with pytest.raises((CounterError, NotAllowed)):
            await till.services.settling.give_back(
                now.reference, GivenBack("b", total, Method.CASH, "the places cannot be had")
            )
        assert not await money_back(till, sale.reference)
        await note_cancelled(till.services.desk, now, [other.order])
        assert till.sale(sale.reference).paid_not_confirmed
        await till.restart()
        assert till.sale(sale.reference).paid_not_confirmed


async def test_an_order_that_comes_after_a_refusal_was_settled_is_found_f86(world: World, tmp_path: Path) -> None:
    """The money went back, with nothing there to be seen; the order comes later, and is one too many."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", Answer(NONE, 422, violations(("customer.email", "non", "email"))))
        await till.pay(sale.reference)
        await till.settled(sale.reference)
        assert await till.services.checkout.undo(sale.reference)
        await till.services.desk.record(sale.reference, e.SaleVoided("never mind"))
        late = world.shop.order(world.reservations[0], sale.reference)
        await till.restart()
        await till.services.late_orders.look()
        now = await till.services.desk.read(sale.reference)
        assert now is not None
        assert [last_id(one.order) for one in now.too_many] == [late.id]
