"""An order of ours that the orders' page is the first to see is a difference of its sale, and stays none unseen.

docs/rules.md, Unknown outcomes: what came that nobody asked for.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import next_customer, to_the_cart, to_the_money
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.orders.models import Found, Standing
from korus_tui.counter.orders.query import Query, QueryKind
from korus_tui.counter.till import report
from korus_tui.journal.errors import JournalLocked
from korus_tui.sale import events as e
from korus_tui.sale.differences import ordered_otherwise
from korus_tui.sale.state import Sale
from korus_tui.screens.orders.order.text import order_rows
from world.answers import NONE, Answer, each, reference_in, violations
from world.kit import events_of
from world.server import World
from world.truth import Order


async def sold(till: Till) -> Sale:
    """A sale that is complete and has ended."""
    sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
    return await till.services.desk.record(sale.reference, e.SaleFinished())


async def shown(till: Till, reference: str) -> Sale:
    """The sale as its page has it once Korus was asked."""
    search = till.services.search
    return (await search.now(await search.file(reference, "fr"))).sale


async def asked(till: Till, kind: QueryKind, text: str = "") -> Found:
    return await till.services.search.ask(Query(kind, text), lambda _query, _texts: True)


def iri(order: Order) -> str:
    return f"/v1/booking/orders/{order.id}"


async def stands_as_one_too_many(till: Till, reference: str, order: Order) -> None:
    """On the sale's record, on the orders' page and on the X, until it is decided."""
    sale = await shown(till, reference)
    assert [one.order for one in sale.too_many] == [iri(order)]
    assert (await till.services.search.latest())[0].standing is Standing.TOO_MANY
    reading = await till.services.till.x()
    assert [one.reference for one in reading.live.too_many] == [reference]
    paper = report.as_text([reading])
    assert "Booked after all, for nothing: Korus has to cancel" in paper
    assert f"{reference} {order.reference}" in paper
    events = await events_of(till, reference)
    assert sum(isinstance(one, e.OrderFound) for one in events) == 1


@pytest.mark.parametrize("generation", ["tutorial", "1.0.7", "release"])
@pytest.mark.parametrize("theirs", [True, False], ids=["of another reservation", "of the same reservation"])
async def test_a_second_order_with_our_reference_is_one_too_many(generation: str, theirs: bool, tmp_path: Path) -> None:
    with World(generation) as world:
        async with Till(world, tmp_path, generation="tutorial" if generation == "tutorial" else "release") as till:
            sale = await sold(till)
            reservation = world.shop.hold(DAY_PRODUCT) if theirs else world.reservations[0]
            order = world.shop.order(reservation, sale.reference)
            await stands_as_one_too_many(till, sale.reference, order)
            await till.restart()
            await stands_as_one_too_many(till, sale.reference, order)
            await till.services.cancelling.ask(sale.reference, iri(order), "one too many")
            for route in ("orders", "order"):  # the tutorial's orders have no status; newer ones do
                world.edit(route, each(lambda one: one.update(status="cancelled") if one["id"] == order.id else None))
            await till.services.cancelling.look()
            now = await shown(till, sale.reference)
            assert (now.too_many, now.not_yet_cancelled) == ((), ())
            assert (await till.services.till.read()).live.too_many == ()


@pytest.mark.parametrize("kind", [QueryKind.NOTHING, QueryKind.OURS, QueryKind.ORDER_ID])
async def test_a_search_that_lists_it_records_it(kind: QueryKind, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await sold(till)
        order = world.shop.order(world.reservations[0], sale.reference)
        text = {QueryKind.OURS: sale.reference, QueryKind.ORDER_ID: order.id}.get(kind, "")
        (row,) = (await asked(till, kind, text)).sales
        assert (row.key, row.standing, order.reference in row.orders) == (sale.reference, Standing.TOO_MANY, True)
        await stands_as_one_too_many(till, sale.reference, order)


async def test_whatever_case_our_reference_is_in(world: World, tmp_path: Path) -> None:
    for route in ("orders", "order"):
        world.edit(route, reference_in(str.lower))
    async with Till(world, tmp_path) as till:
        sale = await sold(till)
        order = world.shop.order(world.reservations[0], sale.reference)
        (row,) = (await asked(till, QueryKind.ORDER_ID, order.id)).sales
        assert (row.key, row.standing) == (sale.reference, Standing.TOO_MANY)
        file = await till.services.search.file(iri(order), "fr")
        assert (file.mine, file.sale.reference) == (True, sale.reference)


async def test_an_order_of_a_reservation_of_ours_is_ours_whatever_it_calls_itself(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await sold(till)
        order = world.shop.order(world.reservations[0], "WEB-1")
        rows = (await asked(till, QueryKind.NOTHING)).sales
        assert [(row.key, row.standing) for row in rows] == [(sale.reference, Standing.TOO_MANY)]
        now = await till.services.desk.read(sale.reference)
        assert now is not None
        assert [one.order for one in now.too_many] == [iri(order)]


async def test_an_order_of_a_refused_sale_takes_its_place_with_what_differs(world: World, tmp_path: Path) -> None:
    """Refused for the customer, and there all the same, for three: the page says both figures and asks."""
    world.edit("orders", each(lambda one: one["items"][0].update(quantity=3)))
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", Answer(NONE, 422, violations(("customer.email", "non", "email"))))
        await till.pay(sale.reference)
        await till.settled(sale.reference)
        world.shop.order(world.reservations[0], sale.reference)
        now = await shown(till, sale.reference)
        assert now.all_ordered
        assert [(one.first, one.second) for one in ordered_otherwise(now)] == [("1", "3")]
        assert (await till.services.till.x()).live.differing


async def test_what_is_of_neither_is_never_adopted(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await sold(till)
        theirs = world.shop.order(world.shop.hold(DAY_PRODUCT), "WEB-1")
        nameless = world.shop.order(world.shop.hold(DAY_PRODUCT), None)
        rows = {row.key: row.mine for row in (await asked(till, QueryKind.NOTHING)).sales}
        assert rows == {sale.reference: True, iri(theirs): False, iri(nameless): False}
        now = await shown(till, sale.reference)
        assert (len(now.all_orders), now.too_many) == (1, ())


async def test_a_sale_that_was_voided_before_anything_was_chosen_is_listed_with_its_order(
    world: World, tmp_path: Path
) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.HELD, await till.line(DAY_PRODUCT))
        line = sale.lines[0].line.id
        await till.services.desk.record(sale.reference, e.LineRemoved(line), e.SaleVoided("never mind"))
        order = world.shop.order(world.reservations[0], sale.reference)
        await asked(till, QueryKind.OURS, sale.reference)
        assert (await till.services.search.latest())[0].key == sale.reference
        await stands_as_one_too_many(till, sale.reference, order)


async def test_a_journal_that_is_only_read_hides_no_order(world: World, tmp_path: Path) -> None:
    """It cannot be recorded there: it is a row of its own, beside its sale."""
    async with Till(world, tmp_path) as till:
        sale = await sold(till)
        order = world.shop.order(world.reservations[0], sale.reference)
        looker = Till(world, tmp_path)
        with pytest.raises(JournalLocked) as locked:
            await looker.services.open_journal()
        await looker.services.open_journal(because=locked.value)
        found = await asked(looker, QueryKind.NOTHING)
        assert [row.key for row in found.sales] == [sale.reference, iri(order)]
        file = await looker.services.search.now(await looker.services.search.file(sale.reference, "fr"))
        assert iri(order) in [row.key for row in order_rows(file)]
        assert len(file.unread) == 1
        await looker.services.close(0)
        await stands_as_one_too_many(till, sale.reference, order)


def test_the_agent_reads_what_was_paid_and_what_was_ordered_and_has_it_cancelled(world: World, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        terminal.press("f10")
        terminal.wait_for("The order is complete")
        (first,) = world.orders
        world.shop.order(first.reservation, first.external_reference)
        next_customer(terminal)
        terminal.press("ctrl+f")
        terminal.wait_for("confirmed")
        terminal.settle()
        terminal.press("enter")
        terminal.wait_for("one too many")
        terminal.wait_for("Booked after all, for nothing")
        terminal.wait_for("Paid €87.00, ordered €174.00")
        assert "not in this record" not in terminal.text
