"""Which members of a long family of cases the usual run takes: a few, spread over it; the long run takes all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some(number: int, cases: Iterable[Any]) -> list[Any]:
    """Cases for `pytest.mark.parametrize`, a tuple being several arguments: `number` of them, spread from the first to
    the last, and the rest as `long`."""
    every = [one if isinstance(one, tuple) else (one,) for one in cases]
    taken = {round(one * (len(every) - 1) / max(number - 1, 1)) for one in range(number)}
    return [pytest.param(*one, marks=() if at in taken else pytest.mark.long) for at, one in enumerate(every)]
