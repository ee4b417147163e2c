"""Textual in a test's own process: the same behaviour for less of a processor's time; `conftest.py` calls it once.

A page has a hundred widgets and a test presses a hundred keys: what the library does for every widget at every key is
most of what the tests of the screens cost. No program in a terminal of its own is touched by this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from textual import _wait
from textual._compositor import Compositor
from textual._context import active_app
from textual._queue import Queue
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout

_PATIENCE = 30.0  # seconds, as theirs
_ROUNDS = 5  # of messages that lead to messages; a page that never comes to rest is waited for no longer


def lighten() -> None:
    """From now on in this process."""
    _notice_idleness_sooner()
    _wait_for_what_is_at_work()
    _read_styles_once()
    _paint_no_frames()
    RuleSet.__hash__ = object.__hash__  # type: ignore  # theirs is the same, in Python


def _notice_idleness_sooner() -> None:
    """The pilot calls a program idle after 20 quiet milliseconds, twice for each key: 4 tell the same."""
    _wait.SLEEP_GRANULARITY = 0.004  # seconds
    _wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 8


def _wait_for_what_is_at_work() -> None:
    """The pilot sends each widget of the screen a message and waits until all were read, three times for each key. Here
    only those get one that are not waiting for a message, until none is left: sooner, and surer."""
    Pilot._wait_for_screen = _all_at_rest  # type: ignore


async def _all_at_rest(pilot: Pilot[Any]) -> bool:
    await asyncio.sleep(0)
    for _round in range(_ROUNDS):
        try:
            screen = pilot.app.screen
        except Exception:  # as theirs: there is none yet, or none any more
            return False
        at_work = [pump for pump in (pilot.app, *screen.walk_children(with_self=True)) if not _at_rest(pump)]
        if not at_work:
            break
        if not await _have_read(pilot, at_work):
            return False
    return True


def _at_rest(pump: MessagePump) -> bool:
    """Whether it has handled all that it was sent, and waits for more."""
    queue: Queue[Any] = pump._message_queue
    waits = any(not waiter.done() for waiter in queue.ready_event._waiters)  # type: ignore
    return waits and queue.empty() and pump._pending_message is None


async def _have_read(pilot: Pilot[Any], pumps: Sequence[MessagePump]) -> bool:
    """Wait until they have handled what they were sent; False if the program ended over it."""
    left = 0
    all_read = asyncio.Event()

    def read() -> None:
        nonlocal left
        left -= 1
        if not left:
            all_read.set()

    left = sum(pump.call_later(read) for pump in pumps)
    if not left:
        return True
    waiting = [asyncio.create_task(all_read.wait()), asyncio.create_task(pilot.app._exception_event.wait())]
    _done, pending = await asyncio.wait(waiting, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if len(pending) == len(waiting):
        raise WaitForScreenTimeout("Timed out while waiting for widgets to process pending messages.")
    return left <= 0


def _paint_no_frames() -> None:
    """A program without a terminal makes each frame and throws it away, a third of the time that its test takes. Who
    looks at the screen (`reading.text`, a screenshot) has it made whole, and then."""
    make = Compositor.render_update

    def made(self: Compositor, full: bool = False, *rest: Any, **named: Any) -> Any:
        app = active_app.get()  # a widget's own host counts what is painted, and who watches frames says so
        if full or not type(app).__module__.startswith("korus_tui.") or getattr(app, "watched", False):
            return make(self, full, *rest, **named)
        self._dirty_regions.clear()
        return None

    Compositor.render_update = made  # type: ignore


def _read_styles_once() -> None:
    """Every program that a test starts would read the same style sheets anew."""
    parse: Callable[..., list[RuleSet]] = Stylesheet._parse_rules
    known: dict[object, list[RuleSet]] = {}

    def parsed(sheet: Stylesheet, *what: Any, **named: Any) -> list[RuleSet]:
        key = (what, frozenset(named.items()), frozenset(sheet._variables.items()))
        if key not in known:
            known[key] = parse(sheet, *what, **named)
        return known[key]

    Stylesheet._parse_rules = parsed  # type: ignore
