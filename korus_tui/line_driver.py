"""Textual's driver for a line that may stand still, and for bytes that are not to be trusted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

from korus_tui.typed import Typed

_STILL = 0.5  # seconds in which nothing is taken from us: the agent does not see what we show
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
        """The terminal's descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """It is one."""
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


class LineDriver(LinuxDriver):
    """Reads through `Typed`, and writes to a line that is watched."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.line = WatchedLine(self._file)
        self._file: Any = self.line

    def run_input_thread(self) -> None:
        """As Textual's, with our decoder in place of a strict one, which ends the program at the first wrong byte."""
        vars(linux_driver)["getincrementaldecoder"] = lambda _name: Typed
        super().run_input_thread()
