"""`korus-tui demo` in a real pseudo-terminal: sold by keys alone, ended in every way a line can end."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pseudo_terminal import Terminal
from selling import PRODUCT, leave, next_customer, take, to_the_cart, to_the_money
from ssh_server import children

DEMO = [sys.executable, "-m", "korus_tui", "demo", "--empty"]
REFERENCE = re.compile(r"K ?T ?- ?O ?R ?D ?-(?: ?[0-9A-F]){13}")


def gone(pid: int, seconds: float) -> bool:
    """Whether the process ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        os.sched_yield()
    return False


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """The demo with its catalog on the screen."""
    with Terminal(DEMO, env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for(PRODUCT)
        yield terminal


def test_the_tutorials_product_is_sold_by_keys_alone_and_its_pdf_downloaded(demo: Terminal) -> None:
    to_the_cart(demo)
    to_the_money(demo)
    take(demo)
    found = REFERENCE.search(demo.text)
    assert found, demo.text
    demo.wait_until(lambda _text: bool(demo.links), "the document's link")
    with urllib.request.urlopen(demo.links[-1]) as answer:
        assert answer.read(5) == b"%PDF-"
    next_customer(demo)
    leave(demo)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_program_and_sandbox_and_leaves_the_terminal_as_it_was_f31(
    demo: Terminal, number: signal.Signals
) -> None:
    to_the_cart(demo)
    programs = children(demo.pid)
    os.kill(demo.pid, number)
    assert demo.ended(3.0) == 128 + number
    assert demo.not_as_found() == []
    assert programs
    assert all(gone(child, 3.0) for child in programs)


def test_a_closed_line_ends_program_and_sandbox_f31(demo: Terminal) -> None:
    to_the_cart(demo)
    pid, programs = demo.pid, children(demo.pid)
    demo.hang_up()
    deadline = time.monotonic() + 4
    ended = 0
    while not ended and time.monotonic() < deadline:
        ended, _status = os.waitpid(pid, os.WNOHANG)
    demo.pid = 0 if ended else demo.pid
    assert ended == pid
    assert all(gone(child, 3.0) for child in programs)


def test_kill_9_takes_the_sandbox_along_f31(demo: Terminal) -> None:
    programs = children(demo.pid)
    os.kill(demo.pid, signal.SIGKILL)
    assert demo.ended() == -signal.SIGKILL
    assert programs
    assert all(gone(child, 3.0) for child in programs)


def test_a_terminal_too_small_is_told_and_the_sale_goes_on_f40(demo: Terminal) -> None:
    to_the_cart(demo)
    demo.resize(60, 15)
    demo.wait_for("60×15")
    demo.resize(100, 30)
    demo.wait_for("held 14:")
    assert "60×15" not in demo.text


def test_keys_typed_in_one_burst_act_on_what_comes(demo: Terminal) -> None:
    """The number and the Enter after the product's name arrive before its page is there, and before its prices."""
    demo.press("camping-car", "enter", "3", "enter")
    demo.wait_until(lambda text: "held 14:" in text or "Enter goes on with this day" in text, "the day or the cart")
    if "held 14:" not in demo.text:  # today is not sold: the first day that is was found, and is not sold unseen
        assert "3 × €" in demo.text
        demo.press("enter")
        demo.wait_for("held 14:")
    demo.wait_for("3 × Parking camping-car")
