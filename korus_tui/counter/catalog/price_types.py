"""Price types by the words that venues use for them in English and French, folded; the first is our own name for it."""

from __future__ import annotations

PRICE_TYPES: tuple[tuple[str, ...], ...] = (
    ("adult", "adults", "adulte", "adultes"),
    ("child", "children", "enfant", "enfants", "kid", "kids"),
    ("reduced", "reduit", "reduite"),
    ("family", "famille"),
    ("senior", "seniors"),
    ("student", "students", "etudiant", "etudiants"),
    ("youth", "jeune", "jeunes"),
    ("infant", "baby", "bebe"),
)
TYPE_OF = {word: words[0] for words in PRICE_TYPES for word in words}
