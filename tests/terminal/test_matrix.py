"""The program in every terminal that agents sit at, in a real pseudo-terminal: it sells, and nothing is garbled."""

from __future__ import annotations

import itertools
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from families import some
from pseudo_terminal import Terminal
from selling import at_the_catalog, leave, sell, to_the_cart

DEMO = [sys.executable, "-m", "korus_tui", "demo", "--empty"]
SGR = re.compile(rb"\x1b\[([0-9;]*)m")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Failing on purpose inside the program, with the screen taken.
BREAKS = """
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.cli import main
def fail(self):
    raise RuntimeError("broken on purpose")
CatalogScreen.action_refresh = fail
raise SystemExit(main(["demo", "--empty"]))
"""


@dataclass(frozen=True)
class Kind:
    """One kind of terminal: its name, what of colours is known of it, its locale and its size."""

    term: str
    size: tuple[int, int] = (120, 40)
    truecolor: bool = False
    no_color: bool = False
    locale: str = "C.UTF-8"

    def env(self, folder: Path) -> dict[str, str]:
        found = {"TERM": self.term, "LANG": self.locale, "LC_ALL": "", "TMPDIR": str(folder)}
        found |= {"COLORTERM": "truecolor"} if self.truecolor else {}
        return found | ({"NO_COLOR": ""} if self.no_color else {})

    def __str__(self) -> str:
        colours = ("-truecolor" if self.truecolor else "") + ("-no_color" if self.no_color else "")
        return f"{self.term}{colours}-{self.locale}-{self.size[0]}x{self.size[1]}"


SOLD_IN = (Kind("linux", (80, 24), locale="C"),)
# Every name once, and every size, colour and locale beside some of them; the long run has all with all.
SEEN_IN = (
    Kind("xterm-256color", truecolor=True),
    Kind("xterm", (80, 24), no_color=True, truecolor=True, locale="POSIX"),
    Kind("screen-256color", (300, 100)),
    Kind("tmux-256color", (200, 60), truecolor=True),
    Kind("vt100", (80, 24), no_color=True, locale="en_GB.ISO-8859-1"),
)
TERMS = ("xterm-256color", "xterm", "screen-256color", "tmux-256color", "linux", "vt100")
EVERY_KIND = [
    Kind(term, size, truecolor, no_color, locale)
    for term, size, truecolor, no_color, locale in itertools.product(
        TERMS, ((80, 24), (300, 100)), (False, True), (False, True), ("C.UTF-8", "C")
    )
]


def check_colours(kind: Kind, seen: bytes) -> None:
    """No colour is sent that this terminal was not said to have, and no hue at all under NO_COLOR."""
    for codes in set(SGR.findall(seen)):
        if not kind.truecolor:
            assert b"38;2;" not in codes
            assert b"48;2;" not in codes
        if not kind.truecolor and "256" not in kind.term:
            assert b"38;5;" not in codes
            assert b"48;5;" not in codes
        if kind.no_color:
            for red, green, blue in re.findall(rb"[34]8;2;([0-9]+);([0-9]+);([0-9]+)", codes):
                assert red == green == blue


def check_words(kind: Kind, terminal: Terminal) -> None:
    """What is said stands there in the terminal's own alphabet, and nothing else does."""
    shown = "Cinéscénie" if "UTF-8" in kind.locale else "Cinescenie"
    assert shown in terminal.text
    assert not CONTROL.search(terminal.text)
    if "UTF-8" not in kind.locale:
        assert bytes(terminal.seen).isascii()
        assert "?" not in terminal.text.replace("? all keys", "")


def check_picture(terminal: Terminal) -> None:
    """The picture made of differences is the picture that is sent whole, in signs and in colours."""

    def cells() -> list[object]:
        text = [line[: held.start()] if (held := re.search("1[45]:[0-5][0-9]", line)) else line for line in rows()]
        buffer = terminal.screen.buffer
        places = itertools.product(range(terminal.rows), range(terminal.columns))
        return [*text, *((buffer[y][x].fg, buffer[y][x].bg, buffer[y][x].reverse) for y, x in places)]

    def rows() -> list[str]:
        return list(terminal.screen.display)

    before = cells()
    received = terminal.received
    terminal.press("ctrl+l")
    terminal.wait_until(lambda _text: terminal.received - received > 1000, "the whole picture")
    terminal.settle()
    assert cells() == before


def check_left(terminal: Terminal) -> None:
    leave(terminal)
    assert terminal.not_as_found() == []


@pytest.mark.parametrize("kind", SOLD_IN, ids=str)
def test_a_whole_sale_in(kind: Kind, tmp_path: Path) -> None:
    with Terminal(DEMO, size=kind.size, env=kind.env(tmp_path)) as terminal:
        at_the_catalog(terminal)
        check_words(kind, terminal)
        sell(terminal)
        check_picture(terminal)
        check_words(kind, terminal)
        check_colours(kind, terminal.seen)
        check_left(terminal)


def check_kind(kind: Kind, folder: Path) -> None:
    with Terminal(DEMO, size=kind.size, env=kind.env(folder)) as terminal:
        to_the_cart(terminal)
        check_words(kind, terminal)
        check_picture(terminal)
        check_colours(kind, terminal.seen)
        check_left(terminal)


@pytest.mark.parametrize("kind", some(3, SEEN_IN), ids=str)
def test_catalog_offers_sessions_and_cart_in(kind: Kind, tmp_path: Path) -> None:
    check_kind(kind, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("kind", EVERY_KIND, ids=str)
def test_catalog_offers_sessions_and_cart_in_every(kind: Kind, tmp_path: Path) -> None:
    check_kind(kind, tmp_path)


def storm(terminal: Terminal, seconds: float, sizes: tuple[tuple[int, int], ...]) -> None:
    """Fifty resizes a second."""
    until = time.monotonic() + seconds
    for size in itertools.cycle(sizes):
        if time.monotonic() > until:
            return
        terminal.resize(*size)
        next_one = time.monotonic() + 0.02
        while (left := next_one - time.monotonic()) > 0:
            assert terminal.read(left), terminal.text


def test_fifty_resizes_a_second_lose_nothing_f40(tmp_path: Path) -> None:
    with Terminal(DEMO, env=Kind("xterm-256color").env(tmp_path)) as terminal:
        to_the_cart(terminal)
        storm(terminal, 1.0, ((120, 40), (1, 1), (20, 5), (81, 24), (500, 200), (79, 40), (160, 23)))
        terminal.resize(120, 40)
        terminal.wait_for("held 14:")
        terminal.settle()
        check_picture(terminal)
        assert terminal.text.count("Sale K") == 1
        terminal.resize(20, 5)  # keys pressed there are for nothing that could be seen
        terminal.wait_for("20×5")
        terminal.press("enter", "f10")
        terminal.settle()
        terminal.resize(80, 24)
        terminal.wait_for("held 14:")
        terminal.settle()
        check_picture(terminal)
        storm(terminal, 0.5, ((120, 40), (119, 40)))
        terminal.resize(120, 40)
        terminal.press("ctrl+q")  # and round a dialog
        terminal.wait_for("Leave now?")
        storm(terminal, 0.5, ((100, 30), (1, 1), (120, 40)))
        terminal.resize(120, 40)
        terminal.wait_for("Leave now?")
        terminal.settle()
        check_picture(terminal)
        terminal.press("y")
        assert terminal.ended() == 0
        assert terminal.not_as_found() == []


def test_a_crash_leaves_the_terminal_as_it_was_f36(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", BREAKS], env=Kind("xterm-256color").env(tmp_path)) as terminal:
        at_the_catalog(terminal)
        terminal.press("ctrl+r")
        assert terminal.ended() == 1
        assert "incident" in terminal.text
        assert terminal.not_as_found() == []
