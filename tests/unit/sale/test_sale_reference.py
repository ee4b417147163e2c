"""The sale's reference: every slip of the tongue is caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.sale.reference import ALPHABET, mint, parse, short


def _minted(signs: list[str]) -> str:
    left = iter(signs)
    return mint(lambda _alphabet: next(left))


references = st.lists(st.sampled_from(ALPHABET), min_size=9, max_size=9).map(_minted)


@given(references)
def test_a_reference_reads_back_however_it_is_written(reference: str) -> None:
    assert len(reference) == 14  # docs/rules.md, Law 2: at most 40, and the list filter takes 50
    for written in (reference, reference.lower(), reference.replace("-", " "), f"  {reference.replace('-', '')}\n"):
        assert parse(written) == reference
    assert parse(reference.replace("-", "")[2:]) == reference  # read aloud without its prefix
    assert reference.endswith(short(reference))


def _signs(reference: str) -> list[str]:
    return list(reference.replace("-", ""))


@given(references)
def test_every_single_wrong_sign_is_caught(reference: str) -> None:
    right = _signs(reference)
    for place in range(len(right)):
        for sign in ALPHABET:
            if sign != right[place]:
                assert parse("".join([*right[:place], sign, *right[place + 1 :]])) is None, (place, sign)


@given(references)
def test_every_swap_of_neighbours_is_caught(reference: str) -> None:
    right = _signs(reference)
    for place in range(len(right) - 1):
        swapped = right.copy()
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        if swapped != right:
            assert parse("".join(swapped)) is None, place


@given(references, st.integers(0, 11))
def test_a_missing_or_doubled_sign_is_caught(reference: str, place: int) -> None:
    right = _signs(reference)
    doubled = parse("".join([*right[: place + 1], *right[place:]]))
    missing = parse("".join(right[:place] + right[place + 1 :]))
    assert doubled is None
    assert missing is None


@pytest.mark.parametrize("text", ["", "KT", "KT-0O1I-LLLL", "KTWS-YP6C-ML3", "KTWS-YP6C-ML3CC", "²³⁴⁵⁶⁷⁸⁹AB"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse(text) is None


def test_no_two_sales_share_a_reference() -> None:
    minted = {mint() for _ in range(5000)}
    assert len(minted) == 5000
    assert all(parse(one) == one for one in minted)
