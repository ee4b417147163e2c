"""Today's board: sessions of the favourites, or of all events, in time order, the next one marked; Enter sells."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.catalog.events import Showing
from korus_tui.counter.catalog.families import mixed
from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.counter.catalog.models import DaySessions
from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.catalog.today import AGE, Item, Showtime, Today, all_of, items_of
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext, pgettext
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.meanwhile import prices_of_today
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.screens.dates.text import about_show
from korus_tui.text.venue_time import which
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Failed, ListState, Loading, Ready, Stale
from korus_tui.widgets.panels import panel
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import width_of

log = logging.getLogger("korus_tui.screens")

_GONE = timedelta(minutes=30)  # after its start a session leaves the board
_MOST_SHOWS = 24  # events of one name, each with some sessions to be read
_REST = 0.12  # seconds
_LOOK = 5.0  # seconds between two looks at what has started, and at the age


class TodayScreen(TillScreen):
    """Read when it is opened, then at most once a minute while it is looked at."""

    NAME = "today"
    STEP = WayStep.DATE
    BINDINGS = commands.bindings("today")

    def __init__(self, services: Services, content: CatalogContent, favourites: Favourites) -> None:
        super().__init__(services)
        self._content = content
        self._favourites = favourites
        self._today = Today(services.offers, services.start)
        self._day = services.today()  # what the board is of
        self._by_event = False
        self._all = True  # of all that is sold: nothing is a favourite, or none of them is left today
        self._shows_left_out = 0
        self._shows: tuple[Showtime | Showing, ...] | None = None
        self._read_at = 0.0
        self._answered_at = 0.0
        self._failed = False
        self._painted: tuple[object, ...] = ()
        self._moving: Timer | None = None  # until more is said of the row that is highlighted now

    def body(self) -> ComposeResult:
        """The day, how old the figures are, the sessions."""
        with Horizontal(id="today-head"):
            yield Static(Content(words.long_day(self._day)), classes="title", id="today-title")
            yield Static(id="today-facts", classes="muted", markup=False)
        widest = max(map(width_of, (_("next, {count} min").format(count=99), _("started"))))
        columns = (
            Column("time", _("time"), 5),
            Column("in", "", widest),
            Column("name", pgettext("column", "session"), None, least=34, foreign=True),
            Column("left", _("left"), 7, "right"),
            Column("of", _("places of"), 16, priority=1),
        )
        shows = RowList(columns, header=True, id="shows", state=Loading(_("Reading today's sessions")))
        yield panel(shows, _("Sessions"))
        yield panel(Static(id="this-show", markup=False), _("This session"))

    def on_mount(self) -> None:
        """Read once the frame is there."""
        self._list.focus()
        self.call_after_refresh(self._read)
        self.run_worker(self._learn(), group="learn", exit_on_error=False)
        self.set_interval(_LOOK, self._look)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Seen again: what is old is read anew."""
        self._look()

    @property
    def _list(self) -> RowList:
        return self.query_one("#shows", RowList)

    def _items(self) -> list[Item]:
        return items_of(self._content, self._favourites)

    # Reading

    def action_refresh(self) -> None:
        self.clear_problem()
        self._read(again=True)

    def _look(self) -> None:
        """Quietly: read when a minute has passed, or the day, and mark what has started meanwhile."""
        if self.app.screen is not self or self._shows is None:
            return
        if self.services.clock.boot() - self._read_at > AGE or self._day != self.services.today():
            self._read(again=True)
        self._fill()

    def _read(self, *, again: bool = False) -> None:
        if again:
            self.services.offers.forget()
        self._read_at = self.services.clock.boot()
        self.run_worker(self._reading(), group="today", exclusive=True, exit_on_error=False)

    async def _learn(self) -> None:
        """Whether events can be asked for here; where nobody says it, the board is as it is."""
        try:
            await self.services.events.ask(self._content.catalog.id)
        except Exception as error:
            log.info("whether there are events is not known: %s", error)
        self.show_keys()

    async def _shows_of(self, day: date) -> tuple[Showtime | Showing, ...]:
        if not self._by_event:
            catalog, items = self._content.catalog.id, self._items()
            showtimes = await self._today.read(catalog, items, day)
            self._all = not self._favourites.keys
            if not self._all and not any(map(self._is_left, showtimes)):  # what is sold is more than they are
                showtimes, self._all = await self._today.read(catalog, all_of(self._content), day), True
            self._read_at = self._today.read_at or self._read_at
            return showtimes
        shows = await self.services.events.shows(self._content.catalog.id)
        self._shows_left_out = max(0, len(shows) - _MOST_SHOWS)
        return await self.services.events.showings(shows[:_MOST_SHOWS], day)

    def _is_left(self, show: Showtime | Showing) -> bool:
        return self.services.clock.now() - show.starts_at < _GONE

    async def _reading(self) -> None:
        day = self.services.today()
        try:
            shows = await self._shows_of(day)
        except Exception as error:
            problem = of(error, Doing.READ)
            if self._shows is None:
                self._list.set_rows((), Failed(problem.what, problem.explained, _("‹today.refresh› asks again")))
            else:
                self._failed = True
                self._fill()
            return
        first = self._shows is None
        if day != self._day:
            self._day, first = day, True
            self.query_one("#today-title", Static).update(Content(words.long_day(day)))
        self._shows, self._painted = shows, ()
        sessions = tuple((show.starts_at, self._called(show)) for show in shows if show.left is None or show.left > 0)
        self.services.board = DaySessions(self._content.catalog.id, day, sessions)
        self._answered_at, self._failed = self.services.clock.boot(), False
        self._fill()
        coming = self._next()
        if first and coming is not None:
            self._list.highlight(coming.key)

    # Showing

    def _next(self) -> Showtime | Showing | None:
        now = self.services.clock.now()
        return next((show for show in self._shows or () if show.starts_at > now), None)

    def _fill(self) -> None:
        """Paint only what changed: the minutes to go, what has started, new figures."""
        now = self.services.clock.now()
        shows = [show for show in self._shows or () if self._is_left(show)]
        rows = [self._row(show, now) for show in shows]
        age = words.age(self.services.clock.boot() - self._answered_at) if self._failed else ""
        painted = (tuple(rows), age)
        if painted == self._painted:
            return
        self._painted = painted
        state = Stale.of(age, commands.keys("today.refresh")) if self._failed else Ready()
        unread = self.services.events.unread if self._by_event else self._today.unread
        nothing: ListState = Empty(_("Nothing with a session is left today."), _("‹today.back› shows the catalog"))
        if not self._by_event and self._today.left_out:
            nothing = Empty(_("No session is left of what was read."), _("‹today.by_day› shows the whole day"))
        if unread:
            nothing = Failed(f"{unread.words}.", _("It may be today all the same."), _("‹today.refresh› asks again"))
        self._list.set_rows(rows, state if rows else nothing)
        left_out = self._today.left_out
        said = ngettext("{count} session", "{count} sessions", len(rows)).format(count=len(rows))
        if self._by_event:
            said += " · " + _("of all events")
            if self._shows_left_out:
                said += " · " + _("{count} events are left out").format(count=self._shows_left_out)
        elif self._favourites.keys and self._all:
            said += " · " + _("of all that is sold: no favourite has one left")
        elif self._all:
            said += " · " + _("of all that is sold (favourites: ‹catalog.keep›)")
        if left_out and not self._by_event:
            said += " · " + _("{count} products are left out").format(count=left_out)
        if unread:
            said += " · " + unread.words
        self.query_one("#today-facts", Static).update(Content(said))
        self._describe()
        self.show_keys()

    @on(RowHighlighted, "#shows")
    def rest(self) -> None:
        """Describe the row once the highlight rests on it."""
        if self._moving is not None:
            self._moving.stop()
        self._moving = self.set_timer(_REST, self._describe)

    def _describe(self) -> None:
        """What there is to say of the highlighted session, of what was read."""
        self._moving = None
        show = next((one for one in self._shows or () if one.key == self._list.highlighted), None)
        family = show.family if isinstance(show, Showtime) else None
        prices = prices_of_today(self.services, self._content.catalog.id, family) if family else ""
        title = joined((f"{show.starts_at:%H:%M}", self._called(show))) if show else ""
        said = about_show(title, prices, family.description if family else "")
        self.query_one("#this-show", Static).update(said)

    def say_again(self) -> None:
        """The day, and all rows where they were read."""
        super().say_again()
        self.query_one("#today-title", Static).update(Content(words.long_day(self._day)))
        if self._shows is not None:
            self._painted = ()
            self._fill()

    def _row(self, show: Showtime | Showing, now: datetime) -> Row:
        coming, of_ = self._next(), ""
        if not isinstance(show, Showing):
            of_ = "" if show.named or len(show.family.products) == 1 else show.family.label(show.product)
        name = joined((self._called(show), which(show.starts_at)))
        started = show.starts_at <= now
        full = show.left is not None and show.left <= 0
        said = words.places_left(show.left, said=show.says_places)
        here = coming is not None and show.key == coming.key
        cells = (f"{show.starts_at:%H:%M}", self._when(show, now, here), name, "" if started else said, of_)
        return Row(show.key, cells, disabled=started, tone="muted" if full else "good" if here else "")

    @staticmethod
    def _called(show: Showtime | Showing) -> str:
        if isinstance(show, Showing):
            return show.show
        return show.product.name if show.named else show.family.name

    @staticmethod
    def _when(show: Showtime | Showing, now: datetime, here: bool) -> str:
        minutes = int((show.starts_at - now).total_seconds() // 60)
        if minutes < 0:
            return _("started")
        if here:
            return _("next, {count} min").format(count=minutes) if minutes < 100 else _("next")
        return _("in {count} min").format(count=minutes) if minutes < 100 else ""

    # Going on

    @on(RowChosen, "#shows")
    def sell(self, event: RowChosen) -> None:
        """The session's product at today, the session chosen already."""
        show = next((one for one in self._shows or () if one.key == event.key), None)
        if isinstance(show, Showing):
            self.clear_problem()
            self.query_one("#today-facts", Static).update(Content(_("Asking what can be bought for it…")))
            self.run_worker(self._sell_event(show), group="event", exclusive=True, exit_on_error=False)
        elif show is not None:
            named = show.product.id if show.named else None
            self.flow.dates(self._content, show.family, product=named, prefer=show.starts_at)

    async def _sell_event(self, show: Showing) -> None:
        """All products that can be bought for the session, at today, the session chosen already."""
        self._painted = ()
        try:
            offers = await self.services.events.offers(self._content.catalog.id, show)
        except Exception as error:
            self._fill()
            self.show_error(error)
            return
        self._fill()
        sold = dict.fromkeys(offer.product for offer in offers)
        products = tuple(one for key in sold if (one := self._content.product(key)) and not one.disabled)
        if not products:
            what = _("Nothing of this catalog can be bought for this session.")
            self.show_problem(Problem(what, _("No place is held."), _("Choose another session.")), tone="warn")
        elif self.app.screen is self:
            family = mixed(self._content, f"event {show.key}", show.show, products)
            self.flow.dates(self._content, family, prefer=show.starts_at)

    def action_events(self) -> None:
        """Turn from the favourites to the events and back."""
        if not self.allowed("events"):
            return
        self._by_event = not self._by_event
        self._shows, self._painted = None, ()
        self.clear_problem()
        self._list.set_rows((), Loading(_("Reading today's sessions")))
        self._read()

    def action_by_day(self) -> None:
        """All that is sold today, with or without a session."""
        self.flow.day(self._content, self._favourites)

    def action_back(self) -> None:
        self.app.pop_screen()

    def allowed(self, action: str) -> bool:
        """Selling only what has not started."""
        rows = [row for row in self._list.rows if not row.disabled]
        if action == "events":
            return self.services.events.available is True
        return bool(rows) if action in ("choose", "move") else True
