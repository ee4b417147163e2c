"""The crash matrix: killed at each write of the journal and in each part of an answer, and started again (F30)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from counter_home import settle_in
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import PRODUCT, sell, take, to_the_money

from korus_tui.config.paths import Paths
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
from korus_tui.sale.apply import fold
from korus_tui.sale.state import Sale

LAUNCHER = str(Path(__file__).with_name("killed_at.py"))
WRITES = 7  # of a whole sale of one line, from its opening to the next customer


class Home:
    """A till's folder, the program started in it, and what its journal says."""

    def __init__(self, folder: Path, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox
        kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
        self.env = {**kept, **settle_in(folder, sandbox)}
        self.journal = place_of(Paths.below(folder).data, "till 1")
        self.before = {one["id"] for one in sandbox.state()["reservations"]}

    def start(self, when: str = "never", what: str = "-") -> Terminal:
        return Terminal([sys.executable, LAUNCHER, when, what], env=self.env)

    def sales(self) -> list[Sale]:
        """Every sale of the journal, in the order of their beginning."""
        if not self.journal.exists():
            return []
        with Journal.open(self.journal, read_only=True) as journal:
            events: dict[str, list[Any]] = {}
            for row in asyncio.run(journal.tail(0)):
                events.setdefault(row.sale, []).append(row.event)
            assert journal.verify().whole
        return [sale for rows in events.values() if (sale := fold(rows)) is not None]

    def open_sale(self) -> Sale | None:
        return next((sale for sale in self.sales() if sale.open), None)

    def reservations(self) -> list[dict[str, Any]]:
        return [one for one in self.sandbox.state()["reservations"] if one["id"] not in self.before]

    def orders(self) -> list[dict[str, Any]]:
        mine = {one["id"] for one in self.reservations()}
        return [one for one in self.sandbox.state()["orders"] if one["reservation"] in mine]


@pytest.fixture
def home(tmp_path: Path, sandbox: SandboxProcess) -> Home:
    return Home(tmp_path, sandbox)


def killed(terminal: Terminal, work: Any = sell) -> None:
    """Do `work` until the program is killed in it; a program that lives on fails the test."""
    with pytest.raises((AssertionError, OSError)):
        work(terminal)
    assert terminal.ended() == -signal.SIGKILL, terminal.text


def settled(terminal: Terminal, home: Home) -> Sale:
    """The sale that was taken up, once nothing about it is unknown."""

    def known(_text: str) -> bool:
        sale = home.open_sale()
        return sale is not None and sale.attempt is None

    terminal.wait_until(known, "a sale without an open call", 20.0)
    sale = home.open_sale()
    assert sale is not None
    return sale


def check_taken_up(terminal: Terminal, home: Home, left: Sale | None) -> None:
    """The sale is where it was, said in one line, and its unknowns are resolved without a second order or hold."""
    terminal.wait_for(PRODUCT)
    if left is None or not left.lines:
        terminal.settle()
        assert "Taken up" not in terminal.text
        return
    terminal.wait_for("Taken up:")
    terminal.wait_for(left.reference)
    now = settled(terminal, home)
    assert now.reference == left.reference
    assert now.payments == left.payments
    assert now.customer == left.customer
    if left.payments:
        (order,) = home.orders()
        assert [one.order.rpartition("/")[2] for one in now.orders] == [order["id"]]
        terminal.wait_until(lambda text: "ordered" in text or "The order is complete" in text, "the order")
        assert len(home.reservations()) == 1
    else:
        assert home.orders() == []
        # A place that no answer told us of may be anybody's: it lapses by itself (docs/rules.md, Holds).
        orphans = len(home.reservations()) - len(now.running_holds)
        assert 0 <= orphans <= (0 if now.running_holds else 1)
        sell_what_was_taken_up(terminal, now)
        assert len(home.orders()) == 1
        assert len(home.reservations()) == 1 + orphans


def sell_what_was_taken_up(terminal: Terminal, sale: Sale) -> None:
    """From the line that names it to the order; what is held is not held anew."""
    if sale.running_holds:
        terminal.wait_until(lambda text: "held until" in text or "hold was found" in text, "the hold, in the line")
    terminal.settle()
    terminal.press("ctrl+o")
    terminal.wait_for(f"Sale {sale.reference}")
    if not sale.running_holds:
        terminal.settle()
        terminal.press("h")
    terminal.wait_for("held 14:")
    terminal.settle()
    to_the_money(terminal)
    take(terminal)


# What of an answer of some 650 bytes arrives before the program is killed: so many of them, or all or none.
IN_PARTS = [{"kind": "cut", "bytes": part} for part in (0, 1, 40, 400)] + [{"kind": "drop_after"}]
EVERY_RANGE = [{"kind": "cut", "bytes": part} for part in range(50, 650, 50)] + [{"kind": "drop_before"}]


def check_killed(
    home: Home, when: str, what: str, fault: dict[str, Any] | None = None, route: str = "orders_bulk"
) -> None:
    """Kill a sale there, start again, and see that nothing is lost; one of its calls may have met a fault."""
    if fault:
        fields = {key: value for key, value in fault.items() if key != "kind"}
        home.sandbox.fault(fault["kind"], route=route, **fields)
    with home.start(when, what) as first:
        killed(first)
    left = home.open_sale()
    with home.start() as second:
        check_taken_up(second, home, left)


@pytest.mark.parametrize(
    ("when", "what"),
    [
        # a place is kept that no journal knows: held once more, and the first one lapses
        pytest.param("before", "HoldPlaced", marks=pytest.mark.long),
        ("after", "OrderRequested"),  # nobody knows whether it was asked for
        ("before", "OrderPlaced"),  # there is an order that no journal knows
    ],
)
def test_killed_at_a_write_that_matters_f30(home: Home, when: str, what: str) -> None:
    check_killed(home, when, what)


def test_killed_when_a_part_of_the_answer_was_there_f30(home: Home) -> None:
    check_killed(home, "before", "OutcomeUnknown", {"kind": "cut", "bytes": 400})


@pytest.mark.long
@pytest.mark.parametrize("fault", [*IN_PARTS, *EVERY_RANGE], ids=str)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_part_of_the_answer_f30(home: Home, fault: dict[str, Any], when: str) -> None:
    check_killed(home, when, "OutcomeUnknown", fault)


@pytest.mark.long
@pytest.mark.parametrize("fault", IN_PARTS, ids=str)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_part_of_a_holds_answer_f10_f30(home: Home, fault: dict[str, Any], when: str) -> None:
    check_killed(home, when, "OutcomeUnknown", fault, route="reservations_bulk")


@pytest.mark.long
@pytest.mark.parametrize("number", range(1, WRITES + 1))
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_write_of_a_sale_f30(home: Home, when: str, number: int) -> None:
    check_killed(home, when, str(number))


@pytest.mark.long
def test_a_whole_sale_has_no_more_writes_f30(home: Home) -> None:
    with home.start("before", str(WRITES + 1)) as terminal:
        sell(terminal)
    assert [len(sale.orders) for sale in home.sales()] == [1]
