"""The named inks of the design system, and the widget that paints lines with them and repaints only what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, ColorParseError
from textual.events import Resize
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

V = TypeVar("V")


class Ink(NamedTuple):
    """One way to write: theme variables for the text and its ground ("" leaves what is there), and attributes."""

    text: str = ""
    ground: str = ""
    bold: bool = False
    reverse: bool = False


# The only styles that the painting widgets know; the colours are the theme's (styles/themes.py). Looked up here and
# not through style classes: every such class costs each widget a pass over all rules before the first frame.
INKS: dict[str, Ink] = {
    "muted": Ink("foreground-muted"),
    "faint": Ink("foreground-disabled"),
    "rule": Ink("border-blurred"),
    "skeleton": Ink("border-blurred"),
    "accent": Ink("text-accent"),
    "strong": Ink(bold=True),
    "warn": Ink("text-warning"),
    "bad": Ink("text-error"),
    "good": Ink("text-success"),
    "money": Ink("money", bold=True),
    "key": Ink("text-accent", bold=True),
    # Reverse video on purpose: the two colours are given swapped, so that a terminal without colours still shows it.
    "focus": Ink("block-cursor-background", "block-cursor-foreground", reverse=True),
    "alarm": Ink("error", "block-cursor-foreground", bold=True, reverse=True),
    "badge": Ink("primary", "block-cursor-foreground", bold=True, reverse=True),
    "rest": Ink(ground="panel"),
}


class Piece(NamedTuple):
    """Some cleaned text in one ink; several inks are combined left to right ("focus strong")."""

    text: str
    ink: str = ""


InkLine = tuple[Piece, ...]


def line_width(line: Iterable[Piece]) -> int:
    """Cells taken by a line."""
    return sum(cell_len(piece.text) for piece in line)


class Inked(Widget):
    """A widget that paints with the named inks."""

    def ink(self, names: str) -> Style:
        """The style of one or several inks on this widget's background."""
        cache: dict[str, Style] = self.__dict__.setdefault("_ink_cache", {})
        found = cache.get(names)
        if found is None:
            found = self.rich_style
            for name in names.split():
                found += self._style(INKS[name])
            cache[names] = found
        return found

    def _style(self, ink: Ink) -> Style:
        return Style(
            color=self._colour(ink.text),
            bgcolor=self._colour(ink.ground),
            bold=ink.bold or None,
            reverse=ink.reverse or None,
        )

    def _colour(self, variable: str) -> RichColor | None:
        """The theme's colour; where a theme that is not ours has none ready, the text stays as it is."""
        try:
            return Color.parse(self.app.theme_variables[variable]).rich_color if variable else None
        except (KeyError, ColorParseError):
            return None

    def notify_style_update(self) -> None:
        """Forget the inks when theme, focus or classes change them."""
        self.__dict__.pop("_ink_cache", None)
        super().notify_style_update()

    def strip_of(self, line: Iterable[Piece], width: int) -> Strip:
        """A line of pieces as a strip of exactly `width` cells."""
        strip = Strip([Segment(piece.text, self.ink(piece.ink)) for piece in line])
        return strip.adjust_cell_length(width, self.ink("")).simplify()


class Painted(Inked):
    """A widget of a few lines, computed from a value; a new value repaints only the lines that differ."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: list[InkLine] = []
        self._painted_width = 0

    def lines(self, width: int) -> list[InkLine]:
        """The lines to show in `width` cells; each widget answers for itself."""
        return []

    def repaint(self) -> None:
        """Compute the lines again and repaint those that changed; a changed number of lines asks for a layout."""
        if not self.is_mounted or self.content_size.width == 0:
            self.refresh(layout=True)
            return
        before, self._lines = self._lines, self.lines(self.content_size.width)
        if len(before) != len(self._lines) and self.styles.auto_dimensions:
            self.refresh(layout=True)
            return
        for y in range(max(len(before), len(self._lines))):
            if y >= len(before) or y >= len(self._lines) or before[y] != self._lines[y]:
                self.refresh(Region(0, y, self.content_size.width, 1))

    def say_again(self) -> None:
        """Another language: the words of this widget are its own."""
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        before = self._lines
        self._recompute(self.content_size.width)
        if before != self._lines:  # a frame may have been painted between the new size and this message
            self.refresh()

    def _recompute(self, width: int) -> None:
        if width > 0:
            self._painted_width = width
            self._lines = self.lines(width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the value needs at this width."""
        return len(self.lines(width)) if width > 0 else 0

    def render_line(self, y: int) -> Strip:
        """One line of the last computed value."""
        width = self.content_size.width
        if width != self._painted_width:
            self._recompute(width)
        return self.strip_of(self._lines[y] if y < len(self._lines) else (), width)


class PaintedView(Painted, Generic[V]):
    """Painted from one value, until another is shown."""

    def __init__(self, view: V, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._view = view

    @property
    def view(self) -> V:
        return self._view

    def show(self, view: V) -> None:
        """Show something else; where it is the same, nothing is painted."""
        if view != self._view:
            self._view = view
            self.repaint()
