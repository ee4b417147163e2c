"""Text from outside, made safe to show: cleaned once, where JSON becomes models (faults F70 to F73)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from korus_tui.api.markup import looks_like_html, words_of

SIGN = "\ufffd"
"""Stands where a character was that a terminal would have obeyed instead of shown."""
ELLIPSIS = "…"
MARKS = 4
"""Most combining marks kept on one base: living scripts need up to four."""

_PLAIN = re.compile(r"[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u202f\u20a0-\u20bf]*\Z")
_TO_SPACE = {"\t"}
_TO_NEWLINE = {"\r", "\u2028", "\u2029"}
_BIDI = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
# Fillers and joiners that are letters or marks by category, yet draw nothing.
_BLANKS = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"}


def clean(text: str, limit: int = 1000) -> str:
    """`text` in NFC without anything that moves, hides or reorders on a terminal, at most `limit` characters."""
    rough = text[: limit * 4].replace("\r\n", "\n")
    if not _PLAIN.match(rough):
        rough = unicodedata.normalize("NFC", "".join(map(_safe, rough)))
        rough = _with_few_marks(rough)
    if len(rough) > limit or len(text) > limit * 4:
        rough = rough[: limit - 1] + ELLIPSIS
    return rough


def clean_line(text: str, limit: int = 300) -> str:
    """`clean`, on one line: names and messages never bring a line break into a table."""
    return " ".join(clean(text, limit).split("\n")).strip(" ")


def html_to_text(html: str, limit: int = 20_000) -> str:
    """`html` as clean, readable text (F73)."""
    return clean(words_of(html), limit).strip()


def readable(text: str, limit: int = 20_000) -> str:
    """`text` cleaned, read as HTML only where it looks like HTML."""
    return html_to_text(text, limit) if looks_like_html(text) else clean(text, limit).strip()


@lru_cache(maxsize=4096)
def _safe(character: str) -> str:  # noqa: PLR0911 - one kind of sign a line
    """What to show for one character: itself, a space, a line break, nothing or the sign."""
    if character == "\n":
        return character
    if character in _TO_SPACE:
        return " "
    if character in _TO_NEWLINE:
        return "\n"
    if character in _BIDI or _is_no_character(ord(character)):
        return SIGN
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Co"}:
        return SIGN
    if category == "Cf" or character in _BLANKS or 0xE0000 <= ord(character) <= 0xE0FFF:
        return ""
    return character


def _is_no_character(point: int) -> bool:
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


def _with_few_marks(text: str) -> str:
    """Cap each run of combining marks, and drop marks that have no base to sit on."""
    kept: list[str] = []
    run = MARKS  # at the start of a line there is no base: every mark is one too many
    for character in text:
        if unicodedata.category(character) in {"Mn", "Mc", "Me"}:
            run += 1
            if run > MARKS:
                continue
        else:
            run = MARKS if character == "\n" else 0
        kept.append(character)
    return "".join(kept)
