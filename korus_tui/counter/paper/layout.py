"""The columns of a slip: a receipt printer has 32 or 42 of them, a sheet 80."""

from __future__ import annotations

import unicodedata

from korus_tui.api.text import clean_line
from korus_tui.i18n import figure
from korus_tui.sale.money import Money

WIDTH = 42  # columns of a receipt printer of 80 mm; one of 58 mm has 32
MOST = 400  # characters of a text from outside that are printed


class Paper:
    """Lines of at most `width` columns; text from outside is cleaned and broken, amounts stand at the right edge.

    `codes`: what a gate reads of a ticket stands in full on it.
    """

    def __init__(self, width: int = WIDTH, *, codes: bool = True) -> None:
        self.width = width
        self.codes = codes

    @property
    def rule(self) -> str:
        return "-" * self.width

    def wrapped(self, text: str, less: int = 0) -> list[str]:
        """A text from outside in lines of at most the width `less` some columns."""
        width = self.width - less
        lines: list[str] = []
        line = ""
        for word in clean_line(text, MOST).split(" "):
            rest = word
            while True:
                both = f"{line} {rest}" if line else rest
                if cells(both) <= width:
                    line = both
                    break
                if line:
                    lines.append(line)
                    line = ""
                    continue
                fits = next((size for size in range(len(rest) - 1, 0, -1) if cells(rest[:size]) <= width), 1)
                lines.append(rest[:fits])
                rest = rest[fits:]
        return [*lines, line]

    def centred(self, text: str) -> list[str]:
        """In the middle, in as many lines as it needs."""
        return [" " * max(0, (self.width - cells(line)) // 2) + line for line in self.wrapped(text)]

    def row(self, label: str, amount: Money | None) -> str:
        """A label, cut where it must be, and its amount at the right edge."""
        written = figure(amount.text) if amount is not None else ""
        room = self.width - len(written) - 1
        shown = label
        while cells(shown) > room:
            shown = shown[:-1]
        return shown + " " * (self.width - cells(shown) - len(written)) + written


def cells(text: str) -> int:
    """How many columns a cleaned text takes on paper: wide letters two, marks none."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    marks = sum(unicodedata.combining(sign) > 0 for sign in text)
    return len(text) + wide - marks


def printable(line: str) -> str:
    """The line with plain spaces: what keeps words together on a screen is a question mark on many a printer."""
    return "".join(" " * cells(sign) if unicodedata.category(sign) == "Zs" else sign for sign in line)


def pair(label: str, text: str) -> str:
    """A short label and its short text."""
    return f"{label:<10}{text}"
