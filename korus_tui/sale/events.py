"""Everything that can happen to a sale, one immutable fact each (docs/architecture.md, Idea 1).

Personal data stands only in the fields that PERSONAL names, so that the journal can erase it without losing the fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from korus_tui.sale.money import Money
from korus_tui.sale.values import Customer, Doubt, Hold, IssuedTicket, Line, Method, Mode, Payment, PlacedOrder, Refusal


@dataclass(frozen=True, slots=True)
class SaleOpened:
    """A customer is at the counter; the reference is minted here and never changes.

    `server` is the origin of the API that it is sold through; "" in records from before it was kept.
    """

    reference: str
    catalog: str
    mode: Mode
    language: str
    server: str = ""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The customer reads another language from now on, also where the form of the customer said one."""

    language: str


@dataclass(frozen=True, slots=True)
class LineAdded:
    """People of one product at one date were chosen.

    `replaces` are held lines that go once this one is held too; where it cannot be held, they stay as they were.
    """

    line: Line
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRemoved:
    """The line is no longer sold; a hold that it had is left to lapse (no release call is documented)."""

    line: str


@dataclass(frozen=True, slots=True)
class LineRestored:
    """A line that was taken out is sold again; under `reservation`, the hold that it had, where that still runs."""

    line: str
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class HoldRequested:
    """Intent: these lines are about to be reserved, before the request is sent."""

    attempt: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """The API reserved the lines of `hold`; an earlier hold of them is left to lapse (make before break)."""

    attempt: str
    hold: Hold


@dataclass(frozen=True, slots=True)
class HoldRefused:
    """The API did not reserve these lines; what they held before, they still hold."""

    attempt: str
    lines: tuple[str, ...]
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class HoldExpired:
    """The hold is over, by its deadline or by the API's word."""

    reservation: str


@dataclass(frozen=True, slots=True)
class CustomerEntered:
    """Whom the order is for was typed, or the walk-in customer accepted."""

    customer: Customer


@dataclass(frozen=True, slots=True)
class NotesEntered:
    """A note for the order, as typed."""

    notes: str


@dataclass(frozen=True, slots=True)
class PaymentStarted:
    """The basket is pinned: from here on its lines do not change until payment is done or given up."""


@dataclass(frozen=True, slots=True)
class PaymentGivenUp:
    """Payment was left without money taken; the basket is free again."""


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """Money was taken, as the agent confirmed it."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class PaymentUndone:
    """A payment was given back before the order was sent."""

    payment: str
    tickets_back: bool | None = None  # as in MoneyGivenBack: of an order that was there before, and is cancelled


@dataclass(frozen=True, slots=True)
class MoneyGivenBack:
    """Money that was paid beyond what the sale now costs went back over the counter (docs/rules.md, Payment)."""

    id: str
    amount: Money
    method: Method
    reason: str
    tickets_back: bool | None = None  # whether what was handed over came back; None where nothing was
    rounding: Money | None = None  # what went back beyond `amount`, in cash; below zero for less


@dataclass(frozen=True, slots=True)
class DifferenceAbsorbed:
    """The places cost more than was paid, and a person decided that the house bears it: it is never collected."""

    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class DifferenceAccepted:
    """The agent saw two amounts that should be equal, and chose to go on (docs/rules.md, Law 1)."""

    difference: str
    words: str


@dataclass(frozen=True, slots=True)
class OrderRequested:
    """Intent: these reservations are about to be ordered; durable before the request is sent."""

    attempt: str
    reservations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The API ordered a reservation."""

    attempt: str
    order: PlacedOrder


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """The API did not order these reservations; not `sure`, as whatever was sent: an order of them is looked for before
    money goes back."""

    attempt: str
    reservations: tuple[str, ...]
    refusal: Refusal
    sure: bool = True


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """An answer did not arrive or could not be understood: the effect may exist, and is looked up, not repeated."""

    attempt: str
    doubt: Doubt
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeSettled:
    """The doubt about an attempt is over without (further) effect: looked up, lapsed, or closed by a person."""

    attempt: str
    how: str


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The API shows an order that no answer of an open call is: its effect came later than all patience, nobody asked
    for it, or it has our reference and nothing says of which hold it is."""

    order: PlacedOrder


@dataclass(frozen=True, slots=True)
class OrderDiffers:
    """An order of the sale is not what was held and paid, or Korus cancelled it: it is listed until a person decides.

    It changes nothing by itself: the journal finds such sales by it. With `theirs` the order is none of the sale's: our
    own call was answered with it, and this is what it is called there.
    """

    order: str
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class DocumentHandedOver:
    """A document went to the customer; `how` is link, qr, saved or printed, `copy` counts from 1.

    How `shown`, copy 0: its link or code stood on the screen, where whoever saw it may have taken it along.
    """

    document: str
    how: str
    copy: int


@dataclass(frozen=True, slots=True)
class PaperAsked:
    """The agent asked for a document (its address) or a slip (its kind), saved or printed; how that ends follows.

    Where nothing follows, the program ended meanwhile: whether there is paper is not known.
    """

    paper: str
    how: str
    copy: int


@dataclass(frozen=True, slots=True)
class PaperFailed:
    """What was asked for did not come, as far as the till knows; `why` are the words that the agent read."""

    paper: str
    how: str
    copy: int
    why: str


@dataclass(frozen=True, slots=True)
class SlipHandedOver:
    """A receipt or another slip of this kind is on paper, or in a file where there is no printer; `copy` from 1."""

    kind: str
    how: str
    copy: int


@dataclass(frozen=True, slots=True)
class SaleParked:
    """The sale waits while another is served; its holds go on running. `note` tells it from others that wait."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class SaleRecalled:
    """A parked sale is at the counter again."""


@dataclass(frozen=True, slots=True)
class SaleVoided:
    """The sale ends without an order."""

    reason: str
    tickets_back: bool | None = None  # as in MoneyGivenBack


@dataclass(frozen=True, slots=True)
class SaleFinished:
    """The customer has everything; next customer."""


@dataclass(frozen=True, slots=True)
class SaleClosedByHand:
    """A person ends a paid sale whose order cannot be had or known; its money stays (docs/rules.md, Afterwards)."""

    reason: str


@dataclass(frozen=True, slots=True)
class CancellationAsked:
    """Korus was asked to cancel an order, which no call can do; `given_back` went back to the customer by `method`.

    Asked for again with more money, the amounts add up. The order counts until the API shows it cancelled.
    """

    order: str
    reason: str
    given_back: Money | None = None
    method: Method | None = None
    tickets_back: bool | None = None  # whether what was handed over came back; None where nothing was
    rounding: Money | None = None  # as in MoneyGivenBack


@dataclass(frozen=True, slots=True)
class CancellationSeen:
    """The API shows the order as cancelled."""

    order: str


@dataclass(frozen=True, slots=True)
class TicketNamed:
    """The API took the holder's data of a ticket; the data itself is not kept here."""

    ticket: str


@dataclass(frozen=True, slots=True)
class TicketsSeen:
    """The API shows an order's tickets with what it had not given before: vouchers, seats."""

    order: str
    tickets: tuple[IssuedTicket, ...]


@dataclass(frozen=True, slots=True)
class ActAuthorised:
    """A supervisor gave their PIN for the next event of the same record; its agent stays who stands at the till."""

    act: str
    supervisor: str


Event = (
    SaleOpened | LanguageChosen | LineAdded | LineRemoved | HoldRequested | HoldPlaced | HoldRefused | HoldExpired
    | CustomerEntered | NotesEntered | PaymentStarted | PaymentGivenUp | PaymentTaken | PaymentUndone
    | MoneyGivenBack | DifferenceAbsorbed | DifferenceAccepted | OrderRequested | OrderPlaced | OrderRefused
    | OutcomeUnknown | OutcomeSettled | OrderFound | OrderDiffers | DocumentHandedOver | SaleParked | SaleRecalled
    | SaleVoided | SaleFinished | SaleClosedByHand | CancellationAsked | CancellationSeen | TicketNamed | TicketsSeen
    | ActAuthorised | PaperAsked | PaperFailed | SlipHandedOver | LineRestored
)  # fmt: skip

# What can still happen to a sale that has ended.
AFTER_THE_END = (
    *(OrderFound, OrderDiffers, DifferenceAccepted, DocumentHandedOver),
    *(CancellationAsked, CancellationSeen, TicketNamed, TicketsSeen, ActAuthorised),
    *(PaperAsked, PaperFailed, SlipHandedOver),
)

# Fields that hold a person's data: the journal keeps them apart from the fact, to erase them after their time.
PERSONAL: dict[type, tuple[str, ...]] = {CustomerEntered: ("customer",), NotesEntered: ("notes",)}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the journal keeps it: which sale, in what order, when (server time), by whom, at which till.

    `hash` is its row's: it stands for everything that was recorded up to it.
    """

    seq: int
    sale: str
    at: datetime
    agent: str
    till: str
    event: Event
    hash: str = ""
