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
from korus_tui.widgets.qr import Qr, qr_lines


def fits_alone(link: str, size: Size) -> bool:
    """Whether a screen of this size has room for the code of a link, and for the host under it."""
    try:
        rows = qr_lines(link)
    except ValueError:  # more than any code holds
        return False
    return len(rows[0]) <= size.width and len(rows) < size.height


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
            yield Static(Content(_("{host} · Esc closes").format(host=host)), id="qr-host", classes="muted")

    def on_mount(self) -> None:
        """Draw it."""
        self.query_one("#qr-code", Qr).show(self._link)

    def action_close(self) -> None:
        """Back to the documents."""
        self.dismiss()
