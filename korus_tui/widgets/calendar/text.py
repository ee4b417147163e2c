"""Names of months and weekdays as a language writes them; Babel is imported when the first month is painted."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from korus_tui.i18n import ENGLISH, written_in


class CalendarWords(NamedTuple):
    """Month names (January first), weekday names (Monday first), the weekday a week starts with (0 is Monday)."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    first_weekday: int


@lru_cache(maxsize=8)
def calendar_words(locale: str) -> CalendarWords:
    """The words of a locale such as `fr` or `en_GB`; an unknown one is read as English."""
    from babel.core import UnknownLocaleError  # first frame

    try:
        found = written_in(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        found = written_in(ENGLISH)
    months, weekdays = found.months["stand-alone"]["wide"], found.days["stand-alone"]["abbreviated"]
    first = 0 if found.territory is None else found.first_week_day
    return CalendarWords(
        tuple(str(months[number]) for number in range(1, 13)),
        tuple(str(weekdays[number]).rstrip(".")[:2] for number in range(7)),
        first,
    )
