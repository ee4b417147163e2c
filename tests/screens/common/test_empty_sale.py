"""What stands beside the page while nothing is sold: what is known without a call, and only for who may sell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from offers_counter import AtDates, at_catalog, counter
from sandbox_process import SandboxProcess

from korus_tui.counter.catalog.families import families
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.dates.today import TodayScreen
from korus_tui.widgets.cart_rail import CartRail


@asynccontextmanager
async def selling(sandbox: SandboxProcess, home: Path, **options: Any) -> AsyncIterator[AtDates]:
    async with counter(sandbox, home, **options) as one:
        await at_catalog(one)
        await one.till.open_till()
        await one.until(lambda: "Nothing yet." in rail(one) or options.get("size") == (80, 24))
        yield one


def rail(one: AtDates) -> str:
    """What the rail says, its lines joined."""
    lines = one.app.screen.query_one(CartRail).lines(40)
    return " ".join(" ".join(piece.text for piece in line).strip(" │╭╮╰╯") for line in lines)


def asked(sandbox: SandboxProcess) -> int:
    return sum(sandbox.state()["calls"].values())


async def put_favourites(one: AtDates, *names: str) -> list[str]:
    """The families of these names on F2, F3, …"""
    screen = await at_catalog(one)
    content = one.till.services.catalogs.content
    assert content is not None
    by_name = {family.name: family for family in families(content)}
    for number, name in enumerate(names, 2):
        screen.favourites.put(f"f{number}", by_name[name].key)
    screen.sale_changed()
    await one.pilot.pause()
    return list(names)


ALIKE = "Puy du Fou 1 jour", "Puy du Fou 1 jour + Cinéscénie"


async def test_favourites_stand_beside_the_page_by_their_whole_names(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with selling(sandbox, tmp_path) as one:
        assert "No favourites yet: Ctrl+Y" in " ".join(rail(one).split())
        before = asked(sandbox)
        await put_favourites(one, *ALIKE)
        said = " ".join(rail(one).split())
        assert "Favourites F2 Puy du Fou 1 jour F3 Puy du Fou 1 jour + Cinéscénie" in said.replace("  ", " ")
        assert not one.app.screen.query_one("#favourites").display
        assert asked(sandbox) == before
        await one.press("f3")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen))
        assert "Favourites" not in rail(one)  # their keys work on the catalog alone


async def test_favourites_stand_above_the_list_where_there_is_no_room_beside_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with selling(sandbox, tmp_path, size=(80, 24)) as one:
        await put_favourites(one, *ALIKE)
        assert one.said("#favourites").startswith("F2 Puy du Fou 1 jour")
        assert one.app.screen.query_one("#favourites").display


async def test_a_sale_that_waits_stands_beside_the_page_with_its_time(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with selling(sandbox, tmp_path) as one:
        await put_favourites(one, *ALIKE)
        await one.open("parking voiture")
        await one.until(lambda: one.offers.pane.offer)
        await one.press("2", "enter")
        sale = await one.held()
        await one.press("escape")
        await at_catalog(one)
        assert one.app.screen.query_one("#favourites").display  # the rail has the sale
        await one.till.services.desk.park(sale.reference)
        await one.until(lambda: sale.reference in rail(one))
        said = " ".join(rail(one).split())
        assert "Sales that wait" in said
        assert f"{sale.reference} 2 tickets 1" in said  # and 14 minutes and some seconds
        assert said.index("Sales that wait") < said.index("Favourites")
        await one.till.services.desk.recall(sale.reference)
        await one.until(lambda: "Sales that wait" not in rail(one))


async def test_todays_sessions_stand_beside_the_page_once_they_were_read(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with selling(sandbox, tmp_path) as one:
        assert "Next today" not in rail(one)
        await one.press("ctrl+g")
        await one.until(lambda: isinstance(one.app.screen, TodayScreen) and one.rows("#shows"))
        coming = next(row for row in one.rows("#shows") if row[1].startswith("next"))
        await one.press("escape")
        await at_catalog(one)
        before = asked(sandbox)
        said = " ".join(rail(one).split())
        assert f"{coming[0]} {coming[2]}" in said[said.index("Next today") :]
        one.till.pass_time(24 * 3600)
        one.app.screen.query_one(CartRail)
        screen = one.app.screen
        assert isinstance(screen, CatalogScreen)
        screen.sale_changed()
        assert "Next today" not in rail(one)
        assert asked(sandbox) == before


async def test_nothing_stands_there_while_the_till_is_not_open(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        await one.until(lambda: one.till.services.opened)
        await put_favourites(one, *ALIKE)
        await one.until(lambda: "The till is not open" in rail(one))
        assert "Favourites" not in rail(one)
        assert one.said("#favourites").startswith("F2")
