"""A report on a shift of thousands of sales costs little more than looking at each of its records once."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from measuring import lowest_ratio

from korus_tui.cli import report_command
from korus_tui.config.settings import Profile
from korus_tui.counter.till.till import stream_of
from korus_tui.journal import chain
from korus_tui.journal.entry import sale_stream
from korus_tui.journal.file import JournalFile
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.values import Customer, Hold, Line, Method, Mode, Payment, PlacedOrder, TicketChoice

TILL = "till 1"
SALES = 500
PRICE = Money.of("40.00", "EUR")
START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
OFFER = "/v1/ticketing/catalogs/0194abdc-3a71-72b0-a9b9-89d4be0cd73e/offers/01960000-0002-7000-8000-000000000002"
RATIO = 4.0
"""To reading each row and hashing its text, the least that a walk is. Folding every sale takes 14 times that."""


def _sold(number: int) -> list[e.Event]:
    """What a counter records of one sale."""
    ticket = TicketChoice(f"{OFFER}/tickets/01960000-0001-7000-8000-000000000001", "Puy du Fou Adulte")
    line = Line(f"{number:016x}", OFFER, "0194abfe", "Adulte", START.date(), 1, PRICE, (ticket,), "Europe/Paris")
    hold = f"/v1/booking/reservations/01960000-001c-7000-8000-{number:012x}"
    order = f"/v1/booking/orders/01960000-0020-7000-8000-{number:012x}"
    return [
        e.SaleOpened(f"S{number}", "catalog", Mode.LIVE, "fr", "https://api.example"),
        e.LineAdded(line),
        e.HoldRequested("h", (line.id,)),
        e.HoldPlaced("h", Hold(hold, (line.id,), PRICE, PRICE, START, START + timedelta(minutes=15))),
        e.CustomerEntered(Customer("Walk-in", "Customer", "walk-in@example.org", country="FR", walk_in=True)),
        e.PaymentStarted(),
        e.PaymentTaken(Payment("p", Method.CASH, PRICE, PRICE)),
        e.OrderRequested("o", (hold,)),
        e.OrderPlaced("o", PlacedOrder(order, f"KT-{number}", hold, PRICE, None, documents=(f"{order}/documents/1",))),
        e.SaleFinished(),
    ]


def _journal(path: Path) -> None:
    file = JournalFile.write(path, take_over=False)
    file.append(stream_of(TILL), [t.TillOpened(Mode.LIVE, PRICE)], at=START, agent="Ada", till=TILL)
    for number in range(SALES):
        file.append(sale_stream(f"S{number}"), _sold(number), at=START, agent="Ada", till=TILL)
    file.close()


def _report(path: Path) -> float:
    """Processor seconds for a report with its walk along the chain."""
    file = JournalFile.read(path)
    begun = time.process_time()
    (found,) = report_command.read(file, TILL, Profile("https://api.example"), date(2026, 6, 1))
    spent = time.process_time() - begun
    file.close()
    assert (found.live.sales, found.live.taken("EUR")) == (SALES, PRICE * SALES)
    return spent


def _look(path: Path) -> float:
    """Processor seconds for reading each row and hashing what it says."""
    connection = sqlite3.connect(path)
    begun = time.process_time()
    for row in connection.execute(f"SELECT {chain.COLUMNS} FROM events ORDER BY seq"):
        sha256(str(row).encode()).hexdigest()
    spent = time.process_time() - begun
    connection.close()
    return spent


def test_a_shift_of_thousands_is_read_in_little_more_than_a_look(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "till-1.journal"
    _journal(path)
    gc.disable()  # as the command does
    try:
        ratio = lowest_ratio(lambda: _report(path), lambda: _look(path), limit=RATIO, pairs=3)
    finally:
        gc.enable()
    record_property("a report, to a look at every record", round(ratio, 2))
    assert ratio <= RATIO, f"{ratio:.1f} times a look at every record"
