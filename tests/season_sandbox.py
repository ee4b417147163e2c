"""A sandbox for the tests of one file, on a day of which the same places are sold whenever they run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON


@pytest.fixture(scope="module")
def _running() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: SandboxProcess) -> SandboxProcess:
    """A running sandbox without faults left by another test, and with the places that others took."""
    _running.no_faults()
    _running.make_room()
    return _running
