"""The application on the customer's side: looks at the till's journal four times a second, and takes no key but to end.

It runs beside the till, before it begins and after it ended, and never writes: not to the journal, not to the API.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.geometry import Size
from textual.screen import Screen

from korus_tui import i18n
from korus_tui.counter.catalog import today as todays
from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.counter.core.elsewhere import home_of
from korus_tui.counter.facing.follow import Followed, Follower, Till
from korus_tui.counter.facing.seen import FacingSale, seen
from korus_tui.counter.facing.tickets import Tickets
from korus_tui.display.board import BoardView, CustomerBoard, SessionLine
from korus_tui.i18n import _
from korus_tui.screens.common import formats as words
from korus_tui.styles import KIT_FILES
from korus_tui.terminal import crash as last_resort
from korus_tui.terminal import logs
from korus_tui.terminal.app import TerminalApp
from korus_tui.widgets.qr import Qr, qr_size

if TYPE_CHECKING:
    from korus_tui.counter.services import Services

log = logging.getLogger("korus_tui.display")

_LOOK = 0.25  # seconds between two looks at the journal's files
_TURN = 8.0  # seconds for which the code of one ticket stands, where there are several
_SESSIONS = 300.0  # seconds after which today's sessions are read again
_RETRY = 30.0  # seconds after which they are tried again where they could not be
_LEAST = Size(34, 14)  # cells that the words need beside a code, and lines above it


@dataclass
class _Followed:
    """One till that is followed, and what was read for it."""

    services: Services
    follower: Follower
    tickets: Tickets
    sessions: tuple[SessionLine, ...] = ()
    read_again: float = 0.0
    asking: bool = False

    @property
    def asks_pins(self) -> bool:
        """Whether a code may be seen only once that is on record."""
        _known = self.services.till  # with it the gate learns whether agents have PINs
        return self.services.desk.gate.asks_pins


class DisplayApp(TerminalApp):
    """Shows the sale at the counter of the till that `find` names; `find` None: there is none yet."""

    TITLE = "korus-tui display"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("ctrl+q,ctrl+c", "quit", show=False), Binding("ctrl+l", "repaint", show=False)]
    CSS = """
    #side { height: 1fr; }
    #board { width: 1fr; height: 1fr; }
    #code { dock: right; display: none; }
    #code.-below { dock: bottom; }
    """

    def __init__(
        self, find: Callable[[], Services | None], till: str, *, log_file: Path, theme: str, language: str = ""
    ) -> None:
        """`language` goes before the customer's, where it was asked for."""
        super().__init__(log_file, theme)
        self.css_path = list(KIT_FILES)
        self._find = find
        self._till = till
        self._language = language
        self._now: _Followed | None = None
        self._work: set[asyncio.Task[None]] = set()

    def get_default_screen(self) -> Screen[None]:
        """The one page there is."""
        return Facing()

    def on_mount(self) -> None:
        logs.start(self.log_file)
        asyncio.get_running_loop().set_exception_handler(last_resort.in_loop)
        self._begin(self._looking())

    async def on_unmount(self) -> None:
        """Let nothing run on."""
        for one in self._work:
            one.cancel()
        if self._now is not None:
            await self._now.services.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    # What is followed

    async def _looking(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:  # whatever it is, the next look may be better; the customer is shown no figure of it
                log.exception("the display could not look")
                self._show(self._now, Followed(Till.UNREADABLE))
            await asyncio.sleep(_LOOK)

    async def _look(self) -> None:
        services = await asyncio.to_thread(self._find)
        if services is None or self._now is None or self._now.services is not services:
            await self._turn_to(services)
        now = self._now
        found = await asyncio.to_thread(now.follower.look) if now is not None else Followed(Till.WAITED_FOR)
        self._show(now, found)

    async def _turn_to(self, services: Services | None) -> None:
        if self._now is not None:
            await self._now.services.close()
        self._now = None
        if services is not None:
            profile = services.profile
            follower = Follower(services.paths.data, profile.till, home_of(profile), services.clock.boot)
            self._now = _Followed(services, follower, Tickets(services.documents, services.clock))

    # Showing

    def _show(self, now: _Followed | None, found: Followed) -> None:
        page = self.screen if self.screen_stack else None
        if not isinstance(page, Facing):
            return
        if now is None:
            self._speak(i18n.language())
            page.show(BoardView(foot=self._foot(found.till)), ())
            return
        services = now.services
        sale = seen(found.sale, shown_only=now.asks_pins) if found.sale is not None else None
        self._speak(sale.language if sale is not None else services.profile.customer_language)
        links: tuple[str, ...] = ()
        if sale is None:
            self._read_sessions(now)
        else:
            self._ask_links(now, found, sale)
            links = now.tickets.links(sale.documents)
        local = services.local(services.clock.now())
        view = BoardView(
            services.venue(services.catalogs.content.catalog.id) if services.catalogs.content else services.name,
            local.replace(second=0, microsecond=0),
            sale,
            () if sale is not None else tuple(one for one in now.sessions if one.time >= words.time(local)),
            len(links),
            finished=found.sale is not None and not found.sale.open,
            foot=self._foot(found.till) if sale is None or found.till is not Till.OPEN else "",
        )
        which = int(services.clock.boot() / _TURN) % len(links) if links else 0
        page.show(view, links[which : which + 1], which + 1)

    def _speak(self, language: str) -> None:
        wanted = self._language or language.replace("_", "-").partition("-")[0].lower()
        if wanted != i18n.language() and (wanted in i18n.languages() or i18n.language() != i18n.SOURCE):
            i18n.use(wanted)

    def _foot(self, till: Till) -> str:
        match till:
            case Till.WAITED_FOR:
                here = ", ".join(self._now.follower.others) if self._now is not None else ""
                said = _("Waiting for {till}").format(till=self._till)
                return said + " · " + _("here are: {tills}").format(tills=here) if here else said
            case Till.UNREADABLE:
                return _("Nothing can be shown of {till} now: please ask at the counter.").format(till=self._till)
            case Till.ENDED:
                return _("This counter is closed.")
            case Till.KILLED:
                return _("One moment, please.")
            case _:
                return ""

    # What is asked of Korus: nothing that changes anything there

    def _ask_links(self, now: _Followed, found: Followed, sale: FacingSale) -> None:
        documents, whole = sale.documents, found.sale
        if whole is not None and documents and not now.asking and now.tickets.wanted(documents):
            now.asking = True
            self._begin(self._asking(now, now.tickets.ask(whole, documents)))

    def _read_sessions(self, now: _Followed) -> None:
        if not now.asking and now.services.clock.boot() >= now.read_again:
            now.asking = True
            now.read_again = now.services.clock.boot() + _RETRY
            self._begin(self._asking(now, self._sessions(now)))

    @staticmethod
    async def _asking(now: _Followed, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # what is not known is not shown
            log.info("the display was not answered: %s", error)
        finally:
            now.asking = False

    @staticmethod
    async def _sessions(now: _Followed) -> None:
        services = now.services
        catalogs, wanted = services.catalogs, services.profile.catalog
        if catalogs.content is None:
            await asyncio.to_thread(catalogs.recall, wanted)
        if catalogs.stale:
            await catalogs.read(wanted)
        content = catalogs.content
        if content is None:
            return
        favourites = Favourites(services.paths.data, services.name)
        board = todays.Today(services.offers, services.start)
        shows = await board.read(content.catalog.id, todays.items_of(content, favourites), services.today())
        now.sessions = tuple(
            dict.fromkeys(
                SessionLine(
                    words.time(one.starts_at),
                    one.product.name if one.named else one.family.name,
                    one.session.left is not None and one.session.left <= 0,
                )
                for one in shows
            )
        )
        now.read_again = services.clock.boot() + _SESSIONS


class Facing(Screen[None]):
    """The one page: words and figures, and beside them the code of a ticket where it fits."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="side"):
            yield CustomerBoard()
            yield Qr(id="code")

    def show(self, view: BoardView, links: tuple[str, ...], which: int = 0) -> None:
        """Show a view, and the code of the first link where the screen has room for it."""
        board, code = self.query_one(CustomerBoard), self.query_one(Qr)
        size = qr_size(links[0]) if links else None
        room = self.size
        low = size is not None and size.width + _LEAST.width > room.width
        fits = size is not None and size.width + 4 <= room.width
        fits = fits and size is not None and size.height + (_LEAST.height if low else 2) <= room.height
        if fits and size is not None:
            code.show(links[0])
            above = (room.height - size.height) // 3  # as far from the top as what is said beside it
            code.styles.margin = (0, 2, 1, 2) if low else (above, 2, 0, 2)
        code.set_class(low, "-below")
        code.display = fits
        board.show(replace(view, which=which) if fits else view)
