"""What screens show of sales that were made: rows of a search, and one sale with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from korus_tui.counter.core.problems import Unread
from korus_tui.sale.differences import ordered_otherwise
from korus_tui.sale.events import Recorded
from korus_tui.sale.money import Money
from korus_tui.sale.state import Ending, Sale
from korus_tui.sale.values import Customer, IssuedTicket

NO_CURRENCY = "XXX"  # ISO 4217: an amount whose currency nobody said; the API's orders bear none


class Standing(StrEnum):
    """Where a sale stands, the most urgent first."""

    UNREADABLE = "unreadable"
    NOT_CONFIRMED = "not confirmed"
    TAKEN_AWAY = "cancelled by Korus"
    TOO_MANY = "one too many"
    DIFFERS = "ordered otherwise"
    CANCELLATION_ASKED = "cancellation asked"
    OPEN = "open"
    CONFIRMED = "confirmed"
    PARTLY_CANCELLED = "partly cancelled"
    CANCELLED = "cancelled"
    CLOSED_BY_HAND = "closed by hand"
    VOIDED = "voided"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class FoundSale:
    """A row of a search. `key` is the sale's reference where this till made it, else the order's address.

    One that belongs to another mode or server stands `elsewhere`, and `what` begins with where.

    `name` is "" where none is known, and what stands for an erased one where it was erased.
    """

    key: str
    mine: bool
    standing: Standing
    reference: str
    orders: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    at: datetime | None = None
    total: Money | None = None
    what: str = ""
    till: str = ""
    agent: str = ""
    vouchers: tuple[str, ...] = ()
    phone: str = ""
    paid_with: tuple[str, ...] = ()
    place: int = 0  # of its opening in the journal: the order of sales, whatever is learned about the clock


@dataclass(frozen=True, slots=True)
class Found:
    """An answer to a search; `looked_through` is how many orders were read where not all were, else None.

    `unread` are members of Korus's list that did not come, or are not understood at all.
    """

    sales: tuple[FoundSale, ...]
    looked_through: int | None = None
    unread: Unread | None = None


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """What an order holds, as the API lists it; `name` "" where the catalog does not name the product."""

    name: str
    quantity: int
    day: date | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class OrderNow:
    """An order as the API shows it now.

    `odd` are the wire names of what of it is not understood, `incident` is the number under which the log has them.
    """

    iri: str
    reference: str
    external_reference: str
    created_at: datetime | None
    status: str
    cancelled: bool
    cancelled_at: datetime | None
    total: Money | None
    total_excl_tax: Money | None
    lines: tuple[OrderedLine, ...]
    customer: Customer | None
    waiting: int = 0
    deadline: datetime | None = None
    tickets: tuple[IssuedTicket, ...] = ()
    odd: tuple[str, ...] = ()
    incident: str = ""


@dataclass(frozen=True, slots=True)
class SaleFile:
    """One sale and all that is known of it.

    `rows` are its events; none for a sale of another till, whose `sale` then holds only what its order says.
    `now` is what the API showed at `asked_at`, None before it answered; `unread` what of its answer is not understood.
    """

    sale: Sale
    rows: tuple[Recorded, ...] = ()
    customer: Customer | None = None
    now: tuple[OrderNow, ...] = ()
    asked_at: datetime | None = None
    unread: tuple[str, ...] = ()

    @property
    def mine(self) -> bool:
        """Whether this till made the sale."""
        return bool(self.rows)

    @property
    def standing(self) -> Standing:
        return standing(self.sale)

    def order(self, iri: str) -> OrderNow | None:
        return next((one for one in self.now if one.iri == iri), None)


def standing(sale: Sale) -> Standing:
    """Where a sale stands; an order counts as cancelled only once the API showed it so."""
    cancelled = [order.cancelled for order in sale.orders]
    waited_for = sale.not_yet_cancelled
    if not sale.open and sale.taken_away:
        return Standing.TAKEN_AWAY
    if any(order.order not in waited_for for order in sale.too_many):
        return Standing.NOT_CONFIRMED if sale.open and sale.paid_not_confirmed else Standing.TOO_MANY
    if waited_for:
        return Standing.CANCELLATION_ASKED
    if sale.ending is Ending.VOIDED:
        return Standing.VOIDED
    if sale.ending is Ending.CLOSED_BY_HAND:
        return Standing.CLOSED_BY_HAND
    if sale.paid_not_confirmed:
        return Standing.NOT_CONFIRMED
    if ordered_otherwise(sale):
        return Standing.DIFFERS
    if cancelled and all(cancelled):
        return Standing.CANCELLED
    if any(cancelled):
        return Standing.PARTLY_CANCELLED
    return Standing.CONFIRMED if sale.all_ordered or (sale.orders and not sale.lines) else Standing.OPEN
