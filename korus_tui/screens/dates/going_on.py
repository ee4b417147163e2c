"""Going on from what was picked on a page of dates, to the sessions or to the hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from textual.widget import Widget

from korus_tui.counter.basket.limits import too_few
from korus_tui.counter.basket.models import Pick, Quote
from korus_tui.counter.basket.sessions import only_choice
from korus_tui.counter.catalog.offer_models import CatalogContent, Offer
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens.common.into_sale import hold, new_price
from korus_tui.screens.common.key_order import typed
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.widgets.lists.rows import QuantityChanged, QuantityRefused

QUANTITY_KEYS = "0123456789+-"
_STAY = 0.3  # seconds that numbers and day must stay before tickets are asked for


class Pane(Protocol):
    """What shows the offers of a day."""

    def learn(self, quote: Quote) -> None:
        """Show what the real-time calls said."""

    def asking(self, flag: bool) -> None:
        """Whether the next step is being asked for."""

    def price_shown(self, pick: Pick) -> Money | None:
        """The price that stands on the page."""


async def all_typed(widgets: Iterable[Widget]) -> None:
    """Every key that was pressed before counts, however fast they came; the widgets in the order in which they tell."""
    for widget in widgets:
        for node in widget.ancestors_with_self:
            if isinstance(node, Widget) and node.is_attached:
                await typed(node)


class GoingOn:
    """Asks for tickets, prices and places, then holds or chooses sessions; once at a time.

    `prefer` is the start of the session that the agent came for; what is chosen comes in the place of the sale's
    lines `replacing`.
    """

    def __init__(
        self, page: TillScreen, content: CatalogContent, pane: Callable[[], Pane], replacing: tuple[str, ...] = ()
    ) -> None:
        self.prefer: datetime | None = None
        self._page = page
        self._content = content
        self._pane = pane
        self._replacing = replacing
        self.busy = False
        self.holding = False
        self._refused: QuantityRefused | None = None  # a number that was typed and not taken
        self._ahead: list[Offer] = []  # what is asked for before Enter

    def over_most(self, picks: Sequence[Pick]) -> Problem | None:
        """More than one order may have, with what the sale has already."""
        return self._page.services.basket.over_most(self._content, picks, self._replacing)

    def refused(self, event: QuantityRefused) -> None:
        """The row may keep a smaller number than was asked for: an Enter typed ahead does not know that."""
        self._refused = event

    def counted(self, event: QuantityChanged) -> None:
        """The row's number is what was typed last."""
        if self._refused is not None and self._refused.key == event.key:
            self._refused = None
        self.stop()

    def start(self, picks: Sequence[Pick], problem: Problem | None) -> None:
        """Ask for the `picks`, unless a `problem` keeps them from being sold."""
        if self.busy:
            return
        problem = problem or self._not_what_was_typed(picks)
        if problem is not None:
            self._page.show_problem(problem, tone="warn")
            return
        self._page.clear_problem()
        self.busy = True
        self._pane().asking(True)
        self._page.run_worker(self._run(tuple(picks)), group="proceed", exit_on_error=False)

    def ask_ahead(self, picks: Sequence[Pick]) -> None:
        """While the agent reads and types, ask for tickets and places of what has a number."""
        offers = [pick.offer for pick in picks]
        if offers != self._ahead:
            self._ahead = offers
            self._page.run_worker(self._asking_ahead(offers), group="ahead", exclusive=True, exit_on_error=False)

    async def _asking_ahead(self, offers: list[Offer]) -> None:
        await asyncio.sleep(_STAY)
        if not self.busy and self._page.app.screen is self._page:  # else Enter asks
            await self._page.services.offers.tickets.ask_ahead(offers)

    def stop(self) -> None:
        """Something else is wanted now: the question is taken back, unless places are being held already."""
        if self.busy and not self.holding:
            self._page.workers.cancel_group(self._page, "proceed")

    def _not_what_was_typed(self, picks: Sequence[Pick]) -> Problem | None:
        refused, self._refused = self._refused, None
        if refused is None or not picks:
            return None
        what = _("{asked} were typed; there are at most {most}.").format(asked=refused.asked, most=refused.maximum)
        return Problem(what, _("No place is held."), _("Type it again, or Enter goes on with what is there."))

    async def _run(self, picks: tuple[Pick, ...]) -> None:
        try:
            await self._ask(picks)
        except Exception as error:
            self._page.show_error(error, Doing.HOLD)
        finally:
            self.busy = self.holding = False
            if self._page.is_mounted:
                self._pane().asking(False)

    async def _ask(self, picks: tuple[Pick, ...]) -> None:
        page, pane = self._page, self._pane()
        shown = [pane.price_shown(pick) for pick in picks]
        quotes = await page.services.basket.quotes(self._content).ask(picks)
        for quote in quotes:
            pane.learn(quote)
        if page.app.screen is not page:
            return
        problem = too_few(quotes)
        if problem is not None:
            page.show_problem(problem)
            return
        choice = only_choice(quotes, page.services.clock.now(), self.prefer)
        if choice is None:
            page.flow.sessions(quotes, prefer=self.prefer, replacing=self._replacing)
        elif (dearer := new_price(quotes, shown)) is not None:
            page.show_problem(dearer, tone="warn")
        else:
            self.holding = True
            await hold(page, list(zip(quotes, choice, strict=True)), self._replacing)
