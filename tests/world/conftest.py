"""The second world of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import till

from world.server import World


@pytest.fixture
def world() -> Iterator[World]:
    """A polite one of the tutorial's generation; script what it is not polite about."""
    with World() as world:
        yield world


@pytest.fixture(autouse=True)
def _sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not come soon on loopback does not come: a failing test need not wait long for it."""
    monkeypatch.setattr(till, "PATIENCE_OF_TESTS", 4.0)
