"""Answers of every kind with every kind of damage: the screen says that Korus answered, what it means, and the key.

Never that Korus cannot be reached, never that something is sold out or closed which only could not be read.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from families import some
from offers_counter import AtDates, counter
from reference_sales import SUMMER
from sandbox_process import SandboxProcess

from korus_tui.screens.catalog.screen import CatalogScreen

Json = dict[str, Any]
SHOW = "1 jour + Cin"
INCIDENT = re.compile(r"incident\s+[0-9a-f-]{8,36}")
LIES = (
    "cannot be reached",
    "No answer came",
    "no answer came",
    "sold out",
    "Sold out",
    "Not sold",
    "not sold",
    "lapsed",
)
WHOLE: list[tuple[str, Json]] = [
    ("not_json", {}),
    ("no_body", {}),
    ("wrong_shape", {"value": []}),
    ("wrong_shape", {"value": {}}),
    ("wrong_shape", {"value": {"member": None, "totalItems": 3}}),
    ("wrong_shape", {"value": {"member": [{}], "totalItems": 1}}),
    ("wrong_shape", {"value": {"member": [None, "text", 7, []], "totalItems": 4}}),
    ("wrong_shape", {"value": "a text"}),
]


def removed(path: str) -> Json:
    return {"edits": [{"path": path, "remove": True}]}


def made(path: str, value: Any) -> Json:
    return {"edits": [{"path": path, "value": value}]}


def seen(one: AtDates) -> str:
    """All that can be read, in one line: sentences are broken where the screen ends."""
    return re.sub(r"[\s▌│]+", " ", one.text)


def says_that_it_is_not_understood(one: AtDates) -> bool:
    return "this till does not understand it" in seen(one) and INCIDENT.search(seen(one)) is not None


def check_honest(one: AtDates) -> None:
    assert not [lie for lie in LIES if lie in seen(one)], one.text
    assert "● online" in one.text


async def at_catalog(one: AtDates) -> None:
    await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
    await one.till.open_till()


@pytest.fixture(scope="module")
def release() -> Any:
    with SandboxProcess(now=SUMMER, generation="release") as running:
        yield running


@pytest.fixture
def server(release: SandboxProcess) -> Any:
    yield release
    release.no_faults()


@pytest.mark.parametrize(("kind", "damage"), some(3, WHOLE))
async def test_offers_that_cannot_be_read(kind: str, damage: Json, server: SandboxProcess, tmp_path: Path) -> None:
    async with counter(server, tmp_path) as one:
        await at_catalog(one)
        server.fault(kind, route="offers", count=None, **damage)
        await one.open(SHOW)
        await one.until(lambda: says_that_it_is_not_understood(one))
        assert "Ctrl+R asks again" in one.text
        check_honest(one)
        await one.press("escape", "ctrl+d")
        await one.until(lambda: says_that_it_is_not_understood(one))
        assert "Ctrl+R asks again" in one.text
        check_honest(one)
        await one.press("escape", "ctrl+g")
        await one.until(lambda: says_that_it_is_not_understood(one))
        assert "Ctrl+R asks again" in one.text
        check_honest(one)


async def test_one_odd_offer_among_good_ones_is_counted_and_nothing_is_called_closed(
    server: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(server, tmp_path) as one:
        await at_catalog(one)
        server.fault("replace", route="offers", count=None, **made("member.0.product", None))
        await one.open(SHOW)
        await one.until(lambda: re.search(r"\d offers? could not be read \(incident [0-9a-f]{8}\)", seen(one)))
        assert one.rows()[0][1] == "?"
        await one.press("2", "enter")
        await one.until(lambda: "what is sold of it on this day could not be read" in seen(one))
        check_honest(one)
        await one.press("escape", "ctrl+d")
        await one.until(lambda: re.search(r"offers? could not be read \(incident [0-9a-f]{8}\): it may be", seen(one)))
        assert len(one.rows("#day-rows")) > 10
        check_honest(one)
        await one.press("escape", "ctrl+g")
        await one.until(lambda: re.search(r"offers? could not be read", one.said("#today-facts")))
        assert len(one.rows("#shows")) > 5


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("member.0.product", "1 offer could not be read (incident"),
        ("member.*.product", "this till does not understand it (Offer"),
    ],
)
async def test_a_day_of_which_an_offer_could_not_be_read_is_not_called_closed_in_the_tutorial_s_months(
    path: str, words: str, tmp_path: Path
) -> None:
    with SandboxProcess(now=SUMMER, generation="tutorial") as server:
        async with counter(server, tmp_path) as one:
            await at_catalog(one)
            server.fault("replace", route="offers", count=None, **made(path, None))
            await one.open("2 jours Adulte + Cinéscénie Or")
            await one.until(lambda: words in seen(one))
            check_honest(one)


@pytest.mark.parametrize(
    ("route", "kind", "damage"),
    some(
        4,
        [
            *(("tickets", kind, damage) for kind, damage in WHOLE),
            ("tickets", "replace", made("member.0.@id", None)),
            ("tickets", "replace", removed("member.1.@id")),
            *(("ticket_sessions", kind, damage) for kind, damage in WHOLE),
            ("ticket_sessions", "replace", made("member.*.occursAt", "tomorrow")),
        ],
    ),
)
async def test_tickets_and_sessions_that_cannot_be_read(
    route: str, kind: str, damage: Json, server: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(server, tmp_path, SHOW) as one:
        await one.till.open_till()
        await one.until(lambda: one.offers.pane.offer)
        before = server.state()["calls"].get("reservations_bulk", 0)
        server.fault(kind, route=route, count=None, **damage)
        await one.press("2", "enter")
        await one.until(lambda: says_that_it_is_not_understood(one))
        check_honest(one)
        assert "No place is held" in seen(one)
        assert server.state()["calls"].get("reservations_bulk", 0) == before


async def test_one_odd_session_is_said_where_sessions_are_chosen_and_none_is_chosen_for_it(
    server: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(server, tmp_path, SHOW) as one:
        await one.till.open_till()
        await one.until(lambda: one.offers.pane.offer)
        server.fault("replace", route="ticket_sessions", count=None, **made("member.0.occursAt", None))
        await one.press("2", "enter")
        await one.at_sessions()  # though one is left alone
        assert re.search(r"1 session could not be read \(incident [0-9a-f]{8}\)", seen(one))


ODD_HOLDS: list[tuple[str, Json]] = [
    *((kind, damage) for kind, damage in WHOLE if "member" not in str(damage)),
    ("wrong_shape", {"value": {"reservations": [{}], "failedReservations": []}}),
    ("wrong_shape", {"value": {"reservations": [None, "text"], "failedReservations": []}}),
    ("replace", made("reservations.0.totalAmountInclTax", None)),
    ("replace", made("reservations.0.totalAmountInclTax", "much")),
    ("replace", removed("reservations.0.totalAmountInclTax")),
    ("replace", made("reservations.0.items", None)),
    ("replace", made("reservations.0.items", [{}])),
    ("replace", made("reservations.0.items", "two")),
    ("replace", removed("reservations.0.items")),
    ("replace", made("reservations.0.@id", None)),
    ("replace", made("reservations.0.items.0.offer", None)),
]


@pytest.mark.parametrize(("kind", "damage"), some(3, ODD_HOLDS))
async def test_a_reservation_that_cannot_be_read(
    kind: str, damage: Json, server: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(server, tmp_path, "1 jour") as one:
        await one.till.open_till()
        await one.until(lambda: one.offers.pane.offer)
        server.fault(kind, route="reservations_bulk", count=None, **damage)
        await one.press("2", "enter")
        await one.until(lambda: getattr(one.app.screen, "NAME", "") == "cart")
        await one.until(lambda: says_that_it_is_not_understood(one))
        assert re.search(r"[Uu]p to 2 places may be held without us until \d\d:\d\d", seen(one)), one.text
        assert "h holds again" in seen(one)
        check_honest(one)
        await one.press("f10")
        check_honest(one)
        assert one.sale is not None
        assert one.sale.payments == ()
        server.no_faults()
        await one.press("h")
        await one.held()


async def test_an_availability_or_a_price_that_cannot_be_read_leaves_the_list_s(
    server: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(server, tmp_path, "1 jour") as one:
        await one.till.open_till()
        await one.until(lambda: one.offers.pane.offer)
        server.fault("not_json", route="availability", count=None)
        await one.press("2", "enter")
        assert await one.held()


@pytest.mark.parametrize("route", ["catalogs", "products"])
@pytest.mark.parametrize(("kind", "damage"), some(3, WHOLE))
async def test_a_catalog_that_cannot_be_read(
    route: str, kind: str, damage: Json, server: SandboxProcess, tmp_path: Path
) -> None:
    server.fault(kind, route=route, count=None, **damage)
    server.fault(kind, route="bases", count=None, **damage)
    async with counter(server, tmp_path) as one:
        await one.until(lambda: says_that_it_is_not_understood(one))
        check_honest(one)


@pytest.mark.parametrize(
    ("kind", "damage"),
    [("not_json", {}), ("no_body", {}), ("wrong_shape", {"value": []}), ("wrong_shape", {"value": {}})],
)
async def test_a_token_that_cannot_be_read(kind: str, damage: Json, server: SandboxProcess, tmp_path: Path) -> None:
    server.fault(kind, route="token", count=None, **damage)
    async with counter(server, tmp_path) as one:
        await one.until(lambda: says_that_it_is_not_understood(one))
        assert "cannot be reached" not in seen(one)
