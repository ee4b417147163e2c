"""One sandbox for some tests of a file, started as the file says: `SANDBOX = {"now": BEFORE_SEASON}`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import repeat

import pytest
from reference_sales import SUMMER
from sandbox_process import SandboxProcess

_TESTS = 20  # that one sandbox serves: some sessions have few places, and each sale takes some


@pytest.fixture(scope="module")
def _running(request: pytest.FixtureRequest) -> Iterator[Iterator[SandboxProcess]]:
    def served() -> Generator[SandboxProcess, None, None]:
        while True:
            with SandboxProcess(**getattr(request.module, "SANDBOX", {"now": SUMMER})) as sandbox:
                yield from repeat(sandbox, _TESTS)

    with closing(served()) as sandboxes:
        yield sandboxes


@pytest.fixture
def sandbox(_running: Iterator[SandboxProcess]) -> SandboxProcess:
    """A running sandbox without faults left by another test."""
    sandbox = next(_running)
    sandbox.no_faults()
    return sandbox
