"""Amounts, days and times as the agent's language writes them; the venue's zone, never the host's."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from korus_tui.i18n import _, decimal_sign, locale
from korus_tui.locales.words import spoken
from korus_tui.text.amounts import written
from korus_tui.text.venue_time import clock
from korus_tui.widgets.amounts import priced

if TYPE_CHECKING:
    from korus_tui.sale.money import Money


def money(amount: Money | None) -> str:
    """An amount with its currency's sign: `€294.00`, `EUR 294.00` where there is no such sign; empty for None."""
    return "" if amount is None else priced(figure(amount), amount.currency)


def figure(amount: Money | None) -> str:
    """An amount without its sign, for columns whose head or total names the currency: `294.00`."""
    if amount is None:
        return ""
    from korus_tui.sale.money import minor_digits  # first frame

    return written(amount.whole.amount, minor_digits(amount.currency))


def count(number: int) -> str:
    """A count with the language's thousands separator."""
    from babel.numbers import format_decimal  # first frame

    return format_decimal(number, locale=locale())


def tenths(number: float) -> str:
    """`0.1`: a measured figure to one decimal."""
    return f"{number:.1f}".replace(".", decimal_sign())


def places_left(left: int | None, *, said: bool = True, live: bool = False) -> str:
    """Places left as a cell: a figure, `full`, or a sign: no known limit, where that is `said`; else unknown, and
    `live` will tell.
    """
    if left is None:
        return "~" if live else "∞" if said else "?"
    return _("full") if left <= 0 else count(left)


def day(value: date | None) -> str:
    """`Sat 7 Jun`, with the year where it is not obvious; `any day` for an undated offer."""
    if value is None:
        return _("any day")
    from babel.dates import format_date  # first frame

    return format_date(value, spoken().day, locale=locale())


def widest_day() -> int:
    """The cells that `day` takes at most in this language, without a year."""
    weekdays, months = locale().days["format"]["abbreviated"], locale().months["format"]["abbreviated"]
    around = len(spoken().day.replace("EEE", "").replace("MMM", "").replace("d", "dd"))
    return max(map(len, weekdays.values())) + around + max(map(len, months.values()))


def long_day(value: date | None) -> str:
    """`Saturday 7 June 2025`."""
    if value is None:
        return _("any day")
    from babel.dates import format_date  # first frame

    return format_date(value, spoken().long_day, locale=locale())


def time(moment: datetime, zone: str | None = None) -> str:
    """`22:00`, in the zone that the moment bears or in the one by this name; `02:30 CEST` where that comes twice."""
    return clock(moment, zone)


def quoted(said: str) -> str:
    """Words that are not ours, between the language's own quotation marks."""
    return _("“{words}”").format(words=said)


def of_korus(said: str) -> str:
    """What Korus itself says, to stand behind our words; nothing where it said nothing."""
    return " (" + _("Korus: “{words}”").format(words=said) + ")" if said else ""


def about(what: str, said: str) -> str:
    """What is spoken of, then what is said of it."""
    return _("{what}: {said}").format(what=what, said=said)


def age(seconds: float) -> str:
    """How long ago something was read: `40 s ago`, `3 min ago`, `2 h ago`."""
    if seconds < 60:
        return _("{count} s ago").format(count=int(seconds))
    if seconds < 3600:
        return _("{count} min ago").format(count=int(seconds // 60))
    return _("{count} h ago").format(count=int(seconds // 3600))
