"""Finding by typing: the words of a query in any order, without accents, capitals and punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_PHONE_SIGNS = frozenset("+0123456789 .-/()")
_PHONE = 7  # digits that a phone number has at least
_NATIONAL = 9  # digits of one without what stands before it: 0, +33 or 0033
_TOGETHER = 4  # signs that are looked for without the spaces between them


def bare(text: str) -> str:
    """`text` without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, punctuation as spaces, one space between words."""
    folded = text.casefold()
    if not folded.isascii():
        folded = bare(folded.translate(_LIGATURES)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def filed(texts: Iterable[str]) -> str:
    """What `finds` looks through: the texts folded, and each also as one word, as `O'Brien`, a reference without its
    dashes or a phone number without its spaces is typed."""
    folded = [fold(text) for text in texts if text]
    return " ".join((*folded, *(one.replace(" ", "") for one in folded if " " in one)))


def finds(query: str, file: str) -> bool:
    """Whether what was typed is meant by what was `filed`: by its words, as one word, or as a phone number that may
    begin otherwise (`06…` for `+33 6…`)."""
    if matches(query, file):
        return True
    together = fold(query).replace(" ", "")
    if len(together) >= _PHONE and _PHONE_SIGNS.issuperset(query):
        return together[-_NATIONAL:] in file
    return len(together) >= _TOGETHER and together in file


def matches(query: str, haystack_folded: str) -> bool:
    """Whether every word of `query` occurs in the folded text, in any order, at the start of a word or inside one."""
    return all(word in haystack_folded for word in fold(query).split())


def rank(query: str, haystack_folded: str) -> int:
    """How well a matching text fits, lower is better: words that start a word come before words found inside one."""
    padded = f" {haystack_folded}"
    return sum(0 if f" {word}" in padded else 1 for word in fold(query).split())
