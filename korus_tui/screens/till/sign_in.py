"""Who stands at the till: sign in with name and PIN, or make an agent."""

from __future__ import annotations

from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.services import Services
from korus_tui.counter.till.agents import NAME_LENGTH, PIN_DIGITS, AgentRefused, AgentsUnreadable
from korus_tui.i18n import _, everywhere
from korus_tui.screens.common.key_order import typed
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field


class Purpose(StrEnum):
    """Why names and PINs are asked."""

    SIGN_IN = "sign in"
    FIRST = "first agent"
    ADD = "another agent"


class SignInScreen(ModalScreen[None]):
    """Closes once the agent stands at the till, or was added; a refusal stays under its field."""

    BINDINGS = commands.bindings("sign_in")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, services: Services, purpose: Purpose) -> None:
        super().__init__()
        self._till = services.till
        self._known = services.desk.counter.agent or services.profile.agent
        self._purpose = purpose
        self._busy = False

    def compose(self) -> ComposeResult:
        """Name and PIN; for a new agent the PIN again."""
        title, about, keys = _texts()[self._purpose]
        with Vertical(id="sign-in"):
            yield Static(Content(title), classes="title")
            yield Static(Content(about), classes="muted")
            name = "" if self._purpose is Purpose.ADD else self._known
            yield Field(_("Name"), Entry(name, max_length=NAME_LENGTH), required=True, id="name")
            yield Field(_("PIN"), self._pin(), required=True, id="pin")
            if self._purpose is not Purpose.SIGN_IN:
                yield Field(_("PIN again"), self._pin(), required=True, check=self._differs, id="again")
            if self._purpose is Purpose.ADD:
                entry = Entry("n", max_length=1)
                yield Field(_("Supervisor"), entry, _("y or n; a supervisor adds agents"), id="supervisor")
            yield Static(Content(keys), classes="keys")

    def _pin(self) -> Entry:
        entry = Entry(password=True, max_length=PIN_DIGITS.stop - 1)
        entry.restrict = "[0-9]*"
        return entry

    def _differs(self, typed: str) -> str | None:
        return None if typed == self._field("pin").value else _("The two PINs differ.")

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def on_mount(self) -> None:
        """The cursor where something is missing."""
        name = self._field("name")
        self.set_focus((self._field("pin") if name.value else name).entry)

    async def action_enter(self) -> None:
        """Go on to the next field before the next key is looked at, however fast it comes; after the last one, ask."""
        await typed(self.focused)
        fields = list(self.query(Field))
        here = next((field for field in fields if field.entry is self.focused), fields[0])
        if not here.validate_now():
            if here.entry.password:  # what cannot be read is typed anew
                here.entry.value = ""
            return
        if here is fields[-1]:
            self._ask(fields)
        else:
            self.focus_next(Entry)

    def _ask(self, fields: list[Field]) -> None:
        wrong = [field for field in fields if not field.validate_now()]
        if wrong:
            wrong[0].entry.focus()
        elif not self._busy:  # two Enters in one write ask once
            self._busy = True
            self.run_worker(self._asking(), group="sign in", exit_on_error=False)

    async def _asking(self) -> None:
        name, pin = self._field("name").value, self._field("pin").value
        try:
            if self._purpose is Purpose.SIGN_IN:
                await self._till.sign_in(name, pin)
            else:
                chief = self._purpose is Purpose.ADD and self._field("supervisor").value.lower() in everywhere("y")
                await self._till.add_agent(name, pin, supervisor=chief)
        except AgentRefused as error:
            self._refuse(error.field, str(error))
        except AgentsUnreadable as error:
            self._refuse("name", str(error))
        except Exception as error:
            self._refuse("name", of(error, Doing.SIGN_IN).what)
        else:
            self.dismiss(None)

    def _refuse(self, field: str, words: str) -> None:
        self._busy = False
        refused = self._field(field)
        if field == "pin":
            refused.entry.value = ""
        refused.entry.focus()
        # Shown once the field's own messages about the change are over.
        self.call_after_refresh(refused.show_error, words)

    def action_next(self) -> None:
        """The field below."""
        self.focus_next(Entry)

    def action_previous(self) -> None:
        """The field above."""
        self.focus_previous(Entry)

    def action_cancel(self) -> None:
        """Back; nobody else stands at the till."""
        self.dismiss(None)


def _texts() -> dict[Purpose, tuple[str, str, str]]:
    return {
        Purpose.SIGN_IN: (
            _("Sign in"),
            _("Your name stands on every sale and on the till's report."),
            _("↵ signs in   ↑↓ field   Esc back"),
        ),
        Purpose.FIRST: (
            _("The first agent of this counter"),
            _("Choose a name and a PIN of 4 to 12 digits. You are its supervisor: you add the others."),
            _("↵ signs in   ↑↓ field   Esc back"),
        ),
        Purpose.ADD: (
            _("Another agent"),
            _("Let your colleague choose the PIN: 4 to 12 digits."),
            _("↵ adds   ↑↓ field   Esc back"),
        ),
    }
