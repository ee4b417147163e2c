"""Two accounts, two agents and a supervisor through a real OpenSSH server, by keys alone: who may what."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counter_home import settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from ssh_server import KEYGEN, SSH, SSHD, SshServer
from test_ssh import forced

from korus_tui.config.paths import Paths
from korus_tui.counter.core.clock import boot_seconds
from korus_tui.counter.till.agents import Agents
from korus_tui.counter.till.till import stream_of
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
from korus_tui.sale import till_events as t

pytestmark = pytest.mark.skipif(
    not (SSHD and SSH and KEYGEN) and "KORUS_TESTS_NEED_ALL" not in os.environ,
    reason="needs an OpenSSH server and client (openssh-server, openssh-client)",
)
CHIEF, AGENT, OTHER, PIN = "Lea", "Bob", "Eve", "246824"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with SshServer(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def login(server: SshServer, home: Path, sandbox: SandboxProcess, key: str) -> list[str]:
    home.mkdir(exist_ok=True)
    return server.agent(f"{home.parent.name}-{key}", forced(home, sandbox))


def give_pin(terminal: Terminal, name: str, pin: str = PIN, *, known: bool = False) -> None:
    """Name and PIN into the dialog that asks for them; where a name is `known` the cursor is below it."""
    terminal.wait_for("PIN *")
    terminal.settle()
    terminal.press(*["up"] * known, *["backspace"] * 12, name, "enter")
    terminal.settle()
    terminal.press(pin, "enter")


def sign_in(terminal: Terminal, name: str) -> None:
    terminal.press("s")
    give_pin(terminal, name, known=True)
    terminal.wait_until(lambda text: f"· {name}" in text and "PIN *" not in text, f"{name} is signed in")
    terminal.settle()


def take_over(terminal: Terminal) -> None:
    """F10, pressed again where the page was too new for it."""
    for _press in range(5):
        terminal.settle()
        terminal.press("f10")
        terminal.settle()
        if "Who takes this till over?" in terminal.text:
            return
    raise AssertionError(terminal.text)


def own_events(home: Path) -> list[tuple[str, Any]]:
    async def read() -> list[tuple[str, Any]]:
        with Journal.open(place_of(Paths.below(home).data, "till 1"), read_only=True) as journal:
            return [(row.agent, row.event) for row in await journal.read_stream(stream_of("till 1"))]

    return asyncio.run(read())


def test_two_accounts_two_agents_and_a_supervisor_f83(
    server: SshServer, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: signed out, as an agent, authorised, as a supervisor; and the other account is another counter."""
    home, elsewhere = tmp_path / "one", tmp_path / "two"
    settle_in(home, sandbox)
    agents = Agents(Paths.below(home).data, boot_seconds)
    for name in (CHIEF, AGENT, OTHER):
        agents.add(name, PIN, supervisor=False)
    with Terminal(login(server, home, sandbox, "first")) as terminal:
        terminal.wait_for("Nobody is signed in")
        terminal.settle()
        terminal.press("ctrl+f")
        terminal.wait_for("s signs in")
        assert "Reading the journal" not in terminal.text
        sign_in(terminal, AGENT)
        terminal.press("ctrl+e")
        terminal.wait_for("The till is not open")
        terminal.settle()
        terminal.press("o")
        terminal.wait_for("Count the float")
        terminal.press("10000")
        terminal.settle()
        terminal.press("f10")
        terminal.wait_for("The till is open")
        terminal.settle()
        terminal.press("-")
        terminal.wait_for("Cash that leaves the drawer")
        terminal.press("500", "enter", "stamps")
        terminal.settle()
        terminal.press("f10")
        terminal.wait_for("A supervisor's word")
        give_pin(terminal, OTHER)
        terminal.wait_for("is no supervisor")
        give_pin(terminal, CHIEF)
        terminal.wait_for("-€5.00")
        terminal.settle()

        with Terminal(login(server, home, sandbox, "second")) as second:
            second.wait_for("This till is in use")
            second.settle()
            take_over(second)
            give_pin(second, OTHER)
            second.wait_for("That needs a supervisor: taking the till over")
            second.settle()
            take_over(second)
            give_pin(second, CHIEF)
            second.wait_for(f"· {CHIEF}")
        with Terminal(login(server, elsewhere, sandbox, "third")) as third:
            third.wait_for("Puy du Fou 1 jour")
            third.settle()
            third.press("ctrl+e")
            third.wait_for("No PINs: whoever is at the keyboard")
    told = own_events(home)
    by = {type(event): name for name, event in told}
    assert (by[t.CashTakenOut], by[t.TillActAuthorised], by[t.TillTakenOver]) == (AGENT, AGENT, CHIEF)
    assert [event.supervisor for _name, event in told if isinstance(event, t.TillActAuthorised)] == [CHIEF]
