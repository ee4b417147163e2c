"""A list that says that it has more than it gives: that is not absent (docs/rules.md, Text and secrets)."""

from __future__ import annotations

from pathlib import Path

import pytest
from till import DAY, DAY_PRODUCT, SHOW_PRODUCT, Stage, Till, product

from korus_tui.api.errors import Malformed
from korus_tui.counter.core.problems import CounterError
from world.answers import Json
from world.kit import money_back
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


async def test_tickets_that_do_not_come_make_no_other_offer(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        offer = await till.offer(SHOW_PRODUCT)
        for change in (emptied, shortened):
            world.polite()
            world.edit("offer_tickets", change)
            with pytest.raises(Malformed):
                await till.services.offers.tickets.of(offer)


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
