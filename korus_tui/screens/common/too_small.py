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
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        self._say(self.app.size)

    def on_resize(self, event: Resize) -> None:
        """Leave, or say it for the new size."""
        if too_small(*event.size):
            self._say(event.size)
        else:
            self._leave()

    def on_screen_resume(self) -> None:
        """Nothing is over it any more, such as the cover: it may be large enough by now."""
        if not too_small(*self.app.size):
            self._leave()

    def _leave(self) -> None:
        if self.app.screen is self:  # a screen under a dialog is "current", too
            self.dismiss()

    def _say(self, size: tuple[int, int]) -> None:
        words = _("This terminal is {width}×{height}; korus-tui needs {least}. Make it larger: the sale goes on.")
        text = words.format(width=size[0], height=size[1], least=f"{LEAST[0]}×{LEAST[1]}")
        self.query_one("#too-small", Static).update(Content(text))
