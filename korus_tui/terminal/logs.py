"""The rotating log: what the program did, without secrets and without customers."""

from __future__ import annotations

import errno
import logging
import os
import stat
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from korus_tui.config.paths import private_folder
from korus_tui.text.redact import redact as redact

_DEEPEST = 8  # causes of causes
# The event loop's own complaints would be painted over the screen.
_chosen = {"korus_tui": logging.INFO, "asyncio": logging.WARNING}


class _Redacting(logging.Formatter):
    """Redacts the finished line. A traceback names code, never the values of variables.

    What another library says of its error may quote a customer or a secret in a shape nobody knows: only the words of
    our own errors and of the operating system are kept.
    """

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the library's
        error = ei[1]
        return "\n".join(_told(error)) if error is not None else ""


def _told(error: BaseException, depth: int = 0) -> Iterator[str]:
    """Where the error came from, with its causes."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth < _DEEPEST:
        yield from _told(cause, depth + 1)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    yield from "".join(traceback.format_tb(error.__traceback__)).splitlines()
    kind = type(error)
    ours = kind.__module__.partition(".")[0] == "korus_tui" or isinstance(error, OSError)
    yield f"{kind.__module__}.{kind.__qualname__}" + (f": {error}" if ours else "")
    if isinstance(error, BaseExceptionGroup) and depth < _DEEPEST:
        for one in error.exceptions:
            yield from _told(one, depth + 1)


def use_level(name: str) -> None:
    """How much is written from now on: debug, info, warning or error."""
    _chosen["korus_tui"] = logging.getLevelNamesMapping()[name.upper()]


def start(file: Path) -> None:
    """Log to the file, at most 1 MB with three older ones; where it cannot be written, go on without."""
    import logging.handlers  # first frame

    try:
        private_folder(file.parent)
        if os.path.lexists(file) and not stat.S_ISREG(os.lstat(file).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(file))  # what it names is another's
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name, level in _chosen.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        logger.handlers[:] = [handler]
