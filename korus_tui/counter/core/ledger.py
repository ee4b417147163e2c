"""The till's journal as the counter knows it: whether it is open, whole and can be written; and what writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.gate import Passed
from korus_tui.journal.entry import JournalEntry
from korus_tui.journal.errors import JournalProblem

# The weight of an event is imported by what asks for it: nothing is written in the first frame.
if TYPE_CHECKING:
    from korus_tui.journal.store import Journal
    from korus_tui.sale.events import Event
    from korus_tui.sale.till_events import TillEvent


def _tells(events: Sequence[Event | TillEvent]) -> bool:
    """Whether all of these only tell what happened anyway, and so are kept whatever the journal is like."""
    from korus_tui.sale.weight import Weight, weight  # first frame

    return all(weight(event) is Weight.TELLS for event in events)


def _moves_money(events: Sequence[Event | TillEvent]) -> bool:
    """Whether money moves by one of these, or an order is asked for."""
    from korus_tui.sale.events import OrderRequested  # first frame
    from korus_tui.sale.weight import Weight, weight  # first frame

    return any(isinstance(event, OrderRequested) or weight(event) is Weight.MONEY for event in events)


class Ledger:
    """Owns the open journal, and the verdict on it: `trouble` is why nothing is sold."""

    def __init__(self, clock: Clock, till: str, tell: Callable[[], None], heals: Callable[[], Awaitable[None]]) -> None:
        """`tell` is called when the verdict has changed; `heals` whenever the journal was found to take events."""
        self._clock = clock
        self._till = till
        self._tell = tell
        self._heals = heals
        self._journal: asyncio.Future[Journal] | None = None
        self.outside: list[str] = []  # what is wrong with what is kept of the journal outside of it, in sentences
        self._walk: asyncio.Task[None] | None = None
        self.trouble: Exception | None = None  # why nothing is sold: the journal takes no event

    def _place(self, *, anew: bool = False) -> asyncio.Future[Journal]:
        if self._journal is None or (anew and self._journal.done()):
            self._journal = asyncio.get_running_loop().create_future()
        return self._journal

    def use(self, journal: Journal, because: Exception | None = None) -> None:
        """Take the journal into use, or only read it `because`."""
        self.trouble = because
        self._walk = None
        self._place(anew=True).set_result(journal)

    async def journal(self) -> Journal:
        """The journal, once it is open; it is read from anywhere. Raises why it cannot be opened."""
        return await asyncio.shield(self._place())

    def cannot_use(self, error: Exception) -> None:
        """The journal cannot be opened: every attempt to sell raises this error."""
        place = self._place(anew=True)
        place.set_exception(error)
        place.exception()  # told to whoever sells; not an unhandled failure by itself
        self._note(error)

    def _note(self, error: Exception | None) -> None:
        if (type(error), str(error)) != (type(self.trouble), str(self.trouble)):
            self.trouble = error
            self._tell()

    @contextmanager
    def _judging(self) -> Iterator[None]:
        """What is written to the journal inside says whether anything can be sold."""
        try:
            yield
        except JournalProblem as error:
            self._note(error)
            raise
        self._note(self._damage)

    @property
    def _damage(self) -> Exception | None:
        """What was found in the journal that is open."""
        place = self._journal
        opened = place is not None and place.done() and place.exception() is None
        return place.result().damage if place is not None and opened else None

    async def check(self, *, write: bool = False) -> None:
        """Find out whether the journal would take an event, with `write` by writing: see `trouble` afterwards."""
        place = self._journal
        if place is None or not place.done() or place.exception() is not None:
            return  # it is not open yet, or why it cannot be opened is known
        journal = place.result()
        if journal.read_only and self.trouble is not None:
            return  # it is only read from here on
        with suppress(JournalProblem), self._judging():
            await journal.check()
            if write or self.trouble is not None:
                await journal.prove()
        if self.trouble is None:
            await self._heals()

    def begin_walk(self) -> asyncio.Task[None]:
        """Walk the journal's whole chain, beside what goes on; one walk at a time.

        What it finds is the verdict on every page: nothing is sold and no money moves from then on.
        """
        if self._walk is None or self._walk.done():
            self._walk = asyncio.create_task(self._walking(), name="walk along the journal")
        return self._walk

    async def _walking(self) -> None:
        try:
            journal = await self.journal()
            await journal.examine()
        except JournalProblem as error:  # it cannot be read: nothing is known to be whole
            self._note(error)
            return
        if journal.damage is not None:
            self._note(journal.damage)

    async def examine(self) -> None:
        """Have the chain walked anew, and wait for it: see `trouble` afterwards, or the journal's `damage`."""
        if self._walk is not None:
            await asyncio.wait({self._walk})
        await asyncio.wait({self.begin_walk()})

    async def must_take(self, events: Sequence[Event | TillEvent], *, owing: bool) -> None:
        """Raise why these cannot be written; what is `owing` is shown even so, and only a walk's verdict hinders it."""
        journal = await self.journal()
        if self.trouble is not None and not owing and (journal.read_only or not _tells(events)):
            await self.must_sell()
        await self.must_be_whole(events)

    async def must_be_whole(self, events: Sequence[Event | TillEvent]) -> None:
        """Raise what a walk found. Before the first money, the walk that began at the start is waited for."""
        journal = await self.journal()
        if _tells(events):
            return
        if self._walk is not None and not self._walk.done() and _moves_money(events):
            await asyncio.wait({self._walk})
        if journal.damage is not None:
            self._note(journal.damage)
            raise journal.damage

    async def must_sell(self) -> None:
        """Raise why nothing can be sold: asked anew before a customer's money is."""
        await self.check(write=True)
        if self.trouble is not None:
            raise self.trouble

    async def write(self, stream: str, passed: Passed) -> tuple[JournalEntry, ...]:
        """The one place at the counter that writes to the journal."""
        journal, at = await self.journal(), self._clock.now()
        kept = _tells(passed.events)
        with self._judging():
            return await journal.append_to(
                stream, passed.events, at=at, agent=passed.agent, till=self._till, though_damaged=kept
            )
