"""Another program sells on this till: who it is, and an explicit take-over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.journal_trouble import Trouble
from korus_tui.i18n import _
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.problem import Choice, ProblemScreen
from korus_tui.widgets.text import paragraph


class TakeOverScreen(ProblemScreen):
    """One writer a till (docs/rules.md, Once only): nothing is taken over without its own key."""

    NAME = "take_over"
    BINDINGS = commands.bindings("take_over")

    def __init__(self, trouble: Trouble, local: Callable[[datetime], datetime], refused: str = "") -> None:
        """`local` puts a moment into the venue's time; `refused` is why the last try was in vain."""
        super().__init__(trouble)
        self._local = local
        self._refused = refused

    def title_words(self) -> str:
        """The page's first line."""
        return _("This till is in use")

    def facts(self) -> ComposeResult:
        """Process, host, and since when; before them why the till was not taken over just now."""
        if self._refused:
            yield Static(paragraph(self._refused), classes="bad")
        holder = self._trouble.holder
        assert holder is not None
        moment = self._local(holder.since)
        since = f"{words.day(moment.date())} {words.time(moment)}"
        facts = (
            (_("process"), str(holder.pid)),
            (_("on host"), holder.host),
            (_("since"), since),
            (_("journal"), str(self._trouble.file)),
        )
        wide = max(len(label) for label, _value in facts) + 3
        for label, value in facts:
            yield Static(Content.assemble((label.ljust(wide), "$foreground-muted"), Content(value)), classes="fact")

    def meaning(self) -> str:
        """What a take-over does to the other program."""
        return _(
            "Take over only if nobody sells there: the other program then only reads, and says so. Its open sales come"
            " here with their holds and payments; what it has in flight is looked up, and never sent twice."
        )

    def action_take(self) -> None:
        """Sell here from now on."""
        self.choose(Choice.TAKE_OVER)
