"""Everything that can happen to a till besides its sales, one immutable fact each (docs/rules.md, Till).

Each says whether it was live or practice, as a sale does: practice money is never in a live drawer. Who did it, at
which till and when stands on the record; the business day follows from when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from korus_tui.sale.money import Money
from korus_tui.sale.values import Mode


@dataclass(frozen=True, slots=True)
class TillOpened:
    """The float was counted into the drawer; its currency is the till's until the next opening."""

    mode: Mode
    amount: Money


@dataclass(frozen=True, slots=True)
class CashPutIn:
    """Cash came into the drawer that no sale brought."""

    mode: Mode
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class CashTakenOut:
    """Cash left the drawer that no customer got."""

    mode: Mode
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A sale that was paid and has no confirmed order yet."""

    reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An open sale of another mode or server, with what was paid for it; None where nothing was."""

    reference: str
    mode: Mode
    server: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class TillClosed:
    """Z: the drawer was counted before anybody was told what to expect in it; what was not resolved is named."""

    mode: Mode
    counted: Money
    expected: Money
    unresolved: tuple[Unresolved, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentSignedIn:
    """The agent of the record proved who they are, and stands on every event from here on."""

    mode: Mode
    supervisor: bool


@dataclass(frozen=True, slots=True)
class AgentSignedOut:
    """The agent of the record left the till."""

    mode: Mode


TillEvent = TillOpened | CashPutIn | CashTakenOut | TillClosed | AgentSignedIn | AgentSignedOut


@dataclass(frozen=True, slots=True)
class TillRecorded:
    """A till's event as the journal keeps it: in what order, when (server time), by whom, and its row's hash."""

    seq: int
    at: datetime
    agent: str
    event: TillEvent
    hash: str = ""
