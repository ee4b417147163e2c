"""The one list of the program: it paints the lines that can be seen and nothing else, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from korus_tui.widgets.inks import Inked
from korus_tui.widgets.lists import paint as row_paint
from korus_tui.widgets.lists.columns import GAP, Column, Placed, place
from korus_tui.widgets.lists.rows import (
    MOST,
    TYPED_MOST,
    Cell,
    Quantities,
    QuantityChanged,
    QuantityRefused,
    Row,
    RowChosen,
    RowHighlighted,
    Rows,
    Tone,
    moved,
)
from korus_tui.widgets.lists.states import ListState, Loading, Ready, Stale
from korus_tui.widgets.signs import signs

__all__ = ["Column", "QuantityChanged", "QuantityRefused", "Row", "RowChosen", "RowHighlighted", "RowList", "Tone"]

_MOST_COMPARED = 200  # rows up to which texts that are cut alike are looked for: more cost what can be seen of them
_MOST_WAITING = 50  # moves remembered while a list is loading


class RowList(Inked, ScrollView, can_focus=True):
    """Rows in columns, one highlight; posts RowHighlighted, RowChosen, QuantityChanged, QuantityRefused."""

    BINDINGS = [
        *(Binding(key, f"move('{key}')", show=False) for key in ("up", "down", "pageup", "pagedown", "home", "end")),
        Binding("enter", "choose", show=False),
    ]

    cursor: reactive[int] = reactive(-1, repaint=False)
    state: reactive[ListState] = reactive[ListState](Ready(), repaint=False)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        header: bool = False,
        quantities: bool = False,
        state: ListState | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self._header = header
        self._has_quantities = quantities
        self._rows = Rows.of(())
        self._index: dict[str, int] = {}
        self._quantities = Quantities()
        self._waiting: list[str] = []
        self._strips: dict[tuple[int, str], Strip] = {}
        self._placed: list[Placed] = []
        self._placed_width = -1
        self._alike: frozenset[str] | None = None
        self.set_reactive(RowList.state, state or Ready())

    def set_rows(self, rows: Iterable[Row], state: ListState | None = None) -> None:
        """Show these rows, and `state` or Ready; highlight and typed quantities stay on their keys."""
        kept, near = self.highlighted, self.cursor
        self._rows = rows if isinstance(rows, Rows) else Rows.of(rows)
        self._index = {key: index for index, key in enumerate(self._rows.keys)}
        if self._has_quantities:
            self._quantities.adopt(self._rows)
        self._forget()
        self.state = state or Ready()
        found = self._index.get(kept, -1) if kept is not None else -1
        if found < 0:
            found = min(max(near, 0), len(self._rows) - 1)
        self._resize_content()
        before = self.cursor
        self.cursor = found
        self._show_cursor()
        self.refresh()
        if self.cursor == before and self.highlighted != kept:  # same place, another row
            self.post_message(RowHighlighted(self.highlighted, self))
        waiting, self._waiting = self._waiting, []
        for step in waiting:
            self.action_move(step)

    def update_row(
        self, key: str, cells: Sequence[Cell], *, tone: Tone | None = None, disabled: bool | None = None
    ) -> None:
        """Change one row and repaint its line only; an unknown key is ignored, for its list may have moved on."""
        index = self._index.get(key)
        if index is None:
            return
        old = self._rows[index]
        new = replace(
            old,
            cells=tuple(cells),
            tone=old.tone if tone is None else tone,
            disabled=old.disabled if disabled is None else disabled,
        )
        if new != old:
            self._rows.put(index, new)
            self._repaint(index)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns of the same rows."""
        self.columns = tuple(columns)
        self._placed_width = -1
        self._forget()
        self.refresh()

    def highlight(self, key: str) -> bool:
        """Put the highlight on a row; False when there is no such row."""
        if key not in self._index:
            return False
        self.cursor = self._index[key]
        return True

    def set_quantity(self, key: str, quantity: int) -> None:
        """Show a quantity that was decided elsewhere; posts nothing."""
        if key in self._index:
            self._quantities.put(key, quantity)
            self._repaint(self._index[key])

    @property
    def quantities(self) -> dict[str, int]:
        """The quantities above zero, by row key."""
        return self._quantities.all()

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as last given."""
        return self._rows

    @property
    def highlighted(self) -> str | None:
        """The key of the highlighted row."""
        return self._rows.keys[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    @property
    def moved(self) -> bool:
        """Whether the highlight is not where it begins: on the first row that is no title."""
        return not all(self._rows[place].head for place in range(self.cursor))

    def action_move(self, step: str) -> None:
        """Move the highlight; while the list is loading the move is remembered and made when rows come."""
        if isinstance(self.state, Loading):
            self._waiting = [*self._waiting, step][-_MOST_WAITING:]
            return
        if not self._shows_rows:
            return
        self.cursor = moved(step, self.cursor, len(self._rows) - 1, max(1, self._room - 1))

    def action_choose(self) -> None:
        """Enter: chooses the highlighted row; nothing while rows are not shown or the row is disabled."""
        if self._shows_rows and 0 <= self.cursor < len(self._rows) and not self._rows[self.cursor].disabled:
            self.post_message(RowChosen(self._rows[self.cursor].key, self))

    def on_key(self, event: events.Key) -> None:
        """Digits, +, - and backspace edit the quantity of the highlighted row."""
        pressed = event.character if event.character and event.character in "0123456789+-" else event.key
        if not self._has_quantities or (pressed != "backspace" and pressed not in "0123456789+-"):
            return
        event.stop()
        event.prevent_default()
        if self._shows_rows and 0 <= self.cursor < len(self._rows):
            self._type(self._rows[self.cursor], pressed)

    def _type(self, row: Row, pressed: str) -> None:
        if row.disabled:
            return
        asked = self._quantities.asked(row.key, pressed)
        maximum = MOST if row.maximum is None else min(MOST, row.maximum)
        now = self._quantities.get(row.key)
        over = asked > maximum and asked > now
        if not over or (pressed not in "+-" and asked <= TYPED_MOST):  # what was typed stays, to be read and mended
            self._quantities.typed(row.key, asked, pressed)
            if asked != now:
                self._repaint(self.cursor)
                self.post_message(QuantityChanged(row.key, asked, self))
        if over:
            self.post_message(QuantityRefused(row.key, asked, maximum, self))

    def on_click(self, event: events.Click) -> None:
        """One click moves the highlight, a second one on the same row within the double-click time chooses it."""
        at = event.get_content_offset(self)
        index = None if at is None else self._row_at(at.y)
        if index is None or self._rows[index].head:
            return
        again = index == self.cursor and event.chain == 2
        self.cursor = index
        if again:
            self.action_choose()

    def validate_cursor(self, cursor: int) -> int:
        """Over heads, the way the highlight was going, or back where nothing else is beyond them."""
        ahead = -1 if cursor < self.cursor else 1
        for step in (ahead, -ahead):
            found = cursor
            while 0 <= found < len(self._rows) and self._rows[found].head:
                found += step
            if 0 <= found < len(self._rows):
                return found
        return cursor

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two lines concerned, keep the new one in view, say which row it is."""
        self._quantities.leave()
        self._repaint(old)
        self._repaint(new)
        self._show_cursor()
        if self.is_mounted:
            self.post_message(RowHighlighted(self.highlighted, self))

    def watch_state(self, old: ListState, new: ListState) -> None:
        """Another look: the same focus, other lines."""
        if old != new:
            self._resize_content()
            self.refresh()

    def on_focus(self) -> None:
        """Only the highlighted line looks different."""
        self._repaint(self.cursor)

    on_blur = on_focus

    def on_resize(self) -> None:
        """Keep the highlighted row in view at the new size."""
        self._resize_content()
        self._show_cursor()

    def _forget(self) -> None:
        """No painted row is good any more, nor what was found of cut texts."""
        self._strips.clear()
        self._alike = None

    def notify_style_update(self) -> None:
        """Colours changed: no painted row is good any more."""
        self._forget()
        super().notify_style_update()

    @property
    def _shows_rows(self) -> bool:
        return isinstance(self.state, Ready | Stale)

    @property
    def _room(self) -> int:
        """Lines left for rows between the header and the line that tells the age."""
        return max(0, self.size.height - self._header - isinstance(self.state, Stale))

    def _row_at(self, y: int) -> int | None:
        index = self.scroll_offset.y + y - self._header
        inside = self._header <= y < self._header + self._room
        return index if self._shows_rows and inside and 0 <= index < len(self._rows) else None

    def _resize_content(self) -> None:
        lines = len(self._rows) + self._header + isinstance(self.state, Stale) if self._shows_rows else 0
        self.virtual_size = Size(self.scrollable_content_region.width, lines)

    def _show_cursor(self) -> None:
        if self.cursor < 0 or self._room == 0:
            return
        top, ahead = self.scroll_offset.y, self._room // 3  # a third of a page: few whole repaints, some context
        first = self.cursor - (self.cursor > 0 and self._rows[self.cursor - 1].head)  # with the title above it
        if first < top:
            self.scroll_to(y=max(0, first - ahead), animate=False, immediate=True)
        elif self.cursor >= top + self._room:
            self.scroll_to(y=self.cursor - self._room + 1 + ahead, animate=False, immediate=True)

    def _repaint(self, index: int) -> None:
        for look in ("", "rest", "focus"):
            self._strips.pop((index, look), None)
        y = index - self.scroll_offset.y + self._header
        if index >= 0 and self._header <= y < self._header + self._room:
            self.refresh(Region(0, y, self.size.width, 1))

    def _place(self, width: int) -> list[Placed]:
        if width != self._placed_width:
            taken = row_paint.EDGE + ((row_paint.QUANTITY.width or 0) + GAP if self._has_quantities else 0)
            self._placed, self._placed_width = place(self.columns, width - taken, headed=self._header), width
            self._forget()
        return self._placed

    def render_line(self, y: int) -> Strip:
        """Header, row, age or the look of the state, whichever line this is."""
        width, height = self.scrollable_content_region.width, self.size.height
        placed, mark = self._place(width), signs()
        if self._header and y == 0:
            return self.strip_of(row_paint.header_line(placed, self._has_quantities), width)
        if not self._shows_rows:
            lines = row_paint.state_lines(self.state, width, height - self._header, placed, mark)
            y -= self._header
            return self.strip_of(lines[y] if y < len(lines) else (), width)
        if isinstance(self.state, Stale) and y == height - 1:
            return self.strip_of(row_paint.stale_line(self.state.said), width)
        index = self._row_at(y)
        return self._row_strip(index, placed, width) if index is not None else self.strip_of((), width)

    def _row_strip(self, index: int, placed: list[Placed], width: int) -> Strip:
        look = "" if index != self.cursor else "focus" if self.has_focus else "rest"
        key = (index, look)
        strip = self._strips.get(key)
        if strip is None:
            row = self._rows[index]
            quantity = self._quantities.get(row.key) if self._has_quantities else None
            if self._alike is None:
                few = len(self._rows) <= _MOST_COMPARED
                self._alike = row_paint.alike(self._rows, placed) if few else frozenset()
            mark = signs()
            strip = row_paint.row_strip(row, placed, quantity, look, self.ink, mark, width, self._alike)
            self._strips[key] = strip
        return strip
