"""Inside a real tmux, where many agents leave their till open: sold, resized, detached and taken up again."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from counter_home import settle_in
from pseudo_terminal import QUIET, Terminal, at_work
from sandbox_process import SandboxProcess
from selling import PRODUCT, at_the_end

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(
    TMUX is None and "KORUS_TESTS_NEED_ALL" not in os.environ, reason="needs tmux (apt-get install tmux)"
)
LOOK = 0.03  # seconds between two looks at the screen: each is a program of its own


class Tmux:
    """A tmux server of its own with the program in its only window."""

    def __init__(self, folder: Path, env: dict[str, str], size: tuple[int, int] = (120, 40)) -> None:
        self.socket = str(folder / "tmux.socket")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.env = {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **env}
        width, height = map(str, size)
        program = f"{sys.executable} -m korus_tui; echo ended with $?; exec cat"
        self.run("-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height, "-s", "till", program)

    def run(self, *arguments: str) -> str:
        assert TMUX is not None
        done = subprocess.run(
            [TMUX, "-S", self.socket, *arguments], env=self.env, capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout

    @property
    def text(self) -> str:
        return self.run("capture-pane", "-p", "-t", "till")

    def press(self, *keys: str) -> None:
        self.run("send-keys", "-t", "till", *keys)

    def type(self, text: str) -> None:
        self.run("send-keys", "-t", "till", "-l", text)

    def wait_until(self, seen: Callable[[str], bool], what: str, seconds: float = 30.0) -> str:
        deadline = time.monotonic() + seconds
        while not seen(text := self.text):
            assert time.monotonic() < deadline, f"never seen: {what}\n{text}"
            select.select([], [], [], LOOK)
        return text

    def wait_for(self, words: str) -> str:
        return self.wait_until(lambda text: words in text, words)

    def settle(self) -> str:
        """The screen once it is the same for a while, but for its countdowns."""
        pane = int(self.run("display-message", "-p", "-t", "till", "#{pane_pid}"))
        last, since = "", time.monotonic()
        while time.monotonic() - since < QUIET:
            now = "\n".join(line for line in self.text.splitlines() if "14:" not in line)
            if now != last or at_work(pane):
                last, since = now, time.monotonic()
            select.select([], [], [], LOOK)
        return self.text

    def stop(self) -> None:
        self.run("kill-server")


@pytest.fixture
def tmux(sandbox: SandboxProcess, tmp_path: Path) -> Iterator[Tmux]:
    running = Tmux(tmp_path, settle_in(tmp_path, sandbox))
    yield running
    running.stop()


def to_the_cart(tmux: Tmux) -> None:
    tmux.wait_for(PRODUCT)
    tmux.type("adulte + argent")
    tmux.wait_until(lambda text: "Parking" not in text, "the filtered list")
    tmux.press("Enter")
    tmux.wait_for("per ticket")
    tmux.settle()
    tmux.press("Enter")
    tmux.wait_for("choose a session")
    tmux.settle()
    tmux.press("Down")
    tmux.wait_for("chosen for 1")
    tmux.press("Enter")
    tmux.wait_for("held 14:")
    assert "Cinéscénie" in tmux.settle()


def test_a_whole_sale_inside_tmux(tmux: Tmux) -> None:
    to_the_cart(tmux)
    tmux.press("Enter")
    tmux.wait_for("How is it paid?")
    tmux.press("w")
    tmux.wait_for("walk-in:")
    tmux.press("c")
    tmux.wait_for("Given")
    tmux.press("=")
    tmux.wait_for("F10 takes")
    tmux.settle()
    tmux.press("F10")
    tmux.wait_for("The order is complete")
    tmux.settle()
    tmux.press("Enter")
    if "not handed over" in tmux.wait_until(
        lambda text: "not handed over" in text or at_the_end(text), "the next sale"
    ):
        tmux.settle()  # the code was not painted long enough to have been scanned
        tmux.press("Enter")
    tmux.wait_for("Nothing yet.")
    before = tmux.settle()
    tmux.press("C-l")
    assert tmux.settle() == before
    tmux.press("C-q")
    left = tmux.wait_for("ended with 0")
    assert left.split() == ["ended", "with", "0"]
    assert tmux.run("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}").split() == [
        "0",
        "1",
        "0",
    ]


def test_resized_detached_and_looked_at_again(tmux: Tmux) -> None:
    to_the_cart(tmux)
    assert TMUX is not None
    attach = [TMUX, "-S", tmux.socket, "attach", "-t", "till"]
    with Terminal(attach, size=(100, 31)) as agent:
        agent.wait_for("held 14:")
        agent.press("ctrl+b")
        agent.press("d")
        agent.ended()
    with Terminal(attach, size=(80, 25)) as agent:  # another day, another window; tmux keeps one line for itself
        agent.wait_for("held 14:")
        agent.settle()
        assert "TO COLLECT" in agent.text
        assert "Del remove" in agent.text
        agent.press("enter")
        agent.wait_for("How is it paid?")


NAMES = ("हिन्दी दर्शन टिकट", "ตั๋วผู้ใหญ่ สวนสนุก", "تَذْكِرَةُ الْكِبَار", "Famille 👨\u200d👩\u200d👧 Pass", "தமிழ் நுழைவுச்சீட்டு")


def test_joined_scripts_shift_nothing_and_leave_nothing_c21(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Names of products, and a customer's, in scripts whose cells terminals count each in their way."""
    lists = ("hydra:member", "member")
    edits = [{"path": f"{one}.{n}.name", "value": name} for one in lists for n, name in enumerate(NAMES)]
    sandbox.fault("replace", count=None, edits=edits)
    tmux = Tmux(tmp_path, settle_in(tmp_path, sandbox), size=(80, 24))
    try:
        tmux.wait_for("दर्शन")
        for key in ("Down", "Down", "Down", "Up"):
            tmux.press(key)
            _the_same_painted_anew(tmux, NAMES)
            assert tmux.text.count("टिकट") <= 2, tmux.text  # its row, and what describes it while it is highlighted
        sandbox.no_faults()
        tmux.type("parking")
        tmux.wait_until(lambda text: "สวนสนุก" not in text, "the filtered list")
        tmux.press("Enter")
        tmux.wait_for("per ticket")
        tmux.settle()
        tmux.press("1", "Enter")
        tmux.wait_for("held 14:")
        tmux.settle()
        tmux.press("Enter")
        tmux.wait_for("How is it paid?")
        tmux.press("e")
        tmux.wait_for("First name")
        tmux.settle()
        for typed in ("हिन्दी", "ตั๋วผู้ใหญ่"):
            tmux.type(typed)
            tmux.press("Tab")
        tmux.wait_for("ตั๋วผู้ใหญ่")
        _the_same_painted_anew(tmux, ("हिन्दी", "ตั๋วผู้ใหญ่"))
    finally:
        tmux.stop()


def _the_same_painted_anew(tmux: Tmux, names: tuple[str, ...]) -> None:
    seen = tmux.settle().replace("\u200d", "")
    for name in names:
        assert name.replace("\u200d", "") in seen, seen
    tmux.press("C-l")
    lines = [line for line in tmux.settle().replace("\u200d", "").splitlines() if "14:" not in line]
    assert lines == [line for line in seen.splitlines() if "14:" not in line]
