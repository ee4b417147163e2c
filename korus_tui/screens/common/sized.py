"""A screen bears the classes of the terminal's size before it has widgets."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from korus_tui.styles import HORIZONTAL_BREAKPOINTS, size_class


def be_sized(screen: Screen[Any]) -> None:
    """For the beginning of `compose`: coming later the classes would style and lay out each widget a second time."""
    size = screen.app.size
    screen.add_class(size_class(size.width, screen.HORIZONTAL_BREAKPOINTS or HORIZONTAL_BREAKPOINTS))
    if screen.VERTICAL_BREAKPOINTS:
        screen.add_class(size_class(size.height, screen.VERTICAL_BREAKPOINTS))
