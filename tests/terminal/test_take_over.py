"""Two starts on one till, each in a real terminal: one sells, and a take-over is explicit (docs/faults.md, F35)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from counter_home import SELL, hold_one, settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess


@pytest.fixture
def env(sandbox: SandboxProcess, tmp_path: Path) -> dict[str, str]:
    """A till whose last start left a sale with one held ticket."""
    hold_one(tmp_path, sandbox)
    return settle_in(tmp_path, sandbox)


def start(env: dict[str, str]) -> Terminal:
    return Terminal(SELL, env=env)


def to_the_cart(terminal: Terminal) -> None:
    """The sale that was left, with its countdown."""
    terminal.wait_for("Taken up:")
    terminal.settle()
    terminal.press("ctrl+o")
    terminal.wait_for("held 14:")
    terminal.settle(0.6)


def renew(terminal: Terminal, sandbox: SandboxProcess) -> None:
    """Hold the places anew: the shortest proof that this program sells."""
    before = reservations(sandbox)
    terminal.press("r")
    terminal.wait_until(lambda _text: reservations(sandbox) == before + 1, "the renewal")


def reservations(sandbox: SandboxProcess) -> int:
    return len(sandbox.state()["reservations"])


def test_f35_a_second_start_takes_over_and_the_first_only_reads(sandbox: SandboxProcess, env: dict[str, str]) -> None:
    with start(env) as first:
        to_the_cart(first)
        with start(env) as second:
            second.wait_for("This till is in use")
            second.wait_for("F10 take over")
            second.settle()
            assert str(first.pid) in second.text
            assert os.uname().nodename in second.text
            second.press("f10")
            second.wait_for("1 ticket held until")
            second.wait_for("Ctrl+O opens the cart")
            first.wait_for("This till was taken over by another start", seconds=6.0)
            before = reservations(sandbox)
            first.press("r")  # renew
            first.settle()
            assert "taken over" in first.text
            first.press("enter")
            first.wait_for("How is it paid?")
            assert "taken over" in first.text
            first.press("c")
            first.settle(0.6)
            assert "Given" not in first.text
            assert reservations(sandbox) == before
            assert sandbox.state()["orders"] == []
            to_the_cart(second)
            renew(second, sandbox)
            first.press("ctrl+q")
            first.wait_for("Leave now?")
            first.settle()
            first.press("y")
            assert first.ended() == 0


def test_f35_nothing_is_taken_over_by_a_key_that_was_on_its_way(sandbox: SandboxProcess, env: dict[str, str]) -> None:
    with start(env) as first:
        first.wait_for("Taken up:")
        with start(env) as second:
            second.press("f10", "enter", "y")
            second.wait_for("This till is in use")
            second.press("f10", "enter", "y")
            second.settle()
            assert "This till is in use" in second.text
            second.press("ctrl+q")
            assert second.ended() == 1
        to_the_cart(first)
        renew(first, sandbox)


def test_f35_looking_on_sells_nothing_and_leaves_the_first_alone(sandbox: SandboxProcess, env: dict[str, str]) -> None:
    with start(env) as first:
        to_the_cart(first)
        with start(env) as second:
            second.wait_for("This till is in use")
            second.settle()
            second.press("l")
            second.wait_for("Another program sells on this till")
            second.press("ctrl+o")
            second.wait_for("held 14:")
            before = reservations(sandbox)
            second.press("r")
            second.settle()
            second.press("enter")
            second.wait_for("How is it paid?")
            second.press("c")
            second.settle(0.6)
            assert "Given" not in second.text
            assert reservations(sandbox) == before
        renew(first, sandbox)
        assert "taken over" not in first.text


def test_f35_a_lock_whose_process_is_dead_is_silent(sandbox: SandboxProcess, env: dict[str, str]) -> None:
    with start(env) as first:
        first.wait_for("Taken up:")
        os.kill(first.pid, signal.SIGKILL)
        first.ended()
    with start(env) as second:
        to_the_cart(second)
        assert "in use" not in second.text
        renew(second, sandbox)


def test_f35_the_first_may_end_while_the_second_asks(sandbox: SandboxProcess, env: dict[str, str]) -> None:
    with start(env) as first:
        first.wait_for("Taken up:")
        with start(env) as second:
            second.wait_for("This till is in use")
            second.settle()
            first.press("ctrl+q")
            first.wait_for("Leave now?")
            first.settle(0.5)
            first.press("y")
            assert first.ended() == 0
            second.press("ctrl+r")
            to_the_cart(second)
            renew(second, sandbox)


@pytest.mark.parametrize("number", [signal.SIGHUP, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_f31_a_signal_ends_it_within_three_seconds_and_the_next_start_sells(
    sandbox: SandboxProcess, env: dict[str, str], number: signal.Signals
) -> None:
    with start(env) as first:
        to_the_cart(first)
        os.kill(first.pid, number)
        assert first.ended(3.0) == 128 + number
    with start(env) as second:
        to_the_cart(second)
        assert "in use" not in second.text
        renew(second, sandbox)
