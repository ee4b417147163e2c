"""One request and what came of it, for whoever watches the line: without our secrets, with customers' data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN = 64 * 1024
"""Characters of a body that are passed on."""
LONGEST_SECRET = 8 * 1024
"""Characters beyond them that are looked at, so that no half of a secret is left at the end."""


@dataclass(frozen=True)
class Exchange:
    """`status` is None where no answer began; `outcome` is the status, or our name for how the answer was lost.

    `moves`: places or money hang on it. `attempt` counts from 1. `length` in bytes is that of the whole answer. `body`
    is the JSON that was sent, `sent` and `answered` are texts: nothing for a sign-in, nor for a file.
    """

    operation: str
    method: str
    url: str = field(repr=False)
    status: int | None
    outcome: str
    milliseconds: int
    attempt: int
    request_id: str
    moves: bool
    body: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    sent: str = field(repr=False)
    answered: str = field(repr=False)
    length: int = 0
