"""A journal in a folder of its own, and the other processes and users that get in its way."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from korus_tui.journal.store import Journal

NOBODY = 65534


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the till's journal will be; its folder does not exist yet."""
    return tmp_path / "data" / "till-1.journal"


@pytest.fixture
def journal(place: Path) -> Iterator[Journal]:
    """An open journal, closed at the end."""
    with Journal.open(place) as opened:
        yield opened


@contextlib.contextmanager
def _as_plain_user() -> Iterator[None]:
    """Root may do everything: give its rights up for a while, so that the permissions of files count."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def plain_user() -> contextlib.AbstractContextManager[None]:
    """A user for whom permissions count."""
    return _as_plain_user()


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder of the plain user."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
