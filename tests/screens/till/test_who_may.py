"""Who may, by keys: the cover, the idle lock, a supervisor's word, the agents' page, tickets that come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from orders_kit import finished
from program import AtTill
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, DAY_PRODUCT, Stage, Till

from korus_tui import i18n
from korus_tui.config.settings import Agents
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.till import agents as people
from korus_tui.counter.till.agents import Agents as PeopleWithPins
from korus_tui.counter.till.till import stream_of
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import SHOWN
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.documents.message import MessageScreen
from korus_tui.screens.documents.reprint import ReprintScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.order.text import timeline
from korus_tui.screens.orders.reason import ReasonScreen
from korus_tui.screens.till.agents import AgentsScreen
from korus_tui.screens.till.amount import AmountScreen
from korus_tui.screens.till.cover import CoverScreen
from korus_tui.screens.till.screen import TillPage
from korus_tui.screens.till.sign_in import Purpose, SignInScreen
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.row_list import RowList

CHIEF, AGENT, PIN = "Léa", "Bob", "246824"

SANDBOX = {"now": BEFORE_SEASON}


class WithPins(AtTill):
    """A counter with a supervisor, Léa, and an agent, Bob, who have the same PIN."""

    @property
    def desk(self) -> Any:
        return self.till.services.till

    async def gives_pin(self, name: str | None = CHIEF, pin: str = PIN) -> None:
        """Fill in the dialog that asks for name and PIN."""
        await self.on(SignInScreen)
        if name is not None:
            self.app.screen.query_one("#name", Field).entry.value = name
        self.app.screen.query_one("#pin", Field).entry.focus()
        await self.press(*pin, "enter")

    async def sold(self, name: str) -> Sale:
        """A finished sale by this agent, its document handed over once."""
        await self.desk.staff.sign_in(name, PIN)
        sale = await finished(self.till, None, await self.till.line(DAY_PRODUCT))
        await self.till.services.desk.record_after(
            sale.reference, e.DocumentHandedOver(f"{sale.orders[0].order}/documents/1", "printed", 1)
        )
        found = await self.till.services.desk.read(sale.reference)
        assert found is not None
        return found

    async def opens(self, screen: Any) -> None:
        await self.app.push_screen(screen)
        await self.on(type(screen))

    async def own(self) -> list[tuple[str, Any]]:
        rows = await self.till.services.resume.journal.read_stream(stream_of("till 1"))
        return [(row.agent, row.event) for row in rows]

    async def recorded_of(self, sale: Sale) -> list[tuple[str, Any]]:
        rows = await self.till.services.resume.journal.read(sale.reference)
        return [(row.agent, row.event) for row in rows]


@asynccontextmanager
async def counter(
    sandbox: SandboxProcess, home: Path, size: tuple[int, int] = (120, 40), *, as_: str | None = AGENT, **settings: Any
) -> AsyncIterator[WithPins]:
    till = Till(sandbox, home)
    agents = till.services.till.staff._agents
    agents.add(CHIEF, PIN, supervisor=True)
    agents.add(AGENT, PIN, supervisor=False)
    till.services.settings = replace(till.services.settings, **settings)
    async with WithPins.of(till, size) as one:
        await one.on(CoverScreen)
        if as_ is not None:
            await one.desk.staff.sign_in(CHIEF, PIN)
            await till.open_till()
            await one.desk.staff.sign_in(as_, PIN)
            await one.on(CatalogScreen)
        yield one


async def test_a_pin_typed_before_the_journal_is_read_stands_in_no_filter_f83(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F83: on a busy host reading it takes seconds; whoever knows the till types on, and is let in once it is read."""
    till = Till(sandbox, tmp_path)
    till.services.till.staff._agents.add(CHIEF, PIN, supervisor=True)
    read, opens = asyncio.Event(), till.services.resume.open

    async def later(*given: Any, **more: Any) -> None:
        await read.wait()
        await opens(*given, **more)

    monkeypatch.setattr(till.services.resume, "open", later)
    async with WithPins.of(till, (80, 24)) as one:
        await one.on(CoverScreen)
        await one.press("s")
        await one.gives_pin()
        await one.pilot.pause()
        assert not till.services.opened
        read.set()
        await one.on(CatalogScreen)
        assert one.desk.staff.agent is not None
        assert (one.app.screen.query_one("#filter", Entry).value, one.app.clipboard) == ("", "")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_new_login_sees_nothing_until_somebody_signs_in_f83(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    """F83: no key of the catalog, the cart, the orders or the palette does anything, each says why."""
    async with counter(sandbox, tmp_path, size, as_=None) as till:
        await till.expect("Nobody is signed in", "signs in: name and PIN")
        for key in ("ctrl+f", "ctrl+o", "ctrl+k", "ctrl+p", "ctrl+z"):
            await till.press(key)
            await till.on(CoverScreen)
        await till.press("ctrl+e")
        await till.on(TillPage)
        for key in ("ctrl+f", "x", "f"):
            await till.press(key)
            await till.expect("Nobody is signed in.", "s signs in")
            await till.on(TillPage)
        await till.press("escape", "escape")
        await till.on(CoverScreen)
        await till.press("s")
        await till.gives_pin(AGENT)
        await till.on(CatalogScreen)
        assert [event for _name, event in await till.own()][-1] == t.AgentSignedIn(till.desk.mode, False)


async def test_a_name_of_the_settings_stands_on_no_page_once_somebody_has_a_pin_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    till = Till(sandbox, tmp_path)
    async with WithPins.of(till, (80, 24)) as one:
        await one.expect("till 1 · Ada")
        await till.services.desk.ledger.journal()
        PeopleWithPins(till.paths.data, till.services.clock.boot).add(CHIEF, PIN, supervisor=True)
        await one.on(CoverScreen)
        await one.until(lambda: "Ada" not in one.text)


async def test_who_signs_out_leaves_a_cover_behind_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.press("s")
        await till.yes()
        await till.until(lambda: till.desk.staff.agent is None)
        await till.press("escape")
        await till.on(CoverScreen)
        assert sale.reference not in till.text
        assert "hold " in till.text
        await till.press("s")
        await till.gives_pin(CHIEF)
        await till.on(CatalogScreen)
        assert till.till.sale(sale.reference).lines == sale.lines


async def test_the_page_is_covered_after_some_minutes_and_a_pin_opens_it(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also over a dialog; the hold runs on in sight, its answers are recorded, and a colleague may sign in over it."""
    async with counter(sandbox, tmp_path, agents=Agents(lock_minutes=5)) as till:
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("ctrl+e", "i")
        await till.on(AmountScreen)
        clock, boot = till.till.services.clock, till.till.services.clock.boot
        monkeypatch.setattr(clock, "boot", lambda: boot() + 301)
        await till.on(CoverScreen)
        await till.expect("The page is covered", f"{AGENT} stands at this till", "hold ")
        assert sale.reference not in till.text
        box, page = till.app.screen.query_one("#cover").region, till.app.screen.region
        assert abs((box.x + box.right) - page.width) <= 2, "it stands in the middle"
        assert till.said("#cover-key") == " s  signs in: name and PIN."
        await till.press("ctrl+e", "ctrl+f", "f10")
        await till.on(CoverScreen)
        await till.till.services.desk.record(sale.reference, e.HoldExpired(sale.holds[0].reservation))
        assert (await till.recorded_of(sale))[-1][0] == "(till)"
        await till.press(PIN[0])
        await till.on(SignInScreen)
        await till.press(*PIN[1:], "enter")
        await till.on(AmountScreen)
        assert (await till.own())[-1] == (AGENT, t.PageUncovered(till.desk.mode))
        monkeypatch.setattr(clock, "boot", lambda: boot() + 700)
        await till.on(CoverScreen)
        await till.press("s")
        await till.gives_pin(CHIEF)
        await till.until(lambda: till.desk.staff.agent is not None and till.desk.staff.agent.name == CHIEF)
        assert [type(event) for _name, event in await till.own()][-2:] == [t.AgentSignedOut, t.AgentSignedIn]


async def test_never_covered_where_the_setting_says_so(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(sandbox, tmp_path, agents=Agents(lock_minutes=0)) as till:
        boot = till.till.services.clock.boot
        monkeypatch.setattr(till.till.services.clock, "boot", lambda: boot() + 100_000)
        till.app.cover.update()
        await till.pilot.pause()
        assert isinstance(till.app.screen, CatalogScreen)


async def test_a_supervisor_authorises_one_act_beside_the_agent(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Both names are on it; nothing is recorded where nobody comes, or the PIN is no supervisor's."""
    async with counter(sandbox, tmp_path) as till:
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.expect("The till is open")

        async def cash_out() -> None:
            await till.press("minus")
            await till.on(AmountScreen)
            await till.press(*"500", "enter", *"stamps")
            await till.until(lambda: till.app.screen._guard.ready)
            await till.press("f10")
            await till.on(SignInScreen)
            await till.until(lambda: "cash out of the drawer (€5.00)." in till.sentences)

        await cash_out()
        await till.press("escape")
        await till.expect("That needs a supervisor: cash out of the drawer.")
        await cash_out()
        await till.gives_pin(AGENT)
        await till.until(lambda: "no supervisor" in till.error("name"))
        await till.gives_pin(CHIEF, "000000")
        await till.until(lambda: "do not fit" in till.error("pin"))
        before = await till.own()
        assert not any(isinstance(event, t.CashTakenOut) for _name, event in before)
        assert (AGENT, t.PinRefused(till.desk.mode, CHIEF)) in before
        await till.gives_pin(CHIEF)
        await till.expect("-€5.00")
        assert (await till.own())[-2:] == [
            (AGENT, t.TillActAuthorised(till.desk.mode, "cash_out", CHIEF)),
            (AGENT, t.CashTakenOut(till.desk.mode, Money.of(5, "EUR"), "stamps")),
        ]
        assert till.desk.staff.agent.name == AGENT
        await cash_out()  # once is once


async def test_a_close_that_is_off_needs_a_supervisor(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as till:
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.press("z")
        await till.on(AmountScreen)
        await till.press(*"1100")
        await till.until(lambda: till.app.screen._guard.ready)
        await till.press("f10")
        await till.yes()
        await till.expect("A supervisor's word", "a close with this much")
        await till.gives_pin(CHIEF)
        await till.expect("Z 1: the till is closed", "over", f"authorised by {CHIEF}: a close")
        assert [event.act for _name, event in await till.own() if isinstance(event, t.TillActAuthorised)] == [
            "z_difference"
        ]


async def test_money_back_after_hand_over_asks_for_the_tickets_and_a_supervisor(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """And then its documents say so first, and neither link nor code is shown without a supervisor."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.sold(AGENT)
        await till.opens(OrderScreen(till.till.services, sale.reference))
        await till.until(lambda: till.app.screen.chosen is not None)
        await till.press("c")
        await till.on(ReasonScreen)
        await till.expect("Handed over: 1 document (printed 1×).", "Tickets back")
        screen = till.app.screen
        for field, value in (("reason", "ill"), ("back", "1"), ("method", "cash")):
            screen.query_one(f"#{field}", Field).entry.value = value
        await till.press("ctrl+s")
        await till.until(lambda: "Tickets back" in till.error("tickets"))
        await till.press("n", "ctrl+s")
        await till.expect("The tickets did not come back.")
        await till.yes()
        await till.expect("A supervisor's word", "money back after")
        await till.gives_pin(CHIEF)
        await till.on(OrderScreen)
        await till.expect("cancellation asked for", f"authorised by {CHIEF}")
        (_who, authorised), (name, asked) = (await till.recorded_of(sale))[-2:]
        told = str(timeline(till.app.screen._file, till.till.services))
        assert f"after documents were handed over · {AGENT}" in told
        assert (authorised, name) == (e.ActAuthorised("refund_after_handover", CHIEF), AGENT)
        assert (asked.tickets_back, asked.given_back) == (False, Money.of("0.01", "EUR"))

        after = await till.till.services.desk.read(sale.reference)
        assert after is not None
        await till.opens(ReprintScreen(till.till.services, after))
        await till.expect("Cancelled or given back", "did not come back.", "Its link and QR code need")
        assert "is complete" not in till.text
        assert "confirmed" not in till.text
        assert "https://" not in till.text
        assert "http://" not in till.text
        await till.press("y")
        await till.expect("A supervisor's word", "documents of what was")
        await till.press("escape")
        await till.expect("That needs a supervisor")
        assert not any(
            isinstance(one, e.DocumentHandedOver) and one.how == "link" for _n, one in await till.recorded_of(sale)
        )


async def test_the_third_copy_needs_a_supervisor(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as till:
        await till.desk.staff.sign_in(AGENT, PIN)
        sale = await finished(till.till, None, await till.till.line(DAY_PRODUCT))
        await till.opens(ReprintScreen(till.till.services, sale))
        pane = till.app.screen._pane
        await till.until(lambda: pane.chosen and pane.chosen.document and pane.chosen.document.link)
        for copy in (1, 2):
            await till.press("y")
            await till.until(lambda copy=copy: len((till.app.screen._last or sale).handed) == copy)
            await till.until(lambda: not till.app.screen._handing._busy)
        await till.expect("Its link and QR code need a supervisor")
        await till.press("y")
        await till.expect("A supervisor's word", "one more copy of a")
        await till.gives_pin(CHIEF)
        await till.on(ReprintScreen)
        await till.until(lambda: len(till.app.screen._last.handed) == 3)
        assert (await till.recorded_of(sale))[-2] == (AGENT, e.ActAuthorised("more_copies", CHIEF))


async def test_the_agents_page_by_keys(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, as_=CHIEF) as till:
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.press("g")
        await till.on(AgentsScreen)
        await till.expect(CHIEF, AGENT, "supervisor")
        await till.press("a")
        await till.on(SignInScreen)
        await till.press(*"Eve", "enter", *"135713", "enter", *"135713", "enter", "x", "enter")
        await till.expect("✗ y or n")  # neither is taken for the other
        await till.press("backspace", "n", "enter")
        await till.on(AgentsScreen)
        await till.expect("Eve")
        rows = till.app.screen.query_one(RowList)
        await till.press("down", "down")
        await till.until(lambda: rows.highlighted == "Eve")
        await till.press("v")
        await till.yes()
        await till.until(lambda: [one.supervisor for one in till.app.screen._agents] == [True, False, True])
        await till.press("p")
        await till.on(SignInScreen)
        await till.press(*"975319", "enter", *"975319", "enter")
        await till.on(AgentsScreen)
        await till.expect("✓ The new PIN of Eve is in force.")
        await till.press("n")
        await till.on(SignInScreen)
        await till.press("end", *"lyn", "ctrl+u", *"Eva", "enter")  # emptied as a terminal's line is
        await till.on(AgentsScreen)
        await till.expect("Eva")
        await till.press("n")
        await till.on(SignInScreen)
        await till.press(*"Eve", "enter")  # typed over
        await till.on(AgentsScreen)
        await till.expect("Eve")
        await till.press("l")
        await till.yes()
        await till.expect("works here no more")
        assert "v supervisor" not in till.text
        await till.press("up")  # the keys are those of who is highlighted
        await till.until(lambda: "v supervisor" in till.text)
        changes = [type(event).__name__ for _name, event in await till.own()][-6:]
        assert changes == ["AgentAdded", "RoleChanged", "PinChanged", "AgentRenamed", "AgentRenamed", "AgentLeft"]


async def test_who_signs_in_is_chosen_from_a_list_c24(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """By the arrows, or by the beginning of the name; nobody's old name stands there."""
    async with counter(sandbox, tmp_path, (80, 24), as_=None) as till:
        till.desk.staff._agents.add("Ada Lovelace", PIN, supervisor=False)
        till.desk.staff._agents.add("Gone", PIN, supervisor=False)
        till.desk.staff._agents.leave("Gone")
        await till.press("s")
        await till.on(SignInScreen)
        await till.expect("Ada Lovelace", AGENT, CHIEF)
        assert "Gone" not in till.text
        name = till.app.screen.query_one("#name", Field)
        assert (name.value, name.entry.has_focus) == ("", True)
        for key, chosen in (("down", "Ada Lovelace"), ("down", AGENT), ("up", "Ada Lovelace"), ("up", CHIEF)):
            await till.press(key)
            assert name.value == chosen
            assert chosen in till.text
        await till.press(*["backspace"] * 9, *"love")
        await till.until(lambda: AGENT not in till.sentences)
        await till.press("enter", *PIN, "enter")
        await till.on(CatalogScreen)
        assert till.desk.staff.agent.name == "Ada Lovelace"


async def test_a_supervisors_word_offers_supervisors_alone_c24(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, (80, 24)) as till:
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.press("a")
        await till.on(SignInScreen)
        await till.press(*"Eve", "enter", *PIN, "enter", *PIN, "enter", "enter")
        await till.expect("A supervisor's word")
        await till.until(lambda: CHIEF in till.sentences)
        assert AGENT not in till.sentences
        await till.press("down", "enter", *PIN, "enter")
        await till.until(lambda: [one.name for one in till.desk.staff._agents.all()] == [CHIEF, AGENT, "Eve"])


@pytest.mark.parametrize("key", ["a", "g"])
async def test_the_keys_of_the_agents_are_silent_for_nobody_c24(
    sandbox: SandboxProcess, tmp_path: Path, key: str
) -> None:
    async with counter(sandbox, tmp_path, as_=None) as till:
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.until(lambda: till.desk._journal is not None)
        await till.expect("Nobody is signed in")
        for refused in ("ctrl+f", key):  # of every page, and of this one: the way here is not named where one is
            await till.press(refused)
            await till.until(lambda: bool(till.problem))
            assert "s signs in" in till.problem
            assert "opens the till's page" not in till.problem
            till.app.screen.clear_problem()
        await till.desk.staff.sign_in(AGENT, PIN)
        await till.press(key)
        await till.on(SignInScreen if key == "a" else AgentsScreen)


async def test_why_nobody_is_let_in_is_read_to_its_end(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, (80, 24), as_=None) as till:
        (till.till.paths.data / people.FILE).unlink()
        await till.press("s")
        await till.gives_pin()
        await till.expect("agents.json is missing", "`begin_anew`", "[agents]")


async def test_an_agent_changes_their_own_pin_and_no_others(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as till:
        await till.opens(AgentsScreen(till.till.services))
        await till.press("c")
        await till.on(SignInScreen)
        old, new, again = (till.app.screen.query_one(f"#{name}", Field) for name in ("old", "pin", "again"))
        await till.press(*"111111", "enter", *"97", "enter")
        assert (new.error, new.value) == ("A PIN is 6 to 12 digits.", "")
        await till.press(*"975319", "enter", *"975319", "enter")
        await till.until(lambda: old.error == f"That is not the PIN of {AGENT}.")
        assert (old.value, new.value, again.value) == ("", "975319", "975319")
        await till.press(*PIN, "enter", "enter", "enter")
        await till.on(AgentsScreen)
        await till.desk.staff.sign_out()
        await till.desk.staff.sign_in(AGENT, "975319")
        await till.on(AgentsScreen)
        await till.press("v")
        await till.yes()
        await till.until(lambda: f"changing the agents ({CHIEF}, as an agent)." in till.sentences)
        await till.press("escape")
        await till.expect("That needs a supervisor: changing the agents.")
        assert [one.supervisor for one in await till.desk.staff.everybody()] == [True, False]


@pytest.mark.parametrize("keys", [("shift+home", "ctrl+c"), ("ctrl+a", "ctrl+c"), ("shift+home", "ctrl+x")])
async def test_a_pin_goes_to_no_clipboard(sandbox: SandboxProcess, tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with counter(sandbox, tmp_path, as_=None) as till:
        await till.press("s")
        await till.on(SignInScreen)
        entry = till.app.screen.query_one("#pin", Field).entry
        entry.focus()
        await till.press(*PIN, *keys)
        assert till.app.clipboard == ""
        assert PIN not in till.text


async def test_blind_cash_is_the_supervisors_until_it_is_counted(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Who has read X stands on the Z."""
    async with counter(sandbox, tmp_path, blind=True) as till:
        till.desk._blind = True
        await till.till.services.till.put_in(Money.of("12.34", "EUR"), "coins")
        sale = await till.till.sell_until(Stage.ORDERED, await till.till.line(DAY_PRODUCT))
        await till.till.services.desk.record(sale.reference, e.SaleFinished())
        expected = (await till.desk.read()).expected
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.press("x")
        await till.expect("supervisor's until the drawer is counted")
        assert expected.text not in till.text
        assert not any(isinstance(event, t.XRead) for _name, event in await till.own())
        await till.desk.staff.sign_in(CHIEF, PIN)
        await till.press("escape", "x")
        await till.expect("X reading", expected.text)
        await till.until(lambda: till.desk.shift.readers)
        await till.desk.staff.sign_in(AGENT, PIN)
        await till.until(lambda: expected.text not in till.text)
        closed = await till.desk.close(expected)
        assert [one.agent for one in closed.shift.readers] == [CHIEF]
        await till.press("escape", "f")
        await till.until(lambda: till.app.screen.query_one("#past", RowList).rows)
        await till.press("enter")
        await till.expect("Z 1: the till is closed", f"X read by {CHIEF}", "exact")


async def test_without_pins_the_tills_page_says_who_may(sandbox: SandboxProcess, tmp_path: Path) -> None:
    till = Till(sandbox, tmp_path)
    async with WithPins.of(till, (80, 24)) as one:
        await one.until(lambda: one.till.services.opened)
        await one.press("ctrl+e")
        await one.expect("No PINs: whoever is at the keyboard may do everything")


async def test_signed_out_u_on_a_paid_sale_gives_nothing_back_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: as it went through: a paid sale on the payment page, nobody signed in, u."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.sell_until(Stage.PAYING, await till.till.line(DAY_PRODUCT))
        await till.till.pay(sale.reference, Money.of(1, "EUR"))
        await till.opens(CheckoutScreen(till.till.services))
        await till.desk.staff.sign_out()
        await till.on(CoverScreen)
        await till.press("u", "y", "f10")
        assert till.till.sale(sale.reference).taken == Money.of(1, "EUR")
        await till.desk.staff.sign_in(AGENT, PIN)
        await till.on(CheckoutScreen)


# What stands over a cover, and what a dialog keeps


async def test_a_pin_half_typed_is_gone_when_the_page_is_covered_f83(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F83: a supervisor went away, their PIN all but typed: whoever comes has none of it, here or at sign-in."""
    async with counter(sandbox, tmp_path) as till:
        await till.press("ctrl+e", "minus")
        await till.on(AmountScreen)
        await till.press(*"500", "enter", *"stamps")
        await till.until(lambda: till.app.screen._guard.ready)
        await till.press("f10")
        await till.on(SignInScreen)
        till.app.screen.query_one("#name", Field).entry.value = CHIEF
        till.app.screen.query_one("#pin", Field).entry.focus()
        await till.press(*PIN[:-1])
        clock, boot = till.till.services.clock, till.till.services.clock.boot
        monkeypatch.setattr(clock, "boot", lambda: boot() + 301)
        await till.on(CoverScreen)
        await till.press("s")
        await till.on(SignInScreen)
        await till.press(*PIN[:-1])
        monkeypatch.setattr(clock, "boot", lambda: boot() + 700)
        await till.on(CoverScreen)
        await till.press("s")
        await till.gives_pin(AGENT)
        await till.on(TillPage)
        await till.expect("That needs a supervisor: cash out of the drawer.")
        assert not any(isinstance(event, t.CashTakenOut) for _name, event in await till.own())


async def test_who_is_let_go_elsewhere_is_out_here_with_words_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: within a second, over whatever is open, and the cover says why."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("ctrl+o")
        await till.expect(sale.reference)
        till.desk.staff._agents.leave(AGENT)  # as another program does: the till's desk knows nothing of it
        await till.on(CoverScreen)
        await till.expect("Nobody is signed in", f"{AGENT} works here no more")
        assert sale.reference not in till.text
        await till.until(lambda: till.desk.staff._leaving and till.desk.staff._leaving.done())
        assert [type(event) for _name, event in await till.own()][-1] is t.AgentSignedOut


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_nothing_that_is_a_sales_stands_on_a_covered_page_f83(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    """F83: by any key, and in the news of a start: no reference, no price, no name of a customer."""
    async with Till(sandbox, tmp_path) as before:
        sale = await before.sell_until(Stage.PAYING, await before.line(DAY_PRODUCT))
        await before.open_till()
        await before.pay(sale.reference, Money.of(1, "EUR"))
    async with counter(sandbox, tmp_path, size, as_=None) as till:
        await till.until(lambda: till.app.startup.begun)
        everywhere = ("ctrl+e", "ctrl+f", "ctrl+k", "ctrl+o", "ctrl+p", "ctrl+z", "ctrl+t", "f1", "f10", "ctrl+q")
        for key in (*everywhere, "ctrl+s", "enter", *"abcdefghijklmnopqrtuvwxyz0123456789", "f2", "f3", "f5", "f8"):
            await till.press(key)
            assert sale.reference not in till.text
            assert "1.00" not in till.text
            while not isinstance(till.app.screen, CoverScreen):
                await till.press("escape")
                assert sale.reference not in till.text
                await till.pilot.pause()
        assert sum(isinstance(one, CoverScreen) for one in till.app.screen_stack) == 1
        await till.press("s")
        await till.gives_pin(AGENT)
        await till.expect(sale.reference)


async def test_a_covered_page_stays_covered_whatever_size_the_window_has_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: nothing is seen between two sizes, and the guard over a small window does not stay."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.press("ctrl+o")
        await till.expect(sale.reference)
        await till.pilot.resize_terminal(40, 10)
        await till.expect("Make it larger")
        await till.desk.staff.sign_out()
        await till.pilot.resize_terminal(100, 30)
        await till.on(CoverScreen)
        assert sale.reference not in till.text
        await till.pilot.resize_terminal(40, 10)
        await till.pilot.resize_terminal(120, 40)
        await till.on(CoverScreen)
        await till.press("s")
        await till.gives_pin(AGENT)
        await till.expect(sale.reference)


async def test_help_and_the_question_before_leaving_may_be_read_over_the_cover(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """And are not covered the next second."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        await till.desk.staff.sign_out()
        await till.on(CoverScreen)
        await till.press("f1")
        till.app.cover.update()
        assert not isinstance(till.app.screen, CoverScreen)
        await till.press("escape")
        await till.on(CoverScreen)
        till.app.action_leave()
        await till.on(ConfirmScreen)
        till.app.cover.update()
        await till.expect("Leave now? What is open stays open.")
        assert sale.reference not in till.text
        await till.press("escape")
        await till.on(CoverScreen)


async def test_name_enter_and_pin_in_one_write_sign_in(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Each key acts in its order; no digit of the PIN stands anywhere."""
    async with counter(sandbox, tmp_path, as_=None) as till:
        await till.press("s", "up", *["backspace"] * 8, *AGENT, "enter", *PIN, "enter")
        await till.on(CatalogScreen)
        assert till.desk.staff.agent.name == AGENT
        assert PIN[:3] not in till.text


COPYING = ("ctrl+c", "ctrl+x", "ctrl+insert", "shift+delete", "super+c", "ctrl+shift+c", "super+x")


@pytest.mark.parametrize("chosen", [("shift+home",), ("ctrl+a",), ("ctrl+shift+left",), ("home", "shift+end")])
async def test_no_key_and_no_mouse_takes_a_pin_out_of_its_field(
    sandbox: SandboxProcess, tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    async with counter(sandbox, tmp_path, as_=None) as till:
        await till.press("s")
        await till.on(SignInScreen)
        entry = till.app.screen.query_one("#pin", Field).entry
        entry.focus()
        for key in COPYING:
            entry.value = PIN
            await till.press(*chosen, key)
            assert till.app.clipboard == ""
        entry.value = PIN
        place = entry.region
        await till.pilot.mouse_down(entry, offset=(0, 0))
        await till.pilot.hover(entry, offset=(place.width - 1, 0))
        await till.pilot.mouse_up(entry, offset=(place.width - 1, 0))
        await till.press("ctrl+c")
        assert PIN not in (till.app.screen.get_selected_text() or "") + till.app.clipboard
        await till.press("up")
        name = till.app.screen.query_one("#name", Field).entry
        name.focus()
        await till.press("ctrl+v")
        assert PIN not in name.value


# What was seen, and what is counted twice


async def test_a_code_that_stood_on_the_screen_counts_as_handed_over_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: the customer took a picture of it: money back, a cancellation and a void are the supervisor's then."""
    async with counter(sandbox, tmp_path) as till:
        sale = await finished(till.till, None, await till.till.line(DAY_PRODUCT))
        await till.opens(ReprintScreen(till.till.services, sale))
        await till.expect("http")
        (name, event) = (await till.recorded_of(sale))[-1]
        assert (name, event.how, event.copy) == (AGENT, "shown", 0)
        after = await till.till.services.desk.read(sale.reference)
        assert after is not None
        assert till.till.services.documents.next_copy(after, till.app.screen._pane.chosen.document) == 1
        codes = [one.voucher for order in after.orders for one in order.tickets]
        await till.expect(*codes)  # with the link, and no sooner
        await till.press("escape")
        await till.opens(OrderScreen(till.till.services, sale.reference))
        await till.until(lambda: till.app.screen.chosen is not None)
        await till.expect(*(f"…{code[-4:]}" for code in codes))
        assert not any(code in till.text for code in codes)
        paper = await till.till.services.slips.of(sale.reference)
        assert not any(code in paper.text for code in codes)
        await till.press("c")
        await till.on(ReasonScreen)
        await till.expect("Handed over: 1 document (link or code on the screen 1×).", "Tickets back")
        screen = till.app.screen
        for field, value in (("reason", "ill"), ("back", "1"), ("method", "cash"), ("tickets", "n")):
            screen.query_one(f"#{field}", Field).entry.value = value
        await till.press("ctrl+s")
        await till.yes()
        await till.expect("A supervisor's word", "money back after")
        await till.press("escape")
        await till.until(lambda: not isinstance(till.app.screen, SignInScreen))
        assert not any(isinstance(one, e.CancellationAsked) for _name, one in await till.recorded_of(sale))


async def test_a_code_of_another_tills_sale_is_shown_once_that_is_on_record_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: with the name of who saw it, at the till where it was seen; it is no copy."""
    async with Till(sandbox, tmp_path / "other", till="till 2") as other:
        theirs = await finished(other)
    async with counter(sandbox, tmp_path / "here") as till:
        await till.opens(OrderScreen(till.till.services, theirs.orders[0].order))
        await till.until(lambda: till.app.screen.chosen is not None)
        await till.press("enter")
        await till.on(ReprintScreen)
        await till.expect("An order of another till", "http")
        name, event = (await till.own())[-1]
        assert (name, type(event), event.how, event.copy) == (AGENT, t.CopyHandedOver, "shown", 0)
        pane = till.app.screen._pane
        assert await till.till.services.documents.number(pane._sale, pane.chosen.document) == 2
        await till.press("ctrl+e")
        await till.on(TillPage)
        await till.press("g")
        await till.on(AgentsScreen)
        await till.press("ctrl+e")
        await till.on(TillPage)
        assert sum(isinstance(one, TillPage) for one in till.app.screen_stack) == 1


async def test_a_message_shows_no_link_that_needs_a_supervisor_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: after the copies that are daily work, its page asks first; and what was authorised is recorded once."""
    async with counter(sandbox, tmp_path) as till:
        sale = await finished(till.till, None, await till.till.line(DAY_PRODUCT))
        await till.opens(ReprintScreen(till.till.services, sale))
        pane = till.app.screen._pane
        await till.expect("http")
        document = pane.chosen.document
        for _copy in range(2):
            await till.till.services.documents.handed_over(sale, document, "link")
        await till.expect("need a supervisor", "vouchers:")
        codes = [one.voucher for order in sale.orders for one in order.tickets]
        assert codes
        await till.until(lambda: not any(code in till.text for code in codes))
        await till.press("m")
        await till.expect("A supervisor's word", "one more copy of a")
        assert "http" not in till.text
        await till.press("escape")
        await till.expect("That needs a supervisor: one more copy")
        await till.press("m")
        await till.gives_pin(CHIEF)
        await till.on(MessageScreen)
        await till.expect("http")
        await till.press("y")
        await till.until(lambda: "http" in till.app.clipboard)
        copies = [one.copy for _name, one in await till.recorded_of(sale) if isinstance(one, e.DocumentHandedOver)]
        assert copies == [0, 1, 2, 3]


async def test_who_counts_until_it_fits_stands_on_the_z_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: a blind drawer would be found out by halves: each count that needs a supervisor is on record."""
    async with counter(sandbox, tmp_path) as till:
        for counted in (100, 50):
            closing = asyncio.create_task(till.desk.close(Money.of(counted, "EUR")))
            await till.on(SignInScreen)
            await till.press("escape")
            with pytest.raises(CounterError, match="needs a supervisor"):
                await closing
        closed = await till.desk.close(Money.of(5, "EUR"))
        assert [(one.by.agent, one.amount.amount) for one in closed.shift.counts] == [(AGENT, 100), (AGENT, 50)]
        await till.press("ctrl+e", "f")
        await till.until(lambda: till.app.screen.query_one("#past", RowList).rows)
        await till.press("enter")
        await till.expect("Z 1: the till is closed", f"counted by {AGENT} at", "100.00", "50.00")


async def test_a_void_that_needs_a_supervisor_is_asked_for_and_refused_in_words_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: of a sale of whose documents one was handed over, by its key in the cart."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.hold(await till.till.line(DAY_PRODUCT))
        handed = e.DocumentHandedOver("/orders/gone/documents/1", "printed", 1)
        await till.till.services.desk.record(sale.reference, handed)
        await till.press("ctrl+o")
        await till.expect(sale.reference)
        for pin in (None, PIN):
            await till.press("v")
            await till.yes()
            await till.expect("Did the tickets come back?", "Handed over: 1 document (printed 1×)")
            await till.until(lambda: till.app.screen.armed)
            await till.press("n")
            await till.expect("A supervisor's word", "voiding after documents", "1 document (printed 1×).")
            if pin is None:
                await till.press("escape")
                await till.expect("That needs a supervisor: voiding")
                assert till.till.sale(sale.reference).open
            else:
                await till.gives_pin(CHIEF)
        await till.on(CatalogScreen)
        (_who, word), (name, voided) = (await till.recorded_of(sale))[-2:]
        assert (type(word), name, type(voided), voided.tickets_back) == (e.ActAuthorised, AGENT, e.SaleVoided, False)


async def test_a_payment_undone_after_hand_over_asks_for_the_tickets(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Of an order that was there and is cancelled: u on the payment page, as money back anywhere else."""
    async with counter(sandbox, tmp_path) as till:
        sale = await till.till.sell_until(Stage.PAYING, await till.till.line(DAY_PRODUCT))
        await till.till.pay(sale.reference, Money.of(1, "EUR"))
        handed = e.DocumentHandedOver("/orders/gone/documents/1", "printed", 1)
        await till.till.services.desk.record(sale.reference, handed)
        await till.opens(CheckoutScreen(till.till.services))
        await till.until(lambda: till.app.screen.guard.ready)
        await till.press("u")
        await till.expect("Did the tickets come back?", "Handed over: 1 document (printed 1×)")
        await till.until(lambda: till.app.screen.armed)
        await till.press("y")
        await till.expect("A supervisor's word", "money back after", "(printed 1×)")
        await till.gives_pin(CHIEF)
        await till.expect("Give back: ")
        (_who, word), (name, undone) = (await till.recorded_of(sale))[-2:]
        assert (type(word), name, type(undone)) == (e.ActAuthorised, AGENT, e.PaymentUndone)
        assert undone.tickets_back is True


async def test_a_pin_typed_on_the_cover_of_nobody_is_not_shown_c25(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """C25: no first digit opens the dialog there, whose name would take the others, in sight."""
    async with counter(sandbox, tmp_path, as_=None) as till:
        await till.expect("Nobody is signed in", "signs in: name and PIN")
        assert "digit" not in till.text
        await till.press(*PIN)
        await till.on(CoverScreen)
        assert PIN[1:] not in till.text
        await till.desk.staff.sign_in(AGENT, PIN)
        till.desk.staff.cover()
        await till.on(CoverScreen)
        await till.expect("A digit begins the PIN")
        await till.press(*PIN, "enter")
        await till.on(CatalogScreen)


@pytest.mark.parametrize("asked", ["a supervisor's word", "another name"])
async def test_what_was_asked_for_by_who_is_let_go_is_asked_no_more_c26(
    sandbox: SandboxProcess, tmp_path: Path, asked: str
) -> None:
    """C26: no supervisor types a PIN for somebody who stands here no more; the till's page says who does not."""
    async with counter(sandbox, tmp_path) as till:
        await till.press("ctrl+e")
        await till.on(TillPage)
        if asked == "another name":
            await till.opens(SignInScreen(till.till.services, Purpose.RENAME, whom=AGENT))
        else:
            await till.press("minus")
            await till.on(AmountScreen)
            await till.press(*"500", "enter", *"stamps")
            await till.until(lambda: till.app.screen._guard.ready)
            await till.press("f10")
            await till.expect("A supervisor's word")
        till.desk.staff._agents.leave(AGENT)  # as another program does
        await till.on(TillPage)
        await till.expect(f"{AGENT} works here no more", "Nobody is signed in.", "s signs in.")
        assert not any(isinstance(event, t.CashTakenOut) for _name, event in await till.own())


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_each_way_a_document_went_is_said_in_the_history_c27(
    sandbox: SandboxProcess, tmp_path: Path, language: str
) -> None:
    """C27: no name that only the journal knows stands in it."""
    said = {
        "en": ("document shown on the screen", "document shown as a QR code", "document link copied"),
        "fr": ("document\u00a0: montré à l'écran", "document\u00a0: montré en code QR", "document\u00a0: lien copié"),
    }
    with i18n.speaking(language):
        async with counter(sandbox, tmp_path) as till:
            sale = await till.sold(AGENT)
            document = f"{sale.orders[0].order}/documents/1"
            for copy, how in enumerate((SHOWN, "qr", "link")):
                await till.till.services.desk.record_after(sale.reference, e.DocumentHandedOver(document, how, copy))
            await till.opens(OrderScreen(till.till.services, sale.reference))
            await till.expect(*said[language])
