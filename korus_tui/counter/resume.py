"""Taking up where the last start left off: open sales come back, and what was in flight is looked up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

from korus_tui.counter.chores import Chores
from korus_tui.counter.clock import Clock
from korus_tui.counter.desk import Desk
from korus_tui.counter.holding import Holding
from korus_tui.counter.line import Line
from korus_tui.counter.recovery import Recovery
from korus_tui.i18n import _
from korus_tui.journal import Journal
from korus_tui.paths import private_folder
from korus_tui.sale import events as e
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Doubt

log = logging.getLogger("korus_tui.counter")


class Resume:
    """Opens the journal and settles what an earlier start could not finish."""

    def __init__(
        self, desk: Desk, line: Line, holding: Holding, recovery: Recovery, chores: Chores, clock: Clock
    ) -> None:
        self._desk = desk
        self._line = line
        self._holding = holding
        self._recovery = recovery
        self._chores = chores
        self._clock = clock
        self._journal: Journal | None = None
        self.resumed: tuple[Sale, ...] = ()

    async def open(self, file: Path) -> None:
        """Open the journal and bring its open sales back. Raises the journal's errors, after telling the desk."""
        try:
            await asyncio.to_thread(private_folder, file.parent)
            self._journal = await asyncio.to_thread(Journal.open, file)
            self.resumed = await self._desk.use(self._journal)
        except Exception as error:
            self._desk.cannot_use(error)
            raise
        for sale in self.resumed:
            await self._take_up(sale)
        if any(sale.running_holds for sale in self.resumed):
            self._chores.start(self._look_at_holds(), "look at the holds")

    async def _look_at_holds(self) -> None:
        """Ask after the holds of resumed sales: the answers say which have lapsed, and what time it is there."""
        for sale in self.resumed:
            for hold in sale.running_holds:
                if await self._has_lapsed(hold.reservation):
                    with contextlib.suppress(NotAllowed):  # the sale ended while we asked
                        await self._desk.record(sale.reference, e.HoldExpired(hold.reservation))

    async def _has_lapsed(self, reservation: str) -> bool:
        from korus_tui.api import ApiError, Iri

        try:
            return (await self._line.ask(lambda client: client.reservation(Iri(reservation)))).expired
        except ApiError as error:
            log.warning("a resumed hold cannot be looked at: %s", error)
            return False

    async def _take_up(self, sale: Sale) -> None:
        """A call without an answer is unknown: it is looked up, never sent again blindly (architecture.md, idea 2)."""
        attempt = sale.attempt
        if attempt is None:
            return
        if not attempt.unknown:
            why = _("The program stopped before the answer came.")
            await self._desk.record(sale.reference, e.OutcomeUnknown(attempt.id, attempt.doubt, why))
        if attempt.doubt is Doubt.ORDER:
            self._recovery.start(sale.reference, self._clock.boot())
        else:
            asked_at = self._desk.asked_at.get(sale.reference, self._clock.now())
            self._chores.start(self._holding.look_up(sale.reference, asked_at), "look up a lost hold")

    @property
    def journal(self) -> Journal:
        """The till's journal, once it is open."""
        assert self._journal is not None
        return self._journal

    async def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            await asyncio.to_thread(self._journal.close)
