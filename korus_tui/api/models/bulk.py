"""The answers of the two bulk calls, where some lines may fail in a shape that nobody documented (F13)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from korus_tui.api.errors import Malformed
from korus_tui.api.models.base import Iri, count_of, label_of, without_gaps
from korus_tui.api.models.booking import Order, Reservation
from korus_tui.api.text import clean_line

_DEPTH = 4
_REASONS = ("reason", "message", "detail", "error", "description", "title")
_CODES = ("code", "type", "status")


@dataclass(frozen=True)
class FailedReservation:
    """One offer that could not be held: whatever of it can be read, `raw` for the rest (short, cleaned)."""

    offer: Iri | None = None
    quantity: int | None = None
    reason: str = ""
    code: str = ""
    raw: str = field(default="", repr=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """From any JSON value; never fails."""
        return cls(
            offer=_address(value, "offers"),
            quantity=_quantity(value),
            reason=_first(value, _REASONS),
            code=_first(value, _CODES),
            raw=_raw(value),
        )


@dataclass(frozen=True)
class FailedOrder:
    """One reservation that could not be ordered: whatever of it can be read."""

    reservation: Iri | None = None
    reason: str = ""
    code: str = ""
    raw: str = field(default="", repr=False)

    @classmethod
    def read(cls, value: object) -> Self:
        """From any JSON value; never fails."""
        return cls(
            reservation=_address(value, "reservations"),
            reason=_first(value, _REASONS),
            code=_first(value, _CODES),
            raw=_raw(value),
        )


@dataclass(frozen=True)
class ReservationBulkResult:
    """What is held, what could not be, and answers about lines that cannot be read (`rejected`: look those up)."""

    reservations: tuple[Reservation, ...]
    failed_reservations: tuple[FailedReservation, ...] = ()
    rejected: tuple[Malformed, ...] = ()


@dataclass(frozen=True)
class OrderBulkResult:
    """What is ordered, what could not be, and orders that cannot be read (`rejected`: look those up)."""

    orders: tuple[Order, ...]
    failed_orders: tuple[FailedOrder, ...] = ()
    rejected: tuple[Malformed, ...] = ()


def failures(value: object) -> tuple[object, ...]:
    """The list of failures, also where it is missing, or a single one without a list round it."""
    if value is None or value == "" or value == {}:
        return ()
    value = without_gaps(value)
    return tuple(value) if isinstance(value, list) else (value,)


def _scalars(value: object, depth: int = _DEPTH) -> Iterator[tuple[str, object]]:
    """Names and plain values inside `value`, the outer ones first."""
    if not isinstance(value, Mapping) or depth == 0:
        return
    yield from ((str(name), inner) for name, inner in value.items() if not isinstance(inner, (Mapping, list)))
    for inner in value.values():
        for part in inner if isinstance(inner, list) else [inner]:
            yield from _scalars(part, depth - 1)


def _address(value: object, collection: str) -> Iri | None:
    """The first address of a resource of `collection`: its path's last segment but one says what it is."""
    for text in [value] if isinstance(value, str) else [inner for _, inner in _scalars(value)]:
        if isinstance(text, str) and f"/{collection}/" in text:
            start, _, rest = text.rpartition(f"/{collection}/")
            try:
                return Iri(f"{start}/{collection}/{rest.partition('/')[0]}")
            except ValueError:
                continue
    return None


def _quantity(value: object) -> int | None:
    for name, inner in _scalars(value):
        if name == "quantity":
            try:
                return count_of(inner)
            except ValueError:
                return None
    return None


def _first(value: object, names: tuple[str, ...]) -> str:
    found = {name: label for name, inner in reversed(list(_scalars(value))) if (label := label_of(inner))}
    return next((found[name] for name in names if name in found), "")


def _raw(value: object) -> str:
    return clean_line(json.dumps(value, default=str), 300)
