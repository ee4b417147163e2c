"""Choose a fault: it strikes once, and the audience sees what the till does about it."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.rehearsing import Fault, NotArmed, Rehearsals
from korus_tui.i18n import _
from korus_tui.screens.rehearse import text as say
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Ready
from korus_tui.widgets.text import paragraph


class RehearseScreen(ModalScreen[None]):
    """A list of faults in plain words; Enter arms one and closes."""

    NAME = "rehearse"
    BINDINGS = commands.bindings("rehearse")

    def __init__(self, rehearsals: Rehearsals) -> None:
        super().__init__()
        self._rehearsals = rehearsals
        self._busy = False

    def compose(self) -> ComposeResult:
        """The list, what the chosen one looks like, the keys."""
        with Vertical(id="rehearse"):
            yield Static(Content(_("Rehearse what goes wrong")), classes="title")
            yield RowList(
                (Column("fault", "", None, least=40), Column("armed", "", 12)),
                id="faults",
                state=Ready(),
            )
            yield Static(id="rehearse-seen", markup=False)
            yield Static(
                _("‹rehearse.arm› arm   ‹rehearse.disarm› nothing goes wrong   ‹rehearse.close› close"),
                classes="keys",
                markup=False,
            )

    def on_mount(self) -> None:
        faults = self.query_one(RowList)
        armed = self._rehearsals.armed
        faults.set_rows(
            [
                Row(one.value, (say.name(one), _("armed") if one is armed else ""), tone="warn" if one is armed else "")
                for one in self._rehearsals.choices
            ],
            Ready(),
        )
        faults.focus()
        self._moved()

    @property
    def _chosen(self) -> Fault | None:
        key = self.query_one(RowList).highlighted
        return Fault(key) if key else None

    @on(RowHighlighted)
    def _moved(self) -> None:
        fault = self._chosen
        self.query_one("#rehearse-seen", Static).update(paragraph(say.seen(fault) if fault else ""))

    @on(RowChosen)
    def _arm(self) -> None:
        fault = self._chosen
        if fault is not None and not self._busy:
            self._busy = True
            self._do(fault)

    def action_disarm(self) -> None:
        """Nothing goes wrong any more."""
        if not self._busy:
            self._busy = True
            self._do(None)

    @work(exclusive=True, exit_on_error=False)
    async def _do(self, fault: Fault | None) -> None:
        try:
            await (self._rehearsals.disarm() if fault is None else self._rehearsals.arm(fault))
        except NotArmed as error:
            self._busy = False
            said = _("The sandbox did not take it: nothing will go wrong ({words}).").format(words=error)
            self.query_one("#rehearse-seen", Static).update(paragraph(said))
        else:
            self.dismiss(None)

    def action_close(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
