"""What the program does to its host: private files, no copy of its memory, a quiet end, a bounded size."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import PRODUCT, at_the_catalog

OPEN_TO_ALL = ["sh", "-c", 'umask 000 && exec "$0" "$@"', *SELL]


def _open_to_others(home: Path) -> list[str]:
    made = [one for one in home.rglob("*") if not one.is_symlink()]
    return [
        f"{one.relative_to(home)} {stat.S_IMODE(one.stat().st_mode):o}" for one in made if one.stat().st_mode & 0o077
    ]


def test_every_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path, sandbox: SandboxProcess) -> None:
    env = settle_in(tmp_path, sandbox)
    for one in (tmp_path, *tmp_path.rglob("*")):
        one.chmod(0o700 if one.is_dir() else 0o600)
    with Terminal(OPEN_TO_ALL, env=env) as terminal:
        at_the_catalog(terminal)
        terminal.press("ctrl+o")
        terminal.settle()
        while_it_sells = _open_to_others(tmp_path)
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    assert (while_it_sells, _open_to_others(tmp_path)) == ([], [])
    assert any(one.suffix == ".journal" for one in tmp_path.rglob("*"))


def test_no_core_and_no_look_into_its_memory(tmp_path: Path, sandbox: SandboxProcess) -> None:
    """Not only in a kiosk. A limit alone does not stop a core that the system pipes to a program of its own."""
    with Terminal(SELL, env=settle_in(tmp_path, sandbox)) as terminal:
        at_the_catalog(terminal)
        limits = Path(f"/proc/{terminal.pid}/limits").read_text()
        assert " ".join(next(line for line in limits.splitlines() if "core" in line).split()[-4:-1]) == "size 0 0"
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    asked = subprocess.run([sys.executable, "-c", _DUMPABLE], check=False)
    assert asked.returncode == 0


_DUMPABLE = """\
import contextlib, ctypes
from korus_tui.cli import main
with contextlib.suppress(SystemExit):
    main(["--version"])
raise SystemExit(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def _catches_ctrl_c(pid: int) -> bool:
    """Whether the process has a handler of its own for it: Python's, while the interpreter starts."""
    caught = re.search(r"SigCgt:\s*([0-9a-f]+)", Path(f"/proc/{pid}/status").read_text())
    return caught is not None and bool(int(caught[1], 16) & 1 << signal.SIGINT - 1)


_BEGUN = """\
import os, runpy
os.write(1, b"begun")
runpy.run_module("korus_tui", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("moments", [8, pytest.param(15, marks=pytest.mark.long)])
@pytest.mark.parametrize("program", ["sell", "demo"])
def test_ctrl_c_at_any_moment_of_the_start_ends_it_without_a_word(
    program: str, moments: int, tmp_path: Path, sandbox: SandboxProcess
) -> None:
    """From where the interpreter has handed over: what it says before that is not ours."""
    env = settle_in(tmp_path, sandbox) | {"TMPDIR": str(tmp_path)}
    shown: dict[float, str] = {}
    for step in range(moments):
        moment = step * 1.2 / moments
        with Terminal([sys.executable, "-c", _BEGUN, program], env=env) as terminal:
            while b"begun" not in terminal.seen or _catches_ctrl_c(terminal.pid):
                assert terminal.read(0.001)
            handed_over = time.monotonic()
            while (left := moment - (time.monotonic() - handed_over)) > 0:
                terminal.read(left)
            terminal.press("ctrl+c")
            terminal.settle(0.2, 1.0)
            words = bytes(terminal.seen).decode(errors="replace")
            if "Traceback" in words or "KeyboardInterrupt" in words:
                shown[moment] = words[-400:]
    assert shown == {}


def test_ctrl_c_that_is_ignored_stays_so_until_the_program_listens(tmp_path: Path, sandbox: SandboxProcess) -> None:
    start = ["sh", "-c", 'trap "" INT; exec "$0" "$@"', *SELL]
    with Terminal(start, env=settle_in(tmp_path, sandbox)) as terminal:
        while terminal.read(0.01) and not terminal.seen:
            terminal.press("ctrl+c")
        terminal.settle()
        assert b"Traceback" not in terminal.seen


def _resident(pid: int) -> int:
    """Megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def _window(terminal: Terminal, columns: int, lines: int) -> None:
    """What the program is told of its window; the emulator keeps its own size."""
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


@pytest.mark.parametrize("told", ["at the start", "by a signal", "in band"])
def test_a_window_of_absurd_size_is_painted_in_its_corner_f40(
    told: str, tmp_path: Path, sandbox: SandboxProcess
) -> None:
    start = [*SELL] if told != "at the start" else ["sh", "-c", 'stty cols 65535 rows 65535 && exec "$0" "$@"', *SELL]
    with Terminal(start, size=(500, 200), env=settle_in(tmp_path, sandbox)) as terminal:
        at_the_catalog(terminal)
        before = _resident(terminal.pid)
        if told == "by a signal":
            _window(terminal, 65_535, 65_535)
        elif told == "in band":
            terminal.send(b"\x1b[48;65535;65535;65535;65535t")
        terminal.settle()
        terminal.press("/", "p", "u", "y")
        terminal.settle()
        assert PRODUCT in terminal.text
        assert _resident(terminal.pid) < max(before, 100) + 40
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_how_much_of_a_large_window_is_painted_can_be_set(tmp_path: Path, sandbox: SandboxProcess) -> None:
    env = settle_in(tmp_path, sandbox, largest_screen={"columns": 100})
    settings = tmp_path / "config" / "settings.toml"
    settings.write_text(settings.read_text().replace("{'columns': 100}", "{ columns = 100, lines = 30 }"))
    with Terminal(SELL, size=(140, 45), env=env) as terminal:
        at_the_catalog(terminal)
        terminal.settle()
        shown = terminal.text.splitlines()
        assert {line[100:].strip() for line in shown} == {""}
        assert {line.strip() for line in shown[30:]} == {""}
        assert shown[29].strip()
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
