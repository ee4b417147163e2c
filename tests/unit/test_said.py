"""A start that says nothing is a start whose parser was told nothing."""

from __future__ import annotations

import subprocess
import sys

from korus_tui.cli.arguments import Arguments
from korus_tui.cli.parser import read


def attributes(said: Arguments) -> dict[str, object]:
    return {name: getattr(said, name) for name in dir(said) if not name.startswith("_")}


def test_what_the_parser_reads_from_nothing_is_what_is_said_by_nothing() -> None:
    assert attributes(read([])) == attributes(Arguments())


def test_what_is_typed_stands_before_what_is_said_by_nothing() -> None:
    said = read(["--till", "2", "--no-mouse", "demo", "--theme", "korus-light"])
    assert (said.command, said.till, said.no_mouse, said.theme) == ("demo", "2", True, "korus-light")
    assert Arguments.till is None


def test_a_plain_start_imports_no_parser() -> None:
    # Without a terminal the program says so and ends, which is late enough to have parsed its arguments.
    code = "import sys; from korus_tui.cli import main\ntry: main([])\nfinally: print('argparse' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (ended.returncode, ended.stdout) == (2, "False\n")
