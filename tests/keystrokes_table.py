"""Writes into the README what the reference sales cost: `python tests/keystrokes_table.py`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "screens")]

import conftest  # noqa: E402, F401 - pins the environment before anything reads it
from reference_sales import SALES, SUMMER, Tally, at_the_counter  # noqa: E402
from sandbox_process import SandboxProcess  # noqa: E402

README = HERE.parent / "README.md"
START, END = "<!-- keystrokes: python tests/keystrokes_table.py -->\n", "<!-- /keystrokes -->"
HEAD = "| sale | keys | mental steps | seconds | dictated |\n|---|--:|--:|--:|--:|\n"


def row(name: str, tally: Tally) -> str:
    """A line of the table."""
    dictated = f"{tally.data} keys, {tally.data_seconds:.1f} s" if tally.data else ""
    return f"| {name} | {len(tally.keys)} | {len(tally.steps)} | {tally.seconds:.1f} | {dictated} |\n"


def written() -> str:
    """What stands between the README's marks."""
    return README.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]


async def measured(name: str, home: Path) -> Tally:
    """One sale, on a sandbox of its own."""
    with SandboxProcess(now=SUMMER) as sandbox:
        async with at_the_counter(sandbox, home) as agent:
            await SALES[name](agent)
            return agent.tally


def main() -> int:
    """Drive every sale, and put the table between the marks."""
    rows = []
    for name in SALES:
        with tempfile.TemporaryDirectory() as home:
            rows.append(row(name, asyncio.run(measured(name, Path(home)))))
    before, _start, rest = README.read_text(encoding="utf-8").partition(START)
    README.write_text(before + START + HEAD + "".join(rows) + END + rest.partition(END)[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
