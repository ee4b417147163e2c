"""`korus-tui forget`, in a real terminal: one customer's data is gone from the disk, and the records are whole."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from orders_kit import LEA, finished
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from till import Till

from korus_tui.config.paths import Paths
from korus_tui.counter.core.clock import boot_seconds
from korus_tui.counter.till.agents import Agents
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal, verify
from korus_tui.sale import till_events as t
from korus_tui.sale.apply import fold
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer

CHIEF, AGENT, PIN = "Léa", "Bob", "246824"
OTHER = Customer("Otto", "Fictif", "otto@example.org")


@dataclass
class OnDisk:
    """A till with two ended sales and an open one, and the program's command line for it."""

    home: Path
    env: dict[str, str]
    sale: Sale
    kept: Sale
    open: Sale

    @property
    def file(self) -> Path:
        return place_of(Paths.below(self.home).data, "till 1")

    @property
    def on_disk(self) -> bytes:
        """All that stands in the folder of journals, as bytes."""
        return b"".join(one.read_bytes() for one in sorted(self.file.parent.iterdir()) if one.is_file())

    def command(self, *words: str) -> Terminal:
        return Terminal([*SELL, *words], env=self.env)

    def plain(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.env}
        return subprocess.run(
            [*SELL, *words], env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )

    def events(self) -> list[tuple[str, object]]:
        async def read() -> list[tuple[str, object]]:
            with Journal.open(self.file, read_only=True) as journal:
                return [(row.agent, row.event) for row in await journal.entries()]

        return asyncio.run(read())

    def customer(self, sale: Sale) -> Customer | None:
        async def read() -> Sale | None:
            with Journal.open(self.file, read_only=True) as journal:
                return fold(row.event for row in await journal.read(sale.reference))

        found = asyncio.run(read())
        assert found is not None
        return found.customer


@pytest.fixture
def counter(sandbox: SandboxProcess, tmp_path: Path) -> OnDisk:
    env = settle_in(tmp_path, sandbox)

    async def before() -> tuple[Sale, Sale, Sale]:
        async with Till(sandbox, tmp_path, till="till 1", mode="training") as till:
            sale, kept = await finished(till, LEA), await finished(till, OTHER)
            return sale, kept, await till.hold(await till.line())

    return OnDisk(tmp_path, env, *asyncio.run(before()))


def add_agents(counter: OnDisk) -> None:
    agents = Agents(counter.file.parent, boot_seconds)
    for name in (CHIEF, AGENT):
        agents.add(name, PIN, supervisor=False)


def test_one_customer_is_erased_on_request_and_the_chain_is_whole_c24(counter: OnDisk) -> None:
    assert LEA.email.encode() in counter.on_disk
    done = counter.plain("forget", counter.sale.reference.lower())
    assert done.returncode == 0, done.stderr
    assert "the chain of records is whole" in done.stdout
    assert LEA.email.encode() not in counter.on_disk
    assert OTHER.email.encode() in counter.on_disk
    assert verify(counter.file).whole
    assert counter.events()[-1] == ("Ada", t.CustomerForgotten(counter.open.mode, counter.sale.reference))
    again = counter.plain("forget", counter.sale.reference)
    assert (again.returncode, "0 records" in again.stdout) == (0, True)
    assert counter.plain("report").returncode == 0
    assert "whole" in counter.plain("doctor", "--offline").stdout


@pytest.mark.parametrize(
    ("which", "says"),
    [
        ("KTAA-AAAA-AAAA", "check character"),
        ("open", "is still open"),
        ("unknown", "knows no sale"),
        ("till", "There is no journal"),
    ],
)
def test_what_cannot_be_forgotten_is_said(counter: OnDisk, which: str, says: str) -> None:
    reference = {"open": counter.open.reference, "unknown": "KTWS-YP6C-ML3C"}.get(which, which)
    words = ["forget", reference] if which != "till" else ["forget", counter.sale.reference, "--till", "till 9"]
    done = counter.plain(*words)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert LEA.email.encode() in counter.on_disk


def test_where_there_are_pins_a_supervisor_is_asked_on_the_terminal(counter: OnDisk) -> None:
    add_agents(counter)
    refused = counter.plain("forget", counter.sale.reference)
    assert (refused.returncode, "there is none" in refused.stderr) == (1, True)
    for name, pin, says in (
        (CHIEF, "111111", "do not fit"),
        (AGENT, PIN, "Only a supervisor"),
    ):
        with counter.command("forget", counter.sale.reference) as terminal:
            terminal.wait_for("Supervisor:")
            terminal.press(name, "enter")
            terminal.wait_for("PIN:")
            terminal.press(pin, "enter")
            terminal.wait_for(says)
            assert pin not in terminal.text
            assert terminal.ended() == 1
    assert LEA.email.encode() in counter.on_disk
    with counter.command("forget", counter.sale.reference) as terminal:
        terminal.wait_for("Supervisor:")
        terminal.press(CHIEF, "enter")
        terminal.wait_for("PIN:")
        terminal.press(PIN, "enter")
        terminal.wait_for("erased")
        assert terminal.ended() == 0
    assert LEA.email.encode() not in counter.on_disk
    told = [(who, event) for who, event in counter.events() if isinstance(event, t.PinRefused | t.CustomerForgotten)]
    assert [who for who, event in told if isinstance(event, t.CustomerForgotten)] == [CHIEF]
    assert [event.name for _who, event in told if isinstance(event, t.PinRefused)] == [CHIEF]


def test_a_till_that_sells_is_left_alone(counter: OnDisk) -> None:
    with counter.command() as terminal:
        terminal.wait_for("Puy du Fou 1 jour")
        terminal.settle()
        done = counter.plain("forget", counter.sale.reference)
        assert done.returncode == 1
        assert "in use by another program" in done.stderr
    assert LEA.email.encode() in counter.on_disk
