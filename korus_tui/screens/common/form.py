"""The questions that a ticket asks before its places can be held: exactly its fields, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.catalog.offer_models import FormField
from korus_tui.i18n import _
from korus_tui.sale.values import FormAnswer
from korus_tui.screens.common.answers import NotGood, hint_of, value_of
from korus_tui.screens.common.dialog import FormDialog
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.text import key_line, paragraph


def _check(field: FormField) -> Callable[[str], str | None]:
    def check(typed: str) -> str | None:
        try:
            value_of(field, typed)
        except NotGood as error:
            return str(error)
        return None

    return check


class FormScreen(FormDialog[tuple[FormAnswer, ...]]):
    """Gives the answers in the API's notation, or None where the agent went back."""

    BINDINGS = commands.bindings("form")

    def __init__(self, ticket: str, fields: Sequence[FormField]) -> None:
        super().__init__()
        self._ticket = ticket
        self._asked = tuple(fields)

    def compose(self) -> ComposeResult:
        """What asks, the fields in their order, and the keys."""
        with Vertical(id="form"):
            yield Static(paragraph(self._ticket), classes="title", markup=False)
            yield Static(Content(_("The venue asks this before the places are held.")), classes="muted")
            with VerticalScroll(id="form-fields", can_focus=False):
                for field in self._asked:
                    yield Field(field.label, Entry(), hint_of(field), required=field.required, check=_check(field))
            if any(field.required for field in self._asked):
                yield RequiredNote()
            keys = _("↵ next field   ‹form.next› field   ‹form.submit› hold   ‹form.cancel› back, nothing is held")
            yield Static(key_line(keys), classes="keys")

    def on_mount(self) -> None:
        self.fields[0].entry.focus()

    def at_the_end(self) -> None:
        """After the last field the form is done."""
        self.action_submit()

    def action_submit(self) -> None:
        """Give the answers, or go to the first field that is not good yet."""
        if not self.all_good():
            return
        pairs = [
            (asked.iri, value_of(asked, field.value)) for asked, field in zip(self._asked, self.fields, strict=True)
        ]
        self.dismiss(tuple(FormAnswer(iri, value) for iri, value in pairs if value))
