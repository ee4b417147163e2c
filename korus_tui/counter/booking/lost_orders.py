"""Orders whose answer was lost: looked up until they are found, or known not to exist (docs/rules.md, Law 3)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from korus_tui.counter.booking.convert import placed_of, reservation_of
from korus_tui.counter.booking.lookup import look
from korus_tui.counter.core.background import Chores
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Line as ApiLine
from korus_tui.counter.core.desk import Desk
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.apply import EXPIRED, NotAllowed
from korus_tui.sale.state import Attempt
from korus_tui.sale.values import Doubt, Refusal

if TYPE_CHECKING:
    from korus_tui.api import Reservation

log = logging.getLogger("korus_tui.counter")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: `server_limit` is the time after which a server has surely ended a request."""

    server_limit: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 30.0


@dataclass(frozen=True, slots=True)
class Asking:
    """A look-up that goes on: how often it was made, and when (boot seconds) it is made again."""

    times: int
    next_at: float
    reachable: bool


class SendAgain(Protocol):
    """Orders these reservations of a sale; the events that make this allowed are recorded with the intent."""

    async def __call__(self, reference: str, reservations: tuple[str, ...], /, *before: e.Event) -> None: ...


class Recovery:
    """Looks lost orders up in the background, while other customers are served, and after a restart."""

    def __init__(
        self, desk: Desk, line: ApiLine, clock: Clock, chores: Chores, patience: Patience | None = None
    ) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._chores = chores
        self._patience = patience or Patience()
        self._hurry: dict[str, asyncio.Event] = {}
        self.asking: dict[str, Asking] = {}
        self.send_again: SendAgain = _nobody

    def start(self, reference: str, sent_at: float) -> None:
        """Look the sale's lost order up until its outcome is known; a look-up that runs already goes on.

        `sent_at` is in boot seconds: whatever is learned about the server's clock, the server gets its whole time.
        """
        if reference not in self._hurry:
            self._hurry[reference] = asyncio.Event()
            self._chores.start(self._until_known(reference, sent_at), "look up a lost order")

    def ask_now(self, reference: str) -> None:
        """The agent wants the next look-up at once."""
        if reference in self._hurry:
            self._hurry[reference].set()

    async def _until_known(self, reference: str, sent_at: float) -> None:
        wait, times = self._patience.first_wait, 0
        try:
            while True:
                last = self.asking.get(reference)
                reachable = last is None or last.reachable
                await self._pause(reference, Asking(times, self._clock.boot() + wait, reachable), wait)
                times += 1
                attempt = self._attempt(reference)
                if attempt is None or await self._look(reference, attempt, sent_at):
                    return
                wait = min(wait * 2, self._patience.longest_wait)
        finally:
            self._hurry.pop(reference, None)
            self.asking.pop(reference, None)

    def _attempt(self, reference: str) -> Attempt | None:
        sale = next((one for one in self._desk.sales if one.reference == reference), None)
        attempt = sale.attempt if sale else None
        return attempt if attempt and attempt.doubt is Doubt.ORDER else None

    async def _pause(self, reference: str, asking: Asking, seconds: float) -> None:
        self.asking[reference] = asking
        hurry = self._hurry[reference]
        try:
            await asyncio.wait_for(hurry.wait(), seconds)
        except TimeoutError:
            return
        hurry.clear()

    async def _look(self, reference: str, attempt: Attempt, sent_at: float) -> bool:
        """One look-up; True once nothing is in doubt any more. What cannot be asked or recorded is tried again."""
        from korus_tui.api import ApiError
        from korus_tui.journal import JournalProblem

        patient = self._clock.boot() - sent_at <= self._patience.server_limit
        try:
            left = await self.find(reference, attempt)
            self._reached(reference, True)
            if left and not patient:
                await self._nothing_happened(reference, attempt, left)
            return not left or not patient
        except NotAllowed:
            if self._attempt(reference) is not None:
                raise
            log.info("%s ended while its order was looked up", reference)
            return True
        except (ApiError, JournalProblem) as error:
            log.warning("the order of %s cannot be looked up yet: %s", reference, error)
            self._reached(reference, False)
            return False

    def _reached(self, reference: str, reachable: bool) -> None:
        if reference in self.asking:
            self.asking[reference] = replace(self.asking[reference], reachable=reachable)

    async def find(self, reference: str, attempt: Attempt) -> dict[str, Reservation | None]:
        """Adopt the orders of the call that exist; the reservations that have none, None for one that is gone.

        Raises ApiError where it could not be asked: that is not the same as finding nothing (docs/rules.md, Law 3).
        """
        orders, reservations = await look(self._line, reference, attempt.reservations)
        sale = self._desk.get(reference)
        known = {order.order for order in sale.all_orders}
        events: list[e.Event] = []
        for order in orders:
            reservation = None if str(order.iri) in known else reservation_of(order, sale, list(reservations))
            if reservation:
                del reservations[reservation]
                events.append(e.OrderPlaced(attempt.id, placed_of(order, sale, reservation)))
        if events:
            await self._desk.record(reference, *events)
        return reservations

    async def _nothing_happened(self, reference: str, attempt: Attempt, left: dict[str, Reservation | None]) -> None:
        """The server had its time and there is no order: send the living again, name the lapsed, in one record."""
        living = tuple(one for one, found in left.items() if found is not None and self._lives(found))
        gone = tuple(one for one in left if one not in living)
        why = Refusal(EXPIRED, _("The hold lapsed while no answer came."))
        events: list[e.Event] = [e.OrderRefused(attempt.id, gone, why)] if gone else []
        if not living:
            await self._desk.record(reference, *events)
            return
        events.append(e.OutcomeSettled(attempt.id, "not found in time; sent again"))
        self._hurry.pop(reference, None)  # the next call may need a look-up of its own
        await self.send_again(reference, living, *events)

    def _lives(self, reservation: Reservation) -> bool:
        """Whether it can still be ordered: not lapsed, and not taken by another sale."""
        end, made = reservation.expires_at, reservation.created_at
        over = end is not None and end <= self._clock.now() and (made is None or made < end)
        return not (reservation.expired or over or reservation.order)


async def _nobody(_reference: str, _reservations: tuple[str, ...], *_before: e.Event) -> None:
    """Stands in until the checkout has taken its place."""
