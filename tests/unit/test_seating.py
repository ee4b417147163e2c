"""`seating` is documented without a shape: whatever names a row and a seat is read, and nothing of it is an error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.api.models.seating import Seating, seating_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(max_size=12), some, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, Seating()),
        ({}, Seating()),
        ([], Seating()),
        ("", Seating()),
        ({"row": "12", "seat": "4"}, Seating(row="12", number="4")),
        ({"row": 12, "seat": 4, "section": "A"}, Seating("A", "12", "4")),
        ({"rowName": "C", "seatNumber": 17, "blockName": "Nord"}, Seating("Nord", "C", "17")),
        ({"rang": "B", "place": "9", "zone": "Or"}, Seating("Or", "B", "9")),
        ({"@id": "/.well-known/genid/1", "@type": "Seating", "row": {"label": "12"}}, Seating(row="12")),
        ([{"row": "12", "seat": "4"}], Seating(row="12", number="4")),
        ({"label": "Rang 12, place 4"}, Seating(row="12", number="4")),
        ("Row F Seat 12", Seating(row="F", number="12")),
        ("Rangée 3", Seating(row="3")),
        ("Balcon, à gauche", Seating(words="Balcon, à gauche")),
        ({"entrance": "B"}, Seating(words="B")),
    ],
)
def test_what_is_written_of_a_seat(written: Any, read: Seating) -> None:
    assert seating_of(written) == read


@given(JSON)
def test_nothing_of_it_is_an_error(value: Any) -> None:
    assert isinstance(seating_of(value), Seating)
