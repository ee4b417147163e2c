"""The one ticker: what runs out, and what is looked after, on every whole second of the server's time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.terminal.keyboard import InputDecoder

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.counter.services import Services

log = logging.getLogger(__name__)

_JOURNAL_LOOKED_AT = 3  # seconds


def _paste_hangs() -> Problem | None:
    if not InputDecoder.hangs():
        return None
    what = _("A paste has begun, and its end does not come.")
    meaning = _("Whatever is typed goes into it; nothing of it was taken.")
    return Problem(what, meaning, _("Escape pressed by itself ends the paste"))


class Ticker:
    """Paints remaining times, covers a page that nobody looks at, and sees that the journal can be written."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app
        self._ticks = 0
        self._hangs = False
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Tick at the next whole second."""
        now = self._app.services.clock.now() if self._app.services else None
        wait = 1.0 - (now.microsecond / 1_000_000 if now else 0.0)
        self._app.set_timer(wait + 0.005, self._tick)

    async def _tick(self) -> None:
        app, services = self._app, self._app.services
        if services is None:
            return
        self.start()
        self._look_after(services)
        app.cover.update()
        app.papers.tell()
        self._tell_of_paste()
        if any(sale.running_holds for sale in services.desk.sales):
            if services.desk.ledger.trouble is None:
                try:
                    await services.holding.expire()
                except Exception:
                    log.exception("a lapsed hold could not be recorded")
            if page := app.page:
                page.second_passed()

    def _tell_of_paste(self) -> None:
        """A paste whose end does not come swallows every key: say so, once, and how to get out."""
        before, self._hangs = self._hangs, InputDecoder.hangs()
        top = self._app.top
        if top is not None and self._hangs != before:
            if self._hangs:
                top.show_notice(_paste_hangs)
            else:
                top.sale_changed()  # which takes the words away

    def _look_after(self, services: Services) -> None:
        """Every few seconds, see whether the journal can be written and is still ours; once a day, forget customers."""
        self._ticks += 1
        if self._ticks % _JOURNAL_LOOKED_AT == 0 and (self._looking is None or self._looking.done()):
            self._looking = services.background.start(services.desk.ledger.check(), "look at the journal")
        if services.clock.settled and services.resume.is_open and services.retention.due:
            services.background.start(services.retention.run(), "erase old customers' data")
