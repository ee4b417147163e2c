"""When a demo's day begins: at any hour something is left of it (docs of `korus-tui demo --help`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from korus_tui.demo import begins
from korus_tui.past import FAVOURITES
from korus_tui.sandbox.clock import SandboxClock
from korus_tui.sandbox.world import World

PARIS = ZoneInfo("Europe/Paris")
DAYS = (datetime(2026, 7, 15, 0, 0, tzinfo=PARIS), datetime(2026, 1, 14, 0, 0, tzinfo=PARIS))  # summer, winter


@pytest.mark.parametrize("day", DAYS, ids=["summer", "winter"])
@pytest.mark.parametrize("hour", range(24))
def test_a_demo_begins_now_or_in_the_morning_of_the_same_day(day: datetime, hour: int) -> None:
    said = begins(day.replace(hour=hour).astimezone(UTC))
    assert said == (day.replace(hour=10, minute=30).isoformat() if hour >= 16 else None)


@pytest.mark.parametrize("day", DAYS, ids=["summer", "winter"])
@pytest.mark.parametrize("hour", [0, 15, 16, 23])
def test_sessions_are_left_where_it_begins(day: datetime, hour: int) -> None:
    now = day.replace(hour=hour, minute=59).astimezone(UTC)
    assert len(left(begins(now) or now.isoformat())) >= 5


def test_the_change_of_clocks_moves_no_day() -> None:
    night = datetime(2026, 10, 25, 16, 0, tzinfo=PARIS)  # clocks went back in the night before
    assert begins(night.astimezone(UTC)) == "2026-10-25T10:30:00+01:00"
    assert begins((night - timedelta(minutes=1)).astimezone(UTC)) is None
    assert begins(datetime(2026, 3, 29, 14, 0, tzinfo=UTC)) == "2026-03-29T10:30:00+02:00"


def left(start: str) -> set[tuple[str, datetime]]:
    """What a demo's favourites still have that day, in a sandbox that starts there."""
    world = World(1, SandboxClock(start, frozen=True))
    park = next(one for one in world.catalogs.values() if one.table.key == "park")
    today = world.today(park)
    keys = {name[0] for name in FAVOURITES}
    return {
        (product.entry.base.key, session.occurs_at)
        for product in world.products_of(park)
        if product.entry.base.key in keys and today in world.days(product.entry)
        for ticket in world.tickets(world.offer_on(product, today))
        for session in world.sessions(ticket)
    }
