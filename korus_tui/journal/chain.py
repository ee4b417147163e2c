"""The chain: every event's hash covers the one before it, and the head is kept beside it.

It shows damage and careless hands; who can rewrite the whole file can also rewrite the whole chain. What shows that is
a head kept elsewhere (docs/rules.md, Records that cannot be quietly shortened).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Thread
from typing import TYPE_CHECKING, Any

from korus_tui.journal.codec import fits
from korus_tui.journal.entry import Head, sale_stream
from korus_tui.journal.index import CLOSING
from korus_tui.journal.schema import schema_text

if TYPE_CHECKING:
    from sqlite3 import Connection

GENESIS = "0" * 64
_NOBODY = (None, None, None)
_OF_SALES = sale_stream("")
_LOOKS_UP = 1000  # events after which the walk sees whether it is still wanted
COLUMNS = "seq, stream, at, agent, till, kind, version, payload, prev, hash"
Follow = Callable[[int, str, str, str, int, str], None]
"""What is done with each whole event as the walk passes it: its seq, stream, time, kind, version and payload."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found: `checked` whole events, and where and why it broke, if it did.

    `head` is the last whole one; None for a journal without any.
    """

    checked: int
    broken_at: int | None = None
    why: str = ""
    head: Head | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.why


_text = json.JSONEncoder(default=repr).encode
_quoted = json.encoder.encode_basestring_ascii  # the same text for a string, in a fifth of the time


class _Quoted(dict[str, str]):
    """What few words, each said by many events, are in JSON."""

    def __missing__(self, word: str) -> str:
        found = self[word] = _quoted(word)
        return found


def link(prev: str, *row: Any) -> str:
    """The hash of one event: sha256 over the previous hash, then seq, stream, at, agent, till, kind, version, payload.

    They are joined as a JSON list, so that no two rows share one text.
    """
    parts = [_quoted(one) if type(one) is str else str(one) if type(one) is int else _text(one) for one in (prev, *row)]
    return sha256(f"[{', '.join(parts)}]".encode()).hexdigest()


@contextmanager
def quick_letters(connection: Connection) -> Iterator[None]:
    """Text is read by SQLite's own reader, in a third of the time of one that takes every byte (schema.py).

    It raises OperationalError at what is no letter.
    """
    every_byte, connection.text_factory = connection.text_factory, str
    try:
        yield
    finally:
        connection.text_factory = every_byte


class Stopped(Exception):
    """The walk was given up: nobody waits for what it would find."""


class _Break(Exception):
    """The walk ends here: the event's seq where one is concerned, and the reason."""

    def __init__(self, seq: int | None, why: str) -> None:
        super().__init__(why)
        self.seq = seq
        self.why = why


def verify(
    connection: Connection,
    known: Head | None = None,
    stopped: Callable[[], bool] = lambda: False,
    *,
    beside: Connection | None = None,
    follow: Follow | None = None,
) -> Verdict:
    """Walk the whole chain in one snapshot, with the personal data, the head, the index and the database's structure.

    `known` is a head that was kept outside the database: the chain must have that very event. `beside` is a further
    connection to the same file: its structure is looked at there meanwhile, by another processor. What `follow` was
    given counts for nothing where the verdict is not that all is whole. Raises Stopped.
    """
    import sqlite3  # first frame

    walk = _Walk(connection, stopped, follow)
    structure = _Structure(connection if beside is None else beside)
    try:
        connection.execute("BEGIN")
        try:
            if beside is not None:
                structure.start()
            walk.along()
            _check_head(connection, walk.seq, walk.hash)
            walk.check_index()
            structure.check()
            if known is not None and (why := missing(connection, known)):
                raise _Break(None, why)
        finally:
            structure.end()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except _Break as found:
        return Verdict(walk.seq, found.seq, found.why, walk.head)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # words about damage may quote damaged bytes
        return Verdict(walk.seq, walk.seq + 1, f"the file cannot be read from here on: {error}", walk.head)
    return Verdict(walk.seq, head=walk.head)


class _Walk:
    """Along the events, in order: `seq` and `hash` are those of the last whole one."""

    def __init__(self, connection: Connection, stopped: Callable[[], bool], follow: Follow | None) -> None:
        self._connection = connection
        self._stopped = stopped
        self._follow = follow
        self._persons: Iterator[tuple[str | None, str | None, bytes | None]] = iter(())
        self._at = ""
        self._sales: dict[str, list[str | int]] = {}  # by stream: state and newest event, as the index should say
        self.seq, self.hash = 0, GENESIS

    @property
    def head(self) -> Head | None:
        """The last whole event."""
        return Head(self.seq, self.hash, datetime.fromisoformat(self._at)) if self.seq else None

    def along(self) -> None:
        """To the end. Raises _Break at the first event that is not whole, and Stopped."""
        from sqlite3 import OperationalError  # first frame

        try:
            with quick_letters(self._connection):
                self._on()
        except OperationalError:  # bytes that are no letters: only damage writes them
            self._on()

    def _on(self) -> None:
        """From the last whole event. It is written for speed: it is done for every event there is."""
        self._persons = self._connection.execute("SELECT id, data, salt FROM personal ORDER BY rowid")
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq", (self.seq,))
        follow, names, sales = self._follow, _Quoted(), self._sales
        last, hashed, last_at, last_stream = self.seq, self.hash, self._at, ""
        sale: list[str | int] | None = None
        try:
            for seq, stream, at, agent, till, kind, version, payload, prev, written in rows:
                if seq != last + 1:
                    raise _Break(last + 1, f"event {last + 1} is missing; the next one is {seq}")
                if prev != hashed:
                    raise _Break(seq, f"event {seq} does not follow the one before it")
                # `link`, written out; it is asked itself where this does not fit
                try:
                    text = (
                        f'["{prev}", {seq}, {_quoted(stream)}, {_quoted(at)}, {names[agent]}, {names[till]}, '
                        f"{names[kind]}, {version}, {_quoted(payload)}]"
                    )
                    fits_at_once = sha256(text.encode()).hexdigest() == written
                except TypeError:
                    fits_at_once = False
                if not fits_at_once and link(prev, seq, stream, at, agent, till, kind, version, payload) != written:
                    raise _Break(seq, f"event {seq} was changed after it was written")
                if '"personal":"' in payload:
                    self._check_personal(seq, payload)
                if stream != last_stream:
                    last_stream = stream
                    sale = sales.setdefault(stream, ["open", seq]) if stream.startswith(_OF_SALES) else None
                if sale is not None:
                    sale[1] = seq
                    if kind in CLOSING:
                        sale[0] = CLOSING[kind]
                last, hashed, last_at = seq, written, at
                if follow is not None:
                    follow(seq, stream, at, kind, version, payload)
                if seq % _LOOKS_UP == 0 and self._stopped():
                    raise Stopped
        finally:
            self.seq, self.hash, self._at = last, hashed, last_at

    def _check_personal(self, seq: int, payload: str) -> None:
        for value in json.loads(payload).values():
            if isinstance(value, dict) and value.keys() == {"personal", "digest"}:
                id_, data, salt = next(self._persons, _NOBODY)  # they were written in the order of their events
                found = (data, salt) if id_ == value["personal"] else self._person(value["personal"])
                if not fits(found, value["digest"]):
                    raise _Break(seq, f"the personal data of event {seq} was changed or removed")

    def _person(self, id_: str) -> tuple[str | None, bytes | None] | None:
        found: tuple[str | None, bytes | None] | None
        found = self._connection.execute("SELECT data, salt FROM personal WHERE id = ?", (id_,)).fetchone()
        return found

    def check_index(self) -> None:
        """The index of sales says what the events say: an open sale that it hides would be forgotten."""
        rows = self._connection.execute("SELECT reference, state, last_seq FROM sales")
        found = {_OF_SALES + reference: [state, seq] for reference, state, seq in rows}
        if found != self._sales:
            wrong = min(one for one in {*found, *self._sales} if found.get(one) != self._sales.get(one))
            raise _Break(None, f"the index does not say what happened to the sale {wrong[len(_OF_SALES) :]}")


def missing(connection: Connection, known: Head) -> str:
    """Why the journal is not the one that had the event of this head, or a later copy of it; "" where it is."""
    found = connection.execute("SELECT hash FROM events WHERE seq = ?", (known.seq,)).fetchone()
    when = f"{known.at:%Y-%m-%d %H:%M} UTC"
    if found is None:
        last = connection.execute("SELECT max(seq) FROM events").fetchone()[0] or 0
        return f"the journal ends with event {last}, and event {known.seq} was written at {when}"
    return "" if found[0] == known.hash else f"event {known.seq} is not the one that was written at {when}"


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


class _Structure:
    """SQLite's own look at its file; once started it goes on in a thread of its own until it is asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: str | Exception | None = None
        self._thread = Thread(target=self._look, name="journal structure")

    def start(self) -> None:
        self._thread.start()

    def check(self) -> None:
        """What it found. Raises _Break, and the database's errors."""
        if self._thread.ident is None:
            self._look()
        else:
            self._thread.join()
        if isinstance(self._found, Exception):
            raise self._found
        if self._found != "ok":
            raise _Break(None, f"its structure is damaged: {self._found}")

    def _foreign(self) -> str:
        """A trigger or view that no version of the journal has; "" where there is none."""
        ours = schema_text()
        found = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
        return next((str(name) for name, sql in found if not sql or sql not in ours), "")

    def end(self) -> None:
        """Nobody waits for it any more."""
        if self._thread.is_alive():
            self._connection.interrupt()
            self._thread.join()

    def _look(self) -> None:
        try:
            self._found = str(self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if foreign := self._foreign():  # it would take away, or change, what is written
                self._found = f"{foreign} is not of its making"
        except Exception as error:  # it is raised where it is asked for
            self._found = error
