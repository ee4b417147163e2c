"""What sales brought to a till in a stretch of its journal: takings, counts, times. Pure; folds the sales' events.

Takings are of live sales only; what training and demo sales would have brought is counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import median

from korus_tui.sale import events as e
from korus_tui.sale.apply import apply
from korus_tui.sale.differences import Difference, differences, ordered_otherwise
from korus_tui.sale.home import Home
from korus_tui.sale.money import Money, total
from korus_tui.sale.recall import Unreadable
from korus_tui.sale.state import Ending, Sale
from korus_tui.sale.straight import Straight
from korus_tui.sale.till_events import Elsewhere, Unresolved, Waiting
from korus_tui.sale.values import Method, Mode, Payment


@dataclass(frozen=True, slots=True)
class Sum:
    """Money of one method: how often, and how much."""

    method: Method
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Differing:
    """A sale, and in what an order of it is not what was held and paid."""

    reference: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Surplus:
    """An order that stands for nothing: its sale, what Korus calls it, what it costs; what was paid for the sale and
    what its living orders cost, None where nothing says so."""

    reference: str
    amount: Money
    order: str = ""
    both: tuple[Money, Money] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a stretch of sales came to. Amounts are one a method and currency; nothing taken leaves none.

    `refunds` went back as credit or after an order: the takings stay what was taken. `absorbed` is what the house bears
    of prices, and was never taken. `beyond` is what
    holiday vouchers say beyond what they paid. `rounding` is what cash brought beyond the takings, less what went back
    beyond the refunds, as it is counted in coins. `cancellations` are orders that Korus was asked
    to cancel, `by_hand` paid sales that a person closed, `wasted` holds that no order was made of. `seconds` are from
    a sale's opening to its last order, while it was open. `too_many` are orders that turned up late and stand for
    nothing, with what they cost: their money went back, or pays for other places. `taken_away` are orders of ended
    sales that Korus cancelled, though nobody asked: paid and not had. `differing` were ordered otherwise than they were
    paid, and nobody decided on it. Of the sales in `unreadable` only the money is counted.
    """

    takings: tuple[Sum, ...] = ()
    refunds: tuple[Sum, ...] = ()
    absorbed: tuple[Money, ...] = ()
    beyond: tuple[Money, ...] = ()
    rounding: tuple[Money, ...] = ()
    sales: int = 0
    tickets: int = 0
    orders: int = 0
    cancellations: int = 0
    voided: int = 0
    by_hand: int = 0
    wasted: int = 0
    seconds: tuple[float, ...] = ()
    unreadable: tuple[str, ...] = ()
    too_many: tuple[Surplus, ...] = ()
    taken_away: tuple[Unresolved, ...] = ()
    differing: tuple[Differing, ...] = ()

    @property
    def seconds_per_sale(self) -> float | None:
        """The median; None before the first sale."""
        return median(self.seconds) if self.seconds else None

    def taken(self, currency: str, method: Method | None = None) -> Money:
        """Takings of one method, or all, in a currency."""
        return _of(self.takings, currency, method)

    def refunded(self, currency: str, method: Method | None = None) -> Money:
        """What went back, by one method or all, in a currency."""
        return _of(self.refunds, currency, method)

    def cash(self, currency: str) -> Money:
        """What sales left in the drawer: cash takings less cash refunds, both as they were rounded."""
        exact = self.taken(currency, Method.CASH) - self.refunded(currency, Method.CASH)
        return exact + self.rounded(currency)

    def rounded(self, currency: str) -> Money:
        """What the rounding of cash left in the drawer; below zero for what it cost."""
        return total((one for one in self.rounding if one.currency == currency), currency)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency that money moved in."""
        moved = (one.amount for one in (*self.takings, *self.refunds))
        return tuple(sorted({one.currency for one in (*moved, *self.absorbed)}))


def _of(sums: Iterable[Sum], currency: str, method: Method | None) -> Money:
    wanted = (one.amount for one in sums if one.amount.currency == currency and method in (None, one.method))
    return total(wanted, currency)


@dataclass
class _Known:
    """A sale on the way through the stretch: as it was at its start, and as it is now or was last understood."""

    opened_at: datetime
    first: Sale | None
    now: Sale
    payments: dict[str, Payment] = field(default_factory=dict)
    understood: bool = True


@dataclass
class _Tally:
    """Figures while they are counted."""

    takings: dict[tuple[Method, str], Sum] = field(default_factory=dict)
    refunds: dict[tuple[Method, str], Sum] = field(default_factory=dict)
    absorbed: dict[str, Money] = field(default_factory=dict)
    beyond: dict[str, Money] = field(default_factory=dict)
    rounding: dict[str, Money] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, None] = field(default_factory=dict)
    too_many: list[Surplus] = field(default_factory=list)
    taken_away: list[Unresolved] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by

    def done(self) -> Figures:
        order = list(Method)

        def sums(found: dict[tuple[Method, str], Sum]) -> tuple[Sum, ...]:
            kept = (one for one in found.values() if one.count or one.amount)  # taken and undone is as if never taken
            return tuple(sorted(kept, key=lambda one: (one.amount.currency, order.index(one.method))))

        borne = tuple(one for _currency, one in sorted(self.absorbed.items()) if one)
        seconds = tuple(self.seconds.values())
        beyond = tuple(one for _currency, one in sorted(self.beyond.items()) if one)
        rounding = tuple(one for _currency, one in sorted(self.rounding.items()) if one)
        return Figures(
            sums(self.takings),
            sums(self.refunds),
            borne,
            beyond,
            rounding,
            seconds=seconds,
            unreadable=tuple(self.unreadable),
            too_many=tuple(self.too_many),
            taken_away=tuple(self.taken_away),
            differing=tuple(self.differing),
            **self.counts,
        )


def _add(sums: dict[tuple[Method, str], Sum], method: Method, amount: Money, count: int = 1) -> None:
    key = (method, amount.currency)
    before = sums.get(key, Sum(method, 0, Money.of(0, amount.currency)))
    sums[key] = Sum(method, before.count + count, before.amount + amount)


def figures(
    before: Iterable[e.Recorded],
    during: Iterable[e.Recorded],
    mode: Mode,
    straight: Mapping[str, Straight] | None = None,
) -> tuple[Figures, Figures]:
    """What live sales, and what practice sales, brought `during`; `before` has the earlier events of the same sales.

    `straight` are sales that were made `during`, by reference, of which no events are given. In a shift of practice no
    live sale counts, and of the others only those of its own mode. A sale whose earlier events are missing is
    unreadable, and its money counts.
    """
    known: dict[str, _Known] = {}
    for row in before:
        _step(known, row)
    for one in known.values():
        one.first = one.now
    tallies: dict[bool | None, _Tally] = {True: _Tally(), False: _Tally(), None: _Tally()}
    _count_straight(tallies, straight or {}, mode)
    for row in during:
        old = known[row.sale].now if row.sale in known else None
        new = _step(known, row)
        tally = tallies[_is_live(new.mode, mode)]
        _count_money(tally, known[row.sale], row)
        if known[row.sale].understood:
            _count(tally, known[row.sale], old, row)
        else:
            tally.unreadable[row.sale] = None
    for one in known.values():
        tally = tallies[_is_live(one.now.mode, mode)]
        _bear(tally, one.first, one.now)
        wasted = _gone(one.now) - (_gone(one.first) if one.first else set())
        if wasted:
            tally.count("wasted", len(wasted))
        before_it = one.first.too_many if one.first else ()
        tally.too_many += [
            Surplus(one.now.reference, order.total, order.reference, one.now.paid_and_ordered)
            for order in one.now.too_many
            if order not in before_it
        ]
        if not one.now.open:
            gone = one.first.taken_away if one.first and not one.first.open else ()
            tally.taken_away += [Unresolved(one.now.reference, o.total) for o in one.now.taken_away if o not in gone]
        known_before = differences(one.first) if one.first else ()
        fresh = (found for found in ordered_otherwise(one.now) if found not in known_before)
        tally.differing += [Differing(one.now.reference, found) for found in fresh]
    return tallies[True].done(), tallies[False].done()


def _count_straight(tallies: Mapping[bool | None, _Tally], straight: Mapping[str, Straight], mode: Mode) -> None:
    """By the thousand: what is alike is added up before it is told."""
    counts: Counter[tuple[bool | None, str]] = Counter()
    payments: dict[tuple[bool | None, Method, str], tuple[int, Decimal]] = {}
    for reference, sale in straight.items():
        live = _is_live(sale.mode, mode)
        counts[live, "sales"] += 1
        counts[live, "orders"] += sale.orders
        counts[live, "tickets"] += sale.tickets
        for method, money in sale.payments:
            key = live, method, money.currency
            times, amount = payments.get(key, (0, Decimal(0)))
            payments[key] = times + 1, amount + money.amount
        tallies[live].seconds[reference] = sale.seconds
    for (live, name), by in counts.items():
        tallies[live].count(name, by)
    for (live, method, currency), (times, amount) in payments.items():
        _add(tallies[live].takings, method, Money(amount, currency), times)


def _is_live(sale: Mode, shift: Mode) -> bool | None:
    """Whether a sale is takings, or practice, of a shift of this mode; None for neither."""
    if shift is not Mode.LIVE:
        return None if sale is not shift else False
    return sale is Mode.LIVE


def _step(known: dict[str, _Known], row: e.Recorded) -> Sale:
    if row.sale in known:
        _follow(known[row.sale], row.event)
    else:  # records whose beginning is gone are not understood, and bear live money (as in recall.py)
        opened = row.event if isinstance(row.event, e.SaleOpened) else e.SaleOpened(row.sale, "", Mode.LIVE, "")
        known[row.sale] = _Known(row.at, None, apply(None, opened), understood=opened is row.event)
        if opened is not row.event:
            _follow(known[row.sale], row.event)
    return known[row.sale].now


def _follow(one: _Known, event: e.Event) -> None:
    """A record that today's rules do not understand costs its sale alone; its money is counted all the same."""
    if isinstance(event, e.PaymentTaken):
        one.payments[event.payment.id] = event.payment
    if one.understood:
        try:
            one.now = apply(one.now, event)
        except Exception:  # as in recall.py
            one.understood = False


def _count_money(tally: _Tally, known: _Known, row: e.Recorded) -> None:
    match row.event:
        case e.PaymentTaken(payment=payment):
            _add(tally.takings, payment.method, payment.amount)
            _add_up(tally.beyond, payment.beyond, 1)
            _add_up(tally.rounding, payment.rounding, 1)
        case e.PaymentUndone(payment=undone) if undone in known.payments:
            payment = known.payments[undone]
            _add(tally.takings, payment.method, -payment.amount, -1)
            _add_up(tally.beyond, payment.beyond, -1)
            _add_up(tally.rounding, payment.rounding, -1)
        case e.MoneyGivenBack(amount=back, method=method, rounding=rounding):
            _add(tally.refunds, method, back)
            _add_up(tally.rounding, rounding, -1)
        case e.CancellationAsked(given_back=back, method=method, rounding=rounding) if back is not None and method:
            _add(tally.refunds, method, back)
            _add_up(tally.rounding, rounding, -1)


def _add_up(sums: dict[str, Money], money: Money | None, times: int) -> None:
    if money is not None:
        sums[money.currency] = sums.get(money.currency, Money.of(0, money.currency)) + money * times


def _count(tally: _Tally, known: _Known, old: Sale | None, row: e.Recorded) -> None:
    match row.event:
        case e.OrderPlaced() if old is not None:
            _count_order(tally, known, old, row)
        case e.OrderFound(order=found) if old is not None and found in known.now.orders:
            _count_order(tally, known, old, row)
        case e.SaleVoided():
            tally.count("voided")
        case e.SaleClosedByHand():
            tally.count("by_hand")
        case e.CancellationAsked(order=order) if old is not None:
            if all(one.order != order for one in old.cancellations):
                tally.count("cancellations")


def _bear(tally: _Tally, old: Sale | None, new: Sale) -> None:
    """A difference counts for as long as the house bears it: a cheaper hold or a refund later takes it away again."""
    now, before = new.house_bears, old.house_bears if old else None
    for change in (now, -before if before else None):
        if change:
            tally.absorbed[change.currency] = tally.absorbed.get(change.currency, Money.of(0, change.currency)) + change


def _count_order(tally: _Tally, known: _Known, old: Sale, row: e.Recorded) -> None:
    tally.count("orders")
    if not old.orders:
        tally.count("sales")
    had = {state.line.id for state in old.lines if state.order}
    tally.count("tickets", sum(one.line.quantity for one in known.now.lines if one.order and one.line.id not in had))
    if old.open:
        tally.seconds[row.sale] = (row.at - known.opened_at).total_seconds()


def _gone(sale: Sale) -> set[str]:
    """Reservations of the sale that ended, or were left to end, without an order."""
    gone = {hold.reservation for hold in sale.let_go}
    gone |= {state.hold for state in sale.lines if state.hold and state.lapsed and not state.order}
    if sale.ending is Ending.VOIDED:
        gone |= {hold.reservation for hold in sale.holds}
    return gone


def unresolved(sales: Iterable[Sale], unreadable: Iterable[Unreadable] = ()) -> tuple[Unresolved, ...]:
    """Sales that were paid and are not confirmed; of the unreadable those with money."""
    return tuple(Unresolved(one.reference, one.taken) for one in unreadable if one.taken and not one.ended) + tuple(
        Unresolved(sale.reference, sale.taken)
        for sale in sales
        if sale.open and sale.payments and not sale.all_ordered and sale.taken
    )


def waiting(sales: Iterable[Sale]) -> tuple[Waiting, ...]:
    """Sales that have not ended, beside those that `unresolved` tells of."""
    found = tuple(sales)
    told = {one.reference for one in unresolved(found)}
    return tuple(
        Waiting(sale.reference, sale.to_collect, sale.parked)
        for sale in found
        if sale.open and sale.lines and sale.reference not in told
    )


def belonging(
    home: Home, found: Iterable[Sale | Unreadable | None]
) -> tuple[list[Sale | Unreadable], list[Sale | Unreadable]]:
    """The sales that are worked on at `home`, and those that wait for something elsewhere."""
    sales = [one for one in found if one is not None]
    return [one for one in sales if home.has(one.home)], [
        one for one in sales if not home.has(one.home) and _waits(one)
    ]


def _waits(one: Sale | Unreadable) -> bool:
    if isinstance(one, Unreadable):
        return not one.ended
    return one.open and bool(one.lines or one.payments)


def elsewhere(others: Iterable[Sale | Unreadable]) -> tuple[Elsewhere, ...]:
    """What a close says of the sales that wait elsewhere."""
    return tuple(Elsewhere(one.reference, one.mode, one.server, one.taken or None) for one in others)
