"""Money that goes back over the counter, or a difference that the house bears: an amount, a method, a reason, F10."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.booking.methods import METHODS, choices
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import new_id
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.money import Money, minor_digits
from korus_tui.sale.rounding import CashRounding
from korus_tui.sale.state import GivenBack
from korus_tui.sale.values import Method
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.panes import CountedInput
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.answers import answered
from korus_tui.screens.common.back_amount import BackAmount
from korus_tui.screens.common.dialog import FormDialog
from korus_tui.screens.common.money_guard import READ_IN, MoneyGuard
from korus_tui.screens.common.tickets_back import back_field
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.inputs.money_input import MoneyChanged
from korus_tui.widgets.text import key_line, paragraph

_LONGEST = 120  # characters of a reason


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: `most` can go back, or (`bears`) is borne whole; `reason` is proposed and can be changed."""

    title: str
    meaning: str
    most: Money
    reason: str = ""
    bears: bool = False
    handed: str = ""  # what the customer has of it
    another_way: Callable[[Money, Method], str] = lambda _amount, _method: ""  # a hint, where it was paid otherwise


class SettleScreen(FormDialog[GivenBack | str]):
    """Gives what goes back, for a difference the reason alone, once F10 says so; None where the agent went back.

    No method is preselected, Enter only moves on, and F10 is dead until the page could have been read.
    """

    BINDINGS = commands.bindings("settle")

    def __init__(self, ask: Ask, clock: Clock, rounding: CashRounding) -> None:
        super().__init__()
        self._ask = ask
        self._rounding = rounding
        self._method: Method | None = None
        self._at_choice = ""  # the amount as it stood when the method was said
        self._guard = MoneyGuard(clock, self)
        self._back_id = new_id()

    def compose(self) -> ComposeResult:
        """What it is about, the question, the fields, and what F10 does."""
        ask = self._ask
        currency = ask.most.currency
        with Vertical(id="settle"):
            yield Static(paragraph(ask.title), classes="title", markup=False)
            yield Static(paragraph(ask.meaning), classes="muted", id="settle-meaning", markup=False)
            if not ask.bears:
                yield Static(id="settle-question", markup=False)
                entry = CountedInput(decimals=minor_digits(currency), currency=currency)
                yield BackAmount(_("Amount"), entry, ask.most, required=True, id="settle-amount")
            yield Field(_("Reason"), Entry(ask.reason, max_length=_LONGEST), required=True, id="settle-reason")
            if ask.handed:
                yield Static(paragraph(ask.handed), classes="strong", markup=False)
                yield back_field()
            yield RequiredNote()
            yield Static(id="settle-key", markup=False)

    def on_mount(self) -> None:
        """The whole amount stands there already; the method does not."""
        if not self._ask.bears:
            with suppress(ValueError):  # finer than the smallest coin: the agent says what went back
                self.query_one(CountedInput).set_minor(self._ask.most.minor)
        self.query(Field).first().entry.focus()
        self._guard.begin()
        self._show()

    # The amount

    @property
    def _amount(self) -> Money | None:
        if self._ask.bears:
            return self._ask.most
        return self.query_one(BackAmount).amount

    @property
    def _good(self) -> Money | None:
        """The amount, where it can go back."""
        return None if not self._ask.bears and self.query_one(BackAmount).misfit else self._amount

    @on(MoneyChanged)
    def _show(self) -> None:
        """The question with its answer, and what F10 does now."""
        if not self._ask.bears:
            self.query_one("#settle-question", Static).update(self._question())
        self.query_one("#settle-key", Static).update(key_line(self._key_words()))

    def _question(self) -> Content:
        parts: list[str | tuple[str, str]] = [(_("How does it go back?"), "bold")]
        for one in METHODS.values():
            chosen = "bold reverse" if one.method is self._method else ""
            parts += ["   ", (commands.keys(f"settle.{one.method}"), "bold $text-accent"), " ", (one.label, chosen)]
        if self._method is not None and (amount := self._good) is not None:
            hint = self._ask.another_way(amount, self._method)
            if self._rounding.of(amount, self._method) is not None:
                coins = words.money(self._rounding.rounded(amount, self._method))
                said = _("{amount} is {coins} in coins: that goes back.").format(
                    amount=words.money(amount), coins=coins
                )
                hint = f"{said} {hint}".rstrip()
            parts += ["\n", (hint, "$text-warning")] if hint else []
        return Content.assemble(*parts)

    say_again = _show

    def _say_too_soon(self, said: Callable[[], Problem | None]) -> None:
        """Why the key did nothing, for as long as it takes to read it."""
        self.query_one("#settle-key", Static).update(paragraph(str(said() or "")))
        self.set_timer(READ_IN, self._show)

    def _key_words(self) -> str:
        amount = words.money(self._amount)
        if self._ask.bears:
            return _(
                "‹settle.record› records that the house bears {amount}   ‹settle.cancel› back, nothing is recorded"
            ).format(amount=amount)
        good = self._good
        if good is None:
            return _("Nothing is recorded: type what goes back.   ‹settle.cancel› back")
        if self._method is None:
            return _("Nothing is recorded before you say how it goes back.   ‹settle.cancel› back")
        return _(
            "‹settle.record› records {amount} given back {how}   ‹settle.cancel› back, nothing is recorded"
        ).format(amount=words.money(self._rounding.rounded(good, self._method)), how=say.how(self._method))

    # Keys

    def action_choose(self, way: str) -> None:
        """How it goes back; what was typed for another way stays with that."""
        method = Method(way)
        if self._ask.bears:
            return
        field = self.query_one("#settle-amount", Field)
        if self._method not in (None, method) and field.value not in ("", self._at_choice):
            field.show_error(_("What is typed here is for another way. Empty the field before you choose another."))
            return
        self._method, self._at_choice = method, field.value
        self._guard.arm()
        self._show()

    def action_record(self) -> None:
        """Give what was said, or go to the first thing that is not said yet."""
        if not self._guard.meant(self._say_too_soon):
            return
        amount = self._amount
        if not self.all_good() or amount is None:
            return
        reason = self.query_one("#settle-reason", Field).value.strip()
        if self._ask.bears:
            self._guard.busy = True
            self.dismiss(reason)
        elif self._method is None:
            self.query_one("#settle-amount", Field).show_error(
                _("How does it go back?") + " " + commands.in_words(choices("settle"))
            )
            self.query_one("#settle-amount", Field).entry.focus()
        else:
            self._guard.busy = True
            tickets = answered(self.query_one("#tickets", Field).value) if self._ask.handed else None
            rounding = self._rounding.of(amount, self._method)
            self.dismiss(GivenBack(self._back_id, amount, self._method, reason, tickets, rounding))
