"""Another session of the same day for places that are gone, and for all who would have gone together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from korus_tui.counter.basket.limits import too_few
from korus_tui.counter.basket.models import Pick
from korus_tui.counter.booking.replacement import gone_together, offer_of, product_of
from korus_tui.counter.core.problems import CounterError, Doing, Problem
from korus_tui.i18n import _
from korus_tui.sale.state import LineState

if TYPE_CHECKING:
    from korus_tui.screens.cart.screen import CartScreen


class OtherSession:
    """Whoever is held for the old session comes along: a family is not parted by one sold-out price type."""

    def __init__(self, page: CartScreen) -> None:
        self._page = page

    def choose(self) -> None:
        """Go to the sessions; the lines stay as they are until one is chosen."""
        if lines := gone_together(self._page.sale, self._page.here):
            self._page.run_worker(self._choosing(lines), group="elsewhere", exclusive=True, exit_on_error=False)

    async def _choosing(self, lines: tuple[LineState, ...]) -> None:
        page, services = self._page, self._page.services
        sale = page.sale
        assert sale is not None
        try:
            picks = []
            for state in lines:
                content, product = await product_of(services.catalogs, sale.catalog, state.line)
                offer = await offer_of(services.offers, content, product, state.line)
                picks.append(Pick(product, offer, state.line.quantity))
            quotes = await services.basket.quotes(content).ask(picks)
        except CounterError as error:  # its other words are those of a paid sale
            page.show_problem(
                Problem(error.problem.what, _("Nothing was changed."), _("‹cart.remove› takes a line out"))
            )
            return
        except Exception as error:
            page.show_error(error, Doing.READ)
            return
        if not page.is_current or gone_together(page.sale, page.here) != lines:
            return
        if (few := too_few(quotes)) is not None:
            page.show_problem(few)
            return
        await page.flow.sessions(quotes, replacing=tuple(state.line.id for state in lines))
