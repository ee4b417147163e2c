"""A host that gives the program little: no terminal type, no terminal, no home, no time zones (F39)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pseudo_terminal import Terminal
from selling import PRODUCT, at_the_catalog, leave

DEMO = [sys.executable, "-m", "korus_tui", "demo", "--empty"]


def said(terminal: Terminal) -> list[str]:
    """The lines of what a program said that has ended."""
    return [line.strip() for line in terminal.text.splitlines() if line.strip()]


@pytest.mark.parametrize("kind", [["-u", "TERM"], ["TERM="], ["TERM=dumb"], ["TERM=unknown"]], ids=" ".join)
def test_a_terminal_that_cannot_is_refused_before_anything_is_sent_f39(kind: list[str]) -> None:
    with Terminal(["env", *kind, *DEMO]) as terminal:
        assert terminal.ended() == 2
        shown = kind[-1].partition("=")[2] or "(not set)"
        assert f"TERM={shown}" in " ".join(said(terminal))
        assert len(said(terminal)) <= 2
        assert b"\x1b" not in terminal.seen


@pytest.mark.parametrize("where", ["</dev/null", ">out", "2>/dev/null >out"])
def test_half_a_terminal_is_refused_in_one_line_f39(where: str, tmp_path: Path) -> None:
    command = f"cd {tmp_path} && {' '.join(DEMO)} {where}"
    with Terminal(["sh", "-c", command]) as terminal:
        assert terminal.ended() == 2
        assert len(said(terminal)) == (0 if "2>" in where else 1)
        assert b"\x1b" not in terminal.seen
    assert [one.read_bytes() for one in tmp_path.iterdir()] in ([], [b""])


def test_no_terminal_is_refused_in_one_line_f39() -> None:
    answer = subprocess.run(DEMO, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "needs a terminal" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize(
    "lacks",
    [["-u", "HOME", "-u", "KORUS_TUI_HOME"], ["HOME=/proc/none", "KORUS_TUI_HOME=/proc/none"], ["PYTHONTZPATH="]],
    ids=["no home", "a home that cannot be written", "no time zones"],
)
def test_the_demo_works_on_a_host_that_has_little_f39(lacks: list[str], tmp_path: Path) -> None:
    with Terminal(["env", *lacks, *DEMO], env={"TMPDIR": str(tmp_path)}) as terminal:
        at_the_catalog(terminal)
        assert PRODUCT in terminal.text
        leave(terminal)
