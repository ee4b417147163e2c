"""When, at what price, and for how many: the product's month at the left, the day's offers at the right."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.problems import Doing, Problem, of
from korus_tui.counter.services import Services
from korus_tui.counter.views import CatalogContent, Offer, Product
from korus_tui.i18n import _
from korus_tui.screens import words
from korus_tui.screens.base import TillScreen, joined
from korus_tui.screens.offers_calendar import MonthFailed, OffersArrived, OffersCalendar
from korus_tui.screens.offers_hold import Wish, hold, new_price, too_few
from korus_tui.screens.offers_pane import OfferPane
from korus_tui.screens.offers_words import dearer, most, sold_out
from korus_tui.screens.sessions_fit import only_choice
from korus_tui.widgets.calendar import DayHighlighted
from korus_tui.widgets.day_text import DayError, parse_day
from korus_tui.widgets.entry import Entry
from korus_tui.widgets.field import Field
from korus_tui.widgets.row_list import QuantityChanged
from korus_tui.widgets.states import Empty, Failed, ListState, Loading
from korus_tui.widgets.text import paragraph

_QUANTITY_KEYS = "0123456789+-"


class OffersScreen(TillScreen):
    """One product over the days. Nothing is held before the agent goes on."""

    NAME = "offers"
    BINDINGS = commands.bindings("offers")
    VERTICAL_BREAKPOINTS = [(0, "-short"), (38, "-tall")]

    def __init__(self, services: Services, content: CatalogContent, product: Product) -> None:
        super().__init__(services)
        self._content = content
        self._product = product
        self._base = content.base_of(product)
        self._shown: tuple[object, ...] = ()
        self._busy = False
        self._holding = False

    def body(self) -> ComposeResult:
        """Product, months, the day, and the line for a typed date."""
        base = self._base
        yield Static(paragraph(self._product.name), classes="title", id="product", markup=False)
        facts = joined((base.name if base else "", base.venue if base else ""))
        yield Static(paragraph(facts), id="product-facts", classes="muted", markup=False)
        with Horizontal(id="choice"):
            yield OffersCalendar(self.services, self._content, self._product)
            yield OfferPane(self._product, base)
        yield Field(_("date"), Entry(max_length=20), _("7/6, +2, sat, 2027-06-07"), id="typed-day")

    def on_mount(self) -> None:
        """The calendar has the focus."""
        super().on_mount()
        self.query_one("#typed-day").display = False
        self.months.calendar.focus()
        self._show_day()

    @property
    def months(self) -> OffersCalendar:
        """The product's months."""
        return self.query_one(OffersCalendar)

    @property
    def day_pane(self) -> OfferPane:
        """The highlighted day's offers."""
        return self.query_one(OfferPane)

    # The day

    @on(OffersArrived)
    def arrived(self) -> None:
        """More is known: show it where it is looked at."""
        if self.months.only_undated and self.months.display:
            self.months.display = False
            self.show_keys()
        self._show_day()

    @on(MonthFailed)
    def month_failed(self, event: MonthFailed) -> None:
        """Say why, and what to press; the days that are known stay."""
        problem = of(event.error, Doing.READ)
        self.show_problem(replace(problem, next=_("r asks again")))

    @on(DayHighlighted, "#calendar")
    def other_day(self) -> None:
        """Another day: what was asked for the day before is not wanted any more."""
        self._stop_asking()
        self.clear_problem()
        self._show_day()

    def _show_day(self) -> None:
        months = self.months
        day, undated = months.day, months.only_undated
        offers = months.offers(day) if day >= months.today or undated else ()
        look = self._look(offers)
        shown = (day, offers, look)
        if shown != self._shown:
            self._shown = shown
            self.day_pane.show(_("Valid any day") if undated else words.long_day(day), offers or (), look)
            self.show_keys()

    def _look(self, offers: tuple[Offer, ...] | None) -> ListState:
        """What stands in place of offers, and what to press."""
        months = self.months
        if months.day < months.today and not months.only_undated:
            return Empty(_("This day is past; it is not sold any more."), _("t goes to today"))
        if offers is not None:
            return Empty(_("Not sold on this day."), _("←→↑↓ another day · PgDn next month"))
        if isinstance(months.state, Failed):
            return Failed(_("This month could not be read."), _("Nothing is held."), _("r asks again"))
        return Loading(_("Reading the day"))

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Digits, wherever the highlight is, say how many people."""
        typed = event.character is not None and event.character in _QUANTITY_KEYS
        if (typed or event.key == "backspace") and not isinstance(self.focused, Input):
            self.day_pane.offer_list.on_key(event)

    @on(QuantityChanged)
    def counted(self) -> None:
        """Another number of people: ask anew."""
        self._stop_asking()
        self.clear_problem()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter belongs to the typed date while it is being typed."""
        return not (action == "proceed" and isinstance(self.focused, Input))

    def allowed(self, action: str) -> bool:
        """Day keys only where there are days; going on only with something to sell."""
        if action in ("day", "month", "today", "type_day"):
            return not self.months.only_undated
        if action in ("proceed", "quantity"):
            offer = self.day_pane.offer
            return offer is not None and not sold_out(offer)
        return bool(self.sale and self.sale.lines) if action == "cart" else True

    def action_today(self) -> None:
        """Today at the venue."""
        self.months.go(self.months.today)

    def action_refresh(self) -> None:
        """Ask for the month again."""
        self.clear_problem()
        self.months.refresh_month()

    def action_back(self) -> None:
        """First out of the typed date, then back to the catalog."""
        if self.query_one("#typed-day").display:
            self._close_typed_day()
        elif not self._holding:
            self.app.pop_screen()

    # A typed date

    def action_type_day(self) -> None:
        """A line to type a date into."""
        if self.months.only_undated:
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
        field = self.query_one("#typed-day", Field)
        found = parse_day(event.value, self.months.today)
        if isinstance(found, DayError):
            field.show_error(found.sentence)
            return
        self._close_typed_day()
        self.months.go(found)

    def _close_typed_day(self) -> None:
        self.months.calendar.focus()
        self.query_one("#typed-day").display = False

    # Going on

    def action_proceed(self) -> None:
        """Ask for tickets, price and places of the day, then hold or choose sessions; once at a time."""
        if self._busy:
            return
        self.day_pane.end_number()
        offer, quantity = self.day_pane.offer, self.day_pane.quantity
        problem = self._why_not(offer, quantity)
        if problem is not None or offer is None:
            if problem is not None:
                self.show_problem(problem, tone="warn")
            return
        self.clear_problem()
        self._busy = True
        self.day_pane.asking(True)
        self.run_worker(self._proceed(offer, quantity), group="proceed", exit_on_error=False)

    def _why_not(self, offer: Offer | None, quantity: int) -> Problem | None:
        """What keeps the day from being sold, known before any call."""
        unharmed = _("No place is held.")
        if offer is None:
            look = self._look(self.months.offers(self.months.day))
            if isinstance(look, Loading):
                return Problem(_("This day is still being read."), unharmed, _("Press Enter again in a moment."))
            said = look.why if isinstance(look, Empty) else _("This month could not be read.")
            return Problem(said, unharmed, look.press if isinstance(look, Empty) else _("r asks again"))
        if sold_out(offer):
            return Problem(_("This day is sold out."), unharmed, _("Choose another day."))
        limit = most(offer, self._base, self.day_pane.live_of(offer))
        if quantity < 1:
            return Problem(_("For how many people?"), unharmed, _("Type a number."))
        if quantity > limit.quantity:
            return Problem(limit.why, unharmed, _("Type a smaller number, or choose another day."))
        return None

    async def _proceed(self, offer: Offer, quantity: int) -> None:
        try:
            await self._go_on(offer, quantity)
        except Exception as error:
            self.show_error(error, Doing.HOLD)
        finally:
            self._busy = self._holding = False
            if self.is_mounted:
                self.day_pane.asking(False)

    async def _go_on(self, offer: Offer, quantity: int) -> None:
        offers = self.services.offers
        tickets, live = await asyncio.gather(offers.tickets(offer), offers.live(offer))
        shown = self.day_pane.price_of(offer)
        self.day_pane.learn(offer, live)
        if self.app.screen is not self:
            return
        if live.left is not None and live.left < quantity:
            self.show_problem(too_few(live.left, quantity))
            return
        choice = only_choice(tickets, live, quantity, self.services.clock.now())
        if choice is None:
            from korus_tui.screens.sessions import SessionsScreen

            self.app.push_screen(
                SessionsScreen(self.services, self._content, self._product, offer, live, tickets, quantity)
            )
        elif dearer(live.price, shown):
            self.show_problem(new_price(live.price, shown), tone="warn")
        else:
            self._holding = True
            await hold(self, Wish(self._content, self._product, offer, live, quantity), choice)

    def _stop_asking(self) -> None:
        if self._busy and not self._holding:
            self.workers.cancel_group(self, "proceed")
