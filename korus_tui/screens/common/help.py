"""The keys of the screen the agent came from, made from the registry, and what its words mean."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import __version__, commands
from korus_tui.i18n import _


def _words() -> tuple[tuple[str, str], ...]:
    return (
        (_("held 12:41"), _("the places are kept for this sale for 12 minutes 41 seconds")),
        (_("about to lapse"), _("less than two minutes are left: renew before you take money")),
        (_("lapsed"), _("the places are free again for others; hold them again at today's price")),
        (_("not held"), _("the API did not keep the places; the reason stands beside it")),
        (_("not confirmed"), _("money was taken and the order's answer has not come: do not charge again")),
        ("∞", _("no known limit of places")),
        ("?", _("Korus does not say how many places are left: the hold tells")),
        ("~", _("the price, or how many places are left, is asked live when you go on")),
    )


class HelpScreen(ModalScreen[None]):
    """Opens over any screen of the till and closes with Esc."""

    BINDINGS = commands.bindings("help")

    def __init__(self, screen: str) -> None:
        super().__init__()
        self._of = screen

    def compose(self) -> ComposeResult:
        """Keys, then words, then what program this is."""
        with VerticalScroll(id="help"):
            yield Static(Content(_("Keys")), classes="title")
            for command in commands.of_screen(self._of):
                yield self._row(command.key, _(command.help))
            yield Static(Content(_("Words")), classes="title")
            for word, meaning in _words():
                yield self._row(word, meaning)
            about = _("korus-tui {version} · sells through the Korus Ticket API").format(version=__version__)
            yield Static(Content(about), classes="about muted")

    def _row(self, left: str, right: str) -> Horizontal:
        return Horizontal(Static(Content(left), classes="key"), Static(Content(right)), classes="row")

    def action_close(self) -> None:
        """Back to the sale."""
        self.dismiss()
