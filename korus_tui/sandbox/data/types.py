"""The shapes of the sandbox's catalog tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from korus_tui.sandbox.tutorial import FIXED_IDS


def make_id(seed: int, *parts: str) -> str:
    """The id of what `parts` name: the documents' own where they fix one, else one of the form of a UUID version 7."""
    fixed = FIXED_IDS.get(parts)
    if fixed is not None:
        return fixed
    text = hashlib.blake2b("\x1f".join((str(seed), *parts)).encode(), digest_size=16).hexdigest()
    return f"0194{text[4:8]}-{text[8:12]}-7{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:32]}"


class Text(NamedTuple):
    """A sentence in the two languages the sandbox speaks."""

    fr: str
    en: str

    def say(self, language: str) -> str:
        """The sentence in `language` ("fr" or "en")."""
        return self.en if language == "en" else self.fr

    def fill(self, words: dict[str, Text]) -> Text:
        """The sentence with its {placeholders} filled in each language."""
        return Text(
            self.fr.format_map({key: word.fr for key, word in words.items()}),
            self.en.format_map({key: word.en for key, word in words.items()}),
        )


@dataclass(frozen=True)
class Choice:
    """One value of an option, and what it does to the price: times `factor`, plus `extra` (major units)."""

    code: str
    label: Text
    factor: Decimal = Decimal(1)
    extra: int = 0


@dataclass(frozen=True)
class Part:
    """One ticket of an offer; without `times` it gives access for the whole day."""

    name: Text
    times: tuple[str, ...] = ()
    places: int = 60
    minutes: int | None = None
    form: str | None = None
    row: int = 0  # numbered seats in a row; 0: nobody has a seat of their own


@dataclass(frozen=True)
class Venue:
    """Where a base takes place; coordinates are strings as in the API."""

    name: str
    line1: str
    postal_code: str
    city: str
    country: str
    phone: str
    website: str
    latitude: str
    longitude: str
    timezone: str


@dataclass(frozen=True)
class Base:
    """A group of products: one for each combination of its options' values."""

    key: str
    name: Text
    product_name: Text
    options: tuple[tuple[str, tuple[Choice, ...]], ...]
    parts: tuple[Part, ...]
    price: int  # whole units of the currency, for an adult in the high season
    short: Text
    description: Text
    calendar: str = "daily"  # daily, evenings (Fridays and Saturdays), summer, undated
    places: int | None = 1500  # None: no limit at all
    pattern: str = "varied"  # varied, plenty, full
    universe: str = "attraction"
    tax: str = "5.5"
    live_price: bool = False
    beneficiary_fields: tuple[str, ...] = ()
    max_amount: int | None = None
    disabled: bool = False
    instant: bool = True


@dataclass(frozen=True)
class CatalogTable:
    """One catalog: its venue, currency, default language and bases."""

    key: str
    name: str
    venue: Venue
    currency: str
    language: str
    bases: tuple[Base, ...]
