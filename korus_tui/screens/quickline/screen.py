"""The quick line: a whole sale in one line, understood while it is typed. Nothing is held before Enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.basket.models import Proposal
from korus_tui.counter.basket.proposals import proposals
from korus_tui.counter.basket.quotes import Known
from korus_tui.counter.catalog.offer_models import CatalogContent
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.counter.quickline.models import Parse, Pay
from korus_tui.counter.quickline.parse import Index, parse
from korus_tui.counter.quickline.printer import line_of, wanted_of
from korus_tui.counter.quickline.shows import ShowOffers
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common.flow import flow_of
from korus_tui.screens.common.into_sale import answered, new_price
from korus_tui.screens.common.key_order import typed
from korus_tui.screens.common.sized import be_sized
from korus_tui.screens.quickline import text as say
from korus_tui.screens.quickline.picks import Choices, choices_of, stuck
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.lists.row_list import Column, RowList
from korus_tui.widgets.text import paragraph

_REST = 0.15  # seconds without a key before the API is asked
_FRAME = 5  # columns that edge and padding take


class QuickScreen(ModalScreen[None]):
    """One line over the page that it was opened from. `preferred` are ids that an open word means first."""

    NAME = "quick"
    BINDINGS = commands.bindings("quick")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(  # noqa: PLR0913 - where the line begins, each named at the call
        self,
        services: Services,
        content: CatalogContent,
        index: Index,
        text: str = "",
        *,
        favourites: Mapping[str, str],
        preferred: Sequence[str] = (),
        source: Widget | None = None,
    ) -> None:
        """`source` is a field in which the line was begun: what is typed there while this opens belongs to it."""
        super().__init__()
        self.services = services
        self._quotes = services.basket.quotes(content)
        self._content = content
        self._index = index
        self._shows = ShowOffers(services, content, index)
        self._asking_shows = False
        self._bases = {base.id: base.name for base in content.bases}
        self._favourites = favourites
        self._preferred = tuple(preferred)
        self._begun = text
        self._source = source
        self.read: Parse = Parse("")
        self.quotes: tuple[Proposal, ...] | None = None
        self._shown: tuple[Proposal, ...] | None = None  # what could be read when Enter was pressed
        self._failed: Problem | None = None
        self._choices: Choices | None = None
        self._listed = False  # other readings are shown, though none needs to be picked
        self._pending = False  # Enter was pressed before the answers were there
        self._asking = False
        self._holding = False
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """The line, its words, its people, what is open, the keys."""
        be_sized(self)
        with Vertical(id="quick") as frame:
            frame.border_title = _("Quick line")
            example = _("2a2c 20h   ·   2 adult + 1 child sat 22:00   ·   3 F2 +1   ·   !$= cash, exact")
            with Horizontal(id="quick-row"):
                yield Static(":", id="quick-sign", markup=False)
                yield Entry(self._begun, placeholder=example, max_length=240, id="quick-line")
            yield Static(id="quick-words", markup=False)
            yield Static(id="quick-people", markup=False)
            yield Static(id="quick-problem", classes="bad", markup=False)
            yield Static(id="quick-title", classes="muted", markup=False)
            picks = RowList((Column("pick", "", None),), id="quick-picks")
            picks.can_focus = False
            yield picks
            yield Static(id="quick-keys", markup=False)

    async def on_mount(self) -> None:
        """Type at once, behind what was begun elsewhere."""
        entry = self.entry
        entry.select_on_focus = False
        entry.focus()
        if self._source is not None:
            await typed(self._source)
            if isinstance(self._source, Input):
                entry.value = self._source.value + entry.value[len(self._begun) :]
                self._source.value = ""
        entry.cursor_position = len(entry.value)
        self._understand()

    @property
    def entry(self) -> Entry:
        return self.query_one("#quick-line", Entry)

    @property
    def _today(self) -> date:
        """The venue's day."""
        return self.services.today()

    @property
    def _day(self) -> date:
        """The day of people for whom none is typed: that of this sale's last hold, else today."""
        return max(self.services.basket.day_used or self._today, self._today)

    def _proposed(self, known: tuple[Known, ...] | None) -> tuple[Proposal, ...] | None:
        """How those of the line can be sold to, once all of it is known."""
        if known is None:
            return None
        services = self.services
        return proposals(self._content, services.desk.growing, self.read.wanted, known, services.clock.now())

    # Understanding

    @on(Input.Changed, "#quick-line")
    def changed(self) -> None:
        """Another line: what was asked for the old one is no longer wanted, and Enter was not for this one."""
        if self.entry.value != self.read.text:
            self._understand()

    def _understand(self) -> None:
        self.workers.cancel_group(self, "quick")
        if self._resting is not None:
            self._resting.stop()
        self._pending = self._asking = self._asking_shows = self._listed = False
        self._failed = None
        self.read = parse(
            self.entry.value, self._index, self._today, favourites=self._favourites, preferred=self._preferred
        )
        self.quotes = self._proposed(self._quotes.known(self.read.wanted, self._day)) if self.read.wanted else None
        if self.read.good and self.quotes is None:
            self._resting = self.set_timer(_REST, self._ask)
        elif self._shows.wanted(self.read):
            self._resting = self.set_timer(_REST, self._ask_shows)
        self._show()

    def _ask(self) -> None:
        if self.read.good and self.quotes is None and not self._asking:
            self._asking = True
            self._show()
            self.run_worker(self._reading(self.read), group="quick", exclusive=True, exit_on_error=False)

    def _ask_shows(self) -> None:
        self._asking_shows = True
        self._show()
        self.run_worker(self._learning(self.read), group="quick", exclusive=True, exit_on_error=False)

    async def _learning(self, read: Parse) -> None:
        """Events may be meant: what can be bought for them makes the line clearer."""
        try:
            learned = await self._shows.learn(read, self._day)
        except Exception as error:
            if read is self.read:
                self._asking_shows = False
                self._failed = of(error, Doing.READ) if read.asks else None
                self._show()
            return
        if read is self.read:
            self._asking_shows = False
            if learned:
                self._understand()
            else:
                self._show()

    async def _reading(self, read: Parse) -> None:
        try:
            found = await self._quotes.read(read.wanted, self._day)
        except Exception as error:
            if read is self.read:
                self._fail(of(error, Doing.READ))
                self._pending = False
        else:
            if read is self.read:
                self.quotes = self._proposed(found)
                if self._pending and (problem := self._dearer()) is not None:
                    self._failed, self._pending = problem, False
        if read is self.read:
            self._asking = False
            self._show()
            if self._pending:
                self._go_on()

    # Showing

    def on_resize(self) -> None:
        """Another width: other columns."""
        if self.is_mounted:
            self._show()

    say_again = on_resize

    def _show(self) -> None:
        read = self.read
        self._choices = choices_of(read, self.quotes, self._index.offers, self._day)
        self._put("#quick-words", say.word_by_word(read) if read.text.strip() else say.so_far(self._so_far()))
        waits = self._asking or self._pending
        width = max(40, self.size.width - _FRAME)
        self._put("#quick-people", say.people(read, self.quotes, self._day, self._bases, width, waits))
        self._put("#quick-problem", paragraph(self._problem()))
        choices = self._choices
        listed = choices is not None and (choices.must or self._listed)
        title, picks = self.query_one("#quick-title", Static), self.query_one("#quick-picks", RowList)
        title.display, picks.display = choices is not None, listed
        if choices is not None:
            hint = "" if listed else "   " + _("‹quick.move('down')› lists them")
            hint += "   " + _("asking what can be bought for it…") if self._asking_shows else ""
            title.update(paragraph(choices.title + hint))
            picks.set_rows(choices.rows if listed else ())
            picks.styles.height = len(choices.rows)
        self.query_one("#quick-keys", Static).update(self._keys())

    def _put(self, selector: str, content: Content) -> None:
        widget = self.query_one(selector, Static)
        widget.display = bool(content.plain.strip())
        widget.update(content)

    def _so_far(self) -> str:
        """The sale at the counter as it would be typed; empty where there is none, or no line says it."""
        sale = self.services.desk.growing
        wanted = wanted_of(sale, self._index) if sale is not None else None
        return (line_of(wanted, self._index, self._today) if wanted else None) or ""

    def _problem(self) -> str:
        if self.read.mistakes:
            return self.read.mistakes[0].sentence if self.read.text.strip() else ""
        if self._failed is not None:
            return " ".join(part for part in (self._failed.what, self._failed.meaning, self._failed.next) if part)
        found = stuck(self.read, self.quotes)
        return say.trouble(found[1], self._day) if found is not None else say.short(self.quotes or ())

    def _keys(self) -> Content:
        enter = _("hold")
        if self._holding:
            enter = _("holding…")
        elif self._choices is not None and (self._choices.must or self._listed):
            enter = _("pick")
        elif self.read.pay is not None:
            enter = _("hold, then payment")
        some = self._choices is not None
        works = self.read.good or (self._choices is not None and self._choices.must)
        return say.keys(enter if works else "", moves=some)

    # Keys

    def action_back(self) -> None:
        """Back; nothing was held."""
        if not self._holding:
            self.dismiss()

    def action_move(self, step: str) -> None:
        """Move among the readings; the first step lists those that need not be picked."""
        choices = self._choices
        if choices is None or self._holding:
            return
        if not choices.must and not self._listed:
            self._listed = True
            self._show()
        self.query_one("#quick-picks", RowList).action_move(step)

    async def action_go(self) -> None:
        """Pick what is highlighted, else hold the line; once its answers are there."""
        await typed(self.entry)
        if self._holding:
            return
        if self.entry.value != self.read.text:
            self._understand()
        picks, choices = self.query_one("#quick-picks", RowList), self._choices
        if choices is not None and (choices.must or self._listed) and picks.highlighted is not None:
            self._pick(choices, picks.highlighted)
            return
        if self.read.good:
            self._failed = None
            self._go_on()

    def _fail(self, problem: Problem) -> None:
        self._failed = replace(problem, next=_("Enter asks again."))

    def _dearer(self) -> Problem | None:
        """What was shown a while ago, and is asked anew for Enter, costs more: that is not sold unseen."""
        found = [(one.quote, before.price) for one, before in zip(self.quotes or (), self._shown or (), strict=False)]
        return new_price([quote for quote, _price in found if quote], [price for quote, price in found if quote])

    def _pick(self, choices: Choices, key: str) -> None:
        entry = self.entry
        line = choices.line(key, self.read, self._index, self._today, self._favourites)
        entry.value = line
        entry.cursor_position = len(line)
        self._understand()

    def _go_on(self) -> None:
        """Hold, if all that it needs is known and nothing stands against it; else ask, and come back here."""
        self._shown = self.quotes
        self.quotes = self._proposed(self._quotes.known(self.read.wanted, self._day))
        self._pending = self.quotes is None
        if self._pending:
            self._ask()
        elif self.quotes is not None and stuck(self.read, self.quotes) is None:
            self._holding = True
            self.run_worker(self._hold(self.quotes, self.read.pay), group="hold", exit_on_error=False)
        self._show()

    # Holding

    async def _hold(self, found: tuple[Proposal, ...], pay: Pay | None) -> None:
        chosen = [(one.quote, one.choices) for one in found if one.quote is not None]
        customer = self.services.walk_in if pay is not None and pay.method is not None else None
        try:
            self.services.basket.check(chosen)
            answers = await answered(self.app, chosen)
            if answers is None:
                return
            await self.services.basket.add(chosen, answers, customer=customer)
            self._quotes.forget()
        except Exception as error:
            self._fail(of(error, Doing.HOLD))
        else:
            self.app.call_later(self._leave, pay)
        finally:
            self._holding = False
            if self.is_attached:
                self._show()

    def _leave(self, pay: Pay | None) -> None:
        """To the cart above the catalog, and on to the payment."""
        if self.app.screen is self:
            flow_of(self.app).quick_sale(pay)
