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
    """A day: the lowest price as text (`28+` is over 28), and how full it is ("none": not sold that day).

    `exact` is the same price with its cents, where there is room for them; `raised` with small ones above the line.
    """

    price: str | None = None
    fullness: Fullness = "unknown"
    exact: str = ""
    raised: str = ""

    def shown(self, width: int, plain: bool = False) -> str:
        """The price as it stands in `width` cells: never one that nobody pays, so rather none than a part of it.

        `plain`: the terminal has no small figures.
        """
        air = 1 if width < WIDE_CELL else 2  # beside a price there the sign stands
        if self.exact and len(self.exact) <= width - air:
            return self.exact
        if self.raised and not plain and len(self.raised) < width:
            return self.raised
        price = self.price or ""
        return price if len(price) < width else ""


LOADING = DayCell(None, "loading")
UNKNOWN = DayCell()
WIDE_CELL = 6  # cells a day needs to hold a price of three figures, its sign and some air


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


ABOVE = 2  # lines before the first week: month and weekdays
Week = list[date | None]


@dataclass(frozen=True)
class ShownWeeks:
    """The weeks of a month, without those that are over; in their room, below its name, those of the month after."""

    weeks: list[Week]
    following: list[Week]

    @classmethod
    def of(cls, selected: date, today: date, first_weekday: int) -> ShownWeeks:
        """Of the month of the highlight; what is over is there while the highlight is."""
        weeks = weeks_of(selected.year, selected.month, first_weekday)
        left = [week for week in weeks if any(day is not None and day >= today for day in week)]
        if not left or len(left) == len(weeks) or selected < min(day for day in left[0] if day is not None):
            return cls(weeks, [])
        after = add_months(selected.replace(day=1), 1)
        return cls(left, weeks_of(after.year, after.month, first_weekday) if after is not None else [])

    @property
    def below(self) -> int:
        """The line below the weeks of this month."""
        return ABOVE + 2 * len(self.weeks)

    def after(self, height: int) -> list[Week]:
        """The weeks of the month after that have room above the last of `height` lines."""
        return self.following[: max(0, (height - self.below - 2) // 2)]

    def at(self, y: int, height: int) -> tuple[Week, int] | None:
        """The week of a line, and which of its two lines it is."""
        if ABOVE <= y < self.below:
            week, part = divmod(y - ABOVE, 2)
            return self.weeks[week], part
        week, part = divmod(y - self.below - 1, 2)
        after = self.after(height)
        return (after[week], part) if 0 <= week < len(after) else None

    def place(self, day: date, height: int) -> tuple[int, int] | None:
        """Where a day stands: the place in its week, and its first line."""
        for y in range(ABOVE, height):
            found = self.at(y, height)
            if found is not None and found[1] == 0 and day in found[0]:
                return found[0].index(day), y
        return None


def cell_lines(day: int, cell: DayCell, width: int, full: str, mark: Signs) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two lines of a day in `width` cells, each as (text, sign): number above price, the sign where room is."""
    sign = {"plenty": mark.plenty, "few": mark.few}.get(cell.fullness, " ")
    above = f"{day:>{width - 1}}"
    narrow = width < WIDE_CELL  # narrow: the sign beside the number, so that three figures of a price stay parted
    word = full if len(full) < width and not narrow else mark.problem
    below = {"none": mark.none, "loading": mark.waiting, "full": word}.get(cell.fullness)
    if below is None:
        below = cell.shown(width, mark.is_ascii)
    text = fit(below, width - 1, "right")
    return ((above, sign), (text, " ")) if narrow else ((above, " "), (text, sign))


def inks_of(cell: DayCell, past: bool) -> tuple[str, str, str]:
    """Inks of number, price and sign: colour as the second voice of what the sign says."""
    if past or cell.fullness in ("none", "loading"):
        return "faint", "faint", "faint"
    if cell.fullness == "full":
        return "muted", "bad", "bad"
    return "", "", "warn" if cell.fullness == "few" else "muted"
