"""How to come to each state of the sessions, and of the questions that a ticket asks."""

from __future__ import annotations

import asyncio

from picture_kit import State, Studio, place
from picture_selling import OLD, offers, offers_of_two, slow

from korus_tui.widgets.lists.states import Stale


@place
async def sessions(one: Studio) -> None:
    await offers_of_two(one)
    await at_sessions(one)


async def at_sessions(one: Studio) -> None:
    await one.press("enter")
    await one.until(lambda: one.at("sessions") and one.screen.ready)
    one.here = None


async def sessions_loading(one: Studio) -> None:
    await offers_of_two(one)
    await one.fault(slow("tickets"))
    await one.press("enter")
    await one.called("tickets")


async def sessions_split(one: Studio) -> None:
    await sessions(one)
    await one.press("s", "s", "1")
    one.here = None


async def sessions_too_few(one: Studio) -> None:
    await offers(one)
    await one.press("4", "0")
    await at_sessions(one)
    await one.press("enter")
    await one.complains()


async def sessions_sold_out(one: Studio) -> None:
    await sessions(one)
    await one.meet()
    pane = next(pane for pane in one.screen.panes if pane.showing is not None)
    for member in pane.group:
        for session in member.ticket.sessions:
            await asyncio.to_thread(one.sandbox.sell, session.id, session.left)
    await one.press("ctrl+r")
    await one.until(lambda: pane.showing is None or all(row.disabled for row in pane.list.rows))


async def sessions_stale(one: Studio) -> None:
    await sessions(one)
    await one.fault({"kind": "status", "route": "availability", "status": 500, "count": None})
    one.clock.stop(OLD)
    await one.press("ctrl+r")
    await one.until(lambda: any(pane.list and isinstance(pane.list.state, Stale) for pane in one.screen.panes))


@place
async def form(one: Studio) -> None:
    await offers(one, "diner spectacle adulte")
    await one.press("2")
    await at_sessions(one)
    await one.press("enter")
    await one.until(lambda: one.at("FormScreen"))


async def form_wrong(one: Studio) -> None:
    await form(one)
    await one.press(*"Ann", "enter", "7", "enter", "ctrl+s")


SESSIONS: dict[str, State] = {
    "sessions": State(sessions),
    "sessions-loading": State(sessions_loading, quiet=False),
    "sessions-stale": State(sessions_stale),
    "sessions-split": State(sessions_split),
    "sessions-too-few": State(sessions_too_few),
    "sessions-sold-out": State(sessions_sold_out),
    "form": State(form, quiet=False),
    "form-wrong": State(form_wrong, quiet=False),
}
