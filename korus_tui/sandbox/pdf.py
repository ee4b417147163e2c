"""Tickets as a real PDF: one page a ticket, with a QR code drawn as squares. Imported late, for its size."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import segno
from fpdf import FPDF

from korus_tui.sandbox.document_page import Page

QR_SIDE = 62.0  # millimetres
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE", "€": "EUR"}
)
_LABELS = {
    "fr": ("Billet", "Date", "Séance", "Valable toute la journée", "Sans date", "Commande", "Au nom de",
           "BAC À SABLE - SANS VALEUR"),
    "en": ("Ticket", "Date", "Session", "Valid all day", "Undated", "Order", "Issued to", "SANDBOX - NO VALUE"),
}  # fmt: skip


def _plain(text: str) -> str:
    """Text that the built-in fonts can draw: Latin-1, letters of other alphabets without their marks."""
    kept = []
    for letter in text.translate(_PLAIN):
        simple = letter if letter.isprintable() and ord(letter) < 256 else unicodedata.normalize("NFKD", letter)
        kept.append(simple.encode("latin-1", "ignore").decode("latin-1") or "?" if simple else "")
    return "".join(kept)[:200]


def render(pages: list[Page], language: str, created: datetime) -> bytes:
    """The file; the same input gives the same bytes."""
    document = FPDF(format=(148, 210))
    document.set_creation_date(created)
    document.set_title(_plain(f"{pages[0].reference} - {pages[0].product}"))
    document.set_lang(language)
    document.set_auto_page_break(False)
    for page in pages:
        document.add_page()
        _draw(document, page, language)
    return bytes(document.output())


def _draw(document: Any, page: Page, language: str) -> None:
    ticket, day, session, all_day, undated, order, holder, sandbox = _LABELS[language]
    document.set_fill_color(32, 40, 72)
    document.rect(0, 0, document.w, 26, style="F")
    document.set_text_color(255, 255, 255)
    document.set_font("Helvetica", "B", 15)
    document.set_xy(12, 8)
    document.multi_cell(document.w - 24, 7, _plain(page.product))
    document.set_text_color(20, 20, 20)
    date_text = undated if page.day is None else page.day.strftime("%d/%m/%Y" if language == "fr" else "%d %b %Y")
    start = page.start.strftime("%H:%M") if page.start else all_day
    rows = ((ticket, page.ticket), (day, date_text), (session, start), (order, page.reference), (holder, page.holder))
    height = 34.0
    for label, value in rows:
        _row(document, height, label, value)
        height += 11
    _qr(document, page.barcode, (document.w - QR_SIDE) / 2, height + 8)
    document.set_font("Courier", "B", 12)
    document.set_xy(0, height + 8 + QR_SIDE + 3)
    document.cell(document.w, 6, page.barcode, align="C")
    document.set_font("Helvetica", "", 8)
    document.set_xy(0, document.h - 14)
    document.cell(document.w, 5, _plain(sandbox), align="C")


def _row(document: Any, height: float, label: str, value: str) -> None:
    document.set_font("Helvetica", "", 8)
    document.set_xy(12, height)
    document.cell(40, 4, _plain(label))
    document.set_font("Helvetica", "B", 12)
    document.set_xy(12, height + 4)
    document.cell(document.w - 24, 6, _plain(value))


def _qr(document: Any, text: str, left: float, top: float) -> None:
    """The code as filled squares, so that it stays sharp at any size."""
    matrix = segno.make(text, error="m", micro=False).matrix
    side = QR_SIDE / len(matrix)
    document.set_fill_color(0, 0, 0)
    for row, cells in enumerate(matrix):
        column = 0
        while column < len(cells):
            start = column
            while column < len(cells) and cells[column]:
                column += 1
            if column > start:
                document.rect(left + start * side, top + row * side, (column - start) * side, side, style="F")
            column += 1
