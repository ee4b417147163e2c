"""Events become rows and come back, whatever is in them; what cannot come back is never written."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import EVENT_CLASSES, events, of

from korus_tui.journal import codec
from korus_tui.journal.errors import NewerEvent, UnreadableEvent
from korus_tui.sale.events import (
    PERSONAL,
    CustomerEntered,
    HoldExpired,
    HoldPlaced,
    LineAdded,
    NotesEntered,
    SaleVoided,
)
from korus_tui.sale.money import Money
from korus_tui.sale.values import Customer, Hold, Line, TicketChoice

SALE = "sale:KTWS-YP6C-ML3C"


def read_back(written: codec.Written, *, erased: bool = False) -> object:
    kept = {part.id: (None, None) if erased else (part.data, part.salt) for part in written.personal}
    return codec.decode(SALE, written.kind, written.version, written.payload, kept.get)


@pytest.mark.parametrize("cls", EVENT_CLASSES, ids=lambda cls: cls.__name__)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_every_event_comes_back_as_it_was(cls: type, data: st.DataObject) -> None:
    event = data.draw(of(cls))
    back = read_back(codec.encode(SALE, event))
    assert back == event
    assert type(back) is cls


@given(events())
@settings(deadline=None)
def test_payload_is_canonical(event: object) -> None:
    payload = codec.encode(SALE, event).payload
    assert payload == codec.canonical(json.loads(payload))


def test_the_notation_stays_what_it_is() -> None:
    line = Line(
        id="1",
        offer="/offers/1",
        product="/products/1",
        name="Cinéscénie",
        day=date(2025, 6, 7),
        quantity=2,
        quoted=Money.of("87.00", "eur"),
        tickets=(TicketChoice("/tickets/1", "Show", "/sessions/1", datetime(2025, 6, 7, 20, 30, tzinfo=UTC)),),
    )
    assert codec.encode(SALE, LineAdded(line)) == codec.Written(
        "LineAdded",
        1,
        '{"line":{"day":"2025-06-07","id":"1","name":"Cinéscénie","offer":"/offers/1","product":"/products/1",'
        '"quantity":2,"quoted":{"amount":"87.00","currency":"EUR"},"tickets":[{"answers":[],"form":null,"name":"Show",'
        '"session":"/sessions/1","starts_at":"2025-06-07T20:30:00Z","ticket":"/tickets/1"}],"zone":null},"replaces":[]}',
        (),
    )


def test_money_keeps_its_cents() -> None:
    event = read_back(codec.encode(SALE, _hold(expires_at=None)))
    assert isinstance(event, HoldPlaced)
    assert str(event.hold.total.amount) == "80.10"
    assert event.hold.total.amount == Decimal("80.10")


def test_the_second_two_o_clock_of_a_night_is_told_from_the_first_f33() -> None:
    paris = ZoneInfo("Europe/Paris")
    first, second = (datetime(2025, 10, 26, 2, 30, tzinfo=paris, fold=fold) for fold in (0, 1))
    read = [read_back(codec.encode(SALE, _hold(expires_at=moment))) for moment in (first, second)]
    assert [event.hold.expires_at.astimezone(UTC) for event in read if isinstance(event, HoldPlaced)] == [
        first.astimezone(UTC),
        second.astimezone(UTC),
    ]


def test_personal_data_stands_apart() -> None:
    customer = Customer("Zoë", "Quillfeather", "zoe@example.org", phone="+33 6 00 00 00 00")
    written = codec.encode(SALE, CustomerEntered(customer))
    reference = json.loads(written.payload)["customer"]
    (part,) = written.personal
    assert reference.keys() == {"personal", "digest"}
    assert reference["personal"] == part.id
    assert "Quillfeather" not in written.payload
    assert "Quillfeather" in part.data


def test_the_same_customer_has_another_digest_each_time() -> None:
    event = CustomerEntered(Customer("Zoë", "Quillfeather", "zoe@example.org"))
    first, second = (json.loads(codec.encode(SALE, event).payload)["customer"] for _ in range(2))
    assert first["digest"] != second["digest"]
    assert first["personal"] != second["personal"]


def test_erased_data_reads_as_nobody() -> None:
    written = codec.encode(SALE, CustomerEntered(Customer("Zoë", "Quillfeather", "zoe@example.org", walk_in=True)))
    assert read_back(written, erased=True) == CustomerEntered(Customer("—", "", ""))
    assert read_back(codec.encode(SALE, NotesEntered("wheelchair")), erased=True) == NotesEntered("")


def test_every_personal_field_has_an_erased_value() -> None:
    named = {(cls.__name__, name) for cls, names in PERSONAL.items() for name in names}
    assert named == codec.ERASED.keys()
    assert all(name in {field.name for field in fields(cls)} for cls, names in PERSONAL.items() for name in names)


def test_a_family_without_an_erased_value_is_refused() -> None:
    with pytest.raises(ValueError, match=r"HoldExpired\.reservation"):
        codec.register("held", [HoldExpired], {HoldExpired: ("reservation",)})


def test_changed_personal_data_is_not_taken_for_true() -> None:
    written = codec.encode(SALE, NotesEntered("wheelchair"))
    salt = written.personal[0].salt
    for found in [('"pushchair"', salt), ('"wheelchair"', b"other"), (None, salt), None]:
        with pytest.raises(UnreadableEvent, match="digest"):
            codec.decode(SALE, written.kind, 1, written.payload, lambda _id, found=found: found)


@pytest.mark.parametrize(
    ("stream", "kind", "version"),
    [(SALE, "SaleTeleported", 1), (SALE, "HoldExpired", 2), ("moon:1", "HoldExpired", 1)],
)
def test_what_a_newer_program_wrote_is_named_so(stream: str, kind: str, version: int) -> None:
    with pytest.raises(NewerEvent):
        codec.decode(stream, kind, version, '{"reservation":"r"}', {}.get)


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "null", "{}", '{"reservation":1}', '{"reservation":null}', '{"reservation":"r"', "\udcff"],
)
def test_a_payload_of_another_shape_is_unreadable(payload: str) -> None:
    with pytest.raises(UnreadableEvent):
        codec.decode(SALE, "HoldExpired", 1, payload, {}.get)


def test_the_complaint_names_the_field_and_not_the_person() -> None:
    data = '{"first_name":"Zoë","last_name":["Quillfeather"],"email":"zoe@example.org"}'
    payload = json.dumps({"customer": {"personal": "p", "digest": codec.digest_of(b"s", data)}})
    with pytest.raises(UnreadableEvent) as caught:
        codec.decode(SALE, "CustomerEntered", 1, payload, {"p": (data, b"s")}.get)
    assert "customer.last_name" in str(caught.value)
    assert "Quillfeather" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_upgrades_bring_an_old_shape_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(payload: dict[str, Any]) -> dict[str, Any]:
        return {"why": payload["cause"]}

    def renamed_again(payload: dict[str, Any]) -> dict[str, Any]:
        return {"reason": payload["why"] + "."}

    monkeypatch.setitem(codec.UPGRADES, ("SaleVoided", 1), renamed)
    monkeypatch.setitem(codec.UPGRADES, ("SaleVoided", 2), renamed_again)
    assert codec.decode(SALE, "SaleVoided", 1, '{"cause":"left"}', {}.get) == SaleVoided("left.")
    assert codec.decode(SALE, "SaleVoided", 2, '{"why":"left"}', {}.get) == SaleVoided("left.")
    assert codec.encode(SALE, SaleVoided("left")).version == 3
    assert read_back(codec.encode(SALE, SaleVoided("left"))) == SaleVoided("left")


def test_an_upgrade_that_meets_another_shape_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(codec.UPGRADES, ("SaleVoided", 1), lambda payload: {"reason": payload["cause"]})
    with pytest.raises(UnreadableEvent):
        codec.decode(SALE, "SaleVoided", 1, '{"reason":"left"}', {}.get)


def test_an_erased_field_goes_through_upgrades(monkeypatch: pytest.MonkeyPatch) -> None:
    written = codec.encode(SALE, NotesEntered("wheelchair"))
    monkeypatch.setitem(codec.UPGRADES, ("NotesEntered", 1), lambda payload: payload)
    assert read_back(written, erased=True) == NotesEntered("")


@dataclass(frozen=True)
class Stranger:
    reason: str


@pytest.mark.parametrize(
    "event",
    [
        Stranger("no event of a sale"),
        SaleVoided(reason=1),  # type: ignore[arg-type]
        SaleVoided("half a letter \ud800"),
        NotesEntered("half a letter \ud800"),
        HoldPlaced("a", Hold("r", (), Money.of("1.00", "EUR"), None, None, datetime(2025, 6, 7, 12))),
    ],
    ids=["stranger", "wrong type", "no Unicode", "no Unicode in personal data", "time without offset"],
)
def test_what_could_not_be_read_back_is_refused_before_it_is_written(event: object) -> None:
    with pytest.raises(UnreadableEvent):
        codec.encode(SALE, event)


def _hold(expires_at: datetime | None) -> HoldPlaced:
    return HoldPlaced("a", Hold("r", ("1",), Money.of("80.10", "EUR"), None, None, expires_at))
