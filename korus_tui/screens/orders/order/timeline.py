"""Everything that was recorded of a sale, in words, with times and the hashes that chain it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.orders.models import SaleFile
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.orders.order.text import timeline


class TimelineScreen(ModalScreen[None]):
    """For a partner who looks, and for the supervisor who checks."""

    NAME = "timeline"
    BINDINGS = commands.bindings("timeline")

    def __init__(self, services: Services, file: SaleFile) -> None:
        super().__init__()
        self._services = services
        self._file = file

    def compose(self) -> ComposeResult:
        with Vertical(id="timeline"):
            title = _("{sale}: what was recorded").format(sale=self._file.sale.reference)
            yield Static(Content(title), classes="title")
            with VerticalScroll(id="timeline-paper"):
                yield Static(timeline(self._file, self._services), id="timeline-text", markup=False)
            told = _("Each hash stands for everything that was recorded up to it.")
            yield Static(Content(told), classes="muted")
            yield Static(_("↑↓ scroll   ‹timeline.close› close"), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one("#timeline-paper").focus()

    def action_close(self) -> None:
        self.dismiss(None)
