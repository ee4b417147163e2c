"""Textual's driver for a line that may stand still, and for bytes that are not to be trusted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Resize
from textual.geometry import Size
from textual.message import Message

from korus_tui import terminal
from korus_tui.terminal.keyboard import InputDecoder

_STILL = 0.5  # seconds in which nothing is taken from us: the agent does not see what we show
_PATIENCE = 1.5  # seconds for the terminal's answer, there and back, on any line
_BEYOND = 1.0  # seconds that an answer may take longer than the last ones did
_LONGEST = 5.0  # seconds: no line is so slow, it stands still
_PLACES = 60  # columns of the first line that every terminal has
_LOOKING = 0.5  # seconds that it takes to see it, once the line moves again


class WatchedLine:
    """The terminal's file; knows when it took nothing. Written by the driver's thread, asked by the program's."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._since: float | None = None
        self._still = (0.0, 0.0)

    def write(self, text: str) -> int:
        """Write, however long that takes."""
        with self._timed():
            return self._file.write(text)

    def flush(self) -> None:
        """Flush, however long that takes."""
        with self._timed():
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = self._since = time.monotonic()
        try:
            yield
        finally:
            self._since, ended = None, time.monotonic()
            if ended - started >= _STILL:
                self._still = (started, ended + _LOOKING)

    def stood_still(self, moment: float) -> bool:
        """Whether what was typed at `moment` (monotonic) was typed without seeing what the program had shown."""
        since = self._since
        if since is not None and since <= moment and time.monotonic() - since >= _STILL:
            return True
        start, end = self._still
        return start <= moment <= end


class RoundTrips:
    """How long the terminal takes to answer on this line, by its last two answers: a satellite's stands not still."""

    def __init__(self) -> None:
        self._last: tuple[float, ...] = ()

    def took(self, seconds: float) -> None:
        """An answer came after so long; one that took longer than any line's says nothing of it."""
        if seconds <= _LONGEST:
            self._last = (*self._last[-1:], seconds)

    @property
    def patience(self) -> float:
        """Seconds within which an answer comes, if the terminal shows what it is sent."""
        return max(_PATIENCE, max(self._last, default=0.0) + _BEYOND)


class LineDriver(LinuxDriver):
    """Reads through `InputDecoder`, writes to a watched line, and asks the terminal whether it has come that far.

    Buffers on the way take in minutes of a till's few bytes, so that only the terminal's own answer tells that what
    was sent is seen. It is asked where the cursor is, at another place each time, so that an old answer is no answer.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.line = WatchedLine(self._file)
        self._file: Any = self.line
        self._answers = False  # not every terminal does
        self._silent = False  # since it was asked last
        self._blind_until = 0.0
        self._place = 1
        self._asked_at: dict[int, float] = {}  # by place, monotonic seconds
        self._trips = RoundTrips()
        self._wanted: tuple[int, asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def ask(self) -> None:
        """Find out whether this terminal answers; until it does, it is trusted."""
        self._answers = False
        self._send_question()

    async def seen(self, moment: float) -> bool:
        """Whether what is typed at `moment` (monotonic) was typed at what the terminal shows: it says so in time, and
        has not only just begun to answer again."""
        if self.line.stood_still(moment):
            return False
        if not self._answers:
            return True
        answered = asyncio.Event()
        self._wanted = (self._send_question(), asyncio.get_running_loop(), answered)
        try:
            await asyncio.wait_for(answered.wait(), self._trips.patience)
        except TimeoutError:
            self._silent = True
            return False
        finally:
            self._wanted = None
        return moment > self._blind_until

    def _send_question(self) -> int:
        self._place = self._place % _PLACES + 1
        self._asked_at[self._place] = time.monotonic()
        self.write(f"\x1b7\x1b[1;{self._place + 1}H\x1b[6n\x1b8")
        return self._place

    def process_message(self, message: Message) -> None:
        """Keep the terminal's answers; everything else goes to the program, sizes as far as they are painted."""
        if isinstance(message, Resize):
            message = _within(message)
        if not isinstance(message, CursorPosition):
            super().process_message(message)
            return
        self._answers = True
        if (asked_at := self._asked_at.pop(message.x, None)) is not None:
            self._trips.took(time.monotonic() - asked_at)
        if self._silent:
            self._silent, self._blind_until = False, time.monotonic() + _LOOKING
        wanted = self._wanted
        if wanted is not None and message.x == wanted[0]:
            wanted[1].call_soon_threadsafe(wanted[2].set)

    def _get_terminal_size(self) -> tuple[int, int]:
        """As Textual's, as far as it is painted."""
        return terminal.painted(*super()._get_terminal_size())

    def run_input_thread(self) -> None:
        """As Textual's, with our decoder in place of a strict one, which ends the program at the first wrong byte."""
        vars(linux_driver)["getincrementaldecoder"] = lambda _name: InputDecoder
        super().run_input_thread()


def _within(event: Resize) -> Resize:
    """A window's size as far as it is painted, its points in proportion."""
    width, height = event.size
    size = Size(*terminal.painted(width, height))
    if size == event.size:
        return event
    points = event.pixel_size
    shown = Size(points.width * size.width // width, points.height * size.height // height) if points else None
    return Resize(size, size, size, shown)
