"""What nobody foresaw: an incident number for the agent, the rest in the log, and no value of a variable anywhere."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from korus_tui.i18n import _
from korus_tui.terminal import logs

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

log = logging.getLogger("korus_tui.incident")


def incident(error: BaseException) -> str:
    """A number to read out; the log has it beside where the error came from."""
    import secrets  # first frame

    number = secrets.token_hex(3).upper()
    log.error("incident %s", number, exc_info=error)
    return number


def stopped(number: str) -> str:
    """The sentence that the program ends with."""
    return _(
        "korus-tui had to stop (incident {incident}). What was recorded is safe: an open sale comes back at the next"
        " start."
    ).format(incident=number)


def install(log_file: Path) -> None:
    """Python's own last words go to standard error and may quote a secret: they become incidents instead."""

    def ended(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            logs.start(log_file)
            print(stopped(incident(error)), file=sys.stderr)  # noqa: T201 - the command line's own voice

    sys.excepthook = ended
    sys.unraisablehook = _nowhere
    threading.excepthook = _in_thread


def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The event loop's exception handler: its own would write what the error says."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        incident(error)
    else:
        log.error("the event loop: %s", context.get("message"))


def _nowhere(what: UnraisableHookArgs) -> None:
    if what.exc_value is not None:
        incident(what.exc_value)


def _in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None:
        incident(what.exc_value)
