"""One sandbox for all tests of the counter in a process; each test starts without faults left by another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, Till

from korus_tui.sandbox.tutorial import EARLY_SESSION, LATE_SESSION


@pytest.fixture(scope="session")
def _both() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        for session in (EARLY_SESSION, LATE_SESSION):
            sandbox.sell(session, -5000)  # all tests sell at one show; it shall not sell out under them
        yield sandbox


@pytest.fixture(scope="session")
def _tutorial() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON, generation="tutorial") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _release() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON, generation="release") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_both: SandboxProcess) -> SandboxProcess:
    """A running sandbox that speaks both generations; what other tests held was held a while ago."""
    _both.no_faults()
    _both.advance(120)
    return _both


@pytest.fixture
async def till(sandbox: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter with an empty journal."""
    async with Till(sandbox, tmp_path) as opened:
        yield opened


@pytest.fixture
async def tutorial_till(_tutorial: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter on an API that speaks the tutorial's generation only."""
    _tutorial.no_faults()
    async with Till(_tutorial, tmp_path / "tutorial") as opened:
        yield opened


@pytest.fixture
async def release_till(_release: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter on an API that speaks the newest generation only."""
    _release.no_faults()
    async with Till(_release, tmp_path / "release") as opened:
        yield opened
