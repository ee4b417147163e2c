"""Every document that the description allows, in every generation, is read by the client, and read whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from fidelity.description import GENERATIONS
from fidelity.documents import Documents
from korus_tui.api import hydra
from korus_tui.api.calls import Answer
from korus_tui.api.models import booking, ticketing

ONE: dict[str, type[BaseModel]] = {
    "catalog": ticketing.Catalog,
    "product_base": ticketing.ProductBase,
    "option": ticketing.Option,
    "product": ticketing.Product,
    "event": ticketing.Event,
    "event_session": ticketing.Session,
    "session_availability": ticketing.SessionAvailability,
    "offer": ticketing.Offer,
    "offer_availability": ticketing.OfferAvailability,
    "offer_price": ticketing.Price,
    "offer_ticket": ticketing.OfferTicket,
    "ticket_session": ticketing.Session,
    "form": ticketing.Form,
    "reservation": booking.Reservation,
    "order": booking.Order,
    "order_ticket": booking.OrderTicket,
    "patch_order_ticket": booking.OrderTicket,
    "document": booking.Document,
    "patch_document": booking.DocumentLink,
}
LIST: dict[str, type[BaseModel]] = {
    "catalogs": ticketing.Catalog,
    "product_bases": ticketing.ProductBase,
    "product_base_products": ticketing.Product,
    "options": ticketing.Option,
    "option_values": ticketing.OptionValue,
    "products": ticketing.Product,
    "events": ticketing.Event,
    "event_sessions": ticketing.Session,
    "offers": ticketing.Offer,
    "offer_tickets": ticketing.OfferTicket,
    "ticket_sessions": ticketing.Session,
    "reservations": booking.Reservation,
    "orders": booking.Order,
    "documents": booking.Document,
}
CALLS = [  # a token is read by its own reader: tests/api/test_api_auth.py
    (generation, call)
    for generation in GENERATIONS
    for call, _schema in Documents(generation).answers()
    if call != "token"
]
SAID = ("reservations", "failedReservations", "orders", "failedOrders")


def read(call: str, document: Any) -> list[tuple[BaseModel, Any]]:
    """The models that the client makes of an answer, each beside what it was made of."""
    if call in LIST:
        page = hydra.parse_page(LIST[call], document)
        assert page.rejected == ()
        assert page.total == document.get("totalItems", document.get("hydra:totalItems"))
        return list(zip(page.members, document.get("member", document.get("hydra:member")), strict=True))
    if call == "reserve":
        held = hydra.parse_reservations(document)
        assert held.rejected == ()
        assert len(held.failed_reservations) == len(document["failedReservations"])
        return list(zip(held.reservations, document["reservations"], strict=True))
    if call == "order_bulk":
        made = hydra.parse_orders(document)
        assert made.rejected == ()
        return list(zip(made.orders, document["orders"], strict=True))
    return [(hydra.parse(ONE[call], document), document)]


def lost(model: BaseModel, document: Any, where: str) -> Iterator[str]:
    """The fields that the document fills and the model left empty."""
    for name, field in type(model).model_fields.items():
        value, wire = getattr(model, name), document.get(field.alias or name) if isinstance(document, dict) else None
        place = f"{where}.{field.alias or name}"
        if isinstance(value, BaseModel):
            yield from lost(value, wire, place)
        elif isinstance(value, tuple) and isinstance(wire, list):
            if len(value) != len(wire):
                yield place
            for number, (one, written) in enumerate(zip(value, wire, strict=False)):
                if isinstance(one, BaseModel):
                    yield from lost(one, written, f"{place}[{number}]")
        elif wire not in (None, "", [], {}) and not value and value not in (False, 0):
            yield place


@pytest.mark.parametrize(("generation", "call"), CALLS)
def test_every_documented_document_is_read_whole(generation: str, call: str) -> None:
    documents = Documents(generation)
    schema = dict(documents.answers())[call]
    tried = 0
    for words, document in documents.of(schema):
        if call in ("reserve", "order_bulk") and not any(document.get(name) for name in SAID):
            continue  # an answer that says nothing about any line is none (F07)
        try:
            found = read(call, document)
        except Exception as error:
            raise AssertionError(f"{words}: {error!r}") from error
        assert [place for model, part in found for place in lost(model, part, call)] == [], words
        tried += 1
    assert tried > 1


# The same said in other ways, which the documents' own examples or API Platform's other versions use.


def _prefixed(name: str, value: Any) -> tuple[str, Any]:
    return (f"hydra:{name}" if name in ("member", "totalItems", "view", "search") else name), value


def _numbers(name: str, value: Any) -> tuple[str, Any]:
    return name, Decimal(value) if "mount" in name and isinstance(value, str) else value


def _texts(name: str, value: Any) -> tuple[str, Any]:
    return name, str(value) if type(value) is int and name != "totalItems" else value


def _fractions(name: str, value: Any) -> tuple[str, Any]:
    return name, "2026-06-07T18:00:00.123456Z" if name.endswith("At") and isinstance(value, str) else value


def _embedded(name: str, value: Any) -> tuple[str, Any]:
    address = isinstance(value, str) and value.startswith("/v1/") and name != "@id"
    return name, {"@id": value, "@type": "Anything"} if address else value


def _gaps(name: str, value: Any) -> tuple[str, Any]:
    return name, {str(place): one for place, one in enumerate(value)} if isinstance(value, list) and value else value


def respelled(value: Any, spell: Callable[[str, Any], tuple[str, Any]]) -> Any:
    if isinstance(value, list):
        return [respelled(one, spell) for one in value]
    if not isinstance(value, dict):
        return value
    return dict(spell(name, respelled(one, spell)) for name, one in value.items())


@pytest.mark.parametrize("spell", [_prefixed, _numbers, _texts, _fractions, _embedded, _gaps])
@pytest.mark.parametrize(("generation", "call"), CALLS)
def test_it_is_read_however_it_is_spelled(
    generation: str, call: str, spell: Callable[[str, Any], tuple[str, Any]]
) -> None:
    documents = Documents(generation)
    most = dict(documents.of(dict(documents.answers())[call]))["most"]
    plain, other = read(call, most), read(call, respelled(most, spell))
    assert [place for model, part in other for place in lost(model, part, call)] == []
    assert len(plain) == len(other)
    if spell is not _fractions:
        assert [model.model_dump() for model, _part in plain] == [model.model_dump() for model, _part in other]


def test_a_person_by_an_address_alone_is_none_and_makes_an_order_no_less_whole() -> None:
    ticket = {"@id": "/v1/booking/orders/1/items/1/tickets/1", "beneficiary": "/v1/people/1"}
    order = {"@id": "/v1/booking/orders/1", "customer": "/v1/people/1", "items": [{"tickets": [ticket]}]}
    read = hydra.parse_in_part(booking.Order, order)
    assert (read.odd, read.customer, read.items[0].tickets[0].beneficiary) == ((), None, None)


def test_a_choice_that_is_an_object_can_be_answered() -> None:
    choices = [{"value": "a", "label": "A"}, {"code": "a", "name": "A"}, {"id": "a", "label": "A"}]
    form = {"@id": "/v1/forms/1", "fields": [{"@id": "/v1/forms/1/fields/1", "choices": choices}]}
    (field,) = hydra.parse(ticketing.Form, form).fields
    assert [(one.value, one.label) for one in field.choices] == [("a", "A")] * 3


@pytest.mark.parametrize("root", ["https://api.korusticket.com", "http://127.0.0.1:8900/korus"])
@pytest.mark.parametrize(("generation", "call"), CALLS)
def test_whole_addresses_below_the_api_are_read_as_paths(generation: str, call: str, root: str) -> None:
    """And no others: what stands below another host is no address of this API, and a document's link stays whole."""
    documents = Documents(generation)
    most = dict(documents.of(dict(documents.answers())[call]))["most"]

    def below(host: str) -> Any:
        def whole(name: str, value: Any) -> tuple[str, Any]:
            return name, f"{host}{value}" if isinstance(value, str) and value.startswith("/v1/") else value

        return respelled(most, whole)

    def told(document: Any) -> Any:
        return Answer(200, {}, json.dumps(document).encode(), root=root).json()

    assert told(below(root)) == most
    plain = "http" + root[root.index(":") :]
    for written in ("https://api.korusticket.com", "http://api.demo.korusticket.com:80", plain):
        assert told(below(written)) == most  # behind a gateway, under another name than it was asked by
    assert told(below("https://elsewhere.example")) == below("https://elsewhere.example")
    link = {"temporaryUrl": f"{root}/v1/files/1?signature=a"}
    assert told(link) == link
