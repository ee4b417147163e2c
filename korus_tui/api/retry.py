"""When a call is sent again: reads, and what was never sent (docs/rules.md, What a failed call means)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from korus_tui.api.calls import Answer, Call, retry_after, worth_another_try
from korus_tui.api.errors import ApiError, ConnectionLost, NotSent, TimedOut, TlsRefused

ATTEMPTS = 3
FIRST_WAIT = 0.3
LONGEST_WAIT = 10.0
"""Seconds: a server that asks for more is not waited for, its answer is handed on."""


@dataclass(frozen=True)
class Retry:
    """A call about to be sent again in `wait` seconds, for those who show it."""

    operation: str
    attempt: int
    wait: float


class RetryPolicy:
    """Full jitter on a doubling wait; `random` gives numbers from 0 to 1."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random

    def after_error(self, call: Call, error: ApiError, attempt: int) -> float | None:
        """Seconds to wait before another try, or None: a certificate does not heal, an unknown outcome is looked up."""
        if attempt >= ATTEMPTS or isinstance(error, TlsRefused):
            return None
        if isinstance(error, NotSent) or (isinstance(error, (TimedOut, ConnectionLost)) and not call.writes):
            return self._backoff(attempt)
        return None

    def after_answer(self, call: Call, answer: Answer, attempt: int) -> float | None:
        """Seconds to wait before asking again, or None to take the answer as it is."""
        if attempt >= ATTEMPTS or not worth_another_try(call, answer):
            return None
        asked = retry_after(answer.headers)
        if asked is not None:
            return asked + self._backoff(1) if asked <= LONGEST_WAIT else None
        return self._backoff(attempt)

    def _backoff(self, attempt: int) -> float:
        return FIRST_WAIT * 2.0 ** (attempt - 1) * (0.5 + self._random() / 2)
