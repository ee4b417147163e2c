"""The questions that a ticket asks before its places can be held: exactly its fields, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.catalog.offer_models import FormField
from korus_tui.i18n import _
from korus_tui.sale.values import FormAnswer
from korus_tui.screens.common.form_values import NotGood, hint_of, value_of
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
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


class FormScreen(ModalScreen[tuple[FormAnswer, ...] | None]):
    """Gives the answers in the API's notation, or None where the agent went back."""

    BINDINGS = commands.bindings("form")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

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
        """Type at once."""
        self._fields[0].entry.focus()

    @property
    def _fields(self) -> list[Field]:
        return list(self.query(Field))

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field; after the last one the form is done."""
        fields = self._fields
        here = next(field for field in fields if field.entry is event.input)
        if not here.validate_now():
            return
        if here is fields[-1]:
            self.action_submit()
        else:
            self.focus_next(Entry)

    def action_next(self) -> None:
        """The field below."""
        self.focus_next(Entry)

    def action_previous(self) -> None:
        """The field above."""
        self.focus_previous(Entry)

    def action_submit(self) -> None:
        """Give the answers, or go to the first field that is not good yet."""
        wrong = [field for field in self._fields if not field.validate_now()]
        if wrong:
            wrong[0].entry.focus()
            return
        pairs = [
            (asked.iri, value_of(asked, field.value)) for asked, field in zip(self._asked, self._fields, strict=True)
        ]
        self.dismiss(tuple(FormAnswer(iri, value) for iri, value in pairs if value))

    def action_cancel(self) -> None:
        """Back without holding."""
        self.dismiss(None)
