"""Tests that measure run while no other test of the run does: its workers share two locks."""

from __future__ import annotations

import fcntl
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest


class OneAtATime:
    """A test goes through a door into a room. One marked `alone` closes both behind it.

    So nobody begins while it waits for those who are inside. Those that follow each other in one worker stay inside.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is the same for all workers."""
        self._folder = folder
        self._inside = ExitStack()
        self._stays = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        alone = _alone(item)
        if not self._stays:
            with self._lock("door", alone=alone):
                self._inside.enter_context(self._lock("room", alone=alone))
        self._stays = alone and nextitem is not None and _alone(nextitem)
        try:
            return (yield)
        finally:
            if not self._stays:
                self._inside.close()

    @contextmanager
    def _lock(self, name: str, *, alone: bool) -> Iterator[None]:
        with (self._folder / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield


def _alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None
