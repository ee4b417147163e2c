"""A note on a sale that waits: by what the agent knows its customer again."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.i18n import _
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.text import key_line, paragraph

_LONGEST = 60  # characters of a note


class NoteScreen(ModalScreen[str | None]):
    """Gives the note, empty for none any more; None where the agent went back."""

    BINDINGS = commands.bindings("parked_note")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, reference: str, note: str) -> None:
        super().__init__()
        self._reference = reference
        self._note = note

    def compose(self) -> ComposeResult:
        with Vertical(id="wish"):
            title = _("A note on {reference}, which waits").format(reference=self._reference)
            yield Static(paragraph(title), classes="title", markup=False)
            hint = _("it stays in the record: no names")
            yield Field(_("Note"), Entry(self._note, max_length=_LONGEST), hint, id="note")
            keys = _("‹parked_note.keep› keeps it   ‹parked_note.cancel› back, as it was")
            yield Static(key_line(keys), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(Entry).focus()

    @on(Input.Submitted)
    def action_keep(self) -> None:
        if self.query_one(Field).validate_now():
            self.dismiss(self.query_one(Entry).value.strip())

    def action_cancel(self) -> None:
        """Back; the note is as it was."""
        self.dismiss(None)
