"""Names and PINs: sign in, make an agent, choose another PIN, or give a supervisor's word for one act."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from korus_tui import commands
from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.services import Services
from korus_tui.counter.till.agents import LONGEST_PIN, Agent, AgentRefused, AgentsUnreadable
from korus_tui.counter.till.names import LONGEST
from korus_tui.i18n import _
from korus_tui.screens.common.answers import answered, no_answer
from korus_tui.screens.common.dialog import FormDialog
from korus_tui.screens.till.colleagues import Colleagues
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.text import paragraph


class Purpose(StrEnum):
    """Why names and PINs are asked."""

    SIGN_IN = "sign in"
    FIRST = "first agent"
    ADD = "another agent"
    RENAME = "another name"
    OWN_PIN = "own PIN"
    NEW_PIN = "somebody's new PIN"
    AUTHORISE = "a supervisor's word"
    TAKE_OVER = "who takes over"


_FIELDS: dict[Purpose, tuple[str, ...]] = {
    Purpose.SIGN_IN: ("name", "pin"),
    Purpose.FIRST: ("name", "pin", "again"),
    Purpose.ADD: ("name", "pin", "again", "supervisor"),
    Purpose.RENAME: ("name",),
    Purpose.OWN_PIN: ("old", "pin", "again"),
    Purpose.NEW_PIN: ("pin", "again"),
    Purpose.AUTHORISE: ("name", "pin"),
    Purpose.TAKE_OVER: ("name", "pin"),
}


_COMES = (Purpose.SIGN_IN, Purpose.FIRST, Purpose.TAKE_OVER)  # somebody who need not stand here yet
_FROM_THE_LIST = (Purpose.SIGN_IN, Purpose.AUTHORISE, Purpose.TAKE_OVER)  # somebody who has a PIN already


class SignInScreen(FormDialog[Agent | str]):
    """Closes once it is done, with whose word it was; a refusal stays under its field, and None is nobody's."""

    BINDINGS = commands.bindings("sign_in")

    def __init__(self, services: Services, purpose: Purpose, *, whom: str = "", about: str = "", pin: str = "") -> None:
        """`whom` it is about, where it is not who stands here; `about` says what the word is for; `pin` is begun."""
        super().__init__()
        self._staff = services.till.staff
        self._whom = whom
        self._about = about
        self._begun = pin
        stands = self._staff.agent.name if self._staff.agent else ""
        known = {
            Purpose.RENAME: whom,
            Purpose.SIGN_IN: stands,
            Purpose.FIRST: services.desk.counter.agent or services.profile.agent,
        }
        self._known = known.get(purpose, "")
        self._purpose = purpose
        self._busy = False

    def compose(self) -> ComposeResult:
        title, about, keys = _texts()[self._purpose]
        with Vertical(id="sign-in"):
            yield Static(Content(title.format(name=self._whom)), classes="title")
            yield Static(paragraph(self._about or about), classes="muted")
            for field in _FIELDS[self._purpose]:
                yield self._field_named(field)
                if field == "name" and self._purpose in _FROM_THE_LIST:
                    yield Colleagues()
            yield RequiredNote()
            yield Static(Content(keys), classes="keys")

    def _field_named(self, name: str) -> Field:
        if name == "name":
            return Field(_("Name"), Entry(self._known, max_length=LONGEST), required=True, id="name")
        if name == "supervisor":
            return Field(
                _("Supervisor"),
                Entry("n", max_length=3),
                _("y or n; a supervisor adds agents"),
                check=no_answer,
                id=name,
            )
        entry = Entry(self._begun if name == "pin" else "", password=True, max_length=LONGEST_PIN)
        entry.restrict = "[0-9]*"
        entry.select_on_focus = False  # what is begun goes on
        labels = {"pin": _("PIN"), "again": _("PIN again"), "old": _("Old PIN")}
        new = "again" in _FIELDS[self._purpose]
        chosen = {"pin": self._staff.pin_refused, "again": self._differs} if new else {}
        note = self._staff.pin_rule if new and name == "pin" else ""
        return Field(labels[name], entry, note, required=True, check=chosen.get(name), id=name)

    def _differs(self, typed: str) -> str | None:
        return None if typed == self._field("pin").value else _("The two PINs differ.")

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def on_mount(self) -> None:
        """The cursor where something is missing; a name that stands there already is typed over."""
        fields = list(self.query(Field))
        wanted = next((field for field in fields if not field.value), fields[-1])
        if self._begun:
            wanted = self._field("pin")
        elif self._purpose is Purpose.FIRST:
            wanted = fields[0]
        if isinstance(wanted.entry, Entry):
            over = 0 if self._purpose in (Purpose.FIRST, Purpose.RENAME) else len(wanted.value)
            wanted.entry.selection = Selection(over, len(wanted.value))
        self.set_focus(wanted.entry)
        if self._purpose in _FROM_THE_LIST:
            self.run_worker(self._look_who(), group="colleagues", exit_on_error=False)

    @property
    def needs_somebody(self) -> bool:
        """Whether it is for who stands here: once they do so no more, it is for nobody."""
        return self._purpose not in _COMES

    # Who is it

    async def _look_who(self) -> None:
        with suppress(AgentsUnreadable):  # that is said to who gives a PIN
            chiefs = self._purpose is Purpose.AUTHORISE
            people = await self._staff.everybody()
            names = [one.name for one in people if not one.left and (one.supervisor or not chiefs)]
            self.query_one(Colleagues).offer(names, self._field("name").value)

    @on(Input.Changed)
    def _named(self, event: Input.Changed) -> None:
        for found in self.query(Colleagues):
            if event.input is self._field("name").entry:
                found.show(event.value)

    def _choose(self, by: int) -> bool:
        """Another name of the list, where the cursor is in its field; whether there was one."""
        field = next((one for one in self.query(Field) if one.id == "name" and one.entry is self.focused), None)
        for found in self.query(Colleagues) if field is not None else ():
            if field is not None and (name := found.step(field.value, by)) is not None:
                field.entry.value = name
                field.entry.cursor_position = len(name)
                return True
        return False

    def _complete(self, field: Field) -> None:
        """What was typed of a name is the name, where only one is meant."""
        for found in self.query(Colleagues) if field.id == "name" else ():
            if (name := found.meant(field.value)) is not None:
                field.entry.value = name

    async def action_enter(self) -> None:
        """Go on to the next field; what cannot be read is typed anew."""
        here = await self.field_here()
        self._complete(here)
        if not self.go_on(here) and here.entry.password:
            here.entry.value = ""

    def at_the_end(self) -> None:
        """After the last field, ask; two Enters in one write ask once."""
        if self.all_good() and not self._busy:
            self._busy = True
            self.run_worker(self._asking(), group="sign in", exit_on_error=False)

    async def _asking(self) -> None:
        try:
            done = await self._done()
        except AgentRefused as error:
            self._refuse(error.field, str(error))
        except AgentsUnreadable as error:
            self._refuse("name", error.brief)
        except Exception as error:
            self._refuse("name", of(error, Doing.SIGN_IN).what)
        else:
            self.dismiss(done)

    async def _done(self) -> Agent | str | None:
        """What this is for; the answer is who gave their word, who came, or whose PIN is another now."""
        staff = self._staff
        values = {field.id: field.value for field in self.query(Field)}
        name, pin = values.get("name", ""), values.get("pin", "")
        match self._purpose:
            case Purpose.SIGN_IN:
                await staff.sign_in(name, pin)
            case Purpose.FIRST | Purpose.ADD:
                chief = answered(values.get("supervisor", "")) or False
                await staff.add_agent(name, pin, supervisor=chief)
            case Purpose.RENAME:
                await staff.rename(self._whom, name)
            case Purpose.OWN_PIN:
                await staff.change_pin(values["old"], pin)
                return staff.agent.name if staff.agent else None
            case Purpose.NEW_PIN:
                await staff.reset_pin(self._whom, pin)
                return self._whom
            case Purpose.AUTHORISE:
                return await staff.authorise(name, pin)
            case Purpose.TAKE_OVER:
                return await staff.prove(name, pin)
        return None

    def _refuse(self, field: str, words: str) -> None:
        self._busy = False
        names = _FIELDS[self._purpose]
        refused = self._field(field if field in names else names[0])
        if names == ("name", "pin"):  # somebody else's PIN, perhaps
            self._field("pin").entry.value = ""
        if refused.entry.password:
            refused.entry.value = ""
        refused.entry.focus()
        # Shown once the field's own messages about the change are over.
        self.call_after_refresh(refused.show_error, words)

    def action_next(self) -> None:
        if not self._choose(1):
            super().action_next()

    def action_previous(self) -> None:
        if not self._choose(-1):
            super().action_previous()


def _texts() -> dict[Purpose, tuple[str, str, str]]:
    signs_in = _("↵ signs in   ‹sign_in.next› name, field   ‹sign_in.cancel› back")
    changes = _("↵ changes it   ‹sign_in.next› field   ‹sign_in.cancel› back")
    return {
        Purpose.SIGN_IN: (_("Sign in"), _("Your name stands on every sale and on the till's report."), signs_in),
        Purpose.FIRST: (
            _("The first agent of this counter"),
            _("Choose a name and a PIN of digits. You are its supervisor: you add the others."),
            _("↵ signs in   ‹sign_in.next› field   ‹sign_in.cancel› back"),
        ),
        Purpose.ADD: (
            _("Another agent"),
            _("Let your colleague choose the PIN."),
            _("↵ adds   ‹sign_in.next› field   ‹sign_in.cancel› back"),
        ),
        Purpose.RENAME: (
            _("Another name for {name}"),
            _("What was signed until now keeps the old name."),
            _("↵ changes it   ‹sign_in.cancel› back"),
        ),
        Purpose.OWN_PIN: (_("Choose another PIN"), _("First the one that you have had."), changes),
        Purpose.NEW_PIN: (
            _("A new PIN for {name}"),
            _("Let your colleague choose it. Wrong tries are forgotten; who had left is back."),
            changes,
        ),
        Purpose.AUTHORISE: (
            _("A supervisor's word"),
            "",
            _("↵ authorises this once   ‹sign_in.next› name, field   ‹sign_in.cancel› back, nothing is done"),
        ),
        Purpose.TAKE_OVER: (
            _("Who takes this till over?"),
            _("Your name stands on it, and you are signed in here."),
            _("↵ takes over   ‹sign_in.next› name, field   ‹sign_in.cancel› back"),
        ),
    }
