"""From events to their sessions and to what can be bought for them, where a server has both; asked for once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sandbox_process import CATALOG, SandboxProcess
from till import Till

from korus_tui.counter.catalog.events import Showing, called

DAY = date(2026, 6, 3)
MORNING = "2026-06-03T08:00:00Z"


def asked(sandbox: SandboxProcess) -> dict[str, int]:
    return dict(sandbox.state()["calls"])


@pytest.mark.parametrize(
    ("name", "show"),
    [
        ("Cinéscénie Adulte - Argent", "Cinéscénie"),
        ("Les Noces de Feu Enfant", "Les Noces de Feu"),
        ("Dinner Child", "Dinner"),
        ("Adulte", "Adulte"),
        ("Bal - Or", "Bal"),
        ("", ""),
    ],
)
def test_an_event_s_name_without_who_it_is_for(name: str, show: str) -> None:
    assert called(name) == show


async def showing(till: Till, name: str, hour: int) -> Showing:
    await till.services.catalogs.read(CATALOG)
    events = till.services.events
    assert await events.ask(CATALOG)
    found = await events.showings(await events.shows(CATALOG), DAY)
    return next(one for one in found if (one.show, one.starts_at.hour) == (name, hour))


async def test_events_sessions_and_the_offers_of_a_session(tmp_path: Path) -> None:
    with SandboxProcess(now=MORNING) as sandbox:
        async with Till(sandbox, tmp_path) as till:
            found = await showing(till, "Cinéscénie", 20)
            assert found.starts_at == datetime(2026, 6, 3, 18, tzinfo=UTC)
            content = till.services.catalogs.content
            assert content is not None
            offers = await till.services.events.offers(CATALOG, found)
            names = {one.name for offer in offers if (one := content.product(offer.product))}
            assert {offer.day for offer in offers} == {DAY}
            assert all("Cinéscénie" in name for name in names)
            assert len(names) == len(offers)
            assert any(name.startswith("Puy du Fou 2 jours") for name in names)
            lefts = {
                session.left
                for ticket in await till.services.offers.tickets.of(offers[0])
                for session in ticket.sessions
            }
            assert found.left is not None
            assert found.left >= min(left for left in lefts if left is not None)


@pytest.mark.parametrize(
    ("generation", "has"), [("all", True), ("tutorial", False), ("1.0.7", False), ("release", False), ("least", False)]
)
async def test_it_is_asked_once_in_a_profile_s_life(generation: str, has: bool, tmp_path: Path) -> None:
    with SandboxProcess(generation=generation) as sandbox:
        for start in range(2):
            before = asked(sandbox)
            async with Till(sandbox, tmp_path) as till:
                assert await till.services.events.ask(CATALOG) is has
                assert till.services.events.available is has
            made = (
                sum(asked(sandbox).values()) - sum(before.values()) - (asked(sandbox)["token"] - before.get("token", 0))
            )
            assert made == 0 if start else made > 0
            if generation == "tutorial":  # which documents no filter by session
                assert asked(sandbox).get("offers", 0) == 0


@pytest.mark.parametrize("generation", ["tutorial", "release"])
async def test_where_the_profile_names_the_generation_nobody_is_asked(generation: str, tmp_path: Path) -> None:
    with SandboxProcess(generation=generation) as sandbox:
        async with Till(sandbox, tmp_path, generation=generation) as till:
            assert not await till.services.events.ask(CATALOG)
        assert asked(sandbox) == {}


async def test_a_session_sold_with_one_product_is_fuller_for_every_other(tmp_path: Path) -> None:
    """A session is one pool of places, whichever offer leads to it."""
    with SandboxProcess(now=MORNING) as sandbox:
        async with Till(sandbox, tmp_path) as till:
            found = await showing(till, "Cinéscénie", 20)
            offers = await till.services.events.offers(CATALOG, found)
            lefts: dict[str, set[int | None]] = {}
            sandbox.sell(found.sessions[0].iri.rpartition("/")[2], 3)
            for offer in offers:
                for ticket in await till.services.offers.tickets.of(offer):
                    for session in ticket.sessions:
                        lefts.setdefault(session.id, set()).add(session.left)
            assert all(len(found) == 1 for found in lefts.values())
