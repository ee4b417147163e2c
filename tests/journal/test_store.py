"""What is appended is there, whole and in order, whoever asks and however the caller ends."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_kit import AT, WHO
from strategies import events

from korus_tui.journal import codec
from korus_tui.journal.errors import EventProblem
from korus_tui.journal.store import Journal
from korus_tui.sale.events import (
    CustomerEntered,
    DocumentHandedOver,
    Event,
    NotesEntered,
    OrderPlaced,
    PaymentStarted,
    PaymentTaken,
    Recorded,
    SaleFinished,
    SaleOpened,
    SaleVoided,
)
from korus_tui.sale.money import Money
from korus_tui.sale.values import Customer, Method, Mode, Payment, PlacedOrder

REFERENCE = "KTWS-YP6C-ML3C"


def opened(reference: str) -> SaleOpened:
    return SaleOpened(reference, "/catalogs/1", Mode.LIVE, "en")


def customer(first: str, last: str) -> CustomerEntered:
    return CustomerEntered(Customer(first, last, "someone@example.org"))


@contextlib.contextmanager
def held_by_another(place: Path) -> Iterator[None]:
    """Another connection holds the database's lock, so that the journal's thread waits."""
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


async def test_what_is_appended_is_read_after_a_restart(place: Path) -> None:
    with Journal.open(place) as journal:
        first = await journal.append("A", [opened("A"), NotesEntered("wheelchair")], **WHO)
        await journal.append("B", [opened("B")], **WHO)
        later = await journal.append("A", [PaymentStarted()], **WHO)
    with Journal.open(place) as journal:
        assert await journal.read("A") == (*first, *later)
        assert await journal.read("unknown") == ()
    assert first[0] == Recorded(1, "A", AT, "Ada", "till 1", opened("A"), first[0].hash)
    assert [one.seq for one in (*first, *later)] == [1, 2, 4]


@given(rows=st.lists(st.tuples(st.sampled_from("AB"), st.lists(events(), max_size=4)), max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_events_come_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[Event]]]
) -> None:
    place = tmp_path_factory.mktemp("any") / "till.journal"
    with Journal.open(place) as journal:
        for sale, given_events in rows:
            await journal.append(sale, given_events, **WHO)
    with Journal.open(place, read_only=True) as journal:
        assert [(one.sale, one.event) for one in await journal.tail(0)] == [
            (sale, event) for sale, given_events in rows for event in given_events
        ]
        assert journal.verify().whole


async def test_time_comes_back_as_the_same_instant(journal: Journal) -> None:
    venue = datetime(2025, 1, 29, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    (answered,) = await journal.append("A", [opened("A")], at=venue, agent="", till="")
    assert await journal.read("A") == (answered,)
    assert answered.at == venue
    assert answered.at.tzinfo is UTC
    with pytest.raises(ValueError, match="offset"):
        await journal.append("A", [PaymentStarted()], at=datetime(2025, 1, 29), agent="", till="")


async def test_one_event_that_cannot_be_written_keeps_all_out(journal: Journal) -> None:
    with pytest.raises(EventProblem):
        await journal.append("A", [opened("A"), SaleVoided("\ud800")], **WHO)
    assert await journal.read("A") == ()
    assert await journal.append("A", [], **WHO) == ()
    assert journal.verify().checked == 0


async def test_open_sales_are_those_that_did_not_end(journal: Journal) -> None:
    for sale in "ABCD":
        await journal.append(sale, [opened(sale)], **WHO)
    await journal.append("B", [SaleFinished()], **WHO)
    await journal.append("C", [SaleVoided("left")], **WHO)
    await journal.append("A", [PaymentStarted()], **WHO)
    assert await journal.open_sales() == ("D", "A")
    await journal.append("B", [DocumentHandedOver("/documents/1", "printed", 2)], **WHO)
    assert await journal.open_sales() == ("D", "A")
    assert [(one.reference, one.state) for one in await journal.recent()] == [
        ("B", "finished"),
        ("A", "open"),
        ("C", "voided"),
        ("D", "open"),
    ]
    assert [one.reference for one in await journal.recent(2)] == ["B", "A"]


async def test_the_index_is_made_again_from_the_events(journal: Journal, place: Path) -> None:
    for sale in "ABC":
        await journal.append(sale, [opened(sale)], **WHO)
    await journal.append("B", [SaleFinished()], **WHO)
    before = await journal.recent()
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("DELETE FROM sales WHERE reference <> 'B'")
        other.execute("UPDATE sales SET state = 'open', last_seq = 1")
    assert await journal.recent() != before
    assert journal.rebuild_index() == 3
    assert await journal.recent() == before


async def test_sales_are_found(journal: Journal) -> None:
    await journal.append(REFERENCE, [opened(REFERENCE), customer("Zoë", "Größe")], **WHO)
    order = PlacedOrder("/orders/9", "KT-ORD-250129-77", None, Money.of("87.00", "EUR"), None)
    await journal.append("KTAA-AAAA-AAAA", [customer("Ada", 'O"Hara \\ 50%_'), OrderPlaced("1", order)], **WHO)

    async def found(text: str) -> list[str]:
        return [one.reference for one in await journal.find(text)]

    assert await found("ktwsyp6c") == [REFERENCE]
    assert await found("yp6c-ml3c") == [REFERENCE]
    assert await found("zoë grös") == [REFERENCE]
    assert await found("ZOË GRÖSSE") == [REFERENCE]
    assert await found('o"hara \\ 50%_') == ["KTAA-AAAA-AAAA"]
    assert await found("ord-250129-77") == ["KTAA-AAAA-AAAA"]
    assert await found("someone@example") == ["KTAA-AAAA-AAAA", REFERENCE]
    assert [one.reference for one in await journal.find("someone@example", limit=1)] == ["KTAA-AAAA-AAAA"]
    assert await found("first_name") == []
    assert await found("%") == []
    assert await found("  ") == []


async def test_tail_gives_what_came_after(journal: Journal) -> None:
    await journal.append("A", [opened("A")], **WHO)
    later = await journal.append("B", [opened("B"), PaymentStarted()], **WHO)
    assert await journal.tail(1) == later
    assert await journal.tail(3) == ()


@dataclass(frozen=True)
class DrawerOpened:
    float: Money


async def test_other_streams_stand_in_the_same_chain(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_families", {})
    codec.register("till", [DrawerOpened])
    drawer = DrawerOpened(Money.of("150.00", "EUR"))
    (entry,) = await journal.append_to("till:till 1", [drawer], **WHO)
    await journal.append("A", [opened("A")], **WHO)
    assert (entry.sale, entry.event) == (None, drawer)
    assert await journal.read_stream("till:till 1") == (entry,)
    assert [one.stream for one in await journal.entries()] == ["till:till 1", "sale:A"]
    assert [one.sale for one in await journal.tail(0)] == ["A"]
    assert await journal.open_sales() == ("A",)
    assert journal.verify().checked == 2
    with pytest.raises(EventProblem):
        await journal.append_to("till:till 1", [PaymentStarted()], **WHO)


async def test_many_callers_at_once_are_written_one_after_the_other(journal: Journal) -> None:
    answers = await asyncio.gather(*(journal.append(f"S{n}", [opened(f"S{n}")], **WHO) for n in range(50)))
    assert [rows[0].seq for rows in answers] == list(range(1, 51))
    assert journal.verify().checked == 50


async def test_a_slow_disk_does_not_stop_the_event_loop(journal: Journal, place: Path) -> None:
    with held_by_another(place):
        writing = asyncio.create_task(journal.append("A", [opened("A")], **WHO))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not writing.done()
    assert len(await writing) == 1


async def test_a_cancelled_caller_leaves_no_half_state(journal: Journal, place: Path) -> None:
    with held_by_another(place):
        writing = asyncio.create_task(journal.append("A", [opened("A"), PaymentStarted()], **WHO))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    assert [one.event for one in await journal.read("A")] == [opened("A"), PaymentStarted()]
    assert journal.verify().checked == 2


async def test_a_cancelled_caller_s_write_is_done_even_if_it_had_not_begun(journal: Journal, place: Path) -> None:
    with held_by_another(place):
        before = asyncio.create_task(journal.append("A", [opened("A")], **WHO))
        waiting = asyncio.create_task(journal.append("A", [PaymentStarted()], **WHO))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    await before
    assert waiting.cancelled()
    assert [one.event for one in await journal.read("A")] == [opened("A"), PaymentStarted()]


async def test_closing_finishes_what_was_begun(place: Path) -> None:
    journal = Journal.open(place)
    with held_by_another(place):
        writing = asyncio.create_task(journal.append("A", [opened("A")], **WHO))
        await asyncio.sleep(0)
        closing = asyncio.create_task(journal.aclose())
        await asyncio.sleep(0)
    await closing
    await journal.aclose()
    journal.close()
    assert journal.read_only
    assert len(await writing) == 1
    with Journal.open(place) as again:
        assert len(await again.read("A")) == 1


def test_every_commit_waits_for_the_disk(journal: Journal) -> None:
    ask = journal._file._connection.execute
    assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
    assert ask("PRAGMA synchronous").fetchone() == (2,)  # FULL


async def test_nobody_else_can_read_the_files(place: Path) -> None:
    with Journal.open(place) as journal:
        await journal.append("A", [opened("A")], **WHO)
        modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in place.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {place.name, f"{place.name}-wal", f"{place.name}.lock"} <= modes.keys()
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_files_that_others_could_read_are_closed_to_them(place: Path) -> None:
    Journal.open(place).close()
    place.chmod(0o644)
    Journal.open(place).close()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_importing_the_room_brings_neither_database_nor_models() -> None:
    code = (
        "import sys, korus_tui.journal, korus_tui.journal.errors, korus_tui.journal.entry;"
        "print([m for m in ('sqlite3', 'pydantic', 'textual', 'korus_tui.sale.events') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


async def test_sales_are_found_by_phone_voucher_card_and_plain_letters_c19(journal: Journal) -> None:
    amount = Money.of("20.00", "EUR")
    gift = Payment("1", Method.VOUCHER, amount, voucher="GIFT-2025-77")
    card = Payment("1", Method.CARD, amount, brand="VISA", authorisation="A1B2C3", last_four="4821")
    obrien = Customer("Anna", "O'Brien", "anna@example.org", phone="+33 6 12 34 56 78")
    await journal.append("A", [CustomerEntered(obrien), PaymentTaken(gift)], **WHO)
    await journal.append(
        "B", [CustomerEntered(Customer("Zeynep", "Iğdır", "z@example.org")), PaymentTaken(card)], **WHO
    )

    async def found(text: str) -> str:
        return "".join(one.reference for one in await journal.find(text))

    for text in ("obrien", "O Brien", "o'brien anna", "0612345678", "06 12 34 56 78", "0033612345678", "gift-2025-77"):
        assert await found(text) == "A", text
    for text in ("igdir", "IĞDIR", "A1B2C3", "4821"):
        assert await found(text) == "B", text
    assert await found("cash") == ""  # how it was paid is no name
    assert await found("voucher") == ""
