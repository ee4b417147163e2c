"""Names of files made from texts of any kind."""

from __future__ import annotations


def safe_name(text: str) -> str:
    """A file name that means nothing to a shell or a path: letters, digits, dot, dash and underscore."""
    kept = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "-" for sign in text.strip())
    return kept.strip(".-")[:80] or "unnamed"
