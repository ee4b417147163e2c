"""Keys in the order in which they were pressed, however fast they come: from a burst of a slow line, or a scanner."""

from __future__ import annotations

import asyncio

from textual.widget import Widget


async def typed(entry: Widget | None) -> None:
    """Returns once `entry` has taken in every key sent to it so far.

    A field handles its keys in a queue of its own; a priority key overtakes them, and would see half an amount.
    """
    if entry is None or not entry.is_attached:
        return
    done = asyncio.Event()
    if entry.call_later(done.set):
        await done.wait()
