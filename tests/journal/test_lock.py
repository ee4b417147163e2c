"""One writer per till (docs/faults.md, F35): a second start, a stale lock, two hosts with one home."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from journal_kit import AT, WHO

from korus_tui.journal import lock, schema
from korus_tui.journal.errors import (
    JournalLinked,
    JournalLocked,
    JournalProblem,
    JournalReadOnly,
    JournalTakenOver,
)
from korus_tui.journal.lock import WriterLock
from korus_tui.journal.store import Journal
from korus_tui.sale.events import PaymentStarted, SaleFinished

HOLD = """
import sys, pathlib
from korus_tui.journal.store import Journal
journal = Journal.open(pathlib.Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def start_another(place: Path) -> subprocess.Popen[str]:
    """Another start of the till on the same journal, ready when this returns."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    return other


def lock_file(place: Path) -> Path:
    return place.with_name(place.name + ".lock")


def test_f35_a_second_start_is_told_who_writes(place: Path) -> None:
    with start_another(place) as other:
        try:
            with pytest.raises(JournalLocked) as caught:
                Journal.open(place)
            holder = caught.value.holder
            assert holder is not None
            assert (holder.pid, holder.host) == (other.pid, os.uname().nodename)
            assert f"process {other.pid}" in str(caught.value)
            assert WriterLock(place).holder() == holder
        finally:
            other.kill()


def test_f35_a_stale_lock_is_taken_silently(place: Path) -> None:
    with start_another(place) as other:
        other.kill()
    assert WriterLock(place).holder() is not None
    with Journal.open(place) as journal:
        assert not journal.read_only


async def test_f35_a_taken_over_till_only_reads(place: Path) -> None:
    first = Journal.open(place)
    await first.append("A", [PaymentStarted()], **WHO)
    with Journal.open(place, take_over=True) as second:
        (written,) = await second.append("A", [SaleFinished()], **WHO)
        assert not await first.is_writer()
        assert await second.is_writer()
        with pytest.raises(JournalTakenOver) as caught:
            await first.append("A", [PaymentStarted()], **WHO)
        assert caught.value.holder is not None
        assert first.read_only
        assert (await first.read("A"))[-1] == written
        with pytest.raises(JournalReadOnly):
            await first.append("A", [PaymentStarted()], **WHO)
        with pytest.raises(JournalReadOnly):
            await first.erase_personal(AT)
        with pytest.raises(JournalLocked):
            Journal.open(place)
        first.close()
        with pytest.raises(JournalLocked):
            Journal.open(place)
        await second.append("A", [PaymentStarted()], **WHO)
        assert second.verify().checked == 3
    Journal.open(place).close()


async def test_f35_a_running_process_is_taken_over(place: Path) -> None:
    with start_another(place) as other:
        try:
            with Journal.open(place, take_over=True) as journal:
                assert len(await journal.append("A", [PaymentStarted()], **WHO)) == 1
                other.kill()
                other.wait()
                with pytest.raises(JournalLocked):
                    Journal.open(place)
        finally:
            other.kill()


async def test_f35_the_first_learns_of_a_take_over_without_writing(place: Path) -> None:
    with Journal.open(place) as first:
        await first.check()
        with Journal.open(place, take_over=True):
            for look in (first.check, first.check, first.prove):
                with pytest.raises(JournalTakenOver, match="taken over"):
                    await look()
            assert first.read_only


async def test_f35_a_take_over_while_a_write_waits(place: Path) -> None:
    first = Journal.open(place)
    second = await asyncio.to_thread(Journal.open, place, take_over=True)
    results = await asyncio.gather(
        *(journal.append("A", [PaymentStarted()], **WHO) for journal in (first, second) * 10), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, JournalReadOnly)]
    assert len(refused) == 10
    assert second.verify().checked == 10
    first.close()
    second.close()


def test_f35_taking_over_what_nobody_holds(place: Path) -> None:
    with Journal.open(place, take_over=True) as journal:
        assert not journal.read_only
    with Journal.open(place, take_over=True) as first, Journal.open(place, take_over=True) as second:
        assert second.verify().whole
        assert not first.read_only  # it has not tried to write yet, and cannot know


def test_f35_of_two_starts_at_once_one_writes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A take-over comes between another start's lock and its claim in the database."""
    Journal.open(place).close()
    acquire = WriterLock.acquire
    later: list[Journal] = []

    def overtaken(first: WriterLock) -> None:
        acquire(first)
        later.append(Journal.open(place, take_over=True))

    with monkeypatch.context() as patched:
        patched.setattr(WriterLock, "acquire", overtaken)
        with pytest.raises(JournalLocked):
            Journal.open(place)
    assert asyncio.run(later[0].is_writer())
    with pytest.raises(JournalLocked):
        Journal.open(place)
    later[0].close()


def test_f35_a_lock_file_replaced_while_it_is_locked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening the lock file and locking it, a take-over puts another in its place: that one counts."""
    Journal.open(place).close()
    flock = lock.fcntl.flock
    later: list[Journal] = []

    def overtaken(file: int, how: int) -> None:
        monkeypatch.setattr(lock.fcntl, "flock", flock)
        later.append(Journal.open(place, take_over=True))
        flock(file, how)

    monkeypatch.setattr(lock.fcntl, "flock", overtaken)
    with pytest.raises(JournalLocked):
        WriterLock(place).acquire()
    later[0].close()


async def test_f35_a_take_over_that_fails_leaves_the_first_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.open(place) as first:
        before = WriterLock(place).holder()
        with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as tool:
            tool.execute("BEGIN IMMEDIATE")
            monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
            with pytest.raises(JournalLocked):
                Journal.open(place, take_over=True)
        assert WriterLock(place).holder() == before
        with pytest.raises(JournalLocked):
            Journal.open(place)
        assert len(await first.append("A", [PaymentStarted()], **WHO)) == 1


async def test_f35_two_hosts_whose_locks_lie(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither host sees the other's lock: the writer noted in the database decides."""
    first = Journal.open(place)
    lock_file(place).unlink()  # what the other host sees of it
    second = Journal.open(place)
    await second.append("A", [PaymentStarted()], **WHO)
    with pytest.raises(JournalTakenOver):
        await first.append("A", [PaymentStarted()], **WHO)
    assert second.verify().checked == 1
    first.close()
    second.close()


def test_f35_a_lock_of_another_host_is_not_taken_silently(place: Path) -> None:
    Journal.open(place).close()
    lock_file(place).write_text(json.dumps({"pid": 1, "host": "counter-2", "journal": True}))
    with pytest.raises(JournalLocked, match="process 1 on counter-2"):
        Journal.open(place)
    Journal.open(place, take_over=True).close()
    Journal.open(place).close()


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\x00\x01", '{"pid":"x","host":1,"journal":1}', "9" * 5000])
def test_a_lock_file_with_anything_in_it(place: Path, text: str) -> None:
    place.parent.mkdir()
    lock_file(place).write_text(text)
    with Journal.open(place) as journal:
        holder = WriterLock(place).holder()
        assert holder is not None
        assert holder.pid == os.getpid()
        assert not journal.read_only
    assert WriterLock(place).holder() is None


@pytest.mark.parametrize("how", ["link", "pipe"])
@pytest.mark.parametrize("take_over", [False, True])
def test_what_stands_in_the_place_of_the_lock_is_not_written_through(place: Path, how: str, take_over: bool) -> None:
    """Whoever may write the folder could have any file of the account overwritten, or the start wait for ever."""
    with Journal.open(place):
        pass
    lock_file(place).unlink()
    precious = place.parent / "precious"
    precious.write_text("precious")
    if how == "link":
        lock_file(place).symlink_to(precious)
    else:
        os.mkfifo(lock_file(place))
    with pytest.raises(JournalLinked, match="stands where its lock file is"):
        Journal.open(place, take_over=take_over)
    assert precious.read_text() == "precious"


def test_a_failed_start_leaves_no_lock(place: Path) -> None:
    place.mkdir(parents=True)
    for _ in range(2):
        with pytest.raises(JournalProblem) as caught:
            Journal.open(place)
        assert not isinstance(caught.value, JournalLocked)


async def test_reading_needs_no_lock(place: Path) -> None:
    with Journal.open(place) as writer, Journal.open(place, read_only=True) as reader:
        written = await writer.append("A", [PaymentStarted()], **WHO)
        assert await reader.read("A") == written
        assert reader.read_only
        with pytest.raises(JournalReadOnly):
            await reader.append("A", [PaymentStarted()], **WHO)
