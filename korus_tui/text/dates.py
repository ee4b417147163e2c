"""Dates as an agent types them, in English and French; pure, no clock of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from korus_tui.i18n import _
from korus_tui.text.search import fold

FURTHEST = 399  # days: thirteen months; a date beyond them is a slip of the finger until paging there shows it

_RELATIVE = {
    "en": {"today": 0, "tod": 0, "tomorrow": 1, "tom": 1},
    "fr": {"aujourdhui": 0, "auj": 0, "demain": 1, "dem": 1},
}
_WEEKDAYS = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
# Parts of a day: from this hour on, before that one. With "this" before them they are today's.
_PARTS = {
    "en": {"morning": (0, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24), "tonight": (18, 24)},
    "fr": {"matin": (0, 12), "apresmidi": (12, 18), "soir": (18, 24), "soiree": (18, 24)},
}
_LEAST_LETTERS = 2  # "sa", "lu"; French "ma" is mardi, English "mo" monday
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_OFFSET = re.compile(r"\+(\d{1,6})")


@dataclass(frozen=True, slots=True)
class DayError:
    """A text that is no date: the `word` concerned and a sentence to show."""

    word: str
    sentence: str


def parse_day(text: str, today: date, languages: Sequence[str] = ("en", "fr")) -> date | DayError:
    """The date meant by `7/6`, `7/6/27`, `2027-06-07`, `+2`, `sat`, `auj`…; a past day/month is next year's."""
    word = text.strip()[:40]
    if not word:
        return DayError("", _("Type a date, such as 7/6, +2 or sat."))
    if not word.isascii() and any(c.isdigit() and not c.isascii() for c in word):
        return DayError(word, _("“%(word)s” is not a date: use the digits 0 to 9.") % {"word": word})
    if found := _OFFSET.fullmatch(word):
        return _near(word, today, int(found[1]))
    if found := _ISO.fullmatch(word):
        return _calendar_day(word, int(found[1]), int(found[2]), int(found[3]), today)
    if found := _DAY_FIRST.fullmatch(word):
        return _day_first(word, found, today)
    return _word(word, today, languages)


def part_of_day(word: str, languages: Sequence[str] = ("en", "fr")) -> tuple[int, int] | None:
    """The hours of `soir`, `afternoon` or `tonight`, the last one excluded; None for another word."""
    said = fold(word).replace(" ", "")
    return next((table[said] for one in languages if said in (table := _PARTS.get(one, {}))), None)


def _day_first(word: str, found: re.Match[str], today: date) -> date | DayError:
    day, month = int(found[1]), int(found[2])
    if found[3]:
        year = int(found[3])
        return _calendar_day(word, year if year > 99 else 2000 + year, month, day, today)
    this_year = _calendar_day(word, today.year, month, day, None)
    if isinstance(this_year, date) and this_year >= today:
        return this_year
    next_year = _calendar_day(word, today.year + 1, month, day, None)
    return next_year if isinstance(next_year, DayError) else _in_range(word, next_year, today)


def _calendar_day(word: str, year: int, month: int, day: int, today: date | None) -> date | DayError:
    try:
        found = date(year, month, day)
    except ValueError:
        return DayError(word, _("“%(word)s” is not a day of the calendar.") % {"word": word})
    return found if today is None else _in_range(word, found, today)


def _near(word: str, today: date, days: int) -> date | DayError:
    if days > FURTHEST:
        return _too_far(word)
    return today + timedelta(days=days)


def _in_range(word: str, found: date, today: date) -> date | DayError:
    if found < today:
        return DayError(word, _("“%(word)s” is in the past.") % {"word": word})
    return _too_far(word) if (found - today).days > FURTHEST else found


def _too_far(word: str) -> DayError:
    return DayError(word, _("“%(word)s” is more than %(days)d days ahead.") % {"word": word, "days": FURTHEST})


def _word(word: str, today: date, languages: Sequence[str]) -> date | DayError:
    folded = fold(word).replace(" ", "")
    for language in languages:
        if folded in _RELATIVE.get(language, {}):
            return today + timedelta(days=_RELATIVE[language][folded])
    for language in languages:
        names = _WEEKDAYS.get(language, ())
        starting = [n for n, name in enumerate(names) if len(folded) >= _LEAST_LETTERS and name.startswith(folded)]
        if len(starting) == 1:
            return today + timedelta(days=(starting[0] - today.weekday()) % 7)
    return DayError(word, _("“%(word)s” is not a date: try 7/6, +2, sat or today.") % {"word": word})
