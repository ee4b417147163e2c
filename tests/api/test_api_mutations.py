"""F20: any damage to an example is read, or is an error that names resource and field; never anything else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from api_lines import example
from hypothesis import given, settings
from hypothesis import strategies as st

from korus_tui.api import hydra
from korus_tui.api.errors import Malformed
from korus_tui.api.models.ticketing import Offer, OfferTicket, Product

Reader = Callable[[Any], object]

READERS: dict[str, Reader] = {
    "products.json": lambda data: hydra.parse_page(Product, data),
    "offers.json": lambda data: hydra.parse_page(Offer, data),
    "offer_tickets.json": lambda data: hydra.parse_page(OfferTicket, data),
    "reservations_bulk_response.json": hydra.parse_reservations,
    "orders_bulk_response.json": hydra.parse_orders,
    "expired_reservation_422.json": hydra.parse_problem,
}

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "0", "-1", "1e9", "2025-13-45", "2025-06-07", "0001-01-01T00:00:00+23:59", "\ud800", "\x1b"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def _places(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything inside `data`."""
    for key, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*above, key)
        yield from _places(inner, (*above, key))


def _damaged(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    """A copy with `value` at `place`; the Ellipsis takes it away."""
    changed = copy.deepcopy(data)
    *above, last = place
    holder = changed
    for key in above:
        holder = holder[key]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return changed


def _check_read_or_named(reader: Reader, data: Any) -> None:
    try:
        named = list(getattr(reader(data), "rejected", ()))
    except Malformed as error:
        named = [error]
    assert all(error.resource and (error.field or not isinstance(data, dict)) for error in named)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_f20_one_value_changed(name: str, data: st.DataObject) -> None:
    written = example(name)
    place = data.draw(st.sampled_from(sorted(_places(written), key=repr)))
    _check_read_or_named(READERS[name], _damaged(written, place, data.draw(values | st.just(...))))


@pytest.mark.parametrize("name", READERS)
def test_f20_each_field_missing_null_or_of_another_kind(name: str) -> None:
    written = example(name)
    for place in _places(written):
        for value in (..., None, [], {}, "", 0, -1, True, "x", [None], {"0": {}}, Decimal("1E+400"), [[]] * 3):
            _check_read_or_named(READERS[name], _damaged(written, place, value))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(READERS)), values)
def test_f20_something_else_altogether(name: str, data: Any) -> None:
    _check_read_or_named(READERS[name], data)


@given(st.binary(max_size=60) | st.sampled_from([b"[" * 100_000, b'{"a":' * 50_000, b"NaN", b"1" * 5000, b"\xff"]))
def test_f07_any_body_is_json_or_a_value_error(body: bytes) -> None:
    try:
        data = hydra.loads(body)
    except ValueError:
        return
    assert data is None or isinstance(data, (bool, int, Decimal, str, list, dict))
