"""At home: through a real OpenSSH server, a sale, a line that is cut in the middle of it, and many agents at once."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from counter_home import settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import PRODUCT, at_the_catalog, next_customer, sell, take, to_cash, to_the_cart, to_the_money
from ssh_server import KEYGEN, SSH, SSHD, SshServer, below

from korus_tui.config.paths import Paths
from korus_tui.journal.place import place_of

pytestmark = pytest.mark.skipif(
    not (SSHD and SSH and KEYGEN) and "KORUS_TESTS_NEED_ALL" not in os.environ,
    reason="needs an OpenSSH server and client (openssh-server, openssh-client)",
)
TICKS = os.sysconf("SC_CLK_TCK")
LOOK = 3.0  # seconds for which idle tills are watched


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with SshServer(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def forced(home: Path, sandbox: SandboxProcess, *arguments: str) -> list[str]:
    """What the host runs for an agent, whatever the agent asks for."""
    env = [f"{name}={value}" for name, value in settle_in(home, sandbox).items()]
    return ["env", *env, sys.executable, "-m", "korus_tui", *arguments]


@pytest.fixture
def login(server: SshServer, sandbox: SandboxProcess, tmp_path: Path) -> list[str]:
    """The command that an agent types at home; the host answers with the till."""
    return server.agent(f"agent-{tmp_path.name}", forced(tmp_path, sandbox))


def until(wanted: Callable[[], bool], what: str, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, f"never: {what}"
        os.sched_yield()


def tills(session: int) -> list[int]:
    """The program's processes behind one login."""

    def is_ours(pid: int) -> bool:
        try:
            return b"korus_tui" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    return [pid for pid in below(session) if is_ours(pid)]


def till_of(pid: int) -> str:
    """The till that a program was started for."""
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return words[words.index("--till") + 1]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def orders(sandbox: SandboxProcess) -> int:
    return len(sandbox.state()["orders"])


def test_a_whole_sale_through_ssh(login: list[str], sandbox: SandboxProcess) -> None:
    before = orders(sandbox)
    with Terminal(login) as terminal:
        sell(terminal)
        assert "Cinéscénie" in terminal.text
        terminal.settle()
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert terminal.not_as_found() == []
    assert orders(sandbox) == before + 1


def test_whatever_the_agent_asks_for_the_host_runs_the_till(login: list[str]) -> None:
    with Terminal([*login, "/bin/sh -c 'echo escaped'"]) as terminal:
        at_the_catalog(terminal)
        assert b"escaped" not in terminal.seen


def cut_by_the_client(terminal: Terminal, _session: int) -> None:
    os.kill(terminal.pid, signal.SIGKILL)


def cut_at_the_server(_terminal: Terminal, session: int) -> None:
    for pid in [session, *below(session)]:
        try:
            if Path(f"/proc/{pid}/comm").read_text().startswith("sshd"):
                os.kill(pid, signal.SIGKILL)
        except OSError:
            continue


@pytest.mark.parametrize("cut", [cut_by_the_client, cut_at_the_server])
def test_a_line_cut_in_the_middle_of_checkout_is_gone_on_with_at_the_next_login_f31(
    login: list[str], server: SshServer, sandbox: SandboxProcess, cut: Callable[[Terminal, int], None]
) -> None:
    before, others = orders(sandbox), set(server.sessions())
    with Terminal(login) as first:
        to_the_cart(first)
        to_the_money(first)
        (session,) = set(server.sessions()) - others
        programs = tills(session)
        assert programs
        cut(first, session)
        until(lambda: not any(map(alive, programs)), "the program ends with its line", 3.0)
    with Terminal(login) as second:
        second.wait_for("Taken up:")
        second.wait_for("How is it paid?")
        assert orders(sandbox) == before
        second.settle()
        to_cash(second)
        take(second)
        second.wait_until(lambda _text: bool(second.links), "the document's link")
        next_customer(second)
    assert orders(sandbox) == before + 1


def memory(pid: int) -> int:
    """The process's own share of memory, in kB (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def busy(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def watch(terminals: list[Terminal], seconds: float) -> None:
    """Read what the programs send, for a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for terminal in terminals:
            terminal.read(0.01)


def check_many(
    server: SshServer,
    sandbox: SandboxProcess,
    home: Path,
    count: int,
    record: Callable[[str, object], None],
) -> None:
    """That many agents on one account and one home, each on a till of their own: what is whose stays so."""
    others = set(server.sessions())
    names = [f"counter {number}" for number in range(1, count + 1)]
    logins = [
        server.agent(f"{home.name}-{number}", forced(home, sandbox, "--till", name, "--agent", f"Agent-{number}"))
        for number, name in enumerate(names, 1)
    ]
    terminals: list[Terminal] = []
    try:
        for login in logins:
            terminals.append(Terminal(login))
        for terminal in terminals:
            terminal.wait_for(PRODUCT, 15 + 3.0 * count)
        programs = [pid for session in set(server.sessions()) - others for pid in tills(session)]
        assert len(programs) == count
        by_till = {till_of(pid): pid for pid in programs}
        for name, terminal in zip(names, terminals, strict=True):
            terminal.program = by_till[name]
        to_the_cart(terminals[0])
        sandbox.make_room(count)  # for the others
        with ThreadPoolExecutor(6) as hands:
            list(hands.map(to_the_cart, terminals[1:]))
        references = set()
        for number, (name, terminal) in enumerate(zip(names, terminals, strict=True), 1):
            assert f"{name} · Agent-{number}" in terminal.text
            assert place_of(Paths.below(home).data, name).exists()
            references.add(next(word for word in terminal.text.split() if word.startswith("KT")))
        assert len(references) == count
        before = [busy(pid) for pid in programs]
        watch(terminals, LOOK)
        spent = [(busy(pid) - was) / LOOK for pid, was in zip(programs, before, strict=True)]
        shares = [memory(pid) for pid in programs]
        record("pss_kb_per_agent", max(shares))
        record("cpu_percent_per_idle_agent", round(100 * sum(spent) / count, 2))
        assert max(shares) < 150_000
        assert sum(spent) / count < 0.05
    finally:
        for terminal in terminals:
            terminal.__exit__(None, None, None)
    until(lambda: not any(map(alive, programs)), "every program ends with its line")


def test_six_agents_at_once_on_one_host(
    server: SshServer, sandbox: SandboxProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    check_many(server, sandbox, tmp_path, 6, record_property)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_thirty_agents_at_once_on_one_host(
    server: SshServer, sandbox: SandboxProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    check_many(server, sandbox, tmp_path, 30, record_property)
