"""An amount three lines high: what is to collect, what is to give back, what a sale or a day comes to."""

from __future__ import annotations

from rich.cells import cell_len

from korus_tui.widgets.inks import InkLine, PaintedView, Piece
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean

_GLYPHS = {
    "0": ("┏━┓", "┃ ┃", "┗━┛"), "1": (" ╻ ", " ┃ ", " ╹ "), "2": ("┏━┓", "┏━┛", "┗━╸"), "3": ("┏━┓", " ━┫", "┗━┛"),
    "4": ("╻ ╻", "┗━┫", "  ╹"), "5": ("┏━╸", "┗━┓", "┗━┛"), "6": ("┏━╸", "┣━┓", "┗━┛"), "7": ("┏━┓", "  ┃", "  ╹"),
    "8": ("┏━┓", "┣━┫", "┗━┛"), "9": ("┏━┓", "┗━┫", "┗━┛"), ".": (" ", " ", "▪"), ",": (" ", " ", "▖"),
    "-": ("  ", "╺╸", "  "),
}  # fmt: skip
_ASCII_GLYPHS = {
    "0": (" _ ", "| |", "|_|"), "1": ("   ", "  |", "  |"), "2": (" _ ", " _|", "|_ "), "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"), "5": (" _ ", "|_ ", " _|"), "6": (" _ ", "|_ ", "|_|"), "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"), "9": (" _ ", "|_|", " _|"), ".": (" ", " ", "."), ",": (" ", " ", ","),
    "-": ("  ", "__", "  "),
}  # fmt: skip
HEIGHT = 3


def big_lines(amount: str, *, ascii: bool | None = None) -> list[str]:  # noqa: A002 - one name in all widgets
    """`294.00 €` as three lines: digits, point, comma and minus are large, the rest stands on the baseline."""
    glyphs = _ASCII_GLYPHS if signs(ascii).is_ascii else _GLYPHS
    rows = ["", "", ""]
    for character in clean(amount).replace("\u00a0", " ").replace("\u202f", " "):
        glyph = glyphs.get(character)
        if glyph is None:
            width = cell_len(character)
            rows = [rows[0] + " " * width, rows[1] + " " * width, rows[2] + character]
        else:
            gap = "" if character in ".," or not rows[0] else " "
            rows = [row + gap + part for row, part in zip(rows, glyph, strict=True)]
    return rows


class BigAmount(PaintedView[str]):
    """The amount large, or in one bold line where it does not fit."""

    def __init__(self, amount: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(amount, id=id)

    def lines(self, width: int) -> list[InkLine]:
        """Three lines always, so that nothing below moves."""
        rows = big_lines(self._view)
        if max(cell_len(row) for row in rows) > width:
            return [(), (Piece(clean(self._view), "money"),), ()]
        return [(Piece(row, "money"),) for row in rows]
