"""Days and moments on what the customer takes home, as the customer's language writes them."""

from __future__ import annotations

from datetime import date, datetime

from korus_tui import i18n
from korus_tui.api.text import clean_line
from korus_tui.text.venue_time import clock


def long_day(day: date, language: str) -> str:
    """`samedi 7 juin 2025`."""
    return _written(day, "full", language)


def short_day(day: date, language: str) -> str:
    """`7 juin 2025`."""
    return _written(day, "medium", language)


def moment(at: datetime, language: str) -> str:
    """`7 juin 2025 12:08`, in the zone that the moment bears."""
    return f"{short_day(at.date(), language)} {clock(at)}"


def _written(day: date, how: str, language: str) -> str:
    """By Babel's rules of the language, else as `2025-06-07`; the signs that only steer a screen are left out."""
    from babel import UnknownLocaleError  # first frame
    from babel.dates import format_date  # first frame

    try:
        locale = i18n.written_in(i18n.ENGLISH if language == i18n.SOURCE else language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return day.isoformat()
    return clean_line(format_date(day, how, locale=locale))
