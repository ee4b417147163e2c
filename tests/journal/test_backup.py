"""A backup has the newest sale, is whole, and is taken while the till sells (docs/faults.md, F87)."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from journal_kit import WHO

from korus_tui.journal import backup
from korus_tui.journal.errors import JournalMissing, JournalOlder
from korus_tui.journal.store import Journal, verify
from korus_tui.sale.events import NotesEntered, SaleFinished, SaleOpened
from korus_tui.sale.values import Mode

NOW = datetime(2025, 1, 29, 7, 55, 53, tzinfo=UTC)


async def a_sale(journal: Journal, reference: str) -> None:
    """A sale that ends at once."""
    events = [SaleOpened(reference, "/catalogs/1", Mode.LIVE, "fr"), NotesEntered("wheelchair"), SaleFinished()]
    await journal.append(reference, events, **WHO)


def restored(copy: Path, folder: Path) -> Path:
    """The copy as a journal of its own, opened once as a till does."""
    folder.mkdir()
    place = folder / "till-1.journal"
    shutil.copy(copy, place)
    return place


async def test_the_newest_sale_is_in_a_backup_while_open_f87(journal: Journal, place: Path, tmp_path: Path) -> None:
    for number in range(30):
        await a_sale(journal, f"S{number}")
        await journal.append(f"O{number}", [SaleOpened(f"O{number}", "/catalogs/1", Mode.LIVE, "fr")], **WHO)
    taken = await asyncio.to_thread(backup.take, place, tmp_path / "copies", now=NOW)
    assert taken.verdict.whole
    assert taken.file.name == "till-1.20250129T075553Z.journal"
    assert taken.file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "copies").stat().st_mode & 0o777 == 0o700
    assert [one.name for one in taken.file.parent.iterdir()] == [taken.file.name]  # it needs no file beside it
    with Journal.open(restored(taken.file, tmp_path / "new")) as again:
        assert await again.tail(0) == await journal.tail(0)
        await a_sale(again, "later")
        assert again.verify().whole


async def test_backups_taken_while_selling_are_all_whole_f87(journal: Journal, place: Path, tmp_path: Path) -> None:
    selling, taken = threading.Event(), []

    def take_some() -> None:
        for number in range(6):
            taken.append(backup.take(place, tmp_path / "copies", now=NOW + timedelta(seconds=number)))
        selling.set()

    other = threading.Thread(target=take_some)
    other.start()
    sold = 0
    while not selling.is_set():
        await a_sale(journal, f"S{sold}")
        sold += 1
    other.join()
    assert all(one.verdict.whole for one in taken)
    counts = [one.verdict.checked for one in taken]
    assert counts == sorted(counts)


async def test_the_end_of_a_sale_is_in_the_file_itself_f87(journal: Journal, place: Path, tmp_path: Path) -> None:
    """Also who copies the one file, as older guides said, has every sale that has ended."""
    await a_sale(journal, "A")
    await journal.prove()  # the journal's thread has done what it was given before
    copy = restored(place, tmp_path / "new")
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as other:
        assert other.execute("SELECT count(*) FROM events").fetchone() == (3,)


async def test_only_the_newest_are_kept_and_other_tills_are_left_alone_f87(
    journal: Journal, place: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for name in ("till-2.20240101T000000Z.journal", "till-1.notes", "till-1.2.20240101T000000Z.journal"):
        (folder / name).write_text("somebody else's")
    for number in range(4):
        await a_sale(journal, f"S{number}")
        taken = await asyncio.to_thread(backup.take, place, folder, keep=2, now=NOW + timedelta(hours=number))
    left = sorted(one.name for one in folder.iterdir())
    assert left == sorted(
        [
            "till-2.20240101T000000Z.journal",
            "till-1.notes",
            "till-1.2.20240101T000000Z.journal",
            "till-1.20250129T095553Z.journal",
            "till-1.20250129T105553Z.journal",
        ]
    )
    assert [one.name for one in taken.removed] == ["till-1.20250129T085553Z.journal"]


async def test_two_in_one_second_are_two_f87(journal: Journal, place: Path, tmp_path: Path) -> None:
    await a_sale(journal, "A")
    first, second = (backup.take(place, tmp_path / "copies", now=NOW) for _ in range(2))
    assert first.file != second.file
    assert verify(first.file).whole
    assert verify(second.file).whole


async def test_a_damaged_journal_is_copied_and_costs_no_older_copy_f87(
    journal: Journal, place: Path, tmp_path: Path
) -> None:
    await a_sale(journal, "A")
    folder = tmp_path / "copies"
    whole = backup.take(place, folder, keep=1, now=NOW)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("DROP TRIGGER events_stand")
        other.execute("UPDATE events SET agent = 'Eve' WHERE seq = 2")
    broken = backup.take(place, folder, keep=1, now=NOW + timedelta(hours=1))
    assert "event 2" in broken.verdict.why
    assert broken.removed == ()
    assert whole.file.exists()


async def test_an_older_copy_put_back_is_named_and_can_be_gone_on_with_f87(place: Path, tmp_path: Path) -> None:
    with Journal.open(place) as journal:
        await a_sale(journal, "A")
        taken = backup.take(place, tmp_path / "copies", now=NOW)
        await a_sale(journal, "B")
    shutil.copy(taken.file, place)
    with pytest.raises(JournalOlder, match="event 6 was written at"):
        Journal.open(place)
    with pytest.raises(JournalOlder):
        Journal.open(place, take_over=True)
    assert "event 6" in verify(place).why
    place.with_name(place.name + ".lock").unlink()
    with Journal.open(place) as journal:
        assert await journal.open_sales() == ()


def test_nothing_there_is_said_and_leaves_nothing_f87(tmp_path: Path) -> None:
    with pytest.raises(JournalMissing):
        backup.take(tmp_path / "till-1.journal", tmp_path / "copies", now=NOW)
    assert list((tmp_path / "copies").iterdir()) == []


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command itself."""
    return subprocess.run(
        [sys.executable, "-m", "korus_tui", "backup", *words],
        env={**os.environ, "KORUS_TUI_HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_command_copies_every_till_of_the_account_f87(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "copies"
    nothing = run(home, str(folder))
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "no journal" in nothing.stderr
    with Journal.open(home / "data" / "till-1.journal") as one, Journal.open(home / "data" / "till-2.journal") as two:
        await a_sale(one, "A")
        await a_sale(two, "B")
        ran = await asyncio.to_thread(run, home, str(folder), "--keep", "3")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(list(folder.iterdir())) == 2
    assert ran.stdout.count("whole, 3 events") == 2
    assert run(home, str(folder), "--keep", "0").returncode == 2
    (tmp_path / "file").write_text("no folder")
    refused = run(home, str(tmp_path / "file"))
    assert refused.returncode == 1
    assert "Nothing was copied" in refused.stderr
