"""What Textual remembers of what it painted: every till on a host pays for it, and little is asked for again."""

from __future__ import annotations

import contextlib
import ctypes
from functools import lru_cache

from textual import strip
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # malloc.h
_LITTLE = 64 * 1024  # bytes: what is freed beyond that goes back to the host


class _Nothing:
    """Stands for a memory of variants of a line, and for all of them: it has nothing."""

    def get(self, _key: object) -> None:
        """There never is one."""

    def __setitem__(self, _key: object, _variant: object) -> None:
        """Let it go."""


@lru_cache(maxsize=256)
def _grounds(base: Color, ground: Color) -> tuple[Style, Style]:
    return Style(background=base + ground), Style(background=base)


def return_what_is_freed() -> None:
    """From now on what is freed goes back to the host; glibc keeps more of it with each large block that is: 1 MB.

    Once the first frame is painted: what a start takes in small steps costs it a twentieth of its time.
    """
    with contextlib.suppress(OSError, AttributeError):  # not glibc
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LITTLE)
        mallopt(_TRIM_THRESHOLD, _LITTLE)
        mallopt(_TOP_PAD, _LITTLE // 4)


def remember_little() -> None:
    """Paint without memories that cost more than they save.

    A line (`Strip`) has seven of its own, 1 kB, for variants of itself. The one of the grounds holds on to
    the widget that asked, with all the lines that it painted: 5 MB with every sale.
    """
    nothing = _Nothing()
    strip.FIFOCache = lambda _most: nothing  # type: ignore
    StylesCache.get_inner_outer = lambda _self, base, ground: _grounds(base, ground)  # type: ignore
