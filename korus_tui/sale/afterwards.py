"""The rules of what comes after the order: found late, closed by hand, cancelled, named (docs/rules.md, Afterwards)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from korus_tui.sale import events as e
from korus_tui.sale.rule import need
from korus_tui.sale.state import CANCELLED, Cancellation, Ending, Sale
from korus_tui.sale.values import Doubt, Method, PlacedOrder, Refusal


def _closed_by_hand(sale: Sale, event: e.SaleClosedByHand) -> Sale:
    need(sale.paid_not_confirmed, "only a paid sale without confirmation is closed by hand")
    attempt = sale.attempt
    need(attempt is None or (attempt.doubt is Doubt.ORDER and attempt.unknown), "an answer is awaited")
    need(bool(event.reason.strip()), "a reason is needed")
    return replace(sale, ending=Ending.CLOSED_BY_HAND, closed_because=event.reason, customer=None, notes="")


def _cancellation_asked(sale: Sale, event: e.CancellationAsked) -> Sale:
    need(any(order.order == event.order for order in sale.all_orders), "the order is not of this sale")
    need(bool(event.reason.strip()), "a reason is needed")
    need((event.given_back is None) == (event.method is None), "money given back has a method")
    back, taken, before = event.given_back, sale.taken, sale.money_given_back
    if back is not None:
        need(back.amount > 0, "an amount given back is above zero")
        need(taken is not None and back.currency == taken.currency, "one sale has one currency")
        assert taken is not None
        assert before is not None
        need(before + back <= taken, "more than was paid")
    rounding = event.rounding
    if rounding is not None:
        need(back is not None and event.method is Method.CASH, "only cash is rounded")
        assert back is not None
        need((back + rounding).amount >= 0, "no less than nothing goes back")
    one = Cancellation(event.order, event.reason, back, event.method, event.tickets_back, rounding)
    return replace(sale, cancellations=(*sale.cancellations, one))


def _cancellation_seen(sale: Sale, event: e.CancellationSeen) -> Sale:
    known = next((one for one in sale.all_orders if one.order == event.order and not one.cancelled), None)
    need(known is not None, "no such order, or known already")
    assert known is not None
    asked = any(one.order == event.order for one in sale.cancellations)
    shown = replace(sale, orders=_cancelled(sale.orders, event.order), late=_cancelled(sale.late, event.order))
    if not sale.open or asked or known not in sale.orders:
        return shown
    gone = replace(known, cancelled=True)
    rest = tuple(one for one in shown.orders if one.order != event.order)
    return lost(replace(shown, orders=rest, late=(*shown.late, gone)), gone)


def _cancelled(orders: Iterable[PlacedOrder], order: str) -> tuple[PlacedOrder, ...]:
    return tuple(replace(one, cancelled=True) if one.order == order else one for one in orders)


def lost(sale: Sale, order: PlacedOrder) -> Sale:
    """The lines of an order that Korus cancelled, though nobody here asked for it: they are to be held again, replaced
    or paid back. The reservation is spent."""
    why = Refusal(CANCELLED, order.reference)
    lines = tuple(
        replace(state, order=None, lapsed=True, refusal=why)
        if state.order in (None, order.order) and state.hold in order.reservations
        else state
        for state in sale.lines
    )
    return replace(sale, lines=lines)


def _order_found(sale: Sale, event: e.OrderFound) -> Sale:
    """The order takes its lines where nothing is due for them; else it waits for the money, or stands for nothing.

    One that waited, or of which nobody knew the hold, is found again.
    """
    order = event.order
    waits = any((one.order, one.reservation) == (order.order, order.reservation) for one in sale.unpaid_orders)
    again = waits or any(one.order == order.order for one in sale.loose)
    need(again or all(one.order != order.order for one in sale.all_orders), "the order is known already")
    need(_awaited(sale).isdisjoint(order.reservations), "an answer is awaited")
    late = tuple(one for one in sale.late if one.order != order.order)
    sale = replace(sale, late=late, doubted=sale.doubted - order.reservations)
    takes = {state.line.id for state in sale.lines if state.hold in order.reservations and not state.order}
    if not takes or order.cancelled or sale.ending is Ending.VOIDED:
        kept = replace(sale, late=(*late, order))
        return lost(kept, order) if takes and order.cancelled and sale.open else kept
    due = sale.due
    paid = due is not None and due.amount <= 0
    lines = tuple(
        replace(state, order=order.order if paid else None, refusal=None, lapsed=False)
        if state.line.id in takes
        else state
        for state in sale.lines
    )
    return (
        replace(sale, lines=lines, orders=(*sale.orders, order))
        if paid
        else replace(sale, lines=lines, late=(*late, order))
    )


def had_after_all(sale: Sale) -> tuple[PlacedOrder, ...]:
    """Orders that live at the API, of lines that have none and are paid: what was collected pays for them."""
    due = sale.due
    paid = sale.attempt is None and sale.paid_not_confirmed and due is not None and due.amount <= 0
    return sale.unpaid_orders if paid else ()


def _awaited(sale: Sale) -> frozenset[str]:
    """The reservations that an open call is about: it may order them, or hold their lines anew."""
    attempt = sale.attempt if sale.open else None
    if attempt is None:
        return frozenset()
    held = (state.hold for state in sale.lines if attempt.doubt is Doubt.HOLD and state.line.id in attempt.lines)
    return frozenset(one for one in (*attempt.reservations, *held) if one)


def _ticket_named(sale: Sale, event: e.TicketNamed) -> Sale:
    orders = tuple(
        replace(one, waiting_tickets=tuple(ticket for ticket in one.waiting_tickets if ticket != event.ticket))
        for one in sale.orders
    )
    return replace(sale, orders=orders)


def _tickets_seen(sale: Sale, event: e.TicketsSeen) -> Sale:
    need(any(one.order == event.order for one in sale.all_orders), "the order is not of this sale")

    def seen(orders: Iterable[PlacedOrder]) -> tuple[PlacedOrder, ...]:
        return tuple(replace(one, tickets=event.tickets) if one.order == event.order else one for one in orders)

    return replace(sale, orders=seen(sale.orders), late=seen(sale.late))


RULES: dict[type, Callable[[Sale, Any], Sale]] = {
    e.OrderFound: _order_found,
    e.SaleClosedByHand: _closed_by_hand,
    e.CancellationAsked: _cancellation_asked,
    e.CancellationSeen: _cancellation_seen,
    e.TicketNamed: _ticket_named,
    e.TicketsSeen: _tickets_seen,
}
