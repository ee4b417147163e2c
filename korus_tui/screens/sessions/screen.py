"""Which session for each ticket: the same showings are chosen together, what fits alone is taken, the rest asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.basket.limits import too_few
from korus_tui.counter.basket.models import Choice, Pick, Quote
from korus_tui.counter.basket.sessions import Fit, overfull
from korus_tui.counter.basket.split import Split
from korus_tui.counter.catalog.offer_models import Session, Ticket
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.dead_time import DEAD_TIME
from korus_tui.screens.common.into_sale import hold, new_price
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.sessions.pane import TicketPane
from korus_tui.screens.sessions.text import asked_for, facts, together, why_not
from korus_tui.widgets.lists.row_list import RowHighlighted
from korus_tui.widgets.lists.states import Stale
from korus_tui.widgets.panels import panel
from korus_tui.widgets.place import Place
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import paragraph

_STAY = 0.3  # seconds a choice must stay before its places are asked for
_LOOK = 5.0  # seconds between two looks at how old it is
_OLD = 60.0  # seconds after which places and price are asked again before the hold


class SessionsScreen(TillScreen):
    """The last page before the hold, for one product or several. Nothing is held before Enter."""

    NAME = "sessions"
    STEP = WayStep.SESSION
    BINDINGS = commands.bindings("sessions")

    def __init__(
        self,
        services: Services,
        quotes: Sequence[Quote],
        *,
        prefer: datetime | None = None,
        replacing: tuple[str, ...] = (),
    ) -> None:
        """`prefer` is the start that the agent came for; `replacing` are lines in whose place comes what is chosen."""
        super().__init__(services)
        self._replacing = replacing
        self.basket = Split(quotes)
        self._prefer = prefer
        self._asked_at = services.clock.boot()
        self._busy = False

    def body(self) -> ComposeResult:
        """What is sold, then group after group of tickets."""
        yield Static(classes="title", id="product", markup=False)
        yield Static(id="sessions-facts", classes="muted", markup=False)
        yield panel(Place(*self._new_panes(), id="tickets"), _("Sessions"))
        yield panel(Static(id="asked", markup=False), _("Tickets"))
        yield Static(id="together", classes="muted", markup=False)

    def on_mount(self) -> None:
        """The first group with something to choose has the focus."""
        self._show_facts()
        self.set_interval(_LOOK, self._grow_older)
        self._focus(next((pane for pane in self.panes if not pane.decided), None))
        self._ask_ahead()
        self.call_after_refresh(self._offer_hold)

    def _offer_hold(self) -> None:
        """The footer names the key of the hold once that key is meant for this page."""
        if self.armed:
            self.show_keys()
        else:
            self.set_timer(min(self._dead.left, DEAD_TIME), self._offer_hold)

    @property
    def ready(self) -> bool:
        """Whether Enter is meant for this page, and no answer is awaited."""
        return self.armed and not self._busy

    @property
    def panes(self) -> list[TicketPane]:
        """The groups of tickets as they stand on the page."""
        return list(self.query(TicketPane))

    @property
    def _here(self) -> TicketPane | None:
        return next((pane for pane in self.panes if pane.list is not None and pane.list.has_focus), None)

    # Showing

    def _new_panes(self) -> list[TicketPane]:
        now = self.services.clock.now()
        groups = enumerate(self.basket.groups)
        return [TicketPane(number, group, now, self._prefer) for number, group in groups]

    def _focus(self, pane: TicketPane | None) -> None:
        choosable = [one for one in self.panes if one.list is not None]
        several = [one for one in choosable if len(one.showings) > 1] or choosable
        chosen = pane if pane in choosable else several[0] if several else None
        if chosen is not None and chosen.list is not None:
            chosen.list.focus()

    def _show_facts(self) -> None:
        title, said = facts(self.basket.quotes)
        self.query_one("#product", Static).update(paragraph(title))
        self.query_one("#sessions-facts", Static).update(paragraph(said))
        self.query_one("#asked", Static).update(asked_for(self.basket.quotes))
        self.query_one("#together", Static).update(paragraph(together(self.basket)))

    @on(RowHighlighted)
    def moved(self, event: RowHighlighted) -> None:
        """A session was highlighted by the agent's hand: it is the chosen one."""
        pane = event.row_list.parent
        if isinstance(pane, TicketPane) and pane.moved_to(event.key):
            self.clear_problem()
            self._ask_ahead()

    # Keys

    def allowed(self, action: str) -> bool:
        """Holding only once the page could have been read; splitting only what can be."""
        if action == "hold":
            return self.ready and all(pane.sellable for pane in self.panes)
        if action == "next_ticket":
            return sum(pane.list is not None for pane in self.panes) > 1
        if action == "move":
            return any(len(pane.showings) > 1 for pane in self.panes)
        if action == "split":
            return any(self.basket.can_split(pane.group) for pane in self.panes)
        if action == "join":
            return self.basket.is_split
        return bool(self.sale and self.sale.lines) if action == "cart" else True

    def action_back(self) -> None:
        if not self._busy:
            self.app.pop_screen()

    async def action_split(self) -> None:
        """Choose apart: first the tickets of a group, then the people of one product."""
        pane = self._here
        if pane is None or self._busy or not self.basket.split(pane.group):
            return
        await self._regroup(pane.group[0].key)

    async def action_join(self) -> None:
        """Everything together again, as it was asked for."""
        if self.basket.is_split and not self._busy:
            self.basket.join()
            await self._regroup(None)

    async def _regroup(self, key: tuple[int, str] | None) -> None:
        await self.query_one(Place).show(*self._new_panes())
        self.clear_problem()
        self._show_facts()
        self._focus(next((pane for pane in self.panes if key in [one.key for one in pane.group]), None))
        self.show_keys()

    def on_key(self, event: events.Key) -> None:
        """A digit says how many of split people go here; the others stay with the other session."""
        pane, typed = self._here, event.character or ""
        if pane is None or self._busy or not (typed.isdecimal() and typed.isascii()):
            return
        event.stop()
        if self.basket.resize(pane.group, int(typed)):
            self._show_basket()

    def _show_basket(self) -> None:
        now = self.services.clock.now()
        for pane, group in zip(self.panes, self.basket.groups, strict=True):
            pane.show(group, now)
        self._show_facts()

    def say_again(self) -> None:
        super().say_again()
        self._show_basket()

    # Holding

    def action_hold(self) -> None:
        """Take the highlighted session; hold once every group has one, else go to the next that has none."""
        if not self.ready:
            return
        self._show_basket()
        here = self._here
        if here is not None and here.fit is Fit.FITS and not here.decided:
            here.decided = True
            here.mark()
        if self._asks():
            return
        self.clear_problem()
        self._busy = True
        self.show_keys()
        self.run_worker(self._hold(), group="hold", exit_on_error=False)

    def _asks(self) -> bool:
        """Whether something is still to be chosen: it is said, and the highlight is put there."""
        asking = [pane for pane in self.panes if not pane.full_day]
        missing = next((pane for pane in asking if pane.fit is not Fit.FITS or not pane.decided), None)
        if missing is not None:
            self._focus(missing)
            self.show_problem(why_not(missing), tone="warn")
            return True
        session = overfull(self._chosen())
        if session is not None and session.starts_at is not None:
            what = _("The session at {time} has too few places for all of them.").format(
                time=words.time(session.starts_at)
            )
            self.show_problem(Problem(what, _("No place is held."), _("Choose another session.")), tone="warn")
        return session is not None

    def _chosen(self) -> list[tuple[Quote, list[Choice]]]:
        """Each part of the basket with its sessions, by its own addresses."""
        found = {key: session for pane in self.panes for key, session in pane.choice.items()}
        return [
            (quote, [(ticket, found.get((number, ticket.iri))) for ticket in quote.tickets])
            for number, quote in enumerate(self.basket.quotes)
        ]

    async def _hold(self) -> None:
        try:
            if self.services.clock.boot() - self._asked_at > _OLD and not await self._still_so():
                return
            await hold(self, self._chosen(), self._replacing)
        except Exception as error:
            self.show_error(error, Doing.HOLD)
        finally:
            self._busy = False
            if self.is_mounted:
                self.show_keys()

    # Real time

    def _ask_ahead(self) -> None:
        """While the agent reads, ask for the places of the sessions that Enter would take."""
        sessions = [
            session
            for quote, choices in self._chosen()
            for _ticket, session in choices
            if session is not None and session.id not in quote.live.left_by_session
        ]
        if sessions:
            self.run_worker(self._asking_ahead(sessions), group="ahead", exclusive=True, exit_on_error=False)

    async def _asking_ahead(self, sessions: list[Session]) -> None:
        await asyncio.sleep(_STAY)
        await self.services.offers.tickets.ask_sessions_ahead(sessions)

    def action_refresh(self) -> None:
        """Ask again how many places are left."""
        if not self._busy:
            self.run_worker(self._refreshing(), group="refresh", exclusive=True, exit_on_error=False)

    async def _refreshing(self) -> None:
        try:
            await self._ask_again()
        except Exception as error:
            for pane in self.panes:
                pane.show(pane.group, self.services.clock.now(), self._old())
            self.show_error(error)
        self.show_keys()

    def _old(self) -> Stale:
        return Stale.of(words.age(self.services.clock.boot() - self._asked_at), commands.keys("sessions.refresh"))

    def _grow_older(self) -> None:
        """How old what is shown is, where it could not be asked for again."""
        for pane in self.panes:
            if pane.list is not None and isinstance(pane.list.state, Stale):
                pane.list.state = self._old()

    async def _still_so(self) -> bool:
        """Whether what the agent saw is still true; else it is said, and nothing is held."""
        chosen = [pane.key for pane in self.panes]
        if not await self._ask_again() or self._asks():
            return False
        if chosen == [pane.key for pane in self.panes]:
            return True
        what = _("The sessions have changed meanwhile.")
        self.show_problem(Problem(what, _("No place is held."), _("Enter takes the highlighted one.")), tone="warn")
        return False

    async def _ask_again(self) -> bool:
        """Price and places as they are now; False where there are too few, or it became dearer."""
        before = self.basket.quotes
        self.services.offers.forget()
        picks = [Pick(quote.product, quote.offer, quote.quantity) for quote in before]
        now = await self.services.basket.quotes(before[0].content).ask(picks)
        self._asked_at = self.services.clock.boot()
        self.basket.learn([replace(new, tickets=_kept(old, new)) for old, new in zip(before, now, strict=True)])
        self._show_basket()
        for pane in self.panes:
            pane.preselect()
        few = too_few(self.basket.quotes)
        dearer = new_price(self.basket.quotes, [quote.price for quote in before])
        if few is not None:
            self.show_problem(few)
        elif dearer is not None:
            self.show_problem(dearer, tone="warn")
        else:
            self.clear_problem()
        return few is None and dearer is None


def _kept(old: Quote, new: Quote) -> tuple[Ticket, ...]:
    """The tickets that the page shows, as they are now; one that is not named any more stays as it was."""
    found = {ticket.iri: ticket for ticket in new.tickets}
    return tuple(found.get(ticket.iri, ticket) for ticket in old.tickets)
