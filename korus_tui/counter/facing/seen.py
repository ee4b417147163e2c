"""What of a sale its customer may see: never who sells, never another sale, no name, telephone or address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from korus_tui.sale.money import Money, total
from korus_tui.sale.state import Ending, LineState, LineStatus, Sale
from korus_tui.sale.values import SHOWN

_GONE = (LineStatus.REFUSED, LineStatus.LAPSED)


class FacingStage(StrEnum):
    """Where the customer is."""

    CHOOSING = "choosing"
    PAYING = "paying"
    CONFIRMING = "confirming"  # paid, and Korus has not answered yet
    DOUBT = "doubt"  # paid, and Korus' answer did not come: the till looks up what became of it
    SETTLING = "settling"  # paid, and not asked for yet, or not to be had as it was
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Position:
    """What is bought, as it stands in the sale; `gone` are places that are not had."""

    quantity: int
    name: str
    day: date | None
    starts_at: datetime | None
    amount: Money
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an order that the customer may fetch, by the API's names."""

    order: str
    document: str


@dataclass(frozen=True, slots=True)
class FacingSale:
    """`total` is what the sale costs, `due` what is still to pay, and `back` what goes back: change, or too much."""

    reference: str
    language: str
    stage: FacingStage
    positions: tuple[Position, ...]
    total: Money | None
    paid: Money | None
    due: Money | None
    back: Money | None
    documents: tuple[Document, ...] = ()


def seen(sale: Sale, *, shown_only: bool) -> FacingSale | None:
    """What to show of the sale; None for one that is not at the counter, or has nothing yet.

    `shown_only`: where agents have PINs, a code stands here only once the till has it on record that it may be seen.
    """
    over = sale.ending is not None and sale.ending is not Ending.FINISHED
    if over or sale.parked or not sale.lines:
        return None
    stage, due = _stage(sale), sale.due
    owed = due if due is not None and due.amount > 0 else None
    paid = sale.taken if sale.taken else None
    back = _change(sale) if stage not in (FacingStage.CHOOSING, FacingStage.PAYING) else None
    if stage not in (FacingStage.DONE, FacingStage.SETTLING) and sale.credit is not None:
        back = sale.credit
    positions = tuple(_position(sale, state) for state in sale.lines)
    documents = _documents(sale, shown_only) if stage is FacingStage.DONE else ()
    return FacingSale(sale.reference, sale.language, stage, positions, _total(sale), paid, owed, back, documents)


def _stage(sale: Sale) -> FacingStage:
    if sale.all_ordered:
        return FacingStage.DONE
    if sale.in_doubt:
        return FacingStage.DOUBT
    if sale.asked and not sale.stuck and bool(sale.taken) and sale.attempt is not None:
        return FacingStage.CONFIRMING
    owes = sale.due is not None and sale.due.amount > 0
    if sale.taken and not owes and (sale.stuck or sale.credit is None):
        return FacingStage.SETTLING
    return FacingStage.PAYING if sale.paying else FacingStage.CHOOSING


def _position(sale: Sale, state: LineState) -> Position:
    line = state.line
    gone, hold = sale.status(state) in _GONE, sale.hold_of(state)
    held = hold.total if hold is not None and hold.lines == (line.id,) else None  # what is held is what is paid
    return Position(line.quantity, line.name, line.day, line.starts_at, held or line.quoted_total, gone)


def _total(sale: Sale) -> Money | None:
    """What is held (docs/rules.md, Law 1); while something is not held yet, what was quoted of all that can be had."""
    states = [state for state in sale.lines if sale.status(state) not in _GONE]
    if not states or sale.currency is None:
        return None
    if all(state.hold for state in states):
        return sale.to_collect
    return total((state.line.quoted_total for state in states), sale.currency)


def _change(sale: Sale) -> Money | None:
    if not sale.payments:
        return None
    return total((payment.change for payment in sale.payments), sale.payments[0].amount.currency) or None


def _documents(sale: Sale, shown_only: bool) -> tuple[Document, ...]:
    open_ = sale.shown | {one.document for one in sale.handed if one.how in ("qr", SHOWN)}
    return tuple(
        Document(order.order, document)
        for order in sale.orders
        if not order.cancelled
        for document in order.documents
        if not shown_only or document in open_
    )
