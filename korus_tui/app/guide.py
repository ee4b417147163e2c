"""Who tells a story over the running program; only a demo has one."""

from __future__ import annotations

from typing import Protocol

from textual.events import Event


class Guide(Protocol):
    """Looks on, and is asked for every key first."""

    def begin(self) -> None:
        """The first page is there."""

    def takes(self, event: Event) -> bool:
        """Whether the key is the guide's own; then the program has nothing of it."""
