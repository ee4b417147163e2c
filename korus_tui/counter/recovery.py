"""Orders whose answer was lost: looked up until they are found, or known not to exist (counter-rules.md, law 3)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from korus_tui.counter.chores import Chores
from korus_tui.counter.clock import Clock
from korus_tui.counter.desk import Desk
from korus_tui.counter.line import Line as ApiLine
from korus_tui.counter.orders import placed_of, reservation_of
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.apply import EXPIRED
from korus_tui.sale.state import Attempt
from korus_tui.sale.values import Doubt, Refusal

if TYPE_CHECKING:
    from korus_tui.api import Iri, Order, Reservation

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
        self.send_again: Callable[[str], Awaitable[None]] = _nobody

    def start(self, reference: str, sent_at: datetime) -> None:
        """Look the sale's lost order up until its outcome is known; a look-up that runs already goes on."""
        if reference not in self._hurry:
            self._hurry[reference] = asyncio.Event()
            self._chores.start(self._until_known(reference, sent_at), "look up a lost order")

    def ask_now(self, reference: str) -> None:
        """The agent wants the next look-up at once."""
        if reference in self._hurry:
            self._hurry[reference].set()

    async def _until_known(self, reference: str, sent_at: datetime) -> None:
        wait, times = self._patience.first_wait, 0
        try:
            while True:
                await self._pause(reference, Asking(times, self._clock.boot() + wait, True), wait)
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

    async def _look(self, reference: str, attempt: Attempt, sent_at: datetime) -> bool:
        """One look-up; True once nothing is in doubt any more."""
        from korus_tui.api import errors

        try:
            page = await self._line.ask(lambda client: client.orders(external_reference=reference).all())
            reservations = await self._reservations(attempt)
            orders = [*page.members, *await self._orders_of(reservations, page.members)]
        except errors.ApiError as error:
            log.warning("the order of %s cannot be looked up yet: %s", reference, error)
            if reference in self.asking:
                self.asking[reference] = replace(self.asking[reference], reachable=False)
            return False
        left = await self._adopt(reference, attempt, orders)
        if not left:
            return True
        if self._clock.now() - sent_at <= timedelta(seconds=self._patience.server_limit):
            return False
        return await self._nothing_happened(reference, attempt, left, reservations)

    async def _reservations(self, attempt: Attempt) -> list[Reservation]:
        from korus_tui.api import Iri

        return [
            await self._line.ask(lambda client, one=one: client.reservation(Iri(one)))  # type: ignore[misc]
            for one in attempt.reservations
        ]

    async def _orders_of(self, reservations: list[Reservation], known: Sequence[Order]) -> list[Order]:
        """Orders that only the reservation names: the look-up by reference may lag behind."""
        seen = {order.id for order in known}
        wanted: list[Iri] = [one.order for one in reservations if one.order is not None and one.order.id not in seen]
        return [await self._line.ask(lambda client, iri=iri: client.order_by_id(iri)) for iri in wanted]  # type: ignore[misc]

    async def _adopt(self, reference: str, attempt: Attempt, orders: list[Order]) -> list[str]:
        """Take found orders over as ours; what is left has no order that we can see."""
        sale = self._desk.get(reference)
        left = list(attempt.reservations)
        known = {order.order for order in sale.orders}
        events: list[e.Event] = []
        for order in orders:
            reservation = None if str(order.iri) in known else reservation_of(order, sale, left)
            if reservation:
                left.remove(reservation)
                events.append(e.OrderPlaced(attempt.id, placed_of(order, sale, reservation)))
        if events:
            await self._desk.record(reference, *events)
        return left

    async def _nothing_happened(
        self, reference: str, attempt: Attempt, left: list[str], reservations: list[Reservation]
    ) -> bool:
        """The server had its time and there is no order: send the living again, name the lapsed."""
        now = self._clock.now()
        gone = [
            str(one.iri)
            for one in reservations
            if str(one.iri) in left and (one.expired or (one.expires_at is not None and one.expires_at <= now))
        ]
        if gone:
            why = Refusal(EXPIRED, _("The hold lapsed while no answer came."))
            await self._desk.record(reference, e.OrderRefused(attempt.id, tuple(gone), why))
        if self._attempt(reference) is not None:
            await self._desk.record(reference, e.OutcomeSettled(attempt.id, "not found in time; sent again"))
        if len(gone) < len(left) and not gone:
            self._hurry.pop(reference, None)
            await self.send_again(reference)
        return True


async def _nobody(_reference: str) -> None:
    """Stands in until the checkout has taken its place."""
