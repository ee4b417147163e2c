"""The rotating log: what the program did, without secrets and without customers."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from korus_tui.paths import private_folder

_REDACTED = "(redacted)"
_SECRETS = re.compile(
    r"(?i)(bearer\s+)[\w.~+/=-]+"
    r"|((?:token|secret|password|signature|authorization)[\"']?\s*[:=]\s*(?:b?[\"'])?(?:(?:bearer|basic)\s+)?)[^\s\"',;&]+"
    r"|([?&](?:sig|signature|token|expires|x-amz-[\w-]+)=)[^\s&\"']+"
    r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"
    r"|\b(?:\d[ -]?){12,18}\d\b"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
)


def redact(text: str) -> str:
    """The text with tokens, secrets, signed addresses, e-mail addresses and card numbers taken out."""
    return _SECRETS.sub(lambda found: (found[1] or found[2] or found[3] or "") + _REDACTED, text)


class _Redacting(logging.Formatter):
    """Redacts the finished line, tracebacks included; a traceback names code, never the values of variables."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start(file: Path) -> None:
    """Log to the file, at most 1 MB with three older ones; where it cannot be written, go on without."""
    import logging.handlers

    root = logging.getLogger("korus_tui")
    root.setLevel(logging.INFO)
    root.propagate = False
    try:
        private_folder(file.parent)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.handlers[:] = [handler]
