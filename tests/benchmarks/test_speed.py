"""What the README and the design promise of speed, as ratios to the bare library in the same run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from disk_catalog import home_with_bases
from measuring import PYTHON, Effort, effort_until, key_to_paint, lowest_ratio, worked
from pseudo_terminal import Terminal

pytestmark = pytest.mark.alone

HERE = Path(__file__).parent
HELP = 18.0  # pages of a bare table turned; 12 were measured, and twice as many with a widget for each part
FIRST_FRAME, CURSOR = 1.7, 1.5  # a quiet machine: 1.3 to 1.65
WAITS = 0.03  # seconds: what a start may wait for files, threads and its terminal beyond a bare one's
Record = Callable[[str, object], None]


def test_first_usable_frame_against_a_bare_application(tmp_path: Path, record_property: Record) -> None:
    """The ratio is one of processor time, of which a start consists: other programs on the machine do not change it.

    A start that sleeps would not show in it, so what either waits is compared too. On a quiet machine the ratio of the
    times by the clock is a little lower, for both wait a little for the same.
    """
    env = home_with_bases(tmp_path, 65)
    waits: dict[str, list[float]] = {"ours": [], "theirs": []}

    def start(who: str, argv: list[str], words: str) -> float:
        effort: Effort = effort_until([PYTHON, *argv], words, env)
        waits[who].append(effort.waited)
        return effort.worked

    def ours() -> float:
        return start("ours", ["-m", "korus_tui"], "Product number 3")

    def theirs() -> float:
        return start("theirs", [str(HERE / "bare_app.py")], "the bare frame")

    for warm_up in (ours, theirs):  # compiles what was edited, and has it in memory
        warm_up()
    ratio = lowest_ratio(ours, theirs, limit=FIRST_FRAME, pairs=6)
    longer = min(waits["ours"]) - min(waits["theirs"])
    record_property("first usable frame, × a bare application", f"{ratio:.2f}")
    record_property("first usable frame, ms waited beyond a bare application", f"{longer * 1000:.0f}")
    assert ratio <= FIRST_FRAME
    assert longer <= WAITS


def test_cursor_in_two_thousand_products_against_a_bare_table(tmp_path: Path, record_property: Record) -> None:
    env = home_with_bases(tmp_path, 2000)
    with (
        Terminal([PYTHON, "-m", "korus_tui"], env=env) as ours,
        Terminal([PYTHON, str(HERE / "bare_table.py"), "Product number", "2000"], env=env) as theirs,
    ):
        ours.wait_for("Product number 3")
        theirs.wait_for("Product number 3")
        ours.settle(0.5)
        theirs.settle(0.5)
        ratio = lowest_ratio(
            lambda: key_to_paint(ours, "down"), lambda: key_to_paint(theirs, "down"), limit=CURSOR, pairs=25
        )
    record_property("cursor in 2,000 rows, × a bare DataTable", f"{ratio:.2f}")
    assert ratio <= CURSOR


def test_help_against_a_page_turned_in_a_bare_table(tmp_path: Path, record_property: Record) -> None:
    """Help is asked for while somebody waits. Processor time, which other programs on the machine do not change."""
    env = home_with_bases(tmp_path, 65)
    with (
        Terminal([PYTHON, "-m", "korus_tui"], env=env, size=(120, 40)) as ours,
        Terminal([PYTHON, str(HERE / "bare_table.py"), "Product number", "2000"], env=env, size=(120, 40)) as theirs,
    ):
        ours.wait_for("Product number 3")
        theirs.wait_for("Product number 3")

        def cost(terminal: Terminal, key: str, back: str) -> float:
            terminal.settle(0.3)
            before = worked(terminal)
            key_to_paint(terminal, key)
            terminal.settle(0.1)
            spent = worked(terminal) - before
            key_to_paint(terminal, back)
            return spent

        ratio = lowest_ratio(
            lambda: cost(ours, "?", "esc"),
            lambda: cost(theirs, "\x1b[1;5F", "\x1b[1;5H"),
            limit=HELP,
            pairs=6,
        )
    record_property("help, × a page turned in a bare DataTable", f"{ratio:.2f}")
    assert ratio <= HELP
