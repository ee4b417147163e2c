"""What the journal hands out: entries of any stream, and the index rows of sales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SALE = "sale"


def sale_stream(reference: str) -> str:
    """The stream that a sale's events stand in; a till's own events stand in `till:` and its name."""
    return f"{SALE}:{reference}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of any stream as it was recorded: its place in the journal, when (UTC), by whom, at which till."""

    seq: int
    stream: str
    at: datetime
    agent: str
    till: str
    event: object

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
