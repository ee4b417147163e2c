"""Speed as a ratio of two programs, measured in turn in one run on real pseudo-terminals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pseudo_terminal import Terminal

PYTHON = sys.executable


@dataclass(frozen=True)
class Effort:
    """What it took until something was seen, in seconds: of a processor's time, and of waiting for anything else.

    The time in which other programs had the processors is in neither.
    """

    worked: float
    waited: float


def effort_until(argv: list[str], words: str, env: dict[str, str]) -> Effort:
    """Start a program and wait for the words on its screen."""
    with Terminal(argv, env=env) as terminal:
        return _effort(terminal.pid, terminal.wait_for(words))


def _effort(pid: int, seconds: float) -> Effort:
    process = Path("/proc", str(pid))
    try:
        of_threads = [_scheduled(file) for file in process.glob("task/*/schedstat")]
        ran, kept_waiting = _scheduled(process / "schedstat")  # of the thread that the program's start runs in
    except OSError:  # this system does not count it: all of the time is the program's
        return Effort(seconds, 0.0)
    return Effort(sum(ran for ran, _waited in of_threads), max(0.0, seconds - ran - kept_waiting))


def worked(terminal: Terminal) -> float:
    """Seconds of a processor's time that the program in a terminal has had, all its threads together."""
    return sum(_scheduled(file)[0] for file in Path("/proc", str(terminal.pid)).glob("task/*/schedstat"))


def _scheduled(file: Path) -> tuple[float, float]:
    """Seconds on a processor, and seconds ready to run but not let."""
    ran, waited, _slices = file.read_text().split()
    return int(ran) / 1e9, int(waited) / 1e9


def lowest_ratio(
    ours: Callable[[], float], theirs: Callable[[], float], *, limit: float, pairs: int, rounds: int = 4
) -> float:
    """The least of ours by the least of theirs, or the middle of the pairs' ratios where that is lower.

    Other work on the machine only ever adds to a measurement: the least of several is the nearest to the truth. Where
    the machine's own pace changes, the least of one side may be luck: what was measured in turn shared the pace. More
    than one round only where it is over `limit`.
    """
    mine, base = [], []
    for _round in range(rounds):
        for _pair in range(pairs):
            base.append(theirs())
            mine.append(ours())
        found = min(min(mine) / min(base), median(own / other for own, other in zip(mine, base, strict=True)))
        if found <= limit:
            break
    return found


def key_to_paint(terminal: Terminal, key: str) -> float:
    """Seconds from writing a key to the last byte of the frame it caused."""
    terminal.settle(0.05)
    start = time.perf_counter()
    terminal.press(key)
    before, last = terminal.received, start
    while time.perf_counter() - last < 0.04 or terminal.received == before:
        seen = terminal.received
        terminal.read(0.01)
        if terminal.received != seen:
            last = time.perf_counter()
        if time.perf_counter() - start > 10:
            raise AssertionError(f"{key} painted nothing")
    return last - start


def key_to_sight(terminal: Terminal, key: str, seen: Callable[[str], bool], quiet: float) -> float:
    """Seconds from writing a key, after so many quiet ones, until `seen(text)` is true of the screen."""
    terminal.settle(quiet)
    start = time.perf_counter()
    terminal.press(key)
    terminal.wait_until(seen, f"the frame after {key}")
    return time.perf_counter() - start
