"""One day, all products: numbers typed straight into the rows, letters find a row; several days make one basket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.basket.models import Pick, Quote
from korus_tui.counter.catalog.days import FRESH, DayRead
from korus_tui.counter.catalog.families import families
from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.counter.catalog.offer_models import CatalogContent, Live, Offer
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.dates.calendar import OffersCalendar
from korus_tui.screens.dates.date_line import DateLine
from korus_tui.screens.dates.going_on import QUANTITY_KEYS, GoingOn, all_typed
from korus_tui.screens.dates.rows import DayFilter, basket_words, day_row, failed_look, favourite_family
from korus_tui.screens.dates.text import most
from korus_tui.text.search import fold, matches
from korus_tui.widgets.calendar.calendar import DayHighlighted
from korus_tui.widgets.inputs.filter_input import FilterChanged
from korus_tui.widgets.lists.row_list import Column, QuantityChanged, QuantityRefused, RowList
from korus_tui.widgets.lists.states import Empty, ListState, Loading, Ready
from korus_tui.widgets.panels import panel
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import clean

_LOOK = 5.0  # seconds between two looks at which day it is
_RUSH = 0.12  # seconds a day must stay before it is asked for: holding an arrow costs no call


class DayScreen(TillScreen):
    """All that is sold on one day; the numbers of other days stay in the basket until it is held."""

    NAME = "day"
    STEP = WayStep.DATE
    BINDINGS = commands.bindings("day")

    def __init__(self, services: Services, content: CatalogContent, favourites: Favourites) -> None:
        super().__init__(services)
        self._content = content
        self._going = GoingOn(self, content, lambda: self)
        self._families = families(content)
        self._folded = {
            product.id: fold(f"{product.name} {family.name}")
            for family in self._families
            for product in family.products
        }
        self._month = favourite_family(content, favourites)
        self._today = services.today()
        self.day = max(services.basket.day_used or self._today, self._today)
        self._days: dict[date, DayRead] = {}
        self._failed: Problem | None = None
        self._typed: dict[str, Pick] = {}
        self._live: dict[str, Live] = {}
        self._note = ""
        self._asking = False

    def body(self) -> ComposeResult:
        """The favourites' month, the day's rows, what was typed so far."""
        with Horizontal(id="choice"):
            if self._month is not None:
                yield panel(OffersCalendar(self.services, self._content, self._month, start=self.day), _("Days"))
            with panel(Vertical(id="board"), _("Tickets")):
                yield Static(id="day-title", classes="title", markup=False)
                yield DayFilter(target="day-rows", placeholder=_("letters find, digits count"), id="filter")
                yield RowList(
                    (
                        Column("what", "", None, least=24),
                        Column("price", _("price"), 10, "right"),
                        Column("left", _("left"), 7, "right"),
                    ),
                    header=True,
                    quantities=True,
                    id="day-rows",
                    state=Loading(_("Reading the day")),
                )
                yield Static(id="basket", markup=False)
        yield DateLine(self.services.today, self._focus_back, self.go)

    def on_mount(self) -> None:
        """Letters and digits work at once."""
        self._focus_back()
        self._show_day(wait=0.0)
        self.set_interval(_LOOK, self._turn_day)

    def _turn_day(self) -> None:
        """Midnight at the venue: what is past is not sold."""
        if self._today != self.services.today():
            self._today = self.services.today()
            self._fill()

    def _focus_back(self) -> None:
        self.set_focus(self.query_one(DayFilter))

    @property
    def rows(self) -> RowList:
        return self.query_one("#day-rows", RowList)

    def go(self, day: date) -> None:
        day = max(day, self.services.today())
        if self._month is not None:
            self.query_one(OffersCalendar).go(day)
        if day != self.day:
            self.day = day
            self._show_day(wait=_RUSH)

    @on(DayHighlighted, "#calendar")
    def other_day(self, event: DayHighlighted) -> None:
        """The month's highlight and the rows are of one day."""
        self.go(event.day)

    # The page itself shows the offers

    def learn(self, quote: Quote) -> None:
        """Show what the real-time calls said."""
        self._live[quote.offer.iri] = quote.live
        self._fill()

    def asking(self, flag: bool) -> None:
        """Whether the next step is being asked for."""
        self._asking = flag
        self._show_basket()

    def price_shown(self, pick: Pick) -> Money | None:
        live = self._live.get(pick.offer.iri)
        return live.price if live and live.price else pick.offer.price

    async def action_proceed(self) -> None:
        """Enter. Letters and digits go through the filter, digits from there into the rows."""
        await all_typed((self.query_one(DayFilter), self.rows))
        here = self.rows.highlighted
        if here is not None:
            self.rows.set_quantity(here, self.rows.quantities.get(here, 0))
        picks = list(self._typed.values())  # of every day that was looked at
        self._going.start(picks, self._why_not(picks))

    def _why_not(self, picks: Sequence[Pick]) -> Problem | None:
        """Nothing typed, or more than there is."""
        unharmed = _("No place is held.")
        if not picks:
            return Problem(_("For how many people?"), unharmed, _("Type a number into a row."))
        for pick in picks:
            if pick.offer.day is not None and pick.offer.day < self.services.today():
                what = words.about(words.day(pick.offer.day), _("This day is past; it is not sold any more."))
                return Problem(what, unharmed, _("Choose another day."))
            limit = most(pick.offer, self._content.base_of(pick.product), self._live.get(pick.offer.iri))
            if pick.quantity > limit.quantity:
                return Problem(words.about(pick.product.name, limit.why), unharmed, _("Type a smaller number."))
        return self._going.over_most(picks)

    # The day

    def _show_day(self, wait: float) -> None:
        self._note, self._failed = "", None
        self._going.stop()
        self.clear_problem()
        known = self._days.get(self.day)
        self._fill()
        if known is None or self.services.clock.boot() - known.read_at > FRESH:
            self.run_worker(self._reading(self.day, wait), group="day", exclusive=True, exit_on_error=False)

    async def _reading(self, day: date, wait: float) -> None:
        await asyncio.sleep(wait)
        try:
            products = [product for family in self._families for product in family.products]
            read = await self.services.offers.day_in_part(self._content.catalog.id, day, products)
        except Exception as error:
            if day == self.day:
                self._failed = of(error, Doing.READ)
                if day in self._days:  # its rows stay: else the list says it, in their place
                    self.show_error(error)
                self._fill()
            return
        self._days[day] = read
        if day == self.day:
            self._fill()

    def show_sale(self) -> None:
        """The rows, also in another language."""
        self._fill()

    def _fill(self) -> None:
        self.query_one("#day-title", Static).update(Content(words.long_day(self.day)))
        read = self._days.get(self.day)
        offers: dict[str, Offer] = {one.product: one for one in read.offers} if read else {}
        query, past = self.query_one(DayFilter).value, self.day < self.services.today()
        wanted = [
            (product, offers[product.id])
            for family in self._families
            for product in family.products
            if product.id in offers and not past and (not query or matches(query, self._folded[product.id]))
        ]
        live, typed, base = self._live.get, self._typed.get, self._content.base_of
        rows = [day_row(base(one), one, offer, live(offer.iri), typed(offer.iri)) for one, offer in wanted]
        self.rows.set_rows(rows, Ready() if rows else self._look(query))
        self._show_basket()
        self.show_keys()

    def _look(self, query: str) -> ListState:
        if self.day < self.services.today():
            return Empty(_("This day is past; it is not sold any more."), _("‹day.days(1)› the day after"))
        if self.day not in self._days:
            return failed_look(self._failed) if self._failed else Loading(_("Reading the day"))
        if query:
            return Empty(
                _("Nothing on this day is called “{query}”.").format(query=query), _("‹day.back› empties the filter")
            )
        return Empty(_("Nothing is sold on this day."), _("‹day.days(-1)› another day"))

    def _show_basket(self) -> None:
        picks = list(self._typed.values())
        said = [Content.styled(self._note, "$text-error")] if self._note else []
        read = self._days.get(self.day)
        if unread := read and read.unread:
            what = _("{unread}: it may be sold all the same. ‹day.refresh› asks again").format(unread=unread.words)
            said.append(Content.styled(what, "$text-warning"))
        if picks:
            total, parts = basket_words(picks, self.day)
            said += [Content.styled(total, "bold"), Content.styled(clean(parts), "$foreground-muted")]
        if self._asking:
            said.append(Content.styled(_("Asking for places and sessions…"), "$foreground-muted"))
        self.query_one("#basket", Static).update(Content("\n").join(said))

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Digits go into the highlighted row."""
        typed = event.character is not None and event.character in QUANTITY_KEYS
        empty = event.key == "backspace" and not self.query_one(DayFilter).value
        if (typed or empty) and not self.query_one(DateLine).display:
            self.rows.on_key(event)

    @on(FilterChanged)
    def filter(self) -> None:
        """Other words: other rows, at once, the first of them highlighted."""
        self._fill()
        self.rows.cursor = min(0, len(self.rows.rows) - 1)

    @on(QuantityChanged, "#day-rows")
    def counted(self, event: QuantityChanged) -> None:
        """A number: it stays in the basket, whatever is looked at next."""
        self._going.counted(event)
        self.clear_problem()
        self._note = ""
        offer = next(one for one in self._days[self.day].offers if one.iri == event.key)
        product = self._content.product(offer.product)
        self._typed.pop(offer.iri, None)
        if event.quantity and product is not None:
            self._typed[offer.iri] = Pick(product, offer, event.quantity)
        self._show_basket()
        self.show_keys()

    @on(QuantityRefused, "#day-rows")
    def refused(self, event: QuantityRefused) -> None:
        """More than can be had: say what the limit is."""
        self._going.refused(event)
        offer = next(one for one in self._days[self.day].offers if one.iri == event.key)
        product = self._content.product(offer.product)
        self._note = most(offer, self._content.base_of(product) if product else None, self._live.get(offer.iri)).why
        self._show_basket()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter, arrows and Tab belong to the typed date while it is being typed; the month has arrows of its own."""
        if not self.is_mounted:
            return True
        typing = isinstance(self.focused, Input) and not isinstance(self.focused, DayFilter)
        return not (action in ("proceed", "days", "calendar", "type_day") and typing)

    def allowed(self, action: str) -> bool:
        """Going on only with a number; the month only where there are favourites."""
        if action == "proceed":
            return bool(self._typed)
        if action == "calendar":
            return self._month is not None
        return bool(self.sale and self.sale.lines) if action == "cart" else True

    def action_days(self, days: int) -> None:
        self.go(self.day + timedelta(days=days))

    def action_calendar(self) -> None:
        """From the rows to the month and back; a narrow terminal shows one of them."""
        if self._month is None:
            what = _("There is no month here: it is that of the favourites, and none is set.")
            self.show_problem(Problem(what, "", _("‹catalog.keep› in the catalog sets favourites")), tone="warn")
            return
        months = self.query_one(OffersCalendar)
        there = months.calendar.has_focus
        self.set_class(not there, "-month")
        (self.query_one(DayFilter) if there else months.calendar).focus()

    def action_refresh(self) -> None:
        self._days.pop(self.day, None)
        self.services.offers.forget()
        self._show_day(wait=0.0)

    def action_type_day(self) -> None:
        self.query_one(DateLine).open()

    def action_back(self) -> None:
        """First out of the typed date, out of the month, out of the filter, then to the catalog."""
        line = self.query_one(DayFilter)
        if self.query_one(DateLine).close() or self._going.holding:
            return
        if self.has_class("-month"):
            self.action_calendar()
        elif line.value:
            line.value = ""
        else:
            self.app.pop_screen()
