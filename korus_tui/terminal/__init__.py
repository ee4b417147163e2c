"""The line that the program lives on: what it can show, and what to do when it hangs up."""

from __future__ import annotations

import contextlib
import curses
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

LEAST = (80, 24)
_most = (500, 200)  # columns and lines that are painted: what a client claims of its window costs memory a cell
_GRACE = 2.0
# Leaves the alternate screen, shows the cursor, turns off mouse reports, bracketed paste and the Kitty keyboard.
_RESTORE = (
    b"\x1b[<u\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?1049l\x1b[?25h\x1b[0m"
)


def unusable() -> str | None:
    """Why no full-screen program can run here, in one sentence, or None where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        return "this is a full-screen program and needs a terminal (over SSH: ssh -t)."
    term = os.environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        return (
            f"the terminal type TERM={term or '(not set)'} cannot show a full screen; set it, e.g. TERM=xterm-256color."
        )
    return None


def too_small(width: int, height: int) -> bool:
    """Whether a terminal of this size cannot show what is needed to sell."""
    return width < LEAST[0] or height < LEAST[1]


def use_most(columns: int, lines: int) -> None:
    """How much of a large terminal is painted from now on; the program stands in its upper left corner."""
    global _most
    _most = (columns, lines)


def painted(width: int, height: int) -> tuple[int, int]:
    """What of a terminal of this size the program paints."""
    return min(width, _most[0]), min(height, _most[1])


def ascii_only() -> bool:
    """Whether signs beyond ASCII would come out garbled: the agent's locale is not UTF-8.

    Python sets its own locale to UTF-8 where the agent's is C, so neither it nor os.environ is asked.
    """
    found = _agents_environment()
    said = found.get("LC_ALL") or found.get("LC_CTYPE") or found.get("LANG") or ""
    return "utf8" not in said.lower().replace("-", "")


@cache
def _agents_environment() -> dict[str, str]:
    """The environment that this program was started with, where the system still knows it.

    Asked once, at the start: a process that keeps its memory to itself is not told any more.
    """
    try:
        raw = Path("/proc/self/environ").read_bytes()
    except OSError:
        return dict(os.environ)
    pairs = (entry.decode(errors="replace").partition("=") for entry in raw.split(b"\0"))
    return {name: value for name, _equals, value in pairs}


def erases_ground() -> bool:
    """Whether the terminal can erase cells in the current ground's colour, by the system's own description of it."""
    try:
        curses.setupterm(os.environ.get("TERM", "dumb"), sys.stdout.fileno())
        return curses.tigetflag("bce") > 0 and curses.tigetstr("ech") == b"\x1b[%p1%dX"
    except (curses.error, OSError, ValueError):
        return False


_installed: HangUp | None = None


def _screen() -> int:
    """Where the screen library writes; while it runs, it puts something of its own in the place of sys.stderr."""
    return (sys.__stderr__ or sys.stderr).fileno()


def give_back() -> None:
    """The terminal as it was, for another program that takes this one's place."""
    if _installed is not None:
        _installed.restore()
        os.set_blocking(_screen(), True)


class HangUp:
    """Ends the program within three seconds of SIGHUP, SIGTERM or SIGINT, the terminal restored if it is still there.

    A handler of the event loop is not enough: on a dead line the loop may block for ever in its own output.
    """

    def __init__(self, leave: Callable[[int], None]) -> None:
        self._leave = leave
        self._modes: list[Any] | None = None
        self.received: int | None = None

    def install(self) -> None:
        """Take over these signals; call it in the main thread, before the screen is taken."""
        global _installed
        _installed = self
        with contextlib.suppress(termios.error, OSError, ValueError):
            self._modes = termios.tcgetattr(sys.stdin.fileno())
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._received)

    def _received(self, number: int, _frame: FrameType | None) -> None:
        if self.received is None:
            self.received = number
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(int(_GRACE) + 1)
            threading.Thread(target=self._give_up, args=(number,), daemon=True).start()
            self._leave(number)

    def _give_up(self, number: int) -> None:
        threading.Event().wait(_GRACE)
        self.restore()
        os._exit(128 + number)

    def restore(self) -> None:
        """Give the terminal back as it was, without waiting for a line that does not take it."""
        with contextlib.suppress(OSError, ValueError, termios.error):
            descriptor = _screen()
            os.set_blocking(descriptor, False)
            os.write(descriptor, _RESTORE)
            if self._modes is not None:
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, self._modes)
