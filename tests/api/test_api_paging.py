"""Collections are walked by page number, and end whatever the server claims (F19)."""

from __future__ import annotations

from typing import Any

import pytest
from api_lines import CATALOG, PaperLine
from hypothesis import given, settings
from hypothesis import strategies as st

from korus_tui.api.calls import Call
from korus_tui.api.client import KorusClient
from korus_tui.api.errors import Malformed
from korus_tui.api.hydra import MOST_MEMBERS, Page
from korus_tui.api.models.booking import Order
from korus_tui.api.models.ticketing import Product
from korus_tui.api.paging import MOST_PAGES


def _product(number: int) -> dict[str, Any]:
    return {"@id": f"/v1/ticketing/catalogs/{CATALOG}/products/p{number}", "name": f"Product {number}"}


def _page_number(call: Call) -> int:
    return int(dict(call.query)["page"])


def _shop(pages: list[list[int]], total: object, view: dict[str, Any] | None = None) -> PaperLine:
    """A server with these product numbers on its pages, and nothing beyond them."""

    def answer(call: Call) -> dict[str, Any]:
        number = _page_number(call)
        members = pages[number - 1] if number <= len(pages) else []
        return {"totalItems": total, "member": [_product(one) for one in members], "view": view or {}}

    return PaperLine(answer)


async def _read(line: PaperLine) -> Page[Product]:
    return await KorusClient(line).ticketing.products(CATALOG)


async def test_pages_are_asked_for_by_number_until_the_total_is_read() -> None:
    line = _shop([list(range(50)), list(range(50, 65))], 65)
    page = await _read(line)
    assert len(page.members) == page.total == 65
    assert page.incomplete is False
    assert [dict(call.query) for call in line.calls] == [
        {"page": "1", "itemsPerPage": "50"},
        {"page": "2", "itemsPerPage": "50"},
    ]


async def test_a_list_can_be_walked_page_by_page_and_left_early() -> None:
    line = _shop([[1, 2], [3, 4], [5]], 5)
    async for page in KorusClient(line).ticketing.products(CATALOG):
        assert [member.id for member in page.members] == ["p1", "p2"]
        break
    assert len(line.calls) == 1


@pytest.mark.parametrize(
    ("pages", "total", "read", "incomplete"),
    [
        ([[1, 2, 3]], 3, 3, False),
        ([[]], 0, 0, False),
        ([], None, 0, False),
        ([[1, 2], [3]], None, 3, False),
        ([[1, 2], []], 9, 2, True),
        ([[1, 2], [1, 2], [1, 2]], 9, 2, True),
        ([[1, 1, 2]], 3, 2, True),
        ([[1, 2], [2, 3]], 4, 3, True),
        ([[1, 2, 3]], 1, 3, True),
        ([list(range(50)), list(range(50, 60))], 20, 60, True),
        ([[1, 2]], "2", 2, False),
        ([[1, 2]], -4, 2, False),
        ([[1, 2]], {"a": 1}, 2, False),
    ],
)
async def test_f19_wrong_totals_and_repeats(pages: list[list[int]], total: object, read: int, incomplete: bool) -> None:
    page = await _read(_shop(pages, total))
    assert len(page.members) == read
    assert page.incomplete is incomplete


async def test_f19_a_loop_in_view_next_is_not_followed() -> None:
    here = f"/v1/ticketing/catalogs/{CATALOG}/products?page=1"
    line = _shop([[1, 2]], 2, view={"@id": here, "next": here})
    assert len((await _read(line)).members) == 2
    assert len(line.calls) == 1


async def test_f19_an_endless_list_ends() -> None:
    def answer(call: Call) -> dict[str, Any]:
        return {"totalItems": 10**8, "member": [_product(_page_number(call))]}

    line = PaperLine(answer)
    page = await _read(line)
    assert page.incomplete is True
    assert len(line.calls) == len(page.members) == MOST_PAGES


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 20), max_size=6), max_size=8), st.none() | st.integers(-5, 60))
async def test_f19_any_pages_end_without_doubles(pages: list[list[int]], total: int | None) -> None:
    line = _shop(pages, total)
    page = await _read(line)
    ids = [member.id for member in page.members]
    assert len(set(ids)) == len(ids)
    assert len(line.calls) <= len(pages) + 1
    if total is not None and total > len(ids):
        assert page.incomplete


async def test_f20_a_bad_member_is_counted_and_named() -> None:
    def answer(call: Call) -> dict[str, Any]:
        members = [_product(1), {"@id": "nowhere"}, _product(2)] if _page_number(call) == 1 else []
        return {"totalItems": 3, "member": members}

    page = await _read(PaperLine(answer))
    assert [member.id for member in page.members] == ["p1", "p2"]
    assert [error.field for error in page.rejected] == ["member[1].@id"]
    assert page.incomplete is False


@pytest.mark.parametrize(
    ("pages", "total", "missing"),
    [
        ([[]], 3, 3),
        ([[1, 2], []], 9, 7),
        ([[1, 2], [1, 2], [1, 2]], 4, 2),  # a page that comes again is no other page
        ([[1, 1, 2]], 3, 0),  # one that stands there twice is counted twice
        ([list(range(50)), list(range(50, 60))], 61, 1),
        ([[1, 2, 3]], 1, 0),
        ([[1, 2], [3]], None, 0),
    ],
)
async def test_f20_members_that_are_counted_and_do_not_come_are_not_absent(
    pages: list[list[int]], total: int | None, missing: int
) -> None:
    page = await _read(_shop(pages, total))
    assert [(one.resource, one.field, one.count) for one in page.rejected] == (
        [("Product", "totalItems", missing)] if missing else []
    )
    if missing:
        assert page.rejected[0].operation == "products.list"
        assert page.rejected[0].request_id
    if missing and not page.members:
        with pytest.raises(Malformed):
            page.readable()


@pytest.mark.parametrize("answer", [{}, {"member": None}, {"member": {}}, "x", None, 5])
async def test_f20_a_list_that_is_none_is_malformed(answer: object) -> None:
    with pytest.raises(Malformed) as caught:
        await _read(PaperLine(lambda call: answer))
    assert (caught.value.resource, caught.value.field) == ("Product", "member")
    assert caught.value.operation == "products.list"


def _orders(*members: dict[str, Any], total: int) -> KorusClient:
    return KorusClient(
        PaperLine(lambda call: {"totalItems": total, "member": list(members) if _page_number(call) == 1 else []})
    )


async def test_a_lost_order_is_found_by_our_reference_in_any_case_f85() -> None:
    mine = {"@id": "/v1/booking/orders/a", "externalReference": "KT-1"}
    other = {"@id": "/v1/booking/orders/b", "externalReference": "KT-12"}
    lower = {"@id": "/v1/booking/orders/c", "externalReference": "kt-1"}
    silent = {"@id": "/v1/booking/orders/d", "status": "confirmed"}
    found: Page[Order] = await _orders(mine, other, lower, silent, mine, total=5).booking.orders_by_reference("KT-1")
    assert [order.id for order in found.members] == ["a", "c", "d"]
    assert found.rejected == ()  # one that stands there twice hides nothing


@pytest.mark.parametrize("bare", ["/v1/booking/orders/d", {"@id": "/v1/booking/orders/d"}])
async def test_a_bare_address_among_the_orders_may_be_ours_f85(bare: Any) -> None:
    found = await _orders(bare, total=1).booking.orders_by_reference("KT-1")
    assert [error.field for error in found.rejected] == ["externalReference"]


@pytest.mark.parametrize(("members", "total"), [([{"@id": 5}], 1), ([7], 1), ([], 4)])
async def test_an_order_not_seen_is_not_taken_for_none(members: list[dict[str, Any]], total: int) -> None:
    mine = {"@id": "/v1/booking/orders/a", "externalReference": "KT-1"}
    page = await _orders(*members, mine, total=total + 1).booking.orders_by_reference("KT-1")
    assert [order.id for order in page.members] == ["a"]
    assert len(page.rejected) == 1


async def test_an_order_is_read_without_what_of_it_is_not_understood_f95() -> None:
    odd = {
        "id": "0194b132-448c-7d1b-bb13-f8e09ae5c18f",
        "reference": "KT-ORD-1",
        "externalReference": "KT-1",
        "totalAmountInclTax": {"amount": 5},
        "customer": 7,
        "items": [None, {"amountInclTax": [], "product": 3, "tickets": [{"id": "x"}]}],
        "documents": ["/v1/booking/orders/a/documents/1", 7],
        "status": "confirmed",
    }
    (order,) = (await _orders(odd, total=1).booking.orders_by_reference("KT-1")).members
    assert (order.iri, order.reference) == ("/v1/booking/orders/0194b132-448c-7d1b-bb13-f8e09ae5c18f", "KT-ORD-1")
    assert (len(order.items), order.documents, order.cancelled) == (1, ("/v1/booking/orders/a/documents/1",), False)
    assert {"totalAmountInclTax", "customer", "documents[1]", "items[0]", "items[1].tickets[0].@id"} <= set(order.odd)


async def test_f91_a_page_of_56000_members_is_read_as_far_as_it_can_be_a_page() -> None:
    page = await _read(_shop([list(range(56_000))], 56_000))
    assert (len(page.members), page.left_out, page.incomplete) == (MOST_MEMBERS, 56_000 - MOST_MEMBERS, True)
    assert [one.field for one in page.rejected] == [f"member[{MOST_MEMBERS}]"]  # what may be missing is not told absent


async def test_f91_a_page_of_unreadable_members_costs_no_more() -> None:
    line = PaperLine(lambda call: {"member": [7] * 1_000_000, "totalItems": 1})
    page = await _read(line)
    assert (len(page.rejected), len(line.calls), page.incomplete) == (2 * (MOST_MEMBERS + 1), 2, True)


async def test_f91_a_collection_that_never_ends_is_left_after_the_first_20000() -> None:
    line = PaperLine(
        lambda call: {
            "member": [_product(_page_number(call) * 5_000 + one) for one in range(5_000)],
            "totalItems": 10**6,
        }
    )
    page = await _read(line)
    assert (len(page.members), len(line.calls), page.incomplete) == (20_000, 4, True)
