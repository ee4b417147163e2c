"""A till's readings for people and for programs: sections, text of 80 columns, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from korus_tui.api.text import clean_line
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading
from korus_tui.sale.takings import Figures, Sum
from korus_tui.sale.till import CashMove
from korus_tui.sale.values import Method, Mode

WIDTH = 80  # columns of the printed text
_COUNT, _AMOUNT = 8, 16  # columns of its figures
_FORMULA = tuple("=+-@\t\r＝＋－＠")  # how a spreadsheet's formula may begin, in any width of letters
_COLUMNS = ("till", "business_day", "reading", "number", "section", "item", "count", "amount", "currency")
_SIGNED = ("at", "agent", "text")


@dataclass(frozen=True, slots=True)
class Entry:
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
    entries: tuple[Entry, ...]


def method_name(method: Method) -> str:
    """How a payment is called."""
    return {Method.CASH: _("cash"), Method.CARD: _("card"), Method.VOUCHER: _("voucher")}[method]


def mode_name(mode: Mode) -> str:
    """How sales that do not count are called; empty for live ones."""
    return {Mode.LIVE: "", Mode.TRAINING: _("TRAINING"), Mode.DEMO: _("DEMO")}[mode]


def local(reading: Reading, at: datetime) -> str:
    """An instant in the venue's time, as every language reads it."""
    return f"{at.astimezone(reading.zone):%Y-%m-%d %H:%M}"


def sections(reading: Reading) -> tuple[Section, ...]:
    """Everything a reading says, in the order of its weight; sections without a line are left out."""
    parts = (
        Section("takings", _("Takings"), _takings(reading)),
        Section("drawer", _("Cash in the drawer"), _drawer(reading)),
        Section("counts", _("Sales"), _counts(reading.live)),
        Section("unresolved", _("Paid, not confirmed"), _unresolved(reading)),
        Section("practice", _("Training and demo: never in takings"), _practice(reading)),
    )
    return tuple(part for part in parts if part.entries)


def _takings(reading: Reading) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for currency in dict.fromkeys((reading.currency, *reading.live.currencies)):
        found = {one.method: one for one in reading.live.takings if one.amount.currency == currency}
        for method in Method:
            one = found.get(method, Sum(method, 0, Money.of(0, currency)))
            entries.append(Entry(method_name(method), str(one.count), one.amount))
        count = str(sum(one.count for one in found.values()))
        entries.append(Entry(_("total"), count, reading.live.taken(currency), strong=True))
        for back in reading.live.refunds:
            if back.amount.currency == currency:
                label = _("given back, {method}").format(method=method_name(back.method))
                entries.append(Entry(label, str(back.count), -back.amount))
    return tuple(entries)


def _drawer(reading: Reading) -> tuple[Entry, ...]:
    shift, currency = reading.shift, reading.currency
    if shift.opening is None or reading.expected is None:
        return (Entry(_("the till was not opened")),)
    back = reading.live.refunded(currency, Method.CASH)
    entries = [
        Entry(_("float"), "", shift.opening.amount),
        Entry(_("cash takings"), "", reading.live.taken(currency, Method.CASH)),
        *((Entry(_("cash given back"), "", -back),) if back else ()),
        *(Entry(move_words(reading, one), "", one.amount) for one in shift.moves),
        Entry(_("expected"), "", reading.expected, strong=True),
    ]
    if shift.closing is not None:
        entries.append(Entry(_("counted"), "", shift.closing.counted, strong=True))
        entries.append(difference(shift.closing.difference))
    return tuple(entries)


def difference(amount: Money) -> Entry:
    """Over, short, or neither, in words and figure."""
    word = _("short") if amount.amount < 0 else _("over") if amount else _("exact: neither over nor short")
    return Entry(word, "", amount, strong=True, wrong=bool(amount))


def move_words(reading: Reading, move: CashMove) -> str:
    """When cash came in or went out, and why."""
    word = _("in") if move.amount.amount > 0 else _("out")
    return f"{word} {move.by.at.astimezone(reading.zone):%H:%M} {clean_line(move.reason, 60)}"


def _counts(figures: Figures) -> tuple[Entry, ...]:
    seconds = figures.seconds_per_sale
    return (
        Entry(_("sales"), str(figures.sales)),
        Entry(_("tickets"), str(figures.tickets)),
        Entry(_("orders"), str(figures.orders)),
        Entry(_("cancellations asked for"), str(figures.cancellations)),
        Entry(_("ended without an order"), str(figures.voided)),
        *((Entry(_("paid, closed by hand"), str(figures.by_hand), wrong=True),) if figures.by_hand else ()),
        Entry(_("holds wasted"), str(figures.wasted)),
        Entry(_("median seconds a sale"), "–" if seconds is None else f"{seconds:.0f}"),
    )


def _unresolved(reading: Reading) -> tuple[Entry, ...]:
    return tuple(Entry(one.reference, "", one.amount, wrong=True) for one in reading.unresolved)


def _practice(reading: Reading) -> tuple[Entry, ...]:
    figures = reading.practice
    if figures == Figures() and reading.mode is Mode.LIVE:
        return ()
    money = (
        Entry(_("would be {method}").format(method=method_name(one.method)), str(one.count), one.amount)
        for one in figures.takings
    )
    return (Entry(_("sales"), str(figures.sales)), Entry(_("tickets"), str(figures.tickets)), *money)


# Text


def as_text(readings: Iterable[Reading]) -> str:
    """The readings one under the other, in plain text of 80 columns that any printer takes."""
    return "\n".join("\n".join(_page(reading)) + "\n" for reading in readings)


def _page(reading: Reading) -> list[str]:
    mode = mode_name(reading.mode)
    head = _("till {name}").format(name=clean_line(reading.till, 40))
    lines = [_beside(" · ".join(part for part in (head, mode) if part), title(reading)), "=" * WIDTH]
    lines += [_fact(label, words) for label, words in facts(reading)]
    for section in sections(reading):
        lines += ["", section.title, "-" * WIDTH]
        lines += [_line(entry) for entry in section.entries]
    return lines


def title(reading: Reading) -> str:
    """`Z 12`, or `X` for a reading of the running shift."""
    return f"Z {reading.shift.number}" if reading.is_z else "X"


def facts(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Business day, opening, closing or the moment of reading: labels and words."""
    opening, closing = reading.shift.opening, reading.shift.closing
    found = [(_("Business day"), f"{reading.day:%Y-%m-%d}")]
    if opening is not None:
        found.append((_("Opened"), _signed(local(reading, opening.by.at), opening.by.agent)))
    if closing is not None:
        found.append((_("Closed"), _signed(local(reading, closing.by.at), closing.by.agent)))
    else:
        found.append((_("Read"), local(reading, reading.at)))
    return tuple(found)


def _signed(when: str, agent: str) -> str:
    return f"{when}  {clean_line(agent, 40)}".rstrip()


def _fact(label: str, words: str) -> str:
    return f"{label:<16}{words}"[:WIDTH]


def _beside(left: str, right: str) -> str:
    return f"{left[: WIDTH - len(right) - 1]:<{WIDTH - len(right)}}{right}"


def _line(entry: Entry) -> str:
    room = WIDTH - 2 - _COUNT - _AMOUNT - 4
    amount = f"{entry.amount.text:>{_AMOUNT}} {entry.amount.currency}" if entry.amount is not None else ""
    return f"  {entry.label[: room - 1]:<{room}}{entry.count:>{_COUNT}}{amount}".rstrip()


# For programs


def as_json(readings: Iterable[Reading]) -> str:
    """An array of readings; amounts are strings with their currency, instants have the venue's offset."""
    return json.dumps([_json(reading) for reading in readings], ensure_ascii=False, indent=2) + "\n"


def _money(amount: Money | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": amount.text, "currency": amount.currency}


def _json(reading: Reading) -> dict[str, Any]:
    opening, closing = reading.shift.opening, reading.shift.closing

    def signed(one: Any) -> dict[str, Any]:
        return {"at": one.by.at.astimezone(reading.zone).isoformat(), "agent": one.by.agent}

    return {
        "till": reading.till,
        "mode": str(reading.mode),
        "business_day": reading.day.isoformat(),
        "reading": "Z" if reading.is_z else "X",
        "number": reading.shift.number,
        "read_at": reading.at.astimezone(reading.zone).isoformat(),
        "opening": None if opening is None else {**signed(opening), "float": _money(opening.amount)},
        "cash_moves": [
            {**signed(one), **(_money(one.amount) or {}), "reason": one.reason} for one in reading.shift.moves
        ],
        "expected": _money(reading.expected),
        "closing": None
        if closing is None
        else {**signed(closing), "counted": _money(closing.counted), "difference": _money(closing.difference)},
        "unresolved": [{"reference": one.reference, **(_money(one.amount) or {})} for one in reading.unresolved],
        **_figures(reading.live),
        "practice": _figures(reading.practice),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    def sums(found: Sequence[Sum]) -> list[dict[str, Any]]:
        return [{"method": str(one.method), "count": one.count, **(_money(one.amount) or {})} for one in found]

    return {
        "takings": sums(figures.takings),
        "refunds": sums(figures.refunds),
        "counts": dict(_named_counts(figures)),
        "seconds_per_sale": figures.seconds_per_sale,
    }


def _named_counts(figures: Figures) -> tuple[tuple[str, int], ...]:
    names = ("sales", "tickets", "orders", "cancellations", "voided", "by_hand", "wasted")
    return tuple((name, getattr(figures, name)) for name in names)


def as_csv(readings: Iterable[Reading]) -> str:
    """One fact a row, with a head; texts that a spreadsheet would run as a formula are made inert (F74)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*_COLUMNS, *_SIGNED))
    for reading in readings:
        start = (inert(reading.till), reading.day.isoformat(), "Z" if reading.is_z else "X", reading.shift.number)
        writer.writerows((*start, *row) for row in _rows(reading))
    return out.getvalue()


def inert(text: str) -> str:
    """A text as a cell that is only ever text: one that could begin a formula gets an apostrophe before it."""
    line = clean_line(text)
    return f"'{line}" if line.lstrip().startswith(_FORMULA) else line


Cells = tuple[str | int, ...]


def _rows(reading: Reading) -> Iterable[Cells]:
    opening, closing = reading.shift.opening, reading.shift.closing

    def row(section: str, item: str, count: int | str = "", amount: Money | None = None, by: Any = None) -> Cells:
        money = ("", "") if amount is None else (amount.text, amount.currency)
        signed = ("", "") if by is None else (by.at.astimezone(reading.zone).isoformat(), inert(by.agent))
        return (section, item, count, *money, *signed)

    if opening is not None:
        yield (*row("drawer", "float", amount=opening.amount, by=opening.by), "")
    for move in reading.shift.moves:
        item = "cash_in" if move.amount.amount > 0 else "cash_out"
        yield (*row("drawer", item, amount=move.amount, by=move.by), inert(move.reason))
    yield (*row("drawer", "expected", amount=reading.expected), "")
    if closing is not None:
        yield (*row("drawer", "counted", amount=closing.counted, by=closing.by), "")
        yield (*row("drawer", "difference", amount=closing.difference), "")
    for kind, figures in (("", reading.live), ("practice_", reading.practice)):
        for section, sums in (("takings", figures.takings), ("refunds", figures.refunds)):
            for one in sums:
                yield (*row(kind + section, str(one.method), one.count, one.amount), "")
        for name, count in _named_counts(figures):
            yield (*row(f"{kind}counts", name, count), "")
        if figures.seconds_per_sale is not None:
            yield (*row(f"{kind}counts", "seconds_per_sale", f"{figures.seconds_per_sale:.0f}"), "")
    for waiting in reading.unresolved:
        yield (*row("unresolved", inert(waiting.reference), amount=waiting.amount), "")
