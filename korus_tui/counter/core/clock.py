"""Server time, carried by a clock that nobody can set (docs/rules.md, Clock)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

# A sale's values are imported where one is open: the first frame has none.
if TYPE_CHECKING:
    from korus_tui.sale.values import Hold

_SAME = 30.0  # seconds that answers may differ by, and tell the same time: servers behind one address do
_HOST_AGREES = 300.0  # seconds that a host's clock may be wrong by, and still bear an answer out
_BORNE_OUT = 2  # answers that outweigh, with the host's clock, what was believed against it
_SURE = 3  # answers that are believed without it, and that outweigh what was believed
_LASTING = 60.0  # seconds for which these must have told it: a server may be wrong for a while
_SETTLED = 3600.0  # seconds after which a time is believed that the host's clock contradicts by more than a day
_A_DAY = 86_400.0
_DISPUTED = 120.0  # seconds for which a contradiction is spoken of
_EARLIEST, _LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (2020, 2100))  # no server's time else


class Clock(Protocol):
    """What the counter asks of a clock; tests give it one that they move by hand."""

    def now(self) -> datetime:
        """The estimated server time, aware, in UTC."""

    def boot(self) -> float:
        """Seconds on a clock that only ever runs forward, also while the machine sleeps."""

    @property
    def known(self) -> bool:
        """Whether the server's time is believed: the host's clock alone ends no hold and opens no payment."""

    @property
    def sure(self) -> bool:
        """Whether several answers tell this time, and none of late another one."""

    @property
    def settled(self) -> bool:
        """Whether the time is sure enough for what cannot be undone."""

    @property
    def unsure(self) -> bool:
        """Whether the agent is to be told that the server's time is in doubt: it tells none, or several."""

    @property
    def heard(self) -> bool:
        """Whether any answer has told the time; before that `now` is the machine's own."""

    def machine(self) -> datetime:
        """What the machine's own clock says now (UTC)."""

    def set_aside(self) -> datetime | None:
        """The time that answers tell which are not believed, carried on to now; None where all tell the same."""

    def anchor(self, hold: Hold, asked: float) -> None:
        """Count the hold's time by itself: it was asked for at `asked` (boot seconds), and has just come."""

    def anchored(self, hold: Hold) -> bool:
        """Whether the hold's time is counted by itself, whatever the server says of the time."""

    def counts(self, hold: Hold) -> bool:
        """Whether it is known how long the hold runs: money is taken on no other."""

    def left(self, hold: Hold) -> timedelta | None:
        """How long the hold still runs, negative once it is over; None where that is not known."""

    def may_be_over(self, hold: Hold) -> bool:
        """Whether anything tells a time at which the hold is over: reason enough to ask after it, not to end it."""

    def lives(self, hold: Hold) -> None:
        """The API says that the hold runs: a clock that says otherwise is not believed about it."""


def boot_seconds() -> float:
    """CLOCK_BOOTTIME: unlike the monotonic clock it counts the time that a machine was asleep."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True)
class Voice:
    """Answers that tell the same time: bounds of the server's time less boot seconds, and when (boot) they came."""

    low: float
    high: float
    first: float
    last: float
    count: int = 1

    @property
    def offset(self) -> float:
        """The likeliest server time less boot seconds; of a slow answer rather too late than too early."""
        return max((self.low + self.high) / 2, self.high - 1.5)

    def agrees(self, other: Voice) -> bool:
        """Whether both tell the same time."""
        return max(self.low, other.low) - min(self.high, other.high) <= _SAME

    def joined(self, other: Voice) -> Voice:
        """Both together: narrowed where they overlap, else as the later one says (a server's clock was trimmed)."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            low, high = other.low, other.high
        return Voice(low, high, self.first, other.last, self.count + other.count)


class Estimate:
    """Which time the server has, by what its answers say and, weakly, by the host's clock. Pure.

    What several answers agree on is not given up for one that says otherwise: that is set aside until others confirm
    it for a while, or the host's clock does.
    """

    def __init__(self, host: float) -> None:
        """`host` is the host's time less boot seconds."""
        self.host = host
        self.voice: Voice | None = None
        self.rival: Voice | None = None
        self._disputed = -math.inf  # boot seconds of the last answer that was set aside

    def hear(self, heard: Voice) -> None:
        """Take one more answer in."""
        if self.voice is None:
            self.voice = heard
            return
        if self.voice.agrees(heard):
            self.voice, self.rival = self.voice.joined(heard), None
            return
        self.rival = self.rival.joined(heard) if self.rival is not None and self.rival.agrees(heard) else heard
        self._disputed = heard.last
        if self._outweighs(self.rival, self.voice):
            self.voice, self.rival, self._disputed = self.rival, None, -math.inf

    def _outweighs(self, rival: Voice, voice: Voice) -> bool:
        if not self.host_agrees(voice):
            if self.host_agrees(rival):
                return rival.count >= min(voice.count, _BORNE_OUT)
            if voice.count == 1:
                return rival.count > 1
        return rival.count >= _SURE and rival.last - rival.first >= _LASTING

    def host_agrees(self, voice: Voice, within: float = _HOST_AGREES) -> bool:
        """Whether the host's clock bears it out."""
        return abs(voice.offset - self.host) <= within

    @property
    def offset(self) -> float:
        """The likeliest server time less boot seconds."""
        return self.host if self.voice is None else self.voice.offset

    @property
    def known(self) -> bool:
        """Whether this time is believed: an answer that the host's clock bears out, or several."""
        voice = self.voice
        return voice is not None and (self.host_agrees(voice) or voice.count >= _SURE)

    @property
    def sure(self) -> bool:
        """Whether several answers tell this time, and the last of them all did."""
        return self.known and self.rival is None and self.voice is not None and self.voice.count >= _SURE

    def disputed(self, boot: float) -> bool:
        """Whether an answer of late told another time."""
        return boot - self._disputed < _DISPUTED

    def settled(self, boot: float) -> bool:
        """Whether it is sure enough for what cannot be undone."""
        voice = self.voice
        if voice is None or not self.sure or self.disputed(boot):
            return False
        return self.host_agrees(voice, _A_DAY) or boot - voice.first >= _SETTLED


class ServerClock:
    """Server time as its answers tell it; the host's own clock counts only until these are believed."""

    def __init__(self) -> None:
        self._estimate = Estimate(time.clock_gettime(time.CLOCK_REALTIME) - boot_seconds())
        self._dates = 0  # answers that told the time by themselves
        self._ends: dict[str, float] = {}  # boot seconds at which a hold of this run is over, by its own times
        self._living: set[str] = set()  # holds that the API says run, whatever the clock says

    def now(self) -> datetime:
        """The estimated server time, aware, in UTC."""
        return datetime.fromtimestamp(self.boot() + self._estimate.offset, UTC)

    def boot(self) -> float:
        """Seconds since the machine started, sleep included."""
        return boot_seconds()

    @property
    def known(self) -> bool:
        """Whether the server's time is believed."""
        return self._estimate.known

    @property
    def sure(self) -> bool:
        """Whether several answers tell this time, and none of late another one."""
        return self._estimate.sure

    @property
    def settled(self) -> bool:
        """Whether the time is sure enough for what cannot be undone."""
        return self._estimate.settled(self.boot())

    @property
    def unsure(self) -> bool:
        """Whether the server's time is in doubt: it tells none, or several."""
        return not self._dates or not self.known or self._estimate.disputed(self.boot())

    @property
    def heard(self) -> bool:
        """Whether any answer has told the time."""
        return self._estimate.voice is not None

    def machine(self) -> datetime:
        """What the machine's own clock says now: it may have been put right since the start."""
        return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)

    def set_aside(self) -> datetime | None:
        """The time of answers that are not believed."""
        rival = self._estimate.rival
        return None if rival is None else datetime.fromtimestamp(self.boot() + rival.offset, UTC)

    @property
    def host_error(self) -> float | None:
        """How many seconds the host's clock is ahead of the server's; None before the first answer."""
        told = self._estimate.voice
        return None if told is None else self._estimate.host - told.offset

    def learn(self, server: datetime, sent: float, received: float) -> None:
        """Take in the Date of an answer (whole seconds); `sent` and `received` are boot seconds.

        It was written between these two, and stands for a second that had begun.
        """
        self._dates += 1
        self._hear(server, sent, received)

    def _hear(self, server: datetime, sent: float, received: float) -> None:
        stamp = server.timestamp()
        if _EARLIEST <= stamp < _LATEST:
            self._estimate.hear(Voice(stamp - received, stamp + 1.0 - sent, received, received))

    def anchor(self, hold: Hold, asked: float) -> None:
        """Count the hold's time by itself: it lives from the request's start for as long as its own times say."""
        from korus_tui.sale.holds import deadline  # first frame

        end = deadline(hold)
        if hold.created_at is None or end is None:
            return
        self._ends[hold.reservation] = asked + (end - hold.created_at).total_seconds()
        self._hear(hold.created_at, asked, self.boot())

    def anchored(self, hold: Hold) -> bool:
        """Whether the hold's time is counted by itself."""
        return hold.reservation in self._ends

    def counts(self, hold: Hold) -> bool:
        """Whether it is known how long the hold runs."""
        return (self.known or self.anchored(hold)) and self.left(hold) is not None

    def left(self, hold: Hold) -> timedelta | None:
        """How long the hold still runs: by its own times, else by the server's; None where that is not known."""
        from korus_tui.sale.holds import remaining  # first frame

        end = self._ends.get(hold.reservation)
        if end is not None:
            return timedelta(seconds=end - self.boot())
        left = remaining(hold, self.now())
        return None if left is not None and left <= timedelta(0) and hold.reservation in self._living else left

    def may_be_over(self, hold: Hold) -> bool:
        """Whether the estimate, or an answer that was set aside, tells a time at which the hold is over."""
        if hold.expires_at is None:
            return False
        told = (self._estimate.offset, self._estimate.rival.offset if self._estimate.rival else self._estimate.offset)
        return self.boot() + max(told) >= hold.expires_at.timestamp()

    def lives(self, hold: Hold) -> None:
        """The API says that the hold runs: a clock that says otherwise is not believed about it."""
        self._living.add(hold.reservation)
