"""An address as a QR code that a telephone reads from the screen."""

from __future__ import annotations

from functools import lru_cache
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import Static

from korus_tui.i18n import _
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import wrap

QUIET_ZONE = 4  # modules of white around the code, as the standard asks
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_PAPER = Style(color="#000000", bgcolor="#ffffff")  # dark on light whatever the theme: readers expect it
_LIGHT, _DARK = Style(color="#ffffff", bgcolor="#ffffff"), Style(color="#000000", bgcolor="#000000")
_ASCII_LIGHT, _ASCII_DARK = "##", "  "  # two cells a module, painted as coloured spaces


@lru_cache(maxsize=16)  # a page asks for the size and for the rows, each time it is shown
def _modules(data: str) -> tuple[tuple[bool, ...], ...]:
    """The code's dark modules by row, its quiet zone with them; ValueError if too long."""
    import segno  # first frame

    code = segno.make(data, error="l", micro=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=QUIET_ZONE))


def qr_lines(data: str, *, ascii: bool | None = None) -> list[str]:  # noqa: A002 - one name in all widgets
    """The code for `data`: two modules a cell, or two cells a module in ASCII; ValueError if too long."""
    matrix = _modules(data)
    if signs(ascii).is_ascii:
        return ["".join(_ASCII_DARK if dark else _ASCII_LIGHT for dark in row) for row in matrix]
    light = (False,) * len(matrix[0])
    pairs = zip_longest(matrix[::2], matrix[1::2], fillvalue=light)
    return ["".join(_HALVES[pair] for pair in zip(top, bottom, strict=True)) for top, bottom in pairs]


def qr_size(data: str) -> Size | None:
    """The cells that the code for `data` takes; None for more than any code holds."""
    try:
        rows = qr_lines(data)
    except ValueError:
        return None
    return Size(len(rows[0]), len(rows))


class Qr(Static):
    """The code of an address, or words where it cannot be shown."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__("", markup=False, id=id, classes=classes)
        self._rows: list[str] = []

    def show(self, url: str) -> None:
        """Show the code of an address; an empty one shows nothing."""
        try:
            rows = qr_lines(url) if url else []
        except ValueError:  # segno: more data than any QR code holds
            rows = []
        if rows != self._rows:
            self._rows = rows
            self.refresh(layout=True)

    @property
    def fits(self) -> bool:
        """Whether the whole code can be seen in this widget's box."""
        size = self.content_size
        return bool(self._rows) and len(self._rows) <= size.height and len(self._rows[0]) <= size.width

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The code's width where there is room for it."""
        return min(len(self._rows[0]) if self._rows else 0, container.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The code's height, or two lines of words."""
        if not self._rows:
            return 0
        return len(self._rows) if len(self._rows[0]) <= width and len(self._rows) <= container.height else 2

    def render_line(self, y: int) -> Strip:
        """A line of the code on white paper, or of the words."""
        width, base = self.content_size.width, self.rich_style
        if self.fits and y < len(self._rows):
            segments = self._paper(self._rows[y])
        elif self._rows and not self.fits:
            words = wrap(_("The code needs a larger window; use the address."), max(1, width), most=2)
            segments = [Segment(words[y] if y < len(words) else "", base)]
        else:
            segments = []
        return Strip(segments).adjust_cell_length(width, base)

    def _paper(self, row: str) -> list[Segment]:
        if "#" not in row:
            return [Segment(row, _PAPER)]
        return [Segment("  ", _LIGHT if row[x] == "#" else _DARK) for x in range(0, len(row), 2)]
