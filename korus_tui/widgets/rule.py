"""The one thin line that parts two areas."""

from __future__ import annotations

from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.signs import signs


class Rule(Painted):
    """A horizontal line over the whole width, of one cell's height."""

    def __init__(self, *, ascii: bool | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._ascii = ascii

    def lines(self, width: int) -> list[InkLine]:
        """The line."""
        return [(Piece(signs(self._ascii).across * width, "rule"),)]
