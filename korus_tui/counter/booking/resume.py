"""Taking up where the last start left off: open sales come back, and what was in flight is looked up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from korus_tui.config.paths import private_folder
from korus_tui.counter.booking.holding import Holding
from korus_tui.counter.booking.lost_orders import Recovery
from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.i18n import _
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.store import Journal
from korus_tui.sale import events as e
from korus_tui.sale.state import Attempt, Sale
from korus_tui.sale.values import Doubt

log = logging.getLogger("korus_tui.counter")


class Became(StrEnum):
    """What became of a call that had no answer when the program ended."""

    NOTHING = "nothing was in doubt"
    ASKING = "being looked up"
    FOUND = "found"
    SENT_AGAIN = "sent again"
    LOST = "not found"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A sale of the last start as it is now, and what became of the call that was in flight."""

    sale: Sale
    became: Became


class Resume:
    """Opens the journal and settles what an earlier start could not finish."""

    def __init__(
        self,
        desk: Desk,
        line: Connection,
        holding: Holding,
        recovery: Recovery,
        background: BackgroundTasks,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._line = line
        self._holding = holding
        self._recovery = recovery
        self._background = background
        self._clock = clock
        self._journal: Journal | None = None
        self._in_doubt: dict[str, Attempt] = {}
        self._sent_again: set[str] = set()
        self.resumed: tuple[Sale, ...] = ()
        desk.watch(self._note_sent_again)

    async def open(self, file: Path, *, take_over: bool = False, because: Exception | None = None) -> None:
        """Open the journal and put its open sales back on the desk; only to read it, where `because` says why.

        Raises the journal's errors; nothing is left open then.
        """
        await self.close()
        if because is None:
            await asyncio.to_thread(private_folder, file.parent)
        only_read = because is not None
        self._journal = await asyncio.to_thread(
            lambda: Journal.open(file, read_only=only_read, take_over=take_over and not only_read)
        )
        try:
            self.resumed = await self._desk.use(self._journal, because)
        except BaseException:
            await self.close()
            raise

    async def take_up(self) -> None:
        """Settle what was in flight; what cannot be recorded now stops selling and is looked up all the same."""
        self._in_doubt = {sale.reference: sale.attempt for sale in self.resumed if sale.attempt}
        for sale in self.resumed:
            await self._take_up(sale)
        for sale in self.resumed:
            for hold in sale.running_holds:
                self._holding.look_at(sale.reference, hold)

    def taken_up(self) -> tuple[TakenUp, ...]:
        """What the last start left, and what has become of it by now; sales that nothing was done on are left out."""
        now = {sale.reference: sale for sale in self._desk.sales}
        return tuple(
            TakenUp(now.get(sale.reference, sale), self._became(sale.reference, now.get(sale.reference)))
            for sale in self.resumed
            if sale.lines
        )

    def _note_sent_again(self) -> None:
        """An order that never reached Korus is asked for under another attempt."""
        for sale in self._desk.sales:
            asked, before = sale.attempt, self._in_doubt.get(sale.reference)
            if asked and before and asked.id != before.id and asked.doubt is before.doubt is Doubt.ORDER:
                self._sent_again.add(sale.reference)

    def left(self, reference: str) -> Sale:
        """A resumed sale as the last start left it."""
        return next(sale for sale in self.resumed if sale.reference == reference)

    @property
    def is_open(self) -> bool:
        """Whether the till's journal is open, if only for reading."""
        return self._journal is not None

    def _became(self, reference: str, sale: Sale | None) -> Became:  # noqa: PLR0911 - one outcome a line
        attempt = self._in_doubt.get(reference)
        if attempt is None:
            return Became.NOTHING
        if reference in self._sent_again:
            return Became.SENT_AGAIN
        if sale is None:
            return Became.SETTLED
        if sale.attempt is not None:
            if sale.attempt.doubt is not attempt.doubt:
                return Became.SETTLED
            return Became.ASKING
        if attempt.doubt is Doubt.HOLD:
            kept = all((state := sale.line(line)) and state.hold for line in attempt.lines)
            return Became.SETTLED if kept else Became.LOST
        return Became.FOUND if sale.all_ordered else Became.LOST

    async def _take_up(self, sale: Sale) -> None:
        """A call without an answer is unknown: looked up, never sent again blindly (docs/architecture.md, Idea 2)."""
        attempt = sale.attempt
        if attempt is None:
            return
        if attempt.doubt is Doubt.HOLD:
            asked_at = self._desk.asked_at.get(sale.reference, self._clock.now())
            await self._holding.give_up(sale.reference, asked_at)
            return
        if not attempt.unknown:
            why = _("The program stopped before the answer came.")
            try:
                await self._desk.record(sale.reference, e.OutcomeUnknown(attempt.id, attempt.doubt, why))
            except JournalProblem as error:
                log.warning("%s: its lost answer cannot be recorded yet: %s", sale.reference, error)
        self._recovery.start(sale.reference, self._clock.boot())

    @property
    def journal(self) -> Journal:
        """The till's journal, once it is open."""
        assert self._journal is not None
        return self._journal

    async def close(self) -> None:
        journal, self._journal = self._journal, None
        if journal is not None:
            await asyncio.to_thread(journal.close)
