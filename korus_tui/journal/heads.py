"""The newest event's number and hash, kept outside the journal: what was rewritten or cut off there is missing here.

`docs/rules.md, Records that cannot be quietly shortened` says which place notices what, and what none can.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import stat
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from korus_tui.journal.entry import Head
from korus_tui.journal.lock import WriterLock

_PATIENCE = 5.0  # seconds for a command of another account
_IN_A_LINE = re.compile(r"records of (\S+): (.+)")
_MOST_BYTES = 16_000_000  # of a copy, read from its end


class NotKept(Exception):
    """The place could not be written or read; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The heads of one place, oldest first; `failed` is why it cannot be read."""

    place: str
    heads: tuple[Head, ...] = ()
    failed: str = ""


def line(name: str, head: Head) -> str:
    """What the log says of a journal's head."""
    return f"records of {name}: {head}"


class Copy:
    """Where `[audit] copy` names: a folder, in which each journal has a file of heads; else a command.

    The command gets one line on its standard input, the journal's name and a head; called with the words `show` and the
    name it prints that journal's heads. Both only ever add. Every call reads or writes, so make it in a thread.
    """

    def __init__(self, place: str, name: str) -> None:
        self.place = place
        self._name = name
        self._folder = Path(place).expanduser()
        self._child: subprocess.Popen[str] | None = None

    def keep(self, head: Head) -> None:
        """Add a head. Raises NotKept."""
        if self._folder.is_dir():
            self._append(f"{head}\n".encode())
        else:
            self._run([], f"{self._name} {head}\n")

    def kept(self) -> Kept:
        """What was kept of this journal so far."""
        try:
            text = self._read() if self._folder.is_dir() else self._shown()
            return Kept(self.place, tuple(_heads(text.splitlines())))
        except NotKept as error:
            return Kept(self.place, failed=str(error))

    @property
    def _file(self) -> Path:
        return self._folder / f"{self._name}.heads"

    def _append(self, text: bytes) -> None:
        try:
            how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
            file = os.open(self._file, how, 0o640)
            try:
                os.write(file, text)
            finally:
                os.close(file)
        except OSError as error:
            raise NotKept(f"{self._file}: {error.strerror}") from error

    def _read(self) -> str:
        try:
            with open(os.open(self._file, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _MOST_BYTES))
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise NotKept(f"{self._file}: {error.strerror}") from error

    def _shown(self) -> str:
        return self._run(["show", self._name], "")

    def _run(self, more: Sequence[str], text: str) -> str:
        try:
            child = subprocess.Popen(
                [*shlex.split(self.place), *more],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
                env={key: value for key, value in os.environ.items() if not key.startswith("KORUS_")},
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            raise NotKept(f"{self.place}: {getattr(error, 'strerror', None) or error}") from error
        self._child = child
        try:
            said, _none = child.communicate(text, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self.stop()
            child.communicate()
            raise NotKept(f"{self.place}: no end within {_PATIENCE:.0f} s") from None
        finally:
            self._child = None
        if child.returncode:
            raise NotKept(f"{self.place}: ended with code {child.returncode}")
        return said

    def stop(self) -> None:
        """End a command that still runs, from another thread: nobody waits for it any more."""
        child = self._child
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def in_lock(journal: Path) -> Kept:
    """The head that the lock's file knows. Raises the journal's problems."""
    lock = WriterLock(journal)
    known = lock.noted()
    return Kept(str(lock.path), (known,) if known else ())


def in_log(file: Path, name: str) -> Kept:
    """The heads that the log knows of a journal, its older files first."""
    found: list[Head] = []
    for number in (3, 2, 1, 0):
        one = file.with_name(f"{file.name}.{number}") if number else file
        try:
            if not stat.S_ISREG(os.lstat(one).st_mode):  # nothing of ours is written through it
                return Kept(str(file), failed=f"{one}: a link, or what is no file, stands in its place")
            text = one.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            return Kept(str(file), failed=f"{one}: {error.strerror}")
        lines = (said[2] for said in map(_IN_A_LINE.search, text.splitlines()) if said and said[1] == name)
        found += _heads(lines)
    return Kept(str(file), tuple(found))


def _heads(lines: Iterable[str]) -> list[Head]:
    return [head for head in map(Head.read, lines) if head is not None]


@dataclass(frozen=True, slots=True)
class Against:
    """What a place says against the journal: its newest head is not there, or only older ones are not (`past`).

    It `stands` on readings and closes until the till was closed with it: starting the till again takes nothing off.
    """

    place: str
    why: str
    past: bool
    head: Head
    stands: bool = True


def compare(journal: Path, log_file: Path, copy: Copy | None) -> list[Against]:
    """What the log and the copy say against the journal. Raises the journal's problems."""
    return against(journal, [in_log(log_file, journal.stem), *([copy.kept()] if copy else [])])


def against(journal: Path, places: Iterable[Kept]) -> list[Against]:
    """Which places know events that the journal has not. Raises the journal's problems."""
    from korus_tui.journal import chain, schema  # first frame

    found: list[Against] = []
    with closing(schema.connect(journal, read_only=True)) as connection, schema.translated(journal):
        newest = connection.execute("SELECT max(at) FROM events WHERE kind = 'TillClosed'").fetchone()[0]
        closed = datetime.fromisoformat(newest) if newest else None
        for kept in places:
            for number, head in enumerate(reversed(kept.heads)):
                if why := chain.missing(connection, head):
                    stands = number == 0 or closed is None or head.at > closed
                    found.append(Against(kept.place, why, number > 0, head, stands))
                    break
    return found
