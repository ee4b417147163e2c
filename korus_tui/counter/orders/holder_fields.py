"""The fields of a ticket's holder: which the API can ask for, and whether what was typed can be one; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from korus_tui.counter.booking.customer import TITLES, check_country, check_email, check_text, check_title
from korus_tui.i18n import _
from korus_tui.text.countries import country_code

ALWAYS = ("firstname", "lastname")  # wanted whatever a ticket asks for (docs/api.md, Tickets of an order)
KNOWN = ("title", "firstname", "lastname", "nationality", "dateOfBirth", "placeOfBirth", "email", "phone")
_OLDEST = 130  # years
_DAY_FIRST = re.compile(r"(\d{1,2})[/. ](\d{1,2})[/. ](\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class HolderField:
    """One line of the form; `name` is the API's, `longest` in characters."""

    name: str
    label: str
    hint: str = ""
    longest: int = 255


def fields_of(required: tuple[str, ...]) -> tuple[HolderField, ...]:
    """Exactly what a ticket asks for, with the names that the API always wants, in the order of a form."""
    wanted = {*required, *ALWAYS}
    return tuple(_field(name) for name in KNOWN if name in wanted)


def unknown_fields(required: tuple[str, ...]) -> tuple[str, ...]:
    """Fields that the API asks for and that this version cannot send."""
    return tuple(name for name in required if name not in KNOWN)


def _field(name: str) -> HolderField:
    return {
        "title": HolderField(name, _("Title"), ", ".join(TITLES), 3),
        "firstname": HolderField(name, _("First name")),
        "lastname": HolderField(name, _("Last name")),
        "nationality": HolderField(name, _("Nationality"), _("a country, such as Germany or DE")),
        "dateOfBirth": HolderField(name, _("Date of birth"), _("7/6/1990 or 1990-06-07"), 10),
        "placeOfBirth": HolderField(name, _("Place of birth")),
        "email": HolderField(name, _("E-mail")),
        "phone": HolderField(name, _("Phone")),
    }[name]


def fault(name: str, typed: str, today: date) -> str | None:
    """What is wrong with one typed field, in a sentence; None where it is good."""
    if not typed.strip():
        return _("The ticket needs it.")
    if name == "dateOfBirth":
        return None if birthday(typed, today) else _("This is no birthday: type day, month and year, as in 7/6/1990.")
    check = {"title": check_title, "nationality": check_country, "email": check_email}.get(name, check_text)
    return check(typed)


def birthday(typed: str, today: date) -> date | None:
    """The day meant by `7/6/1990`, `7/6/90` or `1990-06-07`; None for anything that is no living person's birthday."""
    text = typed.strip()
    try:
        if found := _ISO.fullmatch(text):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _DAY_FIRST.fullmatch(text):
            day = date(_year(found[3], today), int(found[2]), int(found[1]))
        else:
            return None
    except ValueError:
        return None
    return day if day <= today and today.year - day.year <= _OLDEST else None


def _year(typed: str, today: date) -> int:
    """`88` is the last year that ended so."""
    year = int(typed)
    return year if len(typed) == 4 else year + today.year // 100 * 100 - (100 if year > today.year % 100 else 0)


def as_sent(typed: Mapping[str, str], today: date) -> dict[str, str]:
    """The typed fields as the API writes them: codes in its case, days in ISO 8601."""
    sent: dict[str, str] = {}
    for name, text in typed.items():
        value = text.strip()
        if name == "title":
            value = value.lower()
        elif name == "nationality":
            value = country_code(value) or value
        elif name == "dateOfBirth":
            day = birthday(value, today)
            value = day.isoformat() if day else value
        sent[name] = value
    return sent
