"""Ending in the middle and starting again on the same journal; and a journal that cannot be written."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from orders_kit import not_understood
from sandbox_process import SandboxProcess
from till import DAY_PRODUCT, EAGER, Stage, Till

from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.orders.models import Standing
from korus_tui.journal.errors import JournalProblem, JournalReadOnly, JournalTakenOver
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.state import LineStatus

ASKS_MUCH_LATER = Patience(server_limit=60.0, first_wait=60.0, longest_wait=60.0)


@pytest.fixture
async def waiting(sandbox: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter that looks nothing up before it is started again."""
    async with Till(sandbox, tmp_path, patience=ASKS_MUCH_LATER) as opened:
        yield opened
        opened.sandbox.no_faults()


@pytest.mark.parametrize("stage", [Stage.HELD, Stage.PAYING, Stage.ORDERED])
async def test_the_sale_is_where_it_was(till: Till, stage: Stage) -> None:
    sale = await till.sell_until(stage, await till.line(), await till.line(DAY_PRODUCT))
    await till.restart()
    assert till.services.resume.resumed == (sale,)
    assert till.services.desk.sale == sale


async def test_a_part_payment_is_still_there(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    await till.pay(sale.reference, Money.of("20", "EUR"))
    await till.restart()
    assert till.sale(sale.reference).taken == Money.of("20", "EUR")
    await till.know_the_time()
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)


async def test_ended_and_parked_sales_do_not_come_to_the_counter(till: Till) -> None:
    parked = await till.sell_until(Stage.HELD)
    await till.services.desk.record(parked.reference, e.SaleParked())
    voided = await till.sell_until(Stage.HELD)
    await till.services.desk.record(voided.reference, e.SaleVoided("changed their mind"))
    await till.restart()
    assert till.services.desk.sale is None
    assert [sale.reference for sale in till.services.desk.sales] == [parked.reference]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_an_unknown_order_is_resolved_after_a_restart(waiting: Till, kind: str) -> None:
    sale = await waiting.sell_until(Stage.PAYING)
    waiting.sandbox.fault(kind, route="orders_bulk")
    await waiting.pay(sale.reference)
    await waiting.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    waiting.patience = EAGER
    await waiting.restart()
    assert waiting.sale(sale.reference).paid_not_confirmed
    done = await waiting.until(sale.reference, lambda one: one.all_ordered)
    assert done.taken == sale.due
    assert len(waiting.orders(sale.reference)) == 1


async def test_an_order_in_flight_is_unknown_after_a_restart_and_is_adopted(waiting: Till) -> None:
    sale = await waiting.sell_until(Stage.PAYING)
    waiting.sandbox.fault("latency", route="orders_bulk", late=30)
    await waiting.pay(sale.reference)
    await waiting.at_the_server(lambda _state: waiting.orders(sale.reference))
    attempt = waiting.sale(sale.reference).attempt
    assert attempt is not None
    assert not attempt.unknown
    waiting.patience = Patience(server_limit=60.0, first_wait=0.02, longest_wait=0.1)
    await waiting.restart()
    await waiting.until(sale.reference, lambda one: one.all_ordered)
    assert len(waiting.orders(sale.reference)) == 1


async def test_an_order_whose_intent_is_all_there_is_is_sent_after_the_servers_time(waiting: Till) -> None:
    """The program died between the durable intent and the request."""
    sale = await waiting.sell_until(Stage.PAYING)
    assert sale.due is not None
    waiting.services.background.start = lambda work, name: work.close()  # type: ignore[method-assign,assignment]
    await waiting.pay(sale.reference)
    waiting.patience = EAGER
    await waiting.restart()
    await waiting.until(sale.reference, lambda one: one.all_ordered)
    assert len(waiting.orders(sale.reference)) == 1


async def test_a_hold_in_flight_is_not_taken_from_the_list_after_a_restart_f80(till: Till) -> None:
    """F80: a reservation says nothing of whose it is; until when it may be there is counted from the call."""
    line = await till.line(quantity=2)
    known = len(till.reservations())
    till.sandbox.fault("latency", route="reservations_bulk", late=30)
    reference = (await till.services.desk.open("c", "fr")).reference
    await till.services.holding.add(reference, [line])
    asked_at = till.services.clock.now()
    await till.at_the_server(lambda state: len(state["reservations"]) > known)
    till.sandbox.advance(300)  # the start takes five minutes
    await till.restart()
    sale = await till.settled(reference)
    assert [sale.status(state) for state in sale.lines] == [LineStatus.REFUSED]
    assert sale.holds == ()
    count, until = sale.lines[0].may_be_held(asked_at) or (0, asked_at)
    assert count == 2
    assert timedelta(minutes=15) <= until - asked_at <= timedelta(minutes=17)
    again = await till.hold_again(reference)
    assert [again.status(state) for state in again.lines] == [LineStatus.HELD]
    assert len(till.reservations(again)) == 1


async def test_a_wrong_host_clock_does_not_shorten_the_servers_time_f33(waiting: Till) -> None:
    """The first answer after a restart moves the estimated time by years; the wait is counted on another clock."""
    sale = await waiting.sell_until(Stage.PAYING)
    waiting.sandbox.fault("drop_before", route="orders_bulk")
    before = waiting.sandbox.state()["calls"].get("reservation", 0)
    sent = waiting.sandbox.state()["calls"].get("orders_bulk", 0)
    await waiting.pay(sale.reference)
    await waiting.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    waiting.patience = Patience(server_limit=30.0, first_wait=0.02, longest_wait=0.05)
    await waiting.restart()
    waiting.services.clock._estimate.host -= 3 * 365 * 86_400
    await waiting.at_the_server(lambda state: state["calls"].get("reservation", 0) >= before + 3)
    assert waiting.sandbox.state()["calls"]["orders_bulk"] == sent + 1


async def test_the_hosts_clock_alone_ends_no_hold_and_takes_no_money_f33(till: Till) -> None:
    """The host is a year ahead of the server, and nothing has been asked since the start."""
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("status", route="reservation", status=500, count=None)
    till.services.background.start = lambda work, name: work.close()  # type: ignore[method-assign,assignment]
    await till.restart()
    fresh = till.services
    fresh.clock._estimate.voice = None
    await fresh.holding.expire()
    assert [till.sale(sale.reference).status(state) for state in sale.lines] == [LineStatus.HELD]
    with pytest.raises(CounterError) as refused:
        await till.pay(sale.reference)
    assert "time" in refused.value.problem.what
    assert till.sale(sale.reference).payments == ()


async def test_holds_that_lapsed_while_the_program_was_off_are_said_so(till: Till) -> None:
    sale = await till.sell_until(Stage.HELD, await till.line(), await till.line(DAY_PRODUCT))
    till.sandbox.control("expire", reservation=sale.holds[0].reservation.rpartition("/")[2])
    await till.restart()
    back = await till.until(sale.reference, lambda one: any(state.lapsed for state in one.lines))
    assert [back.status(state) for state in back.lines] == [LineStatus.LAPSED, LineStatus.HELD]


async def test_nothing_is_sent_when_the_journal_was_taken_over_f34_f35(till: Till) -> None:
    """F34, F35: what cannot be recorded does not happen."""
    sale = await till.sell_until(Stage.PAYING)
    known = len(till.reservations())
    with Journal.open(place_of(till.paths.data, till.profile.till), take_over=True):
        with pytest.raises(JournalTakenOver):
            await till.pay(sale.reference)
        with pytest.raises(JournalReadOnly):
            await till.services.holding.hold(sale.reference, [sale.lines[0].line.id])
    assert till.sale(sale.reference) == sale
    assert till.sale(sale.reference).payments == ()
    assert len(till.reservations()) == known
    assert till.orders(sale.reference) == []


async def test_nothing_is_sold_without_a_journal(sandbox: SandboxProcess, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "till-1.journal").write_text("not a journal", encoding="utf-8")
    till = Till(sandbox, tmp_path)
    with pytest.raises(JournalProblem):
        await till.services.open_journal()
    known = len(till.reservations())
    with pytest.raises(JournalProblem):
        await till.hold(await till.line())
    assert len(till.reservations()) == known
    assert (tmp_path / "data" / "till-1.journal").read_text(encoding="utf-8") == "not a journal"
    await till.services.close(0)


async def test_an_answer_that_cannot_be_recorded_is_looked_up_once_it_can_f34(till: Till) -> None:
    """F34: the disk fills between the intent and the answer; the order is there, and is known once there is room."""
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("latency", route="orders_bulk", latency=0.3)
    await till.pay(sale.reference)
    journal = place_of(till.paths.data, till.profile.till)
    blocker = sqlite3.connect(journal, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")  # another program keeps the file busy
    await till.at_the_server(lambda _state: till.orders(sale.reference))
    blocker.execute("ROLLBACK")
    blocker.close()
    await till.until(sale.reference, lambda one: one.all_ordered)
    assert len(till.orders(sale.reference)) == 1


async def test_a_sale_that_newer_rules_do_not_understand_costs_only_itself_f34(till: Till) -> None:
    sale = await till.sell_until(Stage.HELD)
    lost = await not_understood(till)
    await till.restart()
    services = till.services
    assert services.desk.sales == (sale,)
    assert [(one.reference, one.taken) for one in services.desk.unreadable] == [(lost, Money.of("20", "EUR"))]
    with pytest.raises(CounterError, match=lost):
        await services.search.file(lost, "en")
    found = {one.key: one.standing for one in await services.search.latest()}
    assert found == {sale.reference: Standing.OPEN, lost: Standing.UNREADABLE}
    await till.know_the_time()
    await till.start_payment(sale.reference)
    await till.pay(sale.reference)
    sold = await till.until(sale.reference, lambda one: one.all_ordered)
    counted = await services.till.read()
    assert counted.live.unreadable == (lost,)
    assert counted.live.cash("EUR") == Money.of("20", "EUR") + (sold.taken or Money.of(0, "EUR"))
    assert [one.reference for one in counted.unresolved] == [lost]
