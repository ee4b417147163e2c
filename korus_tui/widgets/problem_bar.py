"""What went wrong, what it means for money and places, and the key that goes on; it stays until it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from korus_tui import i18n
from korus_tui.widgets.inks import InkLine, Painted, Piece
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import shorter_paths, wrap

_MOST_LINES = 4


@dataclass(frozen=True)
class ProblemView:
    """One recoverable problem in words; `key_hint` says what to press."""

    what: str
    meaning: str = ""
    key_hint: str = ""
    tone: Literal["good", "warn", "bad"] = "bad"


def in_words_of_now(view: ProblemView, before: str) -> ProblemView:
    """What was said in the language `before`, as the one that is spoken now says it."""
    what, meaning, key_hint = (i18n.said_again(said, before) for said in (view.what, view.meaning, view.key_hint))
    return replace(view, what=what, meaning=meaning, key_hint=key_hint)


class ProblemBar(Painted):
    """Up to three lines above the footer, absent while there is no problem."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._view: ProblemView | None = None
        self._language = ""
        self.display = False

    @property
    def view(self) -> ProblemView | None:
        return self._view

    def show(self, view: ProblemView) -> None:
        if view != self._view:
            self._view = view
            self._language = i18n.language()
            self.display = True
            for tone in ("good", "warn"):
                self.set_class(view.tone == tone, f"-{tone}")  # the bar's edge
            self.repaint()

    def clear(self) -> None:
        """The problem was answered."""
        if self._view is not None:
            self._view = None
            self.display = False

    def say_again(self) -> None:
        """Another language: the same in its words."""
        if self._view is not None:
            self.show(in_words_of_now(self._view, self._language))

    def lines(self, width: int) -> list[InkLine]:
        """What, meaning, key: in one line where they fit, else one below the other."""
        view = self._view
        if view is None or width < 4:
            return []
        mark = signs()
        sign = {"good": mark.ok, "warn": "!", "bad": mark.problem}[view.tone]
        said = [(f"{sign} {view.what}", f"{view.tone} strong"), (view.meaning, ""), (view.key_hint, "accent")]
        said = [(words, ink) for words, ink in said if words]
        if sum(len(words) + 2 for words, _ink in said) <= width:
            pieces = [Piece(text, ink) for words, ink in said for text, ink in ((wrap(words, width)[0] + "  ", ink),)]
            return [tuple(pieces)]
        lines: list[InkLine] = []
        for words, ink in said:
            lines += [(Piece(line, ink),) for line in _two_lines(words, width)]
        key = lines[-1:] if view.key_hint else []
        return [*lines[: _MOST_LINES - len(key)], *key] if len(lines) > _MOST_LINES else lines


def _two_lines(words: str, width: int) -> list[str]:
    """The words in two lines at most: a long path gives way before anything is cut off its end."""
    lines = wrap(words, width)
    return lines if len(lines) <= 2 else wrap(shorter_paths(words, width // 2), width, most=2)
