"""Orders whose effect comes later than all patience: looked for once more before a sale is settled without them.

A call that stayed unanswered leaves its reservations in doubt (`Sale.doubted`), and so does one that was refused by an
answer: what was sent may have been sent twice on the way. Money for them goes back, and their places are given up,
only after Korus was asked again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from korus_tui.api.errors import ApiError
from korus_tui.counter.booking.lookup import Seen, look, look_at_reservations
from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.booking.ties import marks, tie, to_ask, without_order
from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale import events as e
from korus_tui.sale.afterwards import had_after_all
from korus_tui.sale.apply import apply
from korus_tui.sale.recall import recall
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Sale
from korus_tui.sale.values import PlacedOrder

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order

log = logging.getLogger("korus_tui.counter")

_CUSTOMER_WAITS = 10.0  # seconds for one look while a customer stands there
_LOOKS = 4  # after a settlement: each after twice the time of the one before
_LONG_OVER = timedelta(days=2)  # of a sale's opening; an effect that comes later than this is not looked for
_MOST = 50  # sales looked at in one round: the newest ones


class LateOrders:
    """Finds such orders, before a settlement and after it."""

    def __init__(
        self, desk: Desk, line: Connection, clock: Clock, background: BackgroundTasks, patience: Patience
    ) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._background = background
        self._patience = patience
        self._looking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # by sale
        self._watched: dict[str, float] = {}  # by sale: boot seconds of the last look
        self.told: dict[str, Problem] = {}  # by sale: what its next page has to say of an order that was found

    def asks(self, sale: Sale, lines: Sequence[str] | None = None) -> bool:
        """Whether Korus must be asked before `lines` (all of them unless given) are settled as not ordered."""
        at_stake = {state.hold for state in sale.lines if lines is None or state.line.id in lines}
        in_doubt = bool(sale.doubted) if lines is None else not sale.doubted.isdisjoint(at_stake)
        return (in_doubt or bool(sale.loose)) and sale.attempt is None  # a call that is open is looked up by itself

    async def first(self, reference: str, lines: Sequence[str] | None = None) -> None:
        """Look once more before `lines` (all of them unless given) are settled as not ordered.

        Raises CounterError where an order was found, and where Korus could not be asked within ten seconds: nothing is
        to be settled then. Raises NotAllowed for a sale that has ended, and the journal's errors.
        """
        sale = self._desk.get(reference)
        if living := had_after_all(sale):
            now = await self._desk.record(reference, *(e.OrderFound(order) for order in living))
            raise CounterError(_found(now, living))
        if not self.asks(sale, lines):
            return
        try:
            async with asyncio.timeout(_CUSTOMER_WAITS):
                doubt = await self.look_at(reference)
        except (ApiError, TimeoutError) as error:
            log.warning("%s cannot be settled: its late order cannot be asked for: %s", reference, error)
            raise CounterError(_cannot_ask(sale)) from error
        now, known = self._desk.get(reference), {order.order for order in sale.all_orders}
        if found := [order for order in now.all_orders if order.order not in known and not order.cancelled]:
            raise CounterError(self.told.get(reference) or _found(now, found))
        if doubt:
            raise CounterError(_not_certain(sale, doubt))
        self._watch(reference)

    async def before_money(self, reference: str, lines: Sequence[str] | None = None) -> None:
        """The same before money goes back, and not before what lags behind an answer can be seen.

        No field tells a false refusal from a true one.
        """
        if self.asks(self._desk.get(reference), lines):
            rows = await (await self._desk.ledger.journal()).read(reference)
            answered = max(
                (row.at for row in rows if isinstance(row.event, e.OrderRefused | e.OutcomeUnknown)), default=None
            )
            if answered is not None:
                age = (self._clock.now() - answered).total_seconds()
                await asyncio.sleep(self._patience.settles - max(age, 0.0))  # a clock that went back adds nothing
        await self.first(reference, lines)

    async def look_at(self, reference: str) -> str:
        """Ask for the orders of the reservations in doubt, and record those that exist; what is still not certain.

        The sale may have ended. Raises ApiError where nothing was found and something could not be asked, NotAllowed
        where something else happens to it meanwhile, and the journal's errors.
        """
        async with self._looking[reference]:
            sale = await self._at_rest(reference)
            if sale is None or not _doubtful(sale):
                return ""
            seen = await look(self._line, reference, to_ask(sale, sorted(sale.doubted)))
            now = await self._at_rest(reference)
            if now is None:
                return ""
            ties = tie(seen, now, sorted(now.doubted))
            if ties.found:
                log.warning("%s: %d orders turned up late", reference, len(ties.found))
                await self._record(now, ties.found)
            elif seen.missed and ties.not_ordered != now.doubted:
                raise seen.missed[0]
            return ties.why

    async def take_in(self, reference: str, orders: Sequence[Order]) -> None:
        """Record what another question brought of a sale that does not know it yet, as a look for it does.

        The sale may have ended; while a call of it is open, that is looked up by itself. Raises as `look_at`, but no
        ApiError.
        """
        async with self._looking[reference]:
            sale = await self._at_rest(reference)
            known = {order.order for order in sale.all_orders} if sale else set()
            fresh = tuple(order for order in orders if str(order.iri) not in known)
            if sale is None or not fresh:
                return
            seen = await look_at_reservations(self._line, Seen(fresh), without_order(sale))
            now = await self._at_rest(reference)
            found = tie(seen, now, sorted(now.doubted)).found if now is not None else ()
            if now is not None and found:
                log.warning("%s: %d orders were seen that nobody asked for", reference, len(found))
                await self._record(now, found)

    async def _record(self, sale: Sale, found: tuple[PlacedOrder, ...]) -> None:
        events = (*(e.OrderFound(order) for order in found), *marks(sale, found))
        after = sale
        for event in events:
            after = apply(after, event)
        if after.open and after.all_ordered:
            self.told[sale.reference] = _found(after, found)
        await self._desk.record_after(sale.reference, *events)

    async def _sale(self, reference: str) -> Sale | None:
        """The sale, open or ended; None for one that is not understood, or not this counter's to ask for."""
        found = recall(await (await self._desk.ledger.journal()).read(reference))
        return found if isinstance(found, Sale) and self._desk.home.has(found.home) else None

    async def _at_rest(self, reference: str) -> Sale | None:
        """The same, while no call of it is open."""
        sale = await self._sale(reference)
        return None if sale is None or (sale.open and sale.attempt is not None) else sale

    # After a settlement

    async def take_up(self) -> None:
        """Go on watching the sales that an earlier start left in doubt. Raises the journal's errors."""
        for reference in await self._of_late():
            sale = await self._sale(reference)
            if sale is not None and _doubtful(sale) and (sale.attempt is None or not sale.open):
                self._watch(reference)

    async def look(self) -> None:
        """Look at every sale of late with reservations in doubt; what cannot be asked now is asked another time.

        A line that is down ends the round. Raises the journal's errors where it cannot be read at all.
        """
        for reference in await self._of_late():
            await self._try(reference)
            if self._line.health.online is False:
                return

    async def _of_late(self) -> list[str]:
        """The newest sales with an answer that was lost or refused; old ones only until the server's time is known."""
        journal = await self._desk.ledger.journal()
        lost, refused = [await journal.with_event(one.__name__) for one in (e.OutcomeUnknown, e.OrderRefused)]
        entries = sorted({*lost, *refused}, key=lambda one: one.last_seq, reverse=True)
        known, young = self._clock.known, self._clock.now() - _LONG_OVER
        return [entry.reference for entry in entries[:_MOST] if not known or entry.opened_at > young]

    async def _try(self, reference: str) -> None:
        try:
            await self.look_at(reference)
        except (ApiError, JournalProblem, NotAllowed) as error:
            log.info("a late order of %s cannot be looked for yet: %s", reference, error)

    def _watch(self, reference: str) -> None:
        """Nothing was found: look again in the background, in case the effect comes after the settlement."""
        if reference not in self._watched:
            in_all = self._patience.server_limit * (2**_LOOKS - 1)
            self._watched[reference] = self._clock.boot() + in_all
            self._background.start(self._watching(reference), "look for a late order")

    def watched_until(self, reference: str) -> datetime | None:
        """Until when (server time) it is looked for in the background, from the last settlement on; None where not."""
        last = self._watched.get(reference)
        return None if last is None else self._clock.now() + timedelta(seconds=last - self._clock.boot())

    async def _watching(self, reference: str) -> None:
        wait = self._patience.server_limit
        try:
            for _look in range(_LOOKS):
                await asyncio.sleep(wait)
                wait *= 2
                with contextlib.suppress(JournalProblem):
                    if reference in await self._of_late():
                        await self._try(reference)
        finally:
            self._watched.pop(reference, None)


def _doubtful(sale: Sale) -> bool:
    """Whether an order of the sale may exist that no line has."""
    return bool(sale.doubted or sale.loose)


def _not_certain(sale: Sale, doubt: str) -> Problem:
    meaning = _("Nothing was changed: whether it is booked is not certain.")
    if sale.taken:
        meaning = _("Nothing was given back; the sale stays PAID – NOT CONFIRMED.")
    return Problem(doubt, meaning, _("Try again; ‹app.orders›, ‹orders.close› closes it by hand"))


def _cannot_ask(sale: Sale) -> Problem:
    what = _("Korus cannot be asked whether it booked after all.")
    if not sale.taken:
        return Problem(what, _("A booking was sent before. Nothing was changed."), _("Try again"))
    return Problem(
        what,
        _("A booking was sent before. Nothing was given back; the sale stays PAID – NOT CONFIRMED."),
        _("Try again; ‹app.orders›, ‹orders.close› closes it by hand"),
    )


def _found(sale: Sale, found: Sequence[PlacedOrder]) -> Problem:
    """What was found, by what became of it."""
    if any(order in sale.unpaid_orders for order in found):
        return unpaid(sale)
    what = _booked(found)
    if any(order in sale.late for order in found):
        meaning = _("Nothing was changed. Its places were given up before: the order is one too many.")
        return Problem(what, meaning, _("‹app.orders› lists it: have Korus cancel it there"))
    return Problem(what, _("Nothing was changed. What was collected pays for it."), _("Hand the documents over"))


def unpaid(sale: Sale) -> Problem:
    """Korus has an order of lines that are not paid: nothing of them is held or sold once more."""
    return Problem(
        _booked(sale.unpaid_orders),
        _("It is not paid. Its places are sold: they are not to be held again."),
        _("Collect the money for it; else void the sale, and have Korus cancel the order"),
    )


def _booked(orders: Sequence[PlacedOrder]) -> str:
    named = ", ".join(order.reference or order.order for order in orders)
    return _("Korus booked it after all: {orders}.").format(orders=named)
