"""Seats in words: on the screen for the agent, on the slip in the customer's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from korus_tui.i18n import _, ngettext
from korus_tui.sale.seats import Party, Together
from korus_tui.sale.values import IssuedTicket, Seat

_TOGETHER = "\N{NO-BREAK SPACE}"  # a line that ends with "seat" says nothing
_TOLD = 4  # signs of a code that is not shown


def places(seats: Iterable[Seat]) -> str:
    """`row 12: seats 4, 5 · row 14: seats 1, 2`, in the order of the seats; empty where none is named."""
    rows: dict[tuple[str, str], list[str]] = {}
    others: list[str] = []
    for one in seats:
        if one.area or one.row or one.number:
            rows.setdefault((one.area, one.row), []).append(one.number)
        else:
            others.append(one.words)
    found = []
    for (area, row), numbers in rows.items():
        where = ", ".join(part for part in (area, _("row {row}").format(row=row) if row else "") if part)
        known = [number for number in numbers if number]
        said = ngettext("seat {numbers}", "seats {numbers}", len(known)).format(numbers=", ".join(known))
        if len(known) == 1:
            said = said.replace(" ", _TOGETHER)
        both = _("{where}: {seats}").format(where=where, seats=said) if where and known else where or said
        found.append(both)
    return " · ".join((*found, *dict.fromkeys(one for one in others if one)))


def ticket(one: IssuedTicket, *, whole: bool = True) -> str:
    """What a gate reads and where its bearer sits: `8555400800002783 · row 12: seat 4`.

    Not `whole`: enough to tell tickets apart, and nothing that lets anybody in (docs/rules.md, Who may).
    """
    code = one.voucher if whole or not one.voucher else f"…{one.voucher[-min(_TOLD, len(one.voucher) // 2) :]}"
    return " · ".join(part for part in (code, places([one.seat]) if one.seat else "") if part)


def party(one: Party) -> str:
    """Whether people of one showing sit together, and where."""
    where = places(one.seats)
    if one.together is Together.NO:
        rows = list(dict.fromkeys(seat.row for seat in one.seats if seat.row))
        if len(rows) > 1:
            where = _("rows {rows}").format(rows=_and(rows))
        said = _("Your {count} seats are not together")
    elif one.together is Together.YES:
        said = _("Your {count} seats are together")
    else:
        said = _("Korus does not say whether your {count} seats are together")
    said = said.format(count=one.people)
    return (_("{where}: {seats}").format(where=said, seats=where) if where else said) + "."


def _and(names: Sequence[str]) -> str:
    """`12, 13 and 14`."""
    return _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])
