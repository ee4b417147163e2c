"""What a month calendar shows in a day, and where the days stand; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from korus_tui.widgets.signs import Signs
from korus_tui.widgets.text import fit

Fullness = Literal["plenty", "few", "full", "none", "unknown", "loading"]


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day: the lowest price in whole units as text, and how full it is ("none": not sold that day)."""

    price: str | None = None
    fullness: Fullness = "unknown"


LOADING = DayCell(None, "loading")
UNKNOWN = DayCell()
WIDE_CELL = 6  # cells a day needs to hold a price of three figures, its sign and some air
_INKS: dict[Fullness, str] = {
    "plenty": "", "few": "warn", "full": "bad", "none": "faint", "unknown": "", "loading": "faint",
}  # fmt: skip


def weeks_of(year: int, month: int, first_weekday: int) -> list[list[date | None]]:
    """The month as weeks of seven, None where another month's day would stand; `first_weekday` 0 is Monday."""
    first = date(year, month, 1)
    days: list[date | None] = [None] * ((first.weekday() - first_weekday) % 7)
    day = first
    while day.month == month:
        days.append(day)
        if day == date.max:
            break
        day += timedelta(days=1)
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def add_months(day: date, months: int) -> date | None:
    """The same day of another month, or its last day; None outside the calendar's years."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def cell_lines(day: int, cell: DayCell, width: int, full: str, mark: Signs) -> tuple[str, str]:
    """The two lines of a day in `width` cells: number above price; the sign follows whichever has room for it."""
    sign = {"plenty": mark.plenty, "few": mark.few}.get(cell.fullness, " ")
    price = cell.price or ""
    if width < WIDE_CELL:  # narrow: the sign beside the number, so that three figures of a price stay parted
        below = {"none": mark.none, "loading": mark.waiting, "full": mark.problem}.get(cell.fullness, price)
        return f"{day:>{width - 1}}{sign}", fit(below if len(below) < width else "", width - 1, "right") + " "
    word = full if len(full) < width else mark.problem
    below = {"none": mark.none, "loading": mark.waiting, "full": word}.get(cell.fullness)
    if below is not None:
        return f"{day:>{width - 1}} ", fit(below, width - 1, "right") + " "
    return f"{day:>{width - 1}} ", fit(price if len(price) < width else "", width - 1, "right") + sign


def ink_of(cell: DayCell, past: bool) -> str:
    """Colour as the second voice of what the sign says."""
    return "faint" if past else _INKS[cell.fullness]
