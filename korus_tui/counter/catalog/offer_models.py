"""What screens show of the catalog and its offers: plain values, cheap to make and to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from korus_tui.counter.catalog.models import Base, Catalog, CatalogContent, Product
from korus_tui.counter.core.problems import Unread
from korus_tui.sale.money import Money
from korus_tui.sale.values import IssuedTicket

__all__ = [
    "Base",
    "Catalog",
    "CatalogContent",
    "FormField",
    "Live",
    "Offer",
    "OrderDocuments",
    "Product",
    "Session",
    "Ticket",
    "TicketDocument",
]


@dataclass(frozen=True)
class Offer:
    """A product at a date (None: valid any day the product allows). `left` None: no known limit, unless places are to
    be checked: then it is not known."""

    iri: str
    id: str
    product: str
    day: date | None
    price: Money | None
    original: Money | None
    left: int | None
    live_price: bool
    check_places: bool


@dataclass(frozen=True)
class Live:
    """What the real-time calls said just now; None for what was not asked."""

    price: Money | None
    left: int | None
    left_by_session: dict[str, int]


@dataclass(frozen=True)
class Session:
    """A showing that a ticket can be for; `starts_at` bears the venue's offset.

    `left` None is no known limit where it `says_places`, else it is not known.
    """

    iri: str
    id: str
    starts_at: datetime | None
    minutes: int | None
    left: int | None
    event: str
    says_places: bool = True


@dataclass(frozen=True)
class FormField:
    """A field that a product asks for before the hold."""

    iri: str
    label: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ticket:
    """One ticket of an offer; `full_day` needs no session, else one of `sessions` is chosen.

    `more` says that there are sessions beyond those that are read, `unread` which of those that came could not be;
    `short`, of the first one, how many tickets of the offer Korus counts beside those that it gave.
    """

    iri: str
    id: str
    name: str
    full_day: bool
    sessions: tuple[Session, ...] = ()
    form: str | None = None
    fields: tuple[FormField, ...] = ()
    more: bool = False
    unread: Unread | None = field(default=None, compare=False)
    short: Unread | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TicketDocument:
    """A document of an order. `ready_at` and `link_until` are server time, None where nobody said.

    `too_early`: a link was asked for and not given yet. `link` is temporary and was checked; `address` is one that was
    refused: text to read, never to follow.
    """

    order: str
    id: str
    iri: str
    ready_at: datetime | None
    link: str | None = None
    link_until: datetime | None = None
    link_problem: str = ""
    address: str = ""
    language: str = ""
    too_early: bool = False


@dataclass(frozen=True)
class OrderDocuments:
    """What is known of one order's documents; `problem` says why no more is, `waiting` counts tickets without holder.

    `deadline` is until when the API takes the holders' names, None where it does not say.
    """

    order: str
    reference: str
    documents: tuple[TicketDocument, ...] = ()
    problem: str = ""
    waiting: int = 0
    deadline: datetime | None = None
    cancelled: bool = False
    tickets: tuple[IssuedTicket, ...] = ()
