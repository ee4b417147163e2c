"""Why the till's journal cannot be written, for the agent: in one line for the bar, in whole for the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from korus_tui.i18n import _
from korus_tui.journal import errors as j


class TroubleKind(StrEnum):
    """What can be done about it: take over, try again, or only read on."""

    IN_USE = "in use"
    HEALS = "heals"
    READ_ONLY = "read only"


@dataclass(frozen=True, slots=True)
class WritingProgram:
    """The program that writes the journal: process, host, since when (by the file system's clock)."""

    pid: int
    host: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """`what` and `advice` are sentences; `detail` names the file and the cause."""

    kind: TroubleKind
    what: str
    advice: str
    detail: str
    holder: WritingProgram | None = None
    file: Path | None = None


def is_trouble(error: BaseException) -> bool:
    """Whether the error is the journal's, and so stands in the bar already."""
    return isinstance(error, j.JournalProblem)


def of(error: BaseException) -> Trouble:
    """The trouble that an error of the journal, or any other met while it is opened, is for the agent."""
    what, advice = _said(error)
    kind = TroubleKind.HEALS
    found: j.Holder | None = None
    if isinstance(error, j.JournalTakenOver):
        kind, found = TroubleKind.READ_ONLY, error.holder
    elif isinstance(error, j.JournalBroken):
        kind = TroubleKind.READ_ONLY
    elif isinstance(error, j.JournalLocked) and error.holder is not None:
        kind, found = TroubleKind.IN_USE, error.holder
    file, detail = None, type(error).__name__
    if isinstance(error, j.JournalProblem):
        file = error.path
        detail = f"{file} ({error.why})" if error.why else str(file)
    holder = WritingProgram(found.pid, found.host, found.since) if found else None
    return Trouble(kind, what, advice, detail, holder, file)


def _said(error: BaseException) -> tuple[str, str]:  # noqa: PLR0911 - one error a case
    """What is wrong, and what to do."""
    match error:
        case j.JournalTakenOver():
            what = _("This till was taken over by another start; here it only reads.")
            return what, _("Go on selling there; a new start here can take it back.")
        case j.JournalLocked(holder=j.Holder()):
            return _("Another program sells on this till."), _("Sell there; a new start here can take the till over.")
        case j.JournalLocked():
            return _("Another tool keeps the till's journal locked."), _("Close that tool.")
        case j.JournalFull():
            return _("The disk is full: nothing can be recorded."), _("Have some space freed.")
        case j.JournalReadOnly():
            return _("The till's journal can only be read."), _("Have its folder made writable.")
        case j.JournalUnwritable():
            what = _("The till's journal cannot be written: the disk or a quota refuses it.")
            return what, _("Have the disk and this user's quota checked.")
        case j.JournalProblem():
            return _of_the_file(error)
        case _:
            return _("The till's journal cannot be opened."), _("The log has the rest.")


def _of_the_file(error: j.JournalProblem) -> tuple[str, str]:  # noqa: PLR0911 - one error a case
    """What is wrong with the file itself: it was left as it is."""
    match error:
        case j.JournalMissing():
            what = _("The till's journal is missing: it was moved or removed.")
            return what, _("Put it back from where it was moved, or from a backup.")
        case j.JournalOlder():
            what = _("The till's journal is older or shorter than what this till had written.")
            return what, _("Put back the newest one. The guide for tills says how to go on with an older copy.")
        case j.JournalBroken():
            what = _("The till's journal is damaged; it was left as it is.")
            return what, _("`korus-tui doctor` says where. Put a whole copy in its place.")
        case j.JournalNewer():
            return _("The till's journal was written by a newer korus-tui."), _("Install that version.")
        case j.JournalNotOurs():
            what = _("The till's journal belongs to another user.")
            return what, _("Start as that user, or have the folder's owner changed.")
        case j.JournalLinked():
            what = _("A link, or what is no file, stands where the journal's lock file is.")
            return what, _("Have whoever answers for this account look who put it there, and remove it.")
        case j.JournalUnlockable():
            what = _("The till's journal lies where files cannot be locked.")
            return what, _("Choose a folder on a local disk.")
        case _:
            return _("The till's journal cannot be used."), _("The log has the rest.")
