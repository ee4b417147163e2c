"""Keeps the newest event's head outside the journal while the till sells; it fails aloud, and holds up no sale."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import Desk
from korus_tui.i18n import _
from korus_tui.journal import heads
from korus_tui.journal.errors import JournalProblem

if TYPE_CHECKING:
    from korus_tui.journal.entry import Head
    from korus_tui.journal.store import Journal

log = logging.getLogger("korus_tui.records")

_LOGGED_EVERY = 60.0  # seconds
_BETWEEN = 1.0  # seconds between two heads that are sent to a copy: what comes meanwhile is in the next one
_AT_THE_END = 1.0  # seconds for the last one


class Records:
    """The heads in the log and in the copy that the settings name; what is wrong with them is `Desk.outside`."""

    def __init__(self, desk: Desk, clock: Clock, log_file: Path, place: str) -> None:
        """`place` is the setting `[audit] copy`, "" for none."""
        self._desk = desk
        self._clock = clock
        self._log_file = log_file
        self._place = place
        self._journal: Journal | None = None
        self._copy: heads.Copy | None = None
        self._kept: Head | None = None
        self._logged_at = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._failed = ""
        self._against: tuple[heads.Against, ...] = ()
        desk.watch(self._changed)

    async def use(self, journal: Journal) -> None:
        """Compare what is kept outside with the journal that was opened, then keep its heads."""
        name = journal.path.stem
        self._copy = heads.Copy(self._place, name) if self._place else None
        try:
            found = await asyncio.to_thread(heads.compare, journal.path, self._log_file, self._copy)
        except JournalProblem as error:  # told already
            log.warning("what is kept outside cannot be compared: %s", error)
            return
        for one in found:
            log.warning("%s knows the records of %s otherwise: %s", one.place, name, one.why)
        self._against = tuple(one for one in found if one.stands)
        self._journal = None if journal.read_only else journal
        self._say(self._failed)
        self._changed()

    def _say(self, failed: str) -> None:
        if failed and failed != self._failed:
            log.warning("the newest record cannot be kept outside: %s", failed)
        self._failed = failed
        words = outside_words(self._against)
        if failed:
            words.append(_("The newest record's number cannot be kept outside: {why}.").format(why=failed))
        if self._desk.ledger.outside != words:
            self._desk.ledger.outside = words
            self._desk.tell()

    @property
    def _head(self) -> Head | None:
        return self._journal.head if self._journal is not None else None

    def _changed(self) -> None:
        head = self._head
        if head is None or head == self._kept:
            return
        if self._clock.boot() - self._logged_at >= _LOGGED_EVERY:
            self._log(head)
        if self._copy is not None and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._keeping(self._copy), name="keep the newest record outside")

    def _log(self, head: Head) -> None:
        assert self._journal is not None
        self._logged_at = self._clock.boot()
        log.info("%s", heads.line(self._journal.path.stem, head))

    async def _keeping(self, copy: heads.Copy) -> None:
        while (head := self._head) is not None and head != self._kept:
            await self._keep(copy, head)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), _BETWEEN)

    async def _keep(self, copy: heads.Copy, head: Head) -> None:
        self._kept = head  # one that fails is not tried again: the next one stands for it too
        try:
            await asyncio.to_thread(copy.keep, head)
        except heads.NotKept as error:
            self._say(str(error))
        else:
            self._say("")

    async def close(self) -> None:
        """Keep the last head, for a moment at most."""
        head, copy = self._head, self._copy
        self._ending.set()
        if head is not None:
            self._log(head)
        if copy is None:
            return
        try:
            async with asyncio.timeout(_AT_THE_END):
                if self._task is not None:
                    await self._task
                if head is not None and head != self._kept:
                    await self._keep(copy, head)
        except TimeoutError:
            log.warning("the last record was not kept outside in time")
        finally:
            copy.stop()


def outside_words(found: tuple[heads.Against, ...]) -> list[str]:
    """What places outside say against the journal, a sentence each."""
    return [_("{place} knows otherwise: {why}.").format(place=one.place, why=one.why) for one in found]
