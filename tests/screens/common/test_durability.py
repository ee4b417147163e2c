"""The journal in trouble under a running till, and what the next start shows (docs/faults.md, F30 and F34)."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from offers_counter import AtDates
from orders_kit import not_understood
from sandbox_process import CATALOG, SandboxProcess
from small_disk import fill
from till import BEFORE_SEASON, EAGER, Stage, Till

from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.orders.models import Standing
from korus_tui.journal.errors import JournalUnwritable
from korus_tui.journal.lock import WriterLock
from korus_tui.journal.place import place_of
from korus_tui.journal.schema import SCHEMA_VERSION
from korus_tui.journal.store import Journal, verify
from korus_tui.sale import events as e
from korus_tui.sale.state import LineStatus
from korus_tui.sale.values import Method
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.problem import ProblemScreen, TroubleBar
from korus_tui.screens.common.take_over import TakeOverScreen
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.screens.orders.reason import ReasonScreen
from korus_tui.widgets.lists.row_list import RowList

ASKS_MUCH_LATER = Patience(server_limit=60.0, first_wait=60.0, longest_wait=60.0)
SANDBOX = {"now": BEFORE_SEASON}


@asynccontextmanager
async def running(till: Till) -> AsyncIterator[AtDates]:
    """The whole program on this till's folder, as its next start."""
    till.services = till._build()
    async with AtDates.of(till, log=till.home.parent / "log") as counter:
        await counter.until(lambda: till.services.catalogs.content and counter.app.screen.is_mounted)
        yield counter
        till.services.failed = till.failures.append
    assert not till.failures


@asynccontextmanager
async def left(sandbox: SandboxProcess, home: Path, **options: Any) -> AsyncIterator[Till]:
    """A till that sells without screens, then ends at once; its folder stays."""
    till = Till(sandbox, home, **options)
    await till._start()
    yield till
    await till.services.close(0)


def trouble(counter: AtDates) -> str:
    """What the bar says that stays: why nothing is sold, else what was taken up."""
    view = counter.app.screen.query_one(TroubleBar).view
    return f"{view.what} {view.meaning} {view.key_hint}" if view else ""


def calls(sandbox: SandboxProcess) -> dict[str, int]:
    return dict(sandbox.state()["calls"])


async def test_f35_since_when_another_sells_is_told_in_the_venues_time(sandbox: SandboxProcess, tmp_path: Path) -> None:
    till = Till(sandbox, tmp_path, zone="Pacific/Auckland")
    with Journal.open(place_of(till.paths.data, "till 1")) as journal:
        holder = WriterLock(journal.path).holder()
        assert holder is not None
        async with running(till) as counter:
            await counter.until(lambda: isinstance(counter.app.screen, TakeOverScreen) and "since" in counter.text)
            since = holder.since.astimezone(ZoneInfo("Pacific/Auckland"))
            assert re.search(rf"since +\w+ {since.day} \w+ {since:%H:%M}", counter.text)
            assert "UTC" not in counter.text


# What the last start left


async def test_f30_a_held_sale_is_said_in_one_line(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with left(sandbox, tmp_path) as till:
        sale = await till.hold(await till.line(quantity=2))
    async with running(till) as counter:
        await counter.until(lambda: trouble(counter))
        assert f"Taken up: {sale.reference} – 2 tickets held until " in trouble(counter)
        assert "Ctrl+O opens the cart" in trouble(counter)
        await counter.press("ctrl+o")
        await counter.until(lambda: isinstance(counter.app.screen, CartScreen))
        assert counter.sale == sale


async def test_what_was_taken_up_is_no_news_once_it_goes_on_c17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with left(sandbox, tmp_path) as till:
        sale = await till.hold(await till.line(quantity=2), await till.line(quantity=1))
    async with running(till) as counter:
        await counter.until(lambda: f"Taken up: {sale.reference}" in trouble(counter))
        counter.till.services.desk.tell()
        assert f"Taken up: {sale.reference}" in trouble(counter)
        await counter.till.services.holding.leave_out(sale.reference, [sale.lines[0].line.id])
        await counter.until(lambda: trouble(counter) == "")


async def test_f34_a_sale_that_cannot_be_read_is_on_the_board_and_the_till_sells(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with left(sandbox, tmp_path) as till:
        lost = await not_understood(till)
    async with running(till) as counter:
        await counter.until(lambda: f"1 sale cannot be read: {lost}" in trouble(counter))
        assert "Ctrl+F says what to do" in trouble(counter)
        await counter.press("ctrl+f")
        await counter.until(lambda: "CANNOT BE READ: 1 sale" in counter.text and f"{lost}" in counter.text)
        assert "Ctrl+R asks Korus for its orders by this reference" in " ".join(counter.text.split())
        await counter.press("enter", "b", "escape")
        await counter.until(lambda: isinstance(counter.app.screen, CatalogScreen))
        reference = (await till.services.desk.open(CATALOG, "fr")).reference
        await till.services.holding.add(reference, (await till.line(),))
        await counter.until(lambda: counter.sale is not None and counter.sale.with_status(LineStatus.HELD))


async def test_f34_a_sale_that_cannot_be_read_is_closed_by_hand_and_stays_closed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with left(sandbox, tmp_path) as till:
        lost = await not_understood(till)
    async with running(till) as counter:
        await counter.until(lambda: lost in trouble(counter))
        await counter.press("ctrl+f")
        await counter.until(lambda: "x closes it by hand" in counter.text)
        await counter.press("x")
        await counter.on(ReasonScreen)
        await counter.press(*"settled", "ctrl+s")
        await counter.on(ConfirmScreen)
        await counter.until(lambda: counter.app.screen.armed)
        await counter.press("y")
        await counter.until(lambda: "CANNOT BE READ" not in counter.text)
    async with left(sandbox, tmp_path) as till:
        assert till.services.desk.unreadable == ()
        (found,) = await till.services.search.latest()
        assert (found.key, found.standing) == (lost, Standing.UNREADABLE)


async def test_f30_a_sale_that_was_paying_is_at_its_payment(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with left(sandbox, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING)
        await till.services.checkout.enter_notes(sale.reference, "wheelchair")
        sale = till.sale(sale.reference)
    async with running(till) as counter:
        await counter.until(lambda: isinstance(counter.app.screen, CheckoutScreen) and trouble(counter))
        assert f"{sale.reference} – 1 ticket held until " in trouble(counter)
        assert counter.sale == sale
        assert counter.sale is not None
        assert counter.sale.notes == "wheelchair"
        assert counter.sale.customer == till.services.walk_in


async def test_f30_a_sale_that_is_ordered_is_at_its_documents(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with left(sandbox, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED)
    async with running(till) as counter:
        await counter.until(lambda: isinstance(counter.app.screen, DocumentsScreen) and trouble(counter))
        assert f"{sale.reference} – ordered" in trouble(counter)


@pytest.mark.parametrize(("fault", "words"), [("drop_after", "found at Korus"), ("drop_before", "sent again")])
async def test_f30_an_order_in_flight_is_looked_up_and_said(
    sandbox: SandboxProcess, tmp_path: Path, fault: str, words: str
) -> None:
    async with left(sandbox, tmp_path, patience=ASKS_MUCH_LATER) as till:
        sale = await till.sell_until(Stage.PAYING)
        sandbox.fault(fault, route="orders_bulk")
        await till.pay(sale.reference)
        await till.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    till.patience = Patience(server_limit=1.0, first_wait=5.0, longest_wait=5.0)
    async with running(till) as counter:
        await counter.until(lambda: "its order is being looked up" in trouble(counter))
        assert "paid" in trouble(counter)
        await counter.until(lambda: words in trouble(counter))
        await counter.until(lambda: counter.sale and counter.sale.all_ordered)
        await counter.until(lambda: isinstance(counter.app.screen, DocumentsScreen))
    assert len(till.orders(sale.reference)) == 1


async def test_f30_nothing_is_said_where_nothing_was_left(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with left(sandbox, tmp_path) as till:
        sale = await till.sell_until(Stage.ORDERED)
        await till.services.desk.record(sale.reference, e.SaleFinished())
    async with running(till) as counter:
        await counter.until(lambda: till.services.resume.is_open)
        assert trouble(counter) == ""
        assert isinstance(counter.app.screen, CatalogScreen)


# The journal in trouble while selling


async def test_f34_a_full_disk_stops_selling_before_money_moves(sandbox: SandboxProcess, small_disk: Path) -> None:
    async with left(sandbox, small_disk) as till:
        sale = await till.hold(await till.line())
    async with running(till) as counter:
        await counter.until(lambda: trouble(counter))
        await counter.press("ctrl+o")
        await counter.until(lambda: isinstance(counter.app.screen, CartScreen))
        waste = fill(small_disk)
        before = calls(sandbox)
        await counter.until(lambda: "The disk is full" in trouble(counter))  # without any key
        assert "no money is taken" in trouble(counter)
        assert "F9 tries again" in trouble(counter)
        assert len(counter.rows("#lines")) == 1
        await counter.press("r", "enter")
        await counter.until(lambda: isinstance(counter.app.screen, CheckoutScreen))
        await counter.press("c")
        await counter.pilot.pause()
        assert "Given" not in counter.text
        assert calls(sandbox) == before
        assert till.sale(sale.reference) == sale
        waste.unlink()
        await counter.press("f9")
        await counter.until(lambda: till.services.desk.ledger.trouble is None)
        assert "F9" not in trouble(counter)
        await counter.press("c")
        await counter.until(lambda: till.sale(sale.reference).paying)


async def test_f34_a_disk_that_fills_up_during_payment_takes_no_money(
    sandbox: SandboxProcess, small_disk: Path
) -> None:
    async with left(sandbox, small_disk) as till:
        sale = await till.sell_until(Stage.PAYING)
    async with running(till) as counter:
        await counter.until(lambda: isinstance(counter.app.screen, CheckoutScreen))
        await counter.press("c", "equals_sign")
        await counter.until(lambda: "F10 takes" in counter.text and counter.app.screen.guard.ready)
        fill(small_disk)
        await counter.press("f10")
        await counter.until(lambda: "The disk is full" in trouble(counter))
        await counter.pilot.pause()
        assert till.sale(sale.reference).payments == ()
        assert till.orders(sale.reference) == []
        assert verify(place_of(till.paths.data, "till 1")).whole


@pytest.mark.parametrize("place", ["hold", "payment"])
async def test_f34_no_call_is_made_after_an_intent_that_failed(
    sandbox: SandboxProcess, tmp_path: Path, place: str
) -> None:
    async with left(sandbox, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING)
        asks: dict[str, Callable[[], Awaitable[object]]] = {
            "hold": lambda: till.services.holding.hold(sale.reference, [sale.lines[0].line.id]),
            "payment": lambda: till.pay(sale.reference),
        }
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = calls(sandbox)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
        try:
            with pytest.raises(JournalUnwritable):
                await asks[place]()
            assert till.services.desk.ledger.trouble is not None
            with pytest.raises(JournalUnwritable):
                await till.services.checkout.start(sale.reference, Method.CASH)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert calls(sandbox) == before
        assert till.sale(sale.reference) == sale
        await till.services.checkout.start(sale.reference, Method.CASH)  # it heals by itself
        assert till.services.desk.ledger.trouble is None


async def test_f34_a_journal_that_is_removed_while_selling_stops_selling(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with left(sandbox, tmp_path) as till:
        await till.hold(await till.line())
    async with running(till) as counter:
        await counter.until(lambda: till.services.resume.is_open)
        place = place_of(till.paths.data, "till 1")
        place.rename(place.with_suffix(".moved"))
        await counter.until(lambda: "missing" in trouble(counter))
        assert not place.exists()
        place.with_suffix(".moved").rename(place)
        await counter.press("f9")
        await counter.until(lambda: till.services.desk.ledger.trouble is None)
        assert "F9" not in trouble(counter)


# The journal in trouble at the start


def _flip(place: Path) -> None:
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("UPDATE meta SET value = '999' WHERE key = 'head_seq'")


def _newer(place: Path) -> None:
    with contextlib.closing(sqlite3.connect(place)) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_flip, "damaged"),
        (_newer, "written by a newer korus-tui"),
        (lambda place: os.truncate(place, 0), "damaged"),
        (lambda place: place.unlink(), "missing"),
    ],
)
async def test_f34_at_the_start_the_reason_is_said_and_the_file_is_left_alone(
    sandbox: SandboxProcess, tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    async with left(sandbox, tmp_path) as till:
        await till.hold(await till.line())
    place = place_of(till.paths.data, "till 1")
    spoil(place)
    before = place.read_bytes() if place.exists() else None
    async with running(till) as counter:
        await counter.until(lambda: isinstance(counter.app.screen, ProblemScreen))
        assert words in counter.text
        assert "Nothing can be sold" in counter.text
        first = counter.app.screen
        await counter.until(lambda: first.armed)
        await counter.press("ctrl+r")
        await counter.until(lambda: isinstance(again := counter.app.screen, ProblemScreen) and again is not first)
        await counter.until(lambda: counter.app.screen.armed)
        await counter.press("l")
        await counter.until(lambda: words in trouble(counter))
        assert counter.app.screen.query_one(RowList).rows  # the catalog can be read
        assert (place.read_bytes() if place.exists() else None) == before


async def test_f34_a_full_disk_at_the_start_heals(sandbox: SandboxProcess, small_disk: Path) -> None:
    async with left(sandbox, small_disk) as till:
        sale = await till.hold(await till.line())
    waste = fill(small_disk)
    async with running(till) as counter:
        await counter.until(lambda: isinstance(counter.app.screen, ProblemScreen))
        assert "The disk is full" in counter.text
        await counter.until(lambda: counter.app.screen.armed)
        waste.unlink()
        await counter.press("ctrl+r")
        await counter.until(lambda: sale.reference in trouble(counter))
        assert till.sale(sale.reference).with_status(LineStatus.HELD)


# Retention


async def test_customers_are_forgotten_after_the_start_but_not_those_of_open_sales(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with left(sandbox, tmp_path, patience=EAGER) as till:
        ended = await till.sell_until(Stage.ORDERED)
        await till.services.desk.record(ended.reference, e.SaleFinished())
        still = await till.sell_until(Stage.PAYING)
    till.settings = till.settings.__class__(save_folder=tmp_path, keep_customer_days=0)
    async with running(till) as counter:
        journal: Journal = await till.services.desk.ledger.journal()

        async def customer_of(reference: str) -> str:
            rows = await journal.read(reference)
            return next(row.event.customer.email for row in rows if isinstance(row.event, e.CustomerEntered))

        assert await customer_of(still.reference)
        await till.know_the_time()
        till.pass_time(3600)  # the host is not of the server's day: it takes an hour to believe that it is another
        while await customer_of(ended.reference):
            await counter.pilot.pause()
        assert await customer_of(still.reference) == "walk-in@example.org"
    assert verify(place_of(till.paths.data, "till 1")).whole
