"""What happened at a program that could not write the journal: noted beside it until the next writer records it."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

log = logging.getLogger("korus_tui.counter")

_MOST = 1_000  # notes that are taken up at once; a file that is longer was not written by us


class NoteKind(StrEnum):
    """What somebody did."""

    LOOKED = "looked on"
    READ_X = "read X"
    REFUSED = "wrong PIN"  # for the agent of the note


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody did at a program that does not write; when (server time), by which process."""

    at: datetime
    agent: str
    pid: int
    kind: NoteKind = NoteKind.LOOKED


class Aside:
    """The notes beside a journal. Every call reads or writes the disk: call it in a thread."""

    def __init__(self, journal: Path) -> None:
        self._file = journal.with_name(journal.name + ".aside")

    def add(self, note: Note) -> None:
        """One note more; where it cannot be written the log has it alone."""
        line = json.dumps([note.at.isoformat(), note.agent, note.pid, note.kind]) + "\n"
        log.info("noted beside the journal: %s", line.strip())
        with suppress(OSError):
            file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            with os.fdopen(file, "wb") as opened:
                opened.write(line.encode())

    def take(self) -> tuple[Note, ...]:
        """All notes, which are then the caller's to record; what is none is left out."""
        mine = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            os.replace(self._file, mine)
            lines = mine.read_text(encoding="utf-8", errors="replace").splitlines()[:_MOST]
            mine.unlink()
        except OSError:
            return ()
        found = []
        for line in lines:
            with suppress(ValueError, TypeError):
                at, agent, pid, kind = json.loads(line)
                if isinstance(kind, bool):
                    kind = NoteKind.REFUSED if kind else NoteKind.LOOKED
                kind = NoteKind(kind)
                found.append(Note(datetime.fromisoformat(at), str(agent), int(pid), kind))
        return tuple(one for one in found if one.at.utcoffset() is not None)
