"""An application for a thin line: only cells that changed are sent, in signs that the terminal has."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from pathlib import Path
from typing import cast

from rich.console import COLOR_SYSTEMS, RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, MouseEvent, Paste, Resize
from textual.geometry import Offset, Size
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer

from korus_tui import commands, terminal
from korus_tui.styles.themes import THEMES
from korus_tui.terminal import crash as last_resort
from korus_tui.terminal import logs
from korus_tui.terminal.driver import LineDriver
from korus_tui.terminal.memory import remember_little
from korus_tui.terminal.renderer import CellRenderer, can_thin
from korus_tui.terminal.wrapping import keep_together
from korus_tui.widgets.signs import to_ascii, use_ascii

_KEY_TAKES = 1.0  # seconds after which a key that something holds up no longer holds up the next one
_RESIZED = 0.1  # seconds of a steady size after which everything is looked at once more


class _Sent(CompositorUpdate):
    """A part of a frame that is ready to be sent."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, _console: object) -> str:
        return self._text


async def _caught_up(pump: MessagePump) -> None:
    """Returns once the widget has handled what was sent to it so far."""
    done = asyncio.Event()
    if pump.is_running and pump.call_later(done.set):
        await done.wait()


class TerminalApp(App[int]):
    """Remembers what the terminal shows, and sends what is different. Ends when it must, with one sentence at most."""

    def __init__(self, log_file: Path, theme: str) -> None:
        super().__init__()
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme
        use_ascii(terminal.ascii_only())
        keep_together()
        remember_little()
        self.log_file = log_file
        self.ends_idle = 0.0  # seconds without a key or click after which the program ends; 0 is never
        self._used = time.monotonic()
        self.last_words: str | None = None  # to be said once the terminal is the caller's again
        words = to_ascii if terminal.ascii_only() else None
        self._shown = CellRenderer(erases=terminal.erases_ground(), words=words)
        self._cursor: Offset | None = None
        self._resized: Timer | None = None
        self._later: deque[Key] = deque()  # keys that wait for the one before
        self._taking = False  # a key is being taken in
        self._following: asyncio.Task[None] | None = None  # waits until it is

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

        return LineDriver

    async def on_event(self, event: Event) -> None:
        """Keys are taken in one after the other, whatever came in one packet: each acts before the next is looked at.

        Textual sends a key to the widget that has the focus, and it climbs from there to the page and its bindings; the
        next key would meanwhile go to where the focus was. (docs/rules.md, Once only)
        """
        if isinstance(event, Key | Paste | MouseEvent):
            self._used = time.monotonic()
        if isinstance(event, Key | Paste) and not self.app_focus:
            self.app_focus = True  # some terminals say that they lost the focus, and go on sending what is typed
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._taking or self._later:
            self._later.append(event)
        else:
            await self._take(event)

    async def _take(self, event: Key) -> None:
        """A grave key counts only where the agent can have seen what for (docs/rules.md, Once only)."""
        way: list[MessagePump] = list((self.focused or self.screen).ancestors_with_self) if self.screen_stack else []
        self._taking = True
        name = getattr(self.screen, "NAME", "") if way else ""
        driver = self._line_driver if commands.is_grave(name, event.key) else None
        if driver is not None and not await driver.seen(event.time):
            self.typed_unseen()
        else:
            await super().on_event(event)
        self._following = asyncio.create_task(self._taken(way))

    async def _taken(self, way: list[MessagePump]) -> None:
        """Wait until the key, and what it set off in the widgets on its way, has been handled; then the next one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_KEY_TAKES):
                for pump in (*way, *way):
                    await _caught_up(pump)
        self._taking = False
        if self._later:
            self.call_later(self._next)

    async def _next(self) -> None:
        """The key that waited longest."""
        await self._take(self._later.popleft())

    def on_ready(self) -> None:
        """Once there is something to see: ask whether it is seen."""
        if (driver := self._line_driver) is not None:
            driver.ask()
        if self.ends_idle:
            self.set_interval(min(self.ends_idle / 3, 30), self._end_idle)

    def _end_idle(self) -> None:
        if time.monotonic() - self._used >= self.ends_idle:
            self.exit(0)

    @property
    def _line_driver(self) -> LineDriver | None:
        """The driver where there is a line at all."""
        driver = self._driver
        return cast("LineDriver", driver) if hasattr(driver, "line") else None

    def hang_up(self, number: int) -> None:
        """The line dropped or the host stops us: end now; called in a signal handler."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self.exit, 128 + number)

    def _handle_exception(self, error: Exception) -> None:
        """End with one sentence and an incident number; Textual's own page would print customers and tokens."""
        logs.start(self.log_file)
        number = last_resort.incident(error)
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.last_words = last_resort.stopped(number)
        self._close_messages_no_wait()

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
