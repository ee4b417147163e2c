"""The program between its start and the first sale: the journal is opened, and what was left open is taken up."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textual.screen import Screen

from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.screens.common.problem import TroubleBar
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.styles import style_files
from korus_tui.terminal import crash as last_resort
from korus_tui.terminal import logs
from korus_tui.terminal.app import ThinLineApp
from korus_tui.widgets.problem_bar import ProblemView

if TYPE_CHECKING:
    from korus_tui.counter.core.journal_trouble import Trouble
    from korus_tui.counter.services import Services
    from korus_tui.counter.till.agents import Agent
    from korus_tui.sale.acts import Act
    from korus_tui.screens.common.problem import Choice

log = logging.getLogger("korus_tui.app.korus_app")

_AGAIN = 0.3  # seconds


class StartingApp(ThinLineApp):
    """What runs once: after it the till sells, or says why it does not."""

    def __init__(self, services: Services | None, *, log_file: Path, notes: tuple[str, ...]) -> None:
        super().__init__(log_file)
        self.services = services
        self._notes = notes
        self._taken_up = ""
        self._begun = False
        self._to_tell = False

    def sale_changed(self) -> None:
        """A sale changed, and the change is durable."""

    async def supervisors_word(self, act: Act, agent: str) -> str | None:
        """A supervisor's name, once they gave their PIN for this act."""
        return None

    def unexpected(self, error: BaseException) -> None:
        """Background work failed in a way nobody foresaw."""

    def start_ticking(self) -> None:
        """One ticker, on the whole second."""

    def refresh_css(self, animate: bool = True) -> None:
        """Another theme. Before there is a screen, its colours are enough: no style was read with others yet."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """What takes time starts after the first frame."""
        self.call_after_refresh(self._started)

    def _started(self) -> None:
        gc.freeze()
        gc.enable()
        self._read_other_styles()
        logs.start(self.log_file)
        asyncio.get_running_loop().set_exception_handler(last_resort.in_loop)
        if self.services is not None:
            self._run(self.services)

    def _read_other_styles(self) -> None:
        """What the first screen did not need, all in the sheets' order; a screen that came meanwhile does."""
        sheet, order = self.stylesheet, {str(path): place for place, path in enumerate(style_files())}
        sheet.read_all([path for path in style_files() if path not in self.css_path])
        sheet.source = dict(sorted(sheet.source.items(), key=lambda one: order.get(one[0][0], -1)))
        sheet.parse()
        for screen in self.screen_stack[1:]:
            self.stylesheet.update(screen)

    def use(self, services: Services, first: Screen[None]) -> None:
        """Sell with these services from now on (Connect found out what to sell with)."""
        self.services = services
        self.push_screen(first)  # Textual cannot switch its default screen away
        self.call_after_refresh(lambda: self._run(services))

    def _run(self, services: Services) -> None:
        services.failed = self.unexpected
        services.desk.gate.ask = self.supervisors_word
        services.desk.watch(self.sale_changed)
        services.desk.watch(self._tell_news)
        services.line.changed = self.sale_changed
        self._open(services)
        self.start_ticking()

    # The journal

    def _open(self, services: Services) -> None:
        self.run_worker(self._opening(services), name="open the journal", group="journal", exit_on_error=False)

    async def _opening(self, services: Services) -> None:
        """Open the journal; where that fails, ask what to do until it is open, only read, or left alone."""
        from korus_tui.counter.core import journal_trouble as trouble
        from korus_tui.screens.common.problem import Choice

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
                        self.exit(1)
                        return
                    continue
            try:
                look_on = because if choice is Choice.LOOK_ON else None
                await services.open_journal(take_over=choice is Choice.TAKE_OVER, because=look_on, by=who)
            except Exception as error:
                log.exception("the journal cannot be opened")
                if choice is Choice.LOOK_ON:  # not even that: the screen stays readable, and the bar says why
                    services.desk.cannot_use(because or error)
                    return
                because = error
                choice = await self._asked(services, trouble.of(error))
                if choice is Choice.QUIT:
                    self.exit(1)
                    return
            else:
                break
        self.run_worker(services.line.sign_in(), name="sign in", group="sign in", exit_on_error=False)
        if choice is not Choice.LOOK_ON:
            await self._take_up(services)

    async def _who_takes_over(self, services: Services) -> Agent | None:
        """Name and PIN, where agents have them. Raises CounterError where that is nobody, or somebody who may not."""
        from korus_tui.counter.till.agents import Agent
        from korus_tui.screens.till.sign_in import Purpose, SignInScreen

        if not (services.till.has_agents and services.desk.gate.asks_pins):
            return None
        who = await self.push_screen_wait(SignInScreen(services, Purpose.TAKE_OVER))
        who = who if isinstance(who, Agent) else None
        await services.must_take_over(who)
        return who

    async def _asked(self, services: Services, found: Trouble, refused: str = "") -> Choice:
        """What the agent wants done about it."""
        from korus_tui.counter.core.journal_trouble import Kind
        from korus_tui.screens.common.problem import ProblemScreen
        from korus_tui.screens.common.take_over import TakeOverScreen

        page = TakeOverScreen(found, services.local, refused) if found.kind is Kind.IN_USE else ProblemScreen(found)
        return await self.push_screen_wait(page)

    async def action_retry(self) -> None:
        """Try again to write the journal, or to open it."""
        services = self.services
        if services is None or services.desk.trouble is None:
            return
        if services.resume.is_open:
            await services.desk.check(write=True)
        else:
            self._open(services)

    # What the last start left

    async def _take_up(self, services: Services) -> None:
        """Show the sale where it was, and say in one line what was done about it."""
        sale = services.desk.sale
        if isinstance(self.top, TillScreen) and len(self.screen_stack) == 1:
            if sale is not None and sale.all_ordered:
                from korus_tui.screens.documents.screen import DocumentsScreen

                await self.push_screen(DocumentsScreen(services, sale.reference))
            elif sale is not None and sale.paying:
                from korus_tui.screens.checkout.screen import CheckoutScreen

                await self.push_screen(CheckoutScreen(services))
        self._begun = True
        self._tell_news()

    def _tell_later(self) -> None:
        self._to_tell = False
        self._tell_news()

    def _tell_news(self) -> None:
        """Say it once, and again when what was in doubt is known; what is wrong in the settings beside it."""
        services, top = self.services, self.top
        if services is None or not self._begun or services.till.nobody is not None:
            return
        if top is None:  # under a dialog, or a screen that is just being built
            if not self._to_tell:
                self._to_tell = True
                self.set_timer(_AGAIN, self._tell_later)
            return
        words = key = ""
        if services.resume.resumed or services.desk.unreadable or services.desk.elsewhere:
            from korus_tui.app.resumed import key_words, taken_up_words

            words, key = taken_up_words(services), key_words(services)
        words = " ".join((*services.desk.outside, *([words] if words else [])))
        if words == self._taken_up and not self._notes:
            return
        unfinished = services.desk.unreadable or services.desk.elsewhere or services.desk.outside
        said = [one for one in (words, *self._notes) if one]
        self._taken_up, self._notes = words, ()
        news = ProblemView(said[0], " ".join(said[1:]), key, "warn" if unfinished else "good") if said else None
        top.query_one(TroubleBar).show_news(news)

    def typed_unseen(self) -> None:
        """Say why the key did nothing."""
        self.tell(
            Problem(
                _("The line stood still when that key was pressed."),
                _("It took no money: you could not see what for."),
                _("Look at the sale, then press it again; if it stays dead, press ‹app.repaint› first"),
            ),
            "warn",
        )

    @property
    def top(self) -> TillScreen | None:
        """The till's screen on top; None under a dialog, and while the program ends."""
        top = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        return top if isinstance(top, TillScreen) and top.is_mounted else None

    @property
    def page(self) -> TillScreen | None:
        """The till's screen on top, under a dialog too: its times run on behind that."""
        pages = [one for one in self.screen_stack if isinstance(one, TillScreen)] if self.is_running else []
        return pages[-1] if pages and pages[-1].is_mounted else None

    def tell(self, problem: Problem, tone: Literal["good", "warn", "bad"] = "bad") -> None:
        """Put a problem on the screen on top."""
        if top := self.top:
            top.show_problem(problem, tone=tone)
