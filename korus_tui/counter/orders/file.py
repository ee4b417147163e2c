"""Orders and journals in the terms of a search: pure, once read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from korus_tui.counter.booking.convert import WAITING
from korus_tui.counter.booking.seats import issued
from korus_tui.counter.core.problems import not_understood
from korus_tui.counter.orders.models import NO_CURRENCY, FoundSale, OrderedLine, OrderNow, Standing, standing
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.recall import Unreadable
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer, IssuedTicket, Mode, PlacedOrder

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order

Names = Callable[[str], str]  # a product's id → its name in the catalog, "" where it has none


def customer_of(rows: Sequence[e.Recorded]) -> Customer | None:
    """Whom the sale was for, as the journal still knows it; the sale itself forgets at its end."""
    return next((row.event.customer for row in reversed(rows) if isinstance(row.event, e.CustomerEntered)), None)


def name_of(customer: Customer | None) -> str:
    """First and last name as one text."""
    return f"{customer.first_name} {customer.last_name}".strip() if customer else ""


def found_in_journal(sale: Sale, rows: Sequence[e.Recorded]) -> FoundSale:
    """The row of a sale that this till made."""
    customer = customer_of(rows)
    return FoundSale(
        key=sale.reference,
        mine=True,
        standing=standing(sale),
        reference=sale.reference,
        orders=tuple(order.reference for order in sale.all_orders),
        name=name_of(customer),
        email=customer.email if customer else "",
        at=rows[0].at,
        total=sale.taken if sale.payments else sale.to_collect,
        what=", ".join(f"{state.line.quantity} × {state.line.name}" for state in sale.lines),
        till=rows[0].till,
        agent=rows[0].agent,
        vouchers=_vouchers(one for order in sale.all_orders for one in order.tickets),
        phone=customer.phone if customer else "",
        paid_with=tuple(
            sign for one in sale.payments for sign in (one.voucher, one.authorisation, one.last_four) if sign
        ),
        place=rows[0].seq,
    )


def found_unreadable(one: Unreadable, rows: Sequence[e.Recorded]) -> FoundSale:
    """The row of a sale that this till made and does not understand any more."""
    customer, first = customer_of(rows), rows[0]
    return FoundSale(
        key=one.reference,
        mine=True,
        standing=Standing.UNREADABLE,
        reference=one.reference,
        name=name_of(customer),
        email=customer.email if customer else "",
        at=first.at,
        total=one.taken,
        till=first.till,
        agent=first.agent,
        place=first.seq,
    )


def found_at_korus(order: OrderNow) -> FoundSale:
    """The row of an order that this till did not make."""
    return FoundSale(
        key=order.iri,
        mine=False,
        standing=Standing.CANCELLED if order.cancelled else Standing.CONFIRMED,
        reference=order.external_reference,
        orders=(order.reference,),
        name=name_of(order.customer),
        email=order.customer.email if order.customer else "",
        at=order.created_at,
        total=order.total,
        what=", ".join([*(f"{line.quantity} × {line.name}" for line in order.lines if line.name), *_odd(order)]),
        vouchers=_vouchers(order.tickets),
        phone=order.customer.phone if order.customer else "",
    )


def _vouchers(tickets: Iterable[IssuedTicket]) -> tuple[str, ...]:
    return tuple(one.voucher for one in tickets if one.voucher)


def _odd(order: OrderNow) -> list[str]:
    return [not_understood("Order", order.odd[0], order.incident)] if order.odd else []


def order_now(order: Order, names: Names, currency: str = NO_CURRENCY) -> OrderNow:
    """An order as the API shows it. Its amounts bear no currency: `currency` is the sale's where it is known."""
    waiting = [one for item in order.items for one in item.tickets if one.status.lower() == WAITING]
    ends = [one.beneficiary_designation_deadline for one in waiting]
    return OrderNow(
        iri=str(order.iri),
        reference=order.reference,
        external_reference=order.external_reference,
        created_at=order.created_at,
        status=order.status,
        cancelled=order.cancelled,
        cancelled_at=order.cancelled_at,
        total=_whole(order.total_amount_incl_tax, currency),
        total_excl_tax=_whole(order.total_amount_excl_tax, currency),
        lines=_lines(order, names, currency),
        customer=_customer(order),
        waiting=len(waiting),
        deadline=min((end for end in ends if end is not None), default=None),
        tickets=issued(order),
        odd=order.odd,
        incident=order.incident,
    )


def _whole(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency).whole


def _lines(order: Order, names: Names, currency: str) -> tuple[OrderedLine, ...]:
    """The order's items; those of one product and day are one line, for newer answers have one item a place."""
    lines: dict[tuple[str, object], OrderedLine] = {}
    costs: dict[tuple[str, object], Decimal | None] = {}
    for item in order.items:
        key = (item.product.id if item.product else item.id, item.date)
        before = lines.get(key)
        cost, more = costs.get(key, Decimal(0)), item.total_amount_incl_tax
        costs[key] = None if cost is None or more is None else cost + more
        name, amount = names(item.product.id) if item.product else "", _whole(costs[key], currency)
        lines[key] = OrderedLine(name, item.quantity + (before.quantity if before else 0), item.date, amount)
    return tuple(lines.values())


def _customer(order: Order) -> Customer | None:
    one = order.customer
    if one is None or not (one.firstname or one.lastname or one.email):
        return None
    return Customer(one.firstname, one.lastname, one.email, one.phone, one.country, one.language, one.title)


def sale_of(order: OrderNow, language: str) -> Sale:
    """What an order of another till says of its sale: enough to hand its documents over again."""
    placed = PlacedOrder(
        order=order.iri,
        reference=order.reference,
        reservation=None,
        total=order.total or Money(Decimal(0), NO_CURRENCY),
        total_excl_tax=order.total_excl_tax,
        cancelled=order.cancelled,
        waiting_tickets=("",) * order.waiting,
        tickets=order.tickets,
        odd=order.odd,
        incident=order.incident,
    )
    reference = order.external_reference or order.reference or order.iri
    return Sale(reference, "", Mode.LIVE, language, orders=(placed,))
