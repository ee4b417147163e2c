"""A quick line cut into its words: numbers, names, days, times, favourites, `+`, `;` and what follows `!`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from korus_tui.locales.words import every
from korus_tui.text.search import bare


class Cut(StrEnum):
    """What a piece of the line looks like; what it means depends on the catalog."""

    NUMBER = "number"
    WORD = "word"
    QUOTED = "quoted"
    ID = "id"
    FAVOURITE = "favourite"
    DAY = "day"
    TIME = "time"
    PART = "part of today"
    AND = "and"
    APART = "apart"
    PAY = "pay"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the line; `glued` says that it touches the number before it."""

    start: int
    end: int
    text: str
    cut: Cut
    glued: bool = False


def _parts_of_today() -> Iterator[str]:
    """`this evening` and `tonight` in each language, with accents and without."""
    for words in every().values():
        parts = {*words.parts, *map(bare, words.parts)}
        yield from words.tonight
        if words.this:
            yield rf"(?:{'|'.join(words.this)})\s+(?:{'|'.join(sorted(parts, key=len, reverse=True))})"


# In this order: the first that fits at a place is taken.
_PATTERNS = (
    (Cut.QUOTED, re.compile(r'"[^"]*"?')),
    (Cut.ID, re.compile(r'@[^\s"!;+]+')),
    (Cut.APART, re.compile(r";")),
    (Cut.PAY, re.compile(r"!\S*")),
    (Cut.DAY, re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])")),
    (Cut.DAY, re.compile(r"[0-9]{1,2}[/.][0-9]{1,2}(?:[/.][0-9]{2,4}|\.)?(?![0-9])")),
    (Cut.TIME, re.compile(r"[0-9]{1,2}(?:[hH:][0-9]{2}|[hH])(?!\w)")),
    (Cut.PART, re.compile(rf"(?:{'|'.join(_parts_of_today())})(?!\w)", re.IGNORECASE)),
    (Cut.DAY, re.compile(r"\+[0-9]+(?![\w/.:×])")),
    (Cut.AND, re.compile(r"[+,]")),
    (Cut.FAVOURITE, re.compile(r"[fF][0-9]{1,2}(?!\w)")),
    (Cut.NUMBER, re.compile(r"[0-9]+(?:×|[xX](?![^\W_]))?")),
)


def _word_end(text: str, start: int) -> int:
    """Where a run of letters ends, with the marks on them and an apostrophe, point or hyphen between two."""
    end = start
    while end < len(text):
        sign = text[end]
        letter = sign.isalpha() or unicodedata.category(sign).startswith("M")
        between = sign in "'’-." and end > start and end + 1 < len(text) and text[end + 1].isalpha()
        if not letter and not between:
            break
        end += 1
    return end


def pieces(text: str) -> Iterator[Chunk]:
    """The line from left to right; what fits nothing is a SIGN."""
    at, number_end = 0, -1
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        piece = _piece(text, at, glued=at == number_end)
        at = piece.end
        number_end = at if piece.cut is Cut.NUMBER else -1
        yield piece


def _piece(text: str, at: int, *, glued: bool) -> Chunk:
    for cut, pattern in _PATTERNS:
        found = pattern.match(text, at)
        if found and not (glued and found[0][0] == "+" and cut is Cut.DAY):  # 2+2 are people and people
            return Chunk(at, found.end(), found[0], cut, glued)
    end = _word_end(text, at)
    if end > at:
        return Chunk(at, end, text[at:end], Cut.WORD, glued)
    return Chunk(at, at + 1, text[at], Cut.SIGN, glued)
