"""How the quick line is opened: by its key, or by the first letter behind a number in the catalog's filter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from korus_tui.widgets.inputs.filter_input import FilterChanged, FilterInput
from korus_tui.widgets.lists.row_list import RowList

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.counter.catalog.offer_models import CatalogContent
    from korus_tui.counter.quickline.parse import Index

_BEGUN = re.compile(r"[0-9]{1,3}[^\W\d_]")  # 2a: no product is looked for so, and a number alone may be one
_PAGE = "catalog"


class QuickOpener:
    """The part of the program that opens the quick line over a page of the till."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app
        self._learned: tuple[CatalogContent, Index] | None = None

    async def filtered(self, event: FilterChanged) -> None:
        """A sale is typed where products are looked for: it goes on in the quick line, no key is lost."""
        field = event.filter_input
        if not field.is_attached:
            return  # the program ends
        top = self._app.screen_stack[-1] if self._app.screen_stack else None  # none while the program ends
        here = top is not None and getattr(top, "NAME", "") == _PAGE and field.screen is top
        if here and _BEGUN.fullmatch(event.text) and field.value.startswith(event.text):
            await self.open(event.text, field)

    async def open(self, text: str = "", source: FilterInput | None = None) -> None:
        """Open it with what was typed already, in the field it was typed into."""
        services = self._app.services
        content = services.catalogs.content if services else None
        if services is None or content is None:
            return
        from korus_tui.counter.catalog.favourites import Favourites  # first frame
        from korus_tui.screens.quickline.screen import QuickScreen  # first frame

        favourites = Favourites(services.paths.data, services.name).keys
        wanted = [favourites[key] for key in sorted(favourites, key=lambda key: (len(key), key))]
        preferred = [*self._looked_at(source is None), *wanted]
        index = self._index_of(content)
        page = QuickScreen(services, content, index, text, favourites=favourites, preferred=preferred, source=source)
        await self._app.push_screen(page)

    def _index_of(self, content: CatalogContent) -> Index:
        """The catalog's words, learned once as long as it is not read again."""
        from korus_tui.counter.quickline.parse import Index  # first frame

        if self._learned is None or self._learned[0] is not content:
            self._learned = content, Index(content)
        return self._learned[1]

    def _looked_at(self, ready: bool) -> list[str]:
        """What the highlight is on, where the agent put it there: by looking for it, or by moving to it."""
        found = [] if not ready else list(self._app.screen.query("#products").results(RowList))
        words = any(field.value for field in self._app.screen.query(FilterInput))
        return [key for rows in found if (words or rows.moved) and (key := rows.highlighted)]
