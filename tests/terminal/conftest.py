"""The sandbox of these tests."""

from __future__ import annotations

from season_sandbox import _running, sandbox

__all__ = ["_running", "sandbox"]
