"""Places that were sold while they were being chosen: another session for all who would have gone together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from offers_counter import AtDates
from reference_sales import SUMMER, Agent, at_the_counter
from sandbox_process import SandboxProcess

from korus_tui.sale.state import LineStatus
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.sessions.screen import SessionsScreen


@asynccontextmanager
async def refused(home: Path, *, everywhere: bool = False) -> AsyncIterator[AtDates]:
    """A family at the cart whose adults' session was sold meanwhile; `everywhere`: that of the evening too."""
    with SandboxProcess(now=SUMMER) as sandbox:
        async with at_the_counter(sandbox, home) as agent:
            await _choose(agent, everywhere)
            yield agent.one


async def _choose(agent: Agent, everywhere: bool) -> None:
    one = agent.one
    await agent.choose("2", "down", "2")
    await agent.press("enter")
    await one.at_sessions()
    pane = next(pane for pane in one.sessions.panes if pane.showing is not None)
    sessions = pane.group[0].ticket.sessions if everywhere else (pane.showing.first,) if pane.showing else ()
    for session in sessions:
        assert session.left is not None
        await asyncio.to_thread(agent.sandbox.sell, session.id, session.left)
    await agent.press("enter")
    await one.until(lambda: isinstance(one.app.screen, CartScreen) and one.sale and one.sale.attempt is None)
    assert one.sale is not None
    assert [one.sale.status(state) for state in one.sale.lines] == [LineStatus.REFUSED, LineStatus.HELD]


def starts(one: AtDates) -> list[str]:
    assert one.sale is not None
    return [f"{state.line.starts_at:%H:%M}" for state in one.sale.lines]


async def test_the_held_go_along_and_what_they_held_is_not_in_the_sale_any_more(tmp_path: Path) -> None:
    async with refused(tmp_path) as one:
        assert one.sale is not None
        before = {state.line.id for state in one.sale.lines}
        assert "s chooses another session for all who would have gone together" in " ".join(one.text.split())
        await one.press("s")
        await one.at_sessions()
        assert one.sessions.panes[-1].showing is not None
        await one.press("enter")
        await one.until(lambda: one.sale and len(one.sale.with_status(LineStatus.HELD)) == 2)
        assert starts(one) == ["20:00", "20:00"]
        assert not before & {state.line.id for state in one.sale.lines}
        await one.until(lambda: isinstance(one.app.screen, CartScreen))
        assert one.problem == ""
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)


async def test_back_from_choosing_leaves_the_lines_and_the_next_product_replaces_none(tmp_path: Path) -> None:
    async with refused(tmp_path) as one:
        await one.press("s")
        await one.at_sessions()
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, CartScreen))
        assert starts(one) == ["17:00", "17:00"]
        await one.press("a")
        await one.open("audioguide")
        await one.read()
        await one.press("enter")
        await one.until(lambda: one.sale and len(one.sale.lines) == 3)


async def test_where_no_session_has_room_it_is_said_and_nothing_changes(tmp_path: Path) -> None:
    async with refused(tmp_path, everywhere=True) as one:
        await one.press("s")
        await one.until(lambda: isinstance(one.app.screen, SessionsScreen) or "No place is left" in one.text)
        if isinstance(one.app.screen, SessionsScreen):
            await one.at_sessions()
            await one.press("enter")
            assert "No place is held." in one.problem
        assert starts(one) == ["17:00", "17:00"]


async def test_while_all_is_held_the_key_is_not_offered(tmp_path: Path) -> None:
    with SandboxProcess(now=SUMMER) as sandbox:
        async with at_the_counter(sandbox, tmp_path) as agent:
            await agent.choose("2")
            await agent.hold()
            one = agent.one
            assert "another session" not in one.text
            await one.press("s")
            await one.pilot.pause()
            assert isinstance(one.app.screen, CartScreen)
