"""An application for a thin line: only cells that changed are sent, in signs that the terminal has."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.console import COLOR_SYSTEMS, RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, Resize
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.timer import Timer

from korus_tui import terminal
from korus_tui.terminal.renderer import Shown, can_thin
from korus_tui.widgets.signs import to_ascii

if TYPE_CHECKING:
    from korus_tui.terminal.driver import LineDriver

_MONEY_KEYS = ("f10", "ctrl+s")  # commands: what takes money, or cannot be undone, has no other key
_RESIZED = 0.1  # seconds of a steady size after which everything is looked at once more


class _Sent(CompositorUpdate):
    """A part of a frame that is ready to be sent."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, _console: object) -> str:
        """What to send."""
        return self._text


class ThinLineApp(App[int]):
    """Remembers what the terminal shows, and sends what is different."""

    def __init__(self) -> None:
        super().__init__()
        words = to_ascii if terminal.ascii_only() else None
        self._shown = Shown(erases=terminal.erases_ground(), words=words)
        self._cursor: Offset | None = None
        self._resized: Timer | None = None

    @property
    def size(self) -> Size:
        """What is painted of the terminal, also before it has said its size."""
        return Size(*terminal.painted(*super().size))

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Textual's one way out: the cells of the frame that the terminal does not show yet."""
        if isinstance(renderable, CompositorUpdate) and not (self._batch_count or self.is_headless or self._closed):
            if can_thin(renderable):
                renderable = self._difference(renderable)
            else:
                self._shown.forget()
        super()._display(screen, renderable)

    def _difference(self, update: CompositorUpdate) -> CompositorUpdate | None:
        colours = COLOR_SYSTEMS[self.console.color_system or "standard"]
        text = self._shown.changes(update, (self.size.width, self.size.height), colours)
        cursor, self._cursor = self._cursor, self.cursor_position
        return _Sent(text) if text or cursor != self.cursor_position else None

    def get_driver_class(self) -> type[Driver]:
        """Textual's own choice; the one for a terminal is ours."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from korus_tui.terminal.driver import LineDriver

        return LineDriver

    async def on_event(self, event: Event) -> None:
        """A key that takes money counts only where the agent can have seen what for (docs/rules.md, Once only)."""
        if isinstance(event, Key) and event.key in _MONEY_KEYS and not event.is_forwarded:
            driver = self._line_driver
            if driver is not None and not await driver.seen(event.time):
                self.typed_unseen()
                return
        await super().on_event(event)

    def on_ready(self) -> None:
        """Once there is something to see: ask whether it is seen."""
        if (driver := self._line_driver) is not None:
            driver.ask()

    @property
    def _line_driver(self) -> LineDriver | None:
        """The driver where there is a line at all."""
        driver = self._driver
        return cast("LineDriver", driver) if hasattr(driver, "line") else None

    def typed_unseen(self) -> None:
        """A key was pressed that could not be meant."""

    def on_resize(self, _event: Resize) -> None:
        """A terminal that changes its size may drop or move what it showed."""
        self._shown.forget()
        if self._resized is not None:
            self._resized.stop()
        self._resized = self.set_timer(_RESIZED, self._repaint)

    def action_repaint(self) -> None:
        """Send every cell anew: something else wrote to the terminal."""
        self._shown.forget()
        self._repaint()
        if (driver := self._line_driver) is not None:
            driver.ask()

    def _repaint(self) -> None:
        if self.screen_stack:  # none while the program ends
            self.screen.refresh()
