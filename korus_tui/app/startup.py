"""The program between its start and the first sale: the journal is opened, and what was left open is taken up."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from korus_tui.counter.core.problems import CounterError
from korus_tui.screens.common.problem import TroubleBar
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.styles import style_files
from korus_tui.terminal import crash as last_resort
from korus_tui.terminal import logs, memory
from korus_tui.widgets.problem_bar import ProblemView

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.counter.core.journal_trouble import Trouble
    from korus_tui.counter.services import Services
    from korus_tui.counter.till.agents import Agent
    from korus_tui.sale.state import Sale
    from korus_tui.screens.common.problem import Choice

log = logging.getLogger("korus_tui.app.korus_app")

_AGAIN = 0.3  # seconds


class Startup:
    """What runs once: after it the till sells, or says why it does not."""

    def __init__(self, app: KorusApp, log_file: Path, notes: tuple[str, ...]) -> None:
        self._app = app
        self._log_file = log_file
        self._notes = notes
        self._taken_up = ""
        self._as_told: dict[str, Sale] = {}  # the sales that were taken up, as they stood when it was said
        self._gone_on: frozenset[str] = frozenset()
        self.begun = False  # what the last start left is taken up
        self._to_tell = False

    def begin(self) -> None:
        """What takes time starts after the first frame."""
        gc.freeze()
        gc.enable()
        memory.return_what_is_freed()
        self._read_other_styles()
        logs.start(self._log_file)
        asyncio.get_running_loop().set_exception_handler(last_resort.in_loop)
        if self._app.services is not None:
            self.sell(self._app.services)

    def _read_other_styles(self) -> None:
        """What the first screen did not need, all in the sheets' order; a screen that came meanwhile does."""
        sheet, order = self._app.stylesheet, {str(path): place for place, path in enumerate(style_files())}
        sheet.read_all([path for path in style_files() if path not in self._app.css_path])
        sheet.source = dict(sorted(sheet.source.items(), key=lambda one: order.get(one[0][0], -1)))
        sheet.parse()
        for screen in self._app.screen_stack[1:]:
            self._app.stylesheet.update(screen)

    def sell(self, services: Services) -> None:
        """With these services, from now on."""
        app = self._app
        services.failed = app.unexpected
        services.desk.gate.ask = app.cover.supervisors_word
        services.desk.watch(app.sale_changed)
        services.desk.watch(self._tell_news)
        services.line.changed = app.sale_changed
        if services.rehearsals is not None:
            services.rehearsals.watch(app.sale_changed)
        services.jobs.changed = app.papers.tell
        app.cover.at_once()
        self._open(services)
        app.ticker.start()

    # The journal

    def _open(self, services: Services) -> None:
        self._app.run_worker(self._opening(services), name="open the journal", group="journal", exit_on_error=False)

    async def _opening(self, services: Services) -> None:
        """Open the journal; where that fails, ask what to do until it is open, only read, or left alone."""
        from korus_tui.counter.core import journal_trouble as trouble  # first frame
        from korus_tui.screens.common.problem import Choice  # first frame

        choice = Choice.RETRY
        because: Exception | None = None
        while True:
            who = None
            if choice is Choice.TAKE_OVER:
                try:
                    who = await self._who_takes_over(services)
                except CounterError as refused:
                    assert because is not None
                    choice = await self._asked(services, trouble.of(because), refused.problem.what)
                    if choice is Choice.QUIT:
                        self._app.exit(1)
                        return
                    continue
            try:
                look_on = because if choice is Choice.LOOK_ON else None
                await services.open_journal(take_over=choice is Choice.TAKE_OVER, because=look_on, by=who)
            except Exception as error:
                log.exception("the journal cannot be opened")
                if choice is Choice.LOOK_ON:  # not even that: the screen stays readable, and the bar says why
                    services.desk.ledger.cannot_use(because or error)
                    return
                because = error
                choice = await self._asked(services, trouble.of(error))
                if choice is Choice.QUIT:
                    self._app.exit(1)
                    return
            else:
                break
        self._app.run_worker(services.line.sign_in(), name="sign in", group="sign in", exit_on_error=False)
        if choice is not Choice.LOOK_ON:
            await self._take_up(services)

    async def _who_takes_over(self, services: Services) -> Agent | None:
        """Name and PIN, where agents have them. Raises CounterError where that is nobody, or somebody who may not."""
        from korus_tui.counter.till.agents import Agent  # first frame
        from korus_tui.screens.till.sign_in import Purpose, SignInScreen  # first frame

        if not services.till.staff.asks_pins:
            return None
        who = await self._app.push_screen_wait(SignInScreen(services, Purpose.TAKE_OVER))
        who = who if isinstance(who, Agent) else None
        await services.must_take_over(who)
        return who

    async def _asked(self, services: Services, found: Trouble, refused: str = "") -> Choice:
        """What the agent wants done about it."""
        from korus_tui.counter.core.journal_trouble import TroubleKind  # first frame
        from korus_tui.screens.common.problem import ProblemScreen  # first frame
        from korus_tui.screens.common.take_over import TakeOverScreen  # first frame

        in_use = found.kind is TroubleKind.IN_USE
        page = TakeOverScreen(found, services.local, refused) if in_use else ProblemScreen(found)
        return await self._app.push_screen_wait(page)

    async def retry(self) -> None:
        """Try again to write the journal, or to open it."""
        services = self._app.services
        if services is None or services.desk.ledger.trouble is None:
            return
        if services.resume.is_open:
            await services.desk.ledger.check(write=True)
        else:
            self._open(services)

    # What the last start left

    async def _take_up(self, services: Services) -> None:
        """Show the sale where it was, and say in one line what was done about it."""
        sale = services.desk.sale
        if isinstance(self._app.top, TillScreen) and len(self._app.screen_stack) == 1:
            if sale is not None and sale.all_ordered:
                await self._app.flow.documents(sale.reference)
            elif sale is not None and sale.paying:
                await self._app.flow.checkout()
        self.begun = True
        self._tell_news()

    def _tell_later(self) -> None:
        self._to_tell = False
        self._tell_news()

    def _tell_news(self) -> None:
        """Say it once, and again when what was in doubt is known; what is wrong in the settings beside it."""
        services, top = self._app.services, self._app.top
        if services is None or not self.begun or services.till.nobody is not None:
            return
        if top is None:  # under a dialog, or a screen that is just being built
            if not self._to_tell:
                self._to_tell = True
                self._app.set_timer(_AGAIN, self._tell_later)
            return
        words = key = ""
        before, self._gone_on = self._gone_on, self._which_went_on(services)
        if services.resume.resumed or services.desk.unreadable or services.desk.elsewhere:
            from korus_tui.app.resumed import key_words, taken_up_words  # first frame

            words, key = taken_up_words(services, self._gone_on), key_words(services)
        words = " ".join((*services.desk.ledger.outside, *([words] if words else [])))
        if words == self._taken_up and not self._notes:
            return
        unfinished = services.desk.unreadable or services.desk.elsewhere or services.desk.ledger.outside or self._notes
        said = [one for one in (words, *self._notes) if one]
        if self._gone_on != before and not top.query_one(TroubleBar).has_news:
            self._taken_up = words  # it was read, and its page left: what went on is no news
            return
        self._taken_up, self._notes = words, ()
        news = ProblemView(said[0], " ".join(said[1:]), key, "warn" if unfinished else "good") if said else None
        top.query_one(TroubleBar).show_news(news)

    def _which_went_on(self, services: Services) -> frozenset[str]:
        """The sales of which something was said that is not so any more; what is in doubt is said anew."""
        from korus_tui.counter.booking.resume import Became  # first frame

        settled = [one.sale for one in services.resume.taken_up() if one.became is Became.NOTHING]
        there = {sale.reference for sale in services.desk.sales}
        return frozenset(
            sale.reference
            for sale in settled
            if self._as_told.setdefault(sale.reference, sale) != sale or sale.reference not in there
        )
