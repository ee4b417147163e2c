"""The one gate that every event passes before the journal takes it: who stands here, and is there a drawer for money.

Only the gate makes a `Passed`, and the desk writes nothing else: no caller can forget to ask (docs/rules.md, Who may).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _

if TYPE_CHECKING:
    from korus_tui.sale.events import Event
    from korus_tui.sale.state import Sale
    from korus_tui.sale.till_events import TillEvent
    from korus_tui.sale.values import Method

BY_THE_TILL = "(till)"  # the name on what the till itself recorded while nobody was signed in; no agent's


class Drawer(StrEnum):
    """Where the till's cash is."""

    NEVER = "never"  # no float was ever counted: a counter without a drawer, which takes cards
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Passed:
    """Events that may be recorded, and the name on them."""

    events: tuple[Event | TillEvent, ...]
    agent: str


class Gate:
    """Lets events through, or says in words why not and which key opens the way.

    Whoever knows who stands here and what is in the drawer tells it: `name`, `proved`, `drawer`, and `has_pins`.
    """

    def __init__(self, name: str, mode: str) -> None:
        """`name` is what the settings say; where agents have PINs it is no proof."""
        self._live = mode == "live"
        self._demo = mode == "demo"
        self.name = name
        self.proved = False
        self.drawer = Drawer.NEVER
        self.has_pins: Callable[[], bool] = lambda: False

    @property
    def asks_pins(self) -> bool:
        """Whether nothing is done here without a PIN. A demo is everybody's."""
        return not self._demo and self.has_pins()

    @property
    def nobody(self) -> Problem | None:
        """Why nobody may act now: agents have PINs, and none is signed in."""
        if self.proved or not self.asks_pins:
            return None
        return Problem(
            _("Nobody is signed in."),
            _("Whatever is a customer's or a sale's bears a name; nothing was recorded."),
            _("Ctrl+E opens the till's page, s signs in"),
        )

    def closed(self, method: Method | None) -> Problem | None:
        """Why no live money moves this way now: there is no drawer that it would be counted in.

        None as a method: it moves no cash now, and still is in some count.
        """
        from korus_tui.sale.values import Method

        without = self.drawer is Drawer.NEVER and method is not Method.CASH
        if not self._live or without or self.drawer is Drawer.OPEN:
            return None
        return Problem(
            _("The till is not open."),
            _("Money that moves now would be in no count; nothing was recorded."),
            _("Ctrl+E opens the till's page, o counts the float in"),
        )

    def money(self, method: Method | None) -> Problem | None:
        """Why money does not move this way now, or None."""
        return self.nobody or self.closed(method)

    def must_move(self, method: Method | None) -> None:
        """Raise CounterError where money does not move this way now: asked early, before it is counted or looked up."""
        if problem := self.money(method):
            raise CounterError(problem)

    def must_be_somebody(self) -> None:
        """Raise CounterError where nobody may act."""
        if problem := self.nobody:
            raise CounterError(problem)

    def let(self, events: Sequence[Event | TillEvent], sale: Sale | None, agent: str | None = None) -> Passed:
        """The events of one record on `sale`, with who stands on them. Raises CounterError.

        `agent` is who is named instead of who stands here: somebody who is just coming.
        """
        for event in events:
            if problem := self._refusal(event, events, sale):
                raise CounterError(problem)
        somebody = self.name if self.proved or not self.asks_pins else BY_THE_TILL
        return Passed(tuple(events), somebody if agent is None else agent)

    def _refusal(
        self, event: Event | TillEvent, events: Sequence[Event | TillEvent], sale: Sale | None
    ) -> Problem | None:
        from korus_tui.sale.weight import Weight, weight

        heavy = weight(event)
        if heavy is Weight.TELLS or _goes_on(event, events, sale):
            return None
        if problem := self.nobody:
            return problem
        from korus_tui.sale import events as e

        if heavy is Weight.MONEY and isinstance(event, e.Event):  # the drawer's own events have rules of their own
            return self.closed(_method(event, sale))
        return None


def _goes_on(event: Event | TillEvent, events: Sequence[Event | TillEvent], sale: Sale | None) -> bool:
    """Whether the till goes on with a call that a person began: its open attempt is answered in the same record.

    Nobody new decides anything by that: what was asked for (and paid) is asked for again, or what is left of it.
    """
    from korus_tui.sale import events as e

    attempt = sale.attempt if sale else None
    if attempt is None or not any(
        isinstance(one, e.OutcomeSettled | e.HoldRefused) and one.attempt == attempt.id for one in events
    ):
        return False
    if isinstance(event, e.HoldRequested):
        return set(event.lines) <= set(attempt.lines)
    return isinstance(event, e.OrderRequested) and set(event.reservations) <= set(attempt.reservations)


def _method(event: Event, sale: Sale | None) -> Method | None:
    """How the event's money moves; None where none goes over the counter by it."""
    from korus_tui.sale import events as e

    match event:
        case e.PaymentTaken():
            return event.payment.method
        case e.MoneyGivenBack() | e.CancellationAsked():
            return event.method
        case e.PaymentUndone():
            return next((one.method for one in sale.payments if one.id == event.payment), None) if sale else None
        case _:
            return None
