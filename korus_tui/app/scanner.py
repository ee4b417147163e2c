"""The scanner's keys, taken before any field, binding or dialog sees them; a known code leads to its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import App

from korus_tui.config.settings import Scanner
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.orders.scanner import Scan, Wedge, order_code, said
from korus_tui.i18n import _
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.terminal.keyboard import Typed

if TYPE_CHECKING:
    from korus_tui.counter.services import Services


class Scanning(App[int]):
    """What an application needs to tell a scanner from a person."""

    services: Services | None = None
    wedge: Wedge | None = None

    async def on_event(self, event: events.Event) -> None:
        """A key of a scan goes nowhere else; everything else goes on."""
        if self.wedge is None and self.services is not None:
            self._listen(self.services.settings.scanner)
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded and self._scans(event):
            return
        await super().on_event(event)

    def _listen(self, scanner: Scanner) -> None:
        """From the first event on: what reads the terminal must know a scan before it is keys."""
        self.wedge = Wedge(scanner.prefix, scanner.end)
        Typed.scanner = (scanner.prefix, scanner.end) if scanner.prefix else ("", "")

    def _scans(self, event: events.Key | events.Paste) -> bool:
        if self.wedge is None:
            return False
        if isinstance(event, events.Paste):
            return self._pasted(self.wedge, event.text)
        return self._done(self.wedge.take("\r" if event.key == "enter" else event.character or ""))

    def _pasted(self, wedge: Wedge, text: str) -> bool:
        """A printed code can hold what a terminal sends round a paste: within a scan it is part of the scan."""
        if not wedge.reading:
            return False
        for sign in text:
            if wedge.reading:
                self._done(wedge.take(sign))
        return True

    def _done(self, taken: bool | Scan) -> bool:
        if not isinstance(taken, Scan):
            return taken
        self.scanned(taken.text)
        return True

    def scanned(self, text: str) -> None:
        """Go to the scanned order; say so where the code is none, or where something must be answered first."""
        services = self.services
        if services is None:
            return
        code = order_code(text, services.today())
        if services.opened and services.till.nobody is not None:
            self._say(text, _("Nobody is signed in."))
        elif not isinstance(self.screen, TillScreen):
            self._say(text, _("Answer what is asked first, then scan again."))
        elif code is None:
            self._say(text, _("It is no order's reference. Nothing was done."))
        else:
            self._look_up(services, code)

    def _look_up(self, services: Services, code: str) -> None:
        from korus_tui.screens.orders.scanned import ScannedOrder
        from korus_tui.screens.orders.screen import OrdersScreen

        if isinstance(self.screen, OrdersScreen):
            self.switch_screen(ScannedOrder(services, code))
        else:
            self.push_screen(ScannedOrder(services, code))

    def _say(self, text: str, meaning: str) -> None:
        """On the screen that stays, and over a dialog where one hides its bar."""
        what = _("Scanned: {code}").format(code=said(text)) if text.strip() else _("The scanner sent an empty code.")
        under = next((one for one in reversed(self.screen_stack) if isinstance(one, TillScreen)), None)
        if under is not None and under.is_mounted:
            under.show_problem(Problem(what, meaning), tone="warn")
        if under is not self.screen:
            self.notify(f"{what} {meaning}", severity="warning", markup=False)
