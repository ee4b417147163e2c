"""What must never be lost: events in an append-only, hash-chained SQLite file, durable before their effect is shown."""

from korus_tui.journal.chain import Verdict
from korus_tui.journal.entry import Entry, SaleEntry
from korus_tui.journal.errors import (
    EventProblem,
    Holder,
    JournalBroken,
    JournalFull,
    JournalLocked,
    JournalMissing,
    JournalNewer,
    JournalNotOurs,
    JournalProblem,
    JournalReadOnly,
    JournalTakenOver,
    JournalUnlockable,
    JournalUnwritable,
)
from korus_tui.journal.store import Journal, verify

__all__ = [
    "Entry",
    "EventProblem",
    "Holder",
    "Journal",
    "JournalBroken",
    "JournalFull",
    "JournalLocked",
    "JournalMissing",
    "JournalNewer",
    "JournalNotOurs",
    "JournalProblem",
    "JournalReadOnly",
    "JournalTakenOver",
    "JournalUnlockable",
    "JournalUnwritable",
    "SaleEntry",
    "Verdict",
    "verify",
]
