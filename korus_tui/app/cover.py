"""Who may see the page: it is covered while nobody is signed in, and after some minutes without a key."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.screen import Screen

from korus_tui.i18n import _

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.counter.services import Services
    from korus_tui.sale.acts import Act
    from korus_tui.sale.events import Event
    from korus_tui.sale.state import Sale
    from korus_tui.sale.till_events import TillEvent

_HANDS = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
_ANSWERS = 1.0  # seconds in which an application that is not in the middle of a key does what it is asked


class Cover:
    """Puts the cover over whatever is there, and has a supervisor give their word where the gate asks for one."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app
        self.question: Screen[bool] | None = None  # one that may be asked over the cover
        self._touched = 0.0  # when (boot seconds) somebody last did something

    def somebody(self, event: events.Event) -> None:
        if isinstance(event, _HANDS) and self._app.services is not None:
            self._touched = self._app.services.clock.boot()

    def at_once(self) -> None:
        """Cover the first page of a till whose agents have PINs before its journal is read.

        That may take seconds, and whoever knows the till types name and PIN meanwhile: not into the catalog's filter.
        """
        from korus_tui.counter.till.agents import FILE  # first frame

        services = self._app.services
        if services is None or not os.path.lexists(services.paths.data / FILE):
            return
        if services.till.staff.asks_pins:
            from korus_tui.screens.till.cover import CoverScreen  # first frame

            services.asks = True
            self._app.push_screen(CoverScreen(services))

    def update(self) -> None:
        """Cover the page where that is due. The till's own page may be seen signed out: it shows no sale then."""
        services = self._app.services
        if services is None or not self._app.screen_stack or not (services.opened or len(self._app.screen_stack) > 1):
            return  # before there is anything to cover, and while the program ends
        from korus_tui.screens.common.help import HelpScreen  # first frame
        from korus_tui.screens.common.too_small import TooSmallScreen  # first frame
        from korus_tui.screens.till.cover import CoverScreen  # first frame
        from korus_tui.screens.till.screen import TillPage  # first frame
        from korus_tui.screens.till.sign_in import SignInScreen  # first frame

        idle = self._is_idle(services)
        if idle and isinstance(self._app.screen, SignInScreen):
            self._app.screen.dismiss(None)  # with what was typed of a PIN
        if not services.opened:
            return
        till = services.till
        if idle and not till.staff.covered:
            till.staff.cover()  # which comes here once more
        if till.nobody is None:
            return
        pages = [one for one in self._app.screen_stack if not isinstance(one, TooSmallScreen | HelpScreen)]
        if isinstance(pages[-1], SignInScreen):
            open_to_all = CoverScreen if till.staff.covered else (CoverScreen, TillPage)
            if isinstance(pages[-2], open_to_all) and not pages[-1].needs_somebody:
                return
            if self._app.screen is pages[-1]:  # it was opened by somebody who stands here no more
                pages.pop().dismiss(None)
        on_top = pages[-1]
        if isinstance(on_top, CoverScreen) or on_top is self.question:
            return
        if not till.staff.covered and isinstance(on_top, TillPage):
            return
        self._app.push_screen(CoverScreen(services))

    def _is_idle(self, services: Services) -> bool:
        """Whether nobody did anything for so long that whoever comes has to prove who they are; once each time."""
        minutes = services.settings.agents.lock_minutes
        if not minutes or not services.till.staff.asks_pins:
            return False
        now = services.clock.boot()
        self._touched = self._touched or now
        if now - self._touched < minutes * 60:
            return False
        self._touched = now
        return True

    async def supervisors_word(self, act: Act, by: Sequence[Event | TillEvent], sale: Sale | None) -> str | None:
        """A supervisor's name, once they gave their PIN for this act; None where nobody did.

        Where a key is just being dealt with, another page would wait for it for ever: then it is refused in words.
        """
        from korus_tui.counter.core.gate import act_words  # first frame
        from korus_tui.sale.acts import AFTER_HANDOVER  # first frame
        from korus_tui.screens.common.tickets_back import handed_words  # first frame
        from korus_tui.screens.till.at_stake import at_stake  # first frame
        from korus_tui.screens.till.sign_in import Purpose, SignInScreen  # first frame

        services, free = self._app.services, asyncio.Event()
        if services is None or not self._app.is_running:
            return None
        self._app.call_later(free.set)
        try:
            await asyncio.wait_for(free.wait(), _ANSWERS)
        except TimeoutError:
            return None
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        def given(name: object) -> None:
            if not answer.done():
                answer.set_result(name if isinstance(name, str) else None)

        said = act_words(act)
        if stake := at_stake(by, sale):
            said = f"{said} ({stake})"
        about = _("For this once, beside who is signed in: {act}.").format(act=said)
        if act in AFTER_HANDOVER and sale is not None:
            about = f"{about} {handed_words(sale)}"
        await self._app.push_screen(SignInScreen(services, Purpose.AUTHORISE, about=about), given)
        return await answer
