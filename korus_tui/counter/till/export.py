"""A till's readings for programs: JSON and CSV, whose names stay as they are in every language."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from korus_tui.api.text import clean_line
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading
from korus_tui.sale.shifts import Signed
from korus_tui.sale.takings import Figures, Sum

_FORMULA = tuple("=+-@\t\r＝＋－＠")  # how a spreadsheet's formula may begin, in any width of letters
_COLUMNS = ("till", "business_day", "reading", "number", "section", "item", "count", "amount", "currency")
_SIGNED = ("at", "agent", "text")


def as_json(readings: Iterable[Reading]) -> str:
    """An array of readings; amounts are strings with their currency, instants have the venue's offset."""
    return json.dumps([_shown(_json(reading)) for reading in readings], ensure_ascii=False, indent=2) + "\n"


def _shown(value: Any) -> Any:
    """The same without what a terminal would obey: names and reasons are what somebody typed, or a variable said."""
    if isinstance(value, str):
        return clean_line(value, 1000)
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return {name: _shown(one) for name, one in value.items()} if isinstance(value, dict) else value


def _money(amount: Money | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": amount.text, "currency": amount.currency}


def _plain(value: Money | str) -> str:
    return f"{value.text} {value.currency}" if isinstance(value, Money) else clean_line(value, 200)


def _json(reading: Reading) -> dict[str, Any]:
    opening, closing = reading.shift.opening, reading.shift.closing

    def moment(by: Signed) -> dict[str, Any]:
        return {"at": by.at.astimezone(reading.zone).isoformat(), "agent": by.agent}

    def signed(one: Any) -> dict[str, Any]:
        return moment(one.by)

    def sale(one: Any) -> dict[str, Any]:
        return {"reference": one.reference, **(_money(one.amount) or {})}

    return {
        "till": reading.till,
        "mode": str(reading.mode),
        "business_day": reading.day.isoformat(),
        "reading": "Z" if reading.is_z else "X",
        "number": reading.shift.number,
        "record": reading.record,
        "broken": reading.broken,
        "outside": list(reading.outside),
        "read_at": reading.at.astimezone(reading.zone).isoformat(),
        "opening": None if opening is None else {**signed(opening), "float": _money(opening.amount)},
        "cash_moves": [
            {**signed(one), **(_money(one.amount) or {}), "reason": one.reason} for one in reading.shift.moves
        ],
        "expected": _money(reading.expected),
        "closing": None
        if closing is None
        else {**signed(closing), "counted": _money(closing.counted), "difference": _money(closing.difference)},
        "counts_for_a_supervisor": [{**signed(one), **(_money(one.amount) or {})} for one in reading.shift.counts],
        "words": [{**signed(one), "supervisor": one.supervisor, "act": one.act} for one in reading.shift.words],
        "x_read_by": [moment(one) for one in reading.shift.readers],
        "unresolved": [sale(one) for one in reading.unresolved],
        "too_many": [
            {
                **sale(one),
                "order": one.order,
                "paid": _money(one.both[0] if one.both else None),
                "ordered": _money(one.both[1] if one.both else None),
            }
            for one in reading.live.too_many
        ],
        "waiting": [{**sale(one), "parked": one.parked} for one in reading.waiting],
        "elsewhere": [{**sale(one), "mode": str(one.mode), "server": one.server} for one in reading.elsewhere],
        "taken_away": [sale(one) for one in reading.live.taken_away],
        "differing": [
            {
                "reference": one.reference,
                "what": str(one.difference.between),
                "held": _plain(one.difference.first),
                "ordered": _plain(one.difference.second),
            }
            for one in reading.live.differing
        ],
        "unreadable": list(reading.live.unreadable),
        **_figures(reading.live),
        "practice": _figures(reading.practice),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    def sums(found: Sequence[Sum]) -> list[dict[str, Any]]:
        return [{"method": str(one.method), "count": one.count, **(_money(one.amount) or {})} for one in found]

    return {
        "takings": sums(figures.takings),
        "refunds": sums(figures.refunds),
        "absorbed": [_money(one) for one in figures.absorbed],
        "beyond": [_money(one) for one in figures.beyond],
        "rounding": [_money(one) for one in figures.rounding],
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

    if reading.record:
        yield (*row("records", "newest"), reading.record)
    if reading.broken:
        yield (*row("records", "broken"), inert(reading.broken))
    for words in reading.outside:
        yield (*row("records", "outside"), inert(words))
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
        for borne in figures.absorbed:
            yield (*row(f"{kind}absorbed", "total", amount=borne), "")
        for beyond in figures.beyond:
            yield (*row(f"{kind}beyond", "total", amount=beyond), "")
        for rounding in figures.rounding:
            yield (*row(f"{kind}rounding", "total", amount=rounding), "")
        for name, count in _named_counts(figures):
            yield (*row(f"{kind}counts", name, count), "")
        if figures.seconds_per_sale is not None:
            yield (*row(f"{kind}counts", "seconds_per_sale", f"{figures.seconds_per_sale:.0f}"), "")
    for waiting in reading.unresolved:
        yield (*row("unresolved", inert(waiting.reference), amount=waiting.amount), "")
    for still in reading.waiting:
        yield (*row("waiting", inert(still.reference), amount=still.amount), "parked" if still.parked else "")
    for other in reading.elsewhere:
        home = inert(f"{other.mode} {other.server}".rstrip())
        yield (*row("elsewhere", inert(other.reference), amount=other.amount), home)
    for name, found in (("too_many", reading.live.too_many), ("taken_away", reading.live.taken_away)):
        for surplus in found:
            yield (*row(name, inert(surplus.reference), amount=surplus.amount), "")
    for unlike in reading.live.differing:
        difference = unlike.difference
        both = f"{difference.between}: {_plain(difference.first)} / {_plain(difference.second)}"
        yield (*row("differing", inert(unlike.reference)), inert(both))
    for reference in reading.live.unreadable:
        yield (*row("unreadable", inert(reference)), "")
