"""A reading's figures, a box a section: labels at the left, counts and amounts beside them in columns."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

from korus_tui.counter.till.report import ReportLine, Section
from korus_tui.screens.common import formats as words
from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.text import clean, fit, wrap

_COUNT = 6  # cells
_GAP = 2  # cells between a label and the widest amount


class FiguresBox(Painted):
    """One section of a reading; without a box around it, its title stands above."""

    def __init__(self, section: str) -> None:
        super().__init__(id=f"part-{section}", classes="panel -early")
        self.of = section
        self._section: Section | None = None
        self._beside: tuple[Section, ...] = ()
        self.display = False

    def show(self, section: Section | None, beside: Iterable[Section] = ()) -> None:
        """Show other figures, in the columns that it has in common with those `beside` it; nothing hides the box."""
        among = tuple(beside) or ((section,) if section else ())
        if (section, among) != (self._section, self._beside):
            self._section, self._beside = section, among
            self.border_title = clean(section.title) if section else ""
            self.display = section is not None
            self.repaint()

    def lines(self, width: int) -> list[InkLine]:
        """The title where no box bears it, and the entries."""
        if self._section is None:
            return []
        boxed = bool(self.styles.border_top[0])
        title: list[InkLine] = [] if boxed else [(Piece(fit(clean(self._section.title), width), "muted"),)]
        amounts = max((cell_len(_amount(one)) + _GAP for one in self._entries), default=0)
        widths = [cell_len(one.label) + (_COUNT if one.count else 0) + amounts for one in self._entries]
        table = max((one for one in widths if one <= width), default=width)
        return title + [line for entry in self._section.entries for line in _lines(entry, width, table, amounts)]

    @property
    def _entries(self) -> list[ReportLine]:
        """All that have a figure, of the sections in these columns."""
        found = [one for section in self._beside for one in section.entries]
        return [one for one in found if one.count or one.amount is not None]


def _amount(entry: ReportLine) -> str:
    """With its currency; empty where there is none."""
    return "" if entry.amount is None else words.money(entry.amount)


def _lines(entry: ReportLine, width: int, table: int, amounts: int) -> list[InkLine]:
    """One line; a label that is too long for its room wraps above its figures, and may use all of the width."""
    ink = " ".join(name for name, wanted in (("bad", entry.wrong), ("strong", entry.strong)) if wanted)
    count = fit(entry.count, _COUNT, "right") if entry.count else ""
    figures = count + fit(_amount(entry), amounts, "right")
    if not entry.count and entry.amount is None:
        return [(Piece(line, ink),) for line in wrap(entry.label, width)]
    room = max(4, table - cell_len(figures))
    whole = wrap(entry.label, width)
    beside = cell_len(whole[-1]) <= room < cell_len(entry.label)  # what is above its figures has all of the width
    *above, label = whole if beside else wrap(entry.label, room)
    return [*((Piece(line, ink),) for line in above), (Piece(fit(label, room), ink), Piece(figures, ink))]
