"""Which line an answer is about: every line is held or refused, none twice, whatever the answer's shape."""

from __future__ import annotations

import itertools
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "sale"))
from samples import euro, line

from korus_tui.api.models.base import Iri
from korus_tui.api.models.booking import Reservation
from korus_tui.api.models.bulk import FailedReservation
from korus_tui.counter.booking.matching import NOT_HELD, hold_of, sort_out
from korus_tui.sale.values import Line

_NUMBERS = itertools.count(1)
OFFER, OTHER = "0194ac40-fda7-78c1-8fcb-26fc2df25894", "0194ac40-fda7-78c1-8fcb-26fc2df25895"
EARLY, LATE = "ff23a5a2-a53f-43b9-a530-d84a61386449", "337177bc-e513-444f-bcee-49a3e25b48a3"


def a_line(key: str, quantity: int = 1, offer: str = OFFER, session: str | None = None) -> Line:
    made = line(key, quantity, session=session and f"/v1/ticketing/catalogs/c/events/e/sessions/{session}")
    return Line(made.id, f"/v1/ticketing/catalogs/c/offers/{offer}", *[getattr(made, name) for name in _REST])


_REST = ("product", "name", "day", "quantity", "quoted", "tickets", "zone")


def _item(offer: str, session: str | None, quantity: int | None) -> dict[str, Any]:
    """An item of a reservation; no quantity is the newest generation's one item a place, with its own session IRI."""
    path = f"/v1/ticketing/catalogs/c/offers/{offer}"
    kept: dict[str, Any] = {"ticket": f"{path}/tickets/t"}
    if session:
        kept["session"] = f"{path}/tickets/t/sessions/{session}"
    amounts = {"amountInclTax": "10.00"} if quantity is None else {"quantity": quantity, "totalAmountInclTax": "10.00"}
    return {"offer": path, "product": "/p", "offerTickets": [kept], **amounts}


def a_reservation(*parts: tuple[str, str | None, int], one_a_place: bool = False) -> Reservation:
    items = []
    for offer, session, quantity in parts:
        items += [_item(offer, session, None)] * quantity if one_a_place else [_item(offer, session, quantity)]
    number = next(_NUMBERS)
    return Reservation.model_validate(
        {
            "@id": f"/v1/booking/reservations/0194b10f-3ddd-70a5-a96a-{number:012d}",
            "@type": "BookingReservation",
            "id": f"0194b10f-3ddd-70a5-a96a-{number:012d}",
            "totalAmountInclTax": "10.00",
            "items": items,
        }
    )


@pytest.mark.parametrize("one_a_place", [False, True], ids=["quantity", "one a place"])
def test_a_reservation_goes_to_the_line_with_its_sessions_and_people(one_a_place: bool) -> None:
    lines = [a_line("early", 2, session=EARLY), a_line("late", 1, session=LATE), a_line("day", 3, OTHER)]
    made = [
        a_reservation((OTHER, None, 3), one_a_place=one_a_place),
        a_reservation((OFFER, LATE, 1), one_a_place=one_a_place),
        a_reservation((OFFER, EARLY, 2), one_a_place=one_a_place),
    ]
    found = sort_out(lines, made, ())
    assert [hold.lines for hold in found.holds] == [("day",), ("late",), ("early",)]
    assert (found.refused, found.strays) == ((), ())


def test_equal_lines_are_told_apart_by_their_people_in_any_order() -> None:
    lines = [a_line("one", 1), a_line("two", 2), a_line("three", 3)]
    for order in itertools.permutations((1, 2, 3)):
        found = sort_out(lines, [a_reservation((OFFER, None, people)) for people in order], ())
        assert {hold.lines for hold in found.holds} == {("one",), ("two",), ("three",)}
        assert found.strays == ()


def test_one_reservation_may_keep_several_lines() -> None:
    lines = [a_line("one", 1), a_line("two", 2), a_line("day", 3, OTHER)]
    (hold,) = sort_out(lines, [a_reservation((OFFER, None, 3), (OTHER, None, 3))], ()).holds
    assert set(hold.lines) == {"one", "two", "day"}


@pytest.mark.parametrize(
    "parts",
    [
        [(OFFER, None, 3)],
        [(OFFER, EARLY, 2)],
        [(OTHER, None, 2)],
        [(OFFER, None, 2), (OTHER, None, 1)],
    ],
    ids=["too many people", "another session", "another offer", "more than was asked"],
)
def test_what_fits_no_line_is_a_stray_and_holds_nothing(parts: list[tuple[str, str | None, int]]) -> None:
    stray = a_reservation(*parts)
    found = sort_out([a_line("a", 2)], [stray], ())
    assert found.holds == ()
    assert found.strays == (str(stray.iri),)
    assert (found.refused, found.silent) == ((), ("a",))


def test_failures_are_told_to_the_lines_that_they_name() -> None:
    lines = [a_line("a", 1), a_line("b", 1, OTHER), a_line("c", 2)]
    failed = [
        FailedReservation(reason="sans nom"),
        FailedReservation(Iri(f"/v1/ticketing/catalogs/c/offers/{OTHER}"), reason="complet", code="sold_out"),
    ]
    found = sort_out(lines, (), failed)
    refused = dict(found.refused)
    assert (refused["b"].code, refused["b"].words) == ("sold_out", "complet")
    assert (refused["a"].code, refused["a"].words) == (NOT_HELD, "sans nom")
    assert found.silent == ("c",)


def test_a_hold_bears_the_quotes_currency_and_the_sum_of_its_items() -> None:
    made = hold_of(a_reservation((OFFER, None, 2), (OTHER, None, 1)), [a_line("a", 2), a_line("b", 1, OTHER)])
    assert (made.total, made.items_total) == (euro(10), euro(20))


def test_a_sum_with_a_hole_is_no_sum() -> None:
    whole = a_reservation((OFFER, None, 2))
    holed = whole.model_copy(update={"items": (whole.items[0].model_copy(update={"total_amount_incl_tax": None}),)})
    assert hold_of(holed, [a_line("a", 2)]).items_total is None
    assert hold_of(holed, [a_line("a", 2)]).total.amount == Decimal("10.00")


_parts = st.tuples(st.sampled_from([OFFER, OTHER]), st.sampled_from([None, EARLY, LATE]), st.integers(1, 3))


@given(st.lists(_parts, max_size=5), st.lists(_parts, max_size=5))
def test_every_line_is_held_once_or_refused_once_or_not_named(
    wanted: list[tuple[str, str | None, int]], given_out: list[tuple[str, str | None, int]]
) -> None:
    lines = [a_line(str(number), people, offer, session) for number, (offer, session, people) in enumerate(wanted)]
    reservations = [a_reservation(part) for part in given_out]
    found = sort_out(lines, reservations, ())
    named = [key for hold in found.holds for key in hold.lines] + [key for key, _ in found.refused]
    named += found.silent
    assert sorted(named) == sorted(line.id for line in lines)
    assert len(found.holds) + len(found.strays) == len(reservations)
    people = {line.id: line.quantity for line in lines}
    kept = {str(one.iri): sum(item.quantity for item in one.items) for one in reservations}
    for hold in found.holds:
        assert sum(people[key] for key in hold.lines) == kept[hold.reservation]
