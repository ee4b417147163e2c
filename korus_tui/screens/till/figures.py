"""A reading's figures in calm columns: labels at the left, counts and amounts at the right edge."""

from __future__ import annotations

from korus_tui.counter.till.report import ReportLine, Section
from korus_tui.screens.common import formats as words
from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.text import clean, fit, wrap

_COUNT, _AMOUNT = 6, 11  # cells


class FiguresColumn(Painted):
    """Sections one under the other; amounts in another currency than `currency` name it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._sections: tuple[Section, ...] = ()
        self._currency = ""

    def show(self, sections: tuple[Section, ...], currency: str) -> None:
        """Show other figures; only lines that differ are painted."""
        if (sections, currency) != (self._sections, self._currency):
            self._sections, self._currency = sections, currency
            self.repaint()

    def lines(self, width: int) -> list[InkLine]:
        """A title and its entries for each section, with a line between."""
        shown: list[InkLine] = []
        for section in self._sections:
            if shown:
                shown.append(())
            shown.append((Piece(fit(clean(section.title), width), "muted"),))
            shown += [line for entry in section.entries for line in self._entry(entry, width)]
        return shown

    def _entry(self, entry: ReportLine, width: int) -> list[InkLine]:
        """One line; a label that is too long for its room wraps above its figures."""
        ink = " ".join(name for name, wanted in (("bad", entry.wrong), ("strong", entry.strong)) if wanted)
        amount = "" if entry.amount is None else words.figure(entry.amount)
        if entry.amount is not None and entry.amount.currency != self._currency:
            amount = words.money(entry.amount)
        if not (entry.count or amount):
            return [(Piece(line, ink),) for line in wrap(entry.label, width)]
        count = entry.count if entry.amount is not None else ""
        last = amount or entry.count
        room = max(4, width - _COUNT - _AMOUNT)
        if not count:  # the label may use the room of the count
            room, figures = max(4, width - _AMOUNT), fit(last, _AMOUNT, "right")
        else:
            figures = fit(count, _COUNT, "right") + fit(last, _AMOUNT, "right")
        *above, label = wrap(entry.label, room)
        return [*((Piece(line, ink),) for line in above), (Piece(fit(label, room), ink), Piece(figures, ink))]
