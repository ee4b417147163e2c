"""The chain: every event's hash covers the one before it, and the head is kept beside it.

It shows damage and careless hands; who can rewrite the whole file can also rewrite the whole chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korus_tui.journal.codec import fits

if TYPE_CHECKING:
    from sqlite3 import Connection

GENESIS = "0" * 64
COLUMNS = "seq, stream, at, agent, till, kind, version, payload, prev, hash"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found: `checked` whole events, and where and why it broke, if it did."""

    checked: int
    broken_at: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.why


def link(prev: str, *row: Any) -> str:
    """The hash of one event: sha256 over the previous hash, then seq, stream, at, agent, till, kind, version, payload.

    They are joined as a JSON list, so that no two rows share one text.
    """
    return hashlib.sha256(json.dumps([prev, *row], default=repr).encode()).hexdigest()


class _Break(Exception):
    """The walk ends here: the event's seq where one is concerned, and the reason."""

    def __init__(self, seq: int | None, why: str) -> None:
        super().__init__(why)
        self.seq = seq
        self.why = why


def verify(connection: Connection) -> Verdict:
    """Walks the whole chain in one snapshot, with the personal data, the head and the database's own structure."""
    import sqlite3

    checked = 0
    try:
        connection.execute("BEGIN")
        try:
            last = GENESIS
            for checked, last in _walk(connection):  # noqa: B007 - what the last turn leaves is the end of the chain
                pass
            _check_head(connection, checked, last)
            _check_structure(connection)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except _Break as found:
        return Verdict(checked, found.seq, found.why)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # words about damage may quote damaged bytes
        return Verdict(checked, checked + 1, f"the file cannot be read from here on: {error}")
    return Verdict(checked)


def _walk(connection: Connection) -> Iterator[tuple[int, str]]:
    """Every whole event's seq and hash, in order. Raises _Break at the first that is not."""
    seq, last = 0, GENESIS
    for row in connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY seq"):
        expected = seq + 1
        seq, prev, written = row[0], row[8], row[9]
        if seq != expected:
            raise _Break(expected, f"event {expected} is missing; the next one is {seq}")
        if prev != last:
            raise _Break(seq, f"event {seq} does not follow the one before it")
        if link(prev, *row[:8]) != written:
            raise _Break(seq, f"event {seq} was changed after it was written")
        _check_personal(connection, seq, row[7])
        last = written
        yield seq, last


def _check_personal(connection: Connection, seq: int, payload: str) -> None:
    if '"personal":"' not in payload:
        return
    for value in json.loads(payload).values():
        if isinstance(value, dict) and value.keys() == {"personal", "digest"}:
            found = connection.execute("SELECT data, salt FROM personal WHERE id = ?", (value["personal"],)).fetchone()
            if not fits(found, value["digest"]):
                raise _Break(seq, f"the personal data of event {seq} was changed or removed")


def head(connection: Connection) -> tuple[int, str]:
    """The newest event's seq and hash, as noted in the transaction that wrote it. Raises ValueError if not noted."""
    noted = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('head_seq', 'head_hash')").fetchall())
    if len(noted) != 2 or not str(noted["head_seq"]).isdecimal():
        raise ValueError("the note of its last event is gone")
    return int(noted["head_seq"]), str(noted["head_hash"])


def _check_head(connection: Connection, seq: int, last: str) -> None:
    try:
        noted, noted_hash = head(connection)
    except ValueError as error:
        raise _Break(None, str(error)) from error
    if noted > seq:
        raise _Break(seq + 1, f"the last events, {seq + 1} to {noted}, were removed")
    if noted < seq or noted_hash != last:
        raise _Break(noted, f"the note of its last event names event {noted}, which is not the one that stands there")


def _check_structure(connection: Connection) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise _Break(None, f"its structure is damaged: {found}")
