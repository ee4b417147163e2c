"""The sale's own reference: found by it, read aloud by it (docs/rules.md, Law 2)."""

from __future__ import annotations

import secrets
from collections.abc import Callable

# Thirty-one signs that are not mistaken for one another when read aloud or by hand; 31 is prime, so that the
# weighted check below catches every single wrong sign and every swap of two neighbours.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
_PREFIX = "KT"
_PAYLOAD = 9  # 31**9 is 2**44.6: years of sales of many tills before two references meet


def _check(payload: str) -> str:
    weighted = sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(payload))
    return ALPHABET[-weighted % len(ALPHABET)]


def mint(choice: Callable[[str], str] = secrets.choice) -> str:
    """A new reference such as `KTWS-YP6C-ML3C`: random, so that no till needs to ask another; 14 characters."""
    payload = "".join(choice(ALPHABET) for _ in range(_PAYLOAD))
    signs = _PREFIX + payload + _check(payload)
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def parse(text: str) -> str | None:
    """The reference that was typed or read aloud, in its written form, or None where the check character disagrees."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    # Without the prefix a reference may itself begin with the prefix's letters.
    body = signs if len(signs) == _PAYLOAD + 1 else signs.removeprefix(_PREFIX)
    if len(body) != _PAYLOAD + 1 or any(sign not in ALPHABET for sign in body) or _check(body[:-1]) != body[-1]:
        return None
    signs = _PREFIX + body
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def short(reference: str) -> str:
    """The last group: enough to tell the open sales of one counter apart in a narrow header."""
    return reference.rpartition("-")[2]
