"""The keys of the screen the agent came from, made from the registry, and what its words mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby, zip_longest

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import __version__, commands
from korus_tui.commands.command import Command
from korus_tui.i18n import _
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.text import fit, key_line, wrap

Rows = tuple[tuple[str, str], ...]
_LEFT = 16  # cells of the keys and words, at the most
_GAP = 2


def _words() -> Rows:
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


def _keys(found: Iterable[Command]) -> Rows:
    """A row for each command; one for those that are the same thing on several keys."""
    rows = []
    for help_of, same in groupby(found, key=lambda command: command.help):
        keys = dict.fromkeys(command.key for command in same)
        rows.append((_together(list(keys)), _(help_of)))
    return tuple(rows)


def _everywhere() -> Rows:
    return _keys(command for command in commands.all_commands() if not command.screen)


def _together(keys: list[str]) -> str:
    """`F2–F8, F11, F12`: function keys that follow each other are a range."""
    if len(keys) == 1 or not all(key[:1] == "F" and key[1:].isdigit() for key in keys):
        return ", ".join(keys)
    said = []
    for _gap, run in groupby(enumerate(int(key[1:]) for key in keys), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _place, number in run]
        pairs = [f"F{numbers[0]}–F{numbers[-1]}"] if len(numbers) > 2 else [f"F{number}" for number in numbers]
        said += pairs
    return ", ".join(said)


class _Part(Painted):
    """A title and rows of two columns, painted as one: a widget a row made the page ten times slower."""

    def __init__(self, title: Callable[[], str], rows: Callable[[], Rows], part: str) -> None:
        super().__init__(id=f"help-{part}")
        self._title, self._rows = title, rows

    def lines(self, width: int) -> list[InkLine]:
        """Keys and words at the left, what they do or mean beside them."""
        rows = self._rows()
        left = min(_LEFT, max(cell_len(key) for key, _said in rows)) + _GAP
        shown: list[InkLine] = [(Piece(fit(self._title(), width), "accent strong"),)]
        for key, said in rows:
            both = zip_longest(wrap(key, left - _GAP), wrap(said, max(8, width - left)), fillvalue="")
            shown += [(Piece(fit(one, left), "strong"), Piece(other)) for one, other in both]
        return shown


class HelpScreen(ModalScreen[None]):
    """Opens over any screen of the till and closes with Esc."""

    BINDINGS = commands.bindings("help")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, screen: str) -> None:
        super().__init__()
        self._of = screen

    def compose(self) -> ComposeResult:
        """Keys here, keys everywhere, words; then what program this is."""
        with Vertical(id="help"):
            with Container(id="help-head"):
                yield Static(Content(_("Help")), classes="title")
                yield Static(key_line(_("‹help.close› close")), classes="muted", id="help-keys")
            with VerticalScroll(id="help-text"):
                with Container(id="help-parts"):
                    yield _Part(lambda: _("Keys of this page"), self._here, "here")
                    with Container(id="help-more"):
                        yield _Part(lambda: _("Keys everywhere"), _everywhere, "everywhere")
                        yield _Part(lambda: _("Words"), _words, "words")
                about = _("korus-tui {version} · sells through the Korus Ticket API").format(version=__version__)
                yield Static(Content(about), classes="about muted")

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one("#help-text").focus()

    def _here(self) -> Rows:
        own = [command for command in commands.of_screen(self._of) if command.screen]
        return _keys(own or commands.of_screen("help"))

    def action_close(self) -> None:
        """Back to the sale."""
        self.dismiss()
