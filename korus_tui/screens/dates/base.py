"""What the pages with dates share: a typed date, and going on from what was picked to sessions or to the hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input

from korus_tui.counter.basket.limits import too_few
from korus_tui.counter.basket.models import Pick, Quote
from korus_tui.counter.basket.sessions import only_choice
from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens.common.into_sale import hold, new_price
from korus_tui.screens.common.key_order import typed
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.text.dates import DayError, parse_day
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.rows import QuantityChanged, QuantityRefused

QUANTITY_KEYS = "0123456789+-"


class Pane(Protocol):
    """What shows the offers of a day."""

    def learn(self, quote: Quote) -> None:
        """Show what the real-time calls said."""

    def asking(self, flag: bool) -> None:
        """Whether the next step is being asked for."""

    def price_shown(self, pick: Pick) -> Money | None:
        """The price that stands on the page."""


class DatesScreen(TillScreen):
    """Offers by day; nothing is held before the agent goes on."""

    def __init__(self, services: Services, content: CatalogContent) -> None:
        super().__init__(services)
        self.content = content
        self.prefer: datetime | None = None  # the start of the session that the agent came for
        self.replacing: tuple[str, ...] = ()  # lines of the sale in whose place comes what is chosen
        self._busy = False
        self._holding = False
        self._refused: QuantityRefused | None = None  # a number that was typed and not taken

    def sticky_day(self) -> date | None:
        """The day that was used last in this sale, where the settings want it to stay."""
        return self.services.basket.day_used

    def typed_day(self) -> ComposeResult:
        """The line for a typed date."""
        field = Field(_("date"), Entry(max_length=20), _("7/6, +2, sat, 2027-06-07"), id="typed-day")
        field.display = False
        yield field

    # What a page of dates says of itself

    @property
    def pane(self) -> Pane:
        """What shows the offers."""
        raise LookupError

    def today(self) -> date:
        """The venue's calendar day."""
        return self.services.today()

    def go(self, day: date) -> None:
        """Show a day that the agent named."""

    def focus_back(self) -> None:
        """The focus returns from the typed date."""

    def leave(self) -> None:
        """Back to where the agent came from."""
        self.app.pop_screen()

    def picks(self) -> Sequence[Pick]:
        """What was chosen, in the order of the page."""
        return ()

    def why_not(self, picks: Sequence[Pick]) -> Problem | None:
        """What keeps the picks from being sold, known before any call."""
        return self.services.basket.over_most(self.content, picks, self.replacing)

    # A typed date

    def action_type_day(self) -> None:
        """A line to type a date into."""
        if not self.allowed("type_day"):
            return
        field = self.query_one("#typed-day", Field)
        field.display = True
        field.entry.value = ""
        field.show_error(None)
        field.entry.focus()

    @on(Input.Submitted, "#typed-day Input")
    def day_typed(self, event: Input.Submitted) -> None:
        """Go to the day, or say under the line what is wrong with it."""
        event.stop()
        found = parse_day(event.value, self.today())
        if isinstance(found, DayError):
            self.query_one("#typed-day", Field).show_error(found.sentence)
            return
        self.close_typed_day()
        self.go(found)

    @property
    def typing_day(self) -> bool:
        """Whether the line for a date is open."""
        return bool(self.query_one("#typed-day").display)

    def close_typed_day(self) -> None:
        """Put the line away."""
        self.focus_back()
        self.query_one("#typed-day").display = False

    def action_back(self) -> None:
        """First out of the typed date, then back."""
        if self.typing_day:
            self.close_typed_day()
        elif not self._holding:
            self.leave()

    # Going on

    async def action_proceed(self) -> None:
        """Enter: every key that was pressed before it counts, however fast they came."""
        for field in self.typed_into():
            for node in field.ancestors_with_self:
                if isinstance(node, Widget) and node.is_attached:
                    await typed(node)
        self.proceed()

    def typed_into(self) -> Sequence[Widget]:
        """The widgets that take numbers and words, in the order in which they tell the page."""
        return ()

    def proceed(self) -> None:
        """Ask for tickets, prices and places, then hold or choose sessions; once at a time."""
        if self._busy:
            return
        picks = tuple(self.picks())
        problem = self.why_not(picks) or self._not_what_was_typed(picks)
        if problem is not None:
            self.show_problem(problem, tone="warn")
            return
        self.clear_problem()
        self._busy = True
        self.pane.asking(True)
        self.run_worker(self._proceed(picks), group="proceed", exit_on_error=False)

    @on(QuantityRefused)
    def too_many(self, event: QuantityRefused) -> None:
        """The row may keep a smaller number than was asked for: an Enter typed ahead does not know that."""
        self._refused = event

    @on(QuantityChanged)
    def counted_again(self, event: QuantityChanged) -> None:
        """The row's number is what was typed last."""
        if self._refused is not None and self._refused.key == event.key:
            self._refused = None

    def _not_what_was_typed(self, picks: Sequence[Pick]) -> Problem | None:
        refused, self._refused = self._refused, None
        if refused is None or not picks:
            return None
        what = _("{asked} were typed; there are at most {most}.").format(asked=refused.asked, most=refused.maximum)
        return Problem(what, _("No place is held."), _("Type it again, or Enter goes on with what is there."))

    async def _proceed(self, picks: tuple[Pick, ...]) -> None:
        try:
            await self._go_on(picks)
        except Exception as error:
            self.show_error(error, Doing.HOLD)
        finally:
            self._busy = self._holding = False
            if self.is_mounted:
                self.pane.asking(False)

    async def _go_on(self, picks: tuple[Pick, ...]) -> None:
        shown = [self.pane.price_shown(pick) for pick in picks]
        quotes = await self.services.basket.quotes(self.content).ask(picks)
        for quote in quotes:
            self.pane.learn(quote)
        if self.app.screen is not self:
            return
        problem = too_few(quotes)
        if problem is not None:
            self.show_problem(problem)
            return
        choice = only_choice(quotes, self.services.clock.now(), self.prefer)
        if choice is None:
            self.flow.sessions(quotes, prefer=self.prefer, replacing=self.replacing)
        elif (dearer := new_price(quotes, shown)) is not None:
            self.show_problem(dearer, tone="warn")
        else:
            self._holding = True
            await hold(self, list(zip(quotes, choice, strict=True)), self.replacing)

    def stop_asking(self) -> None:
        """Something else is wanted now: the question is taken back, unless places are being held already."""
        if self._busy and not self._holding:
            self.workers.cancel_group(self, "proceed")
