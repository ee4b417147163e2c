"""Speed as a ratio of two programs, measured in turn in one run on real pseudo-terminals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from pseudo_terminal import Terminal

PYTHON = sys.executable


def best_ratio(
    ours: Callable[[], float], theirs: Callable[[], float], *, limit: float, pairs: int, rounds: int = 4
) -> float:
    """The median of ours/theirs over `pairs`, of the quietest of at most `rounds` rounds; one within `limit` is enough.

    Other work on the machine only ever makes a round look worse, never better, so the best round is the truest.
    """
    best = float("inf")
    for _round in range(rounds):
        ratios = []
        for _pair in range(pairs):
            base = theirs()
            ratios.append(ours() / base)
        best = min(best, median(ratios))
        if best <= limit:
            break
    return best


def key_to_paint(terminal: Terminal, key: str, times: int) -> float:
    """Median seconds from writing a key to the last byte of the frame it caused."""
    samples = []
    for _ in range(times):
        terminal.settle(0.05)
        start = time.perf_counter()
        terminal.press(key)
        before, last = terminal.received, start
        while time.perf_counter() - last < 0.04 or terminal.received == before:
            seen = terminal.received
            terminal.read(0.01)
            if terminal.received != seen:
                last = time.perf_counter()
            if time.perf_counter() - start > 2:
                raise AssertionError(f"{key} painted nothing")
        samples.append(last - start)
    return median(samples)
