"""A part of a page whose widgets are replaced while the page stays."""

from __future__ import annotations

import asyncio

from textual.containers import VerticalScroll
from textual.widget import Widget


class Place(VerticalScroll, can_focus=False):
    """Shows one set of widgets at a time, whoever asks for another one and however fast; the last one asked for stays.

    Textual takes widgets away later than it is told to: two callers that each remove and mount would both mount.
    """

    def __init__(self, *widgets: Widget, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(*widgets, id=id)
        self._one_by_one = asyncio.Lock()

    async def show(self, *widgets: Widget) -> None:
        """These in place of those that are there."""
        async with self._one_by_one:
            await self.remove_children()
            await self.mount(*widgets)

    async def there(self) -> None:
        """Returns once the last ones asked for are on the page."""
        async with self._one_by_one:
            return
