"""Recognising a payment card's number, so that no field ever keeps one."""

from __future__ import annotations

import re

_GROUPS = re.compile(r"\d+(?:[ \-\u00a0\u202f.]\d+)*")
_SHORTEST, _LONGEST = 13, 19


def looks_like_card(text: str) -> bool:
    """Whether 13 to 19 digits of `text`, grouped or not, pass the Luhn check (F57)."""
    for found in _GROUPS.finditer(text):
        groups = re.findall(r"\d+", found.group())
        phone = found.start() > 0 and text[found.start() - 1] == "+"
        for start in range(len(groups)):
            digits = ""
            for group in groups[start:]:
                digits += group
                if len(digits) > _LONGEST:
                    break
                if len(digits) >= _SHORTEST and _luhn(digits) and not (phone and start == 0 and len(digits) <= 15):
                    return True
    return False


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and bool(digits.strip("0"))
