"""Follows a till in its journal, beside it and reading only: which sale the agent touched last, and what it came to."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from korus_tui.journal.errors import Holder, JournalMissing, JournalProblem
from korus_tui.journal.file import JournalFile
from korus_tui.journal.lock import WriterLock
from korus_tui.journal.place import place_of
from korus_tui.sale.events import Event, Recorded
from korus_tui.sale.home import Home
from korus_tui.sale.recall import recall
from korus_tui.sale.state import Sale

_READ_AGAIN = 5.0  # seconds after which a journal that could not be read is tried again, changed or not
_THANKS = 90.0  # seconds for which a finished sale stays, if no other begins
_KILLED = 60.0  # seconds for which a sale stays whose till was killed: it is started again

# What only the agent does to a sale: Korus' late answers to an older sale do not bring it back to the counter.
_BY_HAND = (
    "SaleOpened", "SaleRecalled", "LineAdded", "LineRemoved", "LineRestored", "HoldRequested", "CustomerEntered",
    "LanguageChosen",
    "PaymentStarted", "PaymentGivenUp", "PaymentTaken", "PaymentUndone", "SaleVoided",
)  # fmt: skip
_LAST = (
    "stream = (SELECT stream FROM events WHERE stream GLOB 'sale:*' AND kind IN"
    f" ({', '.join(map(repr, _BY_HAND))}) ORDER BY seq DESC LIMIT 1)"
)


class Till(StrEnum):
    """How the till is that is followed."""

    WAITED_FOR = "waited for"  # there is no journal yet
    OPEN = "open"
    ENDED = "ended"
    KILLED = "killed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Followed:
    """The till, and the sale at its counter: open, or finished a moment ago; None for none."""

    till: Till
    sale: Sale | None = None


class Follower:
    """Looks at the journal's files, and reads where they changed. Blocking: called in a thread, one call at a time."""

    def __init__(self, folder: Path, till: str, home: Home, boot: Callable[[], float]) -> None:
        """`folder` has the journals; `boot` is a clock that nobody sets, in seconds."""
        self._folder = folder
        self._till = till
        self._home = home
        self._boot = boot
        self._looked: object = None
        self._again = True  # what changed within the file system's tick after the last read
        self._read_at = 0.0
        self._sale: Sale | None = None
        self._problem = False
        self._open = ""  # the sale that was seen open last
        self._thanks_until = self._killed_at = 0.0

    def look(self) -> Followed:
        """The till as its journal says it now. Raises nothing that a journal may be."""
        now, file = self._boot(), place_of(self._folder, self._till)
        signs = _signs(file)
        if signs is None:
            self._looked, self._sale, self._problem = None, None, False
            return Followed(Till.WAITED_FOR)
        changed = signs != self._looked
        if changed or self._again or (self._problem and now - self._read_at > _READ_AGAIN):
            self._looked, self._again, self._read_at = signs, changed, now
            self._read(file, now)
        if self._problem:
            return Followed(Till.UNREADABLE)
        return self._followed(_holder(file), now)

    @property
    def others(self) -> tuple[str, ...]:
        """The tills that have a journal here, by their files' names: the one that is waited for may be misspelt."""
        return tuple(sorted(one.stem.partition("~")[0] for one in self._folder.glob("*.journal")))

    def _read(self, file: Path, now: float) -> None:
        try:
            with closing(JournalFile.read(file)) as journal:
                rows = [
                    Recorded(one.seq, one.sale or "", one.at, one.agent, one.till, cast("Event", one.event), one.hash)
                    for one in journal.entries(_LAST)
                ]
        except JournalMissing:
            self._sale, self._problem = None, False
            return
        except JournalProblem:
            self._sale, self._problem = None, True
            return
        found = recall(rows)
        sale = found if isinstance(found, Sale) and found.home == self._home else None
        if sale is not None and sale.open:
            self._open = sale.reference
        elif sale is not None and sale.reference == self._open:
            self._open, self._thanks_until = "", now + _THANKS
        self._sale, self._problem = sale, False

    def _followed(self, holder: Holder | None, now: float) -> Followed:
        sale = self._sale if self._sale is not None and (self._sale.open or now < self._thanks_until) else None
        if holder is None:
            return Followed(Till.ENDED)
        if _lives(holder):
            self._killed_at = 0.0
            return Followed(Till.OPEN, sale)
        self._killed_at = self._killed_at or now
        return Followed(Till.KILLED, sale if now - self._killed_at < _KILLED else None)


def _signs(file: Path) -> object:
    """What changes whenever the journal is written; None where there is none."""
    found: list[tuple[int, int, int] | None] = []
    for one in (file, file.with_name(f"{file.name}-wal")):
        try:
            state = one.stat()
        except OSError:
            found.append(None)
        else:
            found.append((state.st_ino, state.st_size, state.st_mtime_ns))
    return found if found[0] is not None else None


def _holder(file: Path) -> Holder | None:
    try:
        return WriterLock(file).holder()
    except JournalProblem:
        return None


def _lives(holder: Holder) -> bool:
    """Whether the till's program runs; of one on another host nobody here can say that it does not."""
    if holder.host != socket.gethostname():
        return True
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
