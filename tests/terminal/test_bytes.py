"""What goes over the line: few bytes, over a slow line too, and no money by keys of a line that stood still."""

from __future__ import annotations

import re
import select
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import PRODUCT, at_the_catalog, take, to_the_cart, to_the_money
from slow_line import SlowTerminal


@pytest.fixture
def env(sandbox: SandboxProcess, tmp_path: Path) -> dict[str, str]:
    return settle_in(tmp_path, sandbox)


@pytest.fixture
def till(env: dict[str, str]) -> Iterator[Terminal]:
    with Terminal(SELL, env=env) as terminal:
        at_the_catalog(terminal)
        yield terminal


def idle(terminal: Terminal, seconds: float) -> float:
    """Bytes a second that are sent while nobody does anything."""
    terminal.settle(0.5, 3.0)
    before, deadline = terminal.received, time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        assert terminal.read(left)
    return (terminal.received - before) / seconds


def cost(terminal: Terminal, keys: list[str]) -> list[int]:
    """Bytes sent for each key."""
    found = []
    for key in keys:
        terminal.settle(0.08, 2.0)
        before = terminal.received
        terminal.press(key)
        terminal.wait_until(lambda _text, before=before: terminal.received > before, f"an answer to {key}", 2.0)
        terminal.settle(0.08, 2.0)
        found.append(terminal.received - before)
    return found


# Bytes


def test_keys_and_countdowns_cost_few_bytes(till: Terminal, record_property: Callable[[str, object], None]) -> None:
    found: dict[str, float] = {"first picture": till.received, "idle catalog": idle(till, 2.0)}
    found["typed key"] = median(cost(till, list("dul")))
    found["erased key"] = median(cost(till, ["backspace"] * 3))
    found["list move"] = median(cost(till, ["down"] * 4 + ["up"]))
    till.press("esc")
    till.settle()
    to_the_cart(till)
    found["idle cart"] = idle(till, 2.0)
    to_the_money(till)
    found["idle payment"] = idle(till, 2.0)
    for name, value in found.items():
        record_property(name, value)
    assert found["idle catalog"] == 0
    assert found["idle cart"] < 200
    assert found["idle payment"] < 200
    assert found["typed key"] < 2_000
    assert found["erased key"] < 2_000
    assert found["list move"] < 4_000
    assert found["first picture"] < 16_000


# Slow


def check_the_offers_slowly(terminal: Terminal) -> None:
    """Keys are seen within two seconds, and keys typed ahead are not lost."""
    terminal.wait_for(PRODUCT, 30.0)
    terminal.settle(0.8, 30.0)
    pressed = time.monotonic()
    terminal.press("a")
    terminal.wait_for("▌ a")
    assert time.monotonic() - pressed < 2.0
    terminal.press(*"dulte + argent", "enter")  # typed ahead of what is shown, and not lost
    terminal.wait_for("per ticket")


def slowly_to_the_cart(terminal: Terminal) -> None:
    check_the_offers_slowly(terminal)
    terminal.settle(0.8)
    terminal.press("enter")
    terminal.wait_for("choose a session")
    terminal.settle(0.8)
    terminal.press("down")
    terminal.wait_for("chosen for 1")
    terminal.press("enter")
    terminal.wait_for("held 14:")
    terminal.settle(0.8)


def test_a_slow_far_line_stays_usable(env: dict[str, str]) -> None:
    with SlowTerminal(SELL, env=env) as terminal:
        check_the_offers_slowly(terminal)


@pytest.mark.long
def test_a_whole_sale_over_a_slow_far_line(env: dict[str, str]) -> None:
    with SlowTerminal(SELL, env=env) as terminal:
        slowly_to_the_cart(terminal)
        price = re.search(r"TO COLLECT +(€[0-9.]+)", terminal.text)
        assert price, terminal.text
        to_the_money(terminal)
        terminal.settle(0.8)
        take(terminal)
        terminal.wait_until(lambda _text: bool(terminal.links), "the document's link")
        terminal.settle(0.8)
        assert price[1] in terminal.text


# Still


def stand_still(terminal: Terminal, seconds: float, *keys: str) -> None:
    """The terminal takes nothing for a while, and keys are pressed that cannot be meant."""
    deadline = time.monotonic() + seconds
    select.select([], [], [], seconds / 2)  # the line stands still: there is nothing to wait for
    terminal.press(*keys)
    select.select([], [], [], max(0.0, deadline - time.monotonic()))


def left(terminal: Terminal) -> int:
    """Seconds for which the places are held, as the screen says."""
    found = re.search(r"hold ([0-9]+):([0-9]{2})", terminal.text)
    assert found, terminal.text
    return int(found[1]) * 60 + int(found[2])


def check_still(terminal: Terminal, sandbox: SandboxProcess, seconds: float) -> None:
    orders = len(sandbox.state()["orders"])
    to_the_cart(terminal)
    to_the_money(terminal)
    before = left(terminal)
    stand_still(terminal, seconds, "f10", "f10")
    terminal.wait_for("The line stood still")
    terminal.settle()
    assert "if it stays dead, press Ctrl+L first" in terminal.text
    assert "F10 takes" in terminal.text
    assert left(terminal) <= before - seconds + 1
    assert len(sandbox.state()["orders"]) == orders
    terminal.settle(0.8)
    take(terminal)
    assert len(sandbox.state()["orders"]) == orders + 1


def test_no_key_of_the_time_in_which_the_line_stood_still_takes_money_f32(
    till: Terminal, sandbox: SandboxProcess
) -> None:
    check_still(till, sandbox, 3.5)


@pytest.mark.long
def test_no_key_of_half_a_minute_in_which_the_line_stood_still_takes_money_f32(
    till: Terminal, sandbox: SandboxProcess
) -> None:
    check_still(till, sandbox, 30.0)
