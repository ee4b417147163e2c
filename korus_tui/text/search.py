"""Finding by typing: the words of a query in any order, without accents and capitals."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, punctuation as spaces, one space between words."""
    folded = text.casefold()
    if not folded.isascii():
        folded = folded.translate(_LIGATURES)
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def matches(query: str, haystack_folded: str) -> bool:
    """Whether every word of `query` occurs in the folded text, in any order, at the start of a word or inside one."""
    return all(word in haystack_folded for word in fold(query).split())


def rank(query: str, haystack_folded: str) -> int:
    """How well a matching text fits, lower is better: words that start a word come before words found inside one."""
    padded = f" {haystack_folded}"
    return sum(0 if f" {word}" in padded else 1 for word in fold(query).split())
