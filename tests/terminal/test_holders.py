"""Holders of tickets in a real terminal: sent one by one, all typed first, or one for all (C00)."""

from __future__ import annotations

from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import at_the_catalog, leave, take, to_cash

several = pytest.mark.parametrize(
    "tickets", [pytest.param(2, marks=pytest.mark.long), 3, pytest.param(9, marks=pytest.mark.long)]
)
PERSON = ("Marie", "enter", "Lefebvre", "enter", "7/6/1990")


def to_the_holders(terminal: Terminal, tickets: int) -> None:
    """Annual passes, held, paid and ordered; then the page of their holders."""
    at_the_catalog(terminal)
    terminal.press("pass annuel")
    terminal.wait_until(lambda text: "Parking" not in text, "the filtered list")
    terminal.press("enter")
    terminal.wait_until(lambda text: "[  ]" in text, "the product's tickets")
    terminal.settle()
    terminal.press(str(tickets))
    terminal.wait_for(f"[ {tickets}]")
    terminal.press("enter")
    terminal.wait_for("held 14:")
    terminal.settle()
    terminal.press("enter")
    terminal.wait_for("How is it paid?")
    to_cash(terminal)
    take(terminal)
    terminal.wait_for(f"{tickets} tickets wait for")
    terminal.settle()
    terminal.press("b")
    terminal.wait_for(f"Ticket 1 of {tickets}")
    terminal.wait_for("Date of birth *")


@several
def test_holders_are_sent_one_by_one_c00(tickets: int, sandbox: SandboxProcess, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, sandbox), size=(80, 24)) as terminal:
        to_the_holders(terminal, tickets)
        for number in range(1, tickets + 1):
            terminal.wait_for(f"Ticket {number} of {tickets}")
            terminal.press(*PERSON, "ctrl+s")
            terminal.wait_until(lambda text, n=number: text.count("Marie Lefebvre") >= n or "All holders" in text, "it")
            assert terminal.text.count("Date of birth") <= 1
        terminal.wait_for("All holders are known")
        terminal.press("esc")
        leave(terminal)


@several
def test_holders_are_all_typed_and_then_sent_c00(tickets: int, sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Page down while the one before is on its way: what is being typed stays where it is typed."""
    with Terminal(SELL, env=settle_in(tmp_path, sandbox), size=(80, 24)) as terminal:
        to_the_holders(terminal, tickets)
        for number in range(1, tickets + 1):
            terminal.wait_for(f"Ticket {number} of {tickets}")
            terminal.press(*PERSON, "pgdn")
        terminal.press(*["pgup"] * tickets)
        terminal.wait_for(f"Ticket 1 of {tickets}")
        terminal.send(b"\x13\x1b[6~" * tickets)  # Ctrl+S and page down, all in one packet
        assert terminal.wait_for("All holders are known")
        terminal.press("esc")
        leave(terminal)


@several
def test_one_holder_is_sent_for_all_c00(tickets: int, sandbox: SandboxProcess, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, sandbox), size=(80, 24)) as terminal:
        to_the_holders(terminal, tickets)
        terminal.press(*PERSON, "f2")
        assert terminal.wait_for("All holders are known")
        terminal.press("esc")
        leave(terminal)


def test_the_page_of_holders_opens_once_c00(sandbox: SandboxProcess, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, sandbox), size=(80, 24)) as terminal:
        to_the_holders(terminal, 2)
        terminal.press("esc")
        terminal.wait_for("wait for")
        terminal.settle()
        terminal.send(b"bbb")
        terminal.wait_for("Ticket 1 of 2")
        terminal.settle()
        terminal.press("esc")
        assert terminal.wait_until(lambda text: "Ticket 1 of 2" not in text, "the page beneath")
        leave(terminal)
