"""The till on a real sandbox and a real journal: shifts, agents, and money that needs both."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from till import DAY_PRODUCT, Stage, Till

from korus_tui import cli
from korus_tui.counter.core.gate import NeedsSupervisor
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.till import agents as people
from korus_tui.counter.till import export
from korus_tui.counter.till.agents import AgentRefused, Agents, AgentsUnreadable
from korus_tui.counter.till.till import stream_of
from korus_tui.journal.place import place_of
from korus_tui.journal.store import verify
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.values import Method


def eur(text: str) -> Money:
    return Money.of(text, "EUR")


async def sell(till: Till) -> Money:
    """A finished sale of one day ticket for cash; what it cost."""
    sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
    taken = sale.taken
    assert taken is not None
    await till.services.desk.record(sale.reference, e.SaleFinished())
    return taken


async def till_events(till: Till) -> list[t.TillEvent]:
    rows = await till.services.resume.journal.read_stream(stream_of(till.profile.till))
    return [cast("t.TillEvent", row.event) for row in rows]


async def journal_length(till: Till) -> int:
    return len(await till.services.resume.journal.entries())


# Shifts


async def test_a_day_from_float_to_z(till: Till) -> None:
    desk = till.services.till
    await desk.open(eur("100.00"))
    taken = await sell(till)
    await desk.put_in(eur("20.00"), "coins from the bank")
    await desk.take_out(eur("5.50"), "stamps")
    expected = eur("114.50") + taken
    assert (await desk.read()).expected == expected
    closed = await desk.close(eur("120.00"))
    assert closed.is_z
    assert closed.expected == expected
    assert closed.shift.closing is not None
    assert closed.shift.closing.difference == eur("120.00") - expected
    assert closed.live.taken("EUR", Method.CASH) == taken
    assert (closed.live.sales, closed.live.tickets, closed.live.orders) == (1, 1, 1)
    assert closed.shift.closing.by.agent == "Ada"


async def test_x_changes_nothing(till: Till) -> None:
    desk = till.services.till
    await desk.open(eur("100.00"))
    await sell(till)
    before = await journal_length(till)
    first, second = await desk.read(), await desk.read()
    assert first.live == second.live
    assert first.expected == second.expected
    assert await journal_length(till) == before
    assert desk.shift.is_open


async def test_a_z_cannot_be_redone_and_does_not_change(till: Till) -> None:
    desk = till.services.till
    await till.know_the_time()
    await desk.open(eur("0"))
    await sell(till)
    closed = await desk.close(eur("1.00"))
    with pytest.raises(CounterError):
        await desk.close(eur("2.00"))
    await desk.open(eur("50.00"))
    await sell(till)
    await till.restart()
    (past,) = till.services.till.past
    again = await till.services.till.read(past)
    assert export.as_json([again]) == export.as_json([closed])
    assert till.services.till.shift.is_open
    assert (await till.services.till.read()).live.sales == 1


async def test_two_closings_at_once_close_once(till: Till) -> None:
    desk = till.services.till
    await desk.open(eur("10.00"))
    done = await asyncio.gather(desk.close(eur("10.00")), desk.close(eur("11.00")), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["CounterError", "Reading"]  # whichever was first
    assert sum(isinstance(event, t.TillClosed) for event in await till_events(till)) == 1


async def test_closing_with_an_unresolved_sale_lists_it_for_good(till: Till) -> None:
    desk = till.services.till
    await desk.open(eur("0"))
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    till.sandbox.fault("drop_after", method="POST", route="orders_bulk")
    till.sandbox.fault("status", status=503, method="GET", count=None)
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.attempt is not None and one.attempt.unknown)
    due = till.sale(sale.reference).taken
    assert due is not None
    assert [one.reference for one in (await desk.read()).unresolved] == [sale.reference]
    closed = await desk.close(due)
    assert closed.unresolved == (t.Unresolved(sale.reference, due),)
    till.sandbox.no_faults()
    await till.until(sale.reference, lambda one: one.all_ordered)
    assert (await desk.read(desk.past[0])).unresolved == closed.unresolved
    running = await desk.read()
    assert running.unresolved == ()
    assert (running.live.sales, running.live.taken("EUR")) == (1, eur("0"))


async def test_every_event_bears_agent_and_till_and_the_chain_holds(till: Till) -> None:
    desk = till.services.till
    await desk.open(eur("10.00"))
    await desk.take_out(eur("1.00"), "stamps")
    await desk.close(eur("9.00"))
    rows = await till.services.resume.journal.read_stream("till:till 1")
    assert [(row.agent, row.till) for row in rows] == [("Ada", "till 1")] * 3
    verdict = await asyncio.to_thread(verify, till.services.resume.journal.path)
    assert verdict.whole


# Money needs an open till


@pytest.mark.parametrize("method", list(Method))
async def test_after_a_z_the_next_sale_needs_a_new_opening(till: Till, method: Method) -> None:
    desk = till.services.till
    await desk.open(eur("0"))
    assert till.services.desk.gate.money(method) is None
    await desk.close(eur("0"))
    problem = till.services.desk.gate.money(method)
    assert problem is not None
    assert "Ctrl+E" in problem.next
    await desk.open(eur("0"))
    assert till.services.desk.gate.money(method) is None


async def test_cash_needs_a_float_and_a_counter_without_a_drawer_takes_cards(till: Till) -> None:
    problem = till.services.desk.gate.money(Method.CASH)
    assert problem is not None
    assert "Ctrl+E" in problem.next
    assert till.services.desk.gate.money(Method.CARD) is None


async def test_a_demo_opens_by_itself_and_its_sales_are_no_takings(till: Till, tmp_path: Path) -> None:
    async with Till(till.sandbox, tmp_path / "demo", mode="demo") as demo:
        desk = demo.services.till
        assert desk.shift.is_open
        assert demo.services.desk.gate.money(Method.CASH) is None
        taken = await sell(demo)
        found = await desk.read()
        assert (found.expected, found.live.taken("EUR")) == (eur("0"), eur("0"))
        assert found.practice.taken("EUR", Method.CASH) == taken
        await demo.restart()
        assert sum(isinstance(event, t.TillOpened) for event in await till_events(demo)) == 1


async def test_practice_on_a_live_till_leaves_its_drawer_alone(till: Till, tmp_path: Path) -> None:
    await till.services.till.open(eur("100.00"))
    await till.services.close(0.1)
    async with Till(till.sandbox, till.home, mode="training") as practice:
        assert not practice.services.till.shift.is_open
        await practice.services.till.open(eur("7.00"))
        await sell(practice)
        await practice.services.till.close(eur("7.00"))
    await till.restart()
    found = await till.services.till.read()
    assert found.expected == eur("100.00")
    assert found.practice.sales == 1


# Agents


async def test_the_first_sign_in_makes_a_supervisor_and_stands_on_every_event(till: Till) -> None:
    desk = till.services.till
    await desk.staff.add_agent("Léa", "246824")
    assert desk.staff.agent is not None
    assert desk.staff.agent.supervisor
    await desk.open(eur("0"))
    await desk.staff.add_agent("Bob", "135713")
    await desk.staff.sign_in("bob", "135713")
    await desk.put_in(eur("1.00"), "coins")
    assert till.services.desk.counter.agent == "Bob"
    rows = await till.services.resume.journal.read_stream("till:till 1")
    assert [(type(row.event).__name__, row.agent) for row in rows] == [
        ("AgentSignedIn", "Léa"),
        ("AgentAdded", "Léa"),
        ("TillOpened", "Léa"),
        ("AgentAdded", "Léa"),
        ("AgentSignedOut", "Léa"),
        ("AgentSignedIn", "Bob"),
        ("CashPutIn", "Bob"),
    ]
    with pytest.raises(NeedsSupervisor):
        await desk.staff.add_agent("Eve", "999999")


async def test_once_there_are_agents_money_needs_one(till: Till) -> None:
    desk = till.services.till
    await desk.staff.add_agent("Léa", "246824")
    await desk.open(eur("0"))
    assert till.services.desk.gate.money(Method.CASH) is None
    await desk.staff.sign_out()
    assert till.services.desk.counter.agent == ""
    problem = till.services.desk.gate.money(Method.CARD)
    assert problem is not None
    assert "s signs in" in problem.next
    await till.restart()
    assert till.services.desk.counter.agent == ""
    assert till.services.desk.gate.money(Method.CASH) is not None
    await till.services.till.staff.sign_in("Léa", "246824")
    assert till.services.desk.gate.money(Method.CASH) is None


async def test_signing_out_drops_nothing_f59(till: Till) -> None:
    """F59."""
    desk = till.services.till
    await desk.staff.add_agent("Léa", "246824")
    await desk.open(eur("0"))
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    await desk.staff.sign_out()
    assert till.sale(sale.reference) == sale
    assert desk.shift.is_open


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def kept(tmp_path: Path, now: list[float]) -> Agents:
    agents = Agents(tmp_path, lambda: now[0])
    agents.add("Léa", "246824", supervisor=False)
    return agents


def wrong(agents: Agents) -> str:
    with pytest.raises(AgentRefused) as refused:
        agents.check("Léa", "000000")
    return str(refused.value)


def test_the_third_wrong_pin_makes_the_next_wait_ever_longer(kept: Agents, now: list[float], tmp_path: Path) -> None:
    assert [wrong(kept) for _ in range(3)] == ["Name and PIN do not fit."] * 3
    with pytest.raises(AgentRefused, match="Wait"):
        kept.check("Léa", "246824")
    now[0] += 5.1
    assert wrong(kept) == "Name and PIN do not fit."
    now[0] += 5.1
    assert "Wait" in wrong(kept)
    started_again = Agents(tmp_path, lambda: now[0])
    assert "Wait" in wrong(started_again)
    now[0] += 10.1
    assert started_again.check("Léa", "246824").name == "Léa"
    assert [wrong(started_again) for _ in range(2)] == ["Name and PIN do not fit."] * 2


def test_pins_are_hashed_in_a_file_of_the_owner_alone(kept: Agents, tmp_path: Path) -> None:
    file = tmp_path / people.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert "246824" not in text
    kept.add("Bob", "246824", supervisor=False)
    first, second = (one["hash"] for one in json.loads(file.read_text()))
    assert first != second


@pytest.mark.parametrize("damage", ["open", "broken"])
def test_a_file_that_cannot_be_trusted_lets_nobody_in(kept: Agents, tmp_path: Path, damage: str) -> None:
    file = tmp_path / people.FILE
    if damage == "open":
        file.chmod(0o644)
    else:
        file.write_text('[{"name": 1')
    with pytest.raises(AgentsUnreadable):
        kept.check("Léa", "246824")


@pytest.mark.parametrize(
    ("name", "pin"),
    [
        ("", "123456"),
        ("(till)", "123456"),
        *((name, "123456") for name in ("léa", "Le\u0301a", " L é a", "Ｌéa", "LÉA", "Léа", "Iéa", "1éa", "Lé\u200ba")),
        *(("A", pin) for pin in ("12345", "12345a", "١٢٣٤٥٦", "1234567890123")),
    ],
)
def test_who_cannot_be_added(kept: Agents, name: str, pin: str) -> None:
    with pytest.raises(AgentRefused):
        kept.add(name, pin, supervisor=False)


# The command


async def test_the_report_is_read_beside_the_running_till(
    till: Till, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KORUS_TUI_HOME", str(till.home))
    till.paths.config.mkdir()
    till.paths.settings_file.write_text('[profiles.test]\nserver = "https://api.example.org"\n')
    await till.services.till.open(eur("100.00"))
    taken = await sell(till)

    def run(*arguments: str) -> tuple[int, str]:
        code = cli.main(["report", *arguments])
        return code, capsys.readouterr().out

    code, text = await asyncio.to_thread(run)
    assert code == 0
    assert f"{(eur('100.00') + taken).text} EUR" in text
    code, told = await asyncio.to_thread(run, "--format", "json")
    (found,) = json.loads(told)
    assert found["reading"] == "X"
    assert found["counts"]["sales"] == 1
    day = (await till.services.till.read()).day
    assert (await asyncio.to_thread(run, "--day", day.isoformat(), "--format", "csv"))[0] == 0
    assert (await asyncio.to_thread(run, "--day", (day - timedelta(days=1)).isoformat()))[0] == 1
    assert (await asyncio.to_thread(run, "--till", "nobody's"))[0] == 1


@pytest.mark.parametrize(("kept", "figures"), [("seq <= (SELECT max(seq) - 2 FROM events)", True), ("0", False)])
async def test_the_report_of_a_journal_cut_at_its_end_says_so_f89(
    till: Till, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kept: str, figures: bool
) -> None:
    """The last records removed, or all of them: told with what is left, and beside nothing."""
    monkeypatch.setenv("KORUS_TUI_HOME", str(till.home))
    till.paths.config.mkdir()
    till.paths.settings_file.write_text('[profiles.test]\nserver = "https://api.example.org"\n')
    await till.services.till.open(eur("100.00"))
    await till.services.till.put_in(eur("5.00"), "coins")
    await till.services.till.put_in(eur("7.00"), "coins")
    await till.services.close(0)
    with closing(sqlite3.connect(place_of(till.paths.data, till.profile.till))) as other, other:
        other.execute("DROP TRIGGER IF EXISTS events_stay")
        other.execute(f"DELETE FROM events WHERE NOT ({kept})")
    code = await asyncio.to_thread(cli.main, ["report"])
    told = capsys.readouterr()
    assert code == 1
    assert ("RECORDS DAMAGED: the last events" in " ".join(told.out.split())) is figures
    assert "were removed" in told.err
