"""The index of sales: which are open, the newest first, and how one is found again. Made from events at any time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from korus_tui.journal.entry import SALE, SaleEntry, sale_stream
from korus_tui.text.search import filed, finds, fold

if TYPE_CHECKING:
    from sqlite3 import Connection

CLOSING = {"SaleFinished": "finished", "SaleVoided": "voided", "SaleClosedByHand": "closed by hand"}
NOT_ENDED = (
    "stream IN (SELECT stream FROM events WHERE stream GLOB 'sale:*' GROUP BY stream"
    f" HAVING sum(kind IN ({', '.join(repr(kind) for kind in CLOSING)})) = 0)"
)
"""Of the events themselves, those of the sales that have not ended."""
OPEN = "stream IN (SELECT 'sale:' || reference FROM sales WHERE state = 'open')"
"""The same, as the index says it."""
# Beside the customer's data, a sale is found by what the API called its order, by its tickets' vouchers, and by what it
# was paid with: a voucher, a card's authorisation or last digits.
_SEARCHED_KINDS = ("OrderPlaced", "OrderFound", "TicketsSeen", "PaymentTaken")
_SAID_OF_EVERY_SALE = ("method", "currency")
_SCANNED = 5000  # sales looked through, newest first: a search must not keep a write waiting
_COLUMNS = "reference, opened_at, state, last_seq"


def note(connection: Connection, seq: int, stream: str, at: str, kind: str) -> None:
    """Take an event into the index, in the transaction that writes it; a closed sale is not opened by later events."""
    prefix, _, reference = stream.partition(":")
    if prefix != SALE:
        return
    state = CLOSING.get(kind)
    connection.execute(
        "INSERT INTO sales (reference, opened_at, state, last_seq) VALUES (?, ?, coalesce(?, 'open'), ?)"
        " ON CONFLICT (reference) DO UPDATE SET last_seq = excluded.last_seq, state = coalesce(?, state)",
        (reference, at, state, seq, state),
    )


def rebuild(connection: Connection) -> int:
    """Make the index again from the events, inside the caller's transaction; the number of sales."""
    connection.execute("DELETE FROM sales")
    for row in connection.execute("SELECT seq, stream, at, kind FROM events ORDER BY seq").fetchall():
        note(connection, *row)
    return int(connection.execute("SELECT count(*) FROM sales").fetchone()[0])


def open_sales(connection: Connection) -> tuple[str, ...]:
    """References of the sales that have not ended, in the order of their newest event."""
    rows = connection.execute("SELECT reference FROM sales WHERE state = 'open' ORDER BY last_seq")
    return tuple(reference for (reference,) in rows)


def recent(connection: Connection, limit: int) -> tuple[SaleEntry, ...]:
    """The sales whose newest events are the latest, newest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM sales ORDER BY last_seq DESC LIMIT ?", (limit,))
    return tuple(_sale(row) for row in rows)


def reservations(connection: Connection, limit: int) -> tuple[str, ...]:
    """The addresses of the newest reservations that sales were given."""
    rows = connection.execute(
        "SELECT payload FROM events WHERE kind = 'HoldPlaced' ORDER BY seq DESC LIMIT ?", (limit,)
    )
    return tuple(str(json.loads(payload)["hold"]["reservation"]) for (payload,) in rows)


def given(connection: Connection, reservations: Collection[str]) -> dict[str, str]:
    """Which sale was given each of these reservations, by its address in small letters; those of no sale are absent."""
    wanted = sorted({one.lower() for one in reservations})
    rows = connection.execute(
        "SELECT address, stream FROM (SELECT stream, CASE WHEN json_valid(payload)"
        " THEN lower(json_extract(payload, '$.hold.reservation')) END AS address FROM events WHERE kind = 'HoldPlaced')"
        f" WHERE address IN ({', '.join('?' * len(wanted))})",
        wanted,
    )
    return {address: stream.partition(":")[2] for address, stream in rows}


def opened(connection: Connection, after: datetime, before: datetime, limit: int) -> tuple[SaleEntry, ...]:
    """The sales that were opened from `after` until before `before`, newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM sales WHERE opened_at >= ? AND opened_at < ? ORDER BY opened_at DESC LIMIT ?",
        (_instant(after), _instant(before), limit),
    )
    return tuple(_sale(row) for row in rows)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")  # as the file writes it


def with_event(connection: Connection, kind: str) -> tuple[SaleEntry, ...]:
    """The sales that have an event of this kind, those with the newest events first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM sales WHERE ? || reference IN (SELECT stream FROM events WHERE kind = ?)"
        " ORDER BY last_seq DESC",
        (sale_stream(""), kind),
    )
    return tuple(_sale(row) for row in rows)


def find(connection: Connection, text: str, limit: int) -> tuple[SaleEntry, ...]:
    """The latest sales whose reference, customer or order (as the API calls it) holds `text`, newest first."""
    if not fold(text):
        return ()
    found: list[SaleEntry] = []
    for sale in recent(connection, _SCANNED):
        if finds(text, filed((sale.reference, *_texts(connection, sale.reference)))):
            found.append(sale)
            if len(found) == limit:
                break
    return tuple(found)


def _sale(row: tuple[str, str, str, int]) -> SaleEntry:
    reference, opened_at, state, last_seq = row
    return SaleEntry(reference, datetime.fromisoformat(opened_at), state, last_seq)


def _texts(connection: Connection, reference: str) -> Iterator[str]:
    stream = sale_stream(reference)
    rows = connection.execute("SELECT data FROM personal WHERE stream = ? AND data IS NOT NULL", (stream,)).fetchall()
    rows += connection.execute(
        f"SELECT payload FROM events WHERE stream = ? AND kind IN ({', '.join('?' * len(_SEARCHED_KINDS))})",
        (stream, *_SEARCHED_KINDS),
    ).fetchall()
    for (text,) in rows:
        try:
            yield from _strings(json.loads(text))
        except ValueError:  # a damaged row is told by the chain; it must not hide the other sales
            continue


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.rpartition("/")[2] if value.startswith("/") else value  # of an address, what is its own
    elif isinstance(value, dict):
        yield from _strings([one for name, one in value.items() if name not in _SAID_OF_EVERY_SALE])
        names = [value.get("first_name"), value.get("last_name")]
        if all(isinstance(name, str) for name in names):
            yield " ".join(str(name) for name in names)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
