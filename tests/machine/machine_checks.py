"""What must be true after every step: the agent's memory, the desk, the journal and the server say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from till import Till

from korus_tui.counter.core.gate import BY_THE_TILL
from korus_tui.counter.till.till import recorded, stream_of
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.apply import fold
from korus_tui.sale.events import Recorded
from korus_tui.sale.state import UNKNOWN, Ending, GivenBack, Sale
from korus_tui.sale.till_events import TillRecorded
from korus_tui.sale.values import Customer, Doubt, Mode, Payment
from korus_tui.sale.weight import Weight, weight


class Typed(NamedTuple):
    """What the agent confirmed and typed of one sale."""

    payments: tuple[Payment, ...] = ()
    given_back: tuple[GivenBack, ...] = ()
    customer: Customer | None = None
    notes: str = ""


def last_id(iri: str) -> str:
    """The server's id of what an address names."""
    return iri.rpartition("/")[2]


@dataclass
class Memory:
    """What the agent knows of one sale: money confirmed, customer and notes typed; two where a kill left it open."""

    possible: list[Typed] = field(default_factory=lambda: [Typed()])


class Checks:
    """Compares a counter with what the agent remembers and with the server."""

    def __init__(self, till: Till, strangers: set[str]) -> None:
        self.till = till
        self.strangers = strangers  # reservations that were at the server before this counter
        self.memory: dict[str, Memory] = {}
        self.sales: list[Sale] = []  # every sale, open or ended, as the journal had it at the last look
        self.events: dict[str, list[e.Event]] = {}  # by sale
        self.elsewhere: dict[str, Sale] = {}  # what belongs to another mode, as it was at the last look
        self.back: Counter[str] = Counter()  # how often money went back, by sale, at the last look

    async def journal_and_desk(self) -> None:
        """The journal's fold is the desk's sale, for every sale of this mode; those of another stay as they are."""
        desk = self.till.services.desk
        journal = await desk.ledger.journal()
        events: dict[str, list[e.Event]] = {}
        async with desk.at_rest():
            on_desk = {sale.reference: sale for sale in desk.sales}
            rows = await journal.tail(0)
            drawer = recorded(await journal.read_stream(stream_of(self.till.profile.till)))
        for row in rows:
            events.setdefault(row.sale, []).append(row.event)
        folded = {reference: sale for reference, one in events.items() if (sale := fold(one))}
        assert len(folded) == len(events)
        ours = {reference for reference, sale in folded.items() if desk.home.has(sale.home)}
        assert on_desk == {reference: sale for reference, sale in folded.items() if sale.open and reference in ours}
        self._left_alone({reference: sale for reference, sale in folded.items() if reference not in ours})
        self._by_somebody(rows, drawer, folded)
        for reference, sale in folded.items():
            self._remembered(reference, sale)
        assert set(self.memory) <= set(folded), "a sale that the agent saw is gone"
        self.sales = list(folded.values())
        self.events = events

    def _left_alone(self, now: dict[str, Sale]) -> None:
        """What belongs to another mode or server does not change here."""
        for reference, sale in self.elsewhere.items():
            assert now.get(reference, sale) == sale, f"changed in another mode: {now[reference]} was {sale}"
        self.elsewhere = now

    @staticmethod
    def _by_somebody(rows: Sequence[Recorded], drawer: Sequence[TillRecorded], sales: dict[str, Sale]) -> None:
        """Every live event that moves money has a name on it, and an open drawer to be counted in."""
        steps = sorted([*rows, *drawer], key=lambda row: row.seq)
        is_open = False
        for row in steps:
            if isinstance(row, TillRecorded):
                if row.event.mode is Mode.LIVE and isinstance(row.event, t.TillOpened | t.TillClosed):
                    is_open = isinstance(row.event, t.TillOpened)
            elif weight(row.event) is Weight.MONEY:
                assert row.agent not in ("", BY_THE_TILL), f"money moved by nobody: {row}"
                assert is_open or sales[row.sale].mode is not Mode.LIVE, f"money moved while the till was closed: {row}"

    def money_back(self, ordered: Set[str]) -> None:
        """No money went back since the last look over an order that was there before (`ordered`: its reservations)."""
        for sale in self.sales:
            times = sum(isinstance(one, e.PaymentUndone | e.MoneyGivenBack) for one in self.events[sale.reference])
            if times > self.back[sale.reference]:
                known = {last_id(one.reservation or "") for one in sale.all_orders}
                unknown = {last_id(hold.reservation) for hold in sale.holds} & ordered - known
                assert not unknown, f"money went back over an order: {unknown} of {sale}"
            self.back[sale.reference] = times

    def _remembered(self, reference: str, sale: Sale) -> None:
        """Money and words are as the agent confirmed and typed them; an ended sale forgets its customer only."""
        memory = self.memory.setdefault(reference, Memory())
        now = Typed(sale.payments, sale.given_back, sale.customer, sale.notes)
        if sale.open or sale.ending is Ending.VOIDED:
            assert now in memory.possible, f"{now} is none of {memory.possible}"
            memory.possible = [now]
        else:
            assert now[:2] in [one[:2] for one in memory.possible]
            assert (sale.customer, sale.notes) == (None, "")
        if sale.taken:
            settled = sale.all_ordered or sale.ending is Ending.CLOSED_BY_HAND
            assert settled or sale.open, "money was taken for a sale that ended without an order"
            assert settled or sale.paid_not_confirmed or not sale.asked, "a paid sale that no board shows"
        for order in sale.all_orders:
            assert sum(one.reservation == order.reservation for one in sale.all_orders) == 1

    def server(self, state: dict[str, Any], *, complete: bool) -> None:
        """No reservation is ordered twice, ours are ours, and no place is kept that no screen speaks of.

        `state` was read after the journal: what the server did meanwhile was in flight then.
        `complete`: nothing is in flight at the server either, and the till has looked for orders that came late.
        """
        at_server = {one["id"]: one for one in state["reservations"]}
        twice = Counter(one["reservation"] for one in state["orders"])
        assert all(count == 1 for count in twice.values()), f"ordered twice: {twice}"
        for sale in self.sales:
            self._orders(sale, state, complete=complete)
            self._holds(sale, at_server)

    @staticmethod
    def _orders(sale: Sale, state: dict[str, Any], *, complete: bool) -> None:
        """The sale's orders are the server's; in the end it knows each, whatever the till took it for before.

        Of one that does not say of which hold it is, nothing but itself is known until the reservation could be read.
        """
        theirs = {
            one["id"]: one["reservation"] for one in state["orders"] if one["external_reference"] == sale.reference
        }
        ours = {last_id(one.order): last_id(one.reservation or "") for one in sale.all_orders}
        certain = {order: reservation for order, reservation in ours.items() if reservation}
        assert ours.keys() <= theirs.keys(), f"{ours} is more than {theirs}"
        assert certain.items() <= theirs.items(), f"{ours} is more than {theirs}"
        if complete and not (sale.open and sale.attempt is not None):
            assert ours == theirs, f"{ours} are not {theirs}: {sale}"

    @staticmethod
    def _holds(sale: Sale, at_server: dict[str, dict[str, Any]]) -> None:
        """Every hold on the screen is the server's, for as many people, and ordered by nobody but this sale."""
        ordered = {order.reservation for order in sale.all_orders}
        for hold in sale.running_holds:
            there = at_server[last_id(hold.reservation)]
            people = sum(state.line.quantity for state in sale.lines if state.hold == hold.reservation)
            assert there["item"]["quantity"] == people
            if there["order"] and sale.attempt is None and sale.open and hold.reservation not in sale.doubted:
                assert hold.reservation in ordered, f"{hold} was ordered, and the sale does not know"

    @property
    def used(self) -> list[str]:
        """The reservations that this till's sales hold, held or have ordered, once for each sale."""
        return [one for sale in self.sales for one in reservations_of(sale)]

    @property
    def places_in_doubt(self) -> int:
        """How many places the till says may be held without it."""
        return sum(self._places_in_doubt(reference, rows) for reference, rows in self.events.items())

    def _places_in_doubt(self, reference: str, rows: list[e.Event]) -> int:
        lines = {row.line.id: row.line.quantity for row in rows if isinstance(row, e.LineAdded)}
        refused = [row for row in rows if isinstance(row, e.HoldRefused) and row.refusal.code == UNKNOWN]
        places = sum(lines[line] for row in refused for line in row.lines)
        sale = next(one for one in self.sales if one.reference == reference)
        if sale.attempt and sale.attempt.doubt is Doubt.HOLD:
            places += sum(lines[line] for line in sale.attempt.lines)
        return places


def reservations_of(sale: Sale) -> set[str]:
    """The ids of what a sale holds, held or has ordered."""
    named = {hold.reservation for hold in (*sale.holds, *sale.let_go)}
    return {last_id(one) for one in named | {order.reservation or "" for order in sale.all_orders}} - {""}


def over_all(tills: Sequence[Checks], state: dict[str, Any]) -> None:
    """No reservation is used by two sales of the account; what is kept for nobody is said to be in doubt somewhere."""
    used = Counter(one for checks in tills for one in checks.used)
    assert all(count == 1 for count in used.values()), f"one reservation for two sales: {used}"
    strangers = tills[0].strangers
    strays = [
        one
        for one in state["reservations"]
        if one["id"] not in used.keys() | strangers and not one["expired"] and not one["order"]
    ]
    theirs = {one["id"] for one in state["reservations"] if one.get("by") == "shop"}
    assert not theirs & used.keys(), "what the shop holds is a till's"
    said = sum(checks.places_in_doubt for checks in tills)
    kept = sum(one["item"]["quantity"] for one in strays if one["id"] not in theirs)
    assert kept <= said, f"{kept} places are kept for nobody, {said} were said to be in doubt"
