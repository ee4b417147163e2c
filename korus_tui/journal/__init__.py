"""What must never be lost: events in an append-only, hash-chained SQLite file, durable before their effect is shown."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from korus_tui.journal.chain import Verdict
    from korus_tui.journal.entry import Entry, Head, SaleEntry
    from korus_tui.journal.errors import (
        EventProblem,
        Holder,
        JournalBroken,
        JournalFull,
        JournalLocked,
        JournalMissing,
        JournalNewer,
        JournalNotOurs,
        JournalOlder,
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
    "Head",
    "Holder",
    "Journal",
    "JournalBroken",
    "JournalFull",
    "JournalLocked",
    "JournalMissing",
    "JournalNewer",
    "JournalNotOurs",
    "JournalOlder",
    "JournalProblem",
    "JournalReadOnly",
    "JournalTakenOver",
    "JournalUnlockable",
    "JournalUnwritable",
    "SaleEntry",
    "Verdict",
    "verify",
]

_HOMES = {
    **dict.fromkeys(("Entry", "Head", "SaleEntry"), "entry"),
    **dict.fromkeys(("Journal", "verify"), "store"),
    "Verdict": "chain",
}


def __getattr__(name: str) -> Any:
    """Load the module that a public name lives in: the first frame waits for no database."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
