"""Who has a PIN at this counter: names and roles, and the keys that change them, each on record."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.till.agents import Agent, AgentRefused, AgentsUnreadable
from korus_tui.i18n import _
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.till.sign_in import Purpose, SignInScreen
from korus_tui.widgets.lists.columns import Column
from korus_tui.widgets.lists.row_list import Row, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Failed
from korus_tui.widgets.panels import panel
from korus_tui.widgets.text import paragraph


class AgentsScreen(TillScreen):
    """Everybody signed in may look; who is no supervisor has one give their word for a change."""

    NAME = "agents"
    SHOWS_CART = False
    BINDINGS = commands.bindings("agents")

    _agents: tuple[Agent, ...] = ()

    def body(self) -> ComposeResult:
        yield Static(paragraph(_("Who has a PIN here")), id="agents-title", markup=False)
        columns = (
            Column("name", _("name"), 30, foreign=True),
            Column("role", _("role"), 14),
            Column("state", _("state"), None, least=20),
        )
        yield panel(RowList(columns, header=True, id="agents"), _("Agents"), early=True)

    def on_mount(self) -> None:
        """The list has the keys; who waits is seen waiting."""
        self.query_one(RowList).focus()
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        if any(one.wait for one in self._agents):
            self._read()

    @on(RowHighlighted)
    def _another(self) -> None:
        self.show_keys()

    def show_sale(self) -> None:
        """Something was recorded, perhaps of an agent."""
        self._read()

    @work(group="agents", exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        try:
            self._agents = await self.services.till.staff.everybody()
        except AgentsUnreadable as error:
            self.query_one(RowList).set_rows((), Failed(str(error), _("Nobody can sign in until it is mended."), ""))
            return
        rows = [Row(one.name, _cells(one), tone="muted" if one.left else "") for one in self._agents]
        self.query_one(RowList).set_rows(rows, None if rows else Empty(_("Nobody has a PIN."), _("‹agents.back› back")))
        self.show_keys()

    @property
    def chosen(self) -> Agent | None:
        key = self.query_one(RowList).highlighted
        return next((one for one in self._agents if one.name == key), None)

    def allowed(self, action: str) -> bool:
        """Only keys that do something now."""
        one = self.chosen
        if action in ("add", "back"):
            return True
        if action == "own_pin":
            return self.services.till.staff.agent is not None
        if one is None:
            return False
        return bool(one.wait) if action == "unlock" else action == "new_pin" or not one.left

    async def _open(self, action: str, purpose: Purpose) -> None:
        one = self.chosen
        if self.allowed(action):
            self.clear_problem()
            whom = one.name if one else ""
            await self.app.push_screen(SignInScreen(self.services, purpose, whom=whom), self._told)

    def _told(self, whose: Agent | str | None) -> None:
        """A new PIN cannot be seen in the list: said, once it is there."""
        if isinstance(whose, str):
            what = _("The new PIN of {name} is in force.").format(name=whose)
            self.show_problem(Problem(what, ""), tone="good")

    async def action_add(self) -> None:
        await self._open("add", Purpose.ADD)

    async def action_rename(self) -> None:
        await self._open("rename", Purpose.RENAME)

    async def action_new_pin(self) -> None:
        """A new PIN, also for who comes back."""
        await self._open("new_pin", Purpose.NEW_PIN)

    async def action_own_pin(self) -> None:
        await self._open("own_pin", Purpose.OWN_PIN)

    def action_role(self) -> None:
        """A supervisor, or one no more."""
        one = self.chosen
        if one is not None and self.allowed("role"):
            question = _("Make {name} a supervisor?") if not one.supervisor else _("{name} is a supervisor no more?")
            details = _("A supervisor authorises what others may not do, and changes the agents.")
            self._asked(
                question.format(name=one.name),
                details,
                _("change it"),
                lambda: self.services.till.staff.make(one.name, supervisor=not one.supervisor),
            )

    def action_leave(self) -> None:
        """They work here no more."""
        one = self.chosen
        if one is not None and self.allowed("leave"):
            question = _("{name} works here no more?").format(name=one.name)
            details = _(
                "The PIN lets nobody in then. The name stays on what was signed; ‹agents.new_pin› brings them back."
            )
            self._asked(question, details, _("leaves"), lambda: self.services.till.staff.leave(one.name))

    def action_unlock(self) -> None:
        """Their wrong PINs are forgotten."""
        one = self.chosen
        if one is not None and self.allowed("unlock"):
            self.services.background.start(self._changing(lambda: self.services.till.staff.unlock(one.name)), "agents")

    def _asked(self, question: str, details: str, yes: str, change: Callable[[], Coroutine[Any, Any, None]]) -> None:
        def answered(said: bool | None) -> None:
            if said:
                self.services.background.start(self._changing(change), "agents")

        self.clear_problem()
        self.app.push_screen(ConfirmScreen(question, details, yes), answered)

    async def _changing(self, change: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await change()
        except AgentRefused as error:
            self.show_error(CounterError(Problem(str(error), _("Nothing was changed."))))
        except Exception as error:
            self.show_error(error)
        else:
            self._read()

    def action_back(self) -> None:
        self.app.pop_screen()


def _cells(one: Agent) -> tuple[str, ...]:
    role = _("supervisor") if one.supervisor else _("agent")
    if one.left:
        return one.name, role, _("works here no more")
    waits = _("wrong PINs: waits {seconds} s").format(seconds=int(one.wait) + 1) if one.wait else ""
    return one.name, role, waits
