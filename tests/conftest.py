"""One environment for every test, set before anything of ours or of Textual's reads it."""

from __future__ import annotations

import atexit
import functools
import importlib
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator

import pytest
from hypothesis import settings
from one_at_a_time import OneAtATime
from small_disk import small_disk as small_disk

_PINNED = {
    "COLORTERM": "truecolor",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TERM": "xterm-256color",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TZ": "UTC",
}


def _pin_environment() -> None:
    for name in list(os.environ):
        if name.startswith(("TEXTUAL_SNAPSHOT", "KORUS_TESTS")):
            continue  # the plugin's own, and what says how strict this run is
        if name.startswith(("KORUS_", "TEXTUAL_")) or name in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}:
            del os.environ[name]
    os.environ.update(_PINNED)
    home = tempfile.mkdtemp(prefix="korus-tui-tests-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["KORUS_TUI_HOME"] = home
    time.tzset()
    # The plugin that compares pictures imports Textual before any conftest is read: its constants are read anew.
    if "textual.constants" in sys.modules:
        importlib.reload(sys.modules["textual.constants"])


def _lighten() -> None:
    """After the environment is pinned: Textual reads its own part of it as it is imported."""
    from lighter_textual import lighten

    lighten()


def _read_the_certificates_once() -> None:
    """Every client that a test makes would read the system's authorities anew, for 30 ms of a processor's time."""
    import httpx
    from httpx._transports import default

    httpx.create_ssl_context = default.create_ssl_context = functools.cache(default.create_ssl_context)


_pin_environment()
_lighten()
_read_the_certificates_once()

# Repeatable and without a database of examples in the checkout; `--hypothesis-profile=long` looks further.
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.register_profile("long", deadline=None, max_examples=2000, database=None)
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """For those that run beside each other: `-n 0` needs no locks."""
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if "PYTEST_XDIST_WORKER" in os.environ and cache is not None:
        config.pluginmanager.register(OneAtATime(cache.mkdir("one-at-a-time")))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A test that switches the language leaves the next one in English."""
    from korus_tui import i18n

    i18n.use(i18n.SOURCE)
    yield
    i18n.use(i18n.SOURCE)


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A program that a test starts logs to its own file alone; what the next test logs goes where it went before."""
    loggers = [logging.getLogger(name) for name in ("korus_tui", "asyncio")]
    before = [(one, one.handlers[:], one.level, one.propagate) for one in loggers]
    yield
    for one, handlers, level, propagate in before:
        for handler in set(one.handlers) - set(handlers):
            handler.close()
        one.handlers[:], one.level, one.propagate = handlers, level, propagate
