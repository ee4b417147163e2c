"""Work that outlives the screen that asked for it: holds, orders and look-ups are owned by the program."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger("korus_tui.counter")


class BackgroundTasks:
    """Running background work, kept until it ends; a failure nobody expected is logged and told, never lost."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._running: set[asyncio.Task[Any]] = set()
        self._over = False

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run `work` now; leaving a screen does not cancel it. Once all was stopped it does not begin."""
        task = asyncio.create_task(work, name=name)
        if self._over:
            task.cancel()
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
            self._failed(error)

    async def stop(self, grace: float) -> None:
        """Let running work end within `grace` seconds, then cancel it; the journal has its intent already."""
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        self._over = True
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
