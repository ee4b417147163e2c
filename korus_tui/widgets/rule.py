"""The one thin line that parts two areas."""

from __future__ import annotations

from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.signs import signs


class Rule(Painted):
    """A horizontal line over the whole width, of one cell's height."""

    def lines(self, width: int) -> list[InkLine]:
        return [(Piece(signs().across * width, "rule"),)]
