"""The line that filters a list while the arrows move in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Input

from korus_tui.widgets.inputs.entry import Entry

if TYPE_CHECKING:
    from korus_tui.widgets.lists.row_list import RowList

_FORWARDED = {"up", "down", "pageup", "pagedown", "enter"}


@dataclass
class FilterChanged(Message):
    """Other words to filter by."""

    text: str
    filter_input: FilterInput

    @property
    def control(self) -> FilterInput:
        return self.filter_input


@dataclass
class FilterKey(Message):
    """Enter, where the list has no row."""

    filter_input: FilterInput

    @property
    def control(self) -> FilterInput:
        return self.filter_input


class FilterInput(Entry):
    """Typing filters, arrows and Enter act on the list whose id was given; posts FilterChanged and FilterKey."""

    def __init__(
        self,
        *,
        target: str,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """`target` is the id of the RowList on the same screen that the arrows move."""
        super().__init__(placeholder=placeholder, max_length=80, id=id, classes=classes)
        self.select_on_focus = False
        self._target = target

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Everything that prints is typed here, but for the key that asks for help and the one that a page may take."""
        return character not in ("?", ":") and super().check_consume_key(key, character)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say it in our own words, once per change, straight to the screen: it filters before it paints.

        From pane to pane it would come after a frame that shows the letter beside the rows of the words before.
        """
        event.stop()
        if self.is_attached:
            self.screen.post_message(FilterChanged(event.value, self))

    def on_key(self, event: events.Key) -> None:
        """The list's keys go to the list; Escape empties the line before it leaves the screen."""
        if event.key in _FORWARDED:
            self._forward(event.key)
        elif event.key == "escape" and self.value:
            self.value = ""
        elif event.character == "?":
            event.prevent_default()  # nothing is called "?": it asks for help, as everywhere
            return
        else:
            return
        event.stop()
        event.prevent_default()

    def _forward(self, key: str) -> None:
        target = self.list
        if key == "enter" and not (target and target.rows):
            self.post_message(FilterKey(self))
        elif target is not None and key == "enter":
            target.action_choose()
        elif target is not None:
            target.action_move(key)

    @property
    def list(self) -> RowList | None:
        """The list that the arrows move; None before it is there."""
        from korus_tui.widgets.lists.row_list import RowList  # first frame

        try:
            return self.screen.query_one(f"#{self._target}", RowList)
        except NoMatches:
            return None
