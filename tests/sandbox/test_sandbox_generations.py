"""What each documented generation has, and what it lacks."""

from __future__ import annotations

import pytest
from sandbox_caller import DAY, SHOW, Caller
from sandbox_process import CATALOG_PATH

NOW = "2026-03-02T08:00:00Z"


def status(caller: Caller, path: str) -> int:
    return caller.http.get(path).status_code


@pytest.mark.options(generation="tutorial", now=NOW)
def test_the_tutorials_generation_is_flat_with_sessions_inside_tickets(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(SHOW)
    ticket = own_caller.tickets(offer)[1]
    assert status(own_caller, f"{CATALOG_PATH}/product_bases") == 404
    assert status(own_caller, f"{ticket['@id']}/sessions") == 404
    assert "/events/" in ticket["sessions"][0]["@id"]
    assert own_caller.get(ticket["sessions"][0]["@id"])["id"] == ticket["sessions"][0]["id"]
    assert offer.keys() == {
        "@id", "@type", "id", "date", "availableQuantity", "realtimePriceRequired", "price", "product", "tickets"
    }  # fmt: skip
    [held] = own_caller.hold(own_caller.item(offer, 2))
    assert held["items"][0]["quantity"] == 2
    assert {"amountInclTax", "date"}.isdisjoint(held["items"][0])
    [order] = own_caller.ordered(held, externalReference=None)
    assert (order["customer"], order["externalReference"]) == ([], None)
    assert {"status", "cancelledAt", "notes"}.isdisjoint(order)
    assert "tickets" not in order["items"][0]


@pytest.mark.options(generation="tutorial", now=NOW)
def test_the_tutorials_generation_ignores_the_newer_filters(own_caller: Caller) -> None:
    everything = own_caller.get(f"{CATALOG_PATH}/offers")["totalItems"]
    newer = own_caller.get(f"{CATALOG_PATH}/offers", **{"product[]": DAY, "date[after]": "2026-05-01"})["totalItems"]
    older = own_caller.get(f"{CATALOG_PATH}/offers", product=DAY)["totalItems"]
    assert newer == everything > older


@pytest.mark.options(generation="release", now=NOW)
def test_the_release_has_bases_and_ticket_sessions_and_one_item_a_place(own_caller: Caller) -> None:
    offer = own_caller.roomy_offer(SHOW)
    ticket = own_caller.tickets(offer)[1]
    assert status(own_caller, f"{CATALOG_PATH}/events") == 404
    assert "sessions" not in ticket
    assert offer["tickets"][1]["id"] == ticket["id"]
    assert (offer["availabilityCheckRequired"], offer["price"]["currency"]) == (True, "eur")
    item = own_caller.item(offer, 2)
    assert item["ticketSessions"][1]["session"].startswith(ticket["@id"])
    [held] = own_caller.hold(item)
    assert (held["status"], held["releasable"], held["order"]) == ("reserved", True, None)
    assert len(held["items"]) == 2
    assert {"quantity", "unitAmountInclTax"}.isdisjoint(held["items"][0])
    [order] = own_caller.ordered(held)
    assert order["status"] == "confirmed"
    assert order["customer"]["email"] == "john.doe@example.com"
    ids = {line["id"]: [one["id"] for one in line["tickets"]] for line in order["items"]}
    assert len(ids) == 2
    assert [len(tickets) for tickets in ids.values()] == [2, 2]
    for line in order["items"]:
        for one in line["tickets"]:
            assert own_caller.get(one["@id"])["id"] == one["id"]


@pytest.mark.options(generation="release", now=NOW)
def test_the_release_documents_no_forms(own_caller: Caller) -> None:
    offer = next(
        o for o in own_caller.offers(own_caller.product("Dîner-spectacle Adulte")) if o["availableQuantity"] > 2
    )
    assert own_caller.tickets(offer)[0]["form"] is None
    assert own_caller.hold(own_caller.item(offer))


def test_both_generations_resolve_both_kinds_of_session(caller: Caller) -> None:
    offer = caller.roomy_offer(SHOW)
    ticket = caller.tickets(offer)[1]
    newer = caller.get(f"{ticket['@id']}/sessions")["member"]
    older = ticket["sessions"]
    assert [one["id"] for one in newer] == [one["id"] for one in older]
    assert [one["@id"] for one in newer] != [one["@id"] for one in older]
    for session in (newer[0]["@id"], older[0]["@id"]):
        assert caller.get(session)["occursAt"] == older[0]["occursAt"]
        item = caller.item(offer)
        item["ticketSessions"][1]["session"] = session
        assert caller.hold(item)


def test_bases_have_options_values_and_products(caller: Caller) -> None:
    bases = {one["name"]: one for one in caller.get(f"{CATALOG_PATH}/product_bases", itemsPerPage=50)["member"]}
    base = bases["Puy du Fou 1 jour + Cinéscénie"]
    assert (base["timezone"], base["maxAmountPerOrder"], base["venue"]["country"]) == ("Europe/Paris", None, "FR")
    codes = [one["code"] for one in caller.get(f"{base['@id']}/options")["member"]]
    assert codes == ["price_type", "seating_category"]
    values = caller.get(f"{base['@id']}/options/seating_category/values")["member"]
    assert [one["label"] for one in values] == ["Or", "Argent", "Bronze"]
    products = caller.get(f"{base['@id']}/products", itemsPerPage=50)["member"]
    assert SHOW in [one["id"] for one in products]
    assert len(products) == 12
    argent = caller.get(
        f"{CATALOG_PATH}/offers", **{"optionValuesContext[]": values[1]["id"], "productBaseId": base["id"]}
    )
    assert argent["totalItems"] == 4 * caller.get(f"{CATALOG_PATH}/offers", product=SHOW)["totalItems"]
    assert any("<ul>" in one["description"] for one in bases.values())
    hidden = caller.get(f"{CATALOG_PATH}/product_bases", itemsPerPage=50, withDisabled="true")["totalItems"]
    assert hidden == len(bases) + 1
    assert caller.http.get(f"{base['@id']}/options/colour/values").status_code == 404


def test_the_second_catalog_has_its_own_language_currency_and_zone(caller: Caller) -> None:
    catalogs = caller.get("/v1/ticketing/catalogs")["member"]
    assert len(catalogs) == 2
    museum = catalogs[1]["@id"]
    names = [one["name"] for one in caller.get(f"{museum}/products")["member"]]
    assert "Museum Adult" in names
    offer = caller.get(f"{museum}/offers", itemsPerPage=1)["member"][0]
    assert offer["price"]["currency"] == "CAD"
    base = caller.get(f"{museum}/product_bases")["member"][0]
    assert base["timezone"] == "America/Halifax"
    assert caller.http.get(f"{museum}/products/{DAY}").status_code == 404


def test_translated_fields_follow_accept_language(caller: Caller) -> None:
    english = caller.http.get(f"{CATALOG_PATH}/products/{SHOW}", headers={"Accept-Language": "en-GB"}).json()
    french = caller.get(f"{CATALOG_PATH}/products/{SHOW}")
    assert english["name"] == "Puy du Fou 1 day Adult + Cinéscénie Silver"
    assert french["name"] == "Puy du Fou 1 jour Adulte + Cinéscénie Argent"
