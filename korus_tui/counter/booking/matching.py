"""Which line an answer is about: reservations name offers, tickets and sessions, never our lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from korus_tui.counter.booking.seats import held
from korus_tui.sale.money import Money, total
from korus_tui.sale.values import Hold, Line, Refusal

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Reservation, ReservationItem
    from korus_tui.api.models.bulk import FailedReservation

NOT_HELD = "not-held"


@dataclass(frozen=True, slots=True)
class Sorted:
    """An answer to a hold, put in terms of our lines; `strays` are reservations that fit none of them.

    `silent` are lines of which it says neither that they are held nor that they are not; `astray` people have places in
    strays.
    """

    holds: tuple[Hold, ...]
    refused: tuple[tuple[str, Refusal], ...]
    strays: tuple[str, ...]
    silent: tuple[str, ...] = ()
    astray: int = 0


def last_id(iri: str) -> str:
    """The id at the end of an address: the two kinds of session IRI share it (docs/api.md, Basics)."""
    return iri.rstrip("/").rpartition("/")[2]


def _key_of_line(line: Line) -> tuple[str, frozenset[str]]:
    return last_id(line.offer), frozenset(last_id(ticket.session) for ticket in line.tickets if ticket.session)


def _key_of_item(item: ReservationItem) -> tuple[str, frozenset[str]]:
    return item.offer.id, frozenset(ticket.session.id for ticket in item.offer_tickets if ticket.session)


def _people(reservation: Reservation) -> Counter[tuple[str, frozenset[str]]]:
    """How many people the reservation keeps places for, by offer and sessions; items may be one a place."""
    people: Counter[tuple[str, frozenset[str]]] = Counter()
    for item in reservation.items:
        people[_key_of_item(item)] += item.quantity
    return people


def _lines_for(reservation: Reservation, free: Sequence[Line]) -> list[Line]:
    """The free lines that the reservation keeps, all of it; none where its people do not come out even."""
    taken: list[Line] = []
    for key, people in _people(reservation).items():
        lines = _adding_up(people, [line for line in free if _key_of_line(line) == key])
        if not lines:
            return []
        taken += lines
    return taken


def _adding_up(people: int, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The fewest lines that are for exactly so many people, the first ones where several do."""
    some = (few for count in range(1, len(lines) + 1) for few in combinations(lines, count))
    return next((few for few in some if sum(line.quantity for line in few) == people), ())


def hold_of(reservation: Reservation, lines: Sequence[Line]) -> Hold:
    """The hold that a reservation is. The API's currency stands on the offer only; the lines' quotes carry it."""
    currency = lines[0].quoted.currency
    amounts = [item.total_amount_incl_tax for item in reservation.items]
    items_total = None
    if amounts and all(amount is not None for amount in amounts):
        items_total = total((Money(amount, currency) for amount in amounts if amount is not None), currency).whole
    exact = Money(reservation.total_amount_incl_tax, currency)
    return Hold(
        reservation=str(reservation.iri),
        lines=tuple(line.id for line in lines),
        total=exact.whole,
        items_total=items_total,
        created_at=reservation.created_at,
        expires_at=reservation.expires_at,
        arrangement=reservation.seats_arrangement.upper(),
        seats=held(reservation, lines),
        exact=exact if exact != exact.whole else None,
    )


def sort_out(lines: Sequence[Line], reservations: Sequence[Reservation], failed: Sequence[FailedReservation]) -> Sorted:
    """Every line is in exactly one of `holds`, `refused` and `silent`; a failure without an offer is the next line's.

    Where more reservations came for the same offer and sessions than lines were asked for, none of them can be told to
    be ours: all of those are strays.
    """
    free = list(lines)
    fitting: list[tuple[Reservation, list[Line]]] = []
    strays: list[Reservation] = []
    for reservation in reservations:
        mine = _lines_for(reservation, free)
        if mine:
            fitting.append((reservation, mine))
            free = [line for line in free if line not in mine]
        else:
            strays.append(reservation)
    beyond = {key for reservation in strays for key in _people(reservation)}
    doubtful = [one for one in fitting if not beyond.isdisjoint(_people(one[0]))]
    holds = [hold_of(reservation, mine) for reservation, mine in fitting if (reservation, mine) not in doubtful]
    strays += [reservation for reservation, _mine in doubtful]
    unsure = [line.id for _reservation, mine in doubtful for line in mine]
    refused, silent = _refusals(free, failed)
    astray = sum(sum(_people(one).values()) for one in strays)
    named = tuple(str(one.iri) for one in strays)
    return Sorted(tuple(holds), tuple(refused), named, (*unsure, *silent), astray)


def _refusals(free: list[Line], failed: Sequence[FailedReservation]) -> tuple[list[tuple[str, Refusal]], list[str]]:
    """What was refused, and the lines of which nothing is said."""
    named = [one for one in failed if one.offer is not None]
    nameless = [one for one in failed if one.offer is None]
    refused: list[tuple[str, Refusal]] = []
    silent: list[str] = []
    for line in free:
        reason = next((one for one in named if one.offer and one.offer.id == last_id(line.offer)), None)
        if reason is not None:
            named.remove(reason)
        elif nameless:
            reason = nameless.pop(0)
        if reason is None:
            silent.append(line.id)
        else:
            refused.append((line.id, Refusal(reason.code or NOT_HELD, reason.reason)))
    return refused, silent
