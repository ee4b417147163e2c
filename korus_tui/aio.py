"""Work that is done to its end, whatever becomes of the caller who waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger("korus_tui.counter")


async def finish(work: Awaitable[T]) -> T:
    """What `work` gives. A cancelled caller leaves at once, and the work goes on; if it fails then, that is logged."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_nobody_waits)
        raise


def _nobody_waits(task: asyncio.Future[T]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.warning("it failed after its caller had left", exc_info=error)
