"""What a language has beside its catalogue: the words that agents type in it, and how it writes a day.

Each language is a folder here whose `__init__.py` holds its WORDS; a field that one of them lacks is said by mypy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypedDict

from korus_tui.i18n import SOURCE, language

Hours = tuple[int, int]  # of a day: from this hour on, before that one
Week = tuple[str, str, str, str, str, str, str]  # Monday first


class PriceWords(TypedDict):
    """What venues call the price types; each by our own name for it."""

    adult: tuple[str, ...]
    child: tuple[str, ...]
    reduced: tuple[str, ...]
    family: tuple[str, ...]
    senior: tuple[str, ...]
    student: tuple[str, ...]
    youth: tuple[str, ...]
    infant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. Without accents and spaces, as `fold` leaves them, but for what is said otherwise."""

    day: str  # `Sat 7 Jun` as a pattern of Babel, without its year
    long_day: str  # `Saturday 7 June 2025`
    relative: Mapping[str, int]  # days from today
    weekdays: Week
    parts: Mapping[str, Hours]  # of a day, with their accents and hyphens: `après-midi`
    this: tuple[str, ...]  # before a part, makes it today's: `this evening`
    tonight: tuple[str, ...]  # parts that are today's by themselves
    price_types: PriceWords
    small: tuple[str, ...]  # between the words of a name; with its accent where it is no such word without it
    countries: Mapping[str, str]  # codes by what people say, and Babel does not


@cache
def every() -> dict[str, Words]:
    """The words of each language, English first."""
    folders = sorted(file.parent.name for file in Path(__file__).parent.glob("*/__init__.py"))
    return {one: _of(one) for one in sorted(folders, key=lambda one: one != SOURCE)}


def spoken() -> Words:
    """Those of the language that is spoken now; English for one that has none."""
    known = every()
    return known.get(language(), known[SOURCE])


def spoken_first() -> tuple[str, ...]:
    """The languages whose words are understood: what an agent types is looked for in their own language first."""
    return tuple(sorted(every(), key=lambda one: one != language()))


def _of(name: str) -> Words:
    words: Words = import_module(f"korus_tui.locales.{name}").WORDS
    return words
