"""The cart's part about places that are gone: another session of the same day, for all who would have gone together."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from textual import work

from korus_tui.counter.basket.limits import too_few
from korus_tui.counter.basket.models import Pick
from korus_tui.counter.booking.replacement import offer_of, product_of
from korus_tui.counter.core.problems import CounterError, Doing, Problem
from korus_tui.i18n import _
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.state import LineState, LineStatus, Sale
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.waiting import asking, beside_keys

_GONE = (LineStatus.REFUSED, LineStatus.LAPSED)


def gone_together(sale: Sale | None, highlighted: str | None) -> tuple[LineState, ...]:
    """The lines to be put elsewhere: one that is not held, and every other of its day and start; none, if none is."""
    if sale is None or sale.attempt is not None or sale.paying:
        return ()
    lost = [state for state in sale.with_status(*_GONE) if state.line.starts_at is not None]
    first = next((state for state in lost if state.line.id == highlighted), lost[0] if lost else None)
    if first is None:
        return ()
    when = (first.line.day, first.line.starts_at)
    return tuple(state for state in sale.lines if (state.line.day, state.line.starts_at) == when and not state.order)


class ElsewherePart(TillScreen):
    """Whoever is held for the old session comes along: a family is not parted by one sold-out price type."""

    @property
    def here(self) -> str | None:
        """The highlighted line."""
        return None

    async def write(self, work: Coroutine[Any, Any, object], doing: Doing = Doing.HOLD) -> None:
        """Let the counter change the lines; what it cannot do is said. Keys do not wait while Korus is asked before."""
        sale = self.sale
        if sale is None:
            work.close()
            return
        await beside_keys(self.services, sale, self._writing(sale, work, doing), "change the lines")

    async def _writing(self, sale: Sale, work: Coroutine[Any, Any, object], doing: Doing) -> None:
        try:
            with asking(self, sale):
                await work
        except NotAllowed:
            return  # an answer is awaited already: the second key of an impatient hand
        except Exception as error:
            if self.is_attached:
                self.show_error(error, doing)

    def action_other_session(self) -> None:
        """Another session of the same day; the lines stay as they are until it is chosen."""
        if lines := gone_together(self.sale, self.here):
            self._choose_session(lines)

    @work(group="elsewhere", exclusive=True, exit_on_error=False)
    async def _choose_session(self, lines: tuple[LineState, ...]) -> None:
        sale, services = self.sale, self.services
        assert sale is not None
        try:
            picks = []
            for state in lines:
                content, product = await product_of(services.catalogs, sale.catalog, state.line)
                offer = await offer_of(services.offers, content, product, state.line)
                picks.append(Pick(product, offer, state.line.quantity))
            quotes = await services.basket.quotes(content).ask(picks)
        except CounterError as error:  # its other words are those of a paid sale
            self.show_problem(
                Problem(error.problem.what, _("Nothing was changed."), _("‹cart.remove› takes a line out"))
            )
            return
        except Exception as error:
            self.show_error(error, Doing.READ)
            return
        if not self.is_current or gone_together(self.sale, self.here) != lines:
            return
        if (few := too_few(quotes)) is not None:
            self.show_problem(few)
            return
        await self.flow.sessions(quotes, replacing=tuple(state.line.id for state in lines))
