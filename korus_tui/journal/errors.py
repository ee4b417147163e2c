"""What can be wrong with a journal, each as one sentence that an agent can read and one that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


class EventProblem(ValueError):
    """An event that cannot be turned into a row, or a row that cannot be turned into an event; names no content."""


class UnreadableEvent(EventProblem):
    """The kind is known, but the payload is not what an event of it looks like."""


class NewerEvent(EventProblem):
    """The kind or its version is unknown here: a newer program wrote it."""


class JournalProblem(Exception):
    """The journal at `path` cannot be used as wished; `str()` is the sentence, `why` the detail within it."""

    what = "cannot be used"
    advice = ""

    def __init__(self, path: Path, why: str = "") -> None:
        self.path = path
        self.why = why
        detail = f" ({why})" if why else ""
        super().__init__(f"The journal {path} {self.what}{detail}. {self.advice}".strip())


class JournalMissing(JournalProblem):
    """There is no journal where one is expected: none was made yet, or it was removed after this till had sold."""

    what = "is missing"
    advice = "Put it back from where it was moved or from a backup."


class JournalBroken(JournalProblem):
    """The file is not a journal, or no longer whole; `seq` names the first event concerned where it is known."""

    what = "is damaged"
    advice = "Nothing was changed in it; `korus-tui doctor` says where it is damaged."

    def __init__(self, path: Path, why: str = "", *, seq: int | None = None) -> None:
        self.seq = seq
        super().__init__(path, why)


class JournalOlder(JournalBroken):
    """The file is whole, and not the one that was written last: what was written since is missing, or is another."""

    what = "is older or shorter than what this till had written"
    advice = "Put back the newest one; to go on with this one instead, remove the lock file beside it."


class JournalUnwritable(JournalProblem):
    """The file could not be written, or not read: the disk failed, or a quota or size limit of this user is reached."""

    what = "cannot be written or read"
    advice = "Nothing is sold until it can: have the disk and this user's quota checked."


class JournalLinked(JournalProblem):
    """A link, or what is no file, stands in the place of the journal's lock file: it is not followed."""

    what = "cannot be locked: a link, or what is no file, stands where its lock file is"
    advice = "Nothing is sold until it is gone: have whoever answers for this account look who put it there."


class JournalFull(JournalUnwritable):
    """No room is left on the disk or within this user's quota."""

    what = "cannot be written because the disk is full"
    advice = "Nothing is sold until there is room: free some space, then try again."


class JournalReadOnly(JournalUnwritable):
    """The file, its folder or its file system may only be read, or it was opened for reading."""

    what = "can only be read"
    advice = "Nothing is sold until it can be written: have its folder made writable."


@dataclass(frozen=True, slots=True)
class Holder:
    """Which process writes the journal, on which host, and since when (by the file system's clock)."""

    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M} UTC"


class JournalLocked(JournalProblem):
    """Another program writes this journal; `holder` says which, None where only the database's lock was met."""

    what = "is in use by another program"
    advice = "Close that one, or take over explicitly."

    def __init__(self, path: Path, why: str = "", *, holder: Holder | None = None) -> None:
        self.holder = holder
        super().__init__(path, why or (str(holder) if holder else ""))


class JournalTakenOver(JournalReadOnly):
    """Another start of the till took the journal over: here it can only be read from now on."""

    what = "was taken over by another start of this till"
    advice = "This one only reads from now on: go on selling there, or start again here and take it back."

    def __init__(self, path: Path, why: str = "", *, holder: Holder | None = None) -> None:
        self.holder = holder
        super().__init__(path, why or (str(holder) if holder else ""))


class JournalNewer(JournalProblem):
    """A newer program wrote this journal, and this one would misread it."""

    what = "was written by a newer version of this program"
    advice = "Nothing was changed in it; install that version."


class JournalNotOurs(JournalProblem):
    """The file or its folder belongs to another user."""

    what = "belongs to another user"
    advice = "Start the till as that user, or have the owner of the folder changed."


class JournalUnlockable(JournalProblem):
    """The file system knows no locks, so that two writers could not be kept apart."""

    what = "lies on a file system without file locks"
    advice = "Choose a folder on a local disk."
