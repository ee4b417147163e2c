"""The guard over a terminal that is too small to sell on; the sale goes on beneath."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui.i18n import _
from korus_tui.terminal import LEAST, too_small


class TooSmallScreen(ModalScreen[None]):
    """Says what size is needed, and leaves by itself once it is there."""

    def compose(self) -> ComposeResult:
        """One sentence."""
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        """Say it for the size at hand."""
        self._say(self.app.size)

    def on_resize(self, event: Resize) -> None:
        """Leave, or say it for the new size."""
        if too_small(*event.size):
            self._say(event.size)
        elif self.is_current:
            self.dismiss()

    def _say(self, size: tuple[int, int]) -> None:
        words = _("This terminal is {width}×{height}; korus-tui needs {least}. Make it larger: the sale goes on.")
        text = words.format(width=size[0], height=size[1], least=f"{LEAST[0]}×{LEAST[1]}")
        self.query_one("#too-small", Static).update(Content(text))
