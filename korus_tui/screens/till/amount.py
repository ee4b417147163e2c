"""An amount of cash, counted by the agent: the float, cash in, cash out, or what is in the drawer at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.money import Money, minor_digits
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.dialog import FormDialog
from korus_tui.screens.common.key_order import typed
from korus_tui.screens.common.methods import typed_hint
from korus_tui.screens.common.money_guard import READ_IN, MoneyGuard
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.inputs.money_input import MoneyChanged, MoneyInput
from korus_tui.widgets.text import paragraph


class AmountFor(StrEnum):
    """What the amount is."""

    FLOAT = "float"
    IN = "in"
    OUT = "out"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Given:
    """The amount, and the reason where one was asked for."""

    amount: Money
    reason: str = ""


_NEEDS_REASON = (AmountFor.IN, AmountFor.OUT)
_MAY_BE_ZERO = (AmountFor.FLOAT, AmountFor.COUNT)


class AmountScreen(FormDialog[Given]):
    """Gives an amount once F10 says so: Enter only moves on, for cash must not move by a key held too long."""

    BINDINGS = commands.bindings("till_amount")

    def __init__(self, asked: AmountFor, currency: str, clock: Clock) -> None:
        super().__init__()
        self._asked = asked
        self._currency = currency
        self._guard = MoneyGuard(clock, self)

    def compose(self) -> ComposeResult:
        """What is asked, the amount, the reason, and the key that records it."""
        title, about = _texts()[self._asked]
        with Vertical(id="amount-form"):
            yield Static(Content(title), classes="title")
            yield Static(Content(about), classes="muted")
            entry = MoneyInput(decimals=minor_digits(self._currency), currency=self._currency)
            yield Field(_("Amount"), entry, required=True, check=lambda _typed: self._wrong(entry), id="cash")
            if self._asked in _NEEDS_REASON:
                yield Field(_("Reason"), Entry(max_length=60), required=True, id="reason")
            yield RequiredNote()
            yield Static(id="record", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#cash", Field).entry)
        self._guard.begin()
        self._show_key()

    def _wrong(self, entry: MoneyInput) -> str | None:
        if entry.value_minor == 0 and self._asked not in _MAY_BE_ZERO:
            return _("An amount above zero.")
        return entry.problem

    @property
    def _amount(self) -> Money | None:
        entry = self.query_one(MoneyInput)
        minor = entry.value_minor
        return None if minor is None else Money.from_minor(minor, self._currency)

    @on(MoneyChanged)
    def _show_key(self) -> None:
        amount = self._amount
        example = typed_hint(self._currency)
        said = "" if amount is None else _keys()[self._asked].format(amount=words.money(amount))
        self.query_one("#record", Static).update(
            paragraph(said or _("Type the amount: {example}   ‹till_amount.cancel› back").format(example=example))
        )

    say_again = _show_key

    def _say_too_soon(self, said: Callable[[], Problem | None]) -> None:
        """Why the key did nothing, for as long as it takes to read it."""
        self.query_one("#record", Static).update(paragraph(str(said() or "")))
        self.set_timer(READ_IN, self._show_key)

    async def action_record(self) -> None:
        """Give the amount as it was typed to the last digit, or go to the first field that is not good yet."""
        if not self._guard.meant(self._say_too_soon):
            return
        await typed(self.focused)
        amount = self._amount
        if not self.all_good() or amount is None:
            return
        self._guard.busy = True
        reason = self.fields[1].value.strip() if len(self.fields) > 1 else ""
        self.dismiss(Given(amount, reason))


def _texts() -> dict[AmountFor, tuple[str, str]]:
    return {
        AmountFor.FLOAT: (_("Open the till"), _("Count the float into the drawer.")),
        AmountFor.IN: (_("Cash in"), _("Cash that goes into the drawer and is no sale: coins from the bank.")),
        AmountFor.OUT: (
            _("Cash out"),
            _("Cash that leaves the drawer and goes to no customer: to the safe, for stamps."),
        ),
        AmountFor.COUNT: (
            _("Close the till: count the drawer"),
            _("Count all cash, the float too. What is expected is shown after the till is closed."),
        ),
    }


def _keys() -> dict[AmountFor, str]:
    return {
        AmountFor.FLOAT: _("‹till_amount.record› opens the till with {amount}   ‹till_amount.cancel› back"),
        AmountFor.IN: _("‹till_amount.record› records {amount} in   ‹till_amount.cancel› back"),
        AmountFor.OUT: _("‹till_amount.record› records {amount} out   ‹till_amount.cancel› back"),
        AmountFor.COUNT: _("‹till_amount.record› counted {amount}, asks once more   ‹till_amount.cancel› back"),
    }
