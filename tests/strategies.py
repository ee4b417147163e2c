"""Hypothesis strategies for what a sale is made of, read from its dataclasses: a new event is covered at once."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from korus_tui.sale.events import Event, Recorded
from korus_tui.sale.money import Money

EVENT_CLASSES: tuple[type, ...] = get_args(Event)

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=offsets | st.just(UTC))
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
moneys = st.builds(
    Money,
    st.decimals(-(10**9), 10**9, places=2) | st.integers(-(10**6), 10**6).map(Decimal) | st.just(Decimal("1E+3")),
    st.sampled_from(["EUR", "CHF", "JPY", "TND"]),
)

_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(1, 10**6),
    bool: st.booleans(),
    datetime: instants,
    date: days,
    Money: moneys,
    type(None): st.none(),
}


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type as the sale's dataclasses write it in their fields."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) in (Union, types.UnionType):
        return st.one_of([of(one) for one in get_args(hint)])
    if get_origin(hint) is tuple:
        return st.lists(of(get_args(hint)[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: of(hints[field.name]) for field in fields(hint)})
    raise TypeError(f"no strategy for {hint}")


def events() -> st.SearchStrategy[Event]:
    """Any event of a sale; they need not make sense one after the other."""
    return st.one_of([of(cls) for cls in EVENT_CLASSES])


def recorded() -> st.SearchStrategy[Recorded]:
    """Any event as the journal hands it out."""
    return of(Recorded)
