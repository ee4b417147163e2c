"""The table of faults in tests/README.md is what the tests' names say, and no row of the list is without a test."""

from __future__ import annotations

import pytest
from faults_table import FAULTS, README, names_by_row, rows_of, updated


def test_the_table_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert updated(text) == text, "run python tests/faults_table.py"


@pytest.mark.parametrize("row", FAULTS)
def test_every_row_has_a_test(row: int) -> None:
    assert names_by_row().get(row), FAULTS[row]


def test_the_list_is_whole() -> None:
    """The network and the API, the host and the program, the keyboard and the person, hostile text."""
    assert [*FAULTS] == [*range(1, 26), *range(30, 41), *range(50, 60), *range(70, 76)]


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
