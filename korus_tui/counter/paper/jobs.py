"""What an agent asked to be printed, saved or copied: it runs to its end, whatever page they went on to."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.i18n import _

_MOST = 300  # characters of why something failed that are kept


def why_not(error: BaseException) -> str:
    """Why it did not come, as it is recorded."""
    if not isinstance(error, Exception):  # the task was cancelled
        return _("The program ended meanwhile: it may be there, or not.")
    problem = of(error, Doing.DOCUMENT)
    return " ".join(one for one in (problem.what, problem.explained) if one)[:_MOST]


Outcome = str | Problem
"""What was done, in words for the page that it was asked for on; or why it was not."""


class Jobs:
    """Owns what was asked for on paper. A failure that its page cannot show any more waits in `untold`."""

    def __init__(self, background: BackgroundTasks) -> None:
        self._background = background
        self.running: list[str] = []  # the references of their sales
        self.untold: list[tuple[str, Problem]] = []  # by the sale's reference, for whoever stands at the till
        self.changed: Callable[[], None] = lambda: None

    def start(self, reference: str, work: Coroutine[Any, Any, str], shown: Callable[[Outcome], bool]) -> None:
        """Do it. At its end `shown` is told, and says whether the agent can see it there."""
        self.running.append(reference)
        self._background.start(self._whole(reference, work, shown), "what was asked for on paper")

    async def _whole(self, reference: str, work: Coroutine[Any, Any, str], shown: Callable[[Outcome], bool]) -> None:
        try:
            outcome: Outcome = await work
        except Exception as error:
            outcome = of(error, Doing.DOCUMENT)
        finally:
            self.running.remove(reference)
        if not shown(outcome) and isinstance(outcome, Problem):
            self.untold.append((reference, outcome))
            self.changed()
