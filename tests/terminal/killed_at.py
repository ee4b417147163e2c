"""Starts the program as `korus-tui` would, to be killed at one write of its journal; run by test_terminal_crash.py.

Usage: killed_at.py before|after NUMBER|EVENT, or `killed_at.py never -` for a start that lives.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from korus_tui.counter.booking import lost_orders as recovery
from korus_tui.journal.file import JournalFile

when, what = sys.argv[1:3]
written = 0
append = JournalFile.append


def killing(self: JournalFile, stream: str, events: Sequence[object], **who: Any) -> Any:
    """Append the events, and die before or after it where this is the write that was named."""
    global written
    written += stream.startswith("sale:")
    mine = what == str(written) or any(type(event).__name__ == what for event in events)
    if mine and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    entries = append(self, stream, events, **who)
    if mine and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return entries


# A server of this test has surely ended a request after a second; a real one is given a minute.
patience = recovery.Patience(server_limit=1.0, first_wait=2.0, longest_wait=2.0)
recovery.Patience = lambda: patience  # type: ignore[misc,assignment]
JournalFile.append = killing  # type: ignore[method-assign]

if __name__ == "__main__":
    from korus_tui.cli import main

    raise SystemExit(main([]))
