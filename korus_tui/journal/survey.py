"""What can be said of a journal without its events: for the doctor, beside the running till."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from korus_tui.journal import index, schema
from korus_tui.journal.errors import Holder
from korus_tui.journal.lock import WriterLock


@dataclass(frozen=True, slots=True)
class Survey:
    """`version` of the file and the one this program writes; backups that migrations left; who wrote itself in last.

    `erased_at` is when persons' data was last erased (server time), None where that never happened.
    """

    version: int
    known_version: int
    backups: tuple[Path, ...]
    holder: Holder | None
    open_sales: tuple[str, ...]
    erased_at: datetime | None


def survey(path: Path) -> Survey:
    """Look at the journal at `path` and change nothing. Raises the journal's problems."""
    with schema.translated(path):
        connection = schema.connect(path, read_only=True)
        with contextlib.closing(connection):
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            found = connection.execute("SELECT value FROM meta WHERE key = 'erased_at'").fetchone()
            waiting = index.open_sales(connection)
    erased_at = datetime.fromisoformat(found[0]) if found else None
    backups = tuple(sorted(schema.backups(path)))
    return Survey(version, schema.SCHEMA_VERSION, backups, WriterLock(path).holder(), waiting, erased_at)
