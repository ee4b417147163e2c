"""What can be read on a program's screen."""

from __future__ import annotations

from typing import Any

from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip


def strips(app: App[Any]) -> list[Strip]:
    """The screen's lines. A dialog is drawn over what is below it, as Textual does when it paints: a look without
    that would be kept, and the dialog stand on nothing."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def text(app: App[Any]) -> str:
    """The screen's lines as words."""
    return "\n".join(strip.text for strip in strips(app))
