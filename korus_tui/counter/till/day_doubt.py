"""Whether the business day that would be counted on now can be the right one (docs/rules.md, Clock)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _, locale
from korus_tui.locales.words import spoken
from korus_tui.sale.shifts import business_day
from korus_tui.text.venue_time import at_venue
from korus_tui.text.venue_time import clock as hour

_APART = timedelta(hours=1)  # two clocks that differ by less, around 06:00, tell the same day
_TRIMMED = timedelta(minutes=5)  # a clock that was put right by so much is no journey into the past


@dataclass(frozen=True, slots=True)
class DayDoubt:
    """The business day in question, what today is by the clock, and what says otherwise: a sentence each.

    `witnesses`, in no language: who tells which day against the one in question. A yes to them is not asked for again.
    """

    day: date
    today: str
    said: tuple[str, ...]
    witnesses: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """What a person has to say yes to."""
        return _("Open the till on the business day {day}?").format(day=_day(self.day))

    @property
    def meaning(self) -> str:
        """What it comes to if the clock is wrong."""
        return _("What is sold and counted now is on the business day {day}: on X, on Z and in reports.").format(
            day=_day(self.day)
        )


class DayInDoubt(CounterError):
    """The till does not open on such a day unless a person says so."""

    def __init__(self, doubt: DayDoubt) -> None:
        super().__init__(Problem(doubt.question, " ".join(doubt.said), _("‹app.till› opens the till's page")))
        self.doubt = doubt


def day_doubt(
    clock: Clock, zone: tzinfo, *, records: Iterable[datetime | None], held: Iterable[datetime | None]
) -> DayDoubt | None:
    """What contradicts the clock: this machine's, an answer that was set aside, the newest records, Korus' holds.

    `records` are when (server time) the till's newest records were made, `held` when Korus made reservations of ours.
    """
    now = clock.now()
    day = business_day(now, zone)
    told = [
        ("machine", _("This machine's clock says {when}."), clock.machine() if clock.heard else None),
        ("answer", _("Another answer of Korus says {when}."), clock.set_aside()),
    ]
    against = [
        (who, sentence, at)
        for who, sentence, at in told
        if at is not None and abs(at - now) > _APART and business_day(at, zone) != day
    ]
    latest = business_day(now + _TRIMMED, zone)
    for who, sentence, moments in (
        ("records", _("The till's records go to {when}."), records),
        ("held", _("Korus has held places for this till at {when}."), held),
    ):
        newest = max((at for at in moments if at is not None), default=None)
        if newest is not None and business_day(newest, zone) > latest:
            against.append((who, sentence, newest))
    if not against:
        return None
    whose = _("By Korus' clock it is {when}.") if clock.heard else _("By this machine's clock it is {when}.")
    said = (sentence.format(when=_moment(at, zone)) for _who, sentence, at in against)
    witnesses = tuple(f"{day} {who} {business_day(at, zone)}" for who, _sentence, at in against)
    return DayDoubt(day, _day(now.astimezone(zone).date()), (whose.format(when=_moment(now, zone)), *said), witnesses)


def _day(day: date) -> str:
    from babel.dates import format_date  # first frame

    return format_date(day, f"{spoken().day} y", locale=locale())


def _moment(at: datetime, zone: tzinfo) -> str:
    local = at_venue(at, zone)
    return f"{_day(local.date())} {hour(local)}"
