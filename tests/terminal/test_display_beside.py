"""The customer's display beside a till, each in a real terminal of its own."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from counter_home import SELL, hold_one, settle_in
from families import some
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import next_customer, take, to_the_cart, to_the_money

DEMO = [*SELL, "demo", "--empty"]
BESIDE_DEMO = [*SELL, "display", "--demo"]
DISPLAY = [*SELL, "display", "--till", "till 1"]
WITHIN = 1.0  # seconds in which the display follows


def test_a_whole_sale_of_the_demo_is_seen_by_its_customer(tmp_path: Path) -> None:
    """The display begins before the demo, follows each step, and outlives it."""
    env = {"TMPDIR": str(tmp_path)}
    with Terminal(BESIDE_DEMO, env=env, size=(140, 50)) as display:
        display.wait_for("Waiting for till 1")
        with Terminal(DEMO, env=env) as till:
            to_the_cart(till)
            display.wait_for("1 × Puy du Fou 1 jour", WITHIN)
            display.wait_for("Total")
            to_the_money(till)
            display.wait_for("À payer", WITHIN)
            take(till)
            display.wait_for("Payé", WITHIN)
            display.wait_for("Scannez le code")
            next_customer(till)
            display.wait_for("Merci et au revoir", WITHIN)
            for words in ("Demo", "Walk-in", "@", "KT-"):
                assert words not in display.text
            till.press("ctrl+q")
            assert till.ended() == 0
        display.wait_for("En attente de till 1")
        with Terminal(DEMO, env=env) as till:
            to_the_cart(till)
            display.wait_for("1 × Puy du Fou 1 jour", WITHIN)
        display.press("x", "enter", "esc", "f10", "ctrl+p")
        display.settle()
        display.press("ctrl+q")
        assert display.ended() == 0
        assert display.not_as_found() == []


def test_a_killed_tills_sale_stays_until_it_is_started_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    hold_one(tmp_path, sandbox)
    env = settle_in(tmp_path, sandbox)
    with Terminal(DISPLAY, env=env, size=(40, 12)) as display:
        display.wait_for("Ce guichet est fermé.")
        with Terminal(SELL, env=env) as till:
            display.wait_for("1 × a product")
            os.kill(till.pid, signal.SIGKILL)
            till.ended()
        display.wait_for("Un instant, s’il vous plaît.", WITHIN)
        assert "1 × a product" in display.text
        with Terminal(SELL, env=env) as till:
            display.wait_until(lambda text: "Un instant" not in text and "1 × a product" in text, "the sale, followed")
            till.wait_for("Taken up:")


@pytest.mark.parametrize("size", some(2, [((1, 1),), ((7, 3),), ((40, 12),), ((300, 90),)]))
def test_any_window_is_painted_and_any_change_of_it(
    size: tuple[int, int], sandbox: SandboxProcess, tmp_path: Path
) -> None:
    hold_one(tmp_path, sandbox)
    env = settle_in(tmp_path, sandbox)
    with Terminal(DISPLAY, env=env, size=size) as display, Terminal(SELL, env=env) as till:
        till.wait_for("Taken up:")
        display.settle()
        display.resize(60, 15)
        display.wait_for("1 × a product")
        os.kill(display.pid, signal.SIGTERM)
        assert display.ended() == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--profile", "nowhere"], "there is no profile 'nowhere'"), ([], "there is no profile yet")],
)
def test_what_cannot_be_followed_is_said_before_the_screen_is_taken(
    words: list[str], said: str, tmp_path: Path
) -> None:
    with Terminal([sys.executable, "-m", "korus_tui", "display", *words], env={"KORUS_TUI_HOME": str(tmp_path)}) as one:
        assert one.ended() == 2
        assert said in one.text
        assert "Traceback" not in one.text


def test_a_till_that_is_not_here_and_a_journal_that_is_damaged_are_told(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    hold_one(tmp_path, sandbox)
    env = settle_in(tmp_path, sandbox)
    with Terminal([*SELL, "display", "--till", "till 7"], env=env) as display:
        display.wait_for("till 7")
        display.wait_for("till-1")
        journal = next((tmp_path / "data").glob("*.journal"))
        made = time.monotonic()
        (tmp_path / "data" / "till-7.journal").write_bytes(journal.read_bytes()[:5000])
        display.wait_for("demandez au guichet")
        assert time.monotonic() - made < 10
