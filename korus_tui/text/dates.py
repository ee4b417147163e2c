"""Dates as an agent types them, in any language of the interface, their own first; pure, no clock of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from korus_tui.i18n import _
from korus_tui.locales.words import every, spoken_first
from korus_tui.text.search import fold

FURTHEST = 399  # days: thirteen months; a date beyond them is a slip of the finger until paging there shows it

# "sa", "lu"; French "di" is dimanche, German Dienstag. In another language "mi" begins a name sooner than a Mittwoch.
_LEAST_LETTERS, _LEAST_OF_ANOTHER = 2, 3
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2})|\.)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_OFFSET = re.compile(r"\+(\d{1,6})")


@dataclass(frozen=True, slots=True)
class DayError:
    """A text that is no date: the `word` concerned and a sentence to show."""

    word: str
    sentence: str


def parse_day(text: str, today: date, languages: Sequence[str] | None = None) -> date | DayError:
    """The date meant by `7/6`, `7/6/27`, `2027-06-07`, `+2`, `sat`, `auj`…; a past day/month is next year's.

    Words are looked for in `languages`, the first of which is the agent's; by itself in all, the spoken one first.
    """
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
    return _word(word, today, spoken_first() if languages is None else languages)


def part_of_day(word: str, languages: Sequence[str] | None = None) -> tuple[int, int] | None:
    """The hours of `soir`, `afternoon` or `tonight`, the last one excluded; None for another word."""
    said = _one_word(word)
    asked = spoken_first() if languages is None else languages
    return next((table[said] for one in asked if said in (table := _parts(one))), None)


@cache
def _parts(language: str) -> dict[str, tuple[int, int]]:
    return {_one_word(part): hours for part, hours in every()[language].parts.items()}


def _one_word(text: str) -> str:
    return fold(text).replace(" ", "")


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
    folded = _one_word(word)
    for language in languages:
        if folded in (relative := every()[language].relative):
            return today + timedelta(days=relative[folded])
    for place, language in enumerate(languages):
        least = _LEAST_OF_ANOTHER if place else _LEAST_LETTERS
        names = every()[language].weekdays
        starting = [n for n, name in enumerate(names) if len(folded) >= least and name.startswith(folded)]
        if len(starting) == 1:
            return today + timedelta(days=(starting[0] - today.weekday()) % 7)
    return DayError(word, _("“%(word)s” is not a date: try 7/6, +2, sat or today.") % {"word": word})
