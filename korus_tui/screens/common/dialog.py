"""Fields in a dialog: the arrows and Enter go through them, Esc leaves, and nothing is given before all are good."""

from __future__ import annotations

from typing import TypeVar

from textual import on
from textual.screen import ModalScreen
from textual.widgets import Input

from korus_tui.screens.common.key_order import typed
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field

Result = TypeVar("Result")


class FormDialog(ModalScreen[Result | None]):
    """Gives its result, or None where the agent went back."""

    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    @property
    def fields(self) -> list[Field]:
        return list(self.query(Field))

    def at_the_end(self) -> None:
        """Enter in the last field, which is good: most dialogs wait for a key of their own."""

    def go_on(self, here: Field) -> bool:
        """To the next field, where this one is good; whether it is."""
        if not here.validate_now():
            return False
        if here is self.fields[-1]:
            self.at_the_end()
        else:
            self.focus_next(Entry)
        return True

    def all_good(self) -> bool:
        """Whether every field is; else the cursor is in the first that is not, and each says what is wrong with it."""
        wrong = [field for field in self.fields if not field.validate_now()]
        if wrong:
            wrong[0].entry.focus()
        return not wrong

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.go_on(next(field for field in self.fields if field.entry is event.input))

    async def field_here(self) -> Field:
        """The field with the cursor, once it took in every key that came before, however fast."""
        await typed(self.focused)
        return next((field for field in self.fields if field.entry is self.focused), self.fields[0])

    async def action_enter(self) -> None:
        """Enter, where it is looked at before the next key."""
        self.go_on(await self.field_here())

    def action_next(self) -> None:
        self.focus_next(Entry)

    def action_previous(self) -> None:
        self.focus_previous(Entry)

    def action_cancel(self) -> None:
        """Back; nothing is given."""
        self.dismiss(None)
