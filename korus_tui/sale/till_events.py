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
    """The float was counted into the drawer; its currency is the till's until the next opening.

    `in_doubt` is what contradicted the business day, where a person said that it is the day all the same.
    """

    mode: Mode
    amount: Money
    in_doubt: tuple[str, ...] = ()


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
class Waiting:
    """A sale of this counter that has not ended: what it comes to, and whether it is parked."""

    reference: str
    amount: Money | None = None
    parked: bool = False


@dataclass(frozen=True, slots=True)
class TillClosed:
    """Z: the drawer was counted before anybody was told what to expect in it; what was not resolved is named."""

    mode: Mode
    counted: Money
    expected: Money
    unresolved: tuple[Unresolved, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawerCounted:
    """The drawer was counted for a close that needs a supervisor: whoever counts anew learns what is expected."""

    mode: Mode
    counted: Money


@dataclass(frozen=True, slots=True)
class AgentSignedIn:
    """The agent of the record proved who they are, and stands on every event from here on."""

    mode: Mode
    supervisor: bool


@dataclass(frozen=True, slots=True)
class AgentSignedOut:
    """The agent of the record left the till, or (`because`) may stand at it no more: another program changed that."""

    mode: Mode
    because: str = ""


@dataclass(frozen=True, slots=True)
class TillActAuthorised:
    """A supervisor gave their PIN for the next event of the same record; its agent stays who stands at the till."""

    mode: Mode
    act: str
    supervisor: str


@dataclass(frozen=True, slots=True)
class PinRefused:
    """Somebody gave a wrong PIN for this agent; "" for a name that nobody has."""

    mode: Mode
    name: str


@dataclass(frozen=True, slots=True)
class PageUncovered:
    """The agent of the record opened the page again that was covered while nobody pressed a key."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class AgentAdded:
    """Somebody has a PIN from now on."""

    mode: Mode
    name: str
    supervisor: bool


@dataclass(frozen=True, slots=True)
class AgentRenamed:
    """The same agent, under another name; what was signed keeps the old one."""

    mode: Mode
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class AgentLeft:
    """This agent works here no more."""

    mode: Mode
    name: str


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """This agent is a supervisor from now on, or one no more."""

    mode: Mode
    name: str
    supervisor: bool


@dataclass(frozen=True, slots=True)
class PinChanged:
    """Another PIN: chosen by its agent, or (`reset`) given by a supervisor."""

    mode: Mode
    name: str
    reset: bool


@dataclass(frozen=True, slots=True)
class TriesForgotten:
    """A supervisor lifted the wait after wrong PINs."""

    mode: Mode
    name: str


@dataclass(frozen=True, slots=True)
class CustomerForgotten:
    """The customer's data of an ended sale was erased on request."""

    mode: Mode
    sale: str  # its reference


@dataclass(frozen=True, slots=True)
class XRead:
    """The agent of the record saw takings and expected cash of the running shift."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class LookedOn:
    """A program that could not write here was used to read; `at` (server time) is when, the record comes later.

    `read_x`: takings and expected cash were seen there.
    """

    mode: Mode
    at: datetime
    pid: int
    read_x: bool = False


@dataclass(frozen=True, slots=True)
class TillTakenOver:
    """Another program, process `pid` on `host`, sold here; this one took its place. `own`: the same agent's."""

    mode: Mode
    pid: int
    host: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class CopyHandedOver:
    """A document of a sale that was made elsewhere was handed over here; `copy` as far as this till knows.

    As with DocumentHandedOver, `how` may be that its link or code stood on the screen: no copy.
    """

    mode: Mode
    order: str
    document: str
    how: str
    copy: int
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CopyFailed:
    """A document of a sale that was made elsewhere was to be saved or printed here, and did not come."""

    mode: Mode
    order: str
    document: str
    how: str
    copy: int
    why: str


TillEvent = (
    TillOpened | CashPutIn | CashTakenOut | TillClosed | DrawerCounted | AgentSignedIn | AgentSignedOut
    | TillActAuthorised | PinRefused | PageUncovered | AgentAdded | AgentRenamed | AgentLeft | RoleChanged | PinChanged
    | TriesForgotten | CustomerForgotten | XRead | LookedOn | TillTakenOver | CopyHandedOver
    | CopyFailed
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TillRecorded:
    """A till's event as the journal keeps it: in what order, when (server time), by whom, and its row's hash."""

    seq: int
    at: datetime
    agent: str
    event: TillEvent
    hash: str = ""
