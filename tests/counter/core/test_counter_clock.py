"""One wrong Date between right ones, or none at all: nothing lapses, nothing is erased, the sale goes on (F90)."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from till import Stage, Till

from korus_tui.sale import events as e
from korus_tui.sale.state import LineStatus

HOUR, YEAR = 3600, 365 * 86_400


def wrong(till: Till, seconds: float) -> str:
    """A Date that is so far from the right one."""
    moment: datetime = till.services.clock.now() + timedelta(seconds=seconds)
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


@pytest.mark.parametrize("seconds", [HOUR, -HOUR, YEAR, -YEAR, 40 * 86_400])
async def test_a_wrong_date_of_the_holds_own_answer_changes_nothing_f90(till: Till, seconds: int) -> None:
    await till.line()
    await till.know_the_time()
    till.sandbox.fault("date", route="reservations_bulk", value=wrong(till, seconds))
    sale = await till.hold(await till.line())
    left = till.services.clock.left(sale.holds[0])
    assert left is not None
    assert 880 < left.total_seconds() <= 901  # both are written in whole seconds
    assert till.services.clock.unsure
    await till.services.holding.expire()
    assert till.sale(sale.reference).status(sale.lines[0]) is LineStatus.HELD
    await till.start_payment(sale.reference)
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)


@pytest.mark.parametrize("seconds", [HOUR, -YEAR])
async def test_wrong_dates_from_now_on_end_no_hold_f90(till: Till, seconds: int) -> None:
    """The API is asked instead, and says that the hold runs."""
    sale = await till.hold(await till.line())
    till.sandbox.fault("date", route="*", value=wrong(till, seconds), count=None)
    for _ in range(5):
        await till.services.line.ask(lambda client: client.ticketing.catalogs())
    asked = till.sandbox.state()["calls"].get("reservation", 0)
    await till.services.holding.expire()
    if seconds > 0:
        await till.at_the_server(lambda state: state["calls"].get("reservation", 0) > asked)
    await till.services.background.stop(5)
    assert till.sale(sale.reference).status(sale.lines[0]) is LineStatus.HELD
    await till.start_payment(sale.reference)
    assert till.services.clock.unsure


async def test_a_server_that_tells_no_time_is_sold_on_with_a_warning_f90(till: Till) -> None:
    till.sandbox.fault("date", route="*", count=None)
    sale = await till.sell_until(Stage.ORDERED)
    assert sale.all_ordered
    assert till.services.clock.unsure


async def test_no_money_on_a_hold_of_an_earlier_run_while_nobody_tells_the_time_f90(till: Till) -> None:
    """Held again, it runs by its own times."""
    sale = await till.sell_until(Stage.HELD)
    till.sandbox.fault("date", route="*", count=None)
    await till.restart()
    before = till.sale(sale.reference)
    with pytest.raises(Exception, match="has not told its time"):
        await till.start_payment(before.reference)
    await till.hold_again(before.reference)
    await till.start_payment(before.reference)


async def test_customers_data_is_not_erased_by_wrong_dates_f90(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("date", route="*", value=wrong(till, 4000 * 86_400), count=None)
    await till.restart()
    for _ in range(6):
        await till.services.line.ask(lambda client: client.ticketing.catalogs())
    assert not till.services.retention.due
    assert till.sale(sale.reference).customer is not None


async def test_customers_data_is_erased_in_its_time_f90(till: Till) -> None:
    """The same days, once they have passed for server and host."""
    sale = await till.sell_until(Stage.ORDERED)
    await till.services.desk.record(sale.reference, e.SaleFinished())
    await till.know_the_time()
    assert await till.services.retention.run() == 0
    till.pass_time(40 * 86_400)
    await till.services.line.ask(lambda client: client.ticketing.catalogs())
    assert till.services.retention.due
    assert await till.services.retention.run() > 0
