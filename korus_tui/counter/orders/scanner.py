"""A barcode scanner that types like a keyboard: told from it by its prefix and its end, never by its speed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MOST = 200  # characters of a scan that can be looked at; the rest of one is swallowed
_ORDER = re.compile(r"KT-?O(?:RD|LKT)-[0-9A-Z]{4,24}\Z", re.ASCII)
_VOUCHER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,39}\Z", re.ASCII)
_DIGITS = 4  # that a voucher has at least
_WARES = (8, 12, 13)  # digits of the barcodes of a shop's wares
_SHOWN = 40  # characters of an unknown code that are told to the agent


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything between prefix and end, as it was scanned."""

    text: str


class Wedge:
    """Takes characters one by one: from the prefix to the end they belong to a scan, whatever they are.

    A printed code may hold any sign, also those that a terminal sends for a function key: nothing but the end ends it,
    or Escape where a scanner forgot its end.
    """

    def __init__(self, prefix: str, end: str) -> None:
        """`prefix` "" is no scanner at all: every key passes."""
        self._prefix = prefix
        self._end = end
        self._kept: list[str] | None = None

    @property
    def reading(self) -> bool:
        """Whether a scan has begun and not ended."""
        return self._kept is not None

    def take(self, typed: str) -> bool | Scan:
        """What was typed (a character, or "" for a key that has none): False passes, True is kept, a Scan is whole."""
        if self._prefix and typed == self._prefix:
            self._kept = []
            return True
        if self._kept is None:
            return False
        if typed == "\x1b":  # the agent's own key: what reads the terminal lets none of a code come through
            self._kept = None
            return Scan("")
        if _same(typed, self._end):
            text, self._kept = "".join(self._kept), None
            return Scan(text)
        if len(self._kept) < _MOST:
            self._kept.append(typed)
        return True


def _same(typed: str, end: str) -> bool:
    """Line feed and carriage return are one key."""
    return typed == end or (typed in ("\r", "\n") and end in ("\r", "\n"))


def order_code(scanned: str, today: date) -> str | None:
    """What to look an order up by: our reference, Korus's, an order's id, or what may be a ticket's voucher.

    None for a code of anything else. No form of a voucher is documented: one is a word with several digits.
    """
    from korus_tui.counter.orders.query import QueryKind, read  # first frame

    text = scanned.strip()
    found = read(text, today)
    if found.kind in (QueryKind.OURS, QueryKind.ORDER_ID):
        return found.text
    if _ORDER.match(text.upper()):
        return text.upper()
    digits = sum(sign.isdigit() for sign in text)
    is_ware = digits == len(text) and digits in _WARES
    return text if _VOUCHER.match(text) and digits >= _DIGITS and not is_ware else None


def said(scanned: str) -> str:
    """A scanned code as it is told: its beginning; what cannot be printed shows as a dot."""
    kept = "".join(sign if sign.isprintable() else "·" for sign in scanned.strip()[:_SHOWN])
    return kept + ("…" if len(scanned.strip()) > _SHOWN else "")
