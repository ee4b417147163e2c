"""Orders whose answer was lost: looked up until they are found, or known not to exist (docs/rules.md, Law 3)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from korus_tui.counter.booking.lookup import Seen, look
from korus_tui.counter.booking.ties import Ties, found_events, tie, to_ask
from korus_tui.counter.core import problems
from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.state import EXPIRED, NOT_ORDERED, Attempt
from korus_tui.sale.values import Doubt, Refusal

if TYPE_CHECKING:
    from korus_tui.api.models.booking import ReservationNow

log = logging.getLogger("korus_tui.counter")

_UNRECORDED = 4.0  # seconds between two looks while not even the doubt can be recorded


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: `server_limit` is the time after which a server has surely ended a request,
    `settles` that after which what an answer did is seen in lists, too."""

    server_limit: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 30.0
    settles: float = 10.0


@dataclass(frozen=True, slots=True)
class Asking:
    """A look-up that goes on: how often it was made, and when (boot seconds) it is made again.

    `met` is what kept the last one from an answer, in a sentence; empty where it was answered.
    """

    times: int
    next_at: float
    met: str = ""


@dataclass(frozen=True, slots=True)
class SaidNo:
    """What answered the call claimed a refusal, which proves nothing: `words` by reservation, `problem` of the call.

    Once Korus says that the reservation is not ordered, it is sent again once; said no again, the agent decides.
    `disputed`: it was refused for what the reservation is, as one is that has an order already. Said twice, no list
    that lags and no null proves the contrary: only its order, its end, or a person who closes the sale ends the doubt.
    """

    problem: Problem
    words: Mapping[str, Refusal] = field(default_factory=dict)
    disputed: bool = False


def perhaps_ordered() -> str:
    """What a reservation that is refused for what it is comes to, in a sentence."""
    return _("Korus refuses to book this hold: it may have an order already.")


class Resend(Protocol):
    """Orders these reservations of a sale; the events that make this allowed are recorded with the intent."""

    async def __call__(self, reference: str, reservations: tuple[str, ...], /, *before: e.Event) -> None: ...


class Recovery:
    """Looks lost orders up in the background, while other customers are served, and after a restart."""

    def __init__(
        self,
        desk: Desk,
        line: Connection,
        clock: Clock,
        background: BackgroundTasks,
        resend: Resend,
        patience: Patience | None = None,
    ) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._background = background
        self._resend = resend
        self._patience = patience or Patience()
        self._hurry: dict[str, asyncio.Event] = {}
        self._said_no: dict[str, SaidNo] = {}
        self._sent_again: set[str] = set()
        self.asking: dict[str, Asking] = {}
        self.problems: dict[str, Problem] = {}  # by sale: what its last order call met, until it is answered

    def start(self, reference: str, sent_at: float, said_no: SaidNo | None = None) -> None:
        """Look the sale's lost order up until its outcome is known; a look-up that runs already goes on.

        `sent_at` is in boot seconds: whatever is learned about the server's clock, the server gets its whole time.
        """
        if said_no is not None:
            self._said_no[reference] = said_no
        else:
            self._said_no.pop(reference, None)
        if reference not in self._hurry:
            self._hurry[reference] = asyncio.Event()
            self._background.start(self._until_known(reference, sent_at), "look up a lost order")

    def wanted(self, reference: str) -> None:
        """The agent has it ordered: what was sent again before counts no more."""
        self._sent_again.discard(reference)

    def ask_now(self, reference: str) -> None:
        """The agent wants the next look-up at once."""
        if reference in self._hurry:
            self._hurry[reference].set()

    async def _until_known(self, reference: str, sent_at: float) -> None:
        """Look until the outcome is known: whatever fails meanwhile, the next look comes."""
        wait, times, hurry = self._patience.first_wait, 0, self._hurry[reference]
        try:
            while True:
                met = self.asking[reference].met if reference in self.asking else ""
                self.asking[reference] = Asking(times, self._clock.boot() + wait, met)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(hurry.wait(), wait)
                hurry.clear()
                times += 1
                if await self._round(reference, sent_at):
                    return
                attempt = self._attempt(reference)
                recorded = attempt is None or attempt.unknown
                wait = min(wait * 2, self._patience.longest_wait if recorded else _UNRECORDED)
        finally:
            if self._hurry.get(reference) is hurry:
                del self._hurry[reference]
                self.asking.pop(reference, None)

    def _attempt(self, reference: str) -> Attempt | None:
        sale = next((one for one in self._desk.sales if one.reference == reference), None)
        attempt = sale.attempt if sale else None
        return attempt if attempt and attempt.doubt is Doubt.ORDER else None

    async def _round(self, reference: str, sent_at: float) -> bool:
        """One look-up; True once nothing is in doubt any more. What fails in it is said, and tried again."""
        attempt = self._attempt(reference)
        if attempt is None:
            return True
        try:
            if not attempt.unknown:  # its answer could not be taken in, and perhaps not even that be recorded
                why = _("The answer could not be taken in.")
                await self._desk.record(reference, e.OutcomeUnknown(attempt.id, Doubt.ORDER, why))
            return await self._look(reference, attempt, sent_at)
        except Exception as error:
            if self._attempt(reference) is None:
                log.info("%s ended while its order was looked up", reference)
                return True
            log.warning("the order of %s cannot be looked up yet", reference, exc_info=error)
            self._note(reference, problems.of(error, Doing.ORDER).what)
            return False

    async def _look(self, reference: str, attempt: Attempt, sent_at: float) -> bool:
        patient = self._clock.boot() - sent_at <= self._patience.server_limit
        ties, seen = await self.find(reference, attempt)
        now = self._attempt(reference)
        if now is None:
            return True
        self._note(reference, problems.of(seen.missed[0], Doing.ORDER).what if seen.missed else ties.why)
        if patient:
            return False
        return await self._nothing_happened(reference, now, seen, ties.not_ordered)

    def _note(self, reference: str, met: str) -> None:
        if reference in self.asking:
            self.asking[reference] = replace(self.asking[reference], met=met)

    async def find(self, reference: str, attempt: Attempt) -> tuple[Ties, Seen]:
        """Adopt what is certain of the orders of the call, and record orders that nobody asked for."""
        sale = self._desk.get(reference)
        seen = await look(self._line, reference, to_ask(sale, attempt.reservations))
        sale = self._desk.get(reference)
        asked = sale.attempt.reservations if sale.attempt else ()
        ties = tie(seen, sale, asked)
        events = found_events(sale, ties, attempt.id)
        if events:
            await self._desk.record(reference, *events)
        return ties, seen

    async def _nothing_happened(self, reference: str, attempt: Attempt, seen: Seen, free: frozenset[str]) -> bool:
        """The server had its time. Of what Korus says is not ordered: name the lapsed, send the living again.

        What is living waits for the others of its call to be certain: one call of a sale at a time.
        """
        certain = [one for one in attempt.reservations if one in free]
        living = tuple(one for one in certain if self._lives(seen.reservations[one]))
        gone = tuple(one for one in certain if one not in living)
        why = Refusal(EXPIRED, _("The hold lapsed while no answer came."))
        events: list[e.Event] = [e.OrderRefused(attempt.id, gone, why)] if gone else []
        if len(certain) < len(attempt.reservations) or not living:
            if events:
                await self._desk.record(reference, *events)
            return len(certain) == len(attempt.reservations)
        said_no = self._said_no.get(reference)
        if said_no is not None and said_no.disputed and reference in self._sent_again:
            self._note(reference, perhaps_ordered())
            if events:
                await self._desk.record(reference, *events)
            return False
        self._said_no.pop(reference, None)
        if said_no is not None and reference in self._sent_again:
            self.problems[reference] = said_no.problem
            unnamed = Refusal(NOT_ORDERED, said_no.problem.words or said_no.problem.what)
            events += [e.OrderRefused(attempt.id, (one,), said_no.words.get(one, unnamed)) for one in living]
            await self._desk.record(reference, *events)
            return True
        events.append(e.OutcomeSettled(attempt.id, "not found in time; sent again"))
        self._sent_again.add(reference)
        self._hurry.pop(reference, None)  # the next call may need a look-up of its own
        await self._resend(reference, living, *events)
        return True

    def _lives(self, reservation: ReservationNow) -> bool:
        """Whether it can still be ordered."""
        end, made = reservation.expires_at, reservation.created_at
        over = end is not None and end <= self._clock.now() and (made is None or made < end)
        return not (reservation.over or over)
