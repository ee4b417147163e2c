"""What was written is what is read, or somebody is told where it is not."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from journal_kit import AT, WHO

from korus_tui.journal.chain import GENESIS, link
from korus_tui.journal.errors import JournalBroken, JournalProblem
from korus_tui.journal.store import Journal, verify
from korus_tui.journal.survey import survey
from korus_tui.sale.events import (
    CustomerEntered,
    HoldPlaced,
    HoldRequested,
    LineAdded,
    NotesEntered,
    PaymentStarted,
    Recorded,
    SaleFinished,
    SaleOpened,
    SaleVoided,
)
from korus_tui.sale.money import Money
from korus_tui.sale.values import Customer, Hold, Line, Mode, TicketChoice

LAST = 20


@pytest.fixture
def written(place: Path) -> Path:
    """A closed journal of 20 events; the third is a customer's name, each later one has a word of its own."""
    with Journal.open(place) as journal:
        first = [SaleOpened("A", "/catalogs/1", Mode.LIVE, "en"), PaymentStarted()]
        customer = CustomerEntered(Customer("Zoë", "Quillfeather", "zoe@example.org"))
        voided = [SaleVoided(f"word-{seq:02}-end") for seq in range(4, LAST + 1)]
        asyncio.run(journal.append("A", [*first, customer, *voided], at=AT, agent="Ada", till="till 1"))
    return place


def tamper(place: Path, *statements: str) -> None:
    """What somebody with a database tool could do; the triggers are no lock for them."""
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.executescript("DROP TRIGGER events_stay; DROP TRIGGER events_stand;" + ";".join(statements))


def flip(place: Path, offset: int, bit: int = 0) -> None:
    data = bytearray(place.read_bytes())
    data[offset] ^= 1 << bit
    place.write_bytes(data)


def flip_word(place: Path, seq: int) -> None:
    """Damage the word that only this event has."""
    flip(place, place.read_bytes().index(f"word-{seq:02}-end".encode()))


async def test_a_whole_chain(written: Path) -> None:
    verdict = verify(written)
    assert (verdict.whole, verdict.checked, verdict.broken_at) == (True, LAST, None)
    with Journal.open(written) as journal:
        assert journal.verify() == verdict
        await journal.append("B", [PaymentStarted()], at=AT, agent="", till="")
        assert journal.verify().checked == LAST + 1


def test_an_empty_journal_is_whole(journal: Journal) -> None:
    assert (journal.verify().whole, journal.verify().checked) == (True, 0)


def test_no_two_rows_share_a_hash() -> None:
    row = (1, "sale:A", "at", "agent", "till", "kind", 1, "{}")
    moved = (1, "sale:Aa", "t", "agent", "till", "kind", 1, "{}")
    assert link(GENESIS, *row) == link(GENESIS, *row)
    assert len({link(GENESIS, *row), link(GENESIS, *moved), link("1" * 64, *row), link(GENESIS, "1", *row[1:])}) == 4


@pytest.mark.parametrize("seq", [4, 11, LAST])
def test_a_flipped_bit_is_found_at_its_event(written: Path, seq: int) -> None:
    flip_word(written, seq)
    verdict = verify(written)
    assert (verdict.checked, verdict.broken_at) == (seq - 1, seq)
    assert f"event {seq} was changed" in verdict.why


async def test_a_flipped_bit_is_met_when_the_sale_is_read(written: Path) -> None:
    flip_word(written, 11)
    with Journal.open(written) as journal:
        with pytest.raises(JournalBroken, match="event 11") as caught:
            await journal.read("A")
        assert caught.value.seq == 11


def test_no_flipped_bit_changes_what_is_read_unnoticed(written: Path, tmp_path: Path) -> None:
    """Any single bit of the file: what is read is the same, or the journal says that it is damaged."""
    whole = written.read_bytes()
    truth = all_of(written)
    choice = random.Random(34)
    noticed = 0
    for offset in choice.sample(range(len(whole)), 250):
        copy = tmp_path / f"copy-{offset}.journal"
        copy.write_bytes(whole)
        flip(copy, offset, choice.randrange(8))
        try:
            verdict = verify(copy)
            if verdict.whole:
                assert all_of(copy) == truth
            noticed += not verdict.whole
        except JournalProblem:
            noticed += 1
    assert noticed > 20


def all_of(place: Path) -> tuple[Recorded, ...]:
    with Journal.open(place, read_only=True) as journal:
        return asyncio.run(journal.tail(0))


@pytest.mark.parametrize(
    ("statement", "broken_at", "why"),
    [
        ("DELETE FROM events WHERE seq = 7", 7, "event 7 is missing; the next one is 8"),
        ("DELETE FROM events WHERE seq < 5", 1, "event 1 is missing"),
        ("DELETE FROM events WHERE seq > 17", 18, "18 to 20, were removed"),
        ("DELETE FROM events", 1, "1 to 20, were removed"),
        ("UPDATE events SET agent = 'Eve' WHERE seq = 9", 9, "event 9 was changed"),
        ("UPDATE events SET at = replace(at, '2025', '2024') WHERE seq = 9", 9, "event 9 was changed"),
        ("UPDATE events SET version = '1x' WHERE seq = 9", 9, "event 9 was changed"),
        ("UPDATE events SET payload = x'00ff' WHERE seq = 9", 9, "event 9 was changed"),
        ("UPDATE events SET prev = hash WHERE seq = 9", 9, "event 9 does not follow"),
        ("UPDATE events SET hash = prev WHERE seq = 9", 9, "event 9 was changed"),
        ("UPDATE personal SET data = replace(data, 'Quill', 'Bristle')", 3, "personal data of event 3"),
        ("DELETE FROM personal", 3, "personal data of event 3"),
        ("UPDATE personal SET data = NULL", 3, "personal data of event 3"),
        ("UPDATE meta SET value = '19' WHERE key = 'head_seq'", 19, "names event 19"),
        ("UPDATE meta SET value = prev FROM events WHERE key = 'head_hash' AND seq = 20", 20, "names event 20"),
        ("DELETE FROM meta WHERE key = 'head_hash'", None, "note of its last event is gone"),
    ],
)
def test_tampering_is_named(written: Path, statement: str, broken_at: int | None, why: str) -> None:
    tamper(written, statement)
    verdict = verify(written)
    assert verdict.broken_at == broken_at
    assert why in verdict.why


def test_a_damaged_structure_is_named(written: Path) -> None:
    """An index of the database that does not fit its table: the chain is whole, the file is not."""
    other_index = "UPDATE sqlite_master SET sql = replace(sql, 'kind, seq', 'agent, seq') WHERE name = 'events_of_kind'"
    tamper(written, "PRAGMA writable_schema = ON", other_index)
    verdict = verify(written)
    assert (verdict.whole, verdict.checked, verdict.broken_at) == (False, LAST, None)
    assert "structure" in verdict.why


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER q BEFORE INSERT ON events WHEN new.kind = 'PaymentTaken' BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER q AFTER INSERT ON sales BEGIN SELECT 1; END",
        "CREATE VIEW q AS SELECT * FROM events",
    ],
)
def test_what_is_no_part_of_a_journal_is_named_f87(written: Path, statement: str) -> None:
    """A trigger could take away, in silence, what is written."""
    tamper(written, statement)
    verdict = verify(written)
    assert (verdict.whole, verdict.checked) == (False, LAST)
    assert "q is not of its making" in verdict.why


@pytest.mark.parametrize("statement", ["DELETE FROM events WHERE seq > 17", "DELETE FROM meta WHERE key = 'head_seq'"])
def test_a_removed_tail_is_noticed_before_anything_is_sold(written: Path, statement: str) -> None:
    tamper(written, statement)
    with pytest.raises(JournalBroken, match="last event"):
        Journal.open(written)


@pytest.mark.parametrize("statement", ["DELETE FROM events", "UPDATE events SET agent = 'Eve'"])
def test_events_are_neither_changed_nor_deleted_by_mistake(written: Path, statement: str) -> None:
    with (
        closing(sqlite3.connect(written, isolation_level=None)) as other,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        other.execute(statement)
    assert verify(written).checked == LAST


async def test_an_erased_customer_keeps_the_chain_whole(written: Path) -> None:
    with Journal.open(written) as journal:
        await journal.append("B", [NotesEntered("wheelchair")], at=AT + timedelta(days=1), agent="", till="")
        assert await journal.erase_personal(AT) == 0
        assert await journal.erase_personal(AT + timedelta(days=1)) == 1
        assert await journal.erase_personal(AT + timedelta(days=1)) == 0
        assert (await journal.read("A"))[2].event == CustomerEntered(Customer("—", "", ""))
        assert (await journal.read("B"))[0].event == NotesEntered("wheelchair")
        assert await journal.find("quill") == ()
        assert journal.verify() == verify(written)
        assert (journal.verify().whole, journal.verify().checked) == (True, LAST + 1)


async def test_a_customer_recorded_under_a_wrong_time_is_not_erased_as_old_f87(place: Path) -> None:
    """The server said that it was a year ago; the reservation says until when its places were held."""
    true = AT + timedelta(days=365)
    hold = Hold("/r/1", ("a",), Money.of(20, "EUR"), None, true, true + timedelta(minutes=15))
    line = Line("a", "/o", "p", "P", None, 2, Money.of(10, "EUR"), (TicketChoice("/t", "T"),))
    with Journal.open(place) as journal:
        held = [SaleOpened("A", "/catalogs/1", Mode.LIVE, "en"), LineAdded(line), HoldRequested("h", ("a",))]
        await journal.append("A", [*held, HoldPlaced("h", hold), CustomerEntered(Customer("Zoë", "Q", "z@e"))], **WHO)
        await journal.append("A", [SaleFinished()], **WHO)
        assert await journal.erase_personal(true - timedelta(days=30)) == 0
        assert await journal.erase_personal(true + timedelta(days=1)) == 1


async def test_customers_of_open_sales_are_kept_whatever_their_age(place: Path) -> None:
    later = AT + timedelta(days=365)
    with Journal.open(place) as journal:
        for reference in ("A", "B"):
            opened = SaleOpened(reference, "/catalogs/1", Mode.LIVE, "en")
            await journal.append(reference, [opened, NotesEntered(f"note {reference}")], **WHO)
        await journal.append("B", [SaleFinished()], **WHO)
        assert survey(place).erased_at is None
        assert await journal.erase_personal(later, at=later) == 1
        assert (await journal.read("A"))[1].event == NotesEntered("note A")
        assert (await journal.read("B"))[1].event == NotesEntered("")
        assert journal.verify().whole
        assert survey(place).erased_at == later
        assert survey(place).open_sales == ("A",)


async def test_nothing_of_an_erased_customer_is_left_on_the_disk(
    place: Path, written: Path, raw: Callable[[], bytes]
) -> None:
    with Journal.open(written) as journal:
        assert b"Quillfeather" in raw()
        await journal.erase_personal(AT + timedelta(days=1))
        assert b"Quillfeather" not in raw()
        assert b"word-20-end" in raw()


@pytest.fixture
def raw(place: Path) -> Callable[[], bytes]:
    """All bytes of all the journal's files."""
    return lambda: b"".join(found.read_bytes() for found in place.parent.iterdir())
