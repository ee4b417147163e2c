"""The till's page by keys alone: blind until counted, once only, and everybody by name."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from families import some
from program import AtTill
from sandbox_process import CATALOG, SandboxProcess
from textual import events
from till import BEFORE_SEASON, DAY_PRODUCT, Stage, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.till.export import as_csv, as_json
from korus_tui.counter.till.report import as_text
from korus_tui.counter.till.till import stream_of
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.values import Method, Mode
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.money_guard import STALL
from korus_tui.screens.till.amount import AmountScreen
from korus_tui.screens.till.screen import TillPage
from korus_tui.screens.till.sign_in import SignInScreen
from korus_tui.widgets.big_amount import big_lines
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.status_line import StatusLine

SIZES = [(80, 24), (120, 40), (200, 60)]
SANDBOX = {"now": BEFORE_SEASON}


class Page(AtTill):
    """The till's page, driven by keys."""

    @property
    def desk(self) -> Any:
        return self.till.services.till

    async def burst(self, *keys: str) -> None:
        """Keys as a slow line or a scanner brings them: all at once, nothing handled in between."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def amount(self, key: str, cents: str, reason: str = "") -> None:
        """Open a dialog of the page, type, and record."""
        await self.press(key)
        await self.on(AmountScreen)
        await self.press(*cents)
        if reason:
            await self.press("enter", *reason)
        await self.until(lambda: self.app.screen._guard.ready)
        await self.press("f10")

    async def opened(self, cents: str = "10000") -> None:
        await self.amount("o", cents)
        await self.expect("The till is open")

    async def counted(self, cents: str) -> None:
        """Z, up to the last question, once it is alive."""
        await self.amount("z", cents)
        await self.on(ConfirmScreen)
        await self.until(lambda: self.app.screen.armed)

    async def sign_in(self, name: str, *pins: str) -> None:
        await self.press("s")
        await self.on(SignInScreen)
        self.app.screen.query_one("#name", Field).entry.value = name
        self.app.screen.query_one("#pin", Field).entry.focus()
        for pin in pins:
            await self.press(*pin, "enter")

    async def sold(self) -> Money:
        """A finished sale for cash beside the page; what it cost."""
        sale = await self.till.sell_until(Stage.ORDERED, await self.till.line(DAY_PRODUCT))
        assert sale.taken is not None
        await self.till.services.desk.record(sale.reference, e.SaleFinished())
        return sale.taken

    async def events(self) -> list[Any]:
        rows = await self.till.services.resume.journal.read_stream(stream_of("till 1"))
        return [row.event for row in rows]


@asynccontextmanager
async def page(
    sandbox: SandboxProcess, home: Path, size: tuple[int, int] = (120, 40), **profile: Any
) -> AsyncIterator[Page]:
    till = Till(sandbox, home, **profile)
    async with Page.of(till, size) as one:
        await one.until(lambda: one.desk._journal is not None)
        await one.press("ctrl+e")
        await one.on(TillPage)
        await one.expect("The till is")
        yield one


async def test_an_amount_counted_without_haste_is_recorded_by_the_first_press(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """Only a program that stood still may doubt the key, not an agent who takes time to count."""
    async with page(sandbox, tmp_path) as till:
        await till.press("o")
        await till.on(AmountScreen)
        await till.press(*"10000")
        counted = till.desk._clock.boot() + STALL + 0.5
        await till.until(lambda: till.desk._clock.boot() > counted)
        await till.press("f10")
        await till.expect("The till is open")
        assert till.desk.shift.opening.amount == Money.of(100, "EUR")


async def test_f10_that_comes_too_soon_says_so_c22(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path, (80, 24)) as till:
        await till.press("o")
        await till.on(AmountScreen)
        await till.press(*"10000")
        await till.until(lambda: till.app.screen._guard.ready)
        till.app.screen._guard.arm()  # as when something new has come on the screen
        await till.press("f10")
        await till.expect("That key came before this page could be read.", "It moved no money.")
        assert not till.desk.shift.is_open
        await till.until(lambda: till.app.screen._guard.ready)
        await till.press("f10")
        await till.expect("The till is open")


@pytest.mark.parametrize("size", some(2, [(size,) for size in SIZES]))
async def test_a_day_by_keys_alone(sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]) -> None:
    """What to expect is nowhere before the count, then over and short are said."""
    async with page(sandbox, tmp_path, size) as till:
        await till.opened()
        taken = await till.sold()
        await till.amount("i", "2000", "coins")
        await till.amount("minus", "550", "stamps")
        await till.expect("€20.00", "-€5.50")
        expected = Money.of("114.50", "EUR") + taken
        for secret in (expected.text, taken.text):
            assert secret not in till.text
        await till.press("x")
        await till.expect("X reading", expected.text, taken.text, "coins", *big_lines(f"€{taken.text}"))
        await till.press("z")
        await till.on(AmountScreen)
        assert expected.text not in till.text
        assert taken.text not in till.text
        await till.press("escape")
        await till.counted("11450")
        assert expected.text not in till.text
        await till.press("y")
        await till.expect("Z 1: the till is closed", expected.text, "114.50", "short", f"-€{taken.text}")
        await till.press("escape", "f")
        await till.until(lambda: till.app.screen.query_one(RowList).rows)
        await till.press("enter")
        await till.expect("Z 1: the till is closed", "short")
        await till.press("escape")
        await till.expect("Past closes")
        await till.press("escape", "escape")
        await till.on(CatalogScreen)


async def test_enter_and_held_keys_close_nothing_f50(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F50: two keys in one write reach the question's safe answer, and a y in its first moment is dead."""
    async with page(sandbox, tmp_path) as till:
        await till.opened()
        await till.press("z")
        await till.on(AmountScreen)
        await till.press("1", "enter", "enter")
        assert isinstance(till.app.screen, AmountScreen)
        await till.until(lambda: till.app.screen._guard.ready)
        await till.press("f10", "f10", "y", "enter")
        await till.on(TillPage)
        assert not any(isinstance(event, t.TillClosed) for event in await till.events())
        await till.counted("1")
        await till.press("y", "y", "y")
        await till.expect("Z 1: the till is closed")
        assert sum(isinstance(event, t.TillClosed) for event in await till.events()) == 1


async def test_a_dialogs_key_is_dead_at_first_and_records_once_f50(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F50."""
    async with page(sandbox, tmp_path) as till:
        await till.press("o", "1", "f10", "f10")
        await till.until(lambda: not isinstance(till.app.screen, AmountScreen) or till.app.screen._guard.ready)
        await till.press("f10", "f10")
        await till.expect("The till is open")
        assert sum(isinstance(event, t.TillOpened) for event in await till.events()) == 1


@pytest.mark.parametrize(("typed", "said"), [("", "fill in"), ("0", "above zero"), ("1,234", "decimals")])
async def test_amounts_that_are_none_f53(sandbox: SandboxProcess, tmp_path: Path, typed: str, said: str) -> None:
    """F53."""
    async with page(sandbox, tmp_path) as till:
        await till.opened()
        await till.press("i")
        await till.on(AmountScreen)
        await till.press(*("comma" if sign == "," else sign for sign in typed))
        await till.until(lambda: till.app.screen._guard.ready)
        await till.press("f10")
        await till.until(lambda: said in till.error("cash"))
        assert len(await till.events()) == 1


async def test_a_burst_of_keys_loses_and_reorders_nothing_f51(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F51: an amount is recorded to its last digit, and an X that was pressed first shows nothing beside the count."""
    async with page(sandbox, tmp_path) as till:
        await till.burst("o", *"1234")
        await till.on(AmountScreen)
        await till.until(lambda: till.app.screen._guard.ready)
        await till.burst("5", "6", "f10", "y", "enter")
        await till.expect("The till is open", "1,234.56")
        taken = await till.sold()
        await till.burst("minus", *"550", "enter", *"stamps")
        await till.on(AmountScreen)
        await till.until(lambda: till.app.screen.query_one("#reason", Field).value == "stamps")
        await till.until(lambda: till.app.screen._guard.ready)
        await till.burst("f10", "f10")
        await till.expect("-€5.50")
        assert [event.amount.text for event in await till.events()] == ["1234.56", "5.50"]
        await till.burst("x", "z", *"700")
        await till.on(AmountScreen)
        await till.expect("€7.00")
        assert taken.text not in till.text
        assert "X reading" not in till.text


async def test_cash_out_needs_a_reason(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.opened()
        await till.amount("minus", "500")
        await till.until(lambda: "Reason" in till.error("reason"))
        assert len(await till.events()) == 1
        await till.press(*"stamps", "f10")
        await till.expect("-€5.00")
        assert (await till.events())[-1] == t.CashTakenOut(Mode.LIVE, Money.of("5.00", "EUR"), "stamps")


async def test_unresolved_sales_are_listed_and_do_not_stop_the_close(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.opened("0")
        sale = await till.till.sell_until(Stage.PAYING, await till.till.line(DAY_PRODUCT))
        sandbox.fault("drop_after", method="POST", route="orders_bulk")
        sandbox.fault("status", status=503, method="GET", count=None)
        await till.till.pay(sale.reference)
        await till.expect("Paid, not confirmed", sale.reference)
        await till.counted("0")
        assert sale.reference in till.text
        await till.press("y")
        await till.expect("Z 1: the till is closed", "Paid, not confirmed", sale.reference)
        sandbox.no_faults()
        await till.till.until(sale.reference, lambda one: one.all_ordered)


async def test_a_sale_that_waits_is_told_before_the_close_and_on_it_c24(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.opened("0")
        parked = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.till.services.desk.park(parked.reference)
        here = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.expect("Not ended", f"{parked.reference}, parked", here.reference)
        await till.counted("0")
        assert f"Not ended, and listed on the close: {parked.reference}" in till.sentences
        assert here.reference in till.sentences
        await till.press("y")
        await till.expect("Z 1: the till is closed")
        closing = till.till.services.till.past[0]
        reading = await till.till.services.till.read(closing)
        on_paper = as_text((reading,))
        assert f"{parked.reference}, parked" in on_paper
        assert here.reference in on_paper
        told = {one["reference"]: one["parked"] for one in json.loads(as_json((reading,)))[0]["waiting"]}
        assert told == {parked.reference: True, here.reference: False}
        assert f"waiting,{here.reference}" in as_csv((reading,))


@pytest.mark.parametrize(
    ("size", "seen"), [((120, 40), True), ((200, 60), True), ((80, 24), False), ((120, 30), False)]
)
async def test_past_closes_stand_below_the_figures_where_there_is_room(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int], seen: bool
) -> None:
    async with page(sandbox, tmp_path, size=size) as till:
        await till.desk.open(Money.of("10.00", "EUR"))
        await till.desk.close(Money.of("10.00", "EUR"))
        await till.press("escape", "ctrl+e")
        await till.expect("The till is not open")
        past = till.app.screen.query_one("#past")
        await till.until(lambda: past.display is seen and ("Past closes" in till.text) is seen)
        await till.opened("0")
        await till.press("x")
        await till.expect("X reading")
        assert ("Z 1" in till.text) is seen
        await till.press("f")  # the list alone
        await till.until(lambda: till.app.focused is past)
        await till.press("enter")
        await till.expect("Z 1: the till is closed")
        assert not past.display


async def test_the_first_agent_then_sign_out_then_wrong_pins_slow_down(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.sign_in("Léa", "246824", "246924")
        await till.until(lambda: "differ" in till.error("again"))
        await till.press(*"246824", "enter", "enter")
        await till.on(TillPage)
        await till.expect("Léa", "add agent")
        await till.press("s")
        await till.until(lambda: till.desk.staff.agent is None)
        await till.sign_in("Léa", "111111")
        for _ in range(2):
            await till.until(lambda: "do not fit" in till.error("pin"))
            await till.press(*"111111")
            assert till.error("pin") == ""
            await till.press("enter")
        await till.until(lambda: "do not fit" in till.error("pin"))
        await till.press(*"246824", "enter")
        await till.until(lambda: "Wait" in till.error("pin"))
        assert till.desk.staff.agent is None
        assert sum(isinstance(event, t.AgentSignedIn) for event in await till.events()) == 1


@pytest.mark.parametrize("size", some(2, [(size,) for size in SIZES]))
async def test_a_till_that_is_not_open_says_so_before_anything_is_sold(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with page(sandbox, tmp_path, size) as till:
        await till.press("escape")
        await till.on(CatalogScreen)
        await till.expect("The till is not open: Ctrl+E")
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.opened()
        await till.press("escape")
        await till.on(CatalogScreen)
        await till.expect("Nothing")
        assert "not open" not in till.text


async def test_a_parked_sale_says_how_it_comes_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.press("escape")
        await till.on(CatalogScreen)
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("ctrl+k")
        await till.expect(f"{sale.reference} waits.", "Ctrl+K recalls it")
        await till.press("ctrl+k")
        await till.expect("Sales that wait")


async def test_the_times_of_holds_run_on_behind_a_dialog(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("i")
        await till.on(AmountScreen)
        header = till.app.screen_stack[-2].query_one(StatusLine)
        first = str(header.render_line(0).text)
        assert "hold " in first
        await till.until(lambda: str(header.render_line(0).text) != first)


async def test_where_agents_have_pins_nobody_counts_money_without_a_name(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.sign_in("Léa", "246824", "246824")
        await till.on(TillPage)
        await till.opened()
        await till.press("s")
        await till.until(lambda: till.desk.staff.agent is None)
        for key in ("i", "minus", "z"):
            await till.press(key)
            await till.expect("Nobody is signed in.", "s signs in")
            await till.on(TillPage)
            await till.press("x", "escape")
        with pytest.raises(CounterError, match="Nobody is signed in"):
            await till.desk.put_in(Money.of(1, "EUR"), "coins")
        await till.sign_in("Léa", "246824")
        await till.until(lambda: till.desk.staff.agent is not None)
        await till.on(TillPage)
        await till.amount("i", "2000", "coins")
        await till.expect("20.00")
        assert "Nobody" not in till.text


async def test_signing_out_with_an_open_sale_is_asked_about_once_f59(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F59."""
    async with page(sandbox, tmp_path) as till:
        await till.sign_in("Léa", "246824", "246824")
        await till.on(TillPage)
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("s")
        await till.on(ConfirmScreen)
        assert sale.reference in till.text
        await till.press("enter")
        await till.on(TillPage)
        assert till.desk.staff.agent is not None
        await till.press("s")
        await till.on(ConfirmScreen)
        await till.until(lambda: till.app.screen.armed)
        await till.press("y")
        await till.until(lambda: till.desk.staff.agent is None)
        assert till.till.sale(sale.reference).lines == sale.lines
        assert till.till.services.desk.counter.agent == ""


async def test_a_demo_says_that_its_sales_are_never_takings(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path, (80, 24), mode="demo") as till:
        await till.expect("DEMO", "The till is open", "never takings")
        assert till.till.services.desk.gate.money(Method.CASH) is None
        taken = await till.sold()
        await till.press("x")
        await till.expect("never in takings", "would be cash", taken.text, "expected")
        await till.expect("DEMO: would be taken", *big_lines(f"€{taken.text}"))
        assert (await till.desk.read()).expected == Money.of("0", "EUR")


async def test_foreign_words_are_shown_as_they_are(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.opened()
        await till.desk.put_in(Money.of("1", "EUR"), "[bold]x[/] \x1b[31m[@click=app.quit]y[/]")
        await till.press("x")
        await till.expect("[bold]x[/]")
        assert "\x1b" not in till.text


async def test_the_till_is_reached_and_left_from_any_screen(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.press("escape")
        await till.on(CatalogScreen)
        await till.till.services.desk.open(CATALOG, "fr")
        await till.press("ctrl+o", "ctrl+e")
        await till.on(TillPage)
        await till.press("ctrl+e", "escape")
        await till.until(lambda: not isinstance(till.app.screen, TillPage))
        assert isinstance(till.app.screen, CartScreen)


async def test_the_first_agent_types_over_the_name_of_the_settings_and_letters_are_no_pin_c24(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with page(sandbox, tmp_path) as till:
        await till.press("a")
        await till.on(SignInScreen)
        name, pin = (till.app.screen.query_one(field, Field) for field in ("#name", "#pin"))
        assert name.value
        await till.press(*"Grace", "enter", "x")
        await till.expect("Only digits can be typed here.")
        assert (name.value, pin.value) == ("Grace", "")
        await till.press("2")
        await till.until(lambda: "Only digits" not in till.text)
        assert pin.value == "2"


async def test_a_day_that_this_machine_contradicts_is_asked_about(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words stand in the header and on the page before anything opens; only `y` opens, Enter leaves it."""
    async with page(sandbox, tmp_path, (80, 24)) as till:
        await till.till.know_the_time()
        true = till.desk._clock.now()
        monkeypatch.setattr(till.desk._clock, "machine", lambda: true + timedelta(days=365))
        till.till.services.desk.tell()
        await till.expect(
            "today is Thu 30 Jan 2025?", "This machine's clock says Fri", "30 Jan 2026", "on X, on Z and in"
        )
        for key, opened in (("enter", False), ("y", True)):
            await till.amount("o", "10000")
            await till.on(ConfirmScreen)
            await till.expect("Open the till on the business day Thu 30 Jan 2025?", "By Korus' clock it is")
            await till.until(lambda: till.app.screen.armed)
            await till.press(key)
            await till.on(TillPage)
            await till.until(lambda: till.desk.shift.is_open == opened)  # noqa: B023 - awaited here
        await till.counted("10000")
        await till.expect("Close the till with", "This machine's clock says Fri 30 Jan 2026")
