"""How one row and the four looks of a list become strips."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from korus_tui.i18n import _
from korus_tui.widgets import text
from korus_tui.widgets.inks import InkLine, Piece
from korus_tui.widgets.lists.columns import GAP, Column, Placed
from korus_tui.widgets.lists.rows import Row
from korus_tui.widgets.lists.states import Empty, Failed, ListState, Loading
from korus_tui.widgets.signs import Signs

EDGE = 2  # the focus bar and a space
QUANTITY = Column("quantity", "", 5, "right")

Inks = Callable[[str], Style]
_BOLD = Style(bold=True)


def quantity_text(quantity: int) -> str:
    """A quantity as it stands in its row: `[ 2]`, `[  ]` for none; one of four digits or more without brackets."""
    if quantity > 999:
        return str(quantity)
    return f"[{quantity or '':>2}]"


def alike(rows: Sequence[Row], placed: Sequence[Placed]) -> frozenset[str]:
    """The texts of all columns that are cut in their middle, so that rows can be told apart."""
    found: set[str] = set()
    for place in placed:
        cells = (row.cells[place.index] for row in rows if place.index < len(row.cells))
        found |= text.alike((text.clean(cell) for cell in cells if isinstance(cell, str)), place.width)
    return frozenset(found)


def row_strip(  # noqa: PLR0913 - all that a row's look depends on
    row: Row,
    placed: Sequence[Placed],
    quantity: int | None,
    look: str,
    inks: Inks,
    mark: Signs,
    width: int,
    same: frozenset[str] = frozenset(),
) -> Strip:
    """One row; `look` is "" for any row, "rest" for the highlight without focus, "focus" with it; `same`: see alike."""
    if row.head:
        title = text.cut(text.clean(str(row.cells[0])), max(0, width - EDGE))
        across = mark.across * max(0, width - EDGE - text.width_of(title) - 2)
        segments = [Segment(f"{' ' * EDGE}{title} ", inks("muted"))]
        segments += [] if row.tone == "muted" else [Segment(across, inks("rule"))]
        return Strip(segments).adjust_cell_length(width, inks(""))
    tone = "faint" if row.disabled else row.tone
    ink = look if look == "focus" else f"{tone} {look}".strip()
    style = inks(ink)
    theirs = style if row.disabled or tone == "muted" else inks(look)  # a product called PAID is not green (F75)
    segments = [
        Segment(f"{mark.bar} ", inks("accent" if look == "focus" else "muted")) if look else Segment("  ", style)
    ]
    if look == "focus":  # the bar stands outside the reversed part, so that both can be seen
        segments = [Segment(mark.bar, inks("accent")), Segment(" ", style)]
    gap = Segment(" " * GAP, style)
    for position, place in enumerate(placed):
        if position:
            segments.append(gap)
        own = theirs if place.column.foreign else style
        segments.extend(_cell(row, place, own, own if look == "focus" else inks(f"muted {look}".strip()), same))
    if quantity is not None:
        shown = quantity_text(quantity).rjust(QUANTITY.width or 0)
        segments += [gap, Segment(shown, style if look == "focus" or quantity else inks(f"muted {look}".strip()))]
    return Strip(segments).adjust_cell_length(width, style).simplify()  # fewer segments are fewer bytes on the line


def _cell(row: Row, place: Placed, style: Style, quiet: Style, same: frozenset[str]) -> list[Segment]:
    cell = row.cells[place.index] if place.index < len(row.cells) else ""
    if isinstance(cell, str):
        if same and text.clean(cell) in same:
            cell = text.cut_inside(text.clean(cell), place.width)
        shown = text.fit(cell, place.width, place.column.align)
        if place.column.quiet and not row.disabled:
            name, mark, inside = shown.partition(place.column.quiet)
            return [Segment(name, style + _BOLD), Segment(mark + inside, quiet)]
        return [Segment(shown, quiet if place.column.muted else style)]
    return _content_cell(cell, place, style)


def _content_cell(cell: Content, place: Placed, style: Style) -> list[Segment]:
    cell = cell.truncate(place.width, ellipsis=True)
    pad = Segment(" " * (place.width - cell.cell_length), style)
    own = [Segment(part, style + span.rich_style if span else style) for part, span in cell.render(end="")]
    return [pad, *own] if place.column.align == "right" else [*own, pad]


def header_line(placed: Sequence[Placed], quantities: bool) -> InkLine:
    """The labels of the columns, quiet."""
    labels = [text.fit(place.column.label, place.width, place.column.align) for place in placed]
    if quantities:
        labels.append(text.fit(_("qty"), QUANTITY.width or 0, "right"))
    return (Piece(" " * EDGE + (" " * GAP).join(labels), "faint"),)


def stale_line(said: str) -> InkLine:
    """The one quiet line under rows that may be old."""
    return (Piece(" " * EDGE + text.clean(said), "muted"),)


def skeleton(height: int, placed: Sequence[Placed], mark: Signs) -> list[InkLine]:
    """Grey strokes where the rows will be: the same at every paint, so that waiting costs no bytes."""
    lines: list[InkLine] = []
    for y in range(max(0, min(height, 6))):
        strokes = []
        for place in placed:
            length = max(1, place.width - (2, 7, 4, 9, 3, 6)[y] if place.column.width is None else place.width)
            stroke = mark.skeleton * min(length, place.width)
            strokes.append(stroke.rjust(place.width) if place.column.align == "right" else stroke.ljust(place.width))
        lines.append((Piece(" " * EDGE + (" " * GAP).join(strokes), "skeleton"),))
    return lines


def state_lines(state: ListState, width: int, height: int, placed: Sequence[Placed], mark: Signs) -> list[InkLine]:
    """What stands in place of rows while there are none."""
    if isinstance(state, Loading):
        said = text.cut(text.clean(state.text), max(0, width - EDGE))
        return [(Piece(" " * EDGE + said, "muted"),), *skeleton(height - 1, placed, mark)]
    if isinstance(state, Empty):
        return _centred([(state.why, ""), (state.press, "accent")], width, height)
    if isinstance(state, Failed):
        what = f"{mark.problem} {state.what}"
        return _centred([(what, "bad"), (state.meaning, ""), (state.key, "accent")], width, height)
    return []


def _centred(said: list[tuple[str, str]], width: int, height: int) -> list[InkLine]:
    room = max(10, min(width - 4, 64))
    block = [(line, ink) for words, ink in said if words for line in text.wrap(words, room)]
    if len(block) > height > 0:  # the last line says what to press: it is the last to go
        block = [*block[: height - 1], block[-1]]
    left = max(0, (width - max((text.width_of(line) for line, _ink in block), default=0)) // 2)
    above = max(0, (height - len(block)) // 3)
    return [()] * above + [(Piece(" " * left + line, ink),) for line, ink in block]
