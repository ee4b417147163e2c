"""What nobody foresaw, in a real terminal: a number, one sentence, sale kept, no secret (docs/faults.md, F36)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from counter_home import SELL, hold_one, settle_in
from families import some
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess

SECRET = "PLANTED-5ecret-ada-lovelace"
INCIDENT = re.compile(r"incident ([0-9A-F]{6})")

# The program itself, with one part of it broken. The secret is in a variable and in the error's words.
BROKEN = """
import os, sys
from korus_tui import cli
from korus_tui.app.korus_app import KorusApp
from korus_tui.app.ticker import Ticker
from korus_tui.counter.core.desk import Desk
from korus_tui.screens.catalog.screen import CatalogScreen

def fail(*_given):
    secret = os.environ["PLANTED"]
    raise RuntimeError("the customer " + secret)

async def fail_later(*_given):
    fail()

def in_a_screen():
    CatalogScreen.action_refresh = fail

def in_a_worker():
    CatalogScreen._reading = fail_later

def in_background_work():
    def start(self):
        self.services.background.start(fail_later(), "something")
    CatalogScreen.action_refresh = start

def in_the_ticker():
    Ticker._look_after = lambda self, services: fail() if getattr(self._app, "_broken", False) else None
    CatalogScreen.action_refresh = lambda self: setattr(self.app, "_broken", True)

def in_a_watcher():
    CatalogScreen.watch_sub_title = lambda self, old, new: fail() if new else None
    CatalogScreen.action_refresh = lambda self: setattr(self, "sub_title", "changed")

def in_a_lost_task():
    def start(self):
        import asyncio
        asyncio.get_running_loop().create_task(fail_later())
        asyncio.get_running_loop().call_later(0.2, __import__("gc").collect)
        self.app.theme = "korus-light"
    CatalogScreen.action_refresh = start

def before_the_screen():
    KorusApp.run = fail

globals()[sys.argv.pop(1)]()
sys.exit(cli.main(["--profile", "counter"]))
"""


@pytest.fixture
def env(sandbox: SandboxProcess, tmp_path: Path) -> dict[str, str]:
    return settle_in(tmp_path, sandbox) | {"PLANTED": SECRET}


def start(part: str, env: dict[str, str]) -> Terminal:
    return Terminal([sys.executable, "-c", BROKEN, part], env=env)


def log_of(env: dict[str, str]) -> str:
    found = list(Path(env["KORUS_TUI_HOME"]).rglob("*.log"))
    return "".join(file.read_text(encoding="utf-8") for file in found)


@pytest.mark.parametrize("part", some(2, ["in_a_screen", "in_the_ticker", "in_a_watcher"]))
def test_f36_the_program_ends_with_one_sentence_and_the_sale_is_kept(
    part: str, env: dict[str, str], sandbox: SandboxProcess, tmp_path: Path
) -> None:
    hold_one(tmp_path, sandbox)
    with start(part, env) as terminal:
        terminal.wait_for("Taken up:")
        terminal.settle()
        terminal.press("ctrl+r")
        assert terminal.ended() == 1
        found = INCIDENT.search(terminal.text)
        assert found, terminal.text
        assert "Traceback" not in terminal.text
        assert SECRET.encode() not in terminal.seen
    log = log_of(env)
    assert f"incident {found[1]}" in log
    assert "RuntimeError" in log
    assert SECRET not in log
    with Terminal(SELL, env=env) as again:
        again.wait_for("Taken up:")
        assert "1 ticket held until" in again.text


@pytest.mark.parametrize("part", ["in_a_worker", "in_background_work"])
def test_f36_background_work_that_fails_is_told_and_the_program_goes_on(part: str, env: dict[str, str]) -> None:
    with start(part, env) as terminal:
        terminal.wait_for("all keys")
        terminal.settle()
        terminal.press("ctrl+r")
        terminal.wait_for("incident")
        found = INCIDENT.search(terminal.text)
        assert found, terminal.text
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert SECRET.encode() not in terminal.seen
    assert f"incident {found[1]}" in log_of(env)
    assert SECRET not in log_of(env)


def test_f36_a_task_that_nobody_waits_for_stays_off_the_screen(env: dict[str, str]) -> None:
    with start("in_a_lost_task", env) as terminal:
        terminal.wait_for("Puy du Fou 1 jour")
        terminal.settle()
        terminal.press("ctrl+r")
        terminal.settle(1.0)
        assert "Task exception" not in terminal.text
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert SECRET.encode() not in terminal.seen
    assert "RuntimeError" in log_of(env)
    assert INCIDENT.search(log_of(env))
    assert SECRET not in log_of(env)


def test_f36_a_failure_before_the_first_frame_is_one_sentence(env: dict[str, str]) -> None:
    with start("before_the_screen", env) as terminal:
        assert terminal.ended() == 1
        assert INCIDENT.search(terminal.text)
        assert "Traceback" not in terminal.text
        assert SECRET.encode() not in terminal.seen
