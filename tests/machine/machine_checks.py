"""What must be true after every step: the agent's memory, the desk, the journal and the server say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from till import Till

from korus_tui.counter.booking.holding import UNKNOWN
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.state import Ending, GivenBack, Sale
from korus_tui.sale.values import Customer, Doubt, Payment


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

    async def journal_and_desk(self) -> dict[str, list[e.Event]]:
        """The journal's fold is the desk's sale, for every sale; the events by sale."""
        desk = self.till.services.desk
        journal = await desk.journal()
        events: dict[str, list[e.Event]] = {}
        async with desk.at_rest():
            on_desk = {sale.reference: sale for sale in desk.sales}
            for row in await journal.tail(0):
                events.setdefault(row.sale, []).append(row.event)
        folded = {reference: fold(rows) for reference, rows in events.items()}
        assert on_desk == {reference: sale for reference, sale in folded.items() if sale and sale.open}
        for reference, sale in folded.items():
            assert sale is not None
            self._remembered(reference, sale)
        assert set(self.memory) <= set(folded), "a sale that the agent saw is gone"
        self.sales = [sale for sale in folded.values() if sale]
        return events

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

    def server(self, state: dict[str, Any], events: dict[str, list[e.Event]], *, complete: bool) -> None:
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
        self._strays(state, events)

    @staticmethod
    def _orders(sale: Sale, state: dict[str, Any], *, complete: bool) -> None:
        """The sale's orders are the server's; in the end it knows each, whatever the till took it for before."""
        theirs = {
            one["id"]: one["reservation"] for one in state["orders"] if one["external_reference"] == sale.reference
        }
        ours = {last_id(one.order): last_id(one.reservation or "") for one in sale.all_orders}
        assert ours.items() <= theirs.items(), f"{ours} is more than {theirs}"
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

    def _strays(self, state: dict[str, Any], events: dict[str, list[e.Event]]) -> None:
        """Live places that no sale knows are at most those that the till says it does not know of."""
        known = {last_id(hold.reservation) for sale in self.sales for hold in (*sale.holds, *sale.let_go)}
        strays = [
            one
            for one in state["reservations"]
            if one["id"] not in known | self.strangers and not one["expired"] and not one["order"]
        ]
        said = sum(self._places_in_doubt(reference, rows) for reference, rows in events.items())
        kept = sum(one["item"]["quantity"] for one in strays)
        assert kept <= said, f"{kept} places are kept for nobody, {said} were said to be in doubt"

    def _places_in_doubt(self, reference: str, rows: list[e.Event]) -> int:
        lines = {row.line.id: row.line.quantity for row in rows if isinstance(row, e.LineAdded)}
        refused = [row for row in rows if isinstance(row, e.HoldRefused) and row.refusal.code == UNKNOWN]
        places = sum(lines[line] for row in refused for line in row.lines)
        sale = next(one for one in self.sales if one.reference == reference)
        if sale.attempt and sale.attempt.doubt is Doubt.HOLD:
            places += sum(lines[line] for line in sale.attempt.lines)
        return places
