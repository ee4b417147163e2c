"""Places: taken by a hold, given back at its end, taken for good by an order; and two callers who want the last one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sandbox_caller import DAY, SHOW, Caller, Json, paths

from korus_tui.sandbox.clock import SandboxClock
from korus_tui.sandbox.world import World

HOLD_SECONDS = 900


def left(caller: Caller, offer: Json) -> int:
    """Places left of the offer itself, in real time."""
    return int(caller.get(f"{offer['@id']}/availability")["availableQuantity"])


def session_left(caller: Caller, item: Json) -> int:
    return int(caller.get(f"{item['ticketSessions'][1]['session']}/availability")["availableQuantity"])


@pytest.mark.options(token_seconds=10**6)
def test_a_hold_takes_places_and_its_end_gives_them_back(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(SHOW)
    item = own_caller.item(offer, 3)
    before = left(own_caller, offer), session_left(own_caller, item)
    [held] = own_caller.hold(item)
    assert (left(own_caller, offer), session_left(own_caller, item)) == (before[0] - 3, before[1] - 3)
    own_caller.sandbox.advance(HOLD_SECONDS - 60)
    assert own_caller.get(held["@id"])["expired"] is False
    own_caller.sandbox.advance(61)
    shown = own_caller.get(held["@id"])
    assert (shown["expired"], shown["status"], shown["order"]) == (True, "released", None)
    assert (left(own_caller, offer), session_left(own_caller, item)) == before


@pytest.mark.options(token_seconds=10**6)
def test_an_order_takes_places_for_good(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(DAY)
    before = left(own_caller, offer)
    [held] = own_caller.hold(own_caller.item(offer, 2))
    [order] = own_caller.ordered(held)
    own_caller.sandbox.advance(HOLD_SECONDS * 2)
    assert left(own_caller, offer) == before - 2
    shown = own_caller.get(held["@id"])
    assert (shown["expired"], shown["order"]) == (False, order["@id"])


@pytest.mark.options(listing_seconds=1000)
def test_of_two_callers_for_the_last_place_one_gets_a_reservation_and_one_a_failed_entry(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(SHOW)
    item = own_caller.item(offer)
    own_caller.offers(SHOW)  # the lists' snapshot: from here on they are older than the truth
    session = item["ticketSessions"][1]["session"]
    own_caller.sandbox.sell(session, session_left(own_caller, item) - 1)
    with ThreadPoolExecutor(2) as pool:
        answers = [answer.json() for answer in pool.map(own_caller.reserve, [item, item])]
    assert sorted(len(one["reservations"]) for one in answers) == [0, 1]
    [failed] = [entry for one in answers for entry in one["failedReservations"]]
    assert failed.keys() == {"offer", "quantity", "reason", "code"}
    assert (failed["offer"], failed["quantity"]) == (offer["@id"], 1)
    assert session_left(own_caller, item) == 0


@pytest.mark.options(listing_seconds=60)
def test_lists_are_behind_the_truth_for_a_while_and_then_refuse_with_422(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(DAY)
    listed, item = offer["availableQuantity"], own_caller.item(offer)
    own_caller.sandbox.sell(offer["@id"], listed)
    assert own_caller.get(offer["@id"])["availableQuantity"] == listed
    assert left(own_caller, offer) == 0
    assert own_caller.reserve(item).json()["failedReservations"][0]["offer"] == offer["@id"]
    own_caller.sandbox.advance(61)
    assert own_caller.get(offer["@id"])["availableQuantity"] == 0
    assert paths(own_caller.reserve(item)) == {"items[0].quantity"}


@pytest.mark.options(listing_seconds=0)
def test_each_item_is_held_by_itself_and_two_items_cannot_take_the_same_last_place(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(DAY)
    own_caller.sandbox.sell(offer["@id"], left(own_caller, offer) - 1)
    other = own_caller.roomy_offer(SHOW)
    answer = own_caller.reserve(own_caller.item(offer), own_caller.item(offer), own_caller.item(other, 2)).json()
    assert [one["items"][0]["offer"] for one in answer["reservations"]] == [offer["@id"], other["@id"]]
    assert [one["offer"] for one in answer["failedReservations"]] == [offer["@id"]]


def test_live_prices_move_and_a_hold_takes_the_price_of_its_moment(caller: Caller) -> None:
    product = caller.product("Visite des coulisses Adulte")
    offer = next(one for one in caller.offers(product) if one["availableQuantity"] > 5)
    assert offer["realtimePriceRequired"] is True
    seen = set()
    for _ in range(6):
        price = caller.get(f"{offer['@id']}/price")
        assert caller.hold(caller.item(offer))[0]["totalAmountInclTax"] == price["amountInclTax"]
        assert Decimal(price["amountExclTax"]) < Decimal(price["amountInclTax"])
        seen.add(price["amountInclTax"])
        caller.sandbox.advance(300)
    assert len(seen) > 1


def test_the_price_can_be_moved_at_each_stage_of_a_sale(caller: Caller) -> None:
    offer = caller.roomy_offer(caller.product("Puy du Fou 3 jours Réduit"))
    for stage, amount in (("listed", "50.00"), ("realtime", "51.00"), ("held", "52.00"), ("ordered", "53.00")):
        caller.sandbox.control("price", offer=offer["@id"], amount=amount, stages=[stage])
    [held] = caller.hold(caller.item(offer))
    [order] = caller.ordered(held)
    assert [
        caller.get(offer["@id"])["price"]["amountInclTax"],
        caller.get(f"{offer['@id']}/price")["amountInclTax"],
        held["totalAmountInclTax"],
        order["totalAmountInclTax"],
    ] == ["50.00", "51.00", "52.00", "53.00"]


def test_calendars_have_full_days_scarce_days_unlimited_days_and_closed_days(caller: Caller) -> None:
    days = [one for page in range(1, 9) for one in caller.offers(DAY, page=page)]
    places = [one["availableQuantity"] for one in days]
    assert {0, None} <= set(places)
    assert any(0 < count < 10 for count in places if count)
    assert len({one["price"]["amountInclTax"] for one in days}) >= 4
    assert 340 < len(days) < 400  # closed days have no offer
    assert len({one["date"] for one in days}) == len(days)
    assert all(
        one["availableQuantity"] == 0 for one in caller.offers(caller.product("Avant-première La Pérouse Adulte"))
    )
    [undated] = caller.offers(caller.product("Pass annuel Adulte"))
    assert (undated["date"], undated["availableQuantity"], undated["availabilityCheckRequired"]) == (None, None, False)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-12-15", "2026-12-22", "2026-12-29"])
def test_the_day_it_starts_on_is_never_a_closed_one(day: str) -> None:
    def sold(start: str) -> bool:
        world = World(1, SandboxClock(f"{start}T09:00:00Z"))
        return any(str(offer.day) == day for product in world.products.values() for offer in world.offers_of(product))

    assert sold(day)
    assert not sold("2026-11-20")
