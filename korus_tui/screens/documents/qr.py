"""A document's code over the whole screen: the customer's telephone reads it, also on a small terminal."""

from __future__ import annotations

from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.i18n import _
from korus_tui.screens.common.till_screen import joined
from korus_tui.widgets.qr import Qr


def fits_alone(code: Size | None, screen: Size) -> bool:
    """Whether the screen has room for a code of this size, and for the host under it."""
    return code is not None and code.width <= screen.width and code.height < screen.height


class QrPage(ModalScreen[bool]):
    """Shows one address as a code, with its host in words. Enter goes on to the next one, Esc ends it."""

    NAME = "qr"
    BINDINGS = commands.bindings("qr")

    def __init__(self, link: str, name: str = "", *, more: bool = False) -> None:
        """`name` says whose code it is where there are several, `more` that others follow."""
        super().__init__()
        self._link = link
        self._whose = name
        self._more = more

    def compose(self) -> ComposeResult:
        with Vertical(id="qr-page"):
            yield Qr(id="qr-code")
            host = urlsplit(self._link).hostname or ""
            keys = _("‹qr.on› next, ‹qr.close› closes") if self._more else _("‹qr.close› closes")
            yield Static(Content(joined((self._whose, host, keys))), id="qr-host", classes="muted")

    def on_mount(self) -> None:
        self.query_one("#qr-code", Qr).show(self._link)

    def action_on(self) -> None:
        """The next document's code, or back."""
        self.dismiss(True)

    def action_close(self) -> None:
        self.dismiss(False)
