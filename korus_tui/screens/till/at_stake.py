"""What a supervisor who gives their word reads beside the act: how much money, or what becomes of which agent."""

from __future__ import annotations

from collections.abc import Sequence

from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.screens.common import formats as words


def at_stake(events: Sequence[e.Event | t.TillEvent], sale: Sale | None) -> str:
    """Of the first event that says something; empty where the act says it all."""
    return next(filter(None, (_of(event, sale) for event in events)), "")


def _of(event: e.Event | t.TillEvent, sale: Sale | None) -> str:
    amount: Money | None = None
    match event:
        case e.MoneyGivenBack() | e.DifferenceAbsorbed() | t.CashTakenOut():
            amount = event.amount
        case e.CancellationAsked():
            amount = event.given_back
        case e.PaymentUndone() if sale is not None:
            amount = next((one.amount for one in sale.payments if one.id == event.payment), None)
        case _:
            return _of_agent(event)
    return words.money(amount) if amount is not None else ""


def _of_agent(event: e.Event | t.TillEvent) -> str:
    match event:
        case t.AgentAdded() | t.RoleChanged():
            said = _("{name}, as a supervisor") if event.supervisor else _("{name}, as an agent")
        case t.AgentRenamed():
            return _("{name} is {to} from now on").format(name=event.name, to=event.to)
        case t.AgentLeft():
            said = _("{name} works here no more")
        case t.PinChanged():
            said = _("a new PIN for {name}")
        case t.TriesForgotten():
            said = _("the wrong PINs of {name} are forgotten")
        case _:
            return ""
    return said.format(name=event.name)
