"""The rules of what comes after the order: closing by hand, cancellation, holders (counter-rules.md, "Afterwards")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from korus_tui.sale import events as e
from korus_tui.sale.rule import need
from korus_tui.sale.state import Cancellation, Ending, Sale
from korus_tui.sale.values import Doubt


def _closed_by_hand(sale: Sale, event: e.SaleClosedByHand) -> Sale:
    need(sale.paid_not_confirmed, "only a paid sale without confirmation is closed by hand")
    attempt = sale.attempt
    need(attempt is None or (attempt.doubt is Doubt.ORDER and attempt.unknown), "an answer is awaited")
    need(bool(event.reason.strip()), "a reason is needed")
    return replace(sale, ending=Ending.CLOSED_BY_HAND, closed_because=event.reason, customer=None, notes="")


def _cancellation_asked(sale: Sale, event: e.CancellationAsked) -> Sale:
    need(any(order.order == event.order for order in sale.orders), "the order is not of this sale")
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
    need(any(one.order == event.order and not one.cancelled for one in sale.orders), "no such order, or known already")
    orders = tuple(replace(one, cancelled=True) if one.order == event.order else one for one in sale.orders)
    return replace(sale, orders=orders)


def _ticket_named(sale: Sale, event: e.TicketNamed) -> Sale:
    orders = tuple(
        replace(one, waiting_tickets=tuple(ticket for ticket in one.waiting_tickets if ticket != event.ticket))
        for one in sale.orders
    )
    return replace(sale, orders=orders)


RULES: dict[type, Callable[[Sale, Any], Sale]] = {
    e.SaleClosedByHand: _closed_by_hand,
    e.CancellationAsked: _cancellation_asked,
    e.CancellationSeen: _cancellation_seen,
    e.TicketNamed: _ticket_named,
}
