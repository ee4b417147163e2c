"""Running sandboxes and callers for the tests of the sandbox itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sandbox_caller import Caller
from sandbox_process import TUTORIAL_NOW, SandboxProcess


def pytest_configure(config: pytest.Config) -> None:
    """Names the marker that `own_caller` reads."""
    config.addinivalue_line("markers", "options: how the test's own sandbox is started")


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[SandboxProcess]:
    """One sandbox of both generations for the tests that leave it as it was or use places of their own."""
    with SandboxProcess(now="2026-03-02T08:00:00Z", token_seconds=10**7) as sandbox:
        yield sandbox


@pytest.fixture
def caller(shared_sandbox: SandboxProcess) -> Iterator[Caller]:
    """A caller of the shared sandbox."""
    shared_sandbox.no_faults()
    with shared_sandbox.http() as http:
        yield Caller(shared_sandbox, http)
    shared_sandbox.no_faults()


@pytest.fixture
def own_caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """A caller of a sandbox of its own, started with the test's `options` marker."""
    marker = request.node.get_closest_marker("options")
    options = {"now": TUTORIAL_NOW} | (marker.kwargs if marker else {})
    with SandboxProcess(**options) as sandbox, sandbox.http() as http:
        yield Caller(sandbox, http)
