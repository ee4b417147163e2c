"""Backups that are whole, calls that end whatever fails meanwhile, and a damaged journal that sells nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import booked, to_the_cart, to_the_money
from till import DAY_PRODUCT, Stage, Till

from korus_tui.config.paths import Paths
from korus_tui.counter.core.problems import CounterError
from korus_tui.journal import schema
from korus_tui.journal.entry import sale_stream
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.rule import NotAllowed
from world.answers import BEFORE, HTML, Answer
from world.kit import arrived, ask_to_hold
from world.server import World


def journal_file(till: Till) -> Path:
    return place_of(till.paths.data, till.profile.till)


async def finished(till: Till) -> str:
    """A whole sale of one day ticket."""
    sale = await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
    await till.services.desk.record(sale.reference, e.SaleFinished())
    return sale.reference


# A backup that is one


async def test_a_backup_of_an_open_till_has_every_sale(world: World, tmp_path: Path) -> None:
    env = settle_in(tmp_path / "till", world)
    async with Till(world, tmp_path / "till", till="till 1", mode="training") as till:
        sold = {await finished(till) for _ in range(3)}
        done = await asyncio.to_thread(
            subprocess.run,
            [*SELL, "backup", str(tmp_path / "copies")],
            env={**os.environ, **env},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "copies").rglob("*.journal")
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        assert {sale_stream(one) for one in sold} <= {row[0] for row in connection.execute("SELECT stream FROM events")}


def in_the_file(file: Path) -> set[str]:
    """The streams that the journal's own file has, without its log: what a plain copy of it would hold."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as connection:
        return {row[0] for row in connection.execute("SELECT stream FROM events")}


async def test_a_finished_sale_is_in_the_file_itself(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sold = await finished(till)
        journal = await till.services.desk.ledger.journal()
        await journal.read(sold)  # behind the checkpoint, in the journal's own thread
        assert sale_stream(sold) in in_the_file(journal_file(till))


# Every call has an end


@pytest.fixture
def _soon_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another's lock is not waited for."""
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)


async def held_up(till: Till, world: World, route: str) -> sqlite3.Connection:
    """Another tool locks the journal once the call has come."""
    await arrived(world, route)
    other = sqlite3.connect(journal_file(till), isolation_level=None, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    return other


async def fails(till: Till) -> None:
    """The answer could not be taken in."""
    await till.until(next(iter(till.services.desk.sales)).reference, lambda _sale: till.services.desk.ledger.trouble)


@pytest.mark.usefixtures("_soon_busy")
async def test_a_hold_whose_answer_met_a_lock_has_a_way_out(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        world.script("reserve", Answer(hang=60))
        reference = await ask_to_hold(till, line)
        other = await held_up(till, world, "reserve")
        world.let_go()
        await fails(till)
        other.close()
        till.failures.clear()
        sale = await till.until(reference, lambda one: one.attempt is None)
        assert sale.lines[0].refusal or sale.running_holds
        await till.hold_again(reference)
        assert till.sale(reference).running_holds
        till.failures.clear()


@pytest.mark.usefixtures("_soon_busy")
async def test_an_order_whose_answer_met_a_lock_is_found(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        world.script("order_bulk", Answer(hang=60))
        await till.pay(sale.reference)
        other = await held_up(till, world, "order_bulk")
        world.let_go()
        await fails(till)
        other.close()
        await till.until(sale.reference, lambda one: one.all_ordered)
        till.failures.clear()
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


@pytest.mark.parametrize("answer", [Answer(hang=60), Answer(BEFORE, 403, HTML, hang=60)], ids=["order", "403 page"])
def test_the_agent_reads_what_came_while_the_journal_was_locked(answer: Answer, world: World, tmp_path: Path) -> None:
    """Another tool locks the journal while the order's answer comes: never that no answer came; F10's money is kept, no
    key is dead, and once the lock is gone the order is there."""
    file = Paths.below(tmp_path).data / "till-1.journal"
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        world.script("order_bulk", answer)
        terminal.press("f10")
        terminal.wait_until(lambda _text: bool(world.calls_of("order_bulk")), "the call")
        with contextlib.closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
            world.let_go()
            terminal.wait_for("NOT CONFIRMED", 30)
            said = "could not be recorded" if answer.status is None else "is not known"
            terminal.wait_for(said)
            assert "No answer came back" not in terminal.text
            terminal.press("?")
            terminal.wait_for("all keys")
            terminal.press("esc")
        booked(terminal)
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


# A damaged journal sells nothing


def damage(file: Path, sale: str) -> None:
    """Another amount for a payment of a finished sale."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript("".join(_drop(connection)))
        lies = "UPDATE events SET payload = replace(payload, '40.00', '20.00')"
        changed = connection.execute(f"{lies} WHERE stream = ? AND payload LIKE '%40.00%'", (sale_stream(sale),))
        assert changed.rowcount > 0
        connection.commit()


def _drop(connection: sqlite3.Connection) -> list[str]:
    """Whoever changes a file on disk is not kept from it by its triggers."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    return [f"DROP TRIGGER {name};" for (name,) in names]


async def test_a_damaged_journal_takes_no_money(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sold = await finished(till)
        file = journal_file(till)
    damage(file, sold)
    with contextlib.suppress(JournalProblem):  # refused at the start is as good
        async with Till(world, tmp_path) as till:
            with pytest.raises((JournalProblem, CounterError, NotAllowed)):
                await till.sell_until(Stage.ORDERED, await till.line(DAY_PRODUCT))
            till.failures.clear()
    assert len(world.calls_of("order_bulk")) == 1
