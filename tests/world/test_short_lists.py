"""A list that says that it has more than it gives: that is not absent (docs/rules.md, Text and secrets)."""

from __future__ import annotations

from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import at_the_catalog, to_the_money, to_the_sessions
from till import DAY, DAY_PRODUCT, SHOW_PRODUCT, Stage, Till, product

from korus_tui.api.errors import Malformed
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.orders.query import Query, QueryKind
from korus_tui.screens.orders import text as say
from world.answers import NONE, Json, dropped, each
from world.kit import arrived, money_back
from world.server import World
from world.truth import CATALOG


def emptied(body: Json) -> None:
    """No member, and the count as it was."""
    body["member"] = []


def shortened(body: Json) -> None:
    """The first member does not come, no page is named, and the count is as it was."""
    body["member"] = body["member"][1:]
    body.pop("view", None)


@pytest.mark.parametrize("generation", ["tutorial", "release"])
async def test_offers_that_do_not_come_are_not_unsold(generation: str, tmp_path: Path) -> None:
    with World(generation) as world:
        async with Till(world, tmp_path) as till:
            offers, wanted = till.services.offers, product(DAY_PRODUCT)
            world.edit("offers", emptied)
            with pytest.raises((Malformed, CounterError)):
                await offers.day(CATALOG, DAY, (wanted,))
            with pytest.raises((Malformed, CounterError)):
                await offers.month(CATALOG, wanted, DAY.year, DAY.month, lambda _days: None, DAY)
            with pytest.raises((Malformed, CounterError)):
                await offers.soonest(CATALOG, wanted)
            world.polite()
            world.edit("offers", shortened)
            read = await offers.day_in_part(CATALOG, DAY)
            assert read.unread is not None
            assert read.unread.words.startswith("1 offer could not be read (incident ")
            with pytest.raises(CounterError):
                await offers.day(CATALOG, DAY, (wanted, product(SHOW_PRODUCT)))


def overcounted(body: Json) -> None:
    """All members come; one more is counted, and there is no next page."""
    if isinstance(body, dict) and "totalItems" in body:
        body["totalItems"] += 1


LISTS = (
    "catalogs",
    "product_bases",
    "products",
    "events",
    "offers",
    "offer_tickets",
    "ticket_sessions",
    "orders",
    "documents",
)


async def test_tickets_that_do_not_come_are_said_and_the_hold_decides(world: World, tmp_path: Path) -> None:
    """Without a ticket that the offer has, Korus refuses the hold: no other offer is sold, and no money moves."""
    async with Till(world, tmp_path) as till:
        offer = await till.offer(SHOW_PRODUCT)
        world.edit("offer_tickets", emptied)
        with pytest.raises(Malformed):
            await till.services.offers.tickets.of(offer)
        world.polite()
        world.edit("offer_tickets", lambda body: body["member"].append({"@type": "TicketingOfferTicket", "id": []}))
        with pytest.raises(Malformed):  # it came, and is not understood: that it is needed is known
            await till.services.offers.tickets.of(offer)
        world.polite()
        world.edit("offer_tickets", shortened)
        tickets = await till.services.offers.tickets.of(offer)
        assert tickets[0].short is not None
        sale = await till.hold(await till.line(SHOW_PRODUCT))
        assert not sale.running_holds
        assert world.reservations == []


@pytest.mark.parametrize("generation", ["tutorial", "1.0.7", "release"])
async def test_whatever_counts_one_more_what_was_read_is_sold(generation: str, tmp_path: Path) -> None:
    with World(generation) as world:
        for route in LISTS:
            world.edit(route, overcounted)
        async with Till(world, tmp_path, generation="tutorial" if generation == "tutorial" else "release") as till:
            content = await till.services.catalogs.read(CATALOG)
            assert (content.incomplete, bool(content.products)) == (True, True)
            sale = await till.sell_until(Stage.ORDERED, await till.line(SHOW_PRODUCT))
            assert sale.all_ordered
            (found,) = await till.services.documents.of(sale)
            assert found.documents
        assert len(world.orders) == 1


async def test_a_catalog_that_only_a_short_list_lacks_is_not_closed_to_the_account(
    world: World, tmp_path: Path
) -> None:
    world.edit("catalogs", each(lambda one: one.update(id="x", **{"@id": "/v1/ticketing/catalogs/x"})))
    world.edit("catalogs", overcounted)
    async with Till(world, tmp_path) as till:
        with pytest.raises(Malformed):
            await till.services.catalogs.read(CATALOG)


async def test_documents_that_do_not_come_are_said(tmp_path: Path) -> None:
    with World("1.0.19") as world:
        async with Till(world, tmp_path, generation="release") as till:
            sale = await till.sell_until(Stage.ORDERED, await till.line(SHOW_PRODUCT))
            for route in ("order", "orders", "order_bulk"):
                world.edit(route, each(lambda one: one.update(documents=[])))
            world.edit("documents", overcounted)
            (found,) = await till.services.documents.of(sale, afresh=True)
            assert found.documents
            assert "totalItems" in found.problem


@pytest.mark.parametrize("generation", ["tutorial", "release"])
def test_the_agent_sells_from_lists_that_count_one_more_and_reads_so(generation: str, tmp_path: Path) -> None:
    with World(generation) as world:
        for route in LISTS:
            world.edit(route, overcounted)
        with Terminal(SELL, env=settle_in(tmp_path, world), size=(80, 24)) as terminal:
            at_the_catalog(terminal)
            assert "incomplete" in terminal.text
            to_the_sessions(terminal)
            said = "1 ticket of the offer could not be read"
            terminal.wait_until(lambda text: " ".join(text.split()).count(said) == 1, said)
            terminal.press("down")
            terminal.wait_for("chosen for 1")
            terminal.press("enter")
            terminal.wait_for("held 14:")
            terminal.settle()
            to_the_money(terminal)
            terminal.press("f10")
            terminal.wait_for("The order is complete")


async def test_sessions_that_do_not_come_are_told(tmp_path: Path) -> None:
    with World("release") as world:
        async with Till(world, tmp_path) as till:
            offer = await till.offer(SHOW_PRODUCT)
            world.edit("ticket_sessions", shortened)
            unread = [one.unread for one in await till.services.offers.tickets.of(offer)]
            assert any(one is not None and one.count == 1 for one in unread)
            world.polite()
            world.edit("ticket_sessions", emptied)
            with pytest.raises(Malformed):
                await till.services.offers.tickets.of(offer)


async def test_a_catalog_that_does_not_come_is_not_an_empty_one(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        world.edit("products", shortened)
        content = await till.services.catalogs.read(CATALOG)
        assert (content.incomplete, content.unreadable) == (True, 1)
        world.polite()
        world.edit("products", emptied)
        with pytest.raises(Malformed):
            await till.services.catalogs.read(CATALOG)
        world.polite()
        world.edit("catalogs", emptied)
        with pytest.raises(Malformed):
            await till.services.catalogs.read(CATALOG)


async def test_orders_that_do_not_come_give_no_money_back(world: World, tmp_path: Path) -> None:
    """The call is refused, and the list of the sale's orders counts one more than it gives."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
        world.edit("orders", emptied)
        page = await till.services.line.ask(lambda client: client.booking.orders_by_reference(sale.reference))
        assert not page.members
        assert [one.field for one in page.rejected] == ["totalItems"]
        assert not await money_back(till, sale.reference)


async def test_a_search_says_how_many_orders_did_not_come_and_calls_none_absent(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
        world.edit("orders", overcounted)
        everything, words_of = Query(QueryKind.NOTHING), Query(QueryKind.WORDS, "Dupont")
        search = till.services.search
        for query in (everything, Query(QueryKind.OURS, sale.reference)):
            found = await search.ask(query, lambda _query, _texts: True)
            assert found.unread is not None
            assert say.unread(found.unread).what.startswith("1 order could not be read (incident ")
            assert say.unread(found.unread).meaning == ""
            assert [one.key for one in found.sales] == [sale.reference]
        found = await search.ask(words_of, lambda _query, _texts: False)
        assert "among the orders that could be read" in say.nothing(words_of, found).why
        file = await search.now(await search.file(sale.reference, "fr"))
        assert [one.partition(" (")[0] for one in file.unread] == ["1 order could not be read"]
        world.edit("orders", lambda body: body.pop("totalItems") and None)
        found = await search.ask(Query(QueryKind.OURS, sale.reference), lambda _query, _texts: True)
        assert found.unread is not None
        assert "does not understand it (Order, totalItems)" in say.unread(found.unread).what


async def test_a_lost_order_whose_list_counts_one_more_is_said_so(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.edit("orders", overcounted)
        world.script("order_bulk", dropped(NONE))
        await till.pay(sale.reference)
        await arrived(world, "reservation", 2)
        asking = till.services.recovery.asking
        await till.at_the_server(lambda _state: sale.reference in asking and asking[sale.reference].met)
        assert asking[sale.reference].met.startswith("1 order could not be read (incident ")
        world.polite()
        till.services.recovery.ask_now(sale.reference)
        await till.until(sale.reference, lambda one: one.all_ordered)
