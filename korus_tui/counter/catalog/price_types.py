"""Price types by the words that venues use for them, in every language of the interface, folded."""

from __future__ import annotations

from typing import cast

from korus_tui.locales.words import Words, every


def words_of(words: Words) -> dict[str, tuple[str, ...]]:
    """A language's words, by our own names for the price types."""
    return cast("dict[str, tuple[str, ...]]", words.price_types)


TYPE_OF = {word: name for words in every().values() for name, said in words_of(words).items() for word in said}
