"""Who sits where: the seats that holds name, and whether people of one showing sit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from korus_tui.sale.state import LineState, LineStatus, Sale
from korus_tui.sale.values import Hold, Seat

ADJACENT, NON_ADJACENT, UNKNOWN = "ADJACENT", "NON_ADJACENT", "UNKNOWN"  # the API's words for a reservation

_Key = tuple[date | None, datetime | None]


class Together(StrEnum):
    """Whether people sit side by side, as far as the API says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Party:
    """People of a sale at one showing, however many reservations keep their places."""

    day: date | None
    starts_at: datetime | None
    people: int
    together: Together
    seats: tuple[Seat, ...]


def seats_of(sale: Sale, state: LineState) -> tuple[Seat, ...]:
    """The seats of a line's people, as held."""
    hold = sale.hold_of(state)
    return tuple(one.seat for one in hold.seats if one.line == state.line.id) if hold else ()


def parties(sale: Sale) -> tuple[Party, ...]:
    """Two people or more of one showing of which the API says anything about seats; adults and children are one."""
    people: dict[_Key, int] = {}
    seats: dict[_Key, list[Seat]] = {}
    holds: dict[_Key, list[Hold]] = {}
    for state in sale.with_status(LineStatus.HELD, LineStatus.ORDERED):
        hold, line = sale.hold_of(state), state.line
        if hold is None:
            continue
        starts = {one.ticket: one.starts_at for one in line.tickets}
        mine = [one for one in hold.seats if one.line == line.id]
        showings = {starts.get(one.ticket, line.starts_at) for one in mine} or {line.starts_at}
        for showing in showings:
            key = (line.day, showing)
            people[key] = people.get(key, 0) + line.quantity
            here = [one.seat for one in mine if starts.get(one.ticket, line.starts_at) == showing]
            seats.setdefault(key, []).extend(here)
            if hold not in holds.setdefault(key, []):
                holds[key].append(hold)
    found = []
    for key, count in people.items():
        together = _together(count, holds[key], seats[key])
        if together is Together.UNKNOWN and not seats[key] and key[1] is None:
            continue  # access for a day has no seats
        if together is not None:
            found.append(Party(*key, count, together, tuple(seats[key])))
    return tuple(found)


def _together(people: int, holds: Sequence[Hold], seats: Sequence[Seat]) -> Together | None:
    """None where there is nothing to say: one person, or places without seats."""
    if people < 2:
        return None
    if any(hold.arrangement == NON_ADJACENT for hold in holds) or len({(one.area, one.row) for one in seats}) > 1:
        return Together.NO
    if len(holds) == 1 and holds[0].arrangement == ADJACENT:
        return Together.YES if seats else None
    if seats:
        numbers = sorted(int(one.number) for one in seats if one.number.isascii() and one.number.isdecimal())
        if len(numbers) < people or not seats[0].row:
            return Together.UNKNOWN
        return Together.YES if _side_by_side(numbers) else Together.NO
    return Together.UNKNOWN if len(holds) == 1 and holds[0].arrangement == UNKNOWN else None


def _side_by_side(numbers: Sequence[int]) -> bool:
    """One after the other, or every second one: many houses number odd and even seats apart."""
    steps = {after - before for before, after in pairwise(numbers)}
    return steps in ({1}, {2})
