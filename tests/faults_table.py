"""Collects which tests name which row of docs/faults.md, and fills in its column of tests.

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
PAGE = TESTS.parent / "docs/faults.md"
_NAMED = re.compile(r"(?<![a-z0-9])f(\d\d)(?![a-z0-9])")
_ROW = re.compile(r"^\| F(\d\d) \| ([^|]+) \| ([^|]+) \|[^|]*\|$")


def rows_of(name: str) -> list[int]:
    """The rows that a test's name names; `f10` alone between words may also be a key, which no name should say."""
    return [int(found) for found in _NAMED.findall(name.replace("_", " "))]


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


def faults(page: str) -> dict[int, str]:
    """The rows of the page: what happens."""
    return {int(found[1]): found[2] for found in map(_ROW.match, page.splitlines()) if found}


def updated(page: str) -> str:
    """The page with the column of tests as it should stand; a row that a merge doubled stands once."""
    lines: list[str] = []
    for line in page.splitlines():
        row = _ROW.match(line)
        if row:
            files = dict.fromkeys(test.partition(":")[0] for test in names_by_row().get(int(row[1]), []))
            tests = ", ".join(f"`{file}`" for file in files) or "–"
            line = f"| F{row[1]} | {row[2]} | {row[3]} | {tests} |"
        if not (row and line in lines):
            lines.append(line)
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the column; the exit code is 1 where a row has no test."""
    page = updated(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page, encoding="utf-8")
    missing = {row: what for row, what in faults(page).items() if row not in names_by_row()}
    for row, what in missing.items():
        sys.stderr.write(f"F{row:02d} has no test: {what}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
