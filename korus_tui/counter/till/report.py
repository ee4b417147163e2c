"""A till's readings for people: the sections that screen and paper show, and text of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from korus_tui.api.text import clean_line
from korus_tui.counter.booking.methods import METHODS
from korus_tui.counter.core.elsewhere import home_name
from korus_tui.counter.core.gate import act_words
from korus_tui.i18n import _, figure
from korus_tui.sale.differences import Between
from korus_tui.sale.home import Home
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading
from korus_tui.sale.shifts import Authorised, CashMove
from korus_tui.sale.takings import Differing, Figures, Sum
from korus_tui.sale.values import Method, Mode
from korus_tui.text.venue_time import at_venue, clock

WIDTH = 80  # columns of the printed text
_COUNT, _AMOUNT = 8, 16  # columns of its figures


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a section; `strong` for sums, `wrong` for what needs a person."""

    label: str
    count: str = ""
    amount: Money | None = None
    strong: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines under a title; `name` is what a screen knows it by."""

    name: str
    title: str
    entries: tuple[ReportLine, ...]


def mode_name(mode: Mode) -> str:
    """How sales that do not count are called; empty for live ones."""
    return {Mode.LIVE: "", Mode.TRAINING: _("TRAINING"), Mode.DEMO: _("DEMO")}[mode]


def local(reading: Reading, at: datetime) -> str:
    """An instant in the venue's time, as every language reads it."""
    there = at_venue(at, reading.zone)
    return f"{there:%Y-%m-%d} {clock(there)}"


def sections(reading: Reading) -> tuple[Section, ...]:
    """Everything a reading says, in the order of its weight; sections without a line are left out."""
    parts = (
        Section("takings", _("Takings"), _takings(reading)),
        Section("drawer", _("Cash in the drawer"), _drawer(reading)),
        Section("counts", _("Sales"), _counts(reading.live)),
        Section("unresolved", _("Paid, not confirmed"), _unresolved(reading)),
        Section("too_many", _("Booked after all, for nothing: Korus has to cancel"), _too_many(reading)),
        Section("waiting", _("Not ended: open at this till"), _waiting(reading)),
        Section("elsewhere", _("Waits elsewhere: only that profile goes on with it"), _elsewhere(reading)),
        Section("taken_away", _("Cancelled by Korus, not asked for: paid and not had"), _taken_away(reading)),
        Section("differing", _("Ordered otherwise than paid: to be decided"), _differing(reading)),
        Section("unreadable", _("Records not understood: only their money counts"), _unreadable(reading)),
        Section("practice", _("Training and demo: never in takings"), _practice(reading)),
    )
    return tuple(part for part in parts if part.entries)


def _takings(reading: Reading) -> tuple[ReportLine, ...]:
    entries: list[ReportLine] = []
    for currency in dict.fromkeys((reading.currency, *reading.live.currencies)):
        found = {one.method: one for one in reading.live.takings if one.amount.currency == currency}
        for method in Method:
            if method not in found and not METHODS[method].in_every_report:
                continue
            one = found.get(method, Sum(method, 0, Money.of(0, currency)))
            entries.append(ReportLine(METHODS[method].label, str(one.count), one.amount))
        count = str(sum(one.count for one in found.values()))
        entries.append(ReportLine(_("total"), count, reading.live.taken(currency), strong=True))
        for back in reading.live.refunds:
            if back.amount.currency == currency:
                label = _("given back, {method}").format(method=METHODS[back.method].label)
                entries.append(ReportLine(label, str(back.count), -back.amount))
        beyond = [one for one in reading.live.beyond if one.currency == currency]
        entries += [ReportLine(_("face value beyond, not given back"), "", one) for one in beyond]
        rounding = [one for one in reading.live.rounding if one.currency == currency]
        entries += [ReportLine(_("cash rounding"), "", one) for one in rounding]
        borne = [one for one in reading.live.absorbed if one.currency == currency]
        entries += [ReportLine(_("borne by the house"), "", one) for one in borne]
    return tuple(entries)


def _drawer(reading: Reading) -> tuple[ReportLine, ...]:
    shift, currency = reading.shift, reading.currency
    if shift.opening is None or reading.expected is None:
        return (ReportLine(_("the till was not opened")),)
    back = reading.live.refunded(currency, Method.CASH)
    rounding = reading.live.rounded(currency)
    entries = [
        ReportLine(_("float"), "", shift.opening.amount),
        ReportLine(_("cash takings"), "", reading.live.taken(currency, Method.CASH)),
        *((ReportLine(_("cash given back"), "", -back),) if back else ()),
        *((ReportLine(_("cash rounding"), "", rounding),) if rounding else ()),
        *(ReportLine(move_words(reading, one), "", one.amount) for one in shift.moves),
        ReportLine(_("expected"), "", reading.expected, strong=True),
    ]
    foreign = [one for name in reading.live.currencies if name != currency and (one := reading.live.cash(name))]
    entries += [ReportLine(_("cash in another currency, in no count"), "", one, wrong=True) for one in foreign]
    if shift.closing is not None:
        entries.append(ReportLine(_("counted"), "", shift.closing.counted, strong=True))
        off = difference(shift.closing.difference)
        only = _("{difference}; of {currency} alone").format(difference=off.label, currency=currency)
        entries.append(replace(off, label=only, wrong=True) if foreign else off)
        entries += [_count(reading, one) for one in shift.counts]
        entries += [ReportLine(_("X read by {name}").format(name=clean_line(one.agent, 28))) for one in shift.readers]
    return (*entries, *(_word(reading, one) for one in shift.words))


def _count(reading: Reading, one: CashMove) -> ReportLine:
    """A count that was not near enough."""
    at = clock(at_venue(one.by.at, reading.zone))
    said = _("counted by {name} at {time}, for a supervisor")
    return ReportLine(said.format(name=clean_line(one.by.agent, 28), time=at), "", one.amount)


def _word(reading: Reading, one: Authorised) -> ReportLine:
    """What a supervisor answers for."""
    name, act = clean_line(one.supervisor, 28), clean_line(act_words(one.act), 60)
    said = _("authorised by {name}: {act}").format(name=name, act=act)
    return ReportLine(f"{clock(at_venue(one.by.at, reading.zone))} {said}")


def difference(amount: Money) -> ReportLine:
    """Over, short, or neither, in words and figure."""
    word = _("short") if amount.amount < 0 else _("over") if amount else _("exact: neither over nor short")
    return ReportLine(word, "", amount, strong=True, wrong=bool(amount))


def move_words(reading: Reading, move: CashMove) -> str:
    """When cash came in or went out, why, and by whom."""
    word = _("in") if move.amount.amount > 0 else _("out")
    when = f"{word} {clock(at_venue(move.by.at, reading.zone))} {clean_line(move.reason, 60)}"
    return f"{when} ({clean_line(move.by.agent, 28)})" if move.by.agent else when


def _counts(figures: Figures) -> tuple[ReportLine, ...]:
    seconds = figures.seconds_per_sale
    return (
        ReportLine(_("sales"), str(figures.sales)),
        ReportLine(_("tickets"), str(figures.tickets)),
        ReportLine(_("orders"), str(figures.orders)),
        ReportLine(_("cancellations asked for"), str(figures.cancellations)),
        ReportLine(_("ended without an order"), str(figures.voided)),
        *((ReportLine(_("paid, closed by hand"), str(figures.by_hand), wrong=True),) if figures.by_hand else ()),
        ReportLine(_("holds wasted"), str(figures.wasted)),
        ReportLine(_("median seconds a sale"), "–" if seconds is None else f"{seconds:.0f}"),
    )


def _unresolved(reading: Reading) -> tuple[ReportLine, ...]:
    return tuple(ReportLine(one.reference, "", one.amount, wrong=True) for one in reading.unresolved)


def _too_many(reading: Reading) -> tuple[ReportLine, ...]:
    """Each with what it costs; of its sale both figures."""
    found = []
    for one in reading.live.too_many:
        named = f"{one.reference} {clean_line(one.order, 24)}".rstrip()
        found.append(ReportLine(named, "", one.amount, wrong=True))
        if one.both is not None:
            paid, ordered = (f"{figure(each.text)} {each.currency}" for each in one.both)
            said = _("{about}: paid {first}, ordered {second}")
            found.append(ReportLine(said.format(about=one.reference, first=paid, second=ordered), wrong=True))
    return tuple(found)


def _waiting(reading: Reading) -> tuple[ReportLine, ...]:
    parked = _("{sale}, parked")
    named = ((one, parked.format(sale=one.reference) if one.parked else one.reference) for one in reading.waiting)
    return tuple(ReportLine(words, "", one.amount) for one, words in named)


def _elsewhere(reading: Reading) -> tuple[ReportLine, ...]:
    named = ((one, home_name(Home(one.mode, one.server))) for one in reading.elsewhere)
    return tuple(ReportLine(f"{one.reference}, {home}", "", one.amount) for one, home in named)


def _taken_away(reading: Reading) -> tuple[ReportLine, ...]:
    return tuple(ReportLine(one.reference, "", one.amount, wrong=True) for one in reading.live.taken_away)


def _differing(reading: Reading) -> tuple[ReportLine, ...]:
    """Both figures of each."""
    return tuple(ReportLine(f"{one.reference} {differing_words(one)}", wrong=True) for one in reading.live.differing)


def differing_words(one: Differing) -> str:
    """In what, and both figures as they were read."""
    first, second = one.difference.first, one.difference.second
    figures = [f"{figure(each.text)} {each.currency}" if isinstance(each, Money) else each for each in (first, second)]
    about = {
        Between.HELD_ORDERED: _("amount"),
        Between.PEOPLE_ORDERED: _("people"),
        Between.DAY_ORDERED: _("day"),
        Between.SESSION_ORDERED: _("session"),
        Between.PRODUCT_ORDERED: _("product"),
        Between.OFFER_ORDERED: _("offer"),
        Between.REFERENCE_ORDERED: _("reference"),
        Between.RESERVATION_ORDERED: _("another hold"),
        Between.STATUS_ORDERED: _("state"),
        Between.ANOTHERS_ORDER: _("another's order in the answer"),
    }[one.difference.between]
    said = _("{about}: held {first}, ordered {second}")
    return clean_line(said.format(about=about, first=figures[0], second=figures[1]), 200)


def _unreadable(reading: Reading) -> tuple[ReportLine, ...]:
    return tuple(ReportLine(reference, wrong=True) for reference in reading.live.unreadable)


def _practice(reading: Reading) -> tuple[ReportLine, ...]:
    figures = reading.practice
    if figures == Figures() and reading.mode is Mode.LIVE:
        return ()
    money = (
        ReportLine(_("would be {method}").format(method=METHODS[one.method].label), str(one.count), one.amount)
        for one in figures.takings
    )
    return (ReportLine(_("sales"), str(figures.sales)), ReportLine(_("tickets"), str(figures.tickets)), *money)


# Text


def as_text(readings: Iterable[Reading]) -> str:
    """The readings one under the other, in plain text of 80 columns that any printer takes."""
    return "\n".join("\n".join(_page(reading)) + "\n" for reading in readings)


def _page(reading: Reading) -> list[str]:
    mode = mode_name(reading.mode)
    head = " · ".join(part for part in (clean_line(reading.till, 40), mode) if part)
    lines = [_beside(head, title(reading)), "=" * WIDTH]
    lines += [_fact(label, words) for label, words in facts(reading)]
    said = [broken_words(reading)] if reading.broken else []
    for one in (*said, *reading.outside):
        lines += ["", *textwrap.wrap(clean_line(one, 400), WIDTH)]
    for section in sections(reading):
        lines += ["", section.title, "-" * WIDTH]
        lines += [_line(entry) for entry in section.entries]
    return lines


def title(reading: Reading) -> str:
    """`Z 12`, or `X` for a reading of the running shift."""
    return f"Z {reading.shift.number}" if reading.is_z else "X"


def facts(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Business day, opening, closing or the moment of reading, newest record: labels and words."""
    opening, closing = reading.shift.opening, reading.shift.closing
    found = [(_("Business day"), f"{reading.day:%Y-%m-%d}")]
    if opening is not None:
        found.append((_("Opened"), _signed(local(reading, opening.by.at), opening.by.agent)))
    if closing is not None:
        found.append((_("Closed"), _signed(local(reading, closing.by.at), closing.by.agent)))
    else:
        found.append((_("Read"), local(reading, reading.at)))
    if reading.record:
        found.append((_("Record"), reading.record))
    return tuple(found)


def broken_words(reading: Reading) -> str:
    """That the records are not what was written, where, and what it means for the figures."""
    why = clean_line(reading.broken, 200)
    return _("RECORDS DAMAGED: {why}. No figure here can be trusted.").format(why=why)


def _signed(when: str, agent: str) -> str:
    return f"{when}  {clean_line(agent, 40)}".rstrip()


def _fact(label: str, words: str) -> str:
    return f"{label:<16}{words}"[:WIDTH]


def _beside(left: str, right: str) -> str:
    return f"{left[: WIDTH - len(right) - 1]:<{WIDTH - len(right)}}{right}"


def _line(entry: ReportLine) -> str:
    room = WIDTH - 2 - _AMOUNT - 4 - (_COUNT if entry.count else 0)
    amount = f"{figure(entry.amount.text):>{_AMOUNT}} {entry.amount.currency}" if entry.amount is not None else ""
    count = f"{entry.count:>{_COUNT}}" if entry.count else ""
    return f"  {entry.label[: room - 1]:<{room}}{count}{amount}".rstrip()
