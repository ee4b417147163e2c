"""Foreign text, cleaned (F70 to F73)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from korus_tui.api.text import MARKS, SIGN, clean, clean_line, html_to_text, readable

BIDI = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"}
hostile = st.text(
    st.characters()
    | st.sampled_from([*BIDI, "\x1b", "\x9b", "\u200b", "\u00ad", "\ufeff", "\u0301", "\u202f", "\ud800"]),
    max_size=200,
)


@given(hostile)
@example("a\u0301\u0301\u0301\u0301\u0301\u0301")
@example("\u1100\u200b\u1161")
def test_f71_f72_nothing_a_terminal_obeys_is_left(text: str) -> None:
    shown = clean(text)
    for character in shown:
        category = unicodedata.category(character)
        assert character == "\n" or category not in {"Cc", "Cf", "Cs"}, hex(ord(character))
        assert character not in BIDI


@given(hostile, st.integers(2, 60))
def test_f72_cleaning_is_capped_normal_and_final(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert unicodedata.is_normalized("NFC", shown)
    assert clean(shown, limit) == shown


@given(hostile)
def test_f72_marks_never_pile_up_nor_stand_alone(text: str) -> None:
    run, base = 0, False
    for character in clean(text):
        if unicodedata.category(character).startswith("M"):
            run += 1
            assert base
            assert run <= MARKS
        else:
            run, base = 0, character != "\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rock [Live] [/b] [@click=app.quit]win[/]", "Rock [Live] [/b] [@click=app.quit]win[/]"),
        ("\x1b[31mred\x1b]0;title\x07", f"{SIGN}[31mred{SIGN}]0;title{SIGN}"),
        ("\x9b31m \x7f \x00", f"{SIGN}31m {SIGN} {SIGN}"),
        ("price \u202e00.1", f"price {SIGN}00.1"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffbom", "softhyphen zerowidth bom"),
        ("1\u202f234,56\u00a0€", "1\u202f234,56\u00a0€"),
        ("a\tb\r\nc\rd\u2028e", "a b\nc\nd\ne"),
        ("e\u0301te\u0301", "été"),
        ("lone \ud83d surrogate", f"lone {SIGN} surrogate"),
        ("z" + "\u0300" * 1000, "z" + "\u0300" * MARKS),
        ("\u0301orphan", "orphan"),
        ("Łódź 日本 🎟️ ﷽", "Łódź 日本 🎟️ ﷽"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_f72_a_long_name_ends_in_an_ellipsis() -> None:
    assert clean("x" * 10_000, 20) == "x" * 19 + "…"
    assert clean_line("two\nlines", 300) == "two lines"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One &amp; two</p><p>Three</p>", "One & two\n\nThree"),
        ("<ul><li>First</li><li>Second</li></ul>", "• First\n• Second"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("before<script>alert('x')</script><style>p{}</style>after", "beforeafter"),
        ("<![CDATA[kept]]> words", "kept words"),
        ("caf&eacute; &#x1b;[31m \x1b[0m &#8238;x", f"café [31m {SIGN}[0m {SIGN}x"),
        ("<!DOCTYPE html><!-- <b>no</b> --><?php no ?><![if no]>yes", "yes"),
        ("<b>unclosed <i>tags", "unclosed tags"),
        ("line\n  broken   in the source", "line broken in the source"),
    ],
)
def test_f73_html_becomes_readable_text(html: str, words: str) -> None:
    assert html_to_text(html) == words


def test_f73_depth_costs_nothing() -> None:
    assert html_to_text("<div>" * 1000 + "deep" + "</div>" * 1000) == "deep"


@given(st.text(st.sampled_from("<>/!-?&;#[]ab \n\"'=?") | st.characters(), max_size=300))
def test_f73_any_html_is_survived(html: str) -> None:
    words = html_to_text(html)
    assert "\x1b" not in words
    assert clean(words, 20_000) == words


def test_plain_descriptions_stay_as_they_are() -> None:
    text = 'Enfants < 14 ans, adultes > 14 ans. " Puy du Fou + Cinéscénie "\nSecond line'
    assert readable(text) == text
