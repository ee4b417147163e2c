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
from korus_tui.widgets.qr import Qr


def fits_alone(code: Size | None, screen: Size) -> bool:
    """Whether the screen has room for a code of this size, and for the host under it."""
    return code is not None and code.width <= screen.width and code.height < screen.height


class QrPage(ModalScreen[None]):
    """Shows one address as a code, with its host in words; closes with Esc or Enter."""

    NAME = "qr"
    BINDINGS = commands.bindings("qr")

    def __init__(self, link: str) -> None:
        super().__init__()
        self._link = link

    def compose(self) -> ComposeResult:
        """The code, and under it where it leads."""
        with Vertical(id="qr-page"):
            yield Qr(id="qr-code")
            host = urlsplit(self._link).hostname or ""
            yield Static(Content(_("{host} · ‹qr.close› closes").format(host=host)), id="qr-host", classes="muted")

    def on_mount(self) -> None:
        """Draw it."""
        self.query_one("#qr-code", Qr).show(self._link)

    def action_close(self) -> None:
        """Back to the documents."""
        self.dismiss()
