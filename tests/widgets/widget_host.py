"""Tiny applications the widgets are tried in: our style sheets, our themes, and every message kept in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from till import PATIENCE_OF_TESTS

from korus_tui.styles import HORIZONTAL_BREAKPOINTS, KIT_FILES
from korus_tui.styles.themes import THEMES


class Host(App[None]):
    """Shows the widgets that `build` makes, after `ready` was called with the application."""

    CSS_PATH = KIT_FILES
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        build: Callable[[], Iterable[Widget]],
        ready: Callable[[Host], None] | None = None,
        theme: str = "korus-dark",
        css: str = "",
    ) -> None:
        super().__init__()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self._made_by = build
        self._fill = ready
        self.heard: list[Message] = []
        if css:
            self.stylesheet.add_source(css, read_from=("host", "css"))

    def compose(self) -> ComposeResult:
        yield from self._made_by()

    def on_mount(self) -> None:
        if self._fill is not None:
            self._fill(self)

    async def _on_message(self, message: Message) -> None:
        if type(message).__module__.startswith("korus_tui"):
            self.heard.append(message)
        await super()._on_message(message)


def screen_text(app: App[None]) -> str:
    """What stands on the screen, line by line."""
    size = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.ljust(size.width) for strip in lines)


async def seen(pilot: Pilot[Any], words: str) -> None:
    """Wait until these words stand on the screen."""
    try:
        async with asyncio.timeout(PATIENCE_OF_TESTS):
            while words not in screen_text(pilot.app):
                await pilot.pause()
    except TimeoutError:
        raise AssertionError(f"{words} never came:\n{screen_text(pilot.app)}") from None


def strip_at(widget: Widget, y: int) -> str:
    """One painted line of a widget, without its colours."""
    return widget.render_line(y).text
