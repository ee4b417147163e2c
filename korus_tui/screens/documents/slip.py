"""A slip on the screen, as it is on paper; saved as text when it is shown, printed by a key."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.paper.service import Slip
from korus_tui.counter.paper.slips import Kind
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.widgets.text import paragraph


class SlipScreen(ModalScreen[None]):
    """One sale's slip: the same text whenever it is shown again."""

    BINDINGS = commands.bindings("slip")

    def __init__(self, services: Services, reference: str, kind: Kind | None = None) -> None:
        super().__init__()
        self._services = services
        self._reference = reference
        self._kind = kind
        self._slip: Slip | None = None

    def compose(self) -> ComposeResult:
        """The paper, what became of it, the keys."""
        with Vertical(id="slip"):
            with VerticalScroll(id="slip-paper"):
                yield Static(id="slip-text", markup=False)
            yield Static(id="slip-note", classes="muted", markup=False)
            yield Static(self._keys(), classes="keys", markup=False)

    def _keys(self) -> str:
        printing = _("‹slip.print› print   ") if self._services.slips.can_print else ""
        if self._services.settings.terminal_printer:
            printing += _("‹slip.terminal› print at the terminal   ")
        return printing + _("↑↓ scroll   ‹slip.close› close")

    def on_mount(self) -> None:
        """The arrows scroll."""
        columns = self._services.settings.receipt_columns
        self.query_one("#slip-text").styles.width = columns
        self.query_one("#slip").styles.width = columns + 18
        self.query_one("#slip-paper").focus()
        self._show()

    @work(exit_on_error=False)
    async def _show(self) -> None:
        slips = self._services.slips
        try:
            self._slip = await slips.of(self._reference, self._kind)
            self.query_one("#slip-text", Static).update(paragraph(self._slip.text.rstrip("\n")))
            self._say(_("Saved: {file}").format(file=await slips.save(self._slip)))
        except Exception as error:
            self._tell(error)

    def _say(self, words: str) -> None:
        self.query_one("#slip-note", Static).update(paragraph(words))

    def _tell(self, error: Exception) -> None:
        problem = of(error, Doing.READ)
        self._say(" ".join(part for part in (problem.what, problem.meaning, problem.next) if part))

    def action_print(self) -> None:
        """Print it with the counter's own command."""
        if self._slip is not None:
            self._print(self._slip)

    @work(exclusive=True, exit_on_error=False)
    async def _print(self, slip: Slip) -> None:
        self._say(_("Printing…"))
        try:
            await self._services.slips.print(slip)
        except Exception as error:
            self._tell(error)
        else:
            self._say(_("Sent to the printer."))

    def action_terminal(self) -> None:
        """Print it at the agent's own desk; off unless the settings say that the terminal has a printer."""
        driver = self.app._driver
        if self._slip is None or driver is None or not self._services.settings.terminal_printer:
            return
        driver.write(self._services.slips.at_terminal(self._slip))
        self._say(_("Sent to the printer of your terminal; nothing says whether it has one."))

    def action_close(self) -> None:
        """Back to where it was asked for."""
        self.dismiss(None)
