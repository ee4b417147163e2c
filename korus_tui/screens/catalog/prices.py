"""What products cost today at least, of what other pages have read: a catalog itself has no prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from korus_tui.counter.catalog.families import Family
from korus_tui.counter.catalog.search import Find
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.catalog.text import columns
from korus_tui.screens.common.meanwhile import prices_of_today
from korus_tui.widgets.lists.row_list import RowList

if TYPE_CHECKING:
    from korus_tui.sale.money import Money


class PricesOfToday:
    """Prices as lists told them within the hour. `known`: there was one for something when it was looked last."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.known = False

    def of(self, find: Find) -> Money | None:
        """The least of a row; None where nothing is known, or nothing left."""
        content, services = self._services.catalogs.content, self._services
        if content is None or not self.known:
            return None
        return services.offers.lowest(content.catalog.id, find.family, services.today(), find.product)

    def each(self, find: Find) -> str:
        """What each of a row's products costs, where there are several."""
        content, family = self._services.catalogs.content, find.family
        if content is None or not self.known or len(family.products) < 2:
            return ""
        prices = prices_of_today(self._services, content.catalog.id, family)
        return _("today: {prices}").format(prices=prices) if prices else ""

    def show_in(self, products: RowList, sold: Iterable[Family]) -> bool:
        """Give the list a column for them once one is known; whether one is. A page may have read some meanwhile."""
        content, services = self._services.catalogs.content, self._services
        self.known = (
            content is not None
            and services.offers_told
            and any(services.offers.lowest(content.catalog.id, one, services.today()) is not None for one in sold)
        )
        if products.columns != (wanted := columns(self.known)):
            products.set_columns(wanted)
        return self.known

    async def read_in_a_demo(self, then: Callable[[], None], sold: Iterable[Family]) -> None:
        """In a demo what is sold today is read once by itself: nobody has sold anything yet that would have read it."""
        content, services = self._services.catalogs.content, self._services
        if content is not None and services.profile.mode == "demo":
            await services.offers.day_ahead(content.catalog.id, services.today())
            then()
            for family in sold:
                if family.base is not None and family.base.undated:
                    await services.offers.undated_ahead(content.catalog.id, family)
            then()
