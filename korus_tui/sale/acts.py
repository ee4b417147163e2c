"""Acts that one agent may do and another only with a supervisor's word, and the events by which they are done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.state import Sale
from korus_tui.sale.values import PlacedOrder


class Act(StrEnum):
    """By their names in the settings."""

    REFUND = "refund_after_handover"
    CANCELLATION = "cancellation_after_handover"
    VOID = "void_after_handover"
    COPIES = "more_copies"
    GIVEN_BACK = "documents_given_back"
    CASH_OUT = "cash_out"
    DIFFERENCE_BORNE = "difference_borne"
    CLOSE_BY_HAND = "close_by_hand"
    Z_DIFFERENCE = "z_difference"
    TAKE_OVER = "take_over"
    AGENTS = "agents"


AFTER_HANDOVER = frozenset((Act.REFUND, Act.CANCELLATION, Act.VOID))  # of what the customer may still have in hand


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is no act yet: so many copies of a document, and so much over or short at a Z (in the drawer's money)."""

    copies: int = 2
    difference: Decimal = Decimal(10)


def act_of(event: e.Event | t.TillEvent, sale: Sale | None, allowed: Allowed) -> Act | None:
    """What an event does to a sale as it stands before; None for everybody's daily work."""
    handed = sale is not None and bool(sale.handed or sale.shown or _may_be_there(sale))
    match event:
        case e.PaymentUndone() | e.MoneyGivenBack():
            return Act.REFUND if handed else None
        case e.CancellationAsked():
            return (Act.REFUND if event.given_back else Act.CANCELLATION) if handed else None
        case e.SaleVoided():
            return Act.VOID if handed else None
        case e.DocumentHandedOver():
            if sale is not None and was_given_back(sale, event.document):
                return Act.GIVEN_BACK
            return Act.COPIES if event.copy > allowed.copies else None
        case t.CopyHandedOver():
            if event.cancelled:
                return Act.GIVEN_BACK
            return Act.COPIES if event.copy > allowed.copies else None
        case e.DifferenceAbsorbed():
            return Act.DIFFERENCE_BORNE
        case e.SaleClosedByHand():
            return Act.CLOSE_BY_HAND
        case t.CashTakenOut():
            return Act.CASH_OUT
        case t.TillClosed():
            off = abs(event.counted.amount - event.expected.amount)
            return Act.Z_DIFFERENCE if off > allowed.difference else None
        case t.TillTakenOver():
            return None if event.own else Act.TAKE_OVER
        case t.AgentAdded() | t.AgentRenamed() | t.AgentLeft() | t.RoleChanged() | t.TriesForgotten():
            return Act.AGENTS
        case t.PinChanged():
            return Act.AGENTS if event.reset else None
        case _:
            return None


def _may_be_there(sale: Sale) -> bool:
    """Whether a document is on its way to paper or a file, or was when the program ended."""
    return any(one.document.startswith("/") for one in sale.papers_asked)


def given_back(sale: Sale) -> tuple[PlacedOrder, ...]:
    """The orders that are not the customer's any more: cancelled, or Korus was asked to cancel them.

    One too many may be among them, which never was the customer's: the others are what they were.
    """
    asked = {one.order for one in sale.cancellations}
    return tuple(one for one in sale.all_orders if one.cancelled or one.order in asked)


def all_given_back(sale: Sale) -> bool:
    """Whether nothing of the sale is the customer's any more."""
    gone = given_back(sale)
    return bool(gone) and all(one in gone for one in sale.orders)


def was_given_back(sale: Sale, document: str) -> bool:
    """Whether what the document is for is not the customer's any more.

    A document whose order its address does not name may be of such a one.
    """
    gone = given_back(sale)
    if not gone:
        return False
    kept = [one for one in sale.all_orders if one not in gone]
    return not any(document.startswith(f"{one.order}/") for one in kept)
