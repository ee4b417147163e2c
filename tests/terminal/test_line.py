"""A line that freezes, a machine that sleeps, keys that come twice: each in a real terminal (docs/faults.md)."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import KEYS, Terminal
from sandbox_process import SandboxProcess
from selling import PRODUCT, to_the_cart, to_the_money, to_the_sessions
from slow_line import SlowTerminal

from korus_tui.config.paths import Paths
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
from korus_tui.sale.apply import fold
from korus_tui.sale.state import Sale

On = Callable[[Mapping[str, str]], Terminal]
LEFT = re.compile(r"hold (\d+):(\d\d)")


class AtTerminal:
    """The program in a terminal, and what is true behind it."""

    def __init__(self, folder: Path, sandbox: SandboxProcess, on: On | None = None) -> None:
        self.sandbox = sandbox
        self.before = sandbox.state()
        kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
        self.env = {**kept, **settle_in(folder, sandbox)}
        self.journal = place_of(Paths.below(folder).data, "till 1")
        self.terminal = on(self.env) if on else Terminal(SELL, env=self.env)

    def sale(self) -> Sale:
        """The newest sale, as the journal has it."""
        with Journal.open(self.journal, read_only=True) as journal:
            rows = asyncio.run(journal.tail(0))
        sale = fold(row.event for row in rows if row.sale == rows[-1].sale)
        assert sale is not None
        return sale

    def orders(self) -> int:
        return len(self.sandbox.state()["orders"]) - len(self.before["orders"])

    def reservations(self) -> int:
        return len(self.sandbox.state()["reservations"]) - len(self.before["reservations"])

    def to_a_session(self) -> None:
        terminal = self.terminal
        terminal.wait_for(PRODUCT)
        to_the_sessions(terminal)
        terminal.press("down")
        terminal.wait_for("chosen for 1")

    def to_the_money_key(self, takes: str = "F10") -> None:
        """Cash is typed: the next key takes it."""
        to_the_cart(self.terminal)
        to_the_money(self.terminal, takes)

    def check_nothing_is_taken(self) -> None:
        """No money was recorded and nothing was ordered by what was pressed."""
        self.terminal.settle(0.6)
        assert self.sale().payments == ()
        assert self.orders() == 0

    def check_money_is_taken_once(self) -> None:
        """The key works for who sees the screen as it is, and is one key when it bounces."""
        self.terminal.send(KEYS["f10"] * 2)
        self.terminal.wait_for("The order is complete")
        self.terminal.settle()
        assert self.orders() == 1
        assert len(self.sale().payments) == 1

    def check_countdown(self) -> None:
        """The remaining time on the screen is the server's."""
        self.terminal.settle()

        def right(text: str) -> bool:
            found = LEFT.search(text)
            state = self.sandbox.state()
            end = datetime.fromisoformat(state["reservations"][-1]["expiresAt"])
            left = (end - datetime.fromisoformat(state["now"])).total_seconds()
            return found is not None and abs(int(found[1]) * 60 + int(found[2]) - left) <= 2

        self.terminal.wait_until(right, "the server's remaining time", 3.0)


@pytest.fixture
def counter(tmp_path: Path, sandbox: SandboxProcess) -> Iterator[AtTerminal]:
    opened = AtTerminal(tmp_path, sandbox)
    with opened.terminal:
        yield opened


@contextmanager
def counter_on(folder: Path, sandbox: SandboxProcess, on: On) -> Iterator[AtTerminal]:
    """A counter in another terminal."""
    opened = AtTerminal(folder, sandbox, on)
    with opened.terminal:
        yield opened


def slow(round_trip: float) -> On:
    """A far terminal."""
    return lambda env: SlowTerminal(SELL, baud=115_200, round_trip=round_trip, env=env)


def pass_time(seconds: float) -> None:
    """Let real time pass with nobody reading the line: the condition is the kernel's clock, which no test can move."""
    end = time.clock_gettime(time.CLOCK_BOOTTIME) + seconds
    while (left := end - time.clock_gettime(time.CLOCK_BOOTTIME)) > 0:
        select.select([], [], [], left)


def test_a_key_of_the_time_the_program_was_stopped_takes_no_money_f33_f50(counter: AtTerminal) -> None:
    counter.to_the_money_key()
    os.kill(counter.terminal.pid, signal.SIGSTOP)
    counter.terminal.press("f10")
    pass_time(3)
    os.kill(counter.terminal.pid, signal.SIGCONT)
    counter.check_nothing_is_taken()
    counter.check_countdown()
    counter.check_money_is_taken_once()


def test_a_key_of_the_agents_own_takes_no_money_unseen_f33_f50(tmp_path: Path, sandbox: SandboxProcess) -> None:
    keys = Paths.below(tmp_path).keys_file
    keys.parent.mkdir(parents=True, mode=0o700)
    keys.write_text('[checkout]\ntake = "f12"\n', encoding="utf-8")
    opened = AtTerminal(tmp_path, sandbox)
    with opened.terminal as terminal:
        opened.to_the_money_key("F12")
        os.kill(terminal.pid, signal.SIGSTOP)
        terminal.press("f12")
        pass_time(3)
        os.kill(terminal.pid, signal.SIGCONT)
        opened.check_nothing_is_taken()
        terminal.press("f12")
        terminal.wait_for("The order is complete")
        assert len(opened.sale().payments) == 1


def test_a_key_of_the_time_the_terminal_was_frozen_takes_no_money_f32_f50(counter: AtTerminal) -> None:
    counter.to_the_money_key()
    terminal = counter.terminal
    for turn in range(40):  # nobody reads: whole frames fill what the line holds, and the program stands still
        terminal.resize(120 + turn % 2, 40)
        pass_time(0.05)
    terminal.press("f10")
    pass_time(3)
    counter.check_nothing_is_taken()
    counter.check_countdown()
    counter.check_money_is_taken_once()


def test_keys_in_one_write_hold_once_and_take_nothing_unseen_f50(counter: AtTerminal) -> None:
    terminal = counter.terminal
    counter.to_a_session()
    terminal.send(KEYS["enter"] * 2)
    terminal.wait_for("held 14:")
    terminal.settle()
    assert counter.reservations() == 1
    assert "How is it paid?" not in terminal.text
    terminal.send(b"vv" + KEYS["enter"] * 2)
    terminal.settle()
    assert counter.sale().open
    if "held 14:" not in terminal.text:
        terminal.press("ctrl+o")
        terminal.wait_for("held 14:")
        terminal.settle()
    terminal.send(KEYS["enter"] + b"wc=" + KEYS["f10"] * 2)
    counter.check_nothing_is_taken()


@pytest.mark.parametrize("round_trip", [1.7, pytest.param(3.0, marks=pytest.mark.long)])
def test_a_line_of_seconds_a_round_trip_sells_without_a_special_key_f94(
    tmp_path: Path, sandbox: SandboxProcess, round_trip: float
) -> None:
    """F94: a satellite's line is slow, and shows what it is sent."""
    with counter_on(tmp_path, sandbox, slow(round_trip)) as far:
        far.to_the_money_key()
        far.terminal.press("f10")
        far.terminal.wait_for("The order is complete")
        assert far.orders() == 1
        assert len(far.sale().payments) == 1


def test_a_slow_line_that_stands_still_takes_no_money_f32_f94(tmp_path: Path, sandbox: SandboxProcess) -> None:
    """F32, F94: the terminal stops reading, the keys still come; the measured time is not waited for ever."""
    with counter_on(tmp_path, sandbox, slow(1.7)) as far:
        far.to_the_money_key()
        os.write(far.terminal.master, KEYS["f10"])  # nobody reads what comes back
        pass_time(4)
        far.terminal.wait_for("The line stood still when that key was pressed.")
        assert far.sale().payments == ()
        far.terminal.settle(quiet=1.5)  # what stands there is seen, after the way there and back
        far.terminal.press("f10")
        far.terminal.wait_for("The order is complete")
        assert far.orders() == 1


def test_leaving_with_places_held_is_asked_once_and_drops_nothing_f59(counter: AtTerminal) -> None:
    to_the_cart(counter.terminal)
    terminal = counter.terminal
    reference = counter.sale().reference
    terminal.press("ctrl+q")
    terminal.wait_for("Leave now?")
    terminal.settle()
    terminal.press("enter")  # the safe answer
    terminal.wait_until(lambda text: "Leave now?" not in text, "the cart again")
    terminal.press("ctrl+q")
    terminal.wait_for("Leave now?")
    terminal.settle()
    terminal.press("y")
    assert terminal.ended() == 0
    with Terminal(SELL, env=counter.env) as again:
        again.wait_for(f"Taken up: {reference}")
        again.wait_for("held until")
    assert counter.sale().open
