"""The till: is it open, what happened in it today, and the keys that open, count and close it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from korus_tui import commands
from korus_tui.config.settings import load as load_settings
from korus_tui.counter.core import journal_trouble as trouble
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.reading import Reading
from korus_tui.sale.shifts import Shift, business_day
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.till_screen import TillScreen, Until, elsewhere_words
from korus_tui.screens.till import text as say
from korus_tui.screens.till.agents import AgentsScreen
from korus_tui.screens.till.amount import AmountFor, AmountScreen, Given
from korus_tui.screens.till.cover import CoverScreen
from korus_tui.screens.till.figures import FiguresBox
from korus_tui.screens.till.sign_in import Purpose, SignInScreen
from korus_tui.text.venue_time import at_venue
from korus_tui.widgets.big_amount import BigAmount
from korus_tui.widgets.lists.row_list import RowChosen, RowList
from korus_tui.widgets.lists.states import Empty
from korus_tui.widgets.panels import panel
from korus_tui.widgets.text import paragraph


class View(StrEnum):
    """What the page shows."""

    NOW = "now"  # blind: nothing that tells what cash to expect
    X = "x"
    PAST = "past"
    Z = "z"


class TillPage(TillScreen):
    """One till's drawer. Nothing here shows what cash is expected until an X asks for it, or a Z has counted it."""

    NAME = "till"
    SHOWS_CART = False
    AUTO_FOCUS = ""
    BINDINGS = commands.bindings("till")

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.view = View.NOW
        self._came_from = View.NOW
        self._shift: Shift | None = None  # the close that is shown; None: the shift that runs
        self._reading: Reading | None = None
        self._busy = False
        self._to_record = False  # an X that was asked for and is not on record yet

    def body(self) -> ComposeResult:
        """What it is, columns of boxes with figures, and the list of past closes in their place."""
        yield Static(id="till-title", markup=False)
        yield Static(id="till-facts", markup=False)
        yield Static(id="till-note", markup=False)
        with VerticalScroll(id="figures"), Horizontal(id="columns"):
            with Vertical(id="left"):
                yield from (FiguresBox(name) for name in say.LEFT)
            with Container(id="right"):
                with Vertical(id="sums"):
                    with panel(Vertical(id="total"), "", early=True):
                        yield Static(id="total-title", classes="muted", markup=False)
                        yield BigAmount(id="total-amount")
                    yield from (FiguresBox(name) for name in say.middle(self.services.till.mode))
                with Vertical(id="numbers"):
                    yield from (FiguresBox(name) for name in say.COUNTS)
        yield panel(RowList(say.past_columns(), header=True, id="past"), _("Past closes"), early=True)

    # Showing

    def show_sale(self) -> None:
        """A sale changed, or the page is seen again: read anew."""
        if self.services.till.nobody is not None and self.view in (View.PAST, View.Z):
            self.view, self._shift = View.NOW, None
        self.set_class(self.view is View.PAST, "-past")
        self.query_one("#figures").display = self.view is not View.PAST
        self._read()

    @work(group="till", exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        view, shift = self.view, self._shift
        to_record, self._to_record = self._to_record, False
        till = self.services.till
        try:
            found = await (till.x() if to_record and till.nobody is None else till.read(shift))
        except Exception as error:
            self.show_error(error)
            return
        if (view, shift) == (self.view, self._shift):
            self._reading = found
            self._show(found)

    @property
    def _opened_up(self) -> bool:
        """Whether what cash to expect is shown: to somebody with a name, and who may see it."""
        till = self.services.till
        return self.view is View.X and till.nobody is None and till.sees_expected

    def _show(self, reading: Reading) -> None:
        till = self.services.till
        title = _("Past closes") if self.view is View.PAST else say.title(reading, opened_up=self._opened_up)
        today = business_day(self.services.clock.now(), self.services.till.zone)
        facts = "" if self.view is View.PAST else say.facts(reading)
        note = "" if self.view is View.PAST else self._note(reading, today)
        for selector, text in (("#till-title", title), ("#till-facts", facts), ("#till-note", note)):
            widget = self.query_one(selector, Static)
            widget.display = bool(text)
            widget.update(paragraph(text))
        alone, blind = till.nobody is not None, not till.sees_expected
        left, right = say.columns(reading, opened_up=self._opened_up, alone=alone, blind=blind)
        shown = {section.name: (section, left if section in left else ()) for section in (*left, *right)}
        for box in self.query(FiguresBox):
            box.show(*shown.get(box.of, (None, ())))
        self._show_total(reading)
        below = self.view in (View.NOW, View.X) and not alone and bool(till.past)
        self.set_class(below, "-below")
        if below or self.view is View.PAST:
            self._show_past()
        self.show_keys()

    def _show_total(self, reading: Reading) -> None:
        """The takings large, once they may be seen."""
        box = self.query_one("#total")
        box.display = self._opened_up or reading.is_z
        words_of, amount = say.total(reading)
        box.border_title = words_of
        self.query_one("#total-title", Static).update(paragraph(words_of))
        self.query_one(BigAmount).show(words.money(amount))

    def _note(self, reading: Reading, today: date) -> str:
        till = self.services.till
        elsewhere = elsewhere_words(self.services) if till.nobody is None else ""
        blind = self.view is View.X and not till.sees_expected
        signs_in = _("‹till.sign› signs in")
        nobody = f"{till.nobody.what} {signs_in}." if till.nobody is not None else ""
        doubt = None if reading.is_z else till.day_doubt
        meaning = () if doubt is None or reading.shift.is_open else (doubt.meaning,)  # else the day is its opening's
        in_doubt = " ".join((*doubt.said, *meaning)) if doubt else ""
        has_agents = till.staff.has_agents
        return say.note(reading, today, elsewhere, nobody=nobody, has_agents=has_agents, blind=blind, in_doubt=in_doubt)

    def _show_past(self) -> None:
        zone = self.services.till.zone
        rows = []
        for shift in self.services.till.past:
            if shift.closing is not None and shift.opening is not None:
                closed = at_venue(shift.closing.by.at, zone)
                day = business_day(shift.opening.by.at, zone)
                rows.append(say.past_row(shift, day, words.time(closed)))
        state = None if rows else Empty(_("This till was never closed."), _("‹till.back› back"))
        self.query_one("#past", RowList).set_rows(rows, state)

    def _go(self, view: View, shift: Shift | None = None) -> None:
        self._came_from, self.view, self._shift = self.view, view, shift
        self.clear_problem()
        self.show_sale()
        wanted = "#past" if view is View.PAST else "#figures"
        self.query_one(wanted).focus()

    def allowed(self, action: str) -> bool:  # noqa: PLR0911 - one key a line
        """Only keys that do something now."""
        till = self.services.till
        if action == "show":
            return self.view is View.PAST and bool(till.past)
        if action == "open":
            return not till.shift.is_open
        if action in ("x", "z", "cash_in", "cash_out"):
            return till.shift.is_open and self.view is not View.PAST
        if action == "past":
            return self.view is not View.PAST
        if action == "agent":
            return till.staff.agent is not None and till.staff.agent.supervisor
        if action == "agents":
            return till.staff.agent is not None
        return action in ("sign", "back")

    # The drawer

    async def action_open(self) -> None:
        if self.allowed("open"):
            self.services.background.start(self.services.hear_time(), "hear the time")  # while the float is counted
            await self._count(AmountFor.FLOAT, self._open)

    def _open(self, given: Given) -> None:
        """Open with this float; into a business day that something contradicts, once a person has said so."""
        till = self.services.till
        doubt = till.day_to_confirm
        if doubt is None:
            self._write(till.open(given.amount))
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(till.open(given.amount, on=doubt.day))

        details = "\n".join((*doubt.said, doubt.meaning, _("If the day is wrong, have the clock put right first.")))
        self.app.push_screen(ConfirmScreen(doubt.question, details, _("open it on that day")), answered)

    async def action_cash_in(self) -> None:
        if self.allowed("cash_in"):
            await self._ask(AmountFor.IN, lambda given: self.services.till.put_in(given.amount, given.reason))

    async def action_cash_out(self) -> None:
        if self.allowed("cash_out"):
            await self._ask(AmountFor.OUT, lambda given: self.services.till.take_out(given.amount, given.reason))

    async def _ask(self, asked: AmountFor, work: Callable[[Given], Coroutine[Any, Any, object]]) -> None:
        await self._count(asked, lambda given: self._write(work(given)))

    async def _count(self, asked: AmountFor, then: Callable[[Given], None]) -> None:
        """Have an amount counted by somebody. Returns once the dialog takes keys.

        Digits that follow the key in the same write are the amount's.
        """
        self._go(View.NOW)
        if not self._must_be_somebody():
            return

        def given(answer: Given | None) -> None:
            if answer is not None:
                then(answer)

        await self.app.push_screen(AmountScreen(asked, self.services.till.currency, self.services.clock), given)

    def _must_be_somebody(self) -> bool:
        """Whether somebody is signed in where that is needed; else it is said which key does it."""
        problem = self.services.till.nobody
        if problem is not None:
            self.show_problem(problem)
        return problem is None

    def show_problem(
        self, problem: Problem, *, tone: Literal["good", "warn", "bad"] = "bad", until: Until = "changed"
    ) -> None:
        """What sends whoever reads it to this page names the key alone: they are here."""
        if problem == self.services.till.nobody:
            problem = replace(problem, next=_("‹till.sign› signs in"))
        super().show_problem(problem, tone=tone, until=until)

    def _write(self, work: Coroutine[Any, Any, object]) -> None:
        """Run a write to its end, whatever becomes of this page; one at a time."""
        if self._busy:
            work.close()
            return
        self._busy = True
        self.services.background.start(self._writing(work), "till")

    async def _writing(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except Exception as error:
            if self.is_attached and trouble.is_trouble(error):  # why stands there already
                what = _("That was not recorded: the till and its drawer are as they were.")
                self.show_problem(Problem(what, "", _("Do it again once the journal takes it")))
            elif self.is_attached:
                self.show_error(error)
        finally:
            self._busy = False
            if self.is_attached:
                self.show_sale()

    # Readings

    @work(group="late", exclusive=True, exit_on_error=False)
    async def _look_late(self) -> None:
        """Orders that turned up after money went back: a find is recorded, and so read anew."""
        await self.services.late_orders.look()

    def action_x(self) -> None:
        """Read the running shift; nothing changes, but who has read it is on record."""
        if self.allowed("x"):
            self._look_late()
            self._to_record = True
            self._go(View.X)
            self._must_be_somebody()

    async def action_z(self) -> None:
        """Count blindly, be asked once more, then close."""
        if self.allowed("z"):
            self._look_late()  # while the drawer is counted
            await self._count(AmountFor.COUNT, self._counted)

    def _counted(self, given: Given) -> None:
        question = _("Close the till with {amount} counted?").format(amount=words.money(given.amount))
        details = [_("A close cannot be redone; the next sale needs a new opening.")]
        details += say.left_over(self._reading) if self._reading else []
        if doubt := self.services.till.day_doubt:
            details += doubt.said

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(self._close(given))

        self.app.push_screen(ConfirmScreen(question, "\n".join(details), _("close the till")), answered)

    async def _close(self, given: Given) -> None:
        closed = await self.services.till.close(given.amount)
        if self.is_attached:
            self._go(View.Z, closed.shift)

    def action_past(self) -> None:
        if self.allowed("past") and self._must_be_somebody():
            self._go(View.PAST)

    @on(RowChosen, "#past")
    def show_close(self, event: RowChosen) -> None:
        shift = next((one for one in self.services.till.past if str(one.number) == event.key), None)
        if shift is not None:
            self._go(View.Z, shift)

    # Who stands here

    async def action_sign(self) -> None:
        """Sign in, or out; with an open sale, signing out is asked about once."""
        till, sales = self.services.till, self.services.desk.sales
        if till.staff.agent is None:
            self.clear_problem()
            purpose = Purpose.SIGN_IN if till.staff.has_agents else Purpose.FIRST
            await self.app.push_screen(SignInScreen(self.services, purpose))
            return
        waiting = [sale.reference for sale in sales if sale.lines or sale.payments]
        if not waiting:
            self._write(till.staff.sign_out())
            return
        question = _("Sign out now? {sales} stays open.").format(sales=", ".join(waiting))
        details = _("Everything is recorded; holds run on, and whoever signs in next can go on with it.")

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(till.staff.sign_out())

        self.app.push_screen(ConfirmScreen(question, details, _("sign out")), answered)

    async def action_agent(self) -> None:
        """Add another agent; where nobody has a PIN, the first one."""
        if self._must_be_somebody():
            purpose = Purpose.ADD if self.services.till.staff.has_agents else Purpose.FIRST
            await self.app.push_screen(SignInScreen(self.services, purpose))

    async def action_agents(self) -> None:
        if self._must_be_somebody():
            await self.app.push_screen(AgentsScreen(self.services))

    async def action_settings(self) -> None:
        """The settings of this counter: server, sign-in, till, walk-in customer; they count from the next start."""
        services = self.services
        if services.name not in services.settings.profiles:
            what = _("This program sells without a profile of the settings file.")
            self.show_problem(Problem(what, _("There is nothing to change here.")), tone="warn")
            return
        gate = services.desk.gate
        if not self._must_be_somebody():
            return
        if gate.asks_pins and not gate.supervisor:
            self.show_problem(Problem(_("The settings are a supervisor's."), _("Nothing was changed.")), tone="warn")
            return
        known, _notes = load_settings(services.paths, profile=services.name)
        await self.flow.settings(known)

    def action_back(self) -> None:
        """One step back: a past close, the list, the page."""
        if self.view is View.Z and self._came_from is View.PAST:
            self._go(View.PAST)
        elif self.view is not View.NOW:
            self._go(View.NOW)
        elif self.services.till.nobody is not None and not isinstance(self.app.screen_stack[-2], CoverScreen):
            self.app.switch_screen(CoverScreen(self.services))  # what is beneath is not seen even for a moment
        else:
            self.app.pop_screen()
