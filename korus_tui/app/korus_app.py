"""The application: services in, screens out. It wires; it decides nothing about money or places."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from textual.events import Resize
from textual.screen import ModalScreen, Screen

from korus_tui import commands, terminal
from korus_tui.app.covering import Covering
from korus_tui.app.languages import Speaking
from korus_tui.app.palette import Finding
from korus_tui.app.quickline import QuickOpening
from korus_tui.app.scanner import Scanning
from korus_tui.app.startup import StartingApp
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.screens.cart.undo import Undoing
from korus_tui.styles import CONNECT_FILES, FIRST_FILES
from korus_tui.styles.themes import THEMES
from korus_tui.terminal import crash as last_resort
from korus_tui.terminal.memory import remember_little
from korus_tui.widgets.signs import use_ascii
from korus_tui.widgets.wrapping import keep_together

if TYPE_CHECKING:
    from korus_tui.counter.services import Services

log = logging.getLogger("korus_tui.app.korus_app")

_JOURNAL_LOOKED_AT = 3  # seconds


class KorusApp(Covering, Scanning, Speaking, QuickOpening, Finding, Undoing, StartingApp):
    """One till on one terminal. `return_value` is the exit code where it is not 0."""

    TITLE = "korus-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = commands.bindings("")

    def __init__(
        self, services: Services | None, first: Screen[None], *, log: Path, theme: str, notes: tuple[str, ...] = ()
    ) -> None:
        """`services` None: the first screen finds out what to sell with, and calls `use`."""
        super().__init__(services, log_file=log, notes=notes)
        self.css_path = FIRST_FILES if services else CONNECT_FILES
        self._first = first
        self._ticks = 0
        self._looking: asyncio.Task[None] | None = None
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme
        use_ascii(terminal.ascii_only())
        keep_together()
        remember_little()

    # Start and end

    def get_default_screen(self) -> Screen[None]:
        """The first screen is the default one: no empty frame is painted before it."""
        return self._first

    async def on_unmount(self) -> None:
        """Let running work end; nothing that must not be lost depends on this."""
        if self.services is not None:
            await asyncio.wait_for(self.services.close(), 2.0)

    # One ticker, on the whole second

    def start_ticking(self) -> None:
        """The next whole second of the server's time."""
        now = self.services.clock.now() if self.services else None
        wait = 1.0 - (now.microsecond / 1_000_000 if now else 0.0)
        self.set_timer(wait + 0.005, self._tick)

    async def _tick(self) -> None:
        services = self.services
        if services is None:
            return
        self.start_ticking()
        self._look_after(services)
        self.cover()
        if any(sale.running_holds for sale in services.desk.sales):
            if services.desk.trouble is None:
                try:
                    await services.holding.expire()
                except Exception:
                    log.exception("a lapsed hold could not be recorded")
            if page := self.page:
                page.second_passed()

    def _look_after(self, services: Services) -> None:
        """Every few seconds, see whether the journal can be written and is still ours; once a day, forget customers."""
        self._ticks += 1
        if self._ticks % _JOURNAL_LOOKED_AT == 0 and (self._looking is None or self._looking.done()):
            self._looking = services.chores.start(services.desk.check(), "look at the journal")
        if services.clock.settled and services.resume.is_open and services.retention.due:
            services.chores.start(services.retention.run(), "erase old customers' data")

    def sale_changed(self) -> None:
        """A sale changed, or who stands here, and that is durable: the screen on top shows it."""
        self.cover()
        if top := self.top:
            top.sale_changed()

    # What works on every screen

    def action_help(self) -> None:
        """This screen's keys and words."""
        from korus_tui.screens.common.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(getattr(self.screen, "NAME", "")))

    def action_cart(self) -> None:
        """The cart, from wherever the agent is."""
        from korus_tui.screens.cart.screen import CartScreen

        if self.services is not None and not isinstance(self.screen, CartScreen) and not self.refused():
            self.push_screen(CartScreen(self.services))

    def action_orders(self) -> None:
        """Find an order, see what is not confirmed, hand documents over again."""
        from korus_tui.screens.orders.screen import OrdersScreen

        if self.services is not None and not isinstance(self.screen, OrdersScreen) and not self.refused():
            self.push_screen(OrdersScreen(self.services))

    async def action_park(self) -> None:
        """Park the sale at the counter for the next customer; with none there, show those that wait."""
        from korus_tui.screens.cart.parked import ParkedScreen

        services = self.services
        if services is None or isinstance(self.screen, ParkedScreen) or self.refused():
            return
        sale = services.desk.sale
        if sale is not None and sale.lines and (not sale.paying or sale.paid_not_confirmed):
            services.holding.answered(sale.reference)
            try:
                await services.desk.park(sale.reference)
            except Exception as error:
                if top := self.top:
                    top.show_error(error)
                return
            self._to_first()
            waits = _("{reference} waits.").format(reference=sale.reference)
            self.tell(Problem(waits, _("Its holds run on."), _("‹app.park› recalls it")), "good")
        elif services.desk.others:
            self.push_screen(ParkedScreen(services))

    def _to_first(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_till(self) -> None:
        """The till: float, cash in and out, X and Z."""
        from korus_tui.screens.till.screen import TillPage

        if self.services is None or isinstance(self.screen, TillPage):
            return
        if not (self.services.opened and self.services.till.covered and self.refused()):
            self.push_screen(TillPage(self.services))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Under a question nothing else is opened: it is answered first."""
        opens = action in ("cart", "orders", "till", "help", "leave", "park", "quick", "palette", "undo")
        return not (opens and isinstance(self.screen, ModalScreen))

    def action_theme(self) -> None:
        """Dark to light and back."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    def action_leave(self) -> None:
        """Leave the program; with an open sale, say first what happens to it."""
        from korus_tui.screens.common.confirm import ConfirmScreen

        sales = [
            sale for sale in (self.services.desk.sales if self.services else ()) if sale.lines and not sale.all_ordered
        ]
        if not sales:
            self.exit(0)
            return
        names = ", ".join(sale.reference for sale in sales)
        question = _("Leave now? {sales} stays open.").format(sales=names)
        if self.services is not None and self.services.till.nobody is not None:
            question = _("Leave now? What is open stays open.")
        details = _("Everything is recorded and comes back at the next start. Holds run on until they lapse.")
        self.question = ConfirmScreen(question, details, _("leave"))
        self.push_screen(self.question, lambda yes: self.exit(0) if yes else None)

    async def action_quit(self) -> None:
        """Textual's own way out asks the same question."""
        self.action_leave()

    def on_resize(self, event: Resize) -> None:
        """Below the least size a guard screen covers the sale, which goes on beneath."""
        if not terminal.too_small(*event.size):
            return
        from korus_tui.screens.common.too_small import TooSmallScreen

        if not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen())

    # The last resort

    def unexpected(self, error: BaseException) -> None:
        """Background work failed in a way nobody foresaw: say so and go on; the log has the rest."""
        from korus_tui.counter.core import journal_trouble as trouble

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
