"""Whatever is wrong with the file (docs/faults.md, F34): said before money moves, the old file left as it was."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import sqlite3
import subprocess
import types
from pathlib import Path

import pytest
from journal_kit import AT, WHO
from small_disk import fill

from korus_tui.journal import lock, schema
from korus_tui.journal.errors import (
    JournalBroken,
    JournalFull,
    JournalLocked,
    JournalMissing,
    JournalNewer,
    JournalNotOurs,
    JournalProblem,
    JournalReadOnly,
    JournalUnlockable,
    JournalUnwritable,
)
from korus_tui.journal.store import Journal, verify
from korus_tui.sale.events import PaymentStarted, SaleOpened, SaleVoided
from korus_tui.sale.values import Mode

FIRST = SaleOpened("A", "/catalogs/1", Mode.LIVE, "en")
LARGE = SaleVoided("x" * 200_000)


def make(place: Path) -> Path:
    """A closed journal of one event."""
    with Journal.open(place) as journal:
        asyncio.run(journal.append("A", [FIRST], **WHO))
    return place


def append(journal: Journal, event: SaleVoided | PaymentStarted | None = None) -> None:
    asyncio.run(journal.append("A", [event or PaymentStarted()], **WHO))


def check_refused(place: Path, problem: type[JournalProblem]) -> JournalProblem:
    """Opening raises the problem in words, and leaves the file as it was."""
    before = place.read_bytes() if place.is_file() else None
    with pytest.raises(JournalProblem) as caught:
        Journal.open(place)
    assert type(caught.value) is problem
    assert str(place) in str(caught.value)
    assert str(caught.value).endswith(".")
    assert (place.read_bytes() if place.is_file() else None) == before
    return caught.value


@pytest.mark.parametrize("length", [0, 50, 100, 4096, 5000, 20_000])
def test_f34_a_truncated_file(place: Path, length: int) -> None:
    os.truncate(make(place), length)
    problem = check_refused(place, JournalBroken)
    assert ("empty" in str(problem)) is (length == 0)


@pytest.mark.parametrize("content", [b"not a database\n" * 500, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 8176])
def test_f34_a_file_that_is_no_journal(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    check_refused(place, JournalBroken)
    with pytest.raises(JournalBroken):
        verify(place)


def test_f34_a_database_of_another_program(place: Path) -> None:
    place.parent.mkdir()
    with contextlib.closing(sqlite3.connect(place)) as other:
        other.execute("CREATE TABLE events (seq)")
    check_refused(place, JournalBroken)


def test_f34_a_folder_in_its_place(place: Path) -> None:
    place.mkdir(parents=True)
    check_refused(place, JournalBroken)


def test_f34_a_missing_table(place: Path) -> None:
    with contextlib.closing(sqlite3.connect(make(place))) as other:
        other.execute("DROP TABLE meta")
    check_refused(place, JournalBroken)


def test_f34_a_deleted_journal_is_not_silently_begun_anew(place: Path) -> None:
    make(place).unlink()
    problem = check_refused(place, JournalMissing)
    assert f"{place.name}.lock" in str(problem)
    assert not place.exists()
    place.with_name(f"{place.name}.lock").unlink()
    Journal.open(place).close()
    assert verify(place).checked == 0


def test_f34_a_deleted_journal_is_told_by_its_companion(place: Path) -> None:
    journal = Journal.open(place)
    companion = place.with_name(f"{place.name}-wal")
    kept = companion.read_bytes()
    journal.close()
    place.unlink()
    place.with_name(f"{place.name}.lock").unlink()
    companion.write_bytes(kept)
    check_refused(place, JournalMissing)
    assert companion.read_bytes() == kept


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_f34_a_journal_deleted_under_the_running_till(place: Path, suffix: str) -> None:
    with Journal.open(place) as journal:
        append(journal)
        place.with_name(place.name + suffix).unlink()
        with pytest.raises(JournalProblem):
            append(journal)


def test_f34_a_journal_replaced_under_the_running_till(place: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "other.journal")
    with Journal.open(place) as journal:
        append(journal)
        os.replace(other, place)
        with pytest.raises(JournalProblem):
            append(journal)


def test_f34_a_newer_journal(place: Path) -> None:
    with contextlib.closing(sqlite3.connect(make(place))) as other:
        other.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    check_refused(place, JournalNewer)
    with pytest.raises(JournalNewer):
        verify(place)


def test_f34_an_event_of_a_newer_program(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from korus_tui.journal import codec

    with monkeypatch.context() as newer, Journal.open(place) as journal:
        newer.setitem(codec.UPGRADES, ("PaymentStarted", 1), lambda payload: payload)
        append(journal)
    with Journal.open(place) as journal:
        with pytest.raises(JournalNewer, match="event 1"):
            asyncio.run(journal.read("A"))
        assert journal.verify().whole


def test_f34_an_older_journal_is_brought_forward_after_a_backup(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(place)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 3)
    monkeypatch.setitem(schema.MIGRATIONS, 1, lambda base: base.execute("CREATE TABLE drawer (id)"))
    monkeypatch.setitem(schema.MIGRATIONS, 2, lambda base: base.execute("ALTER TABLE drawer ADD COLUMN name"))
    with Journal.open(place) as journal:
        append(journal)
        assert journal.verify().checked == 2
    with contextlib.closing(sqlite3.connect(place)) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (3,)
        assert base.execute("SELECT id, name FROM drawer").fetchall() == []
    copy = place.with_name(f"{place.name}.v1.bak")
    assert copy.stat().st_mode & 0o777 == 0o600
    monkeypatch.undo()
    assert verify(copy).checked == 1


def test_f34_a_failed_step_leaves_the_journal_and_every_backup(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(base: sqlite3.Connection) -> None:
        base.execute("CREATE TABLE drawer (id)")
        base.execute("CREATE TABLE drawer (id)")

    make(place)
    with monkeypatch.context() as newer:
        newer.setattr(schema, "SCHEMA_VERSION", 2)
        newer.setitem(schema.MIGRATIONS, 1, fails)
        for _ in range(2):
            with pytest.raises(JournalBroken):
                Journal.open(place)
    assert sorted(found.name for found in schema.backups(place)) == [f"{place.name}.v1.2.bak", f"{place.name}.v1.bak"]
    with Journal.open(place) as journal:
        append(journal)
        assert journal.verify().checked == 2


def test_f34_old_backups_go_with_the_personal_data(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(place)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 2)
    monkeypatch.setitem(schema.MIGRATIONS, 1, lambda base: None)
    with Journal.open(place) as journal:
        (copy,) = schema.backups(place)
        os.utime(copy, (AT.timestamp(), AT.timestamp()))
        asyncio.run(journal.erase_personal(AT))
        assert copy.exists()
        os.utime(copy, (AT.timestamp() - 1, AT.timestamp() - 1))
        asyncio.run(journal.erase_personal(AT))
        assert not copy.exists()
    assert place.exists()


def test_f34_another_user_s_journal(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.geteuid()
    make(place)
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    check_refused(place, JournalNotOurs)


def test_f34_another_user_s_folder(place: Path, plain_user: contextlib.AbstractContextManager[None]) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can look like another user")
    make(place)
    with plain_user:
        for read_only in (False, True):
            with pytest.raises(JournalNotOurs):
                Journal.open(place, read_only=read_only)


def test_f34_a_file_that_may_only_be_read(
    plain_folder: Path, plain_user: contextlib.AbstractContextManager[None]
) -> None:
    place = plain_folder / "till.journal"
    with plain_user:
        make(place)
        place.chmod(0o400)
        with pytest.raises(JournalReadOnly, match="made writable"):
            Journal.open(place)
        assert verify(place).checked == 1


def test_f34_a_folder_that_may_only_be_read(
    plain_folder: Path, plain_user: contextlib.AbstractContextManager[None]
) -> None:
    place = plain_folder / "data" / "till.journal"
    with plain_user:
        make(place)
        place.with_name(f"{place.name}.lock").unlink()
        place.parent.chmod(0o500)
        try:
            with pytest.raises(JournalReadOnly):
                Journal.open(place)
            assert verify(place).checked == 1
        finally:
            place.parent.chmod(0o700)


def test_f34_nothing_to_read(place: Path) -> None:
    with pytest.raises(JournalMissing):
        Journal.open(place, read_only=True)
    with pytest.raises(JournalMissing):
        verify(place)
    assert not place.parent.exists()


def test_f34_a_full_database_keeps_what_it_has_and_goes_on_when_there_is_room(place: Path) -> None:
    with Journal.open(place) as journal:
        append(journal)
        connection = journal._file._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(JournalFull, match="free some space"):
            append(journal, LARGE)
        assert len(asyncio.run(journal.read("A"))) == 1
        connection.execute("PRAGMA max_page_count = 100000")
        append(journal, LARGE)
        assert journal.verify().checked == 2


def test_f34_a_limit_on_the_size_of_files(place: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Journal.open(place) as journal:
        append(journal)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
        try:
            with pytest.raises(JournalUnwritable):
                append(journal, LARGE)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert len(asyncio.run(journal.read("A"))) == 1
        append(journal)
        assert journal.verify().checked == 2


def test_f34_a_full_disk_while_selling(small_disk: Path) -> None:
    with Journal.open(small_disk / "till.journal") as journal:
        append(journal)
        waste = fill(small_disk)
        with pytest.raises(JournalFull):
            append(journal, SaleVoided("x" * 50_000))
        assert len(asyncio.run(journal.read("A"))) == 1
        waste.unlink()
        append(journal)
        assert journal.verify().checked == 2


def test_f34_a_full_disk_is_seen_before_anything_is_written(small_disk: Path) -> None:
    with Journal.open(small_disk / "till.journal") as journal:
        append(journal)
        asyncio.run(journal.check())
        asyncio.run(journal.prove())
        waste = fill(small_disk)
        with pytest.raises(JournalFull):
            asyncio.run(journal.check())
        waste.unlink()
        asyncio.run(journal.check())


def test_f34_a_disk_that_became_read_only_is_seen_before_anything_is_written(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.open(place) as journal:
        asyncio.run(journal.check())
        disk = types.SimpleNamespace(f_flag=os.ST_RDONLY, f_blocks=1000, f_bavail=1000, f_frsize=4096)
        monkeypatch.setattr(os, "statvfs", lambda _path: disk)
        with pytest.raises(JournalReadOnly):
            asyncio.run(journal.check())


def test_f34_a_check_sees_what_an_append_would_meet(place: Path) -> None:
    with Journal.open(place) as journal:
        asyncio.run(journal.check())
        place.unlink()
        for look in (journal.check, journal.prove):
            with pytest.raises(JournalMissing):
                asyncio.run(look())


def test_f34_a_full_disk_at_the_start(small_disk: Path) -> None:
    waste = fill(small_disk)
    for _ in range(2):
        with pytest.raises(JournalFull):
            Journal.open(small_disk / "till.journal")
    waste.unlink()
    Journal.open(small_disk / "till.journal").close()
    fill(small_disk)
    with pytest.raises(JournalFull):
        Journal.open(small_disk / "till.journal")


def test_f34_a_read_only_disk(small_disk: Path) -> None:
    place = make(small_disk / "till.journal")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(JournalReadOnly):
        Journal.open(place)
    assert verify(place).checked == 1


def test_f34_a_database_that_another_tool_keeps_locked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    with Journal.open(place) as journal:
        with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalLocked) as caught:
                append(journal)
            assert caught.value.holder is None
        append(journal)
        assert journal.verify().checked == 1


def test_f34_a_file_system_without_locks(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_file: int, _how: int) -> None:
        raise OSError(lock.errno.ENOLCK, os.strerror(lock.errno.ENOLCK))

    monkeypatch.setattr(lock.fcntl, "flock", no_locks)
    with pytest.raises(JournalUnlockable, match="local disk"):
        Journal.open(place)


def test_a_creation_that_was_cut_off_is_begun_again(place: Path) -> None:
    place.parent.mkdir()
    place.with_name(f"{place.name}.new").write_bytes(b"half of a journal")
    Journal.open(place).close()
    assert verify(place).whole
    assert not place.with_name(f"{place.name}.new").exists()
