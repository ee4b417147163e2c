"""The application: services in, screens out. It wires; it decides nothing about money or places."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textual.events import Event, Resize
from textual.screen import ModalScreen, Screen

from korus_tui import commands, terminal
from korus_tui.app.cover import Cover
from korus_tui.app.flow import PageFlow
from korus_tui.app.languages import Languages
from korus_tui.app.palette import PaletteOpener
from korus_tui.app.papers import PaperNews
from korus_tui.app.quickline import QuickOpener
from korus_tui.app.scanner import CodeReader
from korus_tui.app.startup import Startup
from korus_tui.app.ticker import Ticker
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.styles import CONNECT_FILES, FIRST_FILES
from korus_tui.styles.themes import THEMES
from korus_tui.terminal import crash as last_resort
from korus_tui.terminal.app import TerminalApp
from korus_tui.widgets.inputs.filter_input import FilterChanged

if TYPE_CHECKING:
    from korus_tui.app.guide import Guide
    from korus_tui.counter.services import Services


class KorusApp(TerminalApp):
    """One till on one terminal. `return_value` is the exit code where it is not 0."""

    TITLE = "korus-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = commands.bindings("")

    def __init__(
        self, services: Services | None, first: Screen[None], *, log: Path, theme: str, notes: tuple[str, ...] = ()
    ) -> None:
        """`services` None: the first screen finds out what to sell with, and calls `use`."""
        super().__init__(log, theme)
        self.services = services
        self.flow = PageFlow(self)
        self.startup = Startup(self, log, notes)
        self.ticker = Ticker(self)
        self.cover = Cover(self)
        self.papers = PaperNews(self)
        self.scanner = CodeReader(self)
        self.languages = Languages(self)
        self.palette = PaletteOpener(self)
        self.quick = QuickOpener(self)
        self.guide: Guide | None = None  # a demo's own
        self.css_path = FIRST_FILES if services else CONNECT_FILES
        self._first = first

    # Start and end

    def get_default_screen(self) -> Screen[None]:
        """The first screen is the default one: no empty frame is painted before it."""
        return self._first

    async def on_unmount(self) -> None:
        """Let running work end; nothing that must not be lost depends on this."""
        if self.services is not None:
            await asyncio.wait_for(self.services.close(), 2.0)

    def refresh_css(self, animate: bool = True) -> None:
        """Another theme. Before there is a screen, its colours are enough: no style was read with others yet."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """What takes time starts after the first frame."""
        self.call_after_refresh(self.startup.begin)
        if self.guide is not None:
            self.call_after_refresh(self.guide.begin)

    def use(self, services: Services, first: Screen[None]) -> None:
        """Sell with these services from now on (Connect found out what to sell with)."""
        self.services = services
        self.push_screen(first)  # Textual cannot switch its default screen away
        self.call_after_refresh(lambda: self.startup.sell(services))

    # What comes in

    async def on_event(self, event: Event) -> None:
        """A scan is taken before any field, binding or dialog sees its keys."""
        self.cover.somebody(event)
        if self.guide is not None and self.guide.takes(event):
            return
        if not self.scanner.takes(event):
            await super().on_event(event)

    async def on_filter_changed(self, event: FilterChanged) -> None:
        """What is typed into a filter may be a sale."""
        await self.quick.filtered(event)

    def sale_changed(self) -> None:
        """A sale changed, or who stands here, and that is durable: the screen on top shows it."""
        self.cover.update()
        if top := self.top:
            top.sale_changed()

    # What works on every screen

    def action_help(self) -> None:
        self.flow.help()

    def action_cart(self) -> None:
        """The cart, from wherever the agent is."""
        if self.services is not None and not self.refused():
            self.flow.cart()

    def action_orders(self) -> None:
        """Find an order, see what is not confirmed, hand documents over again."""
        if self.services is not None and not self.refused():
            self.flow.orders()

    def action_rehearse(self) -> None:
        """Choose what goes wrong, in a demo."""
        from korus_tui.screens.rehearse.screen import RehearseScreen  # first frame

        services = self.services
        if services is not None and services.rehearsals is not None and isinstance(self.screen, TillScreen):
            self.push_screen(RehearseScreen(services.rehearsals))

    def action_lens(self) -> None:
        """The last calls to Korus, where they are kept."""
        if self.services is not None and self.services.lens is not None and not self.refused():
            self.flow.lens(self.services.lens)

    async def action_park(self) -> None:
        """Park the sale at the counter for the next customer; with none there, show those that wait."""
        services = self.services
        if services is None or getattr(self.screen, "NAME", "") == "parked" or self.refused():
            return
        if top := self.top:
            top.keep_typed()
        sale = services.desk.sale
        if sale is not None and sale.lines and (not sale.paying or sale.paid_not_confirmed):
            services.holding.answered(sale.reference)
            try:
                await services.desk.park(sale.reference)
            except Exception as error:
                if top := self.top:
                    top.show_error(error)
                return
            self.flow.next_customer()
            if top := self.top:
                top.show_notice(partial(_waits, services, sale.reference), tone="good")
        elif services.desk.others:
            self.flow.parked()

    def action_till(self) -> None:
        """The till: float, cash in and out, X and Z."""
        services = self.services
        if services is not None and not (services.opened and services.till.staff.covered and self.refused()):
            self.flow.till()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Under a question nothing else is opened: it is answered first. What is not there leaves its key to fields."""
        services = self.services
        if action == "lens" and (services is None or services.lens is None):
            return False
        if action == "rehearse" and (services is None or services.rehearsals is None):
            return False
        opens = action in (
            "cart",
            "orders",
            "till",
            "help",
            "leave",
            "park",
            "quick",
            "palette",
            "undo",
            "lens",
            "rehearse",
        )
        return not (opens and isinstance(self.screen, ModalScreen))

    async def action_quick(self) -> None:
        """The quick line, empty."""
        if not self.refused():
            await self.quick.open()

    async def action_palette(self) -> None:
        await self.palette.open()

    async def action_undo(self) -> None:
        """Take the line that was added last out of the sale at the counter."""
        from korus_tui.screens.cart.undo import take_out_last  # first frame

        if self.services is not None and isinstance(self.screen, TillScreen):
            await take_out_last(self.services, self.screen)

    async def action_retry(self) -> None:
        """Try again to write the journal, or to open it."""
        await self.startup.retry()

    def action_language(self) -> None:
        self.languages.next_of_agent()

    async def action_customer_language(self) -> None:
        await self.languages.next_of_customer()

    def action_theme(self) -> None:
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    def action_leave(self) -> None:
        """Leave the program; with an open sale, or paper on its way, say first what happens to it."""
        if top := self.top:
            top.keep_typed()
        sales = [
            sale for sale in (self.services.desk.sales if self.services else ()) if sale.lines and not sale.all_ordered
        ]
        papers = self.services.jobs.running if self.services else []
        if papers and self.services is not None and self.services.till.nobody is None:
            self._ask_to_leave(
                _("Leave now? Something is still being printed or saved for {sales}.").format(
                    sales=", ".join(dict.fromkeys(papers))
                ),
                _("It would be stopped; the sale's history says so. It is done in a moment: wait for it."),
            )
            return
        if not sales:
            self.exit(0)
            return
        names = ", ".join(sale.reference for sale in sales)
        question = _("Leave now? {sales} stays open.").format(sales=names)
        if self.services is not None and self.services.till.nobody is not None:
            question = _("Leave now? What is open stays open.")
        details = _("Everything is recorded and comes back at the next start. Holds run on until they lapse.")
        self._ask_to_leave(question, details)

    def _ask_to_leave(self, question: str, details: str) -> None:
        from korus_tui.screens.common.confirm import ConfirmScreen  # first frame

        self.cover.question = ConfirmScreen(question, details, _("quit"))
        self.push_screen(self.cover.question, lambda yes: self.exit(0) if yes else None)

    async def action_quit(self) -> None:
        """Textual's own way out asks the same question."""
        self.action_leave()

    def on_resize(self, event: Resize) -> None:
        """Below the least size a guard screen covers the sale, which goes on beneath."""
        if not terminal.too_small(*event.size):
            return
        from korus_tui.screens.common.too_small import TooSmallScreen  # first frame

        if not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen())

    # What is said, and where

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

    def refused(self) -> bool:
        """Whether nobody may open a page of sales now; said on the page that is there."""
        services = self.services
        problem = services.till.nobody if services is not None and services.asks else None
        if problem is None:
            return False
        if isinstance(self.screen, TillScreen):
            self.screen.show_error(CounterError(problem))
        return True

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

    # The last resort

    def unexpected(self, error: BaseException) -> None:
        """Background work failed in a way nobody foresaw: say so and go on; the log has the rest."""
        from korus_tui.counter.core import journal_trouble as trouble  # first frame

        if trouble.is_trouble(error):
            return  # the bar says it already
        number = last_resort.incident(error)
        kind = type(error).__name__
        self.tell(
            Problem(
                _("Something unexpected failed ({kind}, incident {incident}).").format(kind=kind, incident=number),
                _("What was recorded stays recorded. Look at the sale before you take money."),
                grave=True,
            )
        )


def _waits(services: Services, reference: str) -> Problem | None:
    """Of a sale that was parked, for as long as it waits: what has become of its holds."""
    sale = next((one for one in services.desk.others if one.reference == reference), None)
    if sale is None:
        return None
    holds = _("Its holds run on.") if sale.running_holds else _("It holds no places any more.")
    return Problem(_("{reference} waits.").format(reference=reference), holds, _("‹app.park› recalls it"))
