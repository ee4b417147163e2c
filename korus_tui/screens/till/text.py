"""What the till's page says of a shift, in sentences, and which figures may be seen before the drawer is counted."""

from __future__ import annotations

from datetime import date

from korus_tui.counter.till import report
from korus_tui.counter.till.report import ReportLine, Section
from korus_tui.i18n import _, pgettext
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading
from korus_tui.sale.shifts import Shift
from korus_tui.sale.values import Mode
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.text.venue_time import at_venue
from korus_tui.widgets.lists.columns import Column
from korus_tui.widgets.lists.row_list import Row

LEFT = ("takings", "drawer")
"""The sections of a reading in the left column."""
COUNTS = ("counts",)
"""Those of the last column, where there is room for three."""
_OPEN = ("unresolved", "too_many", "taken_away", "differing", "waiting", "elsewhere", "unreadable")


def middle(mode: Mode) -> tuple[str, ...]:
    """The sections below the total: in training and demo what counts for nothing stands first."""
    return (*_OPEN, "practice") if mode is Mode.LIVE else ("practice", *_OPEN)


def past_columns() -> tuple[Column, ...]:
    return (
        Column("number", pgettext("column", "close"), 6, align="right"),
        Column("day", _("business day"), 13),
        Column("closed", pgettext("column", "closed"), 6),
        Column("agent", _("by"), None, priority=2),
        Column("counted", _("counted"), 12, align="right"),
        Column("difference", _("over/short"), 12, align="right"),
    )


def title(reading: Reading, *, opened_up: bool) -> str:
    """What is on the page, in a few words."""
    shift = reading.shift
    if shift.closing is not None:
        return _("Z {number}: the till is closed").format(number=shift.number)
    if shift.opening is None:
        return _("The till is not open")
    if opened_up:
        return _("X reading at {time}").format(time=words.time(at_venue(reading.at, reading.zone)))
    return _("The till is open")


def facts(reading: Reading) -> str:
    """Since when, by whom, and the business day."""
    opening, closing = reading.shift.opening, reading.shift.closing
    found = [_("business day {day}").format(day=words.day(reading.day))]
    for one, since in ((opening, _("opened {time}")), (closing, _("closed {time}"))):
        if one is not None:
            when = since.format(time=words.time(at_venue(one.by.at, reading.zone)))
            found.append(joined((when, one.by.agent)))
    if opening is None:
        found.append(_("‹till.open› counts the float in"))
    if reading.record and (reading.is_z or opening is not None):
        found.append(_("record {mark}").format(mark=reading.record))
    return joined(found)


def note(  # noqa: PLR0913 - each is a sentence of its own
    reading: Reading,
    today: date,
    elsewhere: str,
    *,
    nobody: str = "",
    has_agents: bool = True,
    blind: bool = False,
    in_doubt: str = "",
) -> str:
    """What else must be known: practice, a till left open overnight, what waits `elsewhere`, who may and who sees.

    `nobody` says that nobody is signed in where somebody should be, and why; `in_doubt` what contradicts the day.
    """
    found = [*([report.broken_words(reading)] if reading.broken else []), *reading.outside]
    if in_doubt:
        found.append(in_doubt)
    if nobody:
        found.append(nobody)
    if not has_agents and reading.mode is not Mode.DEMO:
        found.append(_("No PINs: whoever is at the keyboard may do everything. ‹till.sign› makes the first agent."))
    if blind:
        found.append(_("Takings and expected cash are the supervisor's until the drawer is counted."))
    if reading.mode is not Mode.LIVE:
        mode = report.mode_name(reading.mode)
        found.append(_("{mode}: these sales are never takings; only the float is in the drawer.").format(mode=mode))
    # A demo opens before the server has told the time: its day means nothing.
    if reading.shift.is_open and reading.day < today and reading.mode is not Mode.DEMO:
        found.append(_("It was opened on an earlier business day: ‹till.z› closes it."))
    if elsewhere and not reading.is_z:
        found.append(f"{elsewhere}.")
    return "\n".join(found)


def columns(
    reading: Reading, *, opened_up: bool, alone: bool = False, blind: bool = False
) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """The left column, and the others. Until an X or a Z, nothing that tells what cash to expect.

    `alone`: nobody is signed in, and no sale is named. `blind`: no X tells it to who stands here.
    """
    found = {section.name: section for section in report.sections(reading)}
    if not (opened_up or reading.is_z):
        found["drawer"] = _blind_drawer(reading.shift, reading.currency, told_by_x=not blind)
        del found["takings"]
    left = tuple(found[name] for name in LEFT if name in found)
    return left, () if alone else tuple(found[name] for name in (*middle(reading.mode), *COUNTS) if name in found)


def total(reading: Reading) -> tuple[str, Money]:
    """What was taken in all, as it stands large on the page; in training and demo what would have been."""
    if reading.mode is Mode.LIVE:
        return _("Taken in all"), reading.live.taken(reading.currency)
    said = _("{mode}: would be taken").format(mode=report.mode_name(reading.mode))
    return said, reading.practice.taken(reading.currency)


def left_over(reading: Reading) -> list[str]:
    """What a close leaves behind, a sentence a kind."""
    kinds = (
        (reading.unresolved, _("Paid, not confirmed, and listed on the close: {sales}.")),
        (reading.waiting, _("Not ended, and listed on the close: {sales}.")),
        (reading.elsewhere, _("Waits elsewhere, and listed on the close: {sales}.")),
    )
    said = []
    for sales, sentence in kinds:
        names = ", ".join(f"{one.reference} {words.money(one.amount)}".rstrip() for one in sales)
        said += [sentence.format(sales=names)] if names else []
    return said


def _blind_drawer(shift: Shift, currency: str, *, told_by_x: bool) -> Section:
    if shift.opening is None:
        return Section("drawer", _("Cash in the drawer"), (ReportLine(_("nothing was counted in yet")),))
    entries = [
        ReportLine(_("float"), "", shift.opening.amount),
        ReportLine(_("cash in"), "", shift.put_in(currency)),
        ReportLine(_("cash out"), "", -shift.taken_out(currency)),
        *([ReportLine(_("‹till.x› shows takings and expected cash"))] if told_by_x else []),
    ]
    return Section("drawer", _("Cash in the drawer"), tuple(entries))


def past_row(shift: Shift, reading_day: date, zone_time: str) -> Row:
    """A closed shift as a line of the list."""
    closing = shift.closing
    assert closing is not None
    wrong = bool(closing.difference)
    cells = (
        f"Z {shift.number}",
        words.day(reading_day),
        zone_time,
        closing.by.agent,
        words.money(closing.counted),
        words.money(closing.difference) if wrong else _("exact"),
    )
    return Row(str(shift.number), cells, tone="warn" if wrong else "")
