"""What is sent as differences shows what would be sent whole, on an emulated terminal."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from korus_tui.terminal.renderer import CellRenderer
from korus_tui.widgets.signs import to_ascii

WIDTH, HEIGHT = 24, 4
STYLES = [Style(), Style(color="red"), Style(bgcolor="blue"), Style(color="red", reverse=True), Style(underline=True)]
PLAIN = st.text("ab é·€", min_size=1, max_size=WIDTH)
WIDE = st.sampled_from(["日本", "日本 b", "  日"])
ODD = st.sampled_from(["हिन्दी", "हिन्दी दर्शन — ab", "ตั๋วผู้ใหญ่", "تَذْكِرَةُ b", "x̌ 👨\u200d👩\u200d👧", "தமிழ்"])
PIECES = st.lists(st.tuples(st.one_of(PLAIN, PLAIN, WIDE, ODD), st.sampled_from(STYLES)), min_size=1, max_size=4)
FRAMES = st.lists(st.lists(PIECES, min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=5)


def frame(lines: list[list[tuple[str, Style]]]) -> LayoutUpdate:
    strips = [[Strip([Segment(*piece) for piece in line]).adjust_cell_length(WIDTH, Style())] for line in lines]
    return LayoutUpdate(strips, Region(0, 0, WIDTH, HEIGHT))


class Emulated:
    def __init__(self, shown: CellRenderer) -> None:
        self.shown, self.screen = shown, pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)
        self.stream.feed("\x1b[?7l")

    def show(self, update: LayoutUpdate) -> str:
        sent = self.shown.changes(update, (WIDTH, HEIGHT), ColorSystem.TRUECOLOR)
        self.stream.feed(sent)
        return sent

    def cells(self) -> list[object]:
        return [*self.screen.display, *(self.screen.buffer[y][x] for y in range(HEIGHT) for x in range(WIDTH))]


@given(FRAMES, st.booleans())
def test_differences_show_the_same_as_the_whole(frames: list[list[list[tuple[str, Style]]]], erases: bool) -> None:
    thin = Emulated(CellRenderer(erases=erases))
    for lines in frames:
        thin.show(frame(lines))
        whole = Emulated(CellRenderer())
        whole.show(frame(lines))
        assert thin.screen.display == whole.screen.display
        for y in range(HEIGHT):
            for x in range(WIDTH):
                ours, theirs = thin.screen.buffer[y][x], whole.screen.buffer[y][x]
                assert (ours.bg, ours.reverse) == (theirs.bg, theirs.reverse)
                assert ours.data == " " or ours == theirs  # a blank has no colour of its own
        assert thin.show(frame(lines)) == ""


def test_one_cell_costs_one_cell() -> None:
    thin = Emulated(CellRenderer())
    thin.show(frame([[("hold 14:07", STYLES[1])]] * HEIGHT))
    sent = thin.show(frame([[("hold 14:06", STYLES[1])], *[[("hold 14:07", STYLES[1])]] * (HEIGHT - 1)]))
    assert sent.replace("\x1b[0;31m", "").replace("\x1b[0m", "") == "\x1b[1;10H6"
    assert len(sent) < 30


def test_another_size_or_a_torn_picture_sends_everything_again() -> None:
    thin, lines = Emulated(CellRenderer()), frame([[("abc", STYLES[0])]] * HEIGHT)
    first = thin.show(lines)
    thin.shown.forget()
    assert thin.show(lines) == first
    assert len(thin.shown.changes(lines, (WIDTH, HEIGHT + 1), ColorSystem.TRUECOLOR)) == len(first)


def test_a_control_character_never_leaves_f71() -> None:
    sent = Emulated(CellRenderer()).show(frame([[("a\x1b]0;title\x07b\x9b21~\r", STYLES[0])]] * HEIGHT))
    assert "\x1b]" not in sent
    assert "\x07" not in sent
    assert "\x9b" not in sent


@given(st.text("Cinéscénie €“”…↵日本🎆ﬁ①́אب", max_size=30))
def test_ascii_is_as_wide_as_what_it_stands_for(text: str) -> None:
    shown = to_ascii(text)
    assert shown.isascii()
    assert shown.isprintable() or not shown
    assert len(shown) == sum(Strip([Segment(c)]).cell_length for c in text)


def test_words_that_a_terminal_counts_otherwise_shift_nothing_and_leave_nothing_c21() -> None:
    """A terminal that gives each vowel sign of a word a cell, as tmux does: more than we count."""
    word = "हिन्दी"
    wide = word.replace("\u093f", "i").replace("\u0940", "I")  # what that terminal makes of it, in plain cells
    thin = Emulated(CellRenderer())
    feed = thin.stream.feed
    thin.stream.feed = lambda sent: feed(sent.replace(word, wide))  # type: ignore[method-assign]
    rest = [[("", STYLES[0])]] * (HEIGHT - 1)
    thin.show(frame([[(f"{word} ab", STYLES[1]), ("   14:07", STYLES[0])], *rest]))
    assert thin.screen.display[0].split() == [*wide.split(), "ab", "14:07"]
    thin.show(frame([[(f"{word} ab", STYLES[1]), ("   14:06", STYLES[0])], *rest]))
    assert thin.screen.display[0].split() == [*wide.split(), "ab", "14:06"]
    assert thin.screen.buffer[0][cell_len(f"{word} ab   ")].data == "1"
    thin.show(frame([[("plain", STYLES[1]), ("  ", STYLES[0])], *rest]))
    assert thin.screen.display[0].split() == ["plain"]
