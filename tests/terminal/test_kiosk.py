"""`--kiosk` in a real pseudo-terminal: what an agent gets who has nothing but a key into the host."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import KEYS, Terminal
from sandbox_process import SandboxProcess

KIOSK = [*SELL, "--kiosk"]
SHOWN = "Puy du Fou 1 jour"


def _children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def test_without_a_profile_it_ends_and_asks_nobody(tmp_path: Path) -> None:
    with Terminal(KIOSK, env={"KORUS_TUI_HOME": str(tmp_path)}) as terminal:
        assert terminal.ended() == 2
        assert "this till has no profile to sell with" in terminal.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["demo", "sandbox", "doctor", "config", "report", "completion bash"])
def test_it_goes_with_no_command(command: str) -> None:
    ran = subprocess.run([*KIOSK, *command.split()], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr == "korus-tui: --kiosk is for selling, and goes with no command\n"


def test_it_needs_a_terminal_as_any_start_does() -> None:
    ran = subprocess.run(KIOSK, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert ran.returncode == 2
    assert "ssh -t" in ran.stderr


def test_no_key_leads_out_of_it_and_ctrl_q_ends_it(tmp_path: Path, sandbox: SandboxProcess) -> None:
    env = settle_in(tmp_path, sandbox)
    with Terminal(KIOSK, env=env) as terminal:
        terminal.wait_for(SHOWN)
        letters = [f"ctrl+{letter}" for letter in "abcdefghijklmnoprstuvwxyz\\]^_"]  # each but the q that ends it
        for key in [*letters, *(key for key in KEYS if key.startswith("f"))]:
            for one in (key, "esc"):
                terminal.press(one)
                terminal.settle(0.06, 2.0)
        assert Path(f"/proc/{terminal.pid}/stat").read_text().rpartition(")")[2].split()[0] in "RS"
        assert _children(terminal.pid) == ""
        for _ in range(4):
            terminal.press("esc")
            terminal.settle(0.06, 2.0)
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_what_a_client_sends_along_steers_nothing(tmp_path: Path, sandbox: SandboxProcess) -> None:
    """An SSH server passes on the variables that it is told to accept; these must not matter even then."""
    planted = tmp_path / "planted"
    env = settle_in(tmp_path / "till", sandbox)
    env |= {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_DRIVER": "planted:Driver",
        "TEXTUAL_LOG": str(planted),
        "TEXTUAL_SCREENSHOT": "0",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_ALLOW_SIGNALS": "1",
        "TEXTUAL_PRESS": "ctrl+q",
        "SSLKEYLOGFILE": str(planted),
        "KORUS_SERVER": "https://evil.example",
        "KORUS_TOKEN_ENDPOINT": "https://evil.example",
    }
    with Terminal(KIOSK, env=env) as terminal:
        terminal.wait_for(SHOWN)
        terminal.settle()
        limits = Path(f"/proc/{terminal.pid}/limits").read_text()
        assert " ".join(next(line for line in limits.splitlines() if "core" in line).split()[-4:-1]) == "size 0 0"
        status = Path(f"/proc/{terminal.pid}/status").read_text()
        assert "Umask:\t0077" in status
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["till"]


def test_an_interpreter_told_to_end_in_a_prompt_is_refused(tmp_path: Path) -> None:
    env = {"KORUS_TUI_HOME": str(tmp_path), "PYTHONINSPECT": "1"}
    with Terminal(KIOSK, env=env) as terminal:
        assert terminal.ended() == 2
        assert "PYTHONINSPECT" in terminal.text
        assert ">>>" not in terminal.text


def test_files_are_private_to_the_till(tmp_path: Path, sandbox: SandboxProcess) -> None:
    env = settle_in(tmp_path, sandbox)
    with Terminal(KIOSK, env=env) as terminal:
        terminal.wait_for(SHOWN)
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    made = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert any(one.suffix == ".journal" for one in made)
    assert [one for one in made if one.name != "settings.toml" and os.stat(one).st_mode & 0o077] == []
