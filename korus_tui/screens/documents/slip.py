"""A slip on the screen, as it is on paper; saved as text when it is shown, printed by a key."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.paper.jobs import Outcome
from korus_tui.counter.paper.service import Slip
from korus_tui.counter.paper.slips import SlipKind
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common.waiting import looked_for
from korus_tui.terminal.within import writer
from korus_tui.widgets.said import Said
from korus_tui.widgets.text import paragraph


class SlipScreen(ModalScreen[None]):
    """One sale's slip, in the copy that is printed next."""

    BINDINGS = commands.bindings("slip")

    def __init__(self, services: Services, reference: str, kind: SlipKind | None = None) -> None:
        super().__init__()
        self._services = services
        self._reference = reference
        self._kind = kind
        self._slip: Slip | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="slip"):
            with VerticalScroll(id="slip-paper"):
                yield Static(id="slip-text", markup=False)
            yield Said(id="slip-note", classes="muted")
            yield Said(id="slip-late")
            yield Static(self._keys(), classes="keys", markup=False)

    def _keys(self) -> str:
        printing = _("‹slip.print› print   ") if self._services.slips.can_print else ""
        if self._services.settings.terminal_printer:
            printing += _("‹slip.terminal› print at the terminal   ")
        return printing + _("↑↓ scroll   ‹slip.close› close")

    def on_mount(self) -> None:
        columns = self._services.settings.receipt_columns
        self.query_one("#slip-text").styles.width = columns
        self.query_one("#slip").styles.width = columns + 18
        self.query_one("#slip-paper").focus()
        late = self.query_one("#slip-late", Said)
        late.say(looked_for(self._services, self._reference))
        late.display = bool(late.content)
        self._ask(self._saving())

    def _ask(self, work: Coroutine[Any, Any, str]) -> None:
        """Done to its end, also when this page is closed meanwhile."""
        self._services.jobs.start(self._reference, work, self._shown)

    def _shown(self, outcome: Outcome) -> bool:
        """Say here how it ended, as long as somebody reads it here."""
        if not self.is_attached:
            return False
        self._say(str(outcome))
        return True

    def _put(self, made: Slip) -> None:
        """The paper as it was made last."""
        self._slip = made
        if self.is_attached:
            self.query_one("#slip-text", Static).update(paragraph(made.text.rstrip("\n")))

    async def _saving(self) -> str:
        slips = self._services.slips
        made = await slips.of(self._reference, self._kind)
        self._put(made)
        return _("Saved: {file}").format(file=await slips.save(made))

    def _say(self, words: str) -> None:
        self.query_one("#slip-note", Said).say(words)

    def action_print(self) -> None:
        """Print it with the counter's own command; printed again, it is the next copy and says so."""
        if self._slip is not None:
            self._say(_("Printing…"))
            self._ask(self._printing())

    async def _printing(self) -> str:
        self._put(await self._services.slips.print(self._reference, self._kind))
        return _("Sent to the printer.")

    def action_terminal(self) -> None:
        """Print it at the agent's own desk; off unless the settings say that the terminal has a printer."""
        write = writer(self.app)
        if self._slip is None or write is None or not self._services.settings.terminal_printer:
            return
        self._ask(self._at_terminal(write))

    async def _at_terminal(self, write: Callable[[str], None]) -> str:
        self._put(await self._services.slips.at_terminal(self._reference, self._kind, write))
        return _("Sent to the printer of your terminal; nothing says whether it has one.")

    def action_close(self) -> None:
        self.dismiss(None)
