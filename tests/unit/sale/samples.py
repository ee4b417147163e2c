"""Lines, holds and sales for tests of the rules, made in few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from korus_tui.sale import events as e
from korus_tui.sale.apply import apply, fold
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer, Hold, Line, Method, Mode, Payment, PlacedOrder, TicketChoice

NOW = datetime(2025, 1, 29, 8, 0, tzinfo=UTC)
OPENED = e.SaleOpened("KTWS-YP6C-ML3C", "catalog", Mode.LIVE, "fr")
CUSTOMER = Customer("Ada", "Lovelace", "ada@example.org")


def euro(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def line(key: str, quantity: int = 1, price: str = "10", session: str | None = None) -> Line:
    tickets = (TicketChoice(f"/t/{key}", "ticket", session),)
    return Line(key, f"/offers/{key}", "product", "a product", date(2025, 6, 7), quantity, euro(price), tickets)


def hold(key: str, lines: Iterable[str], total: str = "10", *, seconds: float | None = 900) -> Hold:
    end = None if seconds is None else NOW + timedelta(seconds=seconds)
    return Hold(f"/reservations/{key}", tuple(lines), euro(total), None, NOW - timedelta(seconds=1), end)


def order(key: str, reservation: str, total: str = "10") -> PlacedOrder:
    return PlacedOrder(f"/orders/{key}", f"KT-ORD-{key}", reservation, euro(total), None)


def cash(key: str, amount: Money, tendered: Money | None = None) -> Payment:
    return Payment(key, Method.CASH, amount, tendered)


def sale_of(*events: e.Event) -> Sale:
    made = fold((OPENED, *events))
    assert made is not None
    return made


def then(sale: Sale, *events: e.Event) -> Sale:
    for event in events:
        sale = apply(sale, event)
    return sale


def held(*keys: str, seconds: float | None = 900) -> Sale:
    """A sale with one line a key at 10.00, each held by a reservation of the same key."""
    sale = sale_of(*(e.LineAdded(line(key)) for key in keys), e.HoldRequested("h", keys))
    return then(sale, *(e.HoldPlaced("h", hold(key, [key], seconds=seconds)) for key in keys))


def paid(*keys: str) -> Sale:
    """The same, with a customer, all paid in cash, and nothing asked for yet."""
    sale = then(held(*keys), e.CustomerEntered(CUSTOMER), e.PaymentStarted())
    assert sale.due is not None
    return then(sale, e.PaymentTaken(cash("p", sale.due)))


def ordering(*keys: str) -> Sale:
    """The same, with its order on the way."""
    return then(paid(*keys), e.OrderRequested("o", tuple(f"/reservations/{key}" for key in keys)))
