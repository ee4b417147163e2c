"""The scanner's keys, taken before any field, binding or dialog sees them; a known code leads to its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from korus_tui.config.settings import Scanner
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.orders.scanner import Scan, Wedge, order_code, said
from korus_tui.i18n import _
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.terminal.keyboard import InputDecoder

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp


class CodeReader:
    """Tells a scanner from a person."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app
        self._wedge: Wedge | None = None

    def takes(self, event: events.Event) -> bool:
        """Whether this is a key of a scan, which then goes nowhere else."""
        services = self._app.services
        if self._wedge is None and services is not None:
            self._wedge = _listen(services.settings.scanner)
        if self._wedge is None or not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            return False
        if isinstance(event, events.Paste):
            return self._pasted(self._wedge, event.text)
        return self._done(self._wedge.take("\r" if event.key == "enter" else event.character or ""))

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
        self._scanned(taken.text)
        return True

    def _scanned(self, text: str) -> None:
        """Go to the scanned order; say so where the code is none, or where something must be answered first."""
        services = self._app.services
        if services is None:
            return
        code = order_code(text, services.today())
        if services.asks and services.till.nobody is not None:
            self._say(text, _("Nobody is signed in."))
        elif not isinstance(self._app.screen, TillScreen):
            self._say(text, _("Answer what is asked first, then scan again."))
        elif code is None:
            self._say(text, _("It is no order's reference. Nothing was done."))
        else:
            self._app.flow.scanned(code)

    def _say(self, text: str, meaning: str) -> None:
        """On the screen that stays, and over a dialog where one hides its bar."""
        what = _("Scanned: {code}").format(code=said(text)) if text.strip() else _("The scanner sent an empty code.")
        under = next((one for one in reversed(self._app.screen_stack) if isinstance(one, TillScreen)), None)
        if under is not None and under.is_mounted:
            under.show_problem(Problem(what, meaning), tone="warn", until="left")
        if under is not self._app.screen:
            self._app.notify(f"{what} {meaning}", severity="warning", markup=False)


def _listen(scanner: Scanner) -> Wedge:
    """From the first event on: what reads the terminal must know a scan before it is keys."""
    InputDecoder.scanner = (scanner.prefix, scanner.end) if scanner.prefix else ("", "")
    return Wedge(scanner.prefix, scanner.end)
