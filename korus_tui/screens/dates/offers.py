"""When, at what price, and for how many: the family's month at the left, the day's offers of all of it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.basket.models import Pick
from korus_tui.counter.catalog.families import Family, kinds
from korus_tui.counter.catalog.offer_models import CatalogContent, Offer
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.screens.dates.calendar import MonthFailed, OffersArrived, OffersCalendar
from korus_tui.screens.dates.date_line import DateLine
from korus_tui.screens.dates.going_on import QUANTITY_KEYS, GoingOn, all_typed
from korus_tui.screens.dates.pane import OfferPane
from korus_tui.screens.dates.text import sold_out
from korus_tui.widgets.calendar.calendar import DayHighlighted
from korus_tui.widgets.lists.row_list import QuantityChanged, QuantityRefused, RowHighlighted
from korus_tui.widgets.lists.states import Empty, Failed, ListState, Loading
from korus_tui.widgets.panels import panel
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import paragraph


class OffersScreen(TillScreen):
    """A family of products over the days."""

    NAME = "offers"
    STEP = WayStep.DATE
    BINDINGS = commands.bindings("offers")

    def __init__(  # noqa: PLR0913 - where the page begins, each named at the call
        self,
        services: Services,
        content: CatalogContent,
        family: Family,
        *,
        product: str | None = None,
        quantity: int = 1,
        prefer: datetime | None = None,
        day: date | None = None,
        replacing: tuple[str, ...] = (),
    ) -> None:
        """`product` is the one that was named, with `quantity` people; `prefer` is a session's start, on its day.

        `day` is where to begin, else the day of this sale.

        `replacing` are lines of the sale in whose place comes what is chosen.
        """
        super().__init__(services)
        self.family = family
        self._content = content
        self._going = GoingOn(self, content, lambda: self.pane, replacing)
        self._going.prefer = prefer
        self._wanted = product, quantity
        self._begin = day
        self._shown: tuple[object, ...] = ()
        self._waiting: date | None = None  # the day that Enter was pressed for before it was known
        self._told: date | None = None  # the day of which it was said that it is another one
        self._counted = False  # a number was typed

    def body(self) -> ComposeResult:
        """Family, months, the day, and the line for a typed date."""
        family, base = self.family, self.family.base
        yield Static(paragraph(family.name), classes="title", id="product", markup=False)
        facts = joined((kinds(family), base.venue if base else ""))
        yield Static(paragraph(facts), id="product-facts", classes="muted", markup=False)
        with Horizontal(id="choice"):
            yield panel(OffersCalendar(self.services, self._content, family, start=self._start()), _("Days"))
            yield panel(OfferPane(family, *self._wanted), _("Tickets"))
        yield DateLine(lambda: self.months.today, self._focus_back, lambda day: self.months.go(day))

    def _start(self) -> date | None:
        """The day to open at: the session's, or the one that was used last in this sale, where that is wanted."""
        if self._going.prefer is not None:
            return self._going.prefer.date()
        return self._begin or self.services.basket.day_used

    def on_mount(self) -> None:
        """The rows have the focus; with one row, the calendar."""
        self._focus_back()
        self._show_day()

    def _focus_back(self) -> None:
        """Where the arrows are of most use."""
        self.set_focus(self.pane.offer_list if len(self.family.products) > 1 else self.months.calendar)

    @property
    def months(self) -> OffersCalendar:
        return self.query_one(OffersCalendar)

    @property
    def pane(self) -> OfferPane:
        return self.query_one(OfferPane)

    # The day

    @on(OffersArrived)
    def arrived(self) -> None:
        """More is known: show it where it is looked at, and go on if Enter was pressed before it came."""
        if self.months.only_undated and self.months.display:
            self.months.display = False
            self.show_keys()
        self._show_day()
        self._go_on_early()

    @on(MonthFailed)
    def month_failed(self, event: MonthFailed) -> None:
        """Say why, and what to press; the days that are known stay."""
        self._stop_waiting()
        self.show_problem(replace(of(event.error, Doing.READ), next=_("‹offers.refresh› asks again")), until="done")

    @on(DayHighlighted, "#calendar")
    def other_day(self) -> None:
        """Another day: what was asked for the day before is not wanted any more."""
        if self._going.prefer is not None and self.months.day != self._going.prefer.date():
            self._going.prefer = None
        self._going.stop()
        if self.months.day != self._told:
            self.clear_problem()
        self._told = None
        self._show_day()
        self._go_on_early()

    def _go_on_early(self) -> None:
        """Go on with the day that Enter was pressed for; one that was found in its place is not sold unseen."""
        day, months = self._waiting, self.months
        if day is None:
            return
        if day != months.day:
            self._stop_waiting()
            self._told = months.day
            what = _("Enter was pressed for {day}; this is {other}.").format(
                day=words.day(day), other=words.day(months.day)
            )
            self.show_problem(Problem(what, _("No place is held."), _("Enter goes on with this day.")), tone="warn")
        elif self._offers() or not isinstance(months.state, Loading):
            self._stop_waiting()
            self._proceed()

    def subject(self) -> tuple[object, ...]:
        """What is known of the day, too."""
        return *super().subject(), self.months.day, self._offers()

    def _offers(self) -> tuple[Offer, ...] | None:
        months = self.months
        return months.offers(months.day) if months.day >= months.today or months.only_undated else ()

    def _show_day(self) -> None:
        months, offers = self.months, self._offers()
        look = self._look(offers)
        unread = months.unread(months.day) is not None
        shown = (months.day, offers, look, unread)
        if shown != self._shown:
            self._shown = shown
            title = _("Valid any day") if months.only_undated else words.long_day(months.day)
            at = words.time(self._going.prefer) if self._going.prefer else ""
            self.pane.show(joined((title, at)), offers, look, unread)
            self.show_keys()
            if self._counted:
                self._ask_ahead()

    def _look(self, offers: tuple[Offer, ...] | None) -> ListState:
        """What stands in place of offers, and what to press."""
        months = self.months
        if months.day < months.today and not months.only_undated:
            return Empty(_("This day is past; it is not sold any more."), _("‹offers.today› goes to today"))
        if offers is not None:
            return Empty(_("Not sold on this day."), _("‹offers.day› another day · ‹offers.month› next month"))
        if unread := months.unread(months.day):
            return Failed(f"{unread.words}.", _("This day may be sold all the same."), _("‹offers.refresh› asks again"))
        if isinstance(months.state, Failed):
            return Failed(_("This month could not be read."), _("Nothing is held."), _("‹offers.refresh› asks again"))
        return Loading(_("Reading the day"))

    def say_again(self) -> None:
        """The day's title and rows."""
        super().say_again()
        self._shown = ()
        self._show_day()

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Digits, wherever the highlight is, say how many people."""
        typed = event.character is not None and event.character in QUANTITY_KEYS
        if (typed or event.key == "backspace") and not isinstance(self.focused, Input):
            self.pane.offer_list.on_key(event)

    @on(QuantityChanged)
    def counted(self, event: QuantityChanged) -> None:
        """Another number of people: ask anew."""
        self._going.counted(event)
        self._stop_waiting()
        self.clear_problem()
        self._counted = True
        self.months.sells()
        self._ask_ahead()

    def _ask_ahead(self) -> None:
        """While the agent reads and types, ask for tickets and places of what has a number; a day that is left is not
        asked for."""
        picks = self.pane.picks
        self._going.ask_ahead(picks if self._offers() and self._why_not(picks) is None else ())

    @on(RowHighlighted, "#day-offers")
    def other_row(self) -> None:
        """What can be done may differ from row to row."""
        self.show_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter and the arrows belong to the typed date while it is being typed."""
        of_line = action in ("proceed", "days", "months")
        return not (of_line and (isinstance(self.focused, Input) or (action != "proceed" and not self.months.display)))

    def allowed(self, action: str) -> bool:
        """Day keys only where there are days; going on only with something to sell."""
        if action in ("day", "month", "today", "type_day"):
            return not self.months.only_undated
        if action == "row":
            return len(self.family.products) > 1
        if action in ("proceed", "quantity"):
            return any(not sold_out(offer) for offer in self._offers() or ())
        return bool(self.sale and self.sale.lines) if action == "cart" else True

    def action_days(self, days: int) -> None:
        """A day before or after, whatever has the focus."""
        self.months.calendar.action_days(days)

    def action_months(self, months: int) -> None:
        """A month before or after, whatever has the focus."""
        self.months.calendar.action_months(months)

    @on(QuantityRefused)
    def refused(self, event: QuantityRefused) -> None:
        """The pane says what the limit is."""
        self._going.refused(event)

    def action_type_day(self) -> None:
        if self.allowed("type_day"):
            self.query_one(DateLine).open()

    def action_back(self) -> None:
        """First out of the typed date, then back to where the agent came from."""
        if not self.query_one(DateLine).close() and not self._going.holding:
            self.app.pop_screen()

    def action_today(self) -> None:
        """Today at the venue."""
        self.months.go(self.months.today)

    def action_refresh(self) -> None:
        self.clear_problem()
        self.months.refresh_month()

    # Going on

    async def action_proceed(self) -> None:
        await all_typed((self.pane.offer_list,))
        self._proceed()

    def _proceed(self) -> None:
        """Go on now, or as soon as the day is known: an Enter that was pressed early is not lost."""
        if isinstance(self._look(self._offers()), Loading) and self.pane.people:
            self._waiting = self.months.day
            self.pane.asking(True)
            return
        self.pane.end_number()
        picks = self.pane.picks
        self._going.start(picks, self._why_not(picks))

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting = None
            self.pane.asking(False)

    def _why_not(self, picks: Sequence[Pick]) -> Problem | None:
        """What keeps the day from being sold, known before any call."""
        unharmed = _("No place is held.")
        offers = self._offers()
        if not offers:
            look = self._look(offers)
            if isinstance(look, Loading):
                return Problem(_("For how many people?"), unharmed, _("Type a number."))
            said = look.why if isinstance(look, Empty) else _("This month could not be read.")
            said = look.what if isinstance(look, Failed) else said
            return Problem(said, unharmed, look.press if isinstance(look, Empty) else _("‹offers.refresh› asks again"))
        if all(map(sold_out, offers)):
            return Problem(_("This day is sold out."), unharmed, _("Choose another day."))
        return self.pane.why_not(picks) or self._going.over_most(picks)
