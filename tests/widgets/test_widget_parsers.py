"""What agents type: dates (F55), amounts (F53), quantities (F54), card numbers (F57), words to find."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.text.dates import DayError, parse_day
from korus_tui.text.search import fold, matches, rank
from korus_tui.widgets.countdown import remaining_text
from korus_tui.widgets.inputs.card_number import looks_like_card
from korus_tui.widgets.inputs.money_text import money_text, parse_money

TODAY = date(2026, 6, 4)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7/6", date(2026, 6, 7)),
        ("7.6.", date(2026, 6, 7)),
        ("1/2", date(2027, 2, 1)),
        ("7/6/27", date(2027, 6, 7)),
        ("2027-06-07", date(2027, 6, 7)),
        ("+2", date(2026, 6, 6)),
        ("sat", date(2026, 6, 6)),
        ("Sam", date(2026, 6, 6)),
        ("thursday", TODAY),
        ("mercredi", date(2026, 6, 10)),
        ("today", TODAY),
        ("auj", TODAY),
        ("aujourd'hui", TODAY),
        ("Demain", date(2026, 6, 5)),
        ("tomorrow", date(2026, 6, 5)),
        ("Samstag", date(2026, 6, 6)),
        ("übermorgen", date(2026, 6, 6)),
        ("mi", None),  # in English it begins a name, and no Mittwoch
    ],
)
def test_days_as_typed_f55(typed: str, meant: date | None) -> None:
    found = parse_day(typed, TODAY)
    assert (found if isinstance(found, date) else None) == meant


@pytest.mark.parametrize(
    "typed",
    ["31/2", "29/2/2027", "+400", "1/1/9999", "9999-01-01", "sábado", "3/6/26", "٣/٦", "s", "7/6/", "0/0", "+"],
)
def test_a_wrong_date_names_its_word_f55(typed: str) -> None:
    found = parse_day(typed, TODAY)
    assert isinstance(found, DayError)
    assert typed in found.sentence


def test_another_languages_words_are_not_known_f55() -> None:
    assert isinstance(parse_day("demain", TODAY, ("en",)), DayError)
    assert isinstance(parse_day("tomorrow", TODAY, ("fr",)), DayError)


@given(st.dates(TODAY, TODAY + timedelta(days=364)))
def test_a_written_date_reads_back(day: date) -> None:
    assert parse_day(f"{day.day}/{day.month}", TODAY) == day
    assert parse_day(day.isoformat(), TODAY) == day


@given(st.text(max_size=20), st.dates())
def test_no_date_text_crashes_f55(typed: str, today: date) -> None:
    assert isinstance(parse_day(typed, today), date | DayError)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1234", 1234), ("12,5", 1250), ("12.50", 1250), ("0", 0), (",5", 50), ("12,", 1200), ("1 234,56", 123456),
        ("1\u00a0234,56", 123456), ("1\u202f234,56", 123456), ("", None), ("   ", None),
    ],
)  # fmt: skip
def test_amounts_as_typed_f53(typed: str, minor: int | None) -> None:
    amount = parse_money(typed)
    assert (amount.minor, amount.problem) == (minor, None)


@pytest.mark.parametrize("typed", ["1e5", "-1", "−1", "٣", "12.345", "1,2,3", "1.234,56", "abc", ".", "99999999", "€5"])
def test_a_wrong_amount_has_a_sentence_f53(typed: str) -> None:
    amount = parse_money(typed)
    assert amount.minor is None
    assert amount.problem


def test_other_currencies_have_other_decimals() -> None:
    assert parse_money("1234", digits=0).minor == 1234
    assert parse_money("12,5", digits=0).problem
    assert parse_money("1234", digits=3).minor == 1234
    assert money_text(1234, 3) == "1.234"
    assert money_text(1234567) == "12,345.67"


@given(st.integers(0, 9_999_999), st.sampled_from([0, 2, 3]))
def test_an_amount_written_out_reads_back(minor: int, digits: int) -> None:
    written = money_text(minor, digits)
    typed = written.replace(",", "") if digits else str(minor)
    assert parse_money(typed, digits).minor == minor
    assert parse_money(str(minor), digits).minor == minor


@given(st.text(max_size=30))
def test_no_amount_text_crashes_or_is_negative_f53(typed: str) -> None:
    amount = parse_money(typed)
    assert amount.minor is None or (amount.minor >= 0 and amount.problem is None)


@pytest.mark.parametrize(
    "typed", ["4111111111111111", "4111 1111 1111 1111", "ok 5500-0000-0000-0004!", "378282246310005"]
)
def test_card_numbers_are_recognised_f57(typed: str) -> None:
    assert looks_like_card(typed)


@pytest.mark.parametrize(
    "typed", ["4111111111111112", "+33 6 12 34 56 78", "KT-ORD-6799E80128885", "0000000000000000", "12/27"]
)
def test_other_numbers_are_not(typed: str) -> None:
    assert not looks_like_card(typed)


@given(st.integers(10**11, 10**18 - 1), st.sampled_from(["", " ", "-"]))
def test_every_number_with_its_check_digit_is_recognised(body: int, between: str) -> None:
    digits = next(f"{body}{check}" for check in range(10) if looks_like_card(f"{body}{check}"))
    grouped = between.join(digits[start : start + 4] for start in range(0, len(digits), 4))
    assert looks_like_card(f"card {grouped} please")


def test_finding_by_words_in_any_order() -> None:
    offer = fold("Puy du Fou — Adulte Été, Cinéscénie")
    assert matches("cine ETE puy", offer)
    assert matches("", offer)
    assert not matches("cine enfant", offer)
    assert fold("Œuvre d'Łódź") == "oeuvre d lodz"
    assert rank("fou", offer) < rank("ulte", offer)


@given(st.text(max_size=40))
def test_every_text_finds_itself(words: str) -> None:
    assert fold(fold(words)) == fold(words)
    assert matches(words, fold(words))


@pytest.mark.parametrize(
    ("seconds", "text", "tone"),
    [
        (761, "12:41", ""), (300, "5:00 ends soon", "warn"), (118, "1:58 about to lapse", "warn"),
        (59, "0:59 last minute", "bad"), (0, "lapsed now", "bad"), (-12, "lapsed 0:12 ago", "bad"),
        (None, "deadline unknown", "warn"), (3723, "1:02:03", ""),
    ],
)  # fmt: skip
def test_remaining_time_in_words(seconds: int | None, text: str, tone: str) -> None:
    assert remaining_text(seconds) == (text, tone)
