"""Files for people: tickets and slips in the counter's folder, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from korus_tui.config.paths import private_folder


def write_whole(file: Path, content: bytes) -> None:
    """Write the file whole or not at all, and never through a link somebody left there. Raises OSError."""
    private_folder(file.parent)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
        os.replace(fresh, file)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
