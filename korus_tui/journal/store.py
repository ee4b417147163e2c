"""The journal as the counter uses it: one thread writes and reads, so that no disk ever stops the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event as Flag
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar, cast

from korus_tui.aio import finish
from korus_tui.journal import chain, index, schema
from korus_tui.journal.chain import Stopped, Verdict
from korus_tui.journal.entry import Head, JournalEntry, SaleEntry, sale_stream
from korus_tui.journal.errors import JournalBroken
from korus_tui.journal.file import JournalFile
from korus_tui.journal.lock import WriterLock
from korus_tui.sale.events import Recorded

if TYPE_CHECKING:
    from korus_tui.sale.events import Event

T = TypeVar("T")


class Journal:
    """A till's journal. Every call raises a JournalProblem (errors.py) when the file does not let it be done."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._closing: Future[None] | None = None
        self._walker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal walk")
        self._ending = Flag()

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, take_over: bool = False) -> Journal:
        """Open or make the journal at `path`; it reads the disk, so call it in a thread.

        With `take_over` another writer is displaced instead of JournalLocked being raised; it reads from then on.
        """
        return cls(JournalFile.read(path) if read_only else JournalFile.write(path, take_over=take_over))

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def read_only(self) -> bool:
        """Whether nothing can be appended: opened for reading, found to be taken over, or closed."""
        return self._file.read_only

    async def append(
        self, sale: str, events: Sequence[Event], *, at: datetime, agent: str, till: str
    ) -> tuple[Recorded, ...]:
        """Write a sale's events, all or none; they are on the disk when this returns.

        A cancelled caller does not stop the write: it is done wholly or not, and every later call sees which.
        """
        entries = await self.append_to(sale_stream(sale), events, at=at, agent=agent, till=till)
        return recorded(entries)

    async def append_to(
        self,
        stream: str,
        events: Sequence[object],
        *,
        at: datetime,
        agent: str,
        till: str,
        though_damaged: bool = False,
    ) -> tuple[JournalEntry, ...]:
        """Like `append`, to any stream whose events codec.register() knows.

        A journal that `examine` found damaged takes none but those that are to be kept `though_damaged`.
        """
        kept = tuple(events)  # the caller may change its list while the thread works
        entries = await self._do(
            lambda: self._file.append(stream, kept, at=at, agent=agent, till=till, though_damaged=though_damaged)
        )
        if self._closing is None and any(type(event).__name__ in index.CLOSING for event in kept):
            self._thread.submit(self._file.checkpoint)  # nobody waits for it
        return entries

    async def read(self, sale: str) -> tuple[Recorded, ...]:
        """Everything that happened to a sale, in order; nothing for a reference that is not known."""
        return recorded(await self.read_stream(sale_stream(sale)))

    async def read_stream(self, stream: str) -> tuple[JournalEntry, ...]:
        """Everything in one stream, in order."""
        return await self._do(lambda: self._file.entries("stream = ?", stream))

    async def tail(self, after_seq: int) -> tuple[Recorded, ...]:
        """All sales' events after a place in the journal, in order."""
        return recorded(await self._do(lambda: self._file.entries("seq > ? AND stream GLOB 'sale:*'", after_seq)))

    async def of_kinds(self, kinds: Collection[str], after_seq: int) -> tuple[Recorded, ...]:
        """What happened to sales after a place in the journal, of these kinds (classes' names) alone, in order."""
        named = ", ".join("?" for _ in kinds)
        where = f"seq > ? AND kind IN ({named}) AND stream GLOB 'sale:*'"
        return recorded(await self._do(lambda: self._file.entries(where, after_seq, *kinds)))

    async def entries(self, after_seq: int = 0) -> tuple[JournalEntry, ...]:
        """The events of all streams after a place in the journal, in order."""
        return await self._do(lambda: self._file.entries("seq > ?", after_seq))

    async def open_sales(self) -> tuple[str, ...]:
        """References of the sales that have not ended, in the order of their newest event."""
        return await self._do(lambda: self._file.ask(index.open_sales))

    async def recent(self, limit: int = 50) -> tuple[SaleEntry, ...]:
        """The latest sales, newest first."""
        return await self._do(lambda: self._file.ask(index.recent, limit))

    async def find(self, text: str, limit: int = 50) -> tuple[SaleEntry, ...]:
        """The latest sales whose reference, customer or order (as the API calls it) holds `text`, newest first."""
        return await self._do(lambda: self._file.ask(index.find, text, limit))

    async def opened(self, after: datetime, before: datetime, limit: int = 200) -> tuple[SaleEntry, ...]:
        """The sales that were opened from `after` until before `before`, newest first."""
        return await self._do(lambda: self._file.ask(index.opened, after, before, limit))

    async def reservations(self, limit: int = 2000) -> tuple[str, ...]:
        """The addresses of the newest reservations that sales were given."""
        return await self._do(lambda: self._file.ask(index.reservations, limit))

    async def given(self, reservations: Collection[str]) -> dict[str, str]:
        """Which sale was given each of these reservations, by its address in small letters."""
        return await self._do(lambda: self._file.ask(index.given, reservations)) if reservations else {}

    async def with_event(self, kind: str) -> tuple[SaleEntry, ...]:
        """The sales that have an event of this kind (a class's name), those with the newest events first."""
        return await self._do(lambda: self._file.ask(index.with_event, kind))

    async def erase_personal(self, before: datetime, *, at: datetime | None = None) -> int:
        """Forget the persons' data recorded before an instant, for good; the chain stays whole. How many pieces.

        What belongs to a sale that is still open stays. `at` is noted as the time of the last run (survey.py).
        """
        return await self._do(lambda: self._file.erase_personal(before, at=at))

    async def forget(self, reference: str) -> int:
        """As `erase_personal`, for one sale of any age, and in the backups that migrations left."""
        return await self._do(lambda: self._file.forget(reference))

    async def is_writer(self) -> bool:
        """Whether an append would still be let through: no other start has taken the journal over."""
        return await self._do(self._file.is_writer)

    async def check(self) -> None:
        """Raise what an append would meet now, as far as that shows without writing: cheap enough for every second."""
        await self._do(self._file.check)

    async def prove(self) -> None:
        """Raise what an append would meet now, by writing a note that is no event."""
        await self._do(self._file.prove)

    def verify(self) -> Verdict:
        """Walk the whole chain, beside the running till; it reads the whole file, so call it in a thread."""
        return verify(self.path)

    @property
    def head(self) -> Head | None:
        """The newest event that this writer knows; None for a journal without any, or one that is only read."""
        return self._file.head

    @property
    def damage(self) -> JournalBroken | None:
        """What `examine` found: from then on nothing is sold, and no money moves."""
        return self._file.damage

    async def examine(self) -> Verdict | None:
        """Walk the whole chain in a thread of its own, beside what is written; None where the journal was closed.

        What is found stays so: a journal that was changed is not trusted again because it was changed back.
        """
        try:
            verdict = await asyncio.wrap_future(self._walker.submit(verify, self.path, self._ending.is_set))
        except (Stopped, RuntimeError):  # closed meanwhile, or before
            return None
        if not verdict.whole and self._file.damage is None:
            self._file.damage = JournalBroken(self.path, verdict.why, seq=verdict.broken_at)
        return verdict

    def rebuild_index(self) -> int:
        """Make the index of sales again from the events, waiting for it; the number of sales."""
        return self._thread.submit(self._file.rebuild_index).result()

    def close(self) -> None:
        """Finish what was begun, then give the file and the lock back; safe to call again."""
        self._begin_close().result()
        self._thread.shutdown()

    async def aclose(self) -> None:
        """Like `close`, without stopping the event loop."""
        await finish(asyncio.wrap_future(self._begin_close()))
        self._thread.shutdown(wait=False)

    def _begin_close(self) -> Future[None]:
        if self._closing is None:
            self._ending.set()
            self._closing = self._thread.submit(self._end)
        return self._closing

    def _end(self) -> None:
        """Close the file last of all who read it: what stands beside it goes into it then."""
        self._walker.shutdown()
        self._file.close()

    async def _do(self, work: Callable[[], T]) -> T:
        """Run in the journal's thread, to its end even if the caller is cancelled."""
        return await finish(asyncio.wrap_future(self._thread.submit(work)))

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def verify(path: Path, stopped: Callable[[], bool] = lambda: False) -> Verdict:
    """Walk a journal's whole chain, to the event that its lock's file knows as the newest, or a later one.

    A file that cannot even be opened as a journal raises its JournalProblem. Raises chain.Stopped.
    """
    known = WriterLock(path).noted()  # before the chain is read: a running till may write on
    connection = schema.connect(path, read_only=True)
    try:
        return chain.verify(connection, known, stopped)
    finally:
        connection.close()


def recorded(entries: tuple[JournalEntry, ...]) -> tuple[Recorded, ...]:
    """Entries of sales' streams as the fold takes them; others are left out."""
    return tuple(
        Recorded(one.seq, one.sale, one.at, one.agent, one.till, cast("Event", one.event), one.hash)
        for one in entries
        if one.sale is not None
    )
