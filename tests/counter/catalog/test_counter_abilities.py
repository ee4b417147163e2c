"""What the API of a profile has is asked once, kept on disk, and asked anew of another server or after a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sandbox_process import CATALOG, SandboxProcess
from till import Till

from korus_tui.counter.core.abilities import Abilities, Ability
from korus_tui.counter.core.clock import ServerClock

SERVER = "https://api.example"


class Clock(ServerClock):
    at = datetime(2026, 6, 3, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


async def yes() -> bool:
    return True


async def nobody() -> bool:
    raise AssertionError("it was known already")


async def test_it_is_asked_once_and_remembered(tmp_path: Path) -> None:
    file, clock = tmp_path / "abilities.json", Clock()
    assert await Abilities(file, SERVER, clock).ask(Ability.EVENTS, yes)
    again = Abilities(file, SERVER, clock)
    assert await again.ask(Ability.EVENTS, nobody)
    assert again.known(Ability.BASES) is None
    assert Abilities(file, "https://another.example", clock).known(Ability.EVENTS) is None
    clock.at += timedelta(days=8)
    assert Abilities(file, SERVER, clock).known(Ability.EVENTS) is None


@pytest.mark.parametrize("kept", [b"", b"[]", b"{}", b'{"server": "https://api.example", "abilities": 3}', b"\xff"])
async def test_what_was_kept_and_cannot_be_read_is_asked_again(kept: bytes, tmp_path: Path) -> None:
    file = tmp_path / "abilities.json"
    file.write_bytes(kept)
    assert await Abilities(file, SERVER, Clock()).ask(Ability.EVENTS, yes)


async def test_where_nothing_can_be_kept_it_is_remembered_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    abilities = Abilities(tmp_path / "cache" / "abilities.json", SERVER, Clock())
    await abilities.learn(Ability.EVENTS, False)
    assert abilities.known(Ability.EVENTS) is False


async def test_a_second_start_does_not_ask_for_the_bases_again(tmp_path: Path) -> None:
    with SandboxProcess(generation="tutorial") as sandbox:
        for asked in (1, 0):
            before = sandbox.state()["calls"].get("bases", 0)
            async with Till(sandbox, tmp_path) as till:
                await till.services.offers.day(CATALOG, till.services.today())
                assert till.services.abilities.order_titles is False
            assert sandbox.state()["calls"].get("bases", 0) - before == asked


async def test_nor_does_a_catalog_that_is_read_anew(tmp_path: Path) -> None:
    with SandboxProcess(generation="tutorial") as sandbox:
        async with Till(sandbox, tmp_path) as till:
            for _time in range(2):
                content = await till.services.catalogs.read(CATALOG)
                assert content.products
        assert sandbox.state()["calls"].get("bases", 0) == 1
