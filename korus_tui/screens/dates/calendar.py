"""The months of a family: shown from memory at once, read in the background, never moving under the agent.

First the highlighted day, with what comes in the same answer; the rest of its month, and the months beside it, once the
agent looks on instead of selling.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.catalog.days import FRESH
from korus_tui.counter.catalog.families import Family
from korus_tui.counter.catalog.offer_models import CatalogContent, Offer
from korus_tui.counter.catalog.offers import Near
from korus_tui.counter.core.problems import CounterError, Unread
from korus_tui.counter.services import Services
from korus_tui.i18n import _, locale_name
from korus_tui.screens.common import formats as words
from korus_tui.screens.dates.text import day_cell, sold_out
from korus_tui.widgets.calendar.calendar import DayHighlighted, MonthCalendar, MonthChanged
from korus_tui.widgets.calendar.cells import UNKNOWN, add_months, weeks_of
from korus_tui.widgets.calendar.text import calendar_words
from korus_tui.widgets.inks import Piece
from korus_tui.widgets.lists.states import Failed, ListState, Loading, Ready, Stale

_BELOW = ("following", "third")  # the months below the one that is shown
_LINES = ((40, "-two"), (56, "-three"))  # of the terminal, from which there is room for so many months
_REST = 2.0  # seconds in which who opened the page to sell a day goes on with it
_LOOK = 5.0  # seconds between two looks at which day it is
_RUSH = 0.12  # seconds a month must stay on screen before it is asked for: paging on costs no call
Days = dict[date | None, tuple[Offer, ...]]

log = logging.getLogger("korus_tui.screens")


def _nothing(_days: Days) -> None:
    """A neighbour is shown when it is whole."""


@dataclass
class OffersArrived(Message):
    """Something more is known of the month that is shown."""


@dataclass
class MonthFailed(Message):
    """The month that is shown could not be read."""

    error: Exception


class MonthBelow(MonthCalendar, can_focus=False):
    """A month after the one that is shown; none of its days is highlighted."""

    def _day_pieces(self, day: date | None, part: int) -> list[Piece]:
        return [Piece(text, ink.removesuffix("rest strong").strip()) for text, ink in super()._day_pieces(day, part)]

    def _legend(self, cell: int) -> str:
        """The month above says it."""
        return ""


def _be_sized(months: Vertical) -> None:
    """How many months there are lines for."""
    for lines, name in _LINES:
        months.set_class(months.app.size.height >= lines, name)


class OffersCalendar(Vertical):
    """Calendar and, under it, how current it is."""

    def __init__(self, services: Services, content: CatalogContent, family: Family, start: date | None = None) -> None:
        """`start` is the day to open at, where it is known; else the first day that sells is found."""
        super().__init__(id="months")
        self._services = services
        self._catalog = content.catalog.id
        self._family = family
        self._today = services.today()
        self._days: Days = {}
        self._placed = max(start, self._today) if start else self._today
        self._moved = start is not None
        self._looking = False  # through days and months: these are what is waited for
        self._selling = False  # the day that is shown: nothing else is asked for
        self._asking = False
        self._settled = False
        self._states: dict[tuple[int, int], ListState] = {}
        self.only_undated = False

    def compose(self) -> ComposeResult:
        """The month, one line about it, and the months after it where there is room."""
        yield MonthCalendar(self._today, selected=self._placed, locale=locale_name(), id="calendar")
        yield Static(id="month-state", classes="muted", markup=False)
        _be_sized(self)
        for months, name in enumerate(_BELOW, 1):
            yield MonthBelow(self._today, selected=self._after(months), locale=locale_name(), id=name)

    def on_mount(self) -> None:
        """What is known shows at once; the rest is asked for after the first frame."""
        self._show_month(wait=0.0)
        self.set_interval(_LOOK, self.turn_day)

    # What the screen asks

    @property
    def calendar(self) -> MonthCalendar:
        """The calendar that the agent moves in."""
        return self.query_one("#calendar", MonthCalendar)

    @property
    def day(self) -> date:
        return self.calendar.selected

    @property
    def today(self) -> date:
        """The venue's calendar day."""
        return self._services.today()

    def turn_day(self) -> None:
        """Midnight at the venue: the day before is past, and today is another one."""
        if self._today != self.today:
            self._today = self.today
            for calendar in self.query(MonthCalendar):
                calendar.set_today(self._today)
            self.post_message(OffersArrived())
        if isinstance(self.state, Stale):
            age = self._services.offers.month_age(self._family, *self._month)
            if age is not None and (older := _stale(age)) != self.state:
                self._say(*self._month, older)

    @property
    def state(self) -> ListState:
        """Whether the month that is shown is being read, current, old or missing."""
        return self._states.get(self._month, Loading())

    def offers(self, day: date) -> tuple[Offer, ...] | None:
        """The offers of a day and those of any day; None while nothing is known of it."""
        found, undated = self._days.get(day), self._days.get(None, ())
        if self.only_undated:
            return undated
        return None if found is None else (*found, *undated)

    def unread(self, day: date) -> Unread | None:
        """Offers that came and could not be read, of which some may be for this day."""
        return self._services.offers.unread(self._family, day.year, day.month, day)

    def go(self, day: date) -> None:
        """Highlight a day that the agent named."""
        self._moved = True
        self.calendar.selected = day

    def refresh_month(self) -> None:
        """Ask for the month again, however fresh it is."""
        self._look_on()
        self._services.offers.forget()
        self._show_month(wait=0.0, again=True)

    def sells(self) -> None:
        """The agent sells the day that is shown: what is known of other days is enough."""
        self._selling = True
        if self.offers(self.day) is not None:
            self.workers.cancel_group(self, "month")
            self._ask_no_more()

    # Reading

    @property
    def _month(self) -> tuple[int, int]:
        return self.calendar.selected.year, self.calendar.selected.month

    def _after(self, months: int) -> date | None:
        """The first day of a month counted from the one that is shown."""
        year, month = self._month if self.is_mounted else (self._today.year, self._today.month)
        return add_months(date(year, month, 1), months)

    @on(MonthChanged, "#calendar")
    def other_month(self) -> None:
        """What is known of it shows at once; an answer for the month before is not waited for."""
        if self.calendar.selected != self._placed:
            self._look_on()
        self._show_month(wait=_RUSH)

    @on(DayHighlighted, "#calendar")
    def highlighted(self, event: DayHighlighted) -> None:
        """From the first move on the highlight is the agent's alone; a day that is not known is asked for first."""
        if event.day == self._placed:
            return
        self._moved = True
        self._look_on()
        if self.offers(event.day) is None and event.day >= self._today:
            self._show_month(wait=_RUSH)

    def _look_on(self) -> None:
        self._looking, self._selling = True, False

    @on(DayHighlighted, "#following, #third")
    def day_after(self, event: DayHighlighted) -> None:
        """A click into a month below goes to that day."""
        event.stop()
        if event.day not in (self._after(1), self._after(2)):
            self.go(event.day)

    def _show_month(self, wait: float, again: bool = False) -> None:
        year, month = self._month
        offers = self._services.offers
        self._today = self._services.today()
        self.calendar.set_today(self._today)
        self._show_following()
        self._ask_no_more()
        known = offers.known_month(self._family, year, month)
        age = offers.month_age(self._family, year, month)
        if known is not None:
            self._take(year, month, known)
            self._place_first(known)
        if known is not None and age is not None and age < FRESH and not again:
            self._say(year, month, Ready())
            work: Callable[[], Coroutine[Any, Any, Any]] = partial(self._settling, year, month, known, rested=False)
        else:
            near = offers.near(self._catalog, self._family, max(self.day, self._today))
            if near is not None:
                self._take_near(near)
            if near is None or again:
                self._expect()
            self._say(year, month, Loading() if age is None else _stale(age))
            work = partial(self._reading, year, month, wait, again)
        self.run_worker(work, group="month", exclusive=True, exit_on_error=False)

    def _expect(self) -> None:
        """The days of the month that are not known are asked for."""
        self._asking = True
        self.calendar.expect_month(*self._month)

    def _ask_no_more(self) -> None:
        """Nothing is asked for: no day, and no line, says that it is."""
        if self._asking:
            self._asking = False
            for calendar in self.query(MonthCalendar):
                calendar.expect_nothing()
            self._say(*self._month, self.state)

    def _show_following(self) -> None:
        for months, calendar in enumerate(self.query(MonthBelow), 1):
            if (near := self._after(months)) is not None:
                calendar.selected = near
                known = self._services.offers.known_month(self._family, near.year, near.month)
                if known is not None:
                    self._take(near.year, near.month, known)

    async def _reading(self, year: int, month: int, wait: float, again: bool) -> None:
        await asyncio.sleep(wait)
        offers, family, today = self._services.offers, self._family, self._today
        rested = False
        try:
            day = max(self.day, today)
            near = None if again else offers.near(self._catalog, family, day)
            near = near or await offers.around(self._catalog, family, day, today)
            self._take_near(near)
            self._place_first(near.days)
            days, age = offers.known_month(family, year, month), offers.month_age(family, year, month)
            oldest = self._services.clock.boot() - near.read_at if again else FRESH
            if days is None or age is None or age > oldest:
                self._ask_no_more()
                self.call_after_refresh(self._tell_unread, year, month)
                if near.days and not again and not (rested := await self._rest()):
                    return
                self._expect()
                self._say(year, month, self.state)
                ahead = not self._looking
                days = await offers.month(self._catalog, family, year, month, self._seen, today, ahead=ahead)
        except Exception as error:
            self._failed(year, month, error)
            return
        self._take(year, month, days)
        await self._settling(year, month, days, rested)

    async def _rest(self) -> bool:
        """Wait for the agent to look on; False where a day is being sold instead."""
        if not self._looking and not self._selling:
            await asyncio.sleep(_REST)
        return not self._selling

    async def _settling(self, year: int, month: int, days: Days, rested: bool) -> None:
        """The month is known: find a day to sell where it has none, then fetch its neighbours quietly."""
        if not any(days) and (not self._moved or self.only_undated):
            try:
                await self._look_further()
            except Exception as error:
                self._failed(year, month, error)
                return
        self._asking = False
        self._say(year, month, Ready())
        self._place_first(days)
        self.call_after_refresh(self._tell_unread, year, month)  # behind the day that gets the highlight
        if rested or await self._rest():
            await self._prefetch(year, month)

    def _tell_unread(self, year: int, month: int) -> None:
        """Say what of the month could not be read."""
        odd = self._services.offers.unread(self._family, year, month)
        if odd is not None and self._month == (year, month):
            self.post_message(MonthFailed(CounterError(odd.problem)))

    def _seen(self, days: Days) -> None:
        """Days arrive one by one from a server that is asked day by day."""
        self._days.update(days)
        cells = {day: day_cell(offers) for day, offers in days.items() if day is not None}
        for calendar in self.query(MonthCalendar):
            calendar.set_days(cells)
        self.post_message(OffersArrived())

    def _take(self, year: int, month: int, days: Days) -> None:
        """A whole month: a day that it does not name is not sold."""
        all_days = [day for week in weeks_of(year, month, 0) for day in week if day is not None]
        for day in all_days:
            if day not in days and self.unread(day):  # what could not be read may be for that day
                self._days.pop(day, None)
                cell = UNKNOWN
            else:
                self._days[day] = days.get(day, ())
                cell = day_cell(self._days[day])
            if day >= self._today:
                for calendar in self.query(MonthCalendar):
                    calendar.set_day(day, cell)
        if days.get(None):
            self._days[None] = days[None]
        self.post_message(OffersArrived())

    def _take_near(self, near: Near) -> None:
        """Days that are known whole: one of them that is not named is not sold."""
        end = self._after(2) or date.max
        last = min(near.last or end, end)
        told: Days = {
            day: near.days.get(day, ())
            for day in map(date.fromordinal, range(near.first.toordinal(), last.toordinal() + 1))
            if day in near.days or self.unread(day) is None  # what could not be read may be for that day
        }
        told |= {day: some for day, some in near.days.items() if day is not None and near.tells(day)}
        if near.days.get(None):
            self._days[None] = near.days[None]
        self._days.update(told)
        for calendar in self.query(MonthCalendar):
            calendar.set_days({day: day_cell(some) for day, some in told.items() if day is not None})
        self.post_message(OffersArrived())

    async def _look_further(self) -> None:
        """Nothing is sold this month: find the first day that is, or that there are no days at all."""
        soonest = await self._services.offers.soonest(self._catalog, self._family)
        dated = [one for one in soonest if one.day is not None and one.day >= self._today]
        undated = tuple(one for one in soonest if one.day is None)
        if undated:
            self._days[None] = undated
            self.only_undated = not dated
        days = [one.day for one in dated if one.day is not None and not sold_out(one)]
        if days and not self._moved and self.calendar.selected == self._placed:
            self._place(min(days))

    def _place_first(self, days: Days) -> None:
        """The first day that can be sold gets the highlight, once, and not if the agent has moved it."""
        if self._settled or self._moved or self.calendar.selected != self._placed:
            return
        ahead = ((day, offers) for day, offers in days.items() if day is not None and day >= self._today)
        selling = [day for day, offers in ahead if not all(map(sold_out, offers))]
        if selling:
            self._place(min(selling))

    def _place(self, day: date) -> None:
        self._placed, self._settled = day, True
        self.calendar.selected = day

    def _failed(self, year: int, month: int, error: Exception) -> None:
        """What was known stays, marked with its age; what was not goes back to unknown."""
        self._asking = False
        age = self._services.offers.month_age(self._family, year, month)
        self._say(
            year,
            month,
            Failed(_("This month could not be read.")) if age is None else _stale(age),
        )
        shown = {day: day_cell(offers) for day, offers in self._days.items() if day is not None and day >= self._today}
        for calendar in self.query(MonthCalendar):
            calendar.clear_days()
            calendar.set_days(shown)
        if self._month == (year, month):
            self.post_message(MonthFailed(error))

    async def _prefetch(self, year: int, month: int) -> None:
        """The neighbours, quietly: the next one first, for customers seldom ask for days before."""
        offers = self._services.offers
        for step in (1, 2, -1) if self.has_class("-three") else (1, -1):
            near = add_months(date(year, month, 1), step)
            if near is None or near < self._today.replace(day=1) or self.only_undated:
                continue
            age = offers.month_age(self._family, near.year, near.month)
            if age is not None and age < FRESH:
                continue
            try:
                days = await offers.month(
                    self._catalog, self._family, near.year, near.month, _nothing, self._today, ahead=True
                )
            except Exception as error:
                log.info("a neighbouring month was not read: %s", error)
                return
            self._take(near.year, near.month, days)

    # Saying

    def _say(self, year: int, month: int, state: ListState) -> None:
        self._states[year, month] = state
        if self._month == (year, month):
            self.query_one("#month-state", Static).update(Content(self._words(month, state)))
            self.post_message(OffersArrived())

    def say_again(self) -> None:
        """Another language: the line about the month."""
        self._say(*self._month, self.state)

    def on_resize(self) -> None:
        """Wider days have room for cents: what the figures are is said anew; more lines have room for another month."""
        more = not self.has_class("-three")
        _be_sized(self)
        self.say_again()
        self.call_after_refresh(self.say_again)  # a month that came has its width then
        if more and self.has_class("-three") and isinstance(self.state, Ready):
            self._show_month(wait=0.0)

    def _words(self, month: int, state: ListState) -> str:
        name = calendar_words(locale_name()).months[month - 1]
        match state:
            case Loading():
                return _("Reading {month}…").format(month=name) if self._asking else ""
            case Failed():
                return _("{month} could not be read — ‹offers.refresh|day.refresh› asks again").format(month=name)
            case Stale(said):
                return said
            case _:
                if not self._prices:
                    return ""
                wide = self.calendar.content_size.width  # another one has the size of before, or none
                same = (calendar for calendar in self.query(MonthCalendar) if calendar.content_size.width == wide)
                rounds = any(calendar.rounds for calendar in same)
                return _("from; 9+: 9 and cents") if rounds else _("the day's lowest price")

    @property
    def _prices(self) -> bool:
        """Whether the month shows a price: what the figures are is said then."""
        year, month = self._month
        shown = (offers for day, offers in self._days.items() if day and (day.year, day.month) == (year, month))
        return any(offer.price is not None for offers in shown for offer in offers)


def _stale(age: float) -> Stale:
    """A month that was read so many seconds ago."""
    return Stale.of(words.age(age), commands.keys("offers.refresh|day.refresh"))
