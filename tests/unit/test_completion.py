"""Completion as the shells do it: the script is read, a line is typed, and what the shell offers is looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from pseudo_terminal import Terminal

from korus_tui.cli import parser as arguments
from korus_tui.config import settings

TYPED = [
    ("", {"demo", "display", "sandbox", "doctor", "config", "report", "backup", "forget", "completion"}),
    ("rep", {"report"}),
    ("--th", {"--theme"}),
    ("--theme korus-", {"korus-dark", "korus-light"}),
    ("report --fo", {"--format"}),
    ("report --format ", {"text", "json", "csv"}),
    ("--till x config --p", {"--profile", "--path"}),
    ("completion ", {"bash", "zsh", "fish"}),
    ("doctor --theme", set()),
]
_BASH = """\
source "$1"; COMP_LINE=$2 COMP_POINT=${#2} COMP_TYPE=9
_python_argcomplete korus-tui; printf '%s\\n' "${COMPREPLY[@]}"
"""


def _script(shell: str, folder: Path) -> Path:
    """The script as the program prints it; skips where there is no such shell."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    file = folder / f"korus-tui.{shell}"
    command = [sys.executable, "-m", "korus_tui", "completion", shell]
    file.write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout, encoding="utf-8")
    return file


@pytest.mark.parametrize("shell", arguments.SHELLS)
def test_the_script_is_one_that_the_shell_reads(shell: str, tmp_path: Path) -> None:
    ran = subprocess.run([shell, "-n", str(_script(shell, tmp_path))], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def _offered(shell: str, file: Path, typed: str) -> set[str]:
    line = f"korus-tui {typed}"
    if shell == "bash":
        command = ["bash", "-c", _BASH, "bash", str(file), line]
    else:
        command = ["fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", str(file), line]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=file.parent, env=_with_ours())
    return {one.partition("\t")[0].strip() for one in ran.stdout.splitlines() if one}


def _with_ours() -> dict[str, str]:
    """The shells ask the program itself: the one that is tested comes first."""
    return {**os.environ, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_what_is_offered(shell: str, tmp_path: Path) -> None:
    file = _script(shell, tmp_path)
    for typed, wanted in TYPED:
        options = typed.rpartition(" ")[2].startswith("-")
        offered = {one for one in _offered(shell, file, typed) if options or not one.startswith("-")}
        assert offered == wanted, typed


def test_zsh_completes_on_a_terminal(tmp_path: Path) -> None:
    file = _script("zsh", tmp_path)
    with Terminal(["zsh", "-f"], env={"PS1": "> ", "PATH": _with_ours()["PATH"]}) as terminal:
        terminal.press(f"autoload -Uz compinit; compinit -u -D; source {file}; echo rea''dy", "enter")
        terminal.wait_for("ready")
        terminal.press("clear", "enter")
        terminal.wait_until(lambda text: "ready" not in text, "a clear screen")
        terminal.press("korus-tui rep", "tab", "--fo", "tab", "c", "tab")
        terminal.wait_for("korus-tui report --format csv")
        terminal.press("ctrl+u", "korus-tui --theme korus-", "tab")
        terminal.wait_for("korus-light")
        assert "korus-dark" in terminal.text


@pytest.mark.parametrize(
    "command", ["", "demo", "sandbox", "doctor", "config", "report", "backup", "forget", "completion"]
)
def test_every_help_page_has_examples_that_parse_and_exit_codes(command: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "korus_tui", *command.split(), "--help"], capture_output=True, text=True, check=True
    )
    _above, _, below = ran.stdout.partition("examples:\n")
    assert "exit codes:\n" in below
    lines = below.partition("\n\n")[0].splitlines()
    assert lines
    for line in lines:
        typed = line[line.index("korus-tui") :].partition(" >")[0]
        words = subprocess.run(["bash", "-c", f"printf '%s\\n' {typed}"], capture_output=True, text=True, check=True)
        assert arguments.parser().parse_args(words.stdout.splitlines()[1:]).command == (command or "sell")
    assert all(len(line) <= 120 for line in ran.stdout.splitlines())


def test_the_manual_names_every_variable_and_the_parser_every_theme() -> None:
    page = arguments.parser().format_help()
    for variable in settings.VARIABLES:
        assert variable in page
    assert set(arguments.THEMES) == set(get_args(get_type_hints(settings.Settings)["theme"]))
