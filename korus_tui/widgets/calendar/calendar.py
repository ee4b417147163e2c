"""A month at a glance: what each day costs at least, and how full it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from korus_tui.i18n import _, locale_name
from korus_tui.widgets import text
from korus_tui.widgets.calendar.cells import (
    ABOVE,
    LOADING,
    UNKNOWN,
    DayCell,
    ShownWeeks,
    add_months,
    cell_lines,
    inks_of,
    weeks_of,
)
from korus_tui.widgets.calendar.text import calendar_words
from korus_tui.widgets.inks import Inked, Piece
from korus_tui.widgets.signs import signs

__all__ = ["DayCell", "DayChosen", "DayHighlighted", "MonthCalendar", "MonthChanged"]

_WEEKS = 6
HEIGHT = ABOVE + 2 * _WEEKS + 1


class _OfCalendar(Message):
    """A fact about a calendar."""

    calendar: MonthCalendar

    @property
    def control(self) -> MonthCalendar:
        return self.calendar


@dataclass
class DayHighlighted(_OfCalendar):
    """The highlight stands on another day."""

    day: date
    calendar: MonthCalendar


@dataclass
class DayChosen(_OfCalendar):
    """Enter on a day that is not past."""

    day: date
    calendar: MonthCalendar


@dataclass
class MonthChanged(_OfCalendar):
    """Another month is shown: its days are wanted."""

    year: int
    month: int
    calendar: MonthCalendar


class MonthCalendar(Inked, can_focus=True):
    """One month; arrows move by day and week, PgUp and PgDn by month, `t` to today, Enter chooses."""

    BINDINGS = [
        Binding("left", "days(-1)", show=False),
        Binding("right", "days(1)", show=False),
        Binding("up", "days(-7)", show=False),
        Binding("down", "days(7)", show=False),
        Binding("pageup", "months(-1)", show=False),
        Binding("pagedown", "months(1)", show=False),
        Binding("home", "edge(False)", show=False),
        Binding("end", "edge(True)", show=False),
        Binding("t", "today", show=False),
        Binding("enter", "choose", show=False),
    ]

    selected: reactive[date] = reactive(date.min, repaint=False, init=False)
    locale: reactive[str] = reactive("en_GB")

    def __init__(
        self,
        today: date,
        *,
        selected: date | None = None,
        locale: str = "en_GB",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._today = today
        self._days: dict[date, DayCell] = {}
        self.set_reactive(MonthCalendar.selected, selected or today)
        self.set_reactive(MonthCalendar.locale, locale)
        self._lay_weeks()

    # What the screen says

    def set_day(self, day: date, cell: DayCell) -> None:
        """Show what is known of one day; only that day is painted."""
        if self._days.get(day, UNKNOWN) != cell:
            self._days[day] = cell
            self._repaint(day)

    def set_days(self, days: Mapping[date, DayCell]) -> None:
        """Show what is known of several days."""
        for day, cell in days.items():
            self.set_day(day, cell)

    def expect_month(self, year: int, month: int) -> None:
        """Mark the days of a month that nothing is known of yet as asked for."""
        for week in weeks_of(year, month, 0):
            for day in week:
                if day is not None and day >= self._today and day not in self._days:
                    self.set_day(day, LOADING)

    def expect_nothing(self) -> None:
        """What is marked as asked for is not known, and not asked for either."""
        for day in [day for day, cell in self._days.items() if cell == LOADING]:
            del self._days[day]
            self._repaint(day)

    def clear_days(self) -> None:
        """Forget every day, for another product is shown."""
        self._days.clear()
        self.refresh()

    def set_today(self, today: date) -> None:
        """Midnight has passed at the venue."""
        if today != self._today:
            self._today = today
            self._lay_weeks()
            self.refresh(layout=True)

    def day(self, day: date) -> DayCell:
        return self._days.get(day, UNKNOWN)

    @property
    def rounds(self) -> bool:
        """Whether some price stands there without its cents (`28+`)."""
        weeks, plain = (*self._weeks.weeks, *self._weeks.after(self.content_size.height)), signs().is_ascii
        return any(self.day(day).shown(self._cell, plain).endswith("+") for week in weeks for day in week if day)

    # What the agent does

    def action_days(self, days: int) -> None:
        """Move the highlight by days, into the next month where it must."""
        try:
            self._go(self.selected + timedelta(days=days))
        except OverflowError:
            return

    def action_months(self, months: int) -> None:
        """Show another month with the same day highlighted."""
        target = add_months(self.selected, months)
        if target is not None:
            self._go(target)

    def action_edge(self, last: bool) -> None:
        year, month = self.selected.year, self.selected.month
        days = [day for week in weeks_of(year, month, 0) for day in week if day is not None]
        self._go(days[-1] if last else days[0])

    def action_today(self) -> None:
        self._go(self._today)

    def action_choose(self) -> None:
        """Enter; a past day cannot be chosen."""
        if self.selected >= self._today:
            self.post_message(DayChosen(self.selected, self))

    def on_click(self, event: events.Click) -> None:
        """One click highlights a day, a second one chooses it."""
        at = event.get_content_offset(self)
        day = None if at is None else self._day_at(at.x, at.y)
        if day is None:
            return
        again = day == self.selected and event.chain == 2
        self._go(day)
        if again:
            self.action_choose()

    def _go(self, day: date) -> None:
        self.selected = max(day, self._today.replace(day=1))

    def watch_selected(self, old: date, new: date) -> None:
        """Paint two days, or the whole of another month; what is known of it shows at once."""
        shown = self._weeks
        self._lay_weeks()
        if (old.year, old.month) != (new.year, new.month):
            self.refresh(layout=shown.below != self._weeks.below)
            self.post_message(MonthChanged(new.year, new.month, self))
        elif shown != self._weeks:  # into the weeks that are over, or out of them
            self.refresh(layout=True)
        else:
            self._repaint(old)
            self._repaint(new)
        self.post_message(DayHighlighted(new, self))

    def say_again(self) -> None:
        """Another language: months, weekdays and the legend."""
        self.locale = locale_name()
        self.refresh()

    def watch_locale(self) -> None:
        """Another language may start its week on another day."""
        self._lay_weeks()

    # How it is painted

    def on_focus(self) -> None:
        """The highlighted day looks different with the focus."""
        self._repaint(self.selected)

    def on_blur(self) -> None:
        """The highlighted day looks different without the focus."""
        self._repaint(self.selected)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Seven days of eight, seven, six or four cells, whichever fits."""
        return next((7 * cell for cell in (8, 7, 6) if container.width >= 7 * cell), 28)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Six weeks high, so that nothing jumps from month to month; without the weeks of this month that are over."""
        return self._weeks.below + 1 if self._weeks.following else HEIGHT

    @property
    def _cell(self) -> int:
        return max(4, min(8, self.content_size.width // 7))

    def _lay_weeks(self) -> None:
        self._weeks = ShownWeeks.of(self.selected, self._today, calendar_words(self.locale).first_weekday)

    def _day_at(self, x: int, y: int) -> date | None:
        found, column = self._weeks.at(y, self.content_size.height), x // self._cell
        return found[0][column] if found and column < 7 else None

    def _repaint(self, day: date) -> None:
        if (place := self._weeks.place(day, self.content_size.height)) is not None:
            self.refresh(Region(place[0] * self._cell, place[1], self._cell, 2))

    def render_line(self, y: int) -> Strip:
        """Month, weekdays, two lines a week, legend."""
        return self.strip_of(self._line(y), self.content_size.width)

    def _line(self, y: int) -> list[Piece]:
        words, cell, height = calendar_words(self.locale), self._cell, self.content_size.height
        after = self._weeks.after(height)
        titled = self.selected if y == 0 else after[0][-1] if after and y == self._weeks.below else None
        if titled is not None:
            return [Piece(" " + text.fit(f"{words.months[titled.month - 1]} {titled.year}", cell * 7 - 1), "strong")]
        if y == 1:
            names = [words.weekdays[(words.first_weekday + n) % 7] for n in range(7)]
            return [Piece("".join(text.fit(name, cell - 1, "right") + " " for name in names), "muted")]
        found = self._weeks.at(y, height)
        if found is not None:
            return [piece for day in found[0] for piece in self._day_pieces(day, found[1])]
        return [Piece(self._legend(cell), "muted")] if y == height - 1 else []

    def _day_pieces(self, day: date | None, part: int) -> list[Piece]:
        if day is None:
            return [Piece(" " * self._cell)]
        cell, past = self.day(day), day < self._today
        shown, sign = cell_lines(day.day, UNKNOWN if past else cell, self._cell, _("full"), signs())[part]
        number_ink, price_ink, sign_ink = inks_of(cell, past)
        ink = price_ink if part else "accent strong" if day == self._today else number_ink
        if day == self.selected and self.has_focus:
            return [Piece(shown + sign, "focus strong")]
        rest = " rest strong" if day == self.selected else ""
        return [Piece(shown, (ink + rest).strip()), Piece(sign, (sign_ink + rest).strip())]

    def _legend(self, cell: int) -> str:
        mark = signs()
        if cell < 6:
            facts = [(mark.plenty, _("many")), (mark.few, _("few")), (mark.problem, _("full")), (mark.none, _("none"))]
            return _fitting([sign + word for sign, word in facts], " ", cell * 7)
        full = _("full")
        full = full if len(full) < cell else f"{mark.problem} {full}"
        facts = [(mark.plenty, _("plenty")), (mark.few, _("few")), ("", full), (mark.none, _("not sold"))]
        return _fitting([f"{sign} {word}".strip() for sign, word in facts], "   ", cell * 7)


def _fitting(facts: list[str], gap: str, width: int) -> str:
    """As many facts as fit: in a language with long words the last is left out rather than cut."""
    while facts and text.width_of(" " + gap.join(facts)) > width:
        facts = facts[:-1]
    return text.fit(" " + gap.join(facts), width)
