"""The state of a sale: the value that folding its events gives, and the questions screens and rules ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from korus_tui.sale.home import Home
from korus_tui.sale.money import Money, total
from korus_tui.sale.values import Customer, Doubt, Hold, Line, Method, Mode, Payment, PlacedOrder, Refusal

UNKNOWN = "unknown"  # why a line is not held whose call got no answer, or none that is understood
CANCELLED = "cancelled"  # why a line has no order although it had one: Korus shows that as cancelled, unasked
EXPIRED = "expired"  # why a line is not held any more: its time ran out
HELD_BACK = "held-back"  # refused only because another line of the same call was
NOT_ORDERED = "not-ordered"  # why a line was refused that is as good as before: its call as a whole was refused


def not_known(until: datetime, what: str = "") -> Refusal:
    """No hold of ours to be seen, though there may be one until then; `what` of an answer was not understood."""
    return Refusal(UNKNOWN, " ".join(part for part in (until.isoformat(timespec="seconds"), what) if part))


def held_at_most_until(refusal: Refusal) -> datetime | None:
    """Until when places may be held all the same; None for a refusal that is sure."""
    return datetime.fromisoformat(refusal.words.partition(" ")[0]) if refusal.code == UNKNOWN else None


def what_was_not_understood(refusal: Refusal) -> str:
    """What of an answer to a hold was not understood; nothing where none came."""
    return refusal.words.partition(" ")[2] if refusal.code == UNKNOWN else ""


class LineStatus(StrEnum):
    """Where a line stands, in the order it usually goes through."""

    CHOSEN = "chosen"
    HOLDING = "holding"
    REFUSED = "refused"
    HELD = "held"
    LAPSED = "lapsed"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class LineState:
    """A line with what became of it: the reservation that keeps its places, how often that was renewed, its order."""

    line: Line
    hold: str | None = None
    renewals: int = 0
    lapsed: bool = False
    refusal: Refusal | None = None
    order: str | None = None
    replaces: tuple[str, ...] = ()  # held lines that go once this one is held
    lost: tuple[datetime, ...] = ()  # until when calls without an answer may keep places of it for nobody

    def may_be_held(self, now: datetime) -> tuple[int, datetime] | None:
        """How many places of the line may be held for nobody, and until when; None for none."""
        lost = [until for until in self.lost if until > now]
        return (self.line.quantity * len(lost), max(lost)) if lost else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that changes the world and has no answer yet; `unknown` says that its answer was lost."""

    id: str
    doubt: Doubt
    lines: tuple[str, ...]
    reservations: tuple[str, ...] = ()
    unknown: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A document that the customer has, in its n-th copy; for a slip, its kind."""

    document: str
    how: str
    copy: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Money that went back over the counter while the sale was open, and why; `rounding` as in the event."""

    id: str
    amount: Money
    method: Method
    reason: str
    tickets_back: bool | None = None
    rounding: Money | None = None

    @property
    def paid_out(self) -> Money:
        """What left the counter."""
        return self.amount if self.rounding is None else self.amount + self.rounding


class Ending(StrEnum):
    """How a sale ended."""

    FINISHED = "finished"
    VOIDED = "voided"
    CLOSED_BY_HAND = "closed by hand"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Korus was asked to cancel `order`; `given_back` is None where no money went back."""

    order: str
    reason: str
    given_back: Money | None
    method: Method | None
    tickets_back: bool | None = None
    rounding: Money | None = None

    @property
    def paid_out(self) -> Money | None:
        """What left the counter."""
        return self.given_back if not self.given_back or not self.rounding else self.given_back + self.rounding


@dataclass(frozen=True, slots=True)
class Stranger:
    """An order that came as the answer to our own call, and is none of this sale's; `name` is what it is called."""

    order: str
    name: str


@dataclass(frozen=True, slots=True)
class Sale:
    """One customer's sale. Immutable: `apply` gives the next one."""

    reference: str
    catalog: str
    mode: Mode
    language: str
    lines: tuple[LineState, ...] = ()
    holds: tuple[Hold, ...] = ()
    let_go: tuple[Hold, ...] = ()
    taken_out: tuple[LineState, ...] = ()  # lines that are no longer sold, as they stood
    attempt: Attempt | None = None
    customer: Customer | None = None
    notes: str = ""
    paying: bool = False
    asked: bool = False  # an order was asked for at least once
    payments: tuple[Payment, ...] = ()
    given_back: tuple[GivenBack, ...] = ()
    absorbed: Money | None = None  # what a person decided that the house bears, whether it is needed still or not
    accepted: frozenset[str] = frozenset()
    orders: tuple[PlacedOrder, ...] = ()
    doubted: frozenset[str] = frozenset()  # reservations of calls that were not surely without effect, and no order yet
    late: tuple[PlacedOrder, ...] = ()  # orders that turned up late: not paid yet, or for nothing
    handed: tuple[Handed, ...] = ()
    shown: frozenset[str] = frozenset()  # documents whose link or code stood on the screen
    slips: tuple[Handed, ...] = ()
    papers_asked: tuple[Handed, ...] = ()  # asked for, and not ended as far as is known
    parked: bool = False
    waits_as: str = ""  # the agent's note on it while it waits
    ending: Ending | None = None
    closed_because: str = ""  # why a person closed the sale by hand
    cancellations: tuple[Cancellation, ...] = ()
    server: str = ""
    strangers: tuple[Stranger, ...] = ()

    @property
    def home(self) -> Home:
        """The mode and the server that it belongs to."""
        return Home(self.mode, self.server)

    def line(self, line_id: str) -> LineState | None:
        """The line with this id, if the sale still has it."""
        return next((state for state in self.lines if state.line.id == line_id), None)

    def hold_of(self, state: LineState) -> Hold | None:
        """The reservation that keeps a line's places."""
        return next((hold for hold in self.holds if hold.reservation == state.hold), None)

    def status(self, state: LineState) -> LineStatus:
        """Where a line stands now."""
        if state.order:
            return LineStatus.ORDERED
        attempt = self.attempt
        if attempt and attempt.doubt is Doubt.HOLD and state.line.id in attempt.lines:
            return LineStatus.HOLDING
        if state.lapsed:
            return LineStatus.LAPSED
        if state.hold:
            return LineStatus.HELD
        return LineStatus.REFUSED if state.refusal else LineStatus.CHOSEN

    def with_status(self, *wanted: LineStatus) -> tuple[LineState, ...]:
        """The lines that stand at one of `wanted`, in basket order."""
        return tuple(state for state in self.lines if self.status(state) in wanted)

    @property
    def currency(self) -> str | None:
        """The currency of the sale: that of its holds, of its quotes, of what was paid; None for an empty sale."""
        if self.holds:
            return self.holds[0].total.currency
        if self.lines:
            return self.lines[0].line.quoted.currency
        return self.payments[0].amount.currency if self.payments else None

    @property
    def running_holds(self) -> tuple[Hold, ...]:
        """Holds that keep places of lines not yet booked, lapsed ones left out."""
        wanted = {state.hold for state in self.lines if state.hold and not state.lapsed and not self.is_booked(state)}
        return tuple(hold for hold in self.holds if hold.reservation in wanted)

    @property
    def to_collect(self) -> Money | None:
        """What the customer owes for the whole sale: the *held* totals (docs/rules.md, Law 1)."""
        if self.currency is None:
            return None
        kept = {state.hold for state in self.lines if state.hold}
        return total((hold.total for hold in self.holds if hold.reservation in kept), self.currency)

    @property
    def quoted_total(self) -> Money | None:
        """What the offers' prices add up to; None for an empty sale."""
        if self.currency is None:
            return None
        return total((state.line.quoted_total for state in self.lines), self.currency)

    @property
    def taken(self) -> Money | None:
        """What was taken so far, less what went back before an order; None while the sale has no currency."""
        if self.currency is None:
            return None
        paid = total((payment.amount for payment in self.payments), self.currency)
        return paid - total((one.amount for one in self.given_back), self.currency)

    @property
    def begun(self) -> bool:
        """Whether there is anything in it: lines, or money."""
        return bool(self.lines or self.taken)

    @property
    def house_bears(self) -> Money | None:
        """What of the price the customer neither paid nor owes, by a person's decision; None as for `taken`."""
        if not self.absorbed:
            return None if self.currency is None else Money.of(0, self.currency)
        owed, taken = self.to_collect, self.taken
        if owed is None or taken is None:
            return None
        nothing = Money.of(0, owed.currency)
        return max(nothing, min(self.absorbed, owed - taken))

    @property
    def due(self) -> Money | None:
        """What is still to take; negative where more was taken than is owed."""
        owed, taken, borne = self.to_collect, self.taken, self.house_bears
        return None if owed is None or taken is None or borne is None else owed - taken - borne

    @property
    def credit(self) -> Money | None:
        """What was paid beyond what the sale costs now, and is to be given back; None where there is none."""
        due = self.due
        return -due if due is not None and due.amount < 0 else None

    @property
    def stuck(self) -> tuple[LineState, ...]:
        """Lines that no order can be made of as they stand: lapsed, not held, or refused by the order call."""
        return tuple(one for one in self.lines if not one.order and (not one.hold or one.lapsed or self._refused(one)))

    def _refused(self, state: LineState) -> bool:
        """Refused by an order call for itself; before one was asked for, a held line's refusal is that of a renewal."""
        return self.asked and state.refusal is not None and state.refusal.code != NOT_ORDERED

    @property
    def may_change(self) -> bool:
        """Whether lines may come and go: not while payment runs, but where what was paid cannot be had as it was."""
        if not self.paying:
            return True
        return self.attempt is None and bool(self.taken) and (bool(self.stuck) or self.credit is not None)

    @property
    def money_given_back(self) -> Money | None:
        """What went back to the customer with cancellations; None while the sale has no currency."""
        if self.currency is None:
            return None
        return total((one.given_back for one in self.cancellations if one.given_back), self.currency)

    @property
    def not_yet_cancelled(self) -> tuple[str, ...]:
        """Orders whose cancellation was asked for and that the API does not show as cancelled yet."""
        asked = {one.order for one in self.cancellations}
        return tuple(order.order for order in self.all_orders if order.order in asked and not order.cancelled)

    @property
    def all_orders(self) -> tuple[PlacedOrder, ...]:
        """What the API has of this sale, as far as is known: the orders of its lines, then those of nothing."""
        return (*self.orders, *self.late)

    @property
    def unpaid_orders(self) -> tuple[PlacedOrder, ...]:
        """Late orders of lines that are still there: they take these once they are paid, or are to be cancelled."""
        if not self.late or not self.open:
            return ()
        wanted = {state.hold for state in self.lines if state.hold and not state.order}
        asked = {one.order for one in self.cancellations}
        return tuple(
            one
            for one in self.late
            if not wanted.isdisjoint(one.reservations) and not one.cancelled and one.order not in asked
        )

    @property
    def loose(self) -> tuple[PlacedOrder, ...]:
        """Orders with our reference of which nothing says which hold they are of."""
        return tuple(one for one in self.late if one.reservation is None and not one.cancelled)

    @property
    def taken_away(self) -> tuple[PlacedOrder, ...]:
        """Orders of lines that were paid, which Korus cancelled though nobody here asked for it: paid and not had."""
        asked = {one.order for one in self.cancellations}
        gone = (order for order in self.all_orders if order.cancelled and order.order not in asked)
        return tuple(order for order in gone if any(self._was_of(order, state) for state in self.lines))

    def _was_of(self, order: PlacedOrder, state: LineState) -> bool:
        """Whether the line has, or lost, its places with this order; who closed the sale by hand knew what was lost."""
        if state.order is not None or self.ending is Ending.CLOSED_BY_HAND:
            return state.order == order.order
        return state.hold in order.reservations

    def is_booked(self, state: LineState) -> bool:
        """Whether the API has an order of this line, paid or not: its places are not held or ordered once more."""
        return bool(state.order) or any(state.hold in order.reservations for order in self.unpaid_orders)

    @property
    def too_many(self) -> tuple[PlacedOrder, ...]:
        """Orders that stand at the API for nothing: nobody paid for them, or what was paid has other places."""
        waiting = (*self.unpaid_orders, *(self.loose if self.in_doubt else ()))
        return tuple(order for order in self.late if not order.cancelled and order not in waiting)

    @property
    def paid_and_ordered(self) -> tuple[Money, Money] | None:
        """What was paid and has not gone back, and what the living orders cost; None where nothing says so."""
        taken, back = self.taken, self.money_given_back
        living = [order.total for order in self.all_orders if not order.cancelled]
        if taken is None or back is None or any(one.currency != taken.currency for one in living):
            return None
        return taken - back, total(living, taken.currency)

    @property
    def in_doubt(self) -> bool:
        """Whether an order call has no known outcome yet."""
        return self.open and self.attempt is not None and self.attempt.doubt is Doubt.ORDER

    @property
    def places(self) -> int:
        """How many people the lines are for."""
        return sum(state.line.quantity for state in self.lines)

    @property
    def all_ordered(self) -> bool:
        """Every line is in an order."""
        return bool(self.lines) and all(state.order for state in self.lines)

    @property
    def complete(self) -> bool:
        """Nothing is left to do but to hand over: it ends when the next sale begins."""
        return self.open and self.all_ordered and self.credit is None

    @property
    def paid_not_confirmed(self) -> bool:
        """Money was taken and some line has no order, although it was asked for or can no longer be had."""
        gone = not self.lines or any(one.lapsed or not one.hold for one in self.lines)
        return bool(self.taken) and not self.all_ordered and (self.asked or gone)

    @property
    def open(self) -> bool:
        """The sale has not ended."""
        return self.ending is None
