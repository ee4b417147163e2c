"""One writer for a till's journal: a locked file beside it says which process writes.

The lock keeps a second start from writing by mistake. Where two hosts share a folder a lock may lie: there the name of
the writer inside the database decides, in every transaction (file.py).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from korus_tui.journal.entry import Head
from korus_tui.journal.errors import (
    Holder,
    JournalFull,
    JournalLinked,
    JournalLocked,
    JournalNotOurs,
    JournalProblem,
    JournalReadOnly,
    JournalUnlockable,
    JournalUnwritable,
)

_LENGTH = 512  # bytes of the lock file
_ATTEMPTS = 10  # how often the file may be replaced by a take-over while it is being locked
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}


def problem_of(error: OSError, path: Path) -> JournalProblem:
    """What an error of the operating system means for the journal at `path`."""
    why = os.strerror(error.errno) if error.errno else str(error)
    if error.errno == errno.ELOOP:
        return JournalLinked(path, f"{path.name}.lock")
    if error.errno in _NO_ROOM:
        return JournalFull(path)
    if error.errno in _NO_LOCKS:
        return JournalUnlockable(path, why)
    if error.errno == errno.EROFS:
        return JournalReadOnly(path, why)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return JournalReadOnly(path, why) if is_ours(path) else JournalNotOurs(path, why)
    return JournalUnwritable(path, why)


def is_ours(path: Path) -> bool:
    """Whether the nearest thing of this path that can be looked at belongs to this user."""
    for place in (path, *path.parents):
        try:
            return place.stat().st_uid == os.geteuid()
        except OSError:
            continue
    return False


@contextlib.contextmanager
def system_errors(path: Path) -> Iterator[None]:
    """Turns errors of the operating system into the journal's own."""
    try:
        yield
    except OSError as error:
        raise problem_of(error, path) from error


class WriterLock:
    """The lock of the journal at `path`: taken by `acquire` or `take_over`, held until `release` or the process's end.

    Its file also remembers that a journal was made, so that a removed journal is not silently begun anew, and the
    newest event that was written to it, so that an older or shorter one is not silently gone on with.
    """

    def __init__(self, path: Path) -> None:
        self._journal = path
        self.path = path.with_name(path.name + ".lock")
        self._file: int | None = None
        self.journal_was_made = False
        self._since: float | None = None  # when the lock was taken, by the file system's clock
        self.head: Head | None = None  # the newest event that the lock's file knew, or was told of

    def acquire(self) -> None:
        """Become the writer; a lock whose process is dead is taken silently.

        Raises JournalLocked, naming the holder. A holder on another host that did not end properly may still be
        there, which cannot be known from here: then only `take_over` helps.
        """
        with system_errors(self._journal):
            file = self._locked_file()
            found = _read(file)
            left, self.journal_was_made, self.head = found.holder, found.journal_was_made, found.head
            if left is not None and left.host != socket.gethostname():
                os.close(file)
                raise JournalLocked(self._journal, holder=left)
            self._file = file
            self._write(holding=True)

    def take_over(self) -> None:
        """Become the writer whoever holds the lock: a new file takes the place of theirs.

        The first is told through the database, whose transaction the caller has open.
        """
        with system_errors(self._journal):
            fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            found = self._left()
            self.journal_was_made, self.head = found.journal_was_made, found.head
            fresh.unlink(missing_ok=True)  # of a process that had our number, and ended here
            file = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._file = file
                self._write(holding=True)
                os.replace(fresh, self.path)
            except BaseException:
                self._file = None
                os.close(file)
                fresh.unlink(missing_ok=True)
                raise

    def holder(self) -> Holder | None:
        """Who wrote itself into the lock file last and did not write itself out again."""
        with system_errors(self._journal):
            return self._left().holder

    def noted(self) -> Head | None:
        """The newest event that whoever wrote the journal noted here; None where nobody did."""
        with system_errors(self._journal):
            return self._left().head

    @property
    def is_held(self) -> bool:
        """Whether this lock was taken and not released."""
        return self._file is not None

    @property
    def is_current(self) -> bool:
        """Whether this lock is held and nobody has put another file in its place."""
        return self._file is not None and _same_file(self._file, self.path)

    def note_journal(self) -> None:
        """Remember that a journal was made here."""
        if self._file is not None and not self.journal_was_made:
            self.journal_was_made = True
            with system_errors(self._journal):
                self._write(holding=True)

    def note_head(self, head: Head) -> None:
        """Remember the newest event. The disk is not waited for: the journal's own is, and an older note is true."""
        self.head = head
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.pwrite(self._file, self._text(holding=True), 0)

    def release(self) -> None:
        """Let the next start write; safe to call again. After a take-over it leaves the new holder's file alone."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):  # a full disk must not keep the lock
            self._write(holding=False)
        os.close(self._file)
        self._file = None

    def _locked_file(self) -> int:
        for _ in range(_ATTEMPTS):
            file = _opened(self.path, os.O_RDWR | os.O_CREAT)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _read(file).holder
                os.close(file)
                raise JournalLocked(self._journal, holder=holder) from None
            except OSError:
                os.close(file)
                raise
            if _same_file(file, self.path):
                return file
            os.close(file)
        raise JournalLocked(self._journal, "other starts of this till keep taking it over")

    def _left(self) -> _Left:
        try:
            file = _opened(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return _Left()
        try:
            return _read(file)
        finally:
            os.close(file)

    def _write(self, *, holding: bool) -> None:
        assert self._file is not None
        text = self._text(holding=holding)
        os.pwrite(self._file, text, 0)
        os.ftruncate(self._file, len(text))
        os.fsync(self._file)
        if self._since is None:
            self._since = os.fstat(self._file).st_mtime

    def _text(self, *, holding: bool) -> bytes:
        """One line of a fixed length: written in one piece, it is read whole beside the writer."""
        held: dict[str, object] = {"pid": os.getpid(), "host": socket.gethostname()} if holding else {}
        if holding and self._since is not None:
            held["since"] = self._since
        head = {"head": str(self.head)} if self.head else {}
        return json.dumps({**held, "journal": self.journal_was_made, **head}).encode().ljust(_LENGTH)


@dataclass(frozen=True, slots=True)
class _Left:
    """What stands in a lock file; a file that is none says nothing."""

    holder: Holder | None = None
    journal_was_made: bool = False
    head: Head | None = None


def _opened(path: Path, how: int) -> int:
    """A lock file, and nothing that somebody put in its place: no link is followed, no pipe is waited for."""
    file = os.open(path, how | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.ELOOP, f"{path.name} is no file")
    return file


def _read(file: int) -> _Left:
    try:
        held = json.loads(os.pread(file, 4096, 0))
        was_made, head = held["journal"] is True, Head.read(str(held.get("head", "")))
        if "pid" not in held:
            return _Left(None, was_made, head)
        since = datetime.fromtimestamp(held.get("since") or os.fstat(file).st_mtime, UTC)
        return _Left(Holder(int(held["pid"]), str(held["host"]), since), was_made, head)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return _Left()


def _same_file(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
