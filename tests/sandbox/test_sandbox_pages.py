"""Pages, filters and totals of lists."""

from __future__ import annotations

import pytest
from sandbox_caller import DAY, SHOW, Caller
from sandbox_process import CATALOG_PATH

PRODUCTS = f"{CATALOG_PATH}/products"
OFFERS = f"{CATALOG_PATH}/offers"


def test_pages_by_number_give_each_product_once(caller: Caller) -> None:
    pages = [caller.get(PRODUCTS, itemsPerPage=20, page=page) for page in range(1, 6)]
    assert {page["totalItems"] for page in pages} == {65}
    assert [len(page["member"]) for page in pages] == [20, 20, 20, 5, 0]
    assert len({one["id"] for page in pages for one in page["member"]}) == 65


def test_the_view_leads_from_the_first_page_to_the_last(caller: Caller) -> None:
    view = caller.get(PRODUCTS, itemsPerPage=30)["view"]
    assert view.keys() == {"@id", "@type", "first", "last", "next"}
    middle = caller.get(view["next"])["view"]
    assert middle["previous"] == view["first"]
    last = caller.get(middle["next"])
    assert last["view"]["@id"] == view["last"]
    assert "next" not in last["view"]
    assert len(last["member"]) == 5


def test_ten_a_page_unless_asked_and_fifty_at_most(caller: Caller) -> None:
    assert len(caller.get(PRODUCTS)["member"]) == 10
    assert len(caller.get(PRODUCTS, itemsPerPage=50)["member"]) == 50
    assert caller.get(PRODUCTS, itemsPerPage=0)["member"] == []


@pytest.mark.parametrize(
    "query", ["itemsPerPage=51", "itemsPerPage=-1", "itemsPerPage=ten", "page=0", "page=-1", "page=1.5"]
)
def test_pages_that_cannot_be_are_refused(caller: Caller, query: str) -> None:
    assert caller.http.get(f"{PRODUCTS}?{query}").status_code == 400


def test_offers_by_day_range_and_order(caller: Caller) -> None:
    march = caller.offers(DAY, **{"date[after]": "2026-03-10", "date[before]": "2026-03-20"})
    days = [one["date"] for one in march]
    assert days == sorted(days)
    assert set(days) <= {f"2026-03-{day}" for day in range(10, 21)}
    edge = days[0]
    strict = [one["date"] for one in caller.offers(DAY, **{"date[strictly_after]": edge, "date[before]": "2026-03-20"})]
    assert strict == days[1:]
    back = caller.offers(DAY, **{"date[after]": edge, "date[strictly_before]": days[-1], "order[date]": "desc"})
    assert [one["date"] for one in back] == days[-2::-1]
    [one] = caller.offers(DAY, date=edge)
    assert one["product"]["id"] == DAY
    assert caller.http.get(OFFERS, params={"date": "31/12"}).status_code == 400
    assert caller.http.get(OFFERS, params={"order[date]": "up"}).status_code == 400


def test_offers_of_several_products_and_of_a_session(caller: Caller) -> None:
    both = caller.http.get(OFFERS, params=[("product[]", DAY), ("product[]", SHOW), ("itemsPerPage", "1")]).json()
    single = [caller.get(OFFERS, product=product)["totalItems"] for product in (DAY, SHOW)]
    assert both["totalItems"] == sum(single)
    offer = caller.roomy_offer(SHOW)
    session = caller.tickets(offer)[1]["sessions"][0]
    assert [one["id"] for one in caller.offers(SHOW, session=session["id"])] == [offer["id"]]


def test_events_list_their_sessions(caller: Caller) -> None:
    ticket = caller.tickets(caller.roomy_offer(SHOW))[1]
    event = ticket["sessions"][0]["event"]
    assert caller.get(event["@id"])["name"] == "Cinéscénie Adulte - Argent"
    assert caller.get(f"{event['@id']}/sessions")["totalItems"] > 600
    assert caller.get(f"{CATALOG_PATH}/events")["totalItems"] > 20


def test_orders_are_found_by_external_reference_and_creation(caller: Caller) -> None:
    first = caller.ordered(caller.hold_day(), externalReference="PAGES-A")[0]
    caller.sandbox.advance(60)
    second = caller.ordered(caller.hold_day(), externalReference="PAGES-B")[0]
    third = caller.ordered(caller.hold_day(), externalReference="PAGES-B")[0]

    def found(**query: str) -> list[str]:
        return [one["id"] for one in caller.get("/v1/booking/orders", itemsPerPage=50, **query)["member"]]

    assert found(external_reference="PAGES-A") == [first["id"]]
    assert set(found(external_reference="PAGES-B")) == {second["id"], third["id"]}
    assert found(external_reference="PAGES") == []
    assert found(**{"order[createdAt]": "desc"})[-1] != found(**{"order[createdAt]": "asc"})[-1]
    later = found(**{"createdAt[strictly_after]": first["createdAt"]})
    assert first["id"] not in later
    assert second["id"] in later
    assert found(**{"createdAt[before]": first["createdAt"]})[-1] == first["id"]
    assert caller.http.get("/v1/booking/orders", params={"external_reference": "x" * 51}).status_code == 400
    assert caller.http.get("/v1/booking/orders", params={"createdAt[after]": "soon"}).status_code == 400


def test_reservations_are_listed_by_creation(caller: Caller) -> None:
    first = caller.hold_day()
    caller.sandbox.advance(5)
    second = caller.hold_day()
    newest = caller.get("/v1/booking/reservations", **{"order[createdAt]": "desc"})["member"]
    assert [one["id"] for one in newest[:2]] == [second["id"], first["id"]]
    assert caller.http.get("/v1/booking/reservations/none").status_code == 404
