"""What Textual remembers of what it painted: every till on a host pays for it, and little is asked for again."""

from __future__ import annotations

from functools import lru_cache

from textual import strip
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


class _Nothing:
    """Stands for a memory of variants of a line, and for all of them: it has nothing."""

    def get(self, _key: object) -> None:
        """There never is one."""

    def __setitem__(self, _key: object, _variant: object) -> None:
        """Let it go."""


@lru_cache(maxsize=256)
def _grounds(base: Color, ground: Color) -> tuple[Style, Style]:
    return Style(background=base + ground), Style(background=base)


def remember_little() -> None:
    """Paint without memories that cost more than they save.

    A line (`Strip`) has seven of its own, 1 kB, for variants of itself. The one of the grounds holds on to
    the widget that asked, with all the lines that it painted: 5 MB with every sale.
    """
    nothing = _Nothing()
    strip.FIFOCache = lambda _most: nothing  # type: ignore
    StylesCache.get_inner_outer = lambda _self, base, ground: _grounds(base, ground)  # type: ignore
