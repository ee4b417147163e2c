"""The values that a sale is made of. IRIs are plain strings here: the sale only carries them back to the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from korus_tui.sale.money import Money

SHOWN = "shown"  # how a document was handed over whose link or code stood on the screen


class Mode(StrEnum):
    """What a sale counts for; training and demo sales are marked at birth and never enter the takings."""

    LIVE = "live"
    TRAINING = "training"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """One answered field of a product's form; the value in the API's own string notation."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class TicketChoice:
    """One ticket of an offer and the session chosen for it; `session` is None for full-day access."""

    ticket: str
    name: str
    session: str | None = None
    starts_at: datetime | None = None
    form: str | None = None
    answers: tuple[FormAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """People of one product at one date and one choice of sessions, with the price that was quoted for one of them."""

    id: str
    offer: str
    product: str
    name: str
    day: date | None
    quantity: int
    quoted: Money
    tickets: tuple[TicketChoice, ...]
    zone: str | None = None

    @property
    def starts_at(self) -> datetime | None:
        """The first session's start, or None where all tickets give full-day access."""
        return min((ticket.starts_at for ticket in self.tickets if ticket.starts_at), default=None)

    @property
    def quoted_total(self) -> Money:
        """The quoted price for all people of the line, as it is shown: rounded once, and not for each of them."""
        return (self.quoted * self.quantity).whole


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat by the API's names for its parts; `words` are what it says in another form."""

    area: str = ""
    row: str = ""
    number: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """One person's seat: of which line, and for which of its tickets."""

    line: str
    ticket: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket of an order. `voucher` is what a gate reads, empty until the API gives it."""

    ticket: str
    voucher: str = ""
    occurs_at: datetime | None = None
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation as the API answered it: places kept for `lines` until `expires_at` (None: it did not say).

    `arrangement` is the API's word for how the seats lie, `seats` those that it names. `exact` is what the API wrote
    where that is finer than the smallest coin; None where `total` is that.
    """

    reservation: str
    lines: tuple[str, ...]
    total: Money
    items_total: Money | None
    created_at: datetime | None
    expires_at: datetime | None
    arrangement: str = ""
    seats: tuple[HeldSeat, ...] = ()
    exact: Money | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom the order is for; `walk_in` says that the profile's walk-in customer was taken, not a typed one."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    country: str = ""
    language: str = ""
    title: str = ""
    opt_in: bool = False
    walk_in: bool = False


class Method(StrEnum):
    """How money was taken at the counter."""

    CASH = "cash"
    CARD = "card"
    VOUCHER = "voucher"
    HOLIDAY_VOUCHER = "holiday_voucher"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment. `amount` settles the sale; in cash, `tendered` was given and tendered − collected goes back.

    `rounding` is what was collected beyond `amount`, as cash is counted in coins; below zero for less.

    A card is known by its brand, its authorisation number and its last four digits at most (docs/rules.md, Payment).
    `face` is what holiday vouchers say, `count` of them; what it says beyond `amount` does not go back.
    """

    id: str
    method: Method
    amount: Money
    tendered: Money | None = None
    brand: str = ""
    authorisation: str = ""
    last_four: str = ""
    voucher: str = ""
    face: Money | None = None
    count: int = 1
    rounding: Money | None = None

    @property
    def collected(self) -> Money:
        """What stays at the counter of it."""
        return self.amount if self.rounding is None else self.amount + self.rounding

    @property
    def beyond(self) -> Money | None:
        """What holiday vouchers say beyond what they pay; None without a face value in the payment's currency."""
        same = self.face is not None and self.face.currency == self.amount.currency
        return self.face - self.amount if self.face is not None and same else None

    @property
    def face_each(self) -> Money | None:
        """The face value of one of the holiday vouchers."""
        return None if self.face is None else Money(self.face.amount / self.count, self.face.currency)

    @property
    def change(self) -> Money:
        """What goes back over the counter; zero for anything but cash."""
        return (self.collected if self.tendered is None else self.tendered) - self.collected


class About(StrEnum):
    """In what an order is not what was held and paid."""

    PEOPLE = "people"
    DAY = "day"
    SESSION = "session"
    PRODUCT = "product"
    OFFER = "offer"
    REFERENCE = "reference"
    RESERVATION = "reservation"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Unlike:
    """What was wanted, and what the order says instead: counts, ISO days and moments, ids or words."""

    about: About
    wanted: str
    ordered: str


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order as the API answered it; `reservation` ties it to the hold it was made from.

    `reservation` None: it has our reference, and nothing says yet which hold it is of. `covers` are further holds that
    name this same order. `odd` are the wire names of what could not be read of it, `incident` is the number under which
    the log has them: another at each look.
    """

    order: str
    reference: str
    reservation: str | None
    total: Money
    total_excl_tax: Money | None
    cancelled: bool = False
    documents: tuple[str, ...] = ()
    waiting_tickets: tuple[str, ...] = ()
    tickets: tuple[IssuedTicket, ...] = ()
    covers: tuple[str, ...] = ()
    unlike: tuple[Unlike, ...] = ()
    odd: tuple[str, ...] = ()
    incident: str = field(default="", compare=False)

    @property
    def reservations(self) -> frozenset[str]:
        """Every hold that it was made from, as far as is known."""
        return frozenset((self.reservation, *self.covers)) - {None}  # type: ignore[return-value]


class Doubt(StrEnum):
    """Which effect of ours is not known to have happened."""

    HOLD = "hold"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the API did not do it: our word for it (`code`) beside the API's own sentence."""

    code: str
    words: str = ""
