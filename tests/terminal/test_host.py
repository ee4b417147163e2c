"""What the program does to its host: private files, no copy of its memory, a quiet end, a bounded size."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import at_the_catalog

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


@pytest.mark.parametrize("program", ["sell", "demo"])
def test_ctrl_c_at_any_moment_of_the_start_ends_it_without_a_word(
    program: str, tmp_path: Path, sandbox: SandboxProcess
) -> None:
    env = settle_in(tmp_path, sandbox) | {"TMPDIR": str(tmp_path)}
    shown: dict[float, str] = {}
    for step in range(1, 16):
        moment = step * 0.08
        with Terminal([*SELL, program], env=env) as terminal:
            while (left := moment - (time.monotonic() - terminal.started)) > 0:
                terminal.read(left)
            terminal.press("ctrl+c")
            terminal.settle(0.2, 1.0)
            words = bytes(terminal.seen).decode(errors="replace")
            if "Traceback" in words or "KeyboardInterrupt" in words:
                shown[moment] = words[-400:]
    assert shown == {}
