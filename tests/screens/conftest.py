"""One sandbox a file of tests; a file that needs another start of it says so: `SANDBOX = {"now": BEFORE_SEASON}`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from reference_sales import SUMMER
from sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def _running(request: pytest.FixtureRequest) -> Iterator[SandboxProcess]:
    with SandboxProcess(**getattr(request.module, "SANDBOX", {"now": SUMMER})) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: SandboxProcess) -> SandboxProcess:
    """A running sandbox without faults left by another test."""
    _running.no_faults()
    return _running
