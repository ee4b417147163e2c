"""The till's journal cannot be written: a page that asks what to do at the start, a bar that stays while selling."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.i18n import _, language
from korus_tui.screens.common.dead_time import DeadTime
from korus_tui.widgets.problem_bar import ProblemBar, ProblemView, in_words_of_now
from korus_tui.widgets.text import paragraph

# Why a journal fails is imported where one does: the first frame shows none.
if TYPE_CHECKING:
    from korus_tui.counter.core.journal_trouble import Trouble


class Choice(StrEnum):
    """What the agent wants done about a journal that cannot be opened."""

    RETRY = "retry"
    TAKE_OVER = "take over"
    LOOK_ON = "look on"
    QUIT = "quit"


class ProblemScreen(ModalScreen[Choice]):
    """What is wrong, what it means, what to do; what was on the screen can be read beneath."""

    NAME: ClassVar[str] = "problem"
    BINDINGS = commands.bindings("problem")

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self._trouble = trouble
        self._dead = DeadTime()

    def title_words(self) -> str:
        """The page's first line."""
        return _("Nothing can be sold")

    def meaning(self) -> str:
        """What it means for money, places and records."""
        return _("No money is taken and no place is held until this is mended. What was recorded is left as it is.")

    def compose(self) -> ComposeResult:
        from korus_tui.counter.core.journal_trouble import TroubleKind  # first frame

        trouble = self._trouble
        with Vertical(classes="page"):
            yield Static(Content(self.title_words()), classes="title bad")
            yield Static(paragraph(trouble.what), classes="strong")
            yield from self.facts()
            yield Static(paragraph(self.meaning()), classes="muted")
            if trouble.kind is not TroubleKind.IN_USE:
                yield Static(paragraph(trouble.advice))
            yield Static(Content(self.keys()), classes="keys")

    def facts(self) -> ComposeResult:
        yield Static(paragraph(self._trouble.detail), classes="muted")

    def keys(self) -> str:
        """The keys of this page, from the registry."""
        found = [one for one in commands.of_screen(self.NAME) if one.screen == self.NAME]
        return "   ".join(f"{one.key} {_(one.label)}" for one in found)

    def on_mount(self) -> None:
        """Armed once it could have been read."""
        self._dead.begin_when_seen(self)

    @property
    def armed(self) -> bool:
        """Whether the page could have been read."""
        return self._dead.over

    def choose(self, choice: Choice) -> None:
        """Close with this choice, once the page could have been read."""
        if self.armed:
            self.dismiss(choice)

    def action_retry(self) -> None:
        """Try to open the journal again."""
        self.choose(Choice.RETRY)

    def action_look(self) -> None:
        """Read what there is; sell nothing."""
        self.choose(Choice.LOOK_ON)

    def action_quit(self) -> None:
        """Leave; it needs no dead time, as nothing is lost by it."""
        self.dismiss(Choice.QUIT)


class TroubleBar(ProblemBar):
    """Why nothing is sold, until that is over. While all is well: news, which stay until the screen is left."""

    _news: ProblemView | None = None
    _news_language = ""

    @property
    def has_news(self) -> bool:
        """Whether there is news, shown or beneath trouble."""
        return self._news is not None

    def show_trouble(self, trouble: Trouble | None) -> None:
        """Show it; where the journal can be written, the news."""
        if trouble is not None:
            from korus_tui.counter.core.journal_trouble import TroubleKind  # first frame

            meaning = _("Nothing is sold here, and no money is taken.") + " " + trouble.advice
            key = _("‹app.retry› tries again") if trouble.kind is TroubleKind.HEALS else _("‹app.leave› leaves")
            self.show(ProblemView(trouble.what, meaning, key))
        elif self._news is not None:
            self.show(self._news)
        else:
            self.clear()

    def say_again(self) -> None:
        """Another language: the news in its words; trouble is told anew by the page."""
        if self._news is not None:
            self._news = in_words_of_now(self._news, self._news_language)
            self._news_language = language()
        super().say_again()

    def show_news(self, news: ProblemView | None) -> None:
        """What happened without the agent's doing, or nothing any more; trouble goes before it."""
        before, self._news = self._news, news
        self._news_language = language()
        if self.view is None or self.view == before:
            self.show_trouble(None)
