"""The tests in docs/faults.md are what the tests' names say, and no row of the list is without a test."""

from __future__ import annotations

import re

import pytest
from faults_table import PAGE, faults, names_by_row, rows_of, updated

TEXT = PAGE.read_text(encoding="utf-8")
FAULTS = faults(TEXT)


def test_the_table_is_up_to_date() -> None:
    assert updated(TEXT) == TEXT, "run python tests/faults_table.py"


@pytest.mark.parametrize("row", sorted(FAULTS))
def test_every_row_has_a_test(row: int) -> None:
    assert names_by_row().get(row), FAULTS[row]


def test_every_row_is_read_and_stands_once_in_its_order() -> None:
    """A row that is written in another form, twice or in the wrong place would be proved by nothing."""
    written = [int(row) for row in re.findall(r"^\| F(\d+) ", TEXT, re.MULTILINE)]
    assert written == sorted(FAULTS), "after a merge: keep the newer wording of a row that stands twice"


def test_only_rows_of_the_list_are_named() -> None:
    unknown = {row: tests for row, tests in names_by_row().items() if row not in FAULTS}
    assert unknown == {}


def test_rows_that_a_merge_doubled_stand_once() -> None:
    first, second = (line for line in TEXT.splitlines() if line.startswith(("| F01 ", "| F02 ")))
    older = [line.rpartition(" | ")[0] + " | – |" for line in (first, second)]
    merged = TEXT.replace(f"{first}\n{second}", "\n".join([*older, first, second]))
    assert merged != TEXT
    assert updated(merged) == TEXT


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("test_a_lapsed_hold_f11", [11]),
        ("test_f04_f05_lost", [4, 5]),
        ("test_of_100_fees", []),
        ("test_if22x_fits", []),
    ],
)
def test_rows_are_read_from_names(name: str, rows: list[int]) -> None:
    assert rows_of(name) == rows
