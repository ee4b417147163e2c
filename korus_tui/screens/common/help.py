"""The keys of the screen the agent came from, made from the registry, and what its words mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby, zip_longest

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from korus_tui import __version__, commands
from korus_tui.commands.command import Command
from korus_tui.i18n import _
from korus_tui.screens.common.sized import be_sized
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inks import InkLine, Painted, Piece, line_width
from korus_tui.widgets.text import fit, key_line, wrap

Rows = tuple[tuple[str, str], ...]
_LEFT = 16  # cells of the keys and words, at the most
_GAP = 2
_BETWEEN = 4  # cells between two columns of the page
_TWO, _THREE = 96, 150  # cells from which there are two columns, and three


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


class HelpText(Painted):
    """Keys and words in as many columns as there is room for, painted as one: each widget here cost a layout more."""

    def __init__(self, here: Callable[[], Rows]) -> None:
        """`here` gives the keys of the page that is explained."""
        super().__init__(id="help-text")
        self._here = here
        self._laid: tuple[int, list[InkLine]] = (0, [])

    def say_again(self) -> None:
        self._laid = (0, [])
        self.repaint()

    def lines(self, width: int) -> list[InkLine]:
        """Keys of this page and what its words mean; keys of all pages beside them, or below; what program this is."""
        if width != self._laid[0]:
            self._laid = width, self._lay(width)
        return self._laid[1]

    def _lay(self, width: int) -> list[InkLine]:
        here, words, everywhere = (
            (_("Keys of this page"), self._here()),
            (_("Words"), _words()),
            (_("Keys everywhere"), _everywhere()),
        )
        columns = [[here, words, everywhere]]
        if width >= _THREE:
            columns = [[here], [everywhere], [words]]
        elif width >= _TWO:
            columns = [[here, words], [everywhere]]
        room = (width - _BETWEEN * (len(columns) - 1)) // len(columns)
        blocks = [[line for title, rows in column for line in (*_part(title, rows, room), ())] for column in columns]
        gap = Piece(" " * _BETWEEN)
        shown: list[InkLine] = []
        for beside in zip_longest(*blocks, fillvalue=()):
            pieces: list[Piece] = []
            for line in beside:
                pieces += [gap] if pieces else []
                pieces += [*line, Piece(" " * (room - line_width(line)))]
            shown.append(tuple(pieces))
        about = _("korus-tui {version} · sells through the Korus Ticket API").format(version=__version__)
        return [*shown, *((Piece(line, "muted"),) for line in wrap(about, width))]


def _part(title: str, rows: Rows, width: int) -> list[InkLine]:
    """A title; keys and words at the left, what they do or mean beside them."""
    left = min(_LEFT, max(cell_len(key) for key, _said in rows)) + _GAP
    shown: list[InkLine] = [(Piece(fit(title, width), "accent strong"),)]
    for key, said in rows:
        both = zip_longest(wrap(key, left - _GAP), wrap(said, max(8, width - left)), fillvalue="")
        shown += [(Piece(fit(one, left), "strong"), Piece(other)) for one, other in both]
    return shown


class _Head(Painted):
    """The title, and at the right how to close."""

    def lines(self, width: int) -> list[InkLine]:
        closes = key_line(_("‹help.close› close")).plain
        return [(Piece(fit(_("Help"), max(0, width - cell_len(closes))), "strong"), Piece(closes, "muted"))]


class HelpScreen(ModalScreen[None]):
    """Opens over any screen of the till and closes with Esc."""

    BINDINGS = commands.bindings("help")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, screen: str) -> None:
        super().__init__()
        self._of = screen

    def compose(self) -> ComposeResult:
        """The head, which stays, and the text, which scrolls."""
        be_sized(self)
        with Vertical(id="help"):
            yield _Head(id="help-head")
            with VerticalScroll(id="help-page"):
                yield HelpText(self._here)

    def on_mount(self) -> None:
        self.query_one("#help-page").focus()

    def _here(self) -> Rows:
        own = [command for command in commands.of_screen(self._of) if command.screen]
        return _keys(own or commands.of_screen("help"))

    def action_close(self) -> None:
        self.dismiss()
