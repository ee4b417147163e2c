"""One question that must have been read before a key answers it: Enter never does the grave thing."""

from __future__ import annotations

from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.i18n import _
from korus_tui.screens.common.dead_time import DeadTime

Answer = TypeVar("Answer")


class QuestionScreen(ModalScreen[Answer]):
    """A question, what there is to know before it is answered, and the keys that do."""

    def __init__(self, question: str, details: str, keys: str) -> None:
        super().__init__()
        self._question = question
        self._details = details
        self._keys = keys
        self._dead = DeadTime()

    def compose(self) -> ComposeResult:
        with Vertical(id="confirm"):
            yield Static(Content(self._question), classes="title")
            yield Static(Content(self._details), classes="muted")
            yield Static(Content(self._keys), classes="keys")

    def on_mount(self) -> None:
        """Keys typed for the screen beneath are over by the time this one is armed."""
        self._dead.begin_when_seen(self)

    @property
    def armed(self) -> bool:
        """Whether the question could have been read."""
        return self._dead.over


class ConfirmScreen(QuestionScreen[bool]):
    """Asks `question`; `y` says yes after a short dead time, everything else leaves all as it is."""

    NAME = "confirm"
    BINDINGS = commands.bindings("confirm")

    def __init__(self, question: str, details: str, yes: str) -> None:
        keys = _("‹confirm.yes› {yes}   ‹confirm.no› leave everything as it is").format(yes=yes)
        super().__init__(question, details, keys)

    def action_yes(self) -> None:
        """Do it, once the question could have been read."""
        if self.armed:
            self.dismiss(True)

    def action_no(self) -> None:
        """Leave everything as it is."""
        self.dismiss(False)
