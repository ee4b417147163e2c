"""What is asked before it is needed: while a number is typed, its answers are on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

AGE = 15.0  # seconds in which an answer counts as that of the Enter that follows
_MOST = 12  # answers kept


class Ahead:
    """Answers by name, each given out once: whoever asks a second time asks the server."""

    def __init__(self, boot: Callable[[], float]) -> None:
        """`boot` gives seconds on a clock that no one can set."""
        self._boot = boot
        self._asked: dict[str, tuple[float, asyncio.Task[Any]]] = {}

    async def ask(self, questions: Mapping[str, Callable[[], Coroutine[Any, Any, Any]]]) -> None:
        """Ask what is not asked yet. A cancelled caller takes back what has no answer; errors are for who needs it."""
        mine = []
        for name, question in questions.items():
            if not self._fresh(name):
                task = asyncio.create_task(question(), name=f"ahead: {name}")
                self._asked.pop(name, None)
                self._asked[name] = self._boot(), task
                mine.append(task)
        while len(self._asked) > _MOST:
            self._asked.pop(next(iter(self._asked)))
        try:
            await asyncio.gather(*mine, return_exceptions=True)
        finally:
            for task in mine:
                task.cancel()

    async def take(self, name: str) -> Any:
        """The answer, as soon as it is there; None where nothing was asked, or too long ago. Raises as the question."""
        if not self._fresh(name):
            return None
        _since, task = self._asked.pop(name)
        await asyncio.wait({task})
        return None if task.cancelled() else task.result()

    def forget(self) -> None:
        """Whoever asks from now on asks the server."""
        self._asked.clear()

    def _fresh(self, name: str) -> bool:
        since, _task = self._asked.get(name, (float("-inf"), None))
        return self._boot() - since < AGE
