"""How long a customer's data is kept: after that it is erased from the journal, whose chain stays whole."""

from __future__ import annotations

import logging
from datetime import timedelta

from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import Desk

log = logging.getLogger("korus_tui.counter")

_A_DAY = 86_400.0  # seconds
_AFTER_FAILURE = 600.0
_FOR_EVER = 36_500  # days


class Retention:
    """Erases at the start and once a day; data of sales that are still open stays, whatever its age."""

    def __init__(self, desk: Desk, clock: Clock, days: int) -> None:
        self._desk = desk
        self._clock = clock
        self._keep = timedelta(days=min(days, _FOR_EVER))
        self._next = 0.0  # boot seconds

    @property
    def due(self) -> bool:
        return self._clock.settled and self._clock.boot() >= self._next and self._desk.ledger.trouble is None

    async def run(self) -> int:
        """Erase what is older than it may be, and note when that was done. How many pieces were erased.

        None before the server's time is settled: a wrong clock would erase too much, for ever (docs/rules.md, Clock).
        """
        if not self._clock.settled:
            return 0
        self._next = self._clock.boot() + _A_DAY
        now = self._clock.now()
        try:
            journal = await self._desk.ledger.journal()
            erased = await journal.erase_personal(now - self._keep, at=now)
        except Exception as error:
            log.warning("customers' data could not be erased: %s", error)
            self._next = self._clock.boot() + _AFTER_FAILURE
            return 0
        log.info("customers' data older than %s days: %s pieces erased", self._keep.days, erased)
        return erased
