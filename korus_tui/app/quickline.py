"""How the quick line is opened: by its key, or by the first letter behind a number in the catalog's filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App

from korus_tui.widgets.inputs.filter_input import FilterChanged, FilterInput
from korus_tui.widgets.lists.row_list import RowList

if TYPE_CHECKING:
    from korus_tui.counter.catalog.offer_models import CatalogContent
    from korus_tui.counter.quickline.parse import Index
    from korus_tui.counter.services import Services

_BEGUN = re.compile(r"[0-9]{1,3}[^\W\d_]")  # 2a: no product is looked for so, and a number alone may be one
_PAGE = "catalog"


class QuickOpening(App[int]):
    """The part of the program that opens the quick line over a page of the till."""

    services: Services | None
    refused: Callable[[], bool]
    _learned: tuple[CatalogContent, Index] | None = None

    async def action_quick(self) -> None:
        """Open it, empty."""
        if not self.refused():
            await self._open_quick("")

    async def on_filter_changed(self, event: FilterChanged) -> None:
        """A sale is typed where products are looked for: it goes on in the quick line, no key is lost."""
        field = event.filter_input
        if not field.is_attached:
            return  # the program ends
        top = self.screen_stack[-1] if self.screen_stack else None  # none while the program ends
        here = top is not None and getattr(top, "NAME", "") == _PAGE and field.screen is top
        if here and _BEGUN.fullmatch(event.text) and field.value.startswith(event.text):
            await self._open_quick(event.text, field)

    async def _open_quick(self, text: str, source: FilterInput | None = None) -> None:
        services = self.services
        content = services.catalogs.content if services else None
        if services is None or content is None:
            return
        from korus_tui.counter.catalog.favourites import Favourites
        from korus_tui.screens.quickline.screen import QuickScreen

        favourites = Favourites(services.paths.data, services.name).keys
        wanted = [favourites[key] for key in sorted(favourites, key=lambda key: (len(key), key))]
        preferred = [*self._looked_at(source is None), *wanted]
        index = self._index_of(content)
        page = QuickScreen(services, content, index, text, favourites=favourites, preferred=preferred, source=source)
        await self.push_screen(page)

    def _index_of(self, content: CatalogContent) -> Index:
        """The catalog's words, learned once as long as it is not read again."""
        from korus_tui.counter.quickline.parse import Index

        if self._learned is None or self._learned[0] is not content:
            self._learned = content, Index(content)
        return self._learned[1]

    def _looked_at(self, ready: bool) -> list[str]:
        """What the highlight is on, where the agent put it there: by looking for it, or by moving to it."""
        found = [] if not ready else list(self.screen.query("#products").results(RowList))
        words = any(field.value for field in self.screen.query(FilterInput))
        return [key for rows in found if (words or rows.cursor > 0) and (key := rows.highlighted)]
