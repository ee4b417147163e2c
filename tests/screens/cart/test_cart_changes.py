"""The cart: a line that was taken out comes back under its own hold, and a held one is changed before it is let go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from program import AtSale
from sandbox_process import SandboxProcess
from textual.geometry import Region
from till import BEFORE_SEASON, Till

from korus_tui.sale.state import LineStatus
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.sessions.screen import SessionsScreen
from korus_tui.widgets.big_amount import HEIGHT

SANDBOX = {"now": BEFORE_SEASON}


class AtCart(AtSale):
    """A till whose sale is held, at its cart."""

    async def settled(self) -> None:
        await self.until(lambda: self.sale.attempt is None)


@asynccontextmanager
async def at_the_cart(
    sandbox: SandboxProcess, home: Path, *quantities: int, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[AtCart]:
    till = Till(sandbox, home)
    async with AtCart.of(till, size) as counter:
        lines = [await till.line(quantity=quantity, session=number) for number, quantity in enumerate(quantities)]
        counter.reference = (await till.hold(*lines)).reference
        await counter.until(lambda: till.services.catalogs.content)
        counter.app.push_screen(CartScreen(till.services))
        await counter.on(CartScreen)
        yield counter


def bulk(sandbox: SandboxProcess) -> int:
    """How often places were asked for."""
    calls: dict[str, Any] = sandbox.state()["calls"]
    return int(calls.get("reservations_bulk", 0))


@pytest.mark.parametrize(("key", "back"), [("delete", "b"), ("delete", "ctrl+z"), ("ctrl+z", "b")])
async def test_a_line_that_was_taken_out_comes_back_under_its_own_hold_c12(
    sandbox: SandboxProcess, tmp_path: Path, key: str, back: str
) -> None:
    async with at_the_cart(sandbox, tmp_path, 3, 2, size=(80, 24)) as counter:
        asked, before = bulk(sandbox), counter.sale
        if key == "ctrl+z":
            await counter.press("down")
        await counter.press(key)
        await counter.until(lambda: len(counter.sale.lines) == 1)
        await counter.until(lambda: "brings it back" in " ".join(counter.problem.split()))
        await counter.press(back)
        await counter.until(lambda: len(counter.sale.lines) == 2)
        assert {state.hold for state in counter.sale.lines} == {state.hold for state in before.lines}
        assert counter.sale.let_go == ()
        assert counter.sale.to_collect == before.to_collect
        assert len(counter.sale.with_status(LineStatus.HELD)) == 2
        assert "in the sale again" in counter.problem
        assert bulk(sandbox) == asked


async def test_a_line_whose_hold_is_over_is_held_anew_c12(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_the_cart(sandbox, tmp_path, 1, 2) as counter:
        await counter.press("delete")
        await counter.until(lambda: len(counter.sale.lines) == 1)
        old = {hold.reservation for hold in counter.sale.let_go}
        asked = bulk(sandbox)
        counter.till.pass_time(3600)
        await counter.press("b")
        await counter.until(lambda: len(counter.sale.lines) == 2 and counter.sale.attempt is None)
        assert bulk(sandbox) == asked + 1
        back = counter.sale.lines[-1]
        assert back.hold is not None
        assert back.hold not in old


async def change(counter: AtCart, *number: str) -> None:
    """Another number of the highlighted line, the same day and session."""
    await counter.press("e")
    await counter.on(OffersScreen)
    await counter.until(lambda: counter.app.screen.pane.offer)
    assert "Saturday 7 June" in counter.text
    await counter.press(*number, "enter")
    await counter.until(lambda: not isinstance(counter.app.screen, OffersScreen))
    if isinstance(counter.app.screen, SessionsScreen):
        await counter.until(lambda: counter.app.screen.is_mounted and "chosen for" in counter.text)
        await counter.press("enter")
    await counter.on(CartScreen)
    await counter.settled()


async def test_a_held_line_is_changed_and_let_go_once_the_other_is_held_c12(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_the_cart(sandbox, tmp_path, 2) as counter:
        (before,) = counter.sale.lines
        await change(counter, "3")
        (now,) = counter.sale.lines
        assert (now.line.quantity, now.line.day) == (3, before.line.day)
        assert now.line.starts_at == before.line.starts_at
        assert counter.sale.status(now) is LineStatus.HELD
        assert before.hold in {hold.reservation for hold in counter.sale.let_go}
        assert counter.sale.places == 3


async def test_a_change_that_is_refused_leaves_the_line_as_it_was_c12(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_the_cart(sandbox, tmp_path, 2) as counter:
        before = counter.sale
        sandbox.fault("refuse", route="reservations_bulk")
        await change(counter, "3")
        assert [state.line for state in counter.sale.lines] == [state.line for state in before.lines]
        assert counter.sale.holds == before.holds
        await counter.until(lambda: "The line stays as it was; its places are held." in counter.problem)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_total_is_large_and_stays_where_it_is_as_lines_go(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_the_cart(sandbox, tmp_path, 1, 2, size=size) as counter:

        def places() -> list[Region]:
            return [counter.app.screen.query_one(one).region for one in ("#cart-total", "#lines", "#cart-line")]

        total, lines, about = places()
        assert total.height == HEIGHT + 1  # and its words
        assert total.bottom < lines.y
        assert lines.bottom <= about.y
        assert about.bottom <= size[1] - 1
        assert about.y - lines.bottom <= 1  # no hole between the lines and what is said of one
        await counter.press("delete")
        await counter.until(lambda: len(counter.sale.lines) == 1)
        await counter.pilot.pause()
        now, lines_now, _about = places()
        assert (now.offset, now.height) == (total.offset, total.height)
        assert lines_now.offset == lines.offset
