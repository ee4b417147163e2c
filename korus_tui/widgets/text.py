"""The only door for text from outside: whatever it holds, it is shown as plain characters of a known width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, chop_cells, set_cell_size
from textual.content import Content
from textual.style import Style

from korus_tui.widgets.signs import signs, spelt_out

LONGEST_LINE = 2_000  # characters of one line that can ever be wanted on a screen; the rest costs time only
_LONG_KEY = 40  # cells of a key and its words that may break
LONGEST_PARAGRAPH = 20_000
MOST_MARKS = 4  # combining marks on one letter; Vietnamese and Hebrew need three
REPLACEMENT = "\ufffd"
# What a terminal may be given to open: https, and a sandbox on this machine. No name or password in it.
_LINKABLE = re.compile(r"(https://|http://(127\.0\.0\.1|localhost|\[::1\])(?=[:/]))[!-?A-~]+\Z")

_SPACES = {0x00A0, 0x202F, 0x2007}  # kept: French thousands and fixed-width figures
_JOINERS = {0x200C, 0x200D}  # kept between letters: they shape words of Persian and of India
_SILENT = {0x00AD, 0x180E, 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF}
# Signs that some terminals draw as one with their neighbour and others beside it: only what all count alike stays.
_UNITED = str.maketrans(
    {
        **dict.fromkeys([*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)], None),  # looks of a sign, shades of skin
        **{0x1F1E6 + place: chr(ord("A") + place) for place in range(26)},  # a flag becomes its country's letters
    }
)
_THOUGHT = re.compile(r"[;:,(]|\. ")
_PATH = re.compile(r"(?<!\S)(?:/[^\s/:,;]+){3,}")  # a file of this machine, not the end of an address
_PEOPLE = re.compile(r"\d+ \S ")  # `2 × ` before the name of what they buy
_LEFT_TO_RIGHT = "\u200e"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"
_LOOSE_JOINERS = re.compile("(?<![^\\W\\d_])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\W\\d_])")
_MARK_FLOOD = re.compile(f"({_MARKS}{{{MOST_MARKS}}}){_MARKS}+")


def _shown(character: str) -> str:  # noqa: PLR0911 - one kind of sign a line
    """The visible sign for one character that a terminal might obey, or nothing for one that only disturbs widths."""
    code = ord(character)
    if character in "\t\r\n\x0b\x0c\x85\u2028\u2029":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # ␛ and its like: the agent sees that something was there
    if code == 0x7F:
        return "\u2421"
    if code in _SPACES or code in _JOINERS:
        return character
    if code in _SILENT:
        return ""
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in ("Cc", "Cf", "Cs"):  # C1 controls, bidi overrides, lone surrogates
        return "" if 0xE0000 <= code <= 0xE007F or 0xFE00 <= code <= 0xFE0F else REPLACEMENT
    return character


def clean(text: str) -> str:
    """One line of plain characters: nothing in it moves a cursor, sets a title, reorders or hides other text.

    Without UTF-8, signs that stand for words become those words: there is room for them before lines are cut.
    """
    if text.isascii() and text.isprintable() and len(text) <= LONGEST_LINE:
        return text
    line = _cleaned(text)
    return spelt_out(line) if signs().is_ascii else line


@lru_cache(maxsize=8192)
def _cleaned(text: str) -> str:
    text = text[:LONGEST_LINE].replace("\r\n", " ")
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _shown(c) for c in text)
        text = _LOOSE_JOINERS.sub("", text)
    text = text.translate(_UNITED)
    return _MARK_FLOOD.sub(r"\1", unicodedata.normalize("NFC", text))


def plain(text: str, *, width: int | None = None) -> Content:
    """`text` as content that is never read as markup; shortened to `width` cells where one is given."""
    line = clean(text)
    return Content(line if width is None else cut(line, width))


def paragraph(text: str) -> Content:
    """`text` of several lines as content: line ends are kept, everything else is cleaned as in `plain`."""
    lines = re.split(r"\r\n|[\n\r\u2028\u2029]", text[:LONGEST_PARAGRAPH])
    return Content("\n".join(clean(line) for line in lines))


def key_line(text: str) -> Content:
    """Keys and what they do, three spaces between them: only there a line breaks, unless what one does is long."""
    parts = clean(text).split("   ")
    return Content("   ".join(part if len(part) > _LONG_KEY else part.replace(" ", "\u00a0") for part in parts))


def cut(line: str, width: int) -> str:
    """A cleaned line in at most `width` cells, with the sign of a cut where something is missing."""
    if width <= 0:
        return ""
    if cell_len(line) <= width:
        return line
    mark = signs().cut
    return set_cell_size(line, width - cell_len(mark)).rstrip() + mark if width > cell_len(mark) else mark[:width]


def cut_inside(line: str, width: int) -> str:
    """As `cut`, with the sign of a cut in the middle: the end, where names and references differ, is kept."""
    mark = signs().cut
    if cell_len(line) <= width or width < cell_len(mark) + 4:
        return cut(line, width)
    ahead = (width - cell_len(mark)) // 2
    behind = width - cell_len(mark) - ahead
    tail = line
    while cell_len(tail) > behind:
        tail = tail[1:]
    return set_cell_size(line, ahead).rstrip() + mark + tail.lstrip()


def alike(lines: Iterable[str], width: int) -> frozenset[str]:
    """Those cleaned lines that `cut` would make alike, whatever number of people they begin with: to be cut inside, so
    that they can be told apart.
    """
    bodies = {line: _PEOPLE.sub("", line) for line in lines if cell_len(line) > width}
    room = width - max((cell_len(line) - cell_len(body) for line, body in bodies.items()), default=0)
    by_start: dict[str, set[str]] = {}
    for body in bodies.values():
        by_start.setdefault(cut(body, room), set()).add(body)
    return frozenset(line for line, body in bodies.items() if len(by_start[cut(body, room)]) > 1)


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """`text` in exactly `width` cells, padded or cut, so that columns stay columns whatever is in them.

    Terminals that write from right to left would carry the next column's figures along: a mark after it stops them.
    """
    if width <= 0:
        return ""
    line = cut(clean(text), width)
    pad = " " * (width - cell_len(line))
    if _RIGHT_TO_LEFT.search(line) and not signs().is_ascii:
        line = f"{_LEFT_TO_RIGHT}{line}{_LEFT_TO_RIGHT}"
    return pad + line if align == "right" else line + pad


def width_of(text: str) -> int:
    """How many cells the cleaned text takes."""
    return cell_len(clean(text))


def wrap(text: str, width: int, *, most: int = 0) -> list[str]:
    """`text` broken at spaces into lines of at most `width` cells; `most` > 0 caps the lines and marks the cut."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        pieces = chop_cells(word, max(1, width)) if cell_len(word) > width else [word]
        for piece in pieces:
            if line and cell_len(line) + 1 + cell_len(piece) > width:
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}" if line else piece
    lines.append(line)
    if most and len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width)]
    return lines


def brief(sentence: str, width: int) -> str:
    """A sentence of ours in `width` cells: whole, else its beginning up to a sign that ends a thought, else nothing."""
    if width_of(sentence) <= width:
        return sentence
    thoughts = (sentence[: found.start()].rstrip() for found in _THOUGHT.finditer(sentence))
    return max((thought for thought in thoughts if width_of(thought) <= width), key=len, default="")


def shorter_paths(text: str, room: int) -> str:
    """`text` with each path of more than `room` cells cut in its middle: where it begins and its file stay readable."""
    return _PATH.sub(lambda found: _shorter_path(found[0], room), clean(text))


def _shorter_path(path: str, room: int) -> str:
    _root, first, *folders, file = path.split("/")
    if cell_len(path) <= room or not folders:
        return path
    ending = file
    for folder in reversed(folders):
        longer = f"{folder}/{ending}"
        if cell_len(f"/{first}/{signs().cut}/{longer}") > room:
            break
        ending = longer
    return f"/{first}/{signs().cut}/{ending}"


def styled(text: str, style: str) -> Content:
    """Foreign text in one style of ours (`"bold"`, `"$text-warning"`), still never read as markup."""
    return Content.styled(clean(text), style)


def link(url: str, label: str | None = None) -> Content:
    """An address as a link that the agent's own terminal opens; anything but a plain https address stays text."""
    shown = clean(label if label is not None else url)
    return Content.assemble((shown, Style(link=url, underline=True))) if _LINKABLE.match(url) else Content(shown)
