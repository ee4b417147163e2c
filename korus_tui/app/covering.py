"""Who may see the page: it is covered while nobody is signed in, and after some minutes without a key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.screen import Screen

from korus_tui.screens.common.till_screen import TillScreen

if TYPE_CHECKING:
    from korus_tui.counter.services import Services
    from korus_tui.sale.acts import Act

_HANDS = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
_ANSWERS = 1.0  # seconds in which an application that is not in the middle of a key does what it is asked


class Covering(App[int]):
    """Puts the cover over whatever is there, and has a supervisor give their word where the gate asks for one."""

    services: Services | None = None
    question: Screen[bool] | None = None  # one that may be asked over the cover
    _touched = 0.0  # when (boot seconds) somebody last did something

    async def on_event(self, event: events.Event) -> None:
        """Remember that somebody is there."""
        if isinstance(event, _HANDS) and self.services is not None:
            self._touched = self.services.clock.boot()
        await super().on_event(event)

    def cover(self) -> None:
        """Cover the page where that is due. The till's own page may be seen signed out: it shows no sale then."""
        services = self.services
        if services is None or not self.screen_stack or not (services.opened or len(self.screen_stack) > 1):
            return  # before there is anything to cover, and while the program ends
        from korus_tui.screens.common.help import HelpScreen
        from korus_tui.screens.common.too_small import TooSmallScreen
        from korus_tui.screens.till.cover import CoverScreen
        from korus_tui.screens.till.screen import TillPage
        from korus_tui.screens.till.sign_in import SignInScreen

        idle = self._is_idle(services)
        if idle and isinstance(self.screen, SignInScreen):
            self.screen.dismiss(None)  # with what was typed of a PIN
        if not services.opened:
            return
        till = services.till
        if idle and not till.covered:
            till.cover()  # which comes here once more
        if till.nobody is None:
            return
        pages = [one for one in self.screen_stack if not isinstance(one, TooSmallScreen | HelpScreen)]
        if isinstance(pages[-1], SignInScreen):
            if isinstance(pages[-2], CoverScreen) or (isinstance(pages[-2], TillPage) and not till.covered):
                return
            if self.screen is pages[-1]:  # it was opened by somebody who stands here no more
                pages.pop().dismiss(None)
        on_top = pages[-1]
        if isinstance(on_top, CoverScreen) or on_top is self.question:
            return
        if not till.covered and isinstance(on_top, TillPage):
            return
        self.push_screen(CoverScreen(services))

    def _is_idle(self, services: Services) -> bool:
        """Whether nobody did anything for so long that whoever comes has to prove who they are; once each time."""
        minutes = services.settings.agents.lock_minutes
        if not minutes or not services.till.has_agents or not services.desk.gate.asks_pins:
            return False
        now = services.clock.boot()
        self._touched = self._touched or now
        if now - self._touched < minutes * 60:
            return False
        self._touched = now
        return True

    def refused(self) -> bool:
        """Whether nobody may open a page of sales now; said on the page that is there."""
        from korus_tui.counter.core.problems import CounterError

        services = self.services
        problem = services.till.nobody if services is not None and services.opened else None
        if problem is None:
            return False
        if isinstance(self.screen, TillScreen):
            self.screen.show_error(CounterError(problem))
        return True

    async def supervisors_word(self, act: Act, _agent: str) -> str | None:
        """A supervisor's name, once they gave their PIN for this act; None where nobody did.

        Where a key is just being dealt with, another page would wait for it for ever: then it is refused in words.
        """
        from korus_tui.counter.core.gate import act_words
        from korus_tui.i18n import _
        from korus_tui.screens.till.sign_in import Purpose, SignInScreen

        services, free = self.services, asyncio.Event()
        if services is None or not self.is_running:
            return None
        self.call_later(free.set)
        try:
            await asyncio.wait_for(free.wait(), _ANSWERS)
        except TimeoutError:
            return None
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        def given(name: object) -> None:
            if not answer.done():
                answer.set_result(name if isinstance(name, str) else None)

        about = _("For this once, beside who is signed in: {act}.").format(act=act_words(act))
        await self.push_screen(SignInScreen(services, Purpose.AUTHORISE, about=about), given)
        return await answer
