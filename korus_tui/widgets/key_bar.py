"""The footer: the keys that work here, most used first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from korus_tui.i18n import _
from korus_tui.widgets.inks import InkLine, Painted, Piece, line_width
from korus_tui.widgets.text import clean

_GAP = 2
MOST_KEYS = 6  # at 80 columns: more is not read
_WIDE = 110


@dataclass(frozen=True)
class KeyHint:
    """A key as it is written on the keyboard, and what it does, in one or two words."""

    key: str
    label: str


class KeyBar(Painted):
    """One line at the bottom; hints that do not fit are left out from the end, `? all keys` always stays."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._keys: tuple[KeyHint, ...] = ()
        self._help = "?"

    def show(self, keys: Sequence[KeyHint], *, typing: bool = False) -> None:
        """Show the keys of this moment, most used first; `typing`: a field has the focus, and takes `?` as a letter."""
        wanted = "F1" if typing else "?"
        if (tuple(keys), wanted) != (self._keys, self._help):
            self._keys, self._help = tuple(keys), wanted
            self.repaint()

    def lines(self, width: int) -> list[InkLine]:
        """As many whole hints as fit beside `? all keys`; where one does not, the way back may still."""
        help_line = (Piece(self._help, "key"), Piece(" " + _("all keys"), "muted"))
        room = width - line_width(help_line) - _GAP
        pieces: list[Piece] = []
        over = False
        for hint in self._keys[: MOST_KEYS if width < _WIDE else None]:
            if over and hint.key != "Esc":
                continue
            added = [
                *([Piece(" " * _GAP)] if pieces else []),
                Piece(clean(hint.key), "key"),
                Piece(f" {clean(hint.label)}"),
            ]
            if line_width([*pieces, *added]) > room:
                over = True
                continue
            pieces += added
        pad = max(0, width - line_width(pieces) - line_width(help_line))
        return [(*pieces, Piece(" " * pad), *help_line)]
