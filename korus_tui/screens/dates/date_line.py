"""A date typed on a page of dates: a line that is put away until it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual.widgets import Input

from korus_tui.i18n import _
from korus_tui.text.dates import DayError, parse_day
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field


class DateLine(Field):
    """`today` is the venue's, which words such as `+2` count from; `leave` takes the focus back to the page, `go`
    shows the day that was typed."""

    def __init__(self, today: Callable[[], date], leave: Callable[[], None], go: Callable[[date], None]) -> None:
        super().__init__(_("date"), Entry(max_length=20), _("7/6, +2, sat, 2027-06-07"), id="typed-day")
        self._today = today
        self._leave = leave
        self._go = go
        self.display = False

    def open(self) -> None:
        self.display = True
        self.entry.value = ""
        self.show_error(None)
        self.entry.focus()

    def close(self) -> bool:
        """Put the line away; whether it was open."""
        was_open = self.display
        if was_open:
            self._leave()
            self.display = False
        return was_open

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the day, or say under the line what is wrong with it."""
        event.stop()
        event.prevent_default()  # it is no field of a form
        found = parse_day(event.value, self._today())
        if isinstance(found, DayError):
            self.show_error(found.sentence)
            return
        self.close()
        self._go(found)
