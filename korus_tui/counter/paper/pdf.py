"""A slip as a PDF: the same lines in a fixed-width font, on paper of their width. The library is loaded when needed."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _

_SHEETS = {32: 58.0, 42: 80.0, 80: 210.0}  # millimetres of paper by columns
_WIDE = 0.6  # of a letter of Courier, as a part of its size
_POINT = 25.4 / 72  # millimetres
_PLAIN = str.maketrans({"–": "-", "—": "-", "’": "'", "“": '"', "”": '"', "…": "...", "€": "E", "œ": "oe", "Œ": "OE"})


def render(text: str, at: datetime, columns: int) -> bytes:
    """The file; the same slip gives the same bytes. Raises CounterError where the library is not installed."""
    try:
        from fpdf import FPDF  # first frame
    except ImportError as error:
        what = _("A PDF needs the package fpdf2, which is not installed.")
        how = _("Install korus-tui with its extra: pip install 'korus-tui[demo]', or set receipt_pdf = false.")
        raise CounterError(Problem(what, how)) from error
    lines = text.rstrip("\n").split("\n")
    width, margin = _SHEETS.get(columns, 80.0), 4.0
    size = (width - 2 * margin) / columns / _WIDE / _POINT
    height = size * _POINT * 1.25
    document = FPDF(format=(width, max(width, len(lines) * height + 2 * margin)))
    document.set_creation_date(at)
    document.set_auto_page_break(False)
    document.set_margins(margin, margin, margin)
    document.add_page()
    document.set_font("Courier", size=size)
    for number, line in enumerate(lines):
        document.text(margin, margin + (number + 0.8) * height, _drawable(line))
    return bytes(document.output())


def _drawable(line: str) -> str:
    """What the built-in fonts can draw; a letter of another alphabet without its marks, or a question mark."""
    kept = []
    for letter in line.translate(_PLAIN):
        if ord(letter) < 256:
            kept.append(letter)
            continue
        simple = unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1")
        wide = unicodedata.east_asian_width(letter) in "WF"
        kept.append(simple or ("" if unicodedata.combining(letter) else "??" if wide else "?"))
    return "".join(kept)
