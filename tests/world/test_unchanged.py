"""A server that names its answers (ETag) says a catalog that did not change only once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sandbox_process import CATALOG
from till import Till

from korus_tui.counter.catalog.models import CatalogContent
from world.server import World

LISTS = ("catalogs", "products", "product_bases", "base_products")


async def read(world: World, home: Path) -> CatalogContent:
    """The catalog as a program reads it that was just started."""
    async with Till(world, home) as till:  # type: ignore[arg-type]
        return await till.services.catalogs.read(CATALOG)


def answered(world: World) -> list[int | None]:
    """How the lists of the catalog that this world has were answered."""
    return [status for route, status in world.statuses if route in LISTS and status != 404]


def kept(home: Path) -> list[Path]:
    """The files of what was kept."""
    return list(home.rglob("*.answer"))


async def test_what_did_not_change_is_said_once(world: World, tmp_path: Path) -> None:
    world.etags = True
    first = await read(world, tmp_path)
    assert set(answered(world)) == {200}
    world.statuses.clear()
    again = await read(world, tmp_path)
    assert set(answered(world)) == {304}
    assert replace(again, fetched_at=first.fetched_at) == first
    assert first.products


async def test_what_changed_is_seen(world: World, tmp_path: Path) -> None:
    world.etags = True
    await read(world, tmp_path)

    def renamed(body: dict[str, object]) -> None:
        body["member"][0]["name"] = "Another name"  # type: ignore[index]

    world.edit("products", renamed)
    content = await read(world, tmp_path)
    assert any(one.name == "Another name" for one in content.products)


@pytest.mark.parametrize("harm", [b"", b'"x"\nno zip', b"\xff\xfe"])
async def test_a_damaged_file_is_asked_for_whole(world: World, tmp_path: Path, harm: bytes) -> None:
    world.etags = True
    first = await read(world, tmp_path)
    files = kept(tmp_path)
    assert files
    for file in files:
        file.write_bytes(harm)
    again = await read(world, tmp_path)
    assert again.products == first.products


async def test_without_a_name_nothing_is_kept(world: World, tmp_path: Path) -> None:
    await read(world, tmp_path)
    assert not kept(tmp_path)
