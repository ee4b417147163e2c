"""The last calls beside a page, where the screen is wide."""

from __future__ import annotations

from korus_tui.counter.lens.lens import Lens
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common.lens import text as say
from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.text import cut, fit, width_of


class LensPane(Painted):
    """Two lines a call: how it went, and what it was for; the newest first."""

    def __init__(self, lens: Lens, services: Services) -> None:
        super().__init__(classes="panel")
        self.border_title = _("API · ‹app.lens› opens the calls")
        self._lens = lens
        self._services = services

    def on_mount(self) -> None:
        self._lens.watch(self._changed)

    def on_unmount(self) -> None:
        """No longer."""
        self._lens.unwatch(self._changed)

    def _changed(self) -> None:
        if self.display and self.screen.is_current:
            self.repaint()

    def on_show(self) -> None:
        """Seen again: there are others now."""
        self.repaint()

    def lines(self, width: int) -> list[InkLine]:
        """As many calls as there is room for."""
        found: list[InkLine] = []
        for seen in self._lens.calls[: max(0, self.size.height) // 2]:
            said, tone = say.outcome(seen)
            right = f" {said} {say.retries(seen)}{seen.milliseconds:>6}"
            what = cut(f"      {say.purpose(seen.operation)}", width)
            if not seen.doubt and self._lens.doubt_of(seen) is not None:
                what = cut("      " + _("look-up of what is in doubt"), width)
            room = max(1, width - width_of(right))
            ink = tone or ""
            left = f"{seen.method:<5} {say.tail(self._lens, seen, room - 6)}"
            found += [(Piece(fit(left, room), ink), Piece(right, ink)), (Piece(what, "muted"),)]
        return found
