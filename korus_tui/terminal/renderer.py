"""What the terminal shows, cell by cell: of every frame only the cells that differ are sent down the line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

_BRIDGE = 6  # unchanged cells that cost less to send again than to jump over
_BLANK = 10  # spaces from which erasing them costs less than sending them
_RUNS = re.compile(r"[ -~\u00a0]+|[^ -~\u00a0]+")


@dataclass(frozen=True, slots=True, eq=False)
class CellStyle:
    """How cells look: what switches it on (resetting the look before) and off, and whether blanks are just ground."""

    on: str
    off: str
    ground: bool


class _Looks(dict[str, CellStyle]):
    """One CellStyle for each sequence, so that looks are compared by identity."""

    def __missing__(self, on: str) -> CellStyle:
        link, _end, colours = on.rpartition("\x1b\\")
        codes = colours[2:-1]
        attributes = codes.partition("38;")[0].partition("48;")[0].split(";")
        look = CellStyle(
            f"{link}\x1b\\\x1b[0;{codes}m" if link else f"\x1b[0;{codes}m" if codes else "\x1b[0m",
            "\x1b]8;;\x1b\\" if link else "",
            not link and not {"4", "7", "9", "21", "53"}.intersection(attributes),
        )
        self[on] = look
        return look


_LOOKS = _Looks()


@lru_cache(maxsize=4096)
def _look(style: Style | None, colours: ColorSystem) -> CellStyle:
    return _LOOKS[style.render("\0", color_system=colours).partition("\0")[0] if style else ""]


@lru_cache(maxsize=4096)
def _cells(text: str) -> tuple[str, ...]:
    """One entry a cell. A word of other widths stays whole in its first cell, the others are empty; a control character
    has no cell and, at this last door, is not let through."""
    if text.isascii() and text.isprintable():
        return tuple(text)
    text = "".join(c for c in text if c.isprintable() or c in "\u00a0\u202f\u2007\u200c\u200d\u3000")
    if all(get_character_cell_size(c) == 1 and not _is_mark(c) for c in text):
        return tuple(text)
    width, found = cell_len(text), list[str]()
    for run in _RUNS.findall(text):
        if found and _is_mark(run[0]):  # it goes with the letter before it, which was taken for plain
            run = (found.pop() if found[-1] else "") + run
        size = cell_len(run)
        if len(run) == size and not any(map(_is_mark, run)):
            found += run
        elif size:
            found += (run, *[""] * (size - 1))
    if len(found) == width:
        return tuple(found)
    return (text, *[""] * (width - 1)) if width else ()


def _is_mark(character: str) -> bool:
    """Whether it stands on, or joins, the letters beside it, where it does so by itself."""
    return unicodedata.category(character)[0] == "M" or character in "\u200c\u200d"


@lru_cache(maxsize=4096)
def _is_unsure(text: str) -> bool:
    """Whether terminals count other cells for it than we do: marks, joined letters and pictures. Not so CJK."""
    return not text.isascii() and any(
        _is_mark(c) or (not c.isalpha() and get_character_cell_size(c) != 1) for c in text
    )


class _Row:
    """One line of the terminal: its cells' text and looks (None: not known), and which cells have to be sent."""

    __slots__ = ("changed", "looks", "odd", "texts", "unsure")

    def __init__(self, width: int) -> None:
        self.texts: list[str | None] = [None] * width
        self.looks: list[CellStyle | None] = [None] * width
        self.changed: set[int] = set()
        self.odd = False  # whether such a word may stand in it: only then it is looked for
        self.unsure = False  # whether the terminal may have drawn something of it elsewhere

    def write(self, x: int, cells: tuple[str, ...], look: CellStyle) -> int:
        """Put cells there, noting those that differ; returns where the next ones go."""
        texts, looks = self.texts, self.looks
        cells = cells[: max(0, len(texts) - x)]
        end = x + len(cells)
        new, dressed = list(cells), [look] * len(cells)
        if texts[x:end] == new and looks[x:end] == dressed:
            return end
        if "" in new:  # not one character a cell: sent as a whole
            self.changed.update(range(x, end))
        else:
            self.changed.update(i for i in range(x, end) if texts[i] != new[i - x] or looks[i] is not look)
        texts[x:end], looks[x:end] = new, dressed
        return end

    def runs(self) -> Iterator[tuple[int, int]]:
        """Stretches of cells to send: the changed ones, and the few between two of them that look the same.

        A line with words of which the terminal may count other cells than we do is sent whole, and so is what follows.
        """
        before, self.unsure = self.unsure, self.odd and self.unsure_from(0) < len(self.texts)
        self.odd = self.unsure
        if before or self.unsure:
            self.changed.update(range(len(self.texts)))
        start = end = -1
        for x in sorted(self.changed):
            if start < 0:
                start = x
            elif x > end and not self._bridged(end, x):
                yield start, end
                start = x
            end = x + 1
        if start >= 0:
            yield start, end
        self.changed.clear()

    def unsure_from(self, x: int) -> int:
        """Where the next word stands of which the terminal may count other cells; the line's end where none does."""
        texts = self.texts
        return next(
            (i for i in range(x, len(texts)) if (one := texts[i]) and not one.isascii() and _is_unsure(one)), len(texts)
        )

    def gap(self, x: int, end: int) -> tuple[int, int]:
        """The first two blank cells or more behind `x`: where they begin, and what follows."""
        texts = self.texts
        start = next((i for i in range(x, end - 1) if texts[i] == texts[i + 1] == " "), end)
        return start, next((i for i in range(start, end) if texts[i] != " "), end)

    def _bridged(self, end: int, x: int) -> bool:
        look = self.looks[end - 1]
        return x - end <= _BRIDGE and all(
            self.looks[i] is look and len(self.texts[i] or "") == 1 for i in range(end, x)
        )


class CellRenderer:
    """The terminal's cells as they were sent last. `erases`: the terminal erases cells in the colour of the ground;
    `words` makes of a text what this terminal can show, in as many cells."""

    def __init__(self, *, erases: bool = False, words: Callable[[str], str] | None = None) -> None:
        self._erases = erases
        self._words = words
        self._rows: list[_Row] = []
        self._size = (0, 0)

    def forget(self) -> None:
        """What the terminal shows is not known any more: everything is sent again."""
        self._rows = []

    def changes(self, update: CompositorUpdate, size: tuple[int, int], colours: ColorSystem) -> str:
        """What to send so that the terminal shows the update; empty where it shows it already."""
        if not self._rows or size != self._size:
            self._size = size
            self._rows = [_Row(size[0]) for _y in range(size[1])]
        for y, x, strip in _writes(update):
            if y < size[1]:
                self._take(self._rows[y], x, strip, colours)
        return self._sent()

    def _take(self, row: _Row, x: int, strip: Strip, colours: ColorSystem) -> None:
        words = self._words
        for text, style, _control in strip:
            if words is not None and not text.isascii():
                text = words(text)
            row.odd = row.odd or (not text.isascii() and _is_unsure(text))
            x = row.write(x, _cells(text), _look(style, colours))

    def _sent(self) -> str:
        out: list[str] = []
        now: CellStyle | None = None
        for y, row in enumerate(self._rows, 1):
            if row.changed:
                for start, end in row.runs():
                    out.append(f"\x1b[{y};{start + 1}H")
                    now = self._send(row, y, start, end, now, out)
        if now is not None:
            out.append(now.off + "\x1b[0m")
        return "".join(out)

    def _send(self, row: _Row, y: int, start: int, end: int, now: CellStyle | None, out: list[str]) -> CellStyle | None:
        x = start
        while x < end:
            word = min(row.unsure_from(x), end) if row.unsure else end
            now = self._dressed(row, x, word, now, out, more=word < end)
            if word == end:
                break
            # On blank ground, as wide as the terminal draws it, over the blanks behind it at most; never over the edge
            gap, x = row.gap(word, end)
            for i in range(word, x):
                now = self._on(row.looks[i], now, out)
                out.append(" ")
            out.append(f"\x1b[{y};{word + 1}H\x1b[?7l")
            now = self._dressed(row, word, gap, now, out, more=True)
            out.append("\x1b[?7h" + (f"\x1b[{y};{x + 1}H" if x < end else ""))
        return now

    def _dressed(
        self, row: _Row, x: int, end: int, now: CellStyle | None, out: list[str], *, more: bool
    ) -> CellStyle | None:
        """The cells' text in their looks; `more` says that something follows."""
        while x < end:
            look = row.looks[x]
            stop = x + 1
            while stop < end and row.looks[stop] is look:
                stop += 1
            now = self._on(look, now, out)
            text = "".join(one or "" for one in row.texts[x:stop])
            erases = self._erases and look is not None and look.ground
            out.append(self._erasing(text, more or stop < end) if erases else text)
            x = stop
        return now

    @staticmethod
    def _on(look: CellStyle | None, now: CellStyle | None, out: list[str]) -> CellStyle | None:
        if look is now or look is None:
            return now
        out.append((now.off if now else "") + look.on)
        return look

    @staticmethod
    def _erasing(text: str, more: bool) -> str:
        """The text with its blank end erased instead of written; the cursor moves on only where more follows."""
        bare = text.rstrip(" ")
        blank = len(text) - len(bare)
        if blank < _BLANK:
            return text
        return f"{bare}\x1b[{blank}X" + (f"\x1b[{blank}C" if more else "")


def _writes(update: CompositorUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Line, column and strip of everything that the update writes."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, first, last in update.spans:
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if chop is not None and x <= last and end > first:
                    yield y, x, chop if end <= last else chop.crop(0, last - x)


def can_thin(update: object) -> bool:
    """Whether the update is of a kind whose cells are known."""
    return isinstance(update, LayoutUpdate | ChopsUpdate)
