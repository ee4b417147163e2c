"""What an agent types into a form's field, and the same in the API's own notation (docs/api.md, Booking); pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from korus_tui.counter.catalog.offer_models import FormField
from korus_tui.i18n import _, everywhere
from korus_tui.text.search import fold

_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:h.](\d{2}))?", re.ASCII)
_LONGEST = 255  # characters of a text; the API's other texts end there


class NotGood(ValueError):
    """The typed text is no value of its field; the message is the sentence to show."""


def value_of(field: FormField, typed: str) -> str:
    """The typed text as the API wants it, "" for nothing typed. Raises NotGood."""
    text = typed.strip()
    return _READERS.get(field.kind, _text)(field, text) if text else ""


def answered(typed: str) -> bool | None:
    """What was answered to a question of yes or no, in any language; None for neither."""
    word = fold(typed.strip())
    if word in (*everywhere("y"), *everywhere("yes"), "true", "1"):
        return True
    return False if word in (*everywhere("n"), *everywhere("no"), "false", "0") else None


def no_answer(typed: str) -> str | None:
    """The check of such a question's field: neither answer is taken for the other."""
    return _("y or n") if answered(typed) is None else None


def hint_of(field: FormField) -> str:
    """What to type, where the label alone does not say it."""
    hints = {
        "bool": _("y or n"),
        "integer": _("a whole number"),
        "decimal": _("a number, such as 2.99"),
        "date": _("7/6/2027 or 2027-06-07"),
        "time": _("7:30"),
        "datetime": _("7/6/2027 7:30"),
        "single_choice": _("a number: {choices}").format(choices=choices_of(field)),
        "multi_choice": _("one or several numbers: {choices}").format(choices=choices_of(field)),
    }
    return hints.get(field.kind, "")


def choices_of(field: FormField) -> str:
    """The choices with the numbers that stand for them."""
    return "  ".join(f"{number}\u00a0{label}" for number, (_value, label) in enumerate(field.choices, 1))


def _text(_field: FormField, text: str) -> str:
    if len(text) > _LONGEST:
        raise NotGood(_("At most {count} letters.").format(count=_LONGEST))
    return text


def _bool(_field: FormField, text: str) -> str:
    said = answered(text)
    if said is None:
        raise NotGood(_("Type y for yes or n for no."))
    return "true" if said else "false"


def _integer(_field: FormField, text: str) -> str:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise NotGood(_("“{text}” is not a whole number.").format(text=text))
    return str(int(text))


def _decimal(_field: FormField, text: str) -> str:
    plain = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", plain, re.ASCII):
        raise NotGood(_("“{text}” is not a number.").format(text=text))
    return plain


def _date(_field: FormField, text: str) -> str:
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3])).isoformat()
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1])).isoformat()
    except ValueError:
        raise NotGood(_("“{text}” is not a day of the calendar.").format(text=text)) from None
    raise NotGood(_("“{text}” is not a date: try 7/6/2027.").format(text=text))


def _time(_field: FormField, text: str) -> str:
    found = _TIME.fullmatch(text)
    try:
        if found:
            return time(int(found[1]), int(found[2] or 0)).strftime("%H:%M")
    except ValueError:
        raise NotGood(_("“{text}” is not a time of day.").format(text=text)) from None
    raise NotGood(_("“{text}” is not a time: try 7:30.").format(text=text))


def _datetime(field: FormField, text: str) -> str:
    day, _space, clock = text.replace("T", " ").partition(" ")
    return f"{_date(field, day)} {_time(field, clock.strip() or '0:00')}:00"


def _single(field: FormField, text: str) -> str:
    return _choice(field, text)


def _multi(field: FormField, text: str) -> str:
    parts = re.split(r"[ ,;]+", text) if re.fullmatch(r"[\d ,;]+", text, re.ASCII) else text.split(",")
    return ",".join(dict.fromkeys(_choice(field, part.strip()) for part in parts if part.strip()))


def _choice(field: FormField, text: str) -> str:
    """A choice by its number, or by the first letters of its label."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= len(field.choices):
        return field.choices[int(text[:4]) - 1][0]
    wanted = fold(text)
    found = [value for value, label in field.choices if wanted and fold(label).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    raise NotGood(_("“{text}” is none of these: {choices}.").format(text=text, choices=choices_of(field)))


_READERS: dict[str, Callable[[FormField, str], str]] = {
    "text": _text,
    "bool": _bool,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "single_choice": _single,
    "multi_choice": _multi,
}
