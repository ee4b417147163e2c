"""Collects which tests name which row of the fault list, and writes the table of tests/README.md.

`python tests/faults_table.py` writes it; tests/faults/test_faults_table.py fails where it is out of date.
A test names a row in its own name: `test_a_lapsed_hold_is_said_f11`, or `test_f11_…`.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
README = TESTS / "README.md"
START, END = "<!-- faults: made by faults_table.py -->", "<!-- end of faults -->"
_ROW = re.compile(r"(?<![a-z0-9])f(\d\d)(?![a-z0-9])")

# Every row of the list: what happens. What is seen then is what its tests say.
FAULTS = {
    1: "no server, no such name, no answer to a connection, at start",
    2: "the same during a sale",
    3: "an answer to a read slower than its time-out",
    4: "the order call drops before its effect",
    5: "the order call drops after its effect",
    6: "the effect of the order call comes after the drop",
    7: "the order is answered with half a body, no JSON, or the wrong shape",
    8: "the order is answered 500, 502, 503, 504, 408 or 429, with Retry-After",
    9: "the look-up fails too, for minutes",
    10: "the hold call drops before or after its effect",
    11: "one line of many has lapsed",
    12: "a customer field is refused",
    13: "failed reservations and failed orders in every shape",
    14: "401 in the middle of a sale",
    15: "403 on a catalog, 404 on an offer that was just listed, a product taken off sale",
    16: "prices or currencies differ between offer, hold and order",
    17: "sold out between list and hold; two agents and the last place",
    18: "deadlines and dates that are missing or cannot be right",
    19: "lists with wrong totals, empty, repeated or endless pages",
    20: "fields that are missing, null, unknown or of another kind",
    21: "answers without end, compressed bombs, redirects",
    22: "documents that come late, never, or are none",
    23: "document addresses that are not safe",
    24: "tickets that need their holder's data",
    25: "certificates that prove nothing",
    30: "killed at any moment",
    31: "the line drops, or the program is told to end",
    32: "the terminal stops reading, then goes on",
    33: "stopped, asleep, or the wall clock set",
    34: "a journal that cannot be written, or was damaged",
    35: "two programs on one till",
    36: "errors nobody foresaw; secrets stay secret",
    37: "a day of sales and refreshes",
    38: "settings and credentials files with mistakes",
    39: "no home, no locale, no terminal",
    40: "terminals of any size, resized at any time",
    50: "two keys in one write",
    51: "held keys and pasted keys",
    52: "pastes of any size and content",
    53: "amounts as people type them",
    54: "quantities that cannot be",
    55: "dates that cannot be",
    56: "names, addresses and phone numbers of any kind",
    57: "card numbers in any field",
    58: "barcode scanners",
    59: "leaving in the middle",
    70: "markup in texts of the API",
    71: "escape sequences and control characters",
    72: "signs that turn, join or have no width",
    73: "HTML in descriptions",
    74: "formulas and shell signs in names",
    75: "names that imitate our own words",
}


def rows_of(name: str) -> list[int]:
    """The rows that a test's name names; `f10` alone between words may also be a key, which no name should say."""
    return [int(found) for found in _ROW.findall(name.replace("_", " "))]


@cache
def names_by_row() -> dict[int, list[str]]:
    """The tests that name each row, as `folder/file.py: test`, in the order of their files."""
    found: dict[int, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for row in dict.fromkeys(rows_of(node.name)):
                    found.setdefault(row, []).append(f"{file.relative_to(TESTS).as_posix()}: {node.name}")
    return found


def table() -> str:
    """The table in Markdown: row, what happens, and the files whose tests name it."""
    lines = ["| row | what happens | tests |", "|---|---|---|"]
    by_row = names_by_row()
    for row, what in FAULTS.items():
        tests = by_row.get(row, [])
        files = dict.fromkeys(test.partition(":")[0] for test in tests)
        lines.append(f"| F{row:02d} | {what} | {', '.join(f'`{file}`' for file in files) or '–'} |")
    return "\n".join(lines)


def updated(text: str) -> str:
    """The README's text with the table as it should stand."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


def main() -> int:
    """Write the table; the exit code is 1 where a row has no test."""
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
    missing = [row for row in FAULTS if row not in names_by_row()]
    for row in missing:
        sys.stderr.write(f"F{row:02d} has no test: {FAULTS[row]}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
