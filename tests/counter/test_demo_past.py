"""The past of a demo's till: records as a till writes them, and orders that the sandbox knows just so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from korus_tui.counter.services import Services
from korus_tui.demo import Demo
from korus_tui.journal.store import verify
from korus_tui.sale.differences import differences
from korus_tui.sale.money import Money
from korus_tui.sale.state import Ending
from korus_tui.sale.values import Method, Mode

NOON = datetime(2026, 6, 24, 10, 0, tzinfo=UTC)
LATE_EVENING = datetime(2026, 6, 23, 22, 10, tzinfo=UTC)  # ten past midnight at the venue
AUTUMN = datetime(2026, 10, 27, 9, 0, tzinfo=UTC)  # two days after the clocks went back
WINTER = datetime(2026, 1, 4, 9, 0, tzinfo=UTC)


@asynccontextmanager
async def opened(*arguments: str) -> AsyncIterator[tuple[Services, Demo]]:
    with Demo.start(arguments, past=True) as demo:
        services = demo.services()
        await services.open_journal()
        try:
            yield services, demo
        finally:
            await services.close(0)


@pytest.mark.parametrize("now", [NOON, LATE_EVENING, AUTUMN, WINTER], ids=str)
async def test_what_was_sold_is_whole_in_order_and_as_the_sandbox_has_it(now: datetime) -> None:
    async with opened(f"--now={now.isoformat()}") as (services, demo):
        journal = services.resume.journal
        assert verify(journal.path).whole
        rows = await journal.entries()
        at = [row.at for row in rows]
        assert at == sorted(at)
        assert now - timedelta(days=7) < at[0]
        assert at[-1] <= now + timedelta(minutes=1)
        truth = await demo.truth()
        at_server = {one["external_reference"]: one for one in truth["orders"]}
        read = [await services.desk.read(one.reference) for one in await journal.recent()]
        sales = [one for one in read if one is not None]
        finished = [one for one in sales if one.ending is Ending.FINISHED]
        assert {one.reference for one in finished} == set(at_server)
        assert all(one.mode is Mode.DEMO for one in sales)
        assert {one.payments[0].method for one in finished} == {Method.CASH, Method.CARD, Method.VOUCHER}
        for sale in finished:
            [order] = sale.orders
            known = at_server[sale.reference]
            assert order.reference == known["reference"]
            assert sale.taken == order.total
            assert not differences(sale)
        [waiting] = [one for one in sales if one.open]
        assert waiting.parked
        [held] = [one for one in truth["reservations"] if one["id"] == waiting.holds[0].reservation.rpartition("/")[2]]
        assert not held["expired"]


async def test_past_days_are_closed_exactly_and_today_is_open() -> None:
    async with opened(f"--now={NOON.isoformat()}") as (services, _demo):
        till = services.till
        assert till.shift.is_open
        assert len(till.past) == 4
        for shift in till.past:
            reading = await till.read(shift)
            assert shift.closing is not None
            assert shift.closing.difference == Money.of(0, "EUR")
            assert reading.practice.takings


async def test_a_past_that_cannot_be_had_leaves_an_empty_till_that_opens() -> None:
    with Demo.start([], past=True) as demo:
        services = demo.services()
        demo._wait()
        demo._ready = {**demo._wait(), "control_url": "http://192.0.2.1"}  # no such listener is asked
        await services.open_journal()
        assert services.till.shift.is_open
        assert await services.resume.journal.recent() == ()
        await asyncio.wait_for(services.close(0), 5)
