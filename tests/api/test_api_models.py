"""The API's payloads as models: the tutorial's unchanged, and every documented variation (F13, F16, F18, F20)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from api_lines import EXAMPLES, example

from korus_tui.api import hydra
from korus_tui.api.errors import Malformed
from korus_tui.api.models.base import Iri
from korus_tui.api.models.booking import DocumentLink, Order, OrderTicket, Reservation
from korus_tui.api.models.requests import CustomerRequest, FormData, FormValue, ReservationItemRequest, TicketSession
from korus_tui.api.models.seating import Seating
from korus_tui.api.models.ticketing import (
    Catalog,
    Event,
    Form,
    Offer,
    OfferAvailability,
    OfferTicket,
    Price,
    Product,
    ProductBase,
    Session,
)

OFFER = "/v1/ticketing/catalogs/c/offers/o"


def test_the_tutorials_products() -> None:
    page = hydra.parse_page(Product, example("products.json"))
    assert (page.total, len(page.members), page.rejected) == (65, 2, ())
    assert page.members[1].name == "Puy du Fou 1 jour Adulte + Cinéscénie Argent"
    assert '" Puy du Fou + Cinéscénie "' in page.members[1].description


def test_the_tutorials_offer() -> None:
    (offer,) = hydra.parse_page(Offer, example("offers.json")).members
    assert offer.date == date(2025, 6, 7)
    assert offer.available_quantity == 1500
    assert offer.availability_check_required is None
    assert offer.price == Price(
        amount_incl_tax=Decimal("87.00"),
        original_amount_incl_tax=Decimal("87.00"),
        currency="EUR",
        sync_at=datetime(2025, 1, 28, 9, 32, 7, tzinfo=UTC),
    )
    assert isinstance(offer.product, Product)
    assert offer.product_iri.id == "0194abfe-1c04-7ade-9bc3-dbcfefb12652"
    assert [ticket.date_access for ticket in offer.tickets] == [None, None]


def test_the_tutorials_tickets() -> None:
    full_day, show = hydra.parse_page(OfferTicket, example("offer_tickets.json")).members
    assert full_day.date_access is True
    assert full_day.sessions == ()
    assert [session.available_quantity for session in show.sessions] == [24, 56]
    evening = show.sessions[1]
    assert evening.occurs_at.isoformat() == "2025-06-07T20:00:00+02:00"
    assert isinstance(evening.event, Event)
    assert evening.iri.id == "337177bc-e513-444f-bcee-49a3e25b48a3"


def test_the_tutorials_reservation() -> None:
    result = hydra.parse_reservations(example("reservations_bulk_response.json"))
    (reservation,) = result.reservations
    assert reservation.total_amount_incl_tax == Decimal("80.00")
    assert reservation.total_amount_excl_tax is None
    assert reservation.expires_at == datetime(2025, 1, 29, 8, 10, 53, tzinfo=UTC)
    assert reservation.order is None
    (item,) = reservation.items
    assert (item.quantity, item.unit_amount_incl_tax, item.total_amount_incl_tax) == (
        1,
        Decimal("42.32"),
        Decimal("42.32"),
    )
    assert [ticket.session is None for ticket in item.offer_tickets] == [True, False]
    assert result.failed_reservations == ()


def test_the_tutorials_order() -> None:
    (order,) = hydra.parse_orders(example("orders_bulk_response.json")).orders
    assert order.reference == "KT-ORD-6799E80128885"
    assert order.customer is None
    assert order.total_amount_excl_tax == Decimal("40.11")
    assert order.reservation == "/v1/booking/reservations/0194b10f-3ddd-70a5-a96a-d1026cd42746"
    assert [document.id for document in order.documents] == ["0194b132-449c-79cd-9da1-50be439b6e9d"]


def test_the_tutorials_violation_is_kept_whole() -> None:
    (violation,) = hydra.parse_problem(example("expired_reservation_422.json")).violations
    assert violation.path == "reservations[0].expired"
    assert violation.message == "La réservation a expiré"
    assert violation.code == "d53a91b0-def3-426a-83d7-269da7ab4200"


def test_the_tutorials_requests_are_what_we_write() -> None:
    wanted = example("reservations_bulk_request.json")["items"][0]
    plain, timed = wanted["ticketSessions"]
    item = ReservationItemRequest(
        quantity=1,
        offer=Iri(wanted["offer"]),
        ticket_sessions=(
            TicketSession(Iri(plain["ticket"])),
            TicketSession(Iri(timed["ticket"]), Iri(timed["session"])),
        ),
    )
    assert item.to_json() == wanted
    customer = CustomerRequest("John", "Doe", "john.doe@gmail.com", "0612345678", "FR", "fr")
    assert customer.to_json() == example("orders_bulk_request.json")["customer"]


def test_a_form_is_answered_with_strings() -> None:
    data = FormData(Iri("/v1/forms/f"), (FormValue(Iri("/v1/forms/f/fields/1"), "true"),))
    session = TicketSession(Iri(f"{OFFER}/tickets/t"), form_data=data)
    assert session.to_json()["formData"] == {
        "form": "/v1/forms/f",
        "fields": [{"field": "/v1/forms/f/fields/1", "value": "true"}],
    }


def test_every_example_was_looked_at() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {
        "expired_reservation_422.json",
        "offer_tickets.json",
        "offers.json",
        "orders_bulk_request.json",
        "orders_bulk_response.json",
        "products.json",
        "reservations_bulk_request.json",
        "reservations_bulk_response.json",
    }


def _offer(**changes: Any) -> dict[str, Any]:
    return {"@id": OFFER, "product": "/v1/ticketing/catalogs/c/products/p", **changes}


def test_an_offer_of_the_newest_generation() -> None:
    offer = hydra.parse(Offer, _offer(date=None, availabilityCheckRequired=False, price=None, tickets=None, new=[{}]))
    assert offer.id == "o"
    assert (offer.date, offer.available_quantity, offer.price, offer.tickets) == (None, None, None, ())
    assert offer.availability_check_required is False
    assert offer.product_iri == "/v1/ticketing/catalogs/c/products/p"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("87.00", "87.00"),
        (87, "87"),
        (Decimal("87.5"), "87.5"),
        ("-3.10", "-3.10"),
        ("0", "0"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_f16_f20_amounts_are_exact(written: object, read: str) -> None:
    price = hydra.parse(Price, {"amountInclTax": written, "currency": "eur"})
    assert str(price.amount_incl_tax) == read
    assert price.currency == "EUR"


@pytest.mark.parametrize("written", ["", "12,5", "1e5", "NaN", True, None, [], 87.5, Decimal("1E+999999"), "٣", " 1"])
def test_f20_what_is_no_amount_is_named(written: object) -> None:
    with pytest.raises(Malformed) as caught:
        hydra.parse(Price, {"amountInclTax": written, "currency": "EUR"})
    assert (caught.value.resource, caught.value.field) == ("Price", "amountInclTax")


def test_items_with_one_place_each() -> None:
    data = {"amountInclTax": "12.00", "amountExclTax": None, "date": "2026-05-01T00:00:00+00:00", "offer": OFFER}
    reservation = hydra.parse(
        Reservation, {"@id": "/v1/booking/reservations/r", "totalAmountInclTax": 24, "items": [data, data]}
    )
    assert reservation.expires_at is None
    first = reservation.items[0]
    assert (first.quantity, first.unit_amount_incl_tax, first.total_amount_incl_tax) == (1, Decimal(12), Decimal(12))
    assert first.date == date(2026, 5, 1)


@pytest.mark.parametrize("written", [None, "", "soon", 0, "2025-01-29T08:10:53", "9999-99-99T00:00:00Z"])
def test_f18_an_unreadable_deadline_is_unknown(written: object) -> None:
    data = {"@id": "/v1/booking/reservations/r", "totalAmountInclTax": "1", "expiresAt": written}
    assert hydra.parse(Reservation, data).expires_at is None


@pytest.mark.parametrize("customer", [[], None, {}, {"firstname": None}])
def test_f20_an_order_is_found_whatever_it_lacks(customer: object) -> None:
    order = hydra.parse(Order, {"@id": "/v1/booking/orders/o", "customer": customer, "documents": None})
    assert order.customer is None or order.customer.firstname == ""
    assert (order.documents, order.items, order.cancelled) == ((), (), False)


def test_sessions_of_both_kinds_and_oversold() -> None:
    for place in ("/v1/ticketing/catalogs/c/events/e/sessions/s", f"{OFFER}/tickets/t/sessions/s"):
        session = hydra.parse(Session, {"@id": place, "occursAt": "2026-05-01T10:00:00Z", "availableQuantity": -3})
        assert (session.iri, session.iri.id, session.available_quantity) == (place, "s", 0)


def test_sessions_named_by_address_only_are_left_to_their_own_call() -> None:
    ticket = hydra.parse(OfferTicket, {"@id": f"{OFFER}/tickets/t", "sessions": [f"{OFFER}/tickets/t/sessions/s"]})
    assert ticket.sessions == ()


def test_availability_names_sessions() -> None:
    place = f"{OFFER}/tickets/t/sessions/s"
    data = {"availableQuantity": None, "sessionsAvailability": [{"session": place, "availableQuantity": "7"}]}
    left = hydra.parse(OfferAvailability, data)
    assert left.available_quantity is None
    assert (left.sessions_availability[0].session, left.sessions_availability[0].available_quantity) == (place, 7)


def test_a_product_base_of_the_newest_generation() -> None:
    data = {
        "@id": "/v1/ticketing/catalogs/c/product_bases/b",
        "name": "Park",
        "description": "<p>Open &amp; <b>fun</b></p>",
        "timezone": "Europe/Paris",
        "maxAmountPerOrder": 9,
        "venue": {"name": "Le Puy", "latitude": "46.89", "line2": None},
        "medias": [],
    }
    base = hydra.parse(ProductBase, data)
    assert (base.description, base.timezone, base.max_amount_per_order) == ("Open & fun", "Europe/Paris", 9)
    assert base.venue is not None
    assert (base.venue.name, base.venue.line2) == ("Le Puy", "")
    assert base.medias is None


def test_a_form_with_choices_of_both_kinds() -> None:
    fields = [
        {"@id": "/v1/forms/f/fields/1", "name": "Size", "type": "single_choice", "choices": ["S", "M"]},
        {"@id": "/v1/forms/f/fields/2", "label": "Day", "type": "date", "required": True, "choices": None},
        {"@id": "/v1/forms/f/fields/3", "label": "Meal", "choices": [{"value": "v1", "label": "Vegan"}]},
    ]
    form = hydra.parse(Form, {"@id": "/v1/forms/f", "fields": fields})
    assert [(choice.value, choice.label) for choice in form.fields[0].choices] == [("S", "S"), ("M", "M")]
    assert (form.fields[0].label, form.fields[1].required, form.fields[2].choices[0].value) == ("Size", True, "v1")


def test_an_ordered_ticket_that_waits_for_its_holder() -> None:
    data = {
        "@id": "/v1/booking/orders/o/items/i/tickets/t",
        "requiredBeneficiaryFields": ["firstname", "dateOfBirth"],
        "beneficiary": None,
        "event": {"name": "Cinéscénie"},
        "seating": {"row": "A", "seat": 12},
        "status": "waiting_beneficiary_data",
    }
    ticket = hydra.parse(OrderTicket, data)
    assert ticket.required_beneficiary_fields == ("firstname", "dateOfBirth")
    assert (ticket.event, ticket.seating, ticket.beneficiary) == ("Cinéscénie", Seating(row="A", number="12"), None)


@pytest.mark.parametrize(
    ("written", "offer", "reason"),
    [
        (OFFER, OFFER, ""),
        ({"offer": OFFER, "quantity": 2, "reason": "sold out", "code": "x"}, OFFER, "sold out"),
        ({"offer": {"@id": OFFER}, "message": "no"}, OFFER, "no"),
        ({"item": {"offer": OFFER}, "error": {"detail": "late"}}, OFFER, "late"),
        ({}, None, ""),
        (None, None, ""),
        (7, None, ""),
        (["x"], None, ""),
    ],
)
def test_f13_failures_of_every_shape(written: object, offer: str | None, reason: str) -> None:
    held = example("reservations_bulk_response.json")["reservations"]
    result = hydra.parse_reservations({"reservations": held, "failedReservations": [written]})
    (failure,) = result.failed_reservations
    assert (failure.offer, failure.reason) == (offer, reason)
    assert len(result.reservations) == 1


@pytest.mark.parametrize("answer", [{}, [], None, {"orders": {}}, {"orders": []}, {"orders": None}, "x"])
def test_f07_a_bulk_answer_that_says_nothing_is_malformed(answer: object) -> None:
    with pytest.raises(Malformed) as caught:
        hydra.parse_orders(answer)
    assert caught.value.resource == "CreateOrderBulkOutput"


def test_f20_one_bad_member_hides_no_other() -> None:
    data = example("products.json")
    data["member"].insert(1, {"@id": 5, "name": None})
    page = hydra.parse_page(Product, data)
    assert len(page.members) == 2
    assert [(error.resource, error.field) for error in page.rejected] == [("Product", "member[1].@id")]
    answer = example("orders_bulk_response.json")
    answer["orders"].append({"id": "no address"})
    result = hydra.parse_orders(answer)
    assert len(result.orders) == 1
    assert result.rejected[0].field == "orders[1].@id"


@pytest.mark.parametrize(
    "path", ["", "x", "//host/x", "https://host/x", "/a b", "/a/../b", "/a?b", "/\x1b", "/é", "/a\n"]
)
def test_an_address_stays_on_its_origin(path: str) -> None:
    with pytest.raises(ValueError, match="path of a resource"):
        Iri(path)


def test_personal_data_and_signed_links_stay_out_of_repr() -> None:
    order = hydra.parse(Order, {"@id": "/v1/booking/orders/o", "customer": {"email": "ada@example.org"}})
    link = hydra.parse(DocumentLink, {"temporaryUrl": "https://files.example/x?signature=abc"})
    request = CustomerRequest("Ada", "Lovelace", "ada@example.org")
    assert "ada" not in repr((order, request)).lower()
    assert "signature" not in repr(link)


ODD: tuple[Any, ...] = ([1], {"a": 1}, "?", 3.5, True)
UNIMPORTANT = [
    (Catalog, {"@id": "/c/1", "name": "Park"}, ("createdAt", "lastSyncedAt")),
    (
        ProductBase,
        {"@id": "/b/1", "name": "Show"},
        ("disabled", "description", "shortDescription", "termsOfUse", "timezone", "maxAmountPerOrder", "useSession",
         "recurring", "beneficiaryInfoMayBeRequired", "instantDocumentDelivery", "universe", "venue", "medias"),
    ),
    (Product, {"@id": "/p/1", "name": "Adult"}, ("disabled", "description", "productBase", "optionValues")),
    (
        Offer,
        {"@id": "/o/1", "product": "/p/1"},
        ("availableQuantity", "availabilityCheckRequired", "realtimePriceRequired", "price", "tickets"),
    ),
    (OfferTicket, {"@id": "/t/1"}, ("name", "description", "dateAccess", "form")),
    (
        Session,
        {"@id": "/s/1", "occursAt": "2025-06-07T20:00:00+02:00"},
        ("duration", "availableQuantity", "event"),
    ),
    (
        Reservation,
        {"@id": "/r/1", "totalAmountInclTax": "80.00"},
        ("createdAt", "expiresAt", "expired", "releasable", "seatsArrangement", "catalog", "organization",
         "totalAmountExclTax"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("model", "least", "names"), UNIMPORTANT, ids=lambda one: getattr(one, "__name__", ""))
def test_what_nothing_hangs_on_hides_nothing(model: Any, least: dict[str, Any], names: tuple[str, ...]) -> None:
    """One field at a time, in every odd form: the rest of the resource is read as if that field were missing."""
    for name in names:
        for odd in (None, *ODD):
            read = hydra.parse(model, {**least, name: odd})
            assert read.iri == least["@id"], (name, odd)


_HUGE = [
    "1" * 4_000_000,
    "-" + "9" * 5_000,
    "1." + "1" * 4_000_000,
    "1e999999999",
    "1e99999999999999999999",
    "0e-999999999",
]


@pytest.mark.parametrize("number", _HUGE, ids=lambda number: number[:6])
@pytest.mark.parametrize("name", ["availableQuantity", "price", "name", "date"])
def test_f91_a_number_without_measure_costs_its_field_and_no_time(name: str, number: str) -> None:
    """It hides no other member, and is quick: each is looked at in the few signs that a number can have."""
    good = {"@id": "/v1/ticketing/offers/a", "id": "a", "product": "/v1/ticketing/products/p"}
    bad = json.dumps({**good, name: "?"}).replace(
        '"?"', f'{{"amountInclTax": {number}}}' if name == "price" else number
    )
    page = hydra.parse_page(Offer, hydra.loads(f'{{"member": [{bad}, {json.dumps(good)}]}}'.encode()))
    assert len(page.members) + len(page.rejected) == 2
    assert page.members[-1].id == "a"


@pytest.mark.parametrize("depth", [101, 500, 990, 100_000])
def test_f91_nesting_without_measure_is_no_answer(depth: int) -> None:
    for open_, close in (("[", "]"), ('{"a":', "}")):
        with pytest.raises(ValueError, match="nested too deeply"):
            hydra.loads(f'{{"member": {open_ * depth}7{close * depth}}}'.encode())
    assert hydra.loads(f'{{"member": {"[" * 90}7{"]" * 90}}}'.encode())
