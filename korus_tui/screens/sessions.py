"""Which session for each ticket: what needs no choice is said, what fits alone is chosen, the rest is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.problems import Doing, Problem
from korus_tui.counter.services import Services
from korus_tui.counter.views import CatalogContent, Live, Offer, Product, Session, Ticket
from korus_tui.i18n import _, ngettext
from korus_tui.screens import words
from korus_tui.screens.base import TillScreen, joined
from korus_tui.screens.offers_hold import Wish, hold, in_zone, new_price, too_few
from korus_tui.screens.offers_words import age_words, dearer
from korus_tui.screens.sessions_fit import Fit, twin
from korus_tui.screens.sessions_ticket import TicketPane
from korus_tui.widgets.row_list import RowHighlighted
from korus_tui.widgets.states import Stale
from korus_tui.widgets.text import paragraph

_DEAD_TIME = 0.3  # seconds in which Enter is still the one that was pressed for the page before
_OLD = 60.0  # seconds after which places and price are asked again before the hold


class SessionsScreen(TillScreen):
    """The last page before the hold. Nothing is held before Enter."""

    NAME = "sessions"
    BINDINGS = commands.bindings("sessions")

    def __init__(
        self,
        services: Services,
        content: CatalogContent,
        product: Product,
        offer: Offer,
        live: Live,
        tickets: Sequence[Ticket],
        quantity: int,
    ) -> None:
        super().__init__(services)
        self._wish = Wish(content, product, offer, live, quantity)
        zone = self._wish.zone
        self._tickets = tuple(
            replace(ticket, sessions=tuple(in_zone(services, one, zone) for one in ticket.sessions))
            for ticket in tickets
        )
        self._asked_at = services.clock.boot()
        self._busy = False
        self._armed = False

    def body(self) -> ComposeResult:
        """What is sold, then ticket after ticket."""
        wish, now = self._wish, self.services.clock.now()
        yield Static(paragraph(wish.product.name), classes="title", id="product", markup=False)
        yield Static(id="sessions-facts", classes="muted", markup=False)
        with VerticalScroll(id="tickets", can_focus=False):
            for number, ticket in enumerate(self._tickets):
                yield TicketPane(number, ticket, wish.live, wish.quantity, now)
        yield Static(id="together", classes="muted", markup=False)

    def on_mount(self) -> None:
        """The first ticket with something to choose has the focus."""
        super().on_mount()
        self._show_facts()
        choosable = [pane for pane in self.panes if pane.list is not None]
        undecided = [pane for pane in choosable if len(pane.ticket.sessions) > 1] or choosable
        if undecided and undecided[0].list is not None:
            undecided[0].list.focus()
        self.set_timer(_DEAD_TIME, self._arm)

    def _arm(self) -> None:
        self._armed = True
        self.show_keys()

    @property
    def ready(self) -> bool:
        """Whether Enter is meant for this page, and no answer is awaited."""
        return self._armed and not self._busy

    @property
    def panes(self) -> list[TicketPane]:
        """The tickets as they stand on the page."""
        return list(self.query(TicketPane))

    # Showing

    def _show_facts(self) -> None:
        wish = self._wish
        people = ngettext("{count} person", "{count} people", wish.quantity).format(count=wish.quantity)
        price = wish.price
        each = _("{price} each").format(price=words.money(price)) if price else ""
        listed = wish.offer.price
        moved = wish.live.price is not None and listed is not None and wish.live.price != listed
        live = _("live price") if wish.live.price else ""
        if moved:
            live = _("live price, listed at {price}").format(price=words.money(listed))
        self.query_one("#sessions-facts", Static).update(
            paragraph(joined((words.long_day(wish.offer.day), people, each, live)))
        )
        linked = any(
            twin(session, other) is not None
            for ticket in self._tickets
            for other in self._tickets
            if other is not ticket
            for session in ticket.sessions
        )
        together = _("The same times are chosen together. Tab goes to one ticket, to choose it apart.")
        self.query_one("#together", Static).update(paragraph(together if linked else ""))

    @on(RowHighlighted)
    def moved(self, event: RowHighlighted) -> None:
        """A session was highlighted; tickets of the same showing follow while nobody has chosen them apart."""
        pane = event.row_list.parent
        if not isinstance(pane, TicketPane) or not pane.moved_to(event.key):
            return
        self.clear_problem()
        self._lead(pane)

    def _lead(self, pane: TicketPane) -> None:
        """Tickets of the same showing follow this one."""
        session = pane.session
        for other in self.panes:
            found = twin(session, other.ticket) if session is not None else None
            if other is not pane and not other.touched and found is not None:
                other.place(found, decided=True)

    # Keys

    def allowed(self, action: str) -> bool:
        """Holding only once the page could have been read; the next ticket only where there is one."""
        if action == "hold":
            return self.ready and all(pane.sellable for pane in self.panes)
        if action == "next_ticket":
            return sum(pane.list is not None for pane in self.panes) > 1
        if action == "move":
            return any(len(ticket.sessions) > 1 for ticket in self._tickets)
        return bool(self.sale and self.sale.lines) if action == "cart" else True

    def action_back(self) -> None:
        """Back to the dates."""
        if not self._busy:
            self.app.pop_screen()

    def action_hold(self) -> None:
        """Take the highlighted session; hold once every ticket has one, else go to the next that has none."""
        if not self.ready:
            return
        now = self.services.clock.now()
        for pane in self.panes:
            pane.show(self._wish.live, now)
        here = next((pane for pane in self.panes if pane.list is not None and pane.list.has_focus), None)
        if here is not None and here.fit is Fit.FITS and not here.decided:
            here.decided = True
            here.mark()
            self._lead(here)
        missing = self._missing()
        if missing is not None:
            self._ask_for(missing)
            return
        self.clear_problem()
        self._busy = True
        self.show_keys()
        self.run_worker(self._hold(), group="hold", exit_on_error=False)

    def _missing(self) -> TicketPane | None:
        """The first ticket without a session that can be held."""
        asking = (pane for pane in self.panes if not pane.ticket.full_day)
        return next((pane for pane in asking if pane.fit is not Fit.FITS or not pane.decided), None)

    def _ask_for(self, pane: TicketPane) -> None:
        """Say which ticket still needs what, and put the highlight there."""
        if pane.list is not None:
            pane.list.focus()
        name, unharmed = pane.ticket.name, _("No place is held.")
        if pane.fit is Fit.FITS:
            what = _("A session for “{ticket}”, please.").format(ticket=name)
            self.show_problem(Problem(what, unharmed, _("Enter takes the highlighted one.")), tone="warn")
            return
        said = {
            Fit.STARTED: _("That session of “{ticket}” has started."),
            Fit.FULL: _("That session of “{ticket}” is full."),
            Fit.TOO_FEW: _("That session of “{ticket}” has too few places."),
            None: _("“{ticket}” has no session on this day."),
        }
        what = said[pane.fit].format(ticket=name)
        self.show_problem(Problem(what, unharmed, _("Choose another session, or Esc for another day.")), tone="warn")

    async def _hold(self) -> None:
        try:
            if self.services.clock.boot() - self._asked_at > _OLD and not await self._still_so():
                return
            choices: list[tuple[Ticket, Session | None]] = [(pane.ticket, pane.session) for pane in self.panes]
            await hold(self, self._wish, choices)
        except Exception as error:
            self.show_error(error, Doing.HOLD)
        finally:
            self._busy = False
            if self.is_mounted:
                self.show_keys()

    # Real time

    def action_refresh(self) -> None:
        """Ask again how many places are left."""
        if not self._busy:
            self.run_worker(self._refreshing(), group="refresh", exclusive=True, exit_on_error=False)

    async def _refreshing(self) -> None:
        try:
            await self._ask_again()
        except Exception as error:
            look = Stale(age_words(self.services.clock.boot() - self._asked_at))
            for pane in self.panes:
                pane.show(self._wish.live, self.services.clock.now(), look)
            self.show_error(error)
        self.show_keys()

    async def _still_so(self) -> bool:
        """Whether what the agent saw is still true; else it is said, and nothing is held."""
        chosen = [pane.session.id if pane.session else "" for pane in self.panes]
        if not await self._ask_again():
            return False
        missing = self._missing()
        if missing is not None:
            self._ask_for(missing)
            return False
        if chosen == [pane.session.id if pane.session else "" for pane in self.panes]:
            return True
        what = _("The sessions have changed meanwhile.")
        self.show_problem(Problem(what, _("No place is held."), _("Enter takes the highlighted one.")), tone="warn")
        return False

    async def _ask_again(self) -> bool:
        """Price and places as they are now; False where there are too few, or it became dearer."""
        services, before = self.services, self._wish
        live, tickets = await asyncio.gather(services.offers.live(before.offer), services.offers.tickets(before.offer))
        self._asked_at = services.clock.boot()
        self._wish = wish = replace(before, live=live)
        self._show_facts()
        for pane in self.panes:
            found = next((one for one in tickets if one.iri == pane.ticket.iri), pane.ticket)
            pane.ticket = replace(found, sessions=tuple(in_zone(services, one, wish.zone) for one in found.sessions))
            pane.show(live, services.clock.now())
            pane.preselect()
        if live.left is not None and live.left < wish.quantity:
            self.show_problem(too_few(live.left, wish.quantity))
            return False
        if dearer(live.price, before.price):
            self.show_problem(new_price(live.price, before.price), tone="warn")
            return False
        self.clear_problem()
        return True
