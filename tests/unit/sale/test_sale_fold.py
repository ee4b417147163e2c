"""Whatever happens to a sale in whatever order, its invariants stand (docs/architecture.md, Idea 1)."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CUSTOMER, OPENED, hold, line, order

from korus_tui.sale import events as e
from korus_tui.sale.apply import apply, fold
from korus_tui.sale.differences import differences, undecided
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import EXPIRED, Ending, Sale
from korus_tui.sale.values import Doubt, Method, Payment, Refusal


class Happenings:
    """The next event: mostly one that fits the sale as it stands, sometimes one that does not."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._numbers = itertools.count()

    def next(self, sale: Sale) -> e.Event:
        makers = self._makers(sale)
        (maker,) = self._random.choices([one for one, _ in makers], [weight for _, weight in makers])
        return maker(sale)

    def _makers(self, sale: Sale) -> list[tuple[Callable[[Sale], e.Event], int]]:
        awaiting, paying = sale.attempt is not None, sale.paying
        return [
            (self._line_added, 2 if not sale.may_change or len(sale.lines) > 3 else 8),
            (self._line_removed, 6 if paying and sale.stuck else 2),
            (self._hold_requested, 12 if not paying or (sale.asked and sale.stuck) else 3),
            (self._answer, 60 if awaiting else 1),
            (self._hold_expired, 2),
            (lambda _sale: e.CustomerEntered(CUSTOMER), 8 if sale.customer is None else 1),
            (self._payment, 15 if paying else 2),
            (lambda _sale: e.PaymentStarted(), 2 if paying else 15),
            (lambda _sale: e.PaymentGivenUp(), 1),
            (self._undone, 1),
            (self._given_back, 6 if sale.credit else 1),
            (self._absorbed, 25 if sale.asked and sale.due and not sale.credit else 1),
            (self._accepted, 1),
            (self._ordered, 15 if paying else 2),
            (lambda _sale: e.SaleParked(), 1),
            (lambda _sale: e.SaleRecalled(), 1),
            (lambda _sale: e.SaleVoided("no"), 1),
            (lambda _sale: e.SaleFinished(), 10 if sale.all_ordered else 1),
            (lambda _sale: e.DocumentHandedOver("/documents/1", "qr", 1), 1),
        ]

    def _new(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def _some(self, items: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in items if self._random.random() < 0.7)

    def _one(self, items: Iterable[str]) -> str:
        return self._random.choice([*items, *items, "nothing"])

    def _line_added(self, _sale: Sale) -> e.Event:
        price = self._random.choice(["0", "10", "4.5"])
        return e.LineAdded(line(self._new("line"), self._random.randint(0, 3), price))

    def _line_removed(self, sale: Sale) -> e.Event:
        return e.LineRemoved(self._one([state.line.id for state in sale.lines]))

    def _hold_requested(self, sale: Sale) -> e.Event:
        lapsed_or_new = [one.line.id for one in sale.lines if one.lapsed or not one.hold]
        wanted = lapsed_or_new if self._random.random() < 0.7 else [one.line.id for one in sale.lines]
        return e.HoldRequested(self._new("call"), self._some(tuple(wanted)))

    def _answer(self, sale: Sale) -> e.Event:
        attempt = sale.attempt
        name = attempt.id if attempt else "nothing"
        if attempt is not None and attempt.doubt is Doubt.ORDER:
            return self._order_answer(sale, name, attempt.reservations)
        lines = self._some(attempt.lines if attempt else ())
        placed = e.HoldPlaced(name, hold(self._new("r"), lines, self._random.choice(["10", "20", "9.99"])))
        others = [e.HoldRefused(name, lines, Refusal("no")), e.OutcomeUnknown(name, Doubt.HOLD, "lost")]
        return self._random.choice([placed, placed, placed, *others, e.OutcomeSettled(name, "gone")])

    def _order_answer(self, sale: Sale, name: str, reservations: tuple[str, ...]) -> e.Event:
        one = self._one(self._random.choice([reservations, reservations, [held.reservation for held in sale.holds]]))
        placed = e.OrderPlaced(name, order(self._new("o"), one, self._random.choice(["10", "11"])))
        refusal = Refusal(self._random.choice([EXPIRED, "not-ordered", "refused"]))
        others = [e.OrderRefused(name, self._some(reservations), refusal), e.OutcomeUnknown(name, Doubt.ORDER, "lost")]
        return self._random.choice([placed, placed, placed, *others, e.OutcomeSettled(name, "gone")])

    def _hold_expired(self, sale: Sale) -> e.Event:
        return e.HoldExpired(self._one([held.reservation for held in sale.holds]))

    def _payment(self, sale: Sale) -> e.Event:
        due = sale.due or Money.of("1", "EUR")
        share = Decimal(self._random.choice(["1", "1", "1", "0.5", "1.1", "-1"]))
        return e.PaymentTaken(Payment(self._new("p"), Method.CASH, Money(due.amount * share, due.currency)))

    def _undone(self, sale: Sale) -> e.Event:
        return e.PaymentUndone(self._one([payment.id for payment in sale.payments]))

    def _given_back(self, sale: Sale) -> e.Event:
        credit = sale.credit or sale.taken or Money.of("1", "EUR")
        share = Decimal(self._random.choice(["1", "1", "0.5", "1.1", "0"]))
        amount = Money(credit.amount * share, credit.currency)
        return e.MoneyGivenBack(self._new("b"), amount, self._random.choice(list(Method)), "sold out")

    def _absorbed(self, sale: Sale) -> e.Event:
        due = sale.due or Money.of("1", "EUR")
        share = Decimal(self._random.choice(["1", "1", "0.5", "1.1"]))
        return e.DifferenceAbsorbed(Money(due.amount * share, due.currency), "our fault")

    def _accepted(self, sale: Sale) -> e.Event:
        return e.DifferenceAccepted(self._one([found.key for found in differences(sale)]), "seen")

    def _ordered(self, sale: Sale) -> e.Event:
        if self._random.random() < 0.2:
            wanted = [held.reservation for held in sale.holds]
        else:
            wanted = [one.hold for one in sale.lines if one.hold and not (one.order or one.lapsed)]
        asked = tuple(dict.fromkeys(wanted))
        return e.OrderRequested(self._new("call"), asked if self._random.random() < 0.7 else self._some(asked))


def check_invariants(sale: Sale, placed: set[str]) -> None:
    orders = Counter(one.reservation for one in sale.orders)
    assert max(orders.values(), default=0) <= 1, "a reservation is ordered at most once"
    used = {state.hold for state in sale.lines if state.hold}
    assert used == {one.reservation for one in sale.holds}, "every hold is used by a line"
    for one in sale.holds:
        assert {state.line.id for state in sale.lines if state.hold == one.reservation} == set(one.lines)
    known = {one.reservation for one in (*sale.holds, *sale.let_go)}
    assert known == placed, "a hold is used or let go, never forgotten"
    assert {one.reservation for one in (*sale.running_holds, *sale.let_go)} <= known
    assert {state.order for state in sale.lines if state.order} == {one.order for one in sale.orders}
    owed, taken, due, borne = sale.to_collect, sale.taken, sale.due, sale.house_bears
    if owed is not None and taken is not None:
        assert borne is not None
        assert due == owed - taken - borne
        assert taken.amount >= 0, "no more goes back than was taken"
        assert borne.amount >= 0
        assert not (sale.credit and borne), "what the house bears never becomes money for the customer"
    if sale.ending is Ending.VOIDED:
        assert not sale.taken, "money is given back before a sale is voided"
    if sale.ending is Ending.FINISHED:
        assert sale.credit is None, "credit is given back before a sale is finished"
    if taken and sale.open and sale.attempt is None:
        gone = any(one.lapsed for one in sale.lines) or not sale.lines
        assert sale.paid_not_confirmed or not gone, "paid, lapsed and uncounted"
    if sale.attempt is not None:
        assert sale.attempt.lines
        assert all(sale.line(one) for one in sale.attempt.lines)
    if sale.payments:
        assert sale.paying
    assert set(undecided(sale)) <= set(differences(sale))


def check_step(before: Sale, event: e.Event, after: Sale) -> None:
    if isinstance(event, e.PaymentTaken):
        assert after.due is not None
        assert after.due.amount >= 0, "money taken never exceeds what is owed"
    if isinstance(event, e.OrderRequested):
        assert before.due is not None
        assert before.due.amount <= 0, "an order is asked for only once it is paid"
        assert before.attempt is None
    if isinstance(event, e.MoneyGivenBack):
        assert before.credit is not None
        assert event.amount <= before.credit
    if before.paying and not before.may_change and not isinstance(event, e.PaymentGivenUp):
        assert {one.line.id for one in after.lines} == {one.line.id for one in before.lines}, "the basket is pinned"
    if not before.open:
        assert isinstance(event, e.AFTER_THE_END), "nothing but what documents and refunds need after the end"


def live(seed: int, steps: int) -> tuple[Sale, list[e.Event]]:
    """A sale that many things happened to, each step checked, and the events that were allowed."""
    happenings = Happenings(seed)
    sale = apply(None, OPENED)
    history: list[e.Event] = [OPENED]
    placed: set[str] = set()
    for _ in range(steps):
        event = happenings.next(sale)
        try:
            after = apply(sale, event)
        except NotAllowed:
            continue
        if isinstance(event, e.HoldPlaced):
            placed.add(event.hold.reservation)
        history.append(event)
        check_step(sale, event, after)
        check_invariants(after, placed)
        sale = after
    return sale, history


@settings(max_examples=400)
@given(st.integers(0, 2**32), st.integers(10, 80))
def test_invariants_stand_whatever_happens(seed: int, steps: int) -> None:
    sale, history = live(seed, steps)
    assert fold(history) == sale


def _replaced_after_payment(history: list[e.Event]) -> bool:
    paid = next((place for place, event in enumerate(history) if isinstance(event, e.PaymentTaken)), len(history))
    later = {type(event) for event in history[paid:]}
    return {e.LineRemoved, e.LineAdded, e.HoldPlaced} <= later and e.PaymentUndone not in later


def test_the_happenings_reach_every_kind_of_end() -> None:
    """The test above proves something only if its sales come far enough."""
    sales = [live(seed, 80) for seed in range(1000)]
    seen = {type(event) for _, history in sales for event in history}
    assert seen >= {e.OrderPlaced, e.OrderRefused, e.PaymentUndone, e.SaleFinished, e.SaleVoided, e.OutcomeSettled}
    assert any(sale.paid_not_confirmed and sale.orders for sale, _ in sales)
    assert any(sale.due is not None and sale.due.amount < 0 for sale, _ in sales)
    assert seen >= {e.MoneyGivenBack, e.DifferenceAbsorbed}
    replaced = [history for _, history in sales if _replaced_after_payment(history)]
    assert any(isinstance(event, e.OrderPlaced) for history in replaced for event in history)
    assert any(sale.ending is Ending.VOIDED and sale.payments for sale, _ in sales)
    assert any(sale.house_bears and sale.all_ordered for sale, _ in sales)
    assert any(sale.let_go and sale.all_ordered for sale, _ in sales)
    assert any(len(held.lines) > 1 for sale, _ in sales for held in sale.let_go)
