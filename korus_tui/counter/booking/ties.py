"""Which order is of which reservation: only by what says so for certain (docs/rules.md, Unknown outcomes).

A reservation that names the order, or an order that names the reservation; our reference ties an order to the sale, and
not to a line of it. Never offers, amounts, places in a list, or being the only one left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from korus_tui.counter.booking.convert import placed_bare, placed_of
from korus_tui.counter.booking.lookup import Seen
from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.core.problems import not_read, not_understood
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.money import total
from korus_tui.sale.state import Sale
from korus_tui.sale.values import PlacedOrder

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order


@dataclass(frozen=True, slots=True)
class Ties:
    """What is certain of the reservations that were asked for.

    `placed` are their orders; `extra` are orders of the sale that no line has: a second one of a reservation, one of
    another reservation, one of which nothing says which hold it is of. `not_ordered` are reservations that Korus says
    are not ordered; of those in neither, `why` says what is not known. `strangers` came as the answer to our own call,
    and neither name a reservation of ours nor bear our reference.
    """

    placed: tuple[PlacedOrder, ...]
    extra: tuple[PlacedOrder, ...]
    not_ordered: frozenset[str]
    why: str
    strangers: tuple[e.OrderDiffers, ...] = ()

    @property
    def of(self) -> frozenset[str]:
        """The reservations that are ordered."""
        return frozenset().union(*(order.reservations for order in self.placed))

    @property
    def found(self) -> tuple[PlacedOrder, ...]:
        """Every order that was not known."""
        return (*self.placed, *self.extra)


def tie(seen: Seen, sale: Sale, asked: Sequence[str], *, answered: bool = False) -> Ties:
    """The ties of the reservations `asked`; `answered`: the orders are what our own call was answered with."""
    known = {order.order for order in sale.all_orders}
    loose = {order.order for order in sale.loose}
    once = {str(order.iri): order for order in reversed(seen.orders)}  # what stands there twice is one order
    fresh = [order for iri, order in once.items() if iri not in known or iri in loose]
    mine = _claims(seen, fresh, _holds(sale))
    placed: list[PlacedOrder] = []
    extra: list[PlacedOrder] = []
    strangers: list[e.OrderDiffers] = []
    done: set[str] = set()
    for order in sorted(fresh, key=lambda one: _rank(seen, one, mine)):
        holds = [one for one in mine.get(order.id, ()) if one in asked and one not in done]
        if holds:
            placed.append(placed_of(order, sale, *holds))
            done.update(holds)
        elif order.id in mine or (_ours(order, sale, answered=answered) and str(order.iri) not in loose):
            extra.append(placed_of(order, sale, *(mine.get(order.id) or _named(order))))
        elif answered:
            name = " · ".join(one for one in (order.reference, order.external_reference.strip()) if one)
            strangers.append(e.OrderDiffers(str(order.iri), name or order.id))
    for iri, incident in sorted(seen.bare.items()):
        holds = [one for one in _names(seen, iri.id) if one in asked and one not in done]
        if holds and str(iri) not in known - loose:
            placed.append(placed_bare(str(iri), sale, *holds, incident=incident))
            done.update(holds)
    nameless = [one for one in fresh if one.id not in mine and _may_be_ours(one, sale)] if seen.listed else []
    places = {state.hold: place for place, state in reversed(list(enumerate(sale.lines)))}
    placed.sort(key=lambda one: min(places.get(hold, len(places)) for hold in one.reservations))  # as they were sold
    still = loose - {order.order for order in placed} | {one.order for one in extra if one.reservation is None}
    left = [one for one in asked if one not in done]
    free = frozenset(
        one
        for one in left
        if seen.listed
        and not still
        and not seen.unread
        and not nameless
        and one in seen.reservations
        and seen.reservations[one].not_ordered
    )
    why = _why(seen, sale, still, left, extra)
    if nameless and left and not why:
        why = not_understood("Order", "externalReference")
    return Ties(tuple(placed), tuple(extra), free, why, tuple(strangers))


def _holds(sale: Sale) -> tuple[str, ...]:
    """Every reservation that our own answers gave to this sale."""
    return tuple(hold.reservation for hold in (*sale.holds, *sale.let_go))


def _names(seen: Seen, order_id: str) -> list[str]:
    """The reservations that name this order."""
    return [
        one
        for one, now in seen.reservations.items()
        if now.order is not None and now.order.id.casefold() == order_id.casefold()
    ]


def _claims(seen: Seen, orders: Iterable[Order], holds: Sequence[str]) -> dict[str, list[str]]:
    """The sale's reservations of each order, by its id: those that name it, else the one that it names."""
    claims: dict[str, list[str]] = {}
    for order in orders:
        named = _names(seen, order.id)
        if not named and order.reservation is not None:
            named = [one for one in holds if last_id(one).casefold() == order.reservation.id.casefold()]
        if named:
            claims[order.id] = named
    return claims


def _named(order: Order) -> tuple[str, ...]:
    return (str(order.reservation),) if order.reservation is not None else ()


def _rank(seen: Seen, order: Order, claims: dict[str, list[str]]) -> tuple[bool, bool, float, str]:
    """Of two orders of one reservation the living one is its order, then the one that it names, then the older one."""
    made = order.created_at.timestamp() if isinstance(order.created_at, datetime) else float("inf")
    return order.cancelled, not _names(seen, order.id), made, str(order.iri)


def _ours(order: Order, sale: Sale, *, answered: bool) -> bool:
    """By our reference; in the answer to our own call also without one."""
    theirs = order.external_reference.strip().casefold()
    return theirs == sale.reference.casefold() or (answered and not theirs)


def _may_be_ours(order: Order, sale: Sale) -> bool:
    """Whether an order in the list of ours that says nothing of whose it is was made since the sale's first hold."""
    if order.external_reference.strip() or order.reservation is not None:
        return False
    since = [hold.created_at for hold in (*sale.holds, *sale.let_go) if hold.created_at is not None]
    made = order.created_at
    return not since or not isinstance(made, datetime) or made >= min(since)


def to_ask(sale: Sale, asked: Sequence[str]) -> tuple[str, ...]:
    """The reservations to ask for: those, and while an order is loose every other one that has none."""
    return tuple(dict.fromkeys((*asked, *(without_order(sale) if sale.loose else ()))))


def without_order(sale: Sale) -> tuple[str, ...]:
    """The sale's reservations of which no order is known."""
    ordered = frozenset().union(*(order.reservations for order in sale.all_orders))
    return tuple(one for one in _holds(sale) if one not in ordered)


def _why(seen: Seen, sale: Sale, loose: set[str], left: Sequence[str], extra: Sequence[PlacedOrder]) -> str:
    """What is not known of the reservations that are left, in one sentence."""
    if not left:
        return ""
    if loose:
        names = [one.reference or one.order for one in (*sale.loose, *extra) if one.order in loose]
        said = _("Korus has the order {orders} with our reference, and does not say of which hold it is.")
        return said.format(orders=", ".join(names))
    if seen.unread:
        return not_read(seen.unread[0])
    now = [seen.reservations[one] for one in left if one in seen.reservations]
    if any(one.order is not None for one in now):
        return _("Korus says that it is ordered, and does not show the order yet.")
    if odd := next((one for one in now if not one.not_ordered), None):
        return not_understood("Reservation", "status" if odd.says_null else "order")
    return "" if len(now) == len(left) and seen.listed else _("Korus does not show every hold of the call.")


def found_events(sale: Sale, ties: Ties, attempt: str) -> list[e.Event]:
    """What a look, or an answer, is recorded as while the call is open; what differs from the sale is marked."""
    events: list[e.Event] = [e.OrderPlaced(attempt, order) for order in ties.placed]
    awaited = set(sale.attempt.reservations if sale.attempt else ()) - ties.of
    events += [e.OrderFound(order) for order in ties.extra if awaited.isdisjoint(order.reservations)]
    return [*events, *marks(sale, ties.placed), *ties.strangers]


def marks(sale: Sale, orders: Iterable[PlacedOrder]) -> list[e.Event]:
    """Which of these orders are not what was held and paid: they are listed until a person decides."""
    holds = {hold.reservation: hold.total for hold in (*sale.holds, *sale.let_go)}
    found: list[e.Event] = []
    for order in orders:
        held = [holds[one] for one in order.reservations if one in holds]
        same = bool(held) and order.total == total(held, held[0].currency)
        if order.cancelled or order.unlike or not same:
            found.append(e.OrderDiffers(order.order))
    return found
