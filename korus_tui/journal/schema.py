"""The database file: made whole or not at all, opened only if it is ours, brought forward after a backup."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

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
from korus_tui.journal.lock import is_ours, system_errors

APPLICATION_ID = 0x4B525553  # "KRUS", in the file's header
SCHEMA_VERSION = 1
# version → the step to version + 1; a step uses execute(), never executescript(), which would commit.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}
LEAST_ROOM = 128 * 1024  # bytes: a whole sale's events, with what the database needs beside them
BUSY_SECONDS = 5.0  # how long another connection's lock is waited for

_CODES: dict[int, type[JournalProblem]] = {
    sqlite3.SQLITE_BUSY: JournalLocked,
    sqlite3.SQLITE_LOCKED: JournalLocked,
    sqlite3.SQLITE_PERM: JournalNotOurs,
    sqlite3.SQLITE_READONLY: JournalReadOnly,
    sqlite3.SQLITE_CORRUPT: JournalBroken,
    sqlite3.SQLITE_NOTADB: JournalBroken,
    sqlite3.SQLITE_FULL: JournalFull,
    sqlite3.SQLITE_NOLFS: JournalFull,
    sqlite3.SQLITE_PROTOCOL: JournalUnlockable,
    # Told apart from the other input/output errors:
    sqlite3.SQLITE_IOERR_SHMSIZE: JournalFull,
    sqlite3.SQLITE_IOERR_LOCK: JournalUnlockable,
    sqlite3.SQLITE_IOERR_RDLOCK: JournalUnlockable,
    sqlite3.SQLITE_IOERR_UNLOCK: JournalUnlockable,
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK: JournalUnlockable,
    sqlite3.SQLITE_IOERR_SHORT_READ: JournalBroken,
    sqlite3.SQLITE_READONLY_DBMOVED: JournalMissing,
}


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns errors of the database and of the operating system into the journal's own."""
    try:
        with system_errors(path):
            yield
    except UnicodeDecodeError as error:  # SQLite's own words about damage quote the damaged bytes
        raise JournalBroken(path, "its structure is damaged") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:  # the module's own complaint, such as a misuse: a fault of this program
            raise
        kind = _CODES.get(code) or _CODES.get(code & 0xFF) or JournalUnwritable
        if code & 0xFF == sqlite3.SQLITE_ERROR:  # a table or column that is not there
            kind = JournalBroken
        if code & 0xFF == sqlite3.SQLITE_CANTOPEN and not is_ours(path):
            kind = JournalNotOurs
        raise kind(path, str(error)) from error


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """An open journal of this schema or an older one. Raises JournalMissing, -Broken, -Newer, -NotOurs and others."""
    with translated(path):
        _check_file(path, read_only=read_only)
        connection = _reader(path) if read_only else _connection(path, "rw")
        try:
            _check_header(connection, path)
            if not read_only:
                _make_durable(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _check_file(path: Path, *, read_only: bool) -> None:
    if not path.exists():
        raise JournalMissing(path)
    if not path.is_file():
        raise JournalBroken(path, "it is no file")
    found = path.stat()
    if found.st_size == 0:  # SQLite would take an emptied file for a new database
        raise JournalBroken(path, "the file is empty")
    if read_only:
        return
    if found.st_uid != os.geteuid():
        raise JournalNotOurs(path)
    if found.st_mode & 0o077:
        path.chmod(0o600)


def _connection(path: Path, mode: str) -> sqlite3.Connection:
    # autocommit, and one thread at a time uses it (store.py), though not always the one that opened it
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")  # damage is told by the chain
    return connection


def _reader(path: Path) -> sqlite3.Connection:
    """A connection for reading, also where not even the folder can be written and no writer is there."""
    connection = _connection(path, "ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        cannot_share = error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
        if not cannot_share or _beside(path, "-wal").exists():
            raise
        return _connection(path, "ro&immutable=1")
    return connection


def check_room(path: Path) -> None:
    """The file system takes more events. Raises JournalFull and JournalReadOnly."""
    found = os.statvfs(path.parent)
    if found.f_flag & os.ST_RDONLY:
        raise JournalReadOnly(path)
    if found.f_blocks and found.f_bavail * found.f_frsize < LEAST_ROOM:
        raise JournalFull(path)


def companions(connection: sqlite3.Connection, path: Path) -> list[Path]:
    """The files without which the journal's newest events would be lost, while a connection for writing is open."""
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return [_beside(path, "-wal")] if mode == "wal" else []


def _check_header(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID or version < 1:
        raise JournalBroken(path, "it is a database of something else")
    if version > SCHEMA_VERSION:
        raise JournalNewer(path, f"its schema is {version}, this program knows {SCHEMA_VERSION}")


def _make_durable(connection: sqlite3.Connection) -> None:
    # Where shared memory is not to be had, WAL is not granted: the rollback journal with EXTRA is as durable.
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    connection.execute(f"PRAGMA synchronous = {'FULL' if mode == 'wal' else 'EXTRA'}")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten


def create(path: Path) -> None:
    """A new, empty journal: made beside, then moved into place, so that no half-made one is ever met.

    The caller holds the writer's lock. Raises JournalMissing where a companion shows that a journal was removed.
    """
    with translated(path):
        if _beside(path, "-wal").exists() or _beside(path, "-journal").exists():
            raise JournalMissing(path, "its companion file is still there")
        fresh = _beside(path, ".new")
        for suffix in ("", "-wal", "-shm", "-journal"):
            _beside(fresh, suffix).unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = _connection(fresh, "rw")
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.executescript(schema_text())
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        finally:
            connection.close()
        fresh.rename(path)
        _sync_folder(path)


def schema_text() -> str:
    """How a journal is made, in SQL."""
    return Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Brings an older journal to this schema in one transaction, after a backup beside it; nothing to do is fine."""
    with translated(path):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return
        backup(connection, path, version)
        connection.execute("BEGIN IMMEDIATE")
        try:
            for step in range(version, SCHEMA_VERSION):
                MIGRATIONS[step](connection)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def backup(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """A whole copy `<name>.v<version>.bak` beside the journal; an earlier copy is kept, the new one is numbered."""
    part = _beside(path, f".v{version}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copy_into(connection, part)
    target, number = _beside(path, f".v{version}.bak"), 2
    while target.exists():
        target, number = _beside(path, f".v{version}.{number}.bak"), number + 1
    part.rename(target)
    _sync_folder(path)
    return target


def copy_into(source: sqlite3.Connection, file: Path) -> None:
    """Copy the open database into an empty file: one file, which needs none beside it."""
    copy = sqlite3.connect(file, isolation_level=None)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def backups(path: Path) -> list[Path]:
    """The backups that migrations left beside the journal."""
    return [found for found in path.parent.glob("*.bak") if found.name.startswith(path.name + ".v")]


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
