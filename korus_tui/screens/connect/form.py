"""The fields of the first start: server, sign-in, this counter, and the customer of anonymous sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from korus_tui.counter.setup.form import PRODUCTION, PRODUCTION_TOKENS
from korus_tui.i18n import _
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, required_words

_LONGEST_SECRET = 16_384  # characters; tokens are long


@dataclass(frozen=True, slots=True)
class _Line:
    """A field to come: `section` starts a new group of fields."""

    name: str
    label: str
    hint: str
    value: str = ""
    secret: bool = False
    section: str = ""
    required: bool = False


def _lines() -> tuple[_Line, ...]:
    return (
        _Line(
            "server",
            _("API address"),
            _("https only; http on this machine"),
            PRODUCTION,
            section=_("Server"),
            required=True,
        ),
        _Line("token_endpoint", _("token address"), _("where the sign-in gives tokens"), PRODUCTION_TOKENS),
        _Line("refresh_endpoint", _("renewal address"), _("only where it is another one")),
        _Line("client_id", _("client id"), _("from your Korus contact"), section=_("Sign-in")),
        _Line("client_secret", _("client secret"), _("is never shown again"), secret=True),
        _Line("token", _("or a ready token"), _("instead of client id and secret"), secret=True),
        _Line("name", _("profile"), _("the name of these settings"), "main", section=_("This counter"), required=True),
        _Line("till", _("till"), _("each till has its own journal"), "till 1", required=True),
        _Line("agent", _("agent"), _("who sells; stands on every event")),
        _Line("language", _("catalog language"), _("two letters: fr, en, de"), "fr", required=True),
        _Line(
            "first_name",
            _("first name"),
            _("empty: each sale needs a name"),
            section=_("Walk-in customer, for sales without a name"),
        ),
        _Line("last_name", _("last name"), _("may stay empty")),
        _Line("email", _("e-mail"), _("the API may write to it")),
    )


class SecretEntry(Entry):
    """A line for a secret: dots on the screen, nothing of it on a clipboard, long tokens go in whole."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, password=True, max_length=_LONGEST_SECRET)

    def on_paste(self, event: events.Paste) -> None:
        """The first line as it is, without blanks around it; no cleaning, for it must stay what it is."""
        lines = event.text[: _LONGEST_SECRET * 2].strip().splitlines()
        if lines:
            start, end = self.selection
            self.replace(lines[0].strip()[:_LONGEST_SECRET], start, end)
        event.stop()
        event.prevent_default()


class ConnectForm(VerticalScroll, can_focus=False):
    """All fields in one column; values and complaints go by the names of `counter.connect_form.Typed`."""

    def compose(self) -> ComposeResult:
        """A heading a group, a line a field."""
        for number, line in enumerate(_lines()):
            if line.section:
                meaning = ("" if number else f"   {required_words()}", "not bold $foreground-muted")
                yield Static(Content.assemble(line.section, meaning), classes="section")
            entry = SecretEntry(line.hint) if line.secret else Entry(placeholder=line.hint)
            yield Field(line.label, entry, required=line.required, id=f"field-{line.name}")

    def fill(self) -> None:
        """Put in what is usual, where nothing was typed yet."""
        for line in _lines():
            entry = self.field(line.name).entry
            if line.value and not entry.value:
                self._put(entry, line.value)

    def show(self, values: Mapping[str, str]) -> None:
        """Put in what these settings say now; secrets are never shown again."""
        for name, value in values.items():
            self._put(self.field(name).entry, value)
        for entry in self.query(SecretEntry):
            entry.placeholder = _("stays as it is")

    @staticmethod
    def _put(entry: Input, value: str) -> None:
        """A value that typing replaces, also where the cursor stands in the field already."""
        entry.value = value
        if entry.has_focus:
            entry.selection = Selection(0, len(value))

    def forget(self) -> None:
        """Empty the secrets: they are where they belong now."""
        for entry in self.query(SecretEntry):
            entry.value = ""

    def field(self, name: str) -> Field:
        return self.query_one(f"#field-{name}", Field)

    @property
    def values(self) -> dict[str, str]:
        """What was typed, as typed."""
        return {line.name: self.field(line.name).value for line in _lines()}

    def complain(self, wrong: Mapping[str, str]) -> None:
        """Put each sentence under its field, and the cursor into the first of them."""
        for line in _lines():
            self.field(line.name).show_error(wrong.get(line.name))
        first = next((line.name for line in _lines() if line.name in wrong), None)
        if first:
            self.field(first).entry.focus()

    @on(Input.Changed, "#field-server Input")
    def _other_server(self, event: Input.Changed) -> None:
        """Production's token address is known; another server's is not, and production's would be wrong for it."""
        entry = self.field("token_endpoint").entry
        production = event.value.strip().rstrip("/") == PRODUCTION
        if production and not entry.value.strip():
            entry.value = PRODUCTION_TOKENS
        elif not production and entry.value.strip() == PRODUCTION_TOKENS:
            entry.value = ""

    @on(Input.Submitted)
    def _next(self) -> None:
        """Enter goes on to the next field; only the key that says so connects."""
        self.screen.focus_next()
