"""A line to type into: one line high, no blinking cursor, cleaned pastes, and never a card number."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import Input

from korus_tui.i18n import _
from korus_tui.widgets.inputs.card_number import looks_like_card
from korus_tui.widgets.text import clean

LONGEST_PASTE = 512  # characters; more is an accident


@dataclass
class Refused(Message):
    """What was typed is not kept; `why` says it to the agent."""

    entry: Entry
    why: str

    @property
    def control(self) -> Entry:
        return self.entry


class Entry(Input):
    """Textual's input as the counter needs it; posts Refused for what it does not keep, as a card number."""

    def __init__(
        self,
        value: str | None = None,
        *,
        placeholder: str = "",
        password: bool = False,
        max_length: int = 255,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder,
            password=password,
            max_length=max_length,
            validate_on=["blur", "submitted"],
            compact=True,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    def replace(self, text: str, start: int, end: int) -> None:
        """Every typed and pasted change comes through here; a card number empties the field."""
        low, high = sorted((max(0, start), min(len(self.value), end)))
        if not self.password and looks_like_card(self.value[:low] + text + self.value[high:]):
            self.value = ""
            why = _("That looks like a card number. It is never typed here; the field was emptied.")
            self.post_message(Refused(self, why))
            return
        super().replace(text, start, end)

    def action_copy(self) -> None:
        """What is hidden on the screen goes to no clipboard."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """As `action_copy`; what is hidden stays as it is."""
        if not self.password:
            super().action_cut()

    def restricted(self) -> None:
        """A refused character is said in words; a bell on a counter disturbs the customer."""
        why = _("Only digits can be typed here.")
        if self.restrict is None or len(self.value) >= (self.max_length or 0):
            why = _("No more than {count} signs can be typed here.").format(count=self.max_length)
        self.post_message(Refused(self, why))

    def on_paste(self, event: events.Paste) -> None:
        """Only the first line, cleaned and of a sane length, gets in."""
        lines = event.text[: LONGEST_PASTE * 4].splitlines()
        if lines:
            start, end = self.selection
            self.replace(clean(lines[0]).strip()[:LONGEST_PASTE], start, end)
        event.stop()
        event.prevent_default()
