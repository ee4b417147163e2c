"""A program in a real pseudo-terminal, its screen read back through a terminal emulator."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

QUIET = 0.35  # seconds: longer than the time in which a new page takes no key for itself
# Private modes and queries that the emulator does not know; a real terminal swallows them.
_UNKNOWN = re.compile(
    rb"\x1b\[[<=>?][0-9;:]*[uq$p]+|\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\][0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\)"
)
_BEGUN = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?\Z")
_LINK = re.compile(rb"\x1b\]8;[^;]*;([^\x07\x1b]+)(?:\x07|\x1b\\)")
_MODE = re.compile(rb"\x1b\[\?([0-9]+)[hl]")
_ON_BY_NATURE = (b"7", b"25")  # line wrap and the cursor
_KITTY_ON = re.compile(rb"\x1b\[>[0-9]+u")
KEYS = {
    "enter": b"\r", "esc": b"\x1b", "tab": b"\t", "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C",
    "left": b"\x1b[D", "pgdn": b"\x1b[6~", "pgup": b"\x1b[5~", "del": b"\x1b[3~", "backspace": b"\x7f",
    "f1": b"\x1bOP", "f2": b"\x1bOQ", "f10": b"\x1b[21~", "f12": b"\x1b[24~",
}  # fmt: skip


def at_work(pid: int) -> bool:
    """Whether a thread of the process, or of one that it started, runs or waits for its turn."""
    for task in Path("/proc").glob(f"{pid}/task/*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if (task / "stat").read_text().rpartition(")")[2].split()[0] in "RD":
                return True
            if any(map(at_work, map(int, (task / "children").read_text().split()))):
                return True
    return False


class _Screen(pyte.Screen):
    """The emulator's screen, deaf to what it does not know; what it is asked it answers to `reply`."""

    def __init__(self, columns: int, lines: int, reply: Callable[[bytes], None]) -> None:
        super().__init__(columns, lines)
        self._reply = reply

    def write_process_input(self, data: str) -> None:
        self._reply(data.encode())

    def select_graphic_rendition(self, *attrs: int, private: bool = False) -> None:
        if not private:
            super().select_graphic_rendition(*attrs)


class Terminal:
    """Runs `argv` as session leader on a new pseudo-terminal, as a login over SSH would.

    `patience`: seconds that anything may take until it is seen. Only a test that fails waits so long.
    """

    patience = 30.0

    def __init__(
        self, argv: Sequence[str], *, size: tuple[int, int] = (120, 40), env: Mapping[str, str] | None = None
    ) -> None:
        self.columns, self.rows = size
        self.screen = _Screen(self.columns, self.rows, self._answer)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.seen = bytearray()
        self.links: list[str] = []
        self._text: str | None = None
        self.over = False  # the program has closed its side
        self._tail = self._begun = b""
        kept = {"PATH": os.environ["PATH"], "HOME": os.environ["KORUS_TUI_HOME"]}  # nothing is saved in a real home
        self._env = {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **(env or {})}
        self.started = time.monotonic()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], list(argv), self._env)
        self.program = self.pid  # the one whose rest `settle` waits for
        self.modes = termios.tcgetattr(self.master)  # long before the child has become the program
        self.resize(*size)

    def resize(self, columns: int, rows: int) -> None:
        """Another window size; the program is told as by a real terminal."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        self._text = None

    def read(self, seconds: float) -> bool:
        """Take what the program wrote within `seconds`; False once it has ended."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.over = not data
        self.take(data)
        return not self.over

    def take(self, data: bytes) -> None:
        """Show what arrived."""
        self._text = None
        self.received += len(data)
        self.seen += data
        self._note_links(data)
        data = self._begun + data
        self._begun = begun[0] if (begun := _BEGUN.search(data)) else b""  # read in two parts
        self._stream.feed(_UNKNOWN.sub(b"", data[: len(data) - len(self._begun)]))

    def _answer(self, data: bytes) -> None:
        """What the terminal says by itself; a program that has ended does not hear it."""
        with contextlib.suppress(OSError):
            self.send(data)

    def send(self, data: bytes) -> None:
        """Write bytes to the program, all of them."""
        while data:
            data = data[os.write(self.master, data) :]

    def _note_links(self, data: bytes) -> None:
        """Remember the addresses that the program made clickable (OSC 8), as the agent's terminal would follow them."""
        window = self._tail + data
        self._tail = window[-2048:]
        found = [link.decode() for link in _LINK.findall(window)]
        self.links += [link for link in dict.fromkeys(found) if link not in self.links]

    @property
    def text(self) -> str:
        """What stands on the screen."""
        if self._text is None:  # the emulator puts it together cell by cell, and it is asked for at every look
            self._text = "\n".join(self.screen.display)
        return self._text

    def wait_until(self, seen: Callable[[str], bool], what: str, seconds: float | None = None) -> float:
        """Seconds since the start until `seen(text)` is true; AssertionError with the screen where it never is."""
        deadline = time.monotonic() + (seconds or self.patience)
        alive = True
        while not seen(self.text):
            if time.monotonic() > deadline or not alive:
                raise AssertionError(f"never seen: {what}\n{self.text}")
            alive = self.read(0.05)
        return time.monotonic() - self.started

    def wait_for(self, words: str, seconds: float | None = None) -> float:
        """Seconds since the start until the words stand on the screen."""
        return self.wait_until(lambda text: words in text, words, seconds)

    def press(self, *keys: str) -> None:
        """Write keys by name, or text as it is; `ctrl+x` for control keys."""
        for key in keys:
            if key.startswith("ctrl+"):
                self.send(bytes([ord(key[5]) & 0x1F]))
            else:
                self.send(KEYS.get(key, key.encode()))

    def settle(self, quiet: float = QUIET, seconds: float = 10.0) -> None:
        """Read until the program has been quiet for a while, with nothing left to do.

        A busy machine may keep it waiting: a program that would work if it were let is not quiet.
        """
        since = time.monotonic()
        deadline = since + seconds
        while (now := time.monotonic()) < deadline and now - since < quiet:
            before = self.received
            if not self.read(min(0.02, quiet)):
                return
            if self.received != before or at_work(self.program):
                since = time.monotonic()

    def ended(self, seconds: float = 15.0) -> int:
        """The exit code once the program has ended (minus the signal's number where one killed it)."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            self.read(0.05)
        raise AssertionError(f"still running after {seconds} s\n{self.text}")

    def not_as_found(self) -> list[str]:
        """What an ended program left different from what it found: private modes, keyboard protocol, line settings."""
        found = []
        for mode in sorted(set(_MODE.findall(self.seen))):
            last = re.findall(rb"\x1b\[\?%s([hl])" % mode, self.seen)[-1]
            if last != (b"h" if mode in _ON_BY_NATURE else b"l"):
                found.append(f"mode {mode.decode()} is {last.decode()}")
        pushed, popped = len(_KITTY_ON.findall(self.seen)), self.seen.count(b"\x1b[<u")
        if pushed > popped:
            found.append("the keyboard's protocol")
        now = termios.tcgetattr(self.master)
        found += [f"termios {n}: {a} != {b}" for n, (a, b) in enumerate(zip(self.modes, now, strict=True)) if a != b]
        return found

    def hang_up(self) -> None:
        """Close our side: what the SSH server does when the line drops."""
        os.close(self.master)
        self.master = -1

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.master >= 0:
            os.close(self.master)
