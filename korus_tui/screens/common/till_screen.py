"""What all screens of the till share: header, cart, problem bar, footer, and hearing that the sale changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from korus_tui import commands
from korus_tui.counter.core.problems import CounterError, Doing, Problem, of
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.dead_time import DeadTime
from korus_tui.screens.common.flow import Flow, flow_of
from korus_tui.screens.common.meanwhile import may_see, waiting
from korus_tui.screens.common.problem import TroubleBar
from korus_tui.screens.common.sized import be_sized
from korus_tui.styles import HORIZONTAL_BREAKPOINTS, VERTICAL_BREAKPOINTS
from korus_tui.widgets.cart_rail import CartLine, CartRail, CartRailLine, CartView, RailPart
from korus_tui.widgets.countdown import Tone, remaining_text
from korus_tui.widgets.key_bar import KeyBar, KeyHint
from korus_tui.widgets.panels import mark_box
from korus_tui.widgets.problem_bar import ProblemBar, ProblemView
from korus_tui.widgets.status_line import StatusLine, StatusView, WayStep

# The sale's rules are imported where a sale is shown: the first frame shows none.
if TYPE_CHECKING:
    from korus_tui.counter.core.journal_trouble import Trouble
    from korus_tui.sale.money import Money
    from korus_tui.sale.state import LineState, Sale


Until = Literal["changed", "left", "done"]
"""How long an answer stands: until what it is of changes (`subject`), its page is left, or the page takes it away."""


def seconds(left: timedelta | None) -> int | None:
    """Whole seconds of a remaining time, rounded towards the past: a countdown never promises more than there is."""
    return None if left is None else int(left.total_seconds() // 1)


class TillScreen(Screen[None]):
    """A screen of the till. `NAME` is its name in the registry of commands."""

    NAME: ClassVar[str] = ""
    SHOWS_CART: ClassVar[bool] = True
    OWN_CLOCK: ClassVar[bool] = False  # about one sale alone: no other one's countdown stands above it
    STEP: ClassVar[WayStep | None] = None  # of the way of a sale
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = VERTICAL_BREAKPOINTS

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._dead = DeadTime(services.clock.boot)
        self._was_seen = False
        self.labels: dict[str, str] = {}  # by action: of commands that do less now than their own label says
        self._notice: tuple[Callable[[], Problem | None], Literal["good", "warn"]] | None = None
        self._gone: Callable[[], bool] | None = None  # of what was told in answer to a key

    # What a screen says of itself

    def body(self) -> ComposeResult:
        """The widgets between header and footer."""
        yield from ()

    def show_sale(self) -> None:
        """The sale at the counter changed, or the screen is seen again: show what is now."""

    def meanwhile(self) -> tuple[RailPart, ...]:
        """What an empty sale can begin with, of what is known without a call."""
        return waiting(self.services) if self.services.desk.others else ()

    def tick(self) -> None:
        """A whole second passed while a hold runs: show remaining times, repaint nothing else."""

    def keep_typed(self) -> None:
        """The agent goes on to another page: what is typed is kept."""

    @property
    def in_form(self) -> bool:
        """Whether a form is being filled in: keys of other pages' subjects wait until that is done."""
        return False

    def allowed(self, action: str) -> bool:
        """Whether the footer should offer this action now."""
        return True

    # What they share

    @property
    def flow(self) -> Flow:
        """The way to other pages."""
        return flow_of(self.app)

    def compose(self) -> ComposeResult:
        """Header, body beside the cart, problem bar, footer."""
        be_sized(self)
        yield StatusLine()
        with Horizontal(id="middle"):
            with Vertical(id="body"):
                yield from self.body()
            with Vertical(id="aside"):
                if self.SHOWS_CART:
                    yield CartRail()
                if self.services.lens is not None:
                    from korus_tui.screens.common.lens.pane import LensPane  # first frame

                    yield LensPane(self.services.lens, self.services)
        yield ProblemBar()
        yield TroubleBar()
        if self.SHOWS_CART:
            yield CartLine()
        yield KeyBar()

    @property
    def sale(self) -> Sale | None:
        return self.services.desk.sale

    def on_mount(self) -> None:
        """Show everything once. Textual calls this after the page's own: no page calls it by `super()`, which would
        show everything twice."""
        self._dead.begin_when_seen(self)
        self.watch(self, "focused", lambda: mark_box(self))
        self.sale_changed()

    @property
    def armed(self) -> bool:
        """Whether the screen has been there long enough for a key to be meant for it (docs/rules.md, Once only)."""
        return self._dead.over

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Seen again: the sale may have changed meanwhile."""
        commands.on_top(self.NAME)
        if self.is_mounted and self._was_seen:
            self.sale_changed()
        event.refresh_styles = self._was_seen  # the first time all was styled and shown a moment ago
        self._was_seen = True

    def on_screen_suspend(self) -> None:
        """The agent went on: what was news or an answer is known, and what was typed is kept."""
        self.keep_typed()
        self.query_one(TroubleBar).show_news(None)
        on_top = self.app.screen
        left = isinstance(on_top, TillScreen) and on_top is not self and on_top.NAME != "cover"
        if self._gone is not None and left:
            self.clear_problem()  # a dialog or the help over the page is read beside it, and a cover is lifted again

    def sale_changed(self) -> None:
        """Show the sale as it is now, in every place that shows it."""
        self._show_frame()
        self.show_sale()
        self.show_keys()

    def say_again(self) -> None:
        """Another language is spoken now: show everything that was not there from the start once more."""
        self.sale_changed()

    def second_passed(self) -> None:
        """Show remaining times."""
        self._show_frame()
        self.tick()

    def show_keys(self) -> None:
        """Show the keys that work now; none that the field with the cursor would take as a letter."""
        offered = [
            command
            for command in commands.of_screen(self.NAME)
            if command.footer is not None
            and (self.everywhere if not command.screen else self.allowed)(command.action)
            and not _is_typed(command, self.focused)
        ]
        offered.sort(key=lambda command: command.footer or 0)
        self.query_one(KeyBar).show(
            tuple(KeyHint(one.key, self.labels.get(one.action) or _(one.label)) for one in offered), typing=self._types
        )

    @property
    def _types(self) -> bool:
        """Whether what has the focus takes a question mark as a letter."""
        return self.focused is not None and self.focused.check_consume_key("question_mark", "?")

    def on_descendant_focus(self) -> None:
        """A field has other keys than a list."""
        if self.is_mounted:
            self.show_keys()

    on_descendant_blur = on_descendant_focus

    def everywhere(self, action: str) -> bool:
        """Whether a key of every screen does something now."""
        sale, desk = self.sale, self.services.desk
        if action == "app.rehearse":
            return self.services.rehearsals is not None
        if action == "app.lens":
            return self.NAME != "lens" and self.services.lens is not None
        if action == "app.cart":
            return self.NAME != "cart" and bool(sale and sale.lines)
        if action == "app.orders":
            return self.NAME != "orders"
        if action == "app.park":
            may_wait = sale and sale.lines and (not sale.paying or sale.paid_not_confirmed)
            return bool(may_wait) or any(one.lines for one in desk.others)
        return True

    def subject(self) -> tuple[object, ...]:
        """What the answer to a key is of: the sale, who stands here, the drawer. It goes as one of these changes."""
        gate = self.services.desk.gate
        return self.sale, gate.name, gate.drawer

    def show_problem(
        self, problem: Problem, *, tone: Literal["good", "warn", "bad"] = "bad", until: Until = "changed"
    ) -> None:
        """Put the answer to a key above the footer: until the next one, or until it is of nothing any more.

        "good" is news, not a problem. What was said of the line goes once Korus answers again.
        """
        self._notice = None
        before, online = self.subject(), self.services.line.health.online
        self.query_one(ProblemBar).show(ProblemView(problem.what, problem.explained, problem.next, tone))

        def gone() -> bool:
            answers = problem.of_line and not online and self.services.line.health.online is True
            return answers or (until == "changed" and self.subject() != before)

        self._gone = None if problem.grave or (until == "done" and not problem.of_line) else gone

    def show_notice(self, said: Callable[[], Problem | None], *, tone: Literal["good", "warn"] = "warn") -> None:
        """Words about something that changes: said anew as the page shows what is now, and gone with what they are of.

        `said` gives None once there is nothing to say.
        """
        self._notice = said, tone
        self._say_notice()

    def _say_notice(self) -> None:
        notice = self._notice
        if notice is None:
            if self._gone is not None and self._gone():
                self.clear_problem()
            return
        problem = notice[0]()
        if problem is None:
            self.clear_problem()
        else:
            self.show_problem(problem, tone=notice[1], until="done")
            self._notice = notice

    def show_error(self, error: Exception, doing: Doing = Doing.READ) -> None:
        """Put an error into words above the footer; the journal's stands there already."""
        if self.services.desk.ledger.trouble is not None:
            from korus_tui.counter.core import journal_trouble as trouble  # first frame

            if trouble.is_trouble(error):
                return
        self.show_problem(error.problem if isinstance(error, CounterError) else of(error, doing))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A read that failed in a way nobody foresaw is told like any other background work."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.services.failed(event.worker.error)

    def clear_problem(self) -> None:
        """The problem was answered."""
        self._notice = self._gone = None
        self.query_one(ProblemBar).clear()

    def _trouble(self) -> Trouble | None:
        error = self.services.desk.ledger.trouble
        if error is None:
            return None
        from korus_tui.counter.core import journal_trouble as trouble  # first frame

        return trouble.of(error)

    def _show_frame(self) -> None:
        self._say_notice()
        self.query_one(StatusLine).show(self._status())
        self.query_one(TroubleBar).show_trouble(self._trouble())
        if self.SHOWS_CART:
            view = self._cart()
            self.query_one(CartRail).show(view)
            self.query_one(CartLine).show(view)

    def _status(self) -> StatusView:
        services = self.services
        content, health = services.catalogs.content, services.line.health
        text, tone = self._connection(health.online, health.since, health.latency)
        sale, hold, hold_tone = self._soonest()
        waiting = sum(one.paid_not_confirmed for one in services.desk.sales) + len(services.desk.unreadable)
        mode = services.desk.counter.mode
        return StatusView(
            venue=content.catalog.name if content else services.name,
            agent=services.desk.gate.shown,
            till=services.desk.counter.till,
            connection=text,
            tone=tone,
            hold=hold,
            hold_reference=sale if not services.opened or services.till.nobody is None else "",
            parked=self.sale is None or sale != self.sale.reference,
            hold_tone=hold_tone,
            not_confirmed=waiting,
            elsewhere=len(services.desk.elsewhere),
            rehearsal=self._rehearsal(),
            day=self._day_in_doubt(),
            step=self.STEP,
            mode="DEMO" if mode == "demo" else "TRAINING" if mode == "training" else "",
        )

    def _day_in_doubt(self) -> str:
        """What today is by a clock that something contradicts; practice has its server's day."""
        doubt = self.services.till.live_day_doubt if self.services.opened else None
        return doubt.today if doubt else ""

    def _rehearsal(self) -> str:
        rehearsals = self.services.rehearsals
        if rehearsals is None or rehearsals.armed is None:
            return ""
        from korus_tui.screens.rehearse.text import armed_words  # first frame

        return armed_words(rehearsals.armed)

    def _connection(self, online: bool | None, since: float, latency: float | None) -> tuple[str, Tone]:
        if online is None:
            return _("connecting") if self.services.line.asked else _("nothing asked yet"), "muted"
        if online:
            return _("online {seconds} s").format(seconds=words.tenths(latency or 0.0)), "good"
        age = int(self.services.clock.boot() - since)
        return _("no answer for {seconds} s").format(seconds=age), "bad"

    def _soonest(self) -> tuple[str, str, Tone]:
        """The sale whose hold lapses first of all open sales, and its remaining time."""
        if not self.services.desk.sales:
            return "", "", ""
        from korus_tui.sale.holds import soonest  # first frame

        clock = self.services.clock
        own = [self.sale] if self.OWN_CLOCK and self.sale is not None else None
        found = [(sale, hold) for sale in own or self.services.desk.sales if (hold := soonest(sale))]
        if not found:
            return "", "", ""
        sale, hold = min(found, key=lambda one: clock.left(one[1]) or timedelta(0))
        text, tone = remaining_text(seconds(clock.left(hold)))
        return sale.reference, text, tone

    def _cart(self) -> CartView:
        sale = self.sale
        if sale is None or not sale.begun:
            reference = sale.reference if sale else ""
            services = self.services
            return CartView(
                reference=reference,
                closed=services.closed,
                elsewhere=elsewhere_words(services),
                meanwhile=self.meanwhile() if may_see(services) else (),
            )
        from korus_tui.sale.holds import soonest  # first frame
        from korus_tui.sale.state import LineStatus  # first frame

        first = soonest(sale)
        text, tone = remaining_text(seconds(self.services.clock.left(first))) if first else ("", "")
        said, total = sale_total(sale)
        return CartView(
            reference=sale.reference,
            lines=tuple(self._cart_line(sale, state) for state in sale.lines),
            total=words.money(total),
            said=said,
            count=sale.places,
            soonest=text,
            soonest_tone=tone,
            lapsed=len(sale.with_status(LineStatus.LAPSED)),
        )

    def _cart_line(self, sale: Sale, state: LineState) -> CartRailLine:
        line, hold = state.line, sale.hold_of(state)
        text, tone = self.line_words(sale, state)
        start = line.starts_at
        when = words.day(line.day) + (f" {words.time(start, line.zone)}" if start else "")
        whole = hold is not None and len(hold.lines) == 1
        amount = hold.total if whole and hold else line.quoted_total
        return CartRailLine(f"{line.quantity} × {line.name}", when, words.figure(amount), text, tone)

    def line_words(self, sale: Sale, state: LineState) -> tuple[str, Tone]:
        """Where a line stands, in words and tone: its remaining time while it is held."""
        from korus_tui.sale.state import LineStatus  # first frame

        status = sale.status(state)
        if status is LineStatus.HELD and sale.is_booked(state):
            return _("booked, not paid"), "warn"
        if status is LineStatus.HELD:
            hold = sale.hold_of(state)
            return remaining_text(seconds(self.services.clock.left(hold))) if hold else ("", "")
        said: dict[LineStatus, tuple[str, Tone]] = {
            LineStatus.CHOSEN: (_("not held yet"), "muted"),
            LineStatus.HOLDING: (_("asking…"), "muted"),
            LineStatus.REFUSED: (_("not held"), "bad"),
            LineStatus.LAPSED: (_("lapsed"), "bad"),
            LineStatus.ORDERED: (_("ordered"), "good"),
        }
        return said[status]


def joined(parts: Iterable[str]) -> str:
    """Facts of one line, parted by a dot; empty ones left out."""
    return " · ".join(part for part in parts if part)


def elsewhere_words(services: Services) -> str:
    """The sales that only another profile goes on with, and which; empty where there is none."""
    by_home: dict[str, list[str]] = {}
    for reference, home in services.elsewhere:
        by_home.setdefault(home, []).append(reference)
    said = _("{sales} waits in {home}")
    return "; ".join(said.format(sales=", ".join(found), home=home) for home, found in by_home.items())


def sale_total(sale: Sale) -> tuple[str, Money | None]:
    """What the sale comes to, and what that is; no words where all is to collect: what was paid never stands so."""
    due = sale.due
    if not sale.payments or due is None:
        return "", sale.to_collect
    if sale.credit:
        return _("TO GIVE BACK"), sale.credit
    return (_("STILL TO COLLECT"), due) if due.amount > 0 else (_("PAID"), sale.taken)


def _is_typed(command: commands.Command, field: Widget | None) -> bool:
    """Whether the field would take every key of the command as a letter."""
    keys = ",".join(filter(None, (command.added, command.keys))).split(",")
    return field is not None and all(len(key) == 1 and field.check_consume_key(key, key) for key in keys)
