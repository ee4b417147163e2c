"""What an agent types to find an order, understood: our reference, an order's id, a day, or words; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from korus_tui.i18n import _
from korus_tui.sale.reference import ALPHABET, parse

_OURS = re.compile(r"KT[A-Z0-9]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}", re.ASCII)
_OUR_SIGNS = 12  # with the prefix
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2})|\.)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_AGO = re.compile(r"[-−](\d{1,3})", re.ASCII)


class QueryKind(StrEnum):
    """What was typed."""

    NOTHING = "nothing"
    OURS = "ours"
    MISTYPED = "mistyped"
    ORDER_ID = "order id"
    DAY = "day"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is the reference in its written form, the order's id, or the words as typed; `day` only for a day."""

    kind: QueryKind
    text: str = ""
    day: date | None = None


def read(typed: str, today: date) -> Query:
    """What the typed text asks for; a reference whose check character disagrees is MISTYPED, never words."""
    text = typed.strip()
    if not text:
        return Query(QueryKind.NOTHING)
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    ours = parse(text)
    # Ten letters may be a name; a reference read aloud without its prefix nearly always has a digit.
    if ours is not None and (signs.startswith("KT") or any(sign.isdigit() for sign in signs)):
        return Query(QueryKind.OURS, ours)
    if _looks_like_ours(text.upper(), signs):
        return Query(QueryKind.MISTYPED, text)
    last = text.lower().rstrip("/").rpartition("/")[2]
    if _UUID.match(last):
        return Query(QueryKind.ORDER_ID, last)
    day = past_day(text, today)
    return Query(QueryKind.DAY, text, day) if day is not None else Query(QueryKind.WORDS, text)


def _looks_like_ours(text: str, signs: str) -> bool:
    whole = len(signs) == _OUR_SIGNS and signs.startswith("KT") and all(sign in ALPHABET for sign in signs)
    return whole or _OURS.fullmatch(text) is not None


def past_day(text: str, today: date) -> date | None:
    """A day on which something was sold: `7/6`, `7/6/2025`, `2025-06-07`, `-2`, today, yesterday; never a future one.

    A day and month without a year are the latest ones that are not in the future.
    """
    word = text.strip().casefold()
    back = {_("today").casefold(): 0, _("yesterday").casefold(): 1, "0": 0}.get(word)
    if back is None and (ago := _AGO.fullmatch(word)):
        back = int(ago[1])
    if back is not None:
        return today - timedelta(days=back)
    if iso := _ISO.fullmatch(word):
        return _calendar(int(iso[1]), int(iso[2]), int(iso[3]), today)
    found = _DAY_FIRST.fullmatch(word)
    if found is None:
        return None
    day, month = int(found[1]), int(found[2])
    if found[3]:
        year = int(found[3])
        return _calendar(year if year > 99 else 2000 + year, month, day, today)
    return _calendar(today.year, month, day, today) or _calendar(today.year - 1, month, day, today)


def _calendar(year: int, month: int, day: int, today: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found <= today else None
