"""One sandbox for all tests of the counter in a process; each test starts without faults left by another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, Till


@pytest.fixture(scope="session")
def _running() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: SandboxProcess) -> SandboxProcess:
    """A running sandbox that speaks both generations."""
    _running.no_faults()
    return _running


@pytest.fixture
async def till(sandbox: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter with an empty journal."""
    async with Till(sandbox, tmp_path) as opened:
        yield opened
