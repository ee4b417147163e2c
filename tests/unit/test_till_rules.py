"""The till's fold: what is expected in the drawer, what a Z fixes for good, and which day an instant belongs to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import instants, of

from korus_tui.counter.till import export, report
from korus_tui.counter.till.till import stream_of
from korus_tui.journal import codec
from korus_tui.sale import events as e
from korus_tui.sale import reading
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.shifts import Shift, apply, business_day, shifts
from korus_tui.sale.takings import Figures
from korus_tui.sale.values import (
    Customer,
    Doubt,
    Hold,
    Line,
    Method,
    Mode,
    Payment,
    PlacedOrder,
    Refusal,
    TicketChoice,
)

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2025, 6, 7, 8, 0, tzinfo=UTC)
CUSTOMER = Customer("Walk-in", "Customer", "walk-in@example.org", walk_in=True)


def eur(minor: int) -> Money:
    return Money.from_minor(minor, "EUR")


@dataclass
class Story:
    """A journal written by hand: till events and sales' events in one order, a second apart."""

    seq: int = 0
    till: list[t.TillRecorded] = field(default_factory=list)
    sales: list[e.Recorded] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.seq)

    def happen(self, event: t.TillEvent, agent: str = "Léa") -> None:
        self.seq += 1
        self.till.append(t.TillRecorded(self.seq, self.now, agent, event))

    def sell(self, sale: str, *events: e.Event) -> None:
        for event in events:
            self.seq += 1
            self.sales.append(e.Recorded(self.seq, sale, self.now, "Léa", "till 1", event))

    def readings(self, mode: Mode = Mode.LIVE, waiting: tuple[t.Unresolved, ...] = ()) -> list[Reading]:
        """Every shift's reading, oldest first, the running one last."""
        found = []
        for shift in shifts(self.till, mode):
            during = reading.within(shift, self.sales)
            names = reading.earlier(shift, during)
            before = [row for row in self.sales if row.sale in names and row.seq <= shift.after]
            found.append(
                reading.read(
                    shift, before, during, waiting, till="till 1", mode=mode, currency="EUR", at=self.now, zone=PARIS
                )
            )
        return found

    def close(self, counted: Money) -> None:
        expected = self.readings()[-1].expected
        assert expected is not None
        self.happen(t.TillClosed(Mode.LIVE, counted, expected))


def sale_events(
    name: str, mode: Mode, method: Method, minor: int, *, undo: bool = False, quantity: int = 2, back: bool = False
) -> list[e.Event]:
    """A whole sale of one line, from the customer's coming to the last word."""
    total, hold = eur(minor), f"reservation-{name}"
    line = Line("l", "offer", "product", "Adulte", date(2025, 6, 7), quantity, eur(minor), (TicketChoice("t", "x"),))
    paid: list[e.Event] = [e.PaymentTaken(Payment("p", method, total))]
    if undo:
        paid += [e.PaymentUndone("p"), e.PaymentTaken(Payment("p2", Method.CARD, total))]
    return [
        e.SaleOpened(name, "catalog", mode, "fr"),
        e.LineAdded(line),
        e.HoldRequested("a1", ("l",)),
        e.HoldPlaced("a1", Hold(hold, ("l",), total, None, None, START)),
        e.CustomerEntered(CUSTOMER),
        e.PaymentStarted(),
        *paid,
        e.OrderRequested("a2", (hold,)),
        e.OrderPlaced("a2", PlacedOrder(f"order-{name}", f"KT-{name}", hold, total, None)),
        e.SaleFinished(),
        *([e.CancellationAsked(f"order-{name}", "ill", eur(1), Method.CASH)] if back else []),
    ]


amounts = st.integers(1, 500_00)
sale_plans = st.tuples(st.sampled_from(Mode), st.sampled_from(Method), amounts, st.booleans())
steps = st.one_of(
    st.tuples(st.just("advance"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["open", "in", "out", "z", "practice"]), amounts),
)


@dataclass
class Model:
    """The drawer in cents, counted along in the plainest way."""

    open: bool = False
    cents: int = 0
    cash: int = 0
    closed: list[int] = field(default_factory=list)


def play(plans: Sequence[tuple[Mode, Method, int, bool]], chosen: Sequence[tuple[str, int]]) -> tuple[Story, Model]:
    """Interleave sales and till events as they come; what the rules forbid at that moment is left out."""
    story, model = Story(), Model()
    waiting = [
        sale_events(str(n), mode, method, minor, undo=undo, back=True)
        for n, (mode, method, minor, undo) in enumerate(plans)
    ]
    for what, value in chosen:
        if what == "advance":
            if value < len(waiting) and waiting[value]:
                _advance(story, model, str(value), plans[value], waiting[value].pop(0))
        elif what == "practice":
            story.happen(t.CashPutIn(Mode.TRAINING, eur(value), "x")) if _practising(story) else story.happen(
                t.TillOpened(Mode.TRAINING, eur(value))
            )
        elif what == "open" and not model.open:
            story.happen(t.TillOpened(Mode.LIVE, eur(value)))
            model.open, model.cents = True, model.cents + value
        elif model.open and what == "in":
            story.happen(t.CashPutIn(Mode.LIVE, eur(value), "bank"))
            model.cents += value
        elif model.open and what == "out":
            story.happen(t.CashTakenOut(Mode.LIVE, eur(value), "stamps"))
            model.cents -= value
        elif model.open and what == "z":
            story.close(eur(value))
            model.closed.append(model.cents + model.cash)
            model.open, model.cents, model.cash = False, 0, 0
    return story, model


def _practising(story: Story) -> bool:
    return any(isinstance(row.event, t.TillOpened) and row.event.mode is Mode.TRAINING for row in story.till)


def _advance(story: Story, model: Model, name: str, plan: tuple[Mode, Method, int, bool], event: e.Event) -> None:
    story.sell(name, event)
    mode, method, minor, _undo = plan
    if mode is Mode.LIVE and isinstance(event, e.CancellationAsked):
        model.cash -= 1
    if mode is Mode.LIVE and method is Method.CASH:
        if isinstance(event, e.PaymentTaken) and event.payment.method is Method.CASH:
            model.cash += minor
        if isinstance(event, e.PaymentUndone):
            model.cash -= minor


plays = st.tuples(st.lists(sale_plans, min_size=4, max_size=4), st.lists(steps, max_size=80))


@given(plays)
def test_expected_cash_is_float_and_takings_and_in_less_out(chosen: tuple[Any, Any]) -> None:
    story, model = play(*chosen)
    *closed, running = story.readings()
    assert [one.expected for one in closed] == [eur(cents) for cents in model.closed]
    assert running.expected == (eur(model.cents + model.cash) if model.open else None)
    if running.expected is not None and running.shift.opening is not None:
        shift = running.shift
        assert running.expected == (
            running.shift.opening.amount
            + running.live.taken("EUR", Method.CASH)
            + shift.put_in("EUR")
            - shift.taken_out("EUR")
            - running.live.refunded("EUR", Method.CASH)
        )


@given(plays, plays)
def test_a_closed_day_never_changes(first: tuple[Any, Any], more: tuple[Any, Any]) -> None:
    """Whatever is recorded afterwards, also of sales that were begun before the Z."""
    plans, chosen = first
    early, _ = play(plans, chosen)
    late, _ = play(plans, [*chosen, *more[1]])
    for before, after in zip(early.readings()[:-1], late.readings(), strict=False):
        assert (before.shift, before.live, before.practice, before.expected, before.unresolved) == (
            after.shift,
            after.live,
            after.practice,
            after.expected,
            after.unresolved,
        )


@given(plays)
def test_every_payment_is_in_exactly_one_shift(chosen: tuple[Any, Any]) -> None:
    story, _ = play(*chosen)
    expected = {True: 0, False: 0}
    modes = {row.sale: row.event.mode for row in story.sales if isinstance(row.event, e.SaleOpened)}
    for row in story.sales:
        live = modes[row.sale] is Mode.LIVE
        if isinstance(row.event, e.PaymentTaken):
            expected[live] += row.event.payment.amount.minor
        if isinstance(row.event, e.PaymentUndone):
            expected[live] -= chosen[0][int(row.sale)][2]
    found = story.readings()
    assert sum(one.live.taken("EUR").minor for one in found) == expected[True]
    assert sum(one.practice.taken("EUR").minor for one in found) == expected[False]
    assert all(one.live == Figures() for one in story.readings(Mode.TRAINING))


@given(plays)
def test_reading_twice_is_reading_once(chosen: tuple[Any, Any]) -> None:
    """X changes nothing."""
    story, _ = play(*chosen)
    before = (list(story.till), list(story.sales))
    assert story.readings() == story.readings()
    assert (story.till, story.sales) == before


def test_practice_sales_are_counted_apart_and_never_in_takings() -> None:
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(10000)))
    story.sell("live", *sale_events("live", Mode.LIVE, Method.CASH, 8700))
    story.sell("demo", *sale_events("demo", Mode.DEMO, Method.CASH, 4200))
    story.sell("training", *sale_events("training", Mode.TRAINING, Method.CARD, 100))
    (found,) = story.readings()
    assert found.expected == eur(18700)
    assert found.live.taken("EUR") == eur(8700)
    assert found.practice.taken("EUR") == eur(4300)
    assert (found.live.sales, found.practice.sales) == (1, 2)
    assert "never in takings" in report.as_text([found])


def test_counts_of_a_day() -> None:
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(0)))
    story.sell("one", *sale_events("one", Mode.LIVE, Method.CASH, 8700, quantity=3))
    story.sell("two", *sale_events("two", Mode.LIVE, Method.CASH, 8700, undo=True))
    story.sell("gone", *sale_events("gone", Mode.LIVE, Method.CASH, 100)[:4], e.SaleVoided("changed their mind"))
    late = sale_events("late", Mode.LIVE, Method.CASH, 100)
    story.sell("late", *late[:4], e.HoldExpired("reservation-late"))
    (found,) = story.readings()
    live = found.live
    assert (live.sales, live.tickets, live.orders, live.voided, live.wasted) == (2, 5, 2, 1, 2)
    assert [(one.method, one.count, one.amount) for one in live.takings] == [
        (Method.CASH, 1, eur(8700)),
        (Method.CARD, 1, eur(8700)),
    ]
    assert live.seconds == (8.0, 10.0)
    assert live.seconds_per_sale == 9.0


@pytest.mark.parametrize(("method", "expected"), [(Method.CASH, 7000), (Method.CARD, 9700)])
def test_money_given_back_lowers_the_drawer_and_not_the_takings(method: Method, expected: int) -> None:
    """Asked for twice, a cancellation is one; what goes back after the Z is of the shift that runs then."""
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(1000)))
    story.sell("one", *sale_events("one", Mode.LIVE, Method.CASH, 8700))
    asked = e.CancellationAsked("order-one", "ill", eur(2000), method)
    story.sell("one", asked, e.CancellationAsked("order-one", "ill", eur(700), method))
    (found,) = story.readings()
    assert found.live.taken("EUR") == eur(8700)
    assert found.live.refunded("EUR", method) == eur(2700)
    assert found.live.cancellations == 1
    assert found.expected == eur(expected)
    assert "-27.00 EUR" in report.as_text([found])
    story.close(eur(expected))
    story.happen(t.TillOpened(Mode.LIVE, eur(1000)))
    story.sell("one", e.CancellationAsked("order-one", "ill", eur(100), Method.CASH))
    closed, running = story.readings()
    assert closed.expected == eur(expected)
    assert (running.expected, running.live.cancellations) == (eur(900), 0)


def _lapsed_after_payment(name: str, again: int) -> list[e.Event]:
    """Paid 87.00 in cash; the hold lapsed before the order, and was placed again at another total."""
    start = sale_events(name, Mode.LIVE, Method.CASH, 8700)[:8]
    held = Hold(f"again-{name}", ("l",), eur(again), None, None, START)
    return [
        *start,
        e.OrderRefused("a2", (f"reservation-{name}",), Refusal("expired")),
        e.HoldRequested("a3", ("l",)),
        e.HoldPlaced("a3", held),
    ]


def test_a_credit_that_was_given_back_lowers_the_drawer_and_not_the_takings() -> None:
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(1000)))
    back = e.MoneyGivenBack("b", eur(700), Method.CASH, "it became cheaper")
    story.sell("one", *_lapsed_after_payment("one", 8000), back)
    (found,) = story.readings()
    assert found.live.taken("EUR") == eur(8700)
    assert found.live.refunded("EUR", Method.CASH) == eur(700)
    assert found.expected == eur(1000 + 8700 - 700)


def test_what_the_house_bears_is_reported_for_as_long_as_it_does() -> None:
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(1000)))
    story.sell("one", *_lapsed_after_payment("one", 9000), e.DifferenceAbsorbed(eur(300), "the line was down"))
    (found,) = story.readings()
    assert found.live.absorbed == (eur(300),)
    assert found.expected == eur(9700)
    assert "borne by the house" in report.as_text([found])
    assert "absorbed,total,,3.00,EUR" in export.as_csv([found])
    cheaper = Hold("third-one", ("l",), eur(8700), None, None, START)
    story.sell("one", e.HoldRequested("a4", ("l",)), e.HoldPlaced("a4", cheaper))
    (found,) = story.readings()
    assert found.live.absorbed == ()


def test_a_paid_sale_closed_by_hand_stays_in_the_takings_and_is_counted() -> None:
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(0)))
    events = sale_events("one", Mode.LIVE, Method.CASH, 8700)[:-2]
    lost = e.OutcomeUnknown("a2", Doubt.ORDER, "no answer")
    story.sell("one", *events, lost, e.SaleClosedByHand("refunded by the office"))
    (found,) = story.readings()
    assert (found.live.by_hand, found.live.sales, found.expected) == (1, 0, eur(8700))
    assert "closed by hand" in report.as_text([found])


@pytest.mark.parametrize(
    "events",
    [
        [t.CashPutIn(Mode.LIVE, eur(1), "x")],
        [t.TillOpened(Mode.LIVE, eur(1)), t.TillOpened(Mode.LIVE, eur(1))],
        [t.TillOpened(Mode.LIVE, eur(-1))],
        [t.TillOpened(Mode.LIVE, eur(1)), t.CashPutIn(Mode.LIVE, eur(0), "x")],
        [t.TillOpened(Mode.LIVE, eur(1)), t.CashTakenOut(Mode.LIVE, eur(1), "  ")],
        [t.TillOpened(Mode.LIVE, eur(1)), t.CashTakenOut(Mode.LIVE, Money.of("1", "CHF"), "x")],
        [t.TillClosed(Mode.LIVE, eur(1), eur(1))],
        [t.TillOpened(Mode.LIVE, eur(1)), *[t.TillClosed(Mode.LIVE, eur(1), eur(1))] * 2],
    ],
)
def test_what_a_till_forbids(events: list[t.TillEvent]) -> None:
    story = Story()
    for event in events:
        story.happen(event)
    with pytest.raises(NotAllowed):
        reduce(apply, story.till, Shift(1, 0))
    assert shifts(story.till, Mode.LIVE)  # records that others took from are read as they stand


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2025-06-07T05:59:59+02:00", date(2025, 6, 6)),
        ("2025-06-07T06:00:00+02:00", date(2025, 6, 7)),
        ("2025-06-08T01:30:00+02:00", date(2025, 6, 7)),
        ("2025-06-07T03:59:59Z", date(2025, 6, 6)),
        ("2025-03-30T06:00:00+02:00", date(2025, 3, 30)),  # the clocks went forward at two
        ("2025-03-30T04:59:59+01:00", date(2025, 3, 29)),
        ("2025-10-26T06:00:00+01:00", date(2025, 10, 26)),  # and back
        ("2025-10-26T05:59:59+01:00", date(2025, 10, 25)),
    ],
)
def test_business_day_runs_from_six_to_six_in_venue_time_f33(at: str, day: date) -> None:
    assert business_day(datetime.fromisoformat(at), PARIS) == day


@given(instants)
def test_business_day_is_the_calendar_day_or_the_one_before_f33(at: datetime) -> None:
    local = at.astimezone(PARIS)
    assert business_day(at, PARIS) == (local.date() if local.hour >= 6 else local.date() - timedelta(days=1))


@given(st.one_of([of(cls) for cls in t.TillEvent.__args__]))
def test_every_till_event_survives_the_journal(event: t.TillEvent) -> None:
    stream = stream_of("till 1")
    row = codec.encode(stream, event)
    assert codec.decode(stream, row.kind, row.version, row.payload, lambda _id: None) == event


# The report

hostile = st.sampled_from(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"]) | st.text(
    max_size=30
)


@given(hostile, hostile)
def test_formulas_in_names_are_inert_in_the_csv_f74(agent: str, reason: str) -> None:
    """F74."""
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(10000)), agent)
    story.happen(t.CashTakenOut(Mode.LIVE, eur(5000), f"{reason}x"), agent)
    rows = list(csv.DictReader(io.StringIO(export.as_csv(story.readings()))))
    assert rows
    for row in rows:
        for name in ("till", "agent", "text", "item", "section"):
            assert not row[name].lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    out = next(row for row in rows if row["item"] == "cash_out")
    assert out["amount"] == "-50.00"  # a figure stays a figure


def closed_day(counted: int = 18500) -> Reading:
    story = Story()
    story.happen(t.TillOpened(Mode.LIVE, eur(10000)))
    story.sell("one", *sale_events("one", Mode.LIVE, Method.CASH, 8700))
    story.happen(t.CashPutIn(Mode.LIVE, eur(500), "coins"))
    story.happen(t.CashTakenOut(Mode.LIVE, eur(300), "stamps for the " + "very " * 30 + "long letter"))
    waiting = (t.Unresolved("KT7-4F2Q", eur(4200)),)
    story.happen(t.TillClosed(Mode.LIVE, eur(counted), eur(18900), waiting))
    return story.readings()[0]


@pytest.mark.parametrize(("counted", "word"), [(18500, "short"), (19000, "over"), (18900, "neither")])
def test_the_text_is_printable_in_80_columns_and_says_over_and_short(counted: int, word: str) -> None:
    text = report.as_text([closed_day(counted)])
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.isprintable() for line in lines)
    assert any(word in line and line.endswith(f" {eur(counted - 18900).text} EUR") for line in lines)
    for said in ("Z 1", "2025-06-07", "KT7-4F2Q", "42.00 EUR", "coins", "189.00 EUR"):
        assert said in text


def test_what_a_terminal_would_obey_stands_in_no_report_f71() -> None:
    """Names come from a variable of the session, reasons from a keyboard: an old journal may hold anything."""
    story = Story()
    name = "Ad\x1b]0;x\x07a\x9b31m\u202e\n"
    story.happen(t.TillOpened(Mode.LIVE, eur(100_00)), name)
    story.happen(t.CashTakenOut(Mode.LIVE, eur(5_00), f"coins {name}"), name)
    found = story.readings()
    for text in (export.as_json(found), export.as_csv(found), report.as_text(found)):
        assert "coins" in text
        assert all(sign.isprintable() or sign in "\r\n" for sign in text)
    assert len(export.as_csv(found).split("\r\n")) == len(export.as_csv(found).splitlines()) + 1


def test_json_and_csv_say_the_same_as_the_reading() -> None:
    found = closed_day()
    (told,) = json.loads(export.as_json([found]))
    assert told["reading"] == "Z"
    assert told["expected"] == {"amount": "189.00", "currency": "EUR"}
    assert told["closing"]["difference"] == {"amount": "-4.00", "currency": "EUR"}
    assert told["takings"] == [{"method": "cash", "count": 1, "amount": "87.00", "currency": "EUR"}]
    assert told["counts"]["sales"] == 1
    assert told["unresolved"] == [{"reference": "KT7-4F2Q", "amount": "42.00", "currency": "EUR"}]
    rows = {(row["section"], row["item"]): row for row in csv.DictReader(io.StringIO(export.as_csv([found])))}
    assert rows["drawer", "difference"]["amount"] == "-4.00"
    assert rows["takings", "cash"]["count"] == "1"
    assert rows["drawer", "float"]["agent"] == "Léa"
