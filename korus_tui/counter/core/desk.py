"""The counter's desk: the open sales, each changed only by an event that the journal has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from korus_tui.aio import finish
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.gate import Gate, Word
from korus_tui.counter.core.ledger import Ledger
from korus_tui.journal.entry import JournalEntry, sale_stream
from korus_tui.journal.errors import JournalProblem

# The sale's events and rules are imported by the methods that use them: no sale is open in the first frame.
if TYPE_CHECKING:
    from korus_tui.journal.store import Journal
    from korus_tui.sale.events import Event
    from korus_tui.sale.home import Home
    from korus_tui.sale.recall import Unreadable
    from korus_tui.sale.state import Sale
    from korus_tui.sale.till_events import TillEvent

log = logging.getLogger("korus_tui.counter")


@dataclass(frozen=True, slots=True)
class Counter:
    """Who sells and where: every event bears it."""

    till: str
    agent: str
    mode: str
    server: str = ""  # the API's origin
    earlier: str = ""  # what earlier versions recorded the same server as


def new_id() -> str:
    """An id for a line, a payment or an attempt; unique without asking anyone."""
    import secrets  # first frame

    return secrets.token_hex(8)


class Desk:
    """Owns the open sales. `record` is the one way to change one: let through, checked, made durable, then shown.

    What is written passes `gate` first; `ledger` is the one place that writes, and it takes only what has passed.
    """

    def __init__(self, clock: Clock, counter: Counter) -> None:
        self.counter = counter
        self.gate = Gate(counter.agent, counter.mode)
        self.prepare: Callable[[Journal], Awaitable[None]] | None = None  # what the gate knows, before anything passes
        self.finished: Callable[[Sale], None] = lambda _sale: None  # forget what is kept of its customer
        self._clock = clock
        self._sales: dict[str, Sale] = {}
        self._current: str | None = None
        self.unreadable: tuple[Unreadable, ...] = ()  # open sales that cost only themselves
        self.elsewhere: tuple[Sale | Unreadable, ...] = ()  # open sales of another mode or server: shown, never touched
        self.asked_at: dict[str, datetime] = {}  # when (server time) an earlier start last asked for places, by sale
        self._watchers: list[Callable[[], None]] = []
        self._one_at_a_time = asyncio.Lock()
        self._opening = asyncio.Lock()
        self.ledger = Ledger(clock, counter.till, self.tell, self._pay_debts)
        self._owed: dict[str, tuple[Event | TillEvent, ...]] = {}  # what answers said meanwhile, by sale

    async def use(self, journal: Journal, because: Exception | None = None) -> tuple[Sale, ...]:
        """Take the journal into use, or only read it `because`: its open sales come back, the last to the counter.

        What belongs to another mode or server stays away from the counter: see `elsewhere`.
        """
        from korus_tui.sale.events import HoldRequested  # first frame
        from korus_tui.sale.recall import readable, recall, unreadable  # first frame
        from korus_tui.sale.takings import belonging  # first frame

        if self.prepare is not None:
            await self.prepare(journal)
        found: list[Sale | Unreadable | None] = []
        for reference in await journal.open_sales():
            rows = await journal.read(reference)
            for row in rows:
                if isinstance(row.event, HoldRequested):
                    self.asked_at[reference] = row.at
            found.append(recall(rows))
        ours, others = belonging(self.home, found)
        resumed = readable(ours)
        self._sales = {sale.reference: sale for sale in resumed}
        self.unreadable = unreadable(ours)
        self.elsewhere = tuple(others)
        self._current = next((sale.reference for sale in reversed(resumed) if not sale.parked), None)
        self.ledger.use(journal, because)
        self.tell()
        return resumed

    async def _pay_debts(self) -> None:
        """Write what answers said while the journal took nothing."""
        for reference in tuple(self._owed):
            with suppress(JournalProblem):
                await self.record_after(reference)

    @property
    def home(self) -> Home:
        """The mode and the server whose sales are worked on here, and no others."""
        from korus_tui.sale.home import Home  # first frame
        from korus_tui.sale.values import Mode  # first frame

        return Home(Mode(self.counter.mode), self.counter.server, self.counter.earlier)

    @property
    def sale(self) -> Sale | None:
        return self._sales.get(self._current) if self._current else None

    @property
    def others(self) -> tuple[Sale, ...]:
        """Open sales that are not at the counter: parked, or waiting for an answer."""
        return tuple(sale for sale in self._sales.values() if sale.reference != self._current)

    @property
    def sales(self) -> tuple[Sale, ...]:
        return tuple(self._sales.values())

    def get(self, reference: str) -> Sale:
        """The open sale with this reference. Raises NotAllowed for one that has ended, or that waits elsewhere."""
        from korus_tui.sale.rule import NotAllowed  # first frame

        try:
            return self._sales[reference]
        except KeyError:
            self._must_be_here(next((one for one in self.elsewhere if one.reference == reference), None))
            raise NotAllowed("the sale has ended") from None

    def _must_be_here(self, sale: Sale | Unreadable | None) -> None:
        """Raise NotHere for a sale of another mode or server."""
        if sale is not None and not self.home.has(sale.home):
            from korus_tui.counter.core.elsewhere import NotHere  # first frame

            raise NotHere(sale)

    def watch(self, changed: Callable[[], None]) -> None:
        """Have `changed` called after each change, once what changed is durable."""
        self._watchers.append(changed)

    def tell(self) -> None:
        """Call all that watch: what the till's pages show has changed."""
        for changed in self._watchers:
            changed()

    @asynccontextmanager
    async def at_counter(self, catalog: str, language: str) -> AsyncIterator[tuple[str, tuple[Event, ...]]]:
        """The reference of the sale at the counter; where there is none, of a new one, and the event that opens it."""
        from korus_tui.sale.events import SaleOpened  # first frame
        from korus_tui.sale.reference import mint  # first frame

        async with self._opening:  # two keys in one write open one sale
            if self.sale is not None:
                yield self.sale.reference, ()
            else:
                reference, home = mint(), self.home
                yield reference, (SaleOpened(reference, catalog, home.mode, language, home.server),)

    async def finish(self, reference: str) -> None:
        """End a sale that is complete; what was kept of its customer goes with it. Raises as `record`."""
        from korus_tui.sale.events import SaleFinished  # first frame

        sale = self.get(reference)
        await self.record(reference, SaleFinished())
        self.finished(sale)

    async def make_room(self) -> None:
        """A complete sale at the counter ends: the next customer is there. Raises as `record`."""
        async with self._opening:
            if self.sale is not None and self.sale.complete:
                await self.finish(self.sale.reference)

    @property
    def growing(self) -> Sale | None:
        """The sale that the next line goes into; None where the one at the counter is complete."""
        return None if self.sale is not None and self.sale.complete else self.sale

    async def open(self, catalog: str, language: str) -> Sale:
        """The sale at the counter, a new one where there is none."""
        async with self.at_counter(catalog, language) as (reference, opening):
            return await self.record(reference, *opening) if opening else self.get(reference)

    async def record(self, reference: str, *events: Event) -> Sale:
        """Apply the events to a sale, all or none, and return it once they are durable.

        Raises CounterError where the gate lets it not through, NotAllowed where a rule forbids one, NotHere where the
        sale belongs to another mode or server, and the journal's own errors where it cannot be written.
        """
        return await finish(self._record(reference, events))

    async def record_answer(self, reference: str, *events: Event) -> Sale:
        """Like `record`, for what an answer said: it has come, whether or not the journal takes it now.

        What cannot be written is shown all the same; it is written with whatever is recorded next of this sale, and
        else as soon as the journal can be written. Raises NotAllowed.
        """
        return await finish(self._record(reference, events, owing=True))

    async def ahead(self, reference: str, *events: Event) -> Word:
        """Ask the gate before something is done that cannot be taken back: what it lets through now is recorded then.

        Raises CounterError, NotHere, and what a walk along the journal found.
        """
        await self.ledger.must_be_whole(events)
        sale = await self.read(reference)
        self._must_be_here(sale)
        word = await self.gate.word(events, sale)
        return Word(passed=self.gate.let(events, sale, word))

    async def ahead_of(self, event: TillEvent) -> Word:
        """As `ahead`, for what is no sale's."""
        await self.ledger.must_be_whole((event,))
        return Word(passed=self.gate.let((event,), None, await self.gate.word((event,), None)))

    async def record_after(self, reference: str, *events: Event, word: Word | None = None) -> Sale:
        """Like `record`, also for a sale that has ended: it is read from the journal, and does not come back here.

        `word` is what `ahead` answered for these very events.
        Raises NotAllowed for a sale that this journal does not know.
        """
        return await finish(self._record(reference, events, ended=True, word=word))

    async def read(self, reference: str) -> Sale | None:
        """A sale as it stands, open or ended; None for one that this journal does not know."""
        from korus_tui.sale.apply import fold  # first frame

        sale = self._sales.get(reference)
        return sale or fold(row.event for row in await (await self.ledger.journal()).read(reference))

    async def _record(
        self,
        reference: str,
        events: tuple[Event, ...],
        *,
        ended: bool = False,
        owing: bool = False,
        word: Word | None = None,
    ) -> Sale:
        from korus_tui.sale.apply import apply  # first frame

        await self.ledger.must_take(events, owing=owing)
        if word is None:  # a supervisor may have to come: nothing is locked meanwhile
            word = await self.gate.word(events, await self.read(reference) if ended else self._sales.get(reference))
        async with self._one_at_a_time:
            sale = await self.read(reference) if ended else self._sales.get(reference)
            if sale is None:
                self._must_be_here(next((one for one in self.elsewhere if one.reference == reference), None))
            self._must_be_here(sale)
            passed = self.gate.let(events, sale, word)
            for event in cast("tuple[Event, ...]", passed.events):
                sale = apply(sale, event)
            assert sale is not None
            passed = replace(passed, events=(*self._owed.get(reference, ()), *passed.events))
            try:
                await self.ledger.write(sale_stream(reference), passed)
            except Exception as error:
                if not owing:
                    raise
                log.warning("%s: what an answer said cannot be written yet: %s", reference, error)
                self._owed[reference] = passed.events
            else:
                self._owed.pop(reference, None)
            self._keep(sale)
        self.tell()
        return sale

    async def append_to(
        self, stream: str, events: Sequence[TillEvent], *, word: Word | None = None, agent: str | None = None
    ) -> tuple[JournalEntry, ...]:
        """Record what is no sale's, by whoever stands here or `agent`. Raises CounterError and the journal's errors."""
        await self.ledger.must_be_whole(events)
        return await self.ledger.write(stream, self.gate.let(events, None, word, agent=agent))

    async def put_away(self, reference: str, ending: Event) -> None:
        """End a sale that is not understood: it is shown no more, its records stay. Raises as `record`."""
        await finish(self._put_away(reference, (ending,)))

    async def _put_away(self, reference: str, ending: tuple[Event, ...]) -> None:
        await self.ledger.journal()
        word = await self.gate.word(ending, None)
        async with self._one_at_a_time:
            left = tuple(one for one in self.unreadable if one.reference != reference)
            if left != self.unreadable:
                await self.ledger.write(sale_stream(reference), self.gate.let(ending, None, word))
                self.unreadable = left
        self.tell()

    def _keep(self, sale: Sale) -> None:
        known = sale.reference in self._sales
        self._sales[sale.reference] = sale
        if not sale.open or sale.parked:
            if self._current == sale.reference:
                self._current = None
            if not sale.open:
                del self._sales[sale.reference]
        elif not known and self._current is None:
            self._current = sale.reference

    async def park(self, reference: str, note: str | None = None) -> None:
        """Let the sale wait while another customer is served; its holds go on running. Raises NotAllowed.

        `note` takes the place of the one that it has; None leaves that.
        """
        from korus_tui.sale.events import SaleParked  # first frame

        await self.record(reference, SaleParked(self.get(reference).waits_as if note is None else note))

    async def recall(self, reference: str) -> None:
        """Bring a waiting sale back to the counter; the one that is there waits in its place. Raises NotAllowed."""
        from korus_tui.sale.events import SaleRecalled  # first frame

        there = self.sale
        if there is not None and there.reference != reference:
            if there.complete:
                await self.finish(there.reference)
            elif there.lines:
                await self.park(there.reference)
            else:
                self.set_aside()
        if self.get(reference).parked:
            await self.record(reference, SaleRecalled())
        self.bring(reference)

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """No sale changes while this is held: what is counted meanwhile is what there is."""
        async with self._one_at_a_time:
            yield

    def stand(self, agent: str, *, proved: bool, supervisor: bool = False) -> None:
        """From now on this agent stands on every event; an empty name is nobody, `proved` is a PIN.

        Whoever changes it tells those who watch, once they may look.
        """
        self.counter = replace(self.counter, agent=agent)
        self.gate.name, self.gate.proved, self.gate.supervisor = agent, proved, supervisor

    def bring(self, reference: str) -> None:
        """Put this open sale at the counter."""
        self._current = self.get(reference).reference
        self.tell()

    def set_aside(self) -> None:
        """Free the counter for the next customer; the sale stays open and is worked on."""
        self._current = None
        self.tell()
