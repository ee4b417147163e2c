"""What all tests of the journal write with: one moment, one agent, one till."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

AT = datetime(2025, 1, 29, 7, 55, 53, tzinfo=UTC)
WHO: dict[str, Any] = {"at": AT, "agent": "Ada", "till": "till 1"}
