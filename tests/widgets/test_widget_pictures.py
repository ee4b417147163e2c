"""Pictures of the kit at the two sizes in both themes; look at each before accepting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import widget_gallery as gallery
from widget_host import Host

SIZES = [(80, 24), (120, 40)]
THEMES = ["korus-dark", "korus-light"]
Compare = Callable[..., bool]


def picture(build: Any, fill: Any, theme: str) -> Host:
    return Host(build, fill, theme)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_selling(snap_compare: Compare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(picture(gallery.selling, gallery.fill_selling, theme), terminal_size=size)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_paying(snap_compare: Compare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(picture(gallery.paying, gallery.fill_paying, theme), terminal_size=size)
