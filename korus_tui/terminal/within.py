"""What a page or the App needs of Textual's inside: asked for here, so that private names stay in this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import App
from textual.widget import Widget


def writer(app: App[int]) -> Callable[[str], None] | None:
    """What sends text to the terminal as it is; None before the program runs."""
    return app._driver.write if app._driver is not None else None


def composed_with(widget: Widget) -> Sequence[Widget]:
    """The children that a widget that is not mounted was given when it was made."""
    return widget._pending_children
