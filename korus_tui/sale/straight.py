"""Sales that went the straight way, counted by their records' plain values: no sale is built for them.

Nearly every sale is held once, paid, ordered as it was held, and finished. `Way` follows just that, by the rules that
`apply` has for it, and knows nothing of whatever is otherwise in a sale or not known here: that one is folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from korus_tui.sale.money import Money
from korus_tui.sale.payment import is_card_number
from korus_tui.sale.values import Method, Mode

_NOTHING = Decimal(0)
_METHODS = {one.value: one for one in Method}
Values = dict[str, Any]
"""The fields of an event as JSON has them: amounts are text, instants are text."""


@dataclass(frozen=True, slots=True)
class Straight:
    """What such a sale came to: all of it paid, all of it ordered. `seconds` are from its opening to its last order."""

    mode: Mode
    payments: tuple[tuple[Method, Money], ...]
    orders: int
    tickets: int
    seconds: float


class _Off(Exception):
    """The sale left the straight way."""


def _need(condition: bool) -> None:
    if not condition:
        raise _Off


class Way:
    """One sale as far as it came, told event by event."""

    def __init__(self) -> None:
        self.straight = True
        self.mode: Mode | None = None
        self.opened = self.ordered_at = self.currency = self.attempt = ""
        self.lines: dict[str, int] = {}
        self.not_held: set[str] = set()
        self.held: dict[str, Decimal] = {}  # reservations that no order is of yet
        self.owed = self.taken = _NOTHING
        self.payments: dict[str, tuple[Method, Money]] = {}
        self.orders: set[str] = set()
        self.awaited: set[str] = set()
        self.customer = self.paying = self.ended = False

    def take(self, kind: str, at: str, values: Values) -> None:
        """The sale's next event: its kind, its time, and its values where the kind is in READ."""
        if self.straight:
            try:
                if self.mode is None or self.ended:
                    _need(kind in _AFTER_THE_END if self.ended else kind == "SaleOpened")
                _STEPS[kind](self, values, at)
            except (_Off, ArithmeticError, AttributeError, KeyError, TypeError, ValueError):  # not what is known here
                self.straight = False

    @property
    def came_to(self) -> Straight | None:
        """What a sale came to by all its events; None where it must be folded to know."""
        if not self.straight or not self.done or self.mode is None:
            return None
        try:
            seconds = (datetime.fromisoformat(self.ordered_at) - datetime.fromisoformat(self.opened)).total_seconds()
        except (TypeError, ValueError):
            return None
        return Straight(self.mode, tuple(self.payments.values()), len(self.orders), sum(self.lines.values()), seconds)

    def amount(self, money: Values) -> Decimal:
        """An amount in the sale's one currency."""
        found, currency = Decimal(money["amount"]), money["currency"]
        if currency != self.currency:
            _need(not self.currency and currency.isupper())
            self.currency = currency
        _need(found.is_finite())
        return found

    def asks(self, attempt: str, parts: list[str]) -> None:
        _need(not self.attempt and bool(attempt) and bool(parts))
        self.attempt, self.awaited = attempt, set(parts)

    def is_answered(self, attempt: str, parts: Iterable[str]) -> None:
        _need(attempt == self.attempt and self.awaited.issuperset(parts))
        self.awaited.difference_update(parts)
        if not self.awaited:
            self.attempt = ""

    def open(self, values: Values, at: str) -> None:
        _need(self.mode is None)
        self.mode, self.opened = Mode(values["mode"]), at

    def line(self, values: Values, _at: str) -> None:
        _need(not values.get("replaces"))
        line = values["line"]
        quantity = line["quantity"]
        _need(not self.paying and line["id"] not in self.lines and type(quantity) is int and quantity >= 1)
        self.amount(line["quoted"])
        self.lines[line["id"]] = quantity
        self.not_held.add(line["id"])

    def hold(self, values: Values, _at: str) -> None:
        _need(not self.paying and self.not_held.issuperset(values["lines"]))
        self.asks(values["attempt"], values["lines"])

    def placed(self, values: Values, _at: str) -> None:
        hold = values["hold"]
        _need(bool(hold["lines"]) and not self.paying and hold["reservation"] not in self.held)
        self.is_answered(values["attempt"], hold["lines"])
        self.not_held.difference_update(hold["lines"])
        self.held[hold["reservation"]] = total = self.amount(hold["total"])
        self.owed += total

    def has_customer(self, _values: Values, _at: str) -> None:
        self.customer = True

    def pays(self, _values: Values, _at: str) -> None:
        _need(bool(self.lines) and not self.not_held and not self.attempt and not self.paying)
        self.paying = True

    def paid(self, values: Values, _at: str) -> None:
        payment = values["payment"]
        method, amount, tendered = _METHODS[payment["method"]], self.amount(payment["amount"]), payment["tendered"]
        _need(self.paying and not self.attempt and payment["id"] not in self.payments and amount > 0)
        _need(tendered is None or (method is Method.CASH and self.amount(tendered) >= amount))
        _need(payment.get("face") is None and payment.get("rounding") is None)
        texts = (payment["brand"], payment["authorisation"], payment["last_four"], payment["voucher"])
        _need(len(payment["last_four"]) <= 4 and not any(map(is_card_number, filter(None, texts))))
        self.taken += amount
        _need(self.taken <= self.owed)
        self.payments[payment["id"]] = method, Money(amount, self.currency)

    def order(self, values: Values, _at: str) -> None:
        _need(self.paying and self.customer and self.taken == self.owed)
        _need(self.held.keys() >= set(values["reservations"]))
        self.asks(values["attempt"], values["reservations"])

    def ordered(self, values: Values, at: str) -> None:
        order = values["order"]
        _need(not order["cancelled"] and not order["covers"] and not order["unlike"])
        _need(self.paying and order["order"] not in self.orders)
        self.is_answered(values["attempt"], (order["reservation"],))
        _need(self.amount(order["total"]) == self.held.pop(order["reservation"]))
        self.orders.add(order["order"])
        self.ordered_at = at

    def seen(self, values: Values, _at: str) -> None:
        _need(values["order"] in self.orders)

    def finish(self, _values: Values, _at: str) -> None:
        _need(self.done and not self.ended)
        self.ended = True

    @property
    def done(self) -> bool:
        """Whether every line is ordered, and nothing is awaited."""
        return bool(self.lines) and bool(self.orders) and not self.held and not self.not_held and not self.attempt

    def still(self, _values: Values, _at: str) -> None:
        """It changes nothing that is counted."""


_STEPS: dict[str, Callable[[Way, Values, str], None]] = {
    "SaleOpened": Way.open,
    "LineAdded": Way.line,
    "HoldRequested": Way.hold,
    "HoldPlaced": Way.placed,
    "PaymentTaken": Way.paid,
    "OrderRequested": Way.order,
    "OrderPlaced": Way.ordered,
    "TicketsSeen": Way.seen,
}
READ = frozenset(_STEPS)
"""The kinds of events whose values are looked at; of the others it counts that they are there."""

_STEPS |= {
    "CustomerEntered": Way.has_customer,
    "PaymentStarted": Way.pays,
    "SaleFinished": Way.finish,
    "NotesEntered": Way.still,
    "LanguageChosen": Way.still,
    "SaleParked": Way.still,
    "SaleRecalled": Way.still,
    "DocumentHandedOver": Way.still,
    "PaperAsked": Way.still,
    "PaperFailed": Way.still,
    "SlipHandedOver": Way.still,
    "TicketNamed": Way.still,
    "ActAuthorised": Way.still,
}
_PAPERS = {"DocumentHandedOver", "PaperAsked", "PaperFailed", "SlipHandedOver"}
_AFTER_THE_END = _PAPERS | {"TicketNamed", "TicketsSeen", "ActAuthorised"}
