"""Whether a key may take money now (docs/rules.md, Once only)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.screens.common.dead_time import DeadTime

if TYPE_CHECKING:
    from textual.widget import Widget

STALL = 2.5  # seconds without a beat after which the keys of that time are not believed

READ_IN = 4  # seconds in which it is read why a key did nothing


def _too_soon() -> Problem:
    return Problem(_("That key came before this page could be read."), _("It moved no money."), _("Press it again"))


class MoneyGuard:
    """Says whether a key may take money now (docs/rules.md, Once only)."""

    def __init__(self, clock: Clock, page: Widget) -> None:
        """`page` is what the keys are for: it begins the guard once it is mounted."""
        self._clock = clock
        self._page = page
        self._beat_at = clock.boot()
        self._dead = DeadTime(clock.boot)
        self.busy = False

    def begin(self) -> None:
        """The page is there: arm, and notice from now on when the program stands still."""
        self.arm()
        self._page.set_interval(1.0, self.beat)

    def arm(self) -> None:
        """Something else comes on the screen: keys are not for it before it was painted, and a while after."""
        self._dead.begin_when_seen(self._page)

    def beat(self) -> None:
        """The program is alive; after a stall, keys typed meanwhile were typed at an old picture."""
        now = self._clock.boot()
        if now - self._beat_at > STALL:
            self.arm()
        self._beat_at = now

    def meant(self, say: Callable[[Callable[[], Problem | None]], None]) -> bool:
        """The same of a key that was pressed; one that came before the page could be read is answered by `say`."""
        if not self.ready and not self.busy:
            read = self._clock.boot() + READ_IN
            say(lambda: _too_soon() if self._clock.boot() < read else None)
        return self.ready

    @property
    def ready(self) -> bool:
        """Whether a key may take money at this moment."""
        self.beat()
        return not self.busy and self._dead.over
