"""The keys of what is typed."""

from __future__ import annotations

from textual.keys import _character_to_key


def keys(text: str) -> list[str]:
    """Each sign as the name of its key."""
    return [_character_to_key(sign) for sign in text]
