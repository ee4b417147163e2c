"""The counter's desk: the open sales, each changed only by an event that the journal has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from korus_tui.aio import whole
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.gate import Gate, Passed, Word
from korus_tui.journal.entry import Entry, sale_stream
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


def _tells(events: Sequence[Event | TillEvent]) -> bool:
    """Whether all of these only tell what happened anyway, and so are kept whatever the journal is like."""
    from korus_tui.sale.weight import Weight, weight  # first frame

    return all(weight(event) is Weight.TELLS for event in events)


def _moves_money(events: Sequence[Event | TillEvent]) -> bool:
    """Whether money moves by one of these, or an order is asked for."""
    from korus_tui.sale.events import OrderRequested  # first frame
    from korus_tui.sale.weight import Weight, weight  # first frame

    return any(isinstance(event, OrderRequested) or weight(event) is Weight.MONEY for event in events)


def new_id() -> str:
    """An id for a line, a payment or an attempt; unique without asking anyone."""
    import secrets  # first frame

    return secrets.token_hex(8)


class Desk:
    """Owns the open sales. `record` is the one way to change one: let through, checked, made durable, then shown.

    What is written passes `gate` first: there is one place that writes, and it takes only what has passed.
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
        self._journal: asyncio.Future[Journal] | None = None
        self.outside: list[str] = []  # what is wrong with what is kept of the journal outside of it, in sentences
        self._walk: asyncio.Task[None] | None = None
        self.trouble: Exception | None = None  # why nothing is sold: the journal takes no event
        self._owed: dict[str, tuple[Event | TillEvent, ...]] = {}  # what answers said meanwhile, by sale

    def _journal_place(self, *, anew: bool = False) -> asyncio.Future[Journal]:
        if self._journal is None or (anew and self._journal.done()):
            self._journal = asyncio.get_running_loop().create_future()
        return self._journal

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
        self.trouble = because
        self._walk = None
        self._journal_place(anew=True).set_result(journal)
        self.tell()
        return resumed

    def cannot_use(self, error: Exception) -> None:
        """The journal cannot be opened: every attempt to sell raises this error."""
        place = self._journal_place(anew=True)
        place.set_exception(error)
        place.exception()  # told to whoever sells; not an unhandled failure by itself
        self._note_trouble(error)

    def _note_trouble(self, error: Exception | None) -> None:
        if (type(error), str(error)) != (type(self.trouble), str(self.trouble)):
            self.trouble = error
            self.tell()

    @contextmanager
    def judging(self) -> Iterator[None]:
        """What is written to the journal inside says whether anything can be sold."""
        try:
            yield
        except JournalProblem as error:
            self._note_trouble(error)
            raise
        self._note_trouble(self._damage)

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
        with suppress(JournalProblem), self.judging():
            await journal.check()
            if write or self.trouble is not None:
                await journal.prove()
        if self.trouble is None:
            await self._pay_debts()

    async def _pay_debts(self) -> None:
        """Write what answers said while the journal took nothing."""
        for reference in tuple(self._owed):
            with suppress(JournalProblem):
                await self.record_after(reference)

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
            self._note_trouble(error)
            return
        if journal.damage is not None:
            self._note_trouble(journal.damage)

    async def examine(self) -> None:
        """Have the chain walked anew, and wait for it: see `trouble` afterwards, or the journal's `damage`."""
        if self._walk is not None:
            await asyncio.wait({self._walk})
        await asyncio.wait({self.begin_walk()})

    async def _must_be_whole(self, journal: Journal, events: Sequence[Event | TillEvent]) -> None:
        """Raise what a walk found. Before the first money, the walk that began at the start is waited for."""
        if _tells(events):
            return
        if self._walk is not None and not self._walk.done() and _moves_money(events):
            await asyncio.wait({self._walk})
        if journal.damage is not None:
            self._note_trouble(journal.damage)
            raise journal.damage

    async def must_sell(self) -> None:
        """Raise why nothing can be sold: asked anew before a customer's money is."""
        await self.check(write=True)
        if self.trouble is not None:
            raise self.trouble

    @property
    def home(self) -> Home:
        """The mode and the server whose sales are worked on here, and no others."""
        from korus_tui.sale.home import Home  # first frame
        from korus_tui.sale.values import Mode  # first frame

        return Home(Mode(self.counter.mode), self.counter.server)

    @property
    def sale(self) -> Sale | None:
        """The sale at the counter."""
        return self._sales.get(self._current) if self._current else None

    @property
    def others(self) -> tuple[Sale, ...]:
        """Open sales that are not at the counter: parked, or waiting for an answer."""
        return tuple(sale for sale in self._sales.values() if sale.reference != self._current)

    @property
    def sales(self) -> tuple[Sale, ...]:
        """Every open sale."""
        return tuple(self._sales.values())

    def get(self, reference: str) -> Sale:
        """The open sale with this reference. Raises NotAllowed for one that has ended, or that waits elsewhere."""
        from korus_tui.sale.apply import NotAllowed  # first frame

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
        return await whole(self._record(reference, events))

    async def record_answer(self, reference: str, *events: Event) -> Sale:
        """Like `record`, for what an answer said: it has come, whether or not the journal takes it now.

        What cannot be written is shown all the same; it is written with whatever is recorded next of this sale, and
        else as soon as the journal can be written. Raises NotAllowed.
        """
        return await whole(self._record(reference, events, owing=True))

    async def ahead(self, reference: str, *events: Event) -> Word:
        """Ask the gate before something is done that cannot be taken back: what it lets through now is recorded then.

        Raises CounterError, NotHere, and what a walk along the journal found.
        """
        await self._must_be_whole(await self.journal(), events)
        sale = await self.read(reference)
        self._must_be_here(sale)
        word = await self.gate.word(events, sale)
        return Word(passed=self.gate.let(events, sale, word))

    async def ahead_of(self, event: TillEvent) -> Word:
        """As `ahead`, for what is no sale's."""
        await self._must_be_whole(await self.journal(), (event,))
        return Word(passed=self.gate.let((event,), None, await self.gate.word((event,), None)))

    async def record_after(self, reference: str, *events: Event, word: Word | None = None) -> Sale:
        """Like `record`, also for a sale that has ended: it is read from the journal, and does not come back here.

        `word` is what `ahead` answered for these very events.
        Raises NotAllowed for a sale that this journal does not know.
        """
        return await whole(self._record(reference, events, ended=True, word=word))

    async def journal(self) -> Journal:
        """The journal, once it is open; it is read beside the desk. Raises why it cannot be opened."""
        return await asyncio.shield(self._journal_place())

    async def read(self, reference: str) -> Sale | None:
        """A sale as it stands, open or ended; None for one that this journal does not know."""
        from korus_tui.sale.apply import fold  # first frame

        sale = self._sales.get(reference)
        return sale or fold(row.event for row in await (await self.journal()).read(reference))

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

        journal = await self.journal()
        if self.trouble is not None and not owing and (journal.read_only or not _tells(events)):
            await self.must_sell()
        await self._must_be_whole(journal, events)
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
                await self._write(journal, sale_stream(reference), passed)
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

    async def _write(self, journal: Journal, stream: str, passed: Passed) -> tuple[Entry, ...]:
        """The one place at the counter that writes to the journal."""
        at, till = self._clock.now(), self.counter.till
        kept = _tells(passed.events)
        with self.judging():
            return await journal.append_to(
                stream, passed.events, at=at, agent=passed.agent, till=till, though_damaged=kept
            )

    async def append_to(
        self, stream: str, events: Sequence[TillEvent], *, word: Word | None = None, agent: str | None = None
    ) -> tuple[Entry, ...]:
        """Record what is no sale's, by whoever stands here or `agent`. Raises CounterError and the journal's errors."""
        journal = await self.journal()
        await self._must_be_whole(journal, events)
        return await self._write(journal, stream, self.gate.let(events, None, word, agent=agent))

    async def put_away(self, reference: str, ending: Event) -> None:
        """End a sale that is not understood: it is shown no more, its records stay. Raises as `record`."""
        await whole(self._put_away(reference, (ending,)))

    async def _put_away(self, reference: str, ending: tuple[Event, ...]) -> None:
        journal, word = await self.journal(), await self.gate.word(ending, None)
        async with self._one_at_a_time:
            left = tuple(one for one in self.unreadable if one.reference != reference)
            if left != self.unreadable:
                await self._write(journal, sale_stream(reference), self.gate.let(ending, None, word))
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

    async def park(self, reference: str) -> None:
        """Let the sale wait while another customer is served; its holds go on running. Raises NotAllowed."""
        from korus_tui.sale.events import SaleParked  # first frame

        await self.record(reference, SaleParked())

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
