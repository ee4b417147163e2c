"""How long a call may take, by its kind, and what an answer says about the server's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from korus_tui.api.calls import Kind


@dataclass(frozen=True)
class Deadlines:
    """Seconds for the parts of one call, and for all of it: an endless trickle keeps every part in time."""

    connect: float = 5.0
    read: float = 10.0
    write: float = 10.0
    pool: float = 5.0
    total: float = 30.0


@dataclass(frozen=True)
class Timeouts:
    """Deadlines by kind of call: issuers are asked one by one while a booking waits."""

    read: Deadlines = Deadlines()
    booking: Deadlines = Deadlines(read=45.0, total=60.0)
    document: Deadlines = Deadlines(read=20.0, total=120.0)

    def of(self, kind: Kind) -> Deadlines:
        """The deadlines of one kind of call."""
        return {Kind.READ: self.read, Kind.BOOKING: self.booking, Kind.DOCUMENT: self.document}[kind]


@dataclass(frozen=True)
class DateSample:
    """The server's `Date`, with when the request left and its answer began to arrive (seconds of the boot clock)."""

    server: datetime
    sent: float
    received: float
