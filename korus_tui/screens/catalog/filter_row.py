"""The line with the catalog's filter."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.message import Message


class FilterRow(Horizontal):
    """The filter and how old the list is. The favourites below share its width, under a dialog too."""

    class Resized(Message):
        """It has another width now."""

    def on_resize(self) -> None:
        """Tell the page."""
        self.post_message(self.Resized())
