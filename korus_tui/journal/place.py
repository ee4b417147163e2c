"""Which file is a till's journal: no two tills share one, and a file from before that was so is still found."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

from korus_tui.journal.errors import JournalProblem
from korus_tui.text.files import safe_name


def place_of(folder: Path, till: str) -> Path:
    """The till's file, there or not. Where the name has other signs than a file's, they are told apart by a digest."""
    name = safe_name(till)
    plain = folder / f"{name}.journal"
    own = (
        folder / f"{name}~{hashlib.sha256(till.encode(errors='surrogatepass')).hexdigest()[:16]}.journal"
    )  # no name has a tilde in it
    readable_back = "-" not in till and till.replace(" ", "-") == name
    if own.exists() or not (readable_back or plain.exists()):
        return own
    return plain if not plain.exists() or _may_be_of(plain, till, readable_back) else own


def _may_be_of(file: Path, till: str, otherwise: bool) -> bool:
    """Whether the file's first event is this till's; a file that cannot say is left to whoever opens it to judge."""
    from korus_tui.journal import schema  # first frame

    try:
        with closing(schema.connect(file, read_only=True)) as connection, schema.translated(file):
            found = connection.execute("SELECT till FROM events ORDER BY seq LIMIT 1").fetchone()
    except JournalProblem:
        return True
    return bool(found[0] == till) if found else otherwise
