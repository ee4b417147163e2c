"""What an event weighs: whether money moves by it, whether a person decides something by it, or whether it only tells.

The table that the counter's gate (counter/core/gate.py) goes by. It is exhaustive: mypy refuses an event without a row.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from korus_tui.sale import events as e
from korus_tui.sale import till_events as t


class Weight(StrEnum):
    """From the heaviest to the lightest."""

    MONEY = "money"  # money comes or goes, or a person decides what becomes of it
    BINDS = "binds"  # a person decides something of a customer, a sale or the till
    TELLS = "tells"  # what happened anyway: an answer to a call, a time that is over, who came and went


def weight(event: e.Event | t.TillEvent) -> Weight:
    """The row of an event."""
    return _of_the_till(event) if isinstance(event, t.TillEvent) else _of_a_sale(event)


def _of_a_sale(event: e.Event) -> Weight:
    match event:
        case e.PaymentTaken():
            return Weight.MONEY if event.payment.amount else Weight.BINDS
        case e.CancellationAsked():
            return Weight.MONEY if event.given_back else Weight.BINDS
        case e.PaymentUndone() | e.MoneyGivenBack() | e.DifferenceAbsorbed() | e.SaleClosedByHand():
            return Weight.MONEY
        case (
            e.SaleOpened()
            | e.LanguageChosen()
            | e.LineAdded()
            | e.LineRemoved()
            | e.LineRestored()
            | e.HoldRequested()
            | e.CustomerEntered()
            | e.NotesEntered()
            | e.PaymentStarted()
            | e.PaymentGivenUp()
            | e.DifferenceAccepted()
            | e.OrderRequested()
            | e.DocumentHandedOver()
            | e.SlipHandedOver()
            | e.SaleParked()
            | e.SaleRecalled()
            | e.SaleVoided()
            | e.SaleFinished()
            | e.ActAuthorised()
        ):
            return Weight.BINDS
        case (
            e.HoldPlaced()
            | e.HoldRefused()
            | e.HoldExpired()
            | e.OrderPlaced()
            | e.OrderRefused()
            | e.OutcomeUnknown()
            | e.OutcomeSettled()
            | e.OrderFound()
            | e.OrderDiffers()
            | e.CancellationSeen()
            | e.TicketNamed()
            | e.TicketsSeen()
            | e.PaperAsked()
            | e.PaperFailed()
        ):
            return Weight.TELLS
    assert_never(event)


def _of_the_till(event: t.TillEvent) -> Weight:
    match event:
        case t.TillOpened() | t.CashPutIn() | t.CashTakenOut() | t.TillClosed():
            return Weight.MONEY
        case (
            t.TillActAuthorised()
            | t.AgentAdded()
            | t.AgentRenamed()
            | t.AgentLeft()
            | t.RoleChanged()
            | t.PinChanged()
            | t.TriesForgotten()
            | t.CustomerForgotten()
            | t.XRead()
            | t.DrawerCounted()
            | t.TillTakenOver()
            | t.CopyHandedOver()
        ):
            return Weight.BINDS
        case (
            t.AgentSignedIn() | t.AgentSignedOut() | t.PinRefused() | t.PageUncovered() | t.LookedOn() | t.CopyFailed()
        ):
            return Weight.TELLS
    assert_never(event)
