"""The table of faults in tests/README.md is what the tests' names say, and no promised row is without a test."""

from __future__ import annotations

import pytest
from faults_table import FAULTS, PROMISED, README, names_by_row, rows_of, updated


def test_the_table_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert updated(text) == text, "run python tests/faults_table.py"


@pytest.mark.parametrize("row", PROMISED)
def test_a_promised_row_has_a_test(row: int) -> None:
    assert names_by_row().get(row), FAULTS[row]


def test_only_rows_of_the_list_are_named() -> None:
    unknown = {row: tests for row, tests in names_by_row().items() if row not in FAULTS}
    assert unknown == {}


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
