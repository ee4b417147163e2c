"""The rules of what comes after the order: found late, closed by hand, cancelled, named (docs/rules.md, Afterwards)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from korus_tui.sale import events as e
from korus_tui.sale.rule import need
from korus_tui.sale.state import Cancellation, Ending, Sale
from korus_tui.sale.values import Doubt, PlacedOrder


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
    one = Cancellation(event.order, event.reason, back, event.method)
    return replace(sale, cancellations=(*sale.cancellations, one))


def _cancellation_seen(sale: Sale, event: e.CancellationSeen) -> Sale:
    known = any(one.order == event.order and not one.cancelled for one in sale.all_orders)
    need(known, "no such order, or known already")
    return replace(sale, orders=_cancelled(sale.orders, event.order), late=_cancelled(sale.late, event.order))


def _cancelled(orders: Iterable[PlacedOrder], order: str) -> tuple[PlacedOrder, ...]:
    return tuple(replace(one, cancelled=True) if one.order == order else one for one in orders)


def _order_found(sale: Sale, event: e.OrderFound) -> Sale:
    """The order takes its lines where nothing is due for them; else it waits for the money, or stands for nothing.

    One that waited is found again once it is paid.
    """
    order = event.order
    waits = order in sale.unpaid_orders
    need(waits or all(one.order != order.order for one in sale.all_orders), "the order is known already")
    need(not sale.open or sale.attempt is None, "an answer is awaited")
    late = tuple(one for one in sale.late if one.order != order.order)
    sale = replace(sale, late=late, doubted=sale.doubted - {order.reservation or ""})
    takes = {state.line.id for state in sale.lines if state.hold == order.reservation and not state.order}
    if not takes or order.cancelled or sale.ending is Ending.VOIDED:
        return replace(sale, late=(*late, order))
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
