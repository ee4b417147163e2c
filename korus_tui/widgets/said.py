"""What was done, in our words: a line that is filled later, and said again in another language."""

from __future__ import annotations

import re

from textual.widgets import Static

from korus_tui import i18n
from korus_tui.widgets.text import paragraph

_SENTENCES = re.compile(r"(?<=[.!?]) ")


class Said(Static):
    """Shows sentences of the catalogue, with values in them; empty until something is said."""

    def __init__(self, *, id: str, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes, markup=False)
        self._words = self._language = ""

    def say(self, words: str) -> None:
        if words != self._words:
            self._words, self._language = words, i18n.language()
            self.update(paragraph(words))

    def say_again(self) -> None:
        """Another language: the same in its words."""
        self.say(" ".join(i18n.said_again(one, self._language) for one in _SENTENCES.split(self._words)))
        self._language = i18n.language()
