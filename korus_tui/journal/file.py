"""The journal's file: whole transactions, for one thread at a time. store.py calls it off the event loop."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from korus_tui.journal import chain, codec, index, schema
from korus_tui.journal.entry import Head, JournalEntry, sale_stream
from korus_tui.journal.errors import (
    Holder,
    JournalBroken,
    JournalLocked,
    JournalMissing,
    JournalNewer,
    JournalOlder,
    JournalProblem,
    JournalReadOnly,
    JournalTakenOver,
    NewerEvent,
    UnreadableEvent,
)
from korus_tui.journal.lock import WriterLock, system_errors

T = TypeVar("T")


def _instant(at: datetime) -> str:
    """UTC with microseconds, so that text sorts as time does. Raises ValueError for a time without offset."""
    if at.utcoffset() is None:
        raise ValueError("the journal takes times with an offset only")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class JournalFile:
    """An open journal: for its one writer where `lock` is given, else for reading."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock
        self._writer = secrets.token_hex(16)
        self._file = path.stat()
        self._companions = schema.companions(connection, path) if lock else []
        self._closed = False
        self.damage: JournalBroken | None = None  # what a walk along the chain found
        self._walked = False
        self._taken_by: Holder | None = None
        self._taken = False

    @classmethod
    def read(cls, path: Path, *, though_damaged: bool = False) -> JournalFile:
        """Open for reading, beside the writer if there is one; `though_damaged` is for who walks it and tells."""
        opened = cls(path, schema.connect(path, read_only=True), None)
        return opened if though_damaged else opened._prepared()

    @classmethod
    def write(cls, path: Path, *, take_over: bool) -> JournalFile:
        """Open as the one writer; a missing journal is made, unless there has been one."""
        with system_errors(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = WriterLock(path)
        try:
            if not take_over:
                lock.acquire()
            elif not path.exists():
                lock.take_over()
            if not path.exists():
                if lock.journal_was_made:
                    raise JournalMissing(path, f"to begin a new one instead, remove {lock.path.name} too")
                schema.create(path)
            return cls(path, schema.connect(path), lock)._prepared()
        except BaseException:
            lock.release()
            raise

    def _prepared(self) -> JournalFile:
        try:
            self._check_end()
            if self._lock is not None:
                self._check_known(self._lock)
                self._claim(self._lock)
                schema.migrate(self._connection, self.path)
                self._lock.note_journal()
                self._note_newest(self._lock)
        except BaseException:
            self._connection.close()
            raise
        return self

    def _claim(self, lock: WriterLock) -> None:
        """Write our name into the database: from this transaction on, an earlier writer finds it is not the one."""
        with schema.translated(self.path), self._transaction():
            if not lock.is_held:
                lock.take_over()  # within the transaction: of two at once, the later one displaces the earlier
            if not lock.is_current:
                raise JournalLocked(self.path, holder=lock.holder())
            self._note("writer", self._writer)

    def _check_end(self) -> None:
        """The chain ends where its note says it does; the rest is verified on demand. Raises JournalBroken."""
        with schema.translated(self.path), self._transaction("BEGIN"):
            noted = self._head()
            found = self._connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
            if (found or (0, chain.GENESIS)) != noted:
                raise JournalBroken(self.path, "its last events are not those that were written last", seq=noted[0])

    def _check_known(self, lock: WriterLock) -> None:
        """The journal has the event that was written last, as the lock's file knows it. Raises JournalOlder."""
        known = lock.head if lock.is_held else lock.noted()
        if known is None:
            return
        with schema.translated(self.path):
            why = chain.missing(self._connection, known)
        if why:
            raise JournalOlder(self.path, f"{why}, as {lock.path.name} knows", seq=known.seq)

    def _note_newest(self, lock: WriterLock) -> None:
        with schema.translated(self.path):
            found = self._connection.execute("SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        if found:
            lock.note_head(Head(found[0], found[1], datetime.fromisoformat(found[2])))

    @property
    def head(self) -> Head | None:
        """The newest event, as the lock's file knows it; None for a journal without any, or one that is only read."""
        return self._lock.head if self._lock else None

    def _head(self) -> tuple[int, str]:
        try:
            return chain.head(self._connection)
        except ValueError as error:
            raise JournalBroken(self.path, str(error)) from error

    @property
    def read_only(self) -> bool:
        """Whether nothing can be appended: opened for reading, taken over, or closed."""
        return self._lock is None

    def append(
        self,
        stream: str,
        events: Sequence[object],
        *,
        at: datetime,
        agent: str,
        till: str,
        though_damaged: bool = False,
    ) -> tuple[JournalEntry, ...]:
        """Write all of the events or none; on the disk when this returns.

        Raises JournalBroken after a walk found damage, unless told to write all the same.
        """
        if self.damage is not None and not though_damaged:
            raise self.damage
        instant = _instant(at)
        rows = [codec.encode(stream, event) for event in events]
        entries = []
        with self._writing():
            seq, last = self._end()
            for event, row in zip(events, rows, strict=True):
                seq += 1
                last = self._insert(last, (seq, stream, instant, agent, till, row.kind, row.version, row.payload))
                self._set_apart(stream, instant, row.personal)
                entries.append(JournalEntry(seq, stream, at.astimezone(UTC), agent, till, event, last))
            self._connection.executemany(
                "UPDATE meta SET value = ? WHERE key = ?", [(str(seq), "head_seq"), (last, "head_hash")]
            )
        if entries and self._lock is not None:
            self._lock.note_head(Head(seq, last, entries[-1].at))
        return tuple(entries)

    def _end(self) -> tuple[int, str]:
        """Where the chain goes on: after the event that this writer wrote or found last. Raises JournalBroken."""
        noted, known = self._head(), self._lock.head if self._lock else None
        if noted != ((known.seq, known.hash) if known else (0, chain.GENESIS)):
            why = "its last event is not the one that this till wrote last"
            self.damage = JournalBroken(self.path, why, seq=noted[0])
            raise self.damage
        return noted

    def _insert(self, prev: str, row: tuple[int, str, str, str, str, str, int, str]) -> str:
        written = chain.link(prev, *row)
        self._connection.execute(
            f"INSERT INTO events ({chain.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, prev, written)
        )
        seq, stream, at, _, _, kind, _, _ = row
        index.note(self._connection, seq, stream, at, kind)
        return written

    def _set_apart(self, stream: str, at: str, parts: Sequence[codec.Personal]) -> None:
        self._connection.executemany(
            "INSERT INTO personal (id, stream, at, data, salt) VALUES (?, ?, ?, ?, ?)",
            [(part.id, stream, at, part.data, part.salt) for part in parts],
        )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction that only the journal's writer gets, on the file that the path still names."""
        lock = self._writers_lock()
        with schema.translated(self.path):
            self._check_place()
            with self._transaction():
                self._check_writer(lock)
                yield

    def _writers_lock(self) -> WriterLock:
        if self._taken:
            raise JournalTakenOver(self.path, holder=self._taken_by)
        if self._lock is None:
            raise JournalReadOnly(self.path)
        return self._lock

    @contextlib.contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        self._connection.execute(begin)
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _check_place(self) -> None:
        """A removed file can still be written, and would be lost: that must be noticed before money moves."""
        try:
            same = os.path.samestat(self.path.stat(), self._file)
        except FileNotFoundError:
            same = False
        if not same or not all(place.exists() for place in self._companions):
            raise JournalMissing(self.path, "it was removed or replaced while the till was running")

    def _check_writer(self, lock: WriterLock) -> None:
        if self._noted_writer() != self._writer:
            self._taken, self._taken_by = True, lock.holder()
            lock.release()
            self._lock = None
            raise JournalTakenOver(self.path, holder=self._taken_by)

    def _noted_writer(self) -> str | None:
        found = self._connection.execute("SELECT value FROM meta WHERE key = 'writer'").fetchone()
        return found[0] if found else None

    def is_writer(self) -> bool:
        """Whether an append would find this journal still ours."""
        with schema.translated(self.path):
            return self._lock is not None and self._noted_writer() == self._writer

    def check(self) -> None:
        """Raise what an append would meet, as far as that shows without writing."""
        lock = self._writers_lock()
        with schema.translated(self.path):
            self._check_place()
            self._check_writer(lock)
            schema.check_room(self.path)
        if self.damage is not None:
            raise self.damage

    def prove(self) -> None:
        """Write a note and wait for the disk: it raises what an append would meet."""
        with self._writing():
            self._note("proved", secrets.token_hex(4))

    def _note(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def entries(self, where: str = "1", *values: Any) -> tuple[JournalEntry, ...]:
        """Entries in order; each is checked against its own hash. Raises JournalBroken and JournalNewer.

        Where damage is known, and so told wherever this is shown, a changed row is read as it stands.
        """
        with schema.translated(self.path):
            rows = self._connection.execute(
                f"SELECT {chain.COLUMNS} FROM events WHERE {where} ORDER BY seq", values
            ).fetchall()
            return tuple(self._entry(row) for row in rows)

    def _entry(self, row: tuple[Any, ...]) -> JournalEntry:
        seq, stream, at, agent, till, kind, version, payload, prev, written = row
        if not self._walked and self.damage is None and chain.link(prev, *row[:8]) != written:
            self.damage = JournalBroken(self.path, f"event {seq} was changed after it was written", seq=seq)
            raise self.damage
        try:
            event = codec.decode(stream, kind, version, payload, self._personal)
        except NewerEvent as error:
            raise JournalNewer(self.path, f"event {seq}: {error}") from error
        except UnreadableEvent as error:
            raise JournalBroken(self.path, f"event {seq}: {error}", seq=seq) from error
        return JournalEntry(seq, stream, datetime.fromisoformat(at), agent, till, event, written)

    def _personal(self, id_: str) -> tuple[str | None, bytes | None] | None:
        found: tuple[str | None, bytes | None] | None
        found = self._connection.execute("SELECT data, salt FROM personal WHERE id = ?", (id_,)).fetchone()
        return found

    def walk(self, follow: chain.Follow | None = None) -> chain.Verdict:
        """Walk the whole chain; afterwards rows are read without looking at each one's hash again.

        `damage` is what it found; `follow` is given each event, as `chain.verify` has it. Raises the journal's errors.
        """
        known = self._lock.head if self._lock else WriterLock(self.path).noted()
        with schema.translated(self.path), contextlib.closing(schema.connect(self.path, read_only=True)) as beside:
            verdict = chain.verify(self._connection, known, beside=beside, follow=follow)
        if not verdict.whole:
            self.damage = JournalBroken(self.path, verdict.why, seq=verdict.broken_at)
        self._walked = True
        return verdict

    def ask(self, question: Callable[..., T], *values: Any) -> T:
        """A question of index.py, asked of this file."""
        with schema.translated(self.path):
            return question(self._connection, *values)

    def checkpoint(self) -> None:
        """Bring what stands in the write-ahead log into the file itself, as far as no reader is in the way."""
        with contextlib.suppress(JournalProblem), schema.translated(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def rebuild_index(self) -> int:
        """Make the index of sales again from the events; the number of sales."""
        with self._writing():
            return index.rebuild(self._connection)

    def erase_personal(self, before: datetime, *, at: datetime | None = None) -> int:
        """Forget the persons' data recorded before an instant, here and in backups; how many pieces were erased.

        What belongs to a sale that is still open stays, and so does what was recorded under a wrong time: of a sale
        whose places were held beyond that instant, as the reservation says. `at` is noted as the time of the last run.
        """
        with self._writing():
            erased = self._connection.execute(
                "UPDATE personal SET data = NULL, salt = NULL WHERE at < ? AND data IS NOT NULL"
                " AND stream NOT IN (SELECT ? || reference FROM sales WHERE state = 'open')"
                " AND NOT EXISTS (SELECT 1 FROM events WHERE events.stream = personal.stream AND kind = 'HoldPlaced'"
                " AND julianday(json_extract(payload, '$.hold.expires_at')) >= julianday(?))",
                (_instant(before), sale_stream(""), _instant(before)),
            ).rowcount
            if at is not None:
                self._note("erased_at", _instant(at))
        with schema.translated(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still held what was overwritten
            for old in schema.backups(self.path):
                if old.stat().st_mtime < before.timestamp():
                    old.unlink()
        return erased

    def forget(self, reference: str) -> int:
        """Forget the persons' data of one sale, here and in the backups beside it; how many pieces were erased here."""
        wanted = "UPDATE personal SET data = NULL, salt = NULL WHERE stream = ? AND data IS NOT NULL"
        with self._writing():
            erased = self._connection.execute(wanted, (sale_stream(reference),)).rowcount
        with schema.translated(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for old in schema.backups(self.path):
            with schema.translated(old), contextlib.closing(sqlite3.connect(old)) as backup, backup:
                backup.execute("PRAGMA secure_delete = ON")
                backup.execute(wanted, (sale_stream(reference),))
        return erased

    def close(self) -> None:
        """Give the file and the lock back; safe to call again."""
        if not self._closed:
            self._closed = True
            self._connection.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None
