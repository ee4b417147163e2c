"""What the journal hands out: entries of any stream, and the index rows of sales."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

SALE = "sale"
_HEAD = re.compile(r"(\d{1,12}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")


def sale_stream(reference: str) -> str:
    """The stream that a sale's events stand in; a till's own events stand in `till:` and its name."""
    return f"{SALE}:{reference}"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event of a journal: its number, its hash, and when it was written (UTC).

    Kept outside the database, it tells a shorter, older or rewritten journal from the one that was.
    """

    seq: int
    hash: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.seq} {self.hash} {self.at:%Y-%m-%dT%H:%M:%SZ}"

    @classmethod
    def read(cls, text: str) -> Head | None:
        """What `str` of one makes; None for any other text."""
        found = _HEAD.fullmatch(text.strip())
        return cls(int(found[1]), found[2], datetime.fromisoformat(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An event of any stream as it was recorded: its place in the journal, when (UTC), by whom, at which till.

    `hash` is that of its row: it stands for everything that was recorded up to it.
    """

    seq: int
    stream: str
    at: datetime
    agent: str
    till: str
    event: object
    hash: str = ""

    @property
    def sale(self) -> str | None:
        """The sale's reference, or None for an event of another stream."""
        prefix, _, name = self.stream.partition(":")
        return name if prefix == SALE else None


@dataclass(frozen=True, slots=True)
class SaleEntry:
    """A sale in the index: `state` is open, finished, voided or closed by hand; `last_seq` is its newest event."""

    reference: str
    opened_at: datetime
    state: str
    last_seq: int
