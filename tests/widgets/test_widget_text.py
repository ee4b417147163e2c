"""Text from outside is shown as data (F70, F71, F72)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from korus_tui.terminal import wrapping
from korus_tui.widgets import text
from korus_tui.widgets.hanging import Hanging

HOSTILE = ["[b]x[/b]", "[/]", "[@click=app.quit]win[/]", "[link=http://x]y", "\x1b]0;title\x07", "\x9b31m", "a\u202eb"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_is_kept_and_controls_become_visible(hostile: str) -> None:
    shown = text.plain(hostile).plain
    assert not any(unicodedata.category(c) in ("Cc", "Cs") or c in "\u202e\u2066" for c in shown)
    assert shown.replace("␛", "\x1b").replace("␇", "\x07").replace("\ufffd", "?") or not hostile
    if hostile.isprintable():
        assert shown == hostile


def test_what_was_hidden_can_be_seen() -> None:
    assert text.clean("\x1b[31m") == "␛[31m"
    assert text.clean("a\x00b\x7f") == "a␀b␡"
    assert text.clean("12\u00a0345,00\u202f€") == "12\u00a0345,00\u202f€"
    assert text.clean("zero\u200bwidth\u00ad") == "zerowidth"
    assert text.clean("a\r\nb\tc") == "a b c"
    assert text.clean("\ud800") == "\ufffd"


def test_a_thousand_marks_become_four() -> None:
    assert len(text.clean("x" + "\u0336" * 1000)) == 5


def test_paragraph_keeps_its_lines() -> None:
    assert text.paragraph("one\r\ntwo\n\x1b[0m").plain == "one\ntwo\n␛[0m"


@given(st.text(max_size=60), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_fit_takes_exactly_its_cells(words: str, width: int, align: str) -> None:
    fitted = text.fit(words, width, "right" if align == "right" else "left")
    assert cell_len(fitted) == width


@given(st.text(max_size=200))
def test_nothing_a_terminal_obeys_comes_through(words: str) -> None:
    shown = text.clean(words)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in shown)
    assert not any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in shown)


@given(
    st.text(
        st.characters() | st.sampled_from("\u200c\u200d\ufe0f\U0001f1eb\U0001f1f7\U0001f468\U0001f3fd\u20e3"),
        max_size=60,
    )
)
def test_f72_every_terminal_counts_the_same_cells(words: str) -> None:
    shown = text.clean(words)
    assert cell_len(shown) == sum(cell_len(sign) for sign in shown)


def test_f72_flags_become_letters_and_united_emoji_stand_apart() -> None:
    assert text.clean("\U0001f1eb\U0001f1f7 \u2764\ufe0f") == "FR \u2764"
    assert text.clean("\U0001f468\u200d\U0001f469") == "\U0001f468\U0001f469"
    assert text.clean("\u0645\u06cc\u200c\u062e") == "\u0645\u06cc\u200c\u062e"


def test_f72_words_from_right_to_left_are_shut_in_their_column() -> None:
    fitted = text.fit("שלום", 8)
    assert fitted == "\u200eשלום\u200e    "
    assert cell_len(fitted) == 8


@given(st.text(max_size=120), st.integers(1, 30))
def test_wrapped_lines_keep_their_width(words: str, width: int) -> None:
    assert all(cell_len(line) <= max(width, 2) for line in text.wrap(words, width))


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://storage.example/a.pdf?x=1", True),
        ("http://storage.example/a.pdf", False),
        ("javascript:alert(1)", False),
        ("https://user:pw@storage.example/", False),
        ("https://a.example/\x1b]8;;", False),
    ],
)
def test_only_plain_https_becomes_a_link(url: str, linked: bool) -> None:
    content = text.link(url)
    assert any(getattr(span.style, "link", None) for span in content.spans) is linked
    assert content.plain == text.clean(url)


@pytest.mark.parametrize("width", range(16, 60))
def test_no_line_begins_or_ends_between_a_french_sign_and_its_word(width: int) -> None:
    wrapping.keep_together()
    said = "Rien ne s'appelle «\u00a0Cinéscénie\u00a0» ici\u00a0: voilà ce qui coûte 1\u202f294,50\u00a0€\u00a0!"
    lines = [line.plain.strip(" ") for line in Content(said).wrap(width)]
    assert " ".join(lines) == said
    assert all(cell_len(line) <= width for line in lines)
    assert not any(line.endswith("«") or line[0] in "»:€" for line in lines)
    assert text.wrap(said, width) == lines
    theirs = [line.plain.strip(" ") for line in Content(said.replace("\u00a0", " ")).wrap(width)]
    assert not any(line.endswith("«") or line[0] in "»:!" for line in theirs)


def test_a_path_gives_way_in_its_middle_only_where_it_must() -> None:
    long = "/data/lea/.config/parks-of-the-north/korus-tui/settings.toml"
    assert text.shorter_paths(f"{long}, line 3: wrong", 40) == "/data/…/korus-tui/settings.toml, line 3: wrong"
    assert text.shorter_paths(f"{long}: wrong", 20) == "/data/…/settings.toml: wrong"
    for kept in ("/etc/hosts is wrong", "https://api.example.org/a/very/long/address/of/ours", "and/or", "a / b / c"):
        assert text.shorter_paths(kept, 10) == kept


def test_lines_go_on_below_their_words_not_below_their_sign() -> None:
    said = Hanging(Content("▌ ✗ two tickets: the hold lapsed\n  ✗ one more\n\nNo money was taken."))
    narrow = ["▌ ✗ two tickets: the", "    hold lapsed", "  ✗ one more", "", "No money was taken."]
    assert [line.rstrip() for line in said.at(20).plain.split("\n")] == narrow
    assert said.at(40) == said.content
    assert (said.get_height({}, 20), said.get_height({}, 40)) == (5, 4)


def test_a_sentence_is_told_up_to_the_end_of_a_thought_and_never_cut_inside_one() -> None:
    sentence = "Find an order, hand its documents over again; see the rest"
    assert text.brief(sentence, 100) == sentence
    assert text.brief(sentence, len(sentence) - 1) == "Find an order, hand its documents over again"
    assert text.brief(sentence, 20) == "Find an order"
    assert text.brief(sentence, 5) == ""
