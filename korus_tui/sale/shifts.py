"""A till's shifts as a fold over its events: each runs from just after one Z to the next, so that none is between.

What sales brought in a shift is takings.py's; together they say what cash is expected in the drawer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.till_events import (
    AgentAdded,
    AgentRenamed,
    AgentSignedIn,
    AgentSignedOut,
    CashPutIn,
    CashTakenOut,
    DrawerCounted,
    Elsewhere,
    LookedOn,
    TillActAuthorised,
    TillClosed,
    TillEvent,
    TillOpened,
    TillRecorded,
    Unresolved,
    Waiting,
    XRead,
)
from korus_tui.sale.values import Mode

DAY_BEGINS = 6  # o'clock in venue time: what a late show sells after midnight belongs to its evening


def business_day(at: datetime, zone: tzinfo) -> date:
    """The day that an instant is booked on: 06:00 to 06:00 on the venue's clocks, also when those are changed."""
    local = at.astimezone(zone)
    return local.date() if local.hour >= DAY_BEGINS else local.date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did it, and when (server time)."""

    agent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """The float that a shift began with, and what contradicted its day: a person said yes to it."""

    by: Signed
    amount: Money
    in_doubt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CashMove:
    """Cash in (above zero) or out (below zero) besides sales, and why."""

    by: Signed
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Authorised:
    """A supervisor's word for one act at the drawer or on the agents, beside who stood at the till."""

    by: Signed
    supervisor: str
    act: str


@dataclass(frozen=True, slots=True)
class Closing:
    """A Z: what was counted blindly, what should have been there, and what was not resolved; `seq` is its record.

    `elsewhere` are the open sales that only another profile could go on with, `waiting` this counter's own.
    """

    seq: int
    by: Signed
    counted: Money
    expected: Money
    unresolved: tuple[Unresolved, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    hash: str = ""
    waiting: tuple[Waiting, ...] = ()

    @property
    def difference(self) -> Money:
        """Over (above zero) or short (below zero)."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Shift:
    """One float from opening to Z. All records after `after` (and up to its Z) belong to it, also before its opening.

    `number` counts the till's shifts from 1, and is the number of the Z that ends it.
    """

    number: int
    after: int
    opening: Opening | None = None
    moves: tuple[CashMove, ...] = ()
    closing: Closing | None = None
    counts: tuple[CashMove, ...] = ()  # of closes that needed a supervisor, the last of them too
    readers: tuple[Signed, ...] = ()  # who saw what is expected in the drawer, each at the first time
    words: tuple[Authorised, ...] = ()  # the last of them may be for the Z itself

    @property
    def is_open(self) -> bool:
        """Whether there is a float in the drawer and no Z yet."""
        return self.opening is not None and self.closing is None

    @property
    def until(self) -> int | None:
        """The last record that belongs to it; None while it runs."""
        return self.closing.seq if self.closing else None

    def put_in(self, currency: str) -> Money:
        """Cash put in besides sales."""
        return _sum((one.amount for one in self.moves if one.amount.amount > 0), currency)

    def taken_out(self, currency: str) -> Money:
        """Cash taken out besides refunds, as an amount above zero."""
        return -_sum((one.amount for one in self.moves if one.amount.amount < 0), currency)

    def expected(self, cash_takings: Money) -> Money | None:
        """What cash should be in the drawer: float + cash takings less refunds + in − out; None before an opening."""
        if self.opening is None:
            return None
        return _sum((one.amount for one in self.moves), cash_takings.currency) + self.opening.amount + cash_takings


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    result = Money.of(0, currency)
    for amount in amounts:
        result = result + amount
    return result


def shifts(rows: Iterable[TillRecorded], mode: Mode) -> tuple[Shift, ...]:
    """The till's shifts of one mode, oldest first; the last one runs, or waits for its opening.

    What was written is never refused: where records are gone, the others are taken as they stand, and the break stands
    on whatever is read from them (docs/rules.md, Records that cannot be quietly shortened).
    """
    found = [Shift(1, 0)]
    for row in rows:
        if row.event.mode is not mode:
            continue
        found[-1] = _after(found[-1], row)
        if found[-1].closing is not None:
            found.append(Shift(found[-1].number + 1, row.seq))
    return tuple(found)


def knows_pins(events: Iterable[object]) -> bool:
    """Whether agents had PINs at this till, those of a demo apart: nobody proves there who they are."""
    return any(isinstance(one, AgentAdded | AgentSignedIn) and one.mode is not Mode.DEMO for one in events)


def standing(rows: Iterable[TillRecorded]) -> str:
    """Who signed in last and did not sign out since; "" for nobody."""
    name = ""
    for row in rows:
        if isinstance(row.event, AgentSignedIn):
            name = row.agent
        elif isinstance(row.event, AgentSignedOut) and row.agent == name:
            name = ""
        elif isinstance(row.event, AgentRenamed) and row.event.name == name:
            name = row.event.to
    return name


def apply(shift: Shift, row: TillRecorded) -> Shift:
    """The shift after a record. Pure; raises NotAllowed where a rule of the till forbids it."""
    check(shift, row.event)
    return _after(shift, row)


def _after(shift: Shift, row: TillRecorded) -> Shift:  # noqa: PLR0911 - one event a case
    by = Signed(row.agent, row.at)
    match row.event:
        case TillOpened(amount=amount, in_doubt=in_doubt):
            return replace(shift, opening=Opening(by, amount, in_doubt))
        case CashPutIn(amount=amount, reason=reason):
            return replace(shift, moves=(*shift.moves, CashMove(by, amount, reason)))
        case CashTakenOut(amount=amount, reason=reason):
            return replace(shift, moves=(*shift.moves, CashMove(by, -amount, reason)))
        case TillClosed() as z:
            told = (z.unresolved, z.elsewhere, row.hash, z.waiting)
            return replace(shift, closing=Closing(row.seq, by, z.counted, z.expected, *told))
        case DrawerCounted(counted=counted):
            return replace(shift, counts=(*shift.counts, CashMove(by, counted, "")))
        case TillActAuthorised(act=act, supervisor=supervisor):
            return replace(shift, words=(*shift.words, Authorised(by, supervisor, act)))
        case (XRead() | LookedOn(read_x=True)) as seen if all(one.agent != row.agent for one in shift.readers):
            at = seen.at if isinstance(seen, LookedOn) else row.at
            return replace(shift, readers=(*shift.readers, Signed(row.agent, at)))
        case _:
            return shift


def check(shift: Shift, event: TillEvent) -> None:
    """Whether the event can happen to the shift. Raises NotAllowed."""
    if not isinstance(event, TillOpened | CashPutIn | CashTakenOut | TillClosed):
        return  # beside the drawer
    _need(shift.closing is None, "a Z cannot be redone")
    if isinstance(event, TillOpened):
        _need(shift.opening is None, "the till is open already")
        _need(event.amount.amount >= 0, "a float is not below zero")
        return
    if shift.opening is None:
        raise NotAllowed("the till is not open")
    currency = shift.opening.amount.currency
    if isinstance(event, TillClosed):
        _need(event.counted.amount >= 0, "a count is not below zero")
        _need({event.counted.currency, event.expected.currency} == {currency}, "a drawer has one currency")
        return
    _need(event.amount.amount > 0, "an amount is above zero")
    _need(event.amount.currency == currency, "a drawer has one currency")
    _need(bool(event.reason.strip()), "cash in or out needs a reason")


def _need(condition: bool, otherwise: str) -> None:
    if not condition:
        raise NotAllowed(otherwise)
