"""How it is paid: the question, and one pane a method. Nothing is preselected."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.booking.methods import METHODS
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.sale.rounding import CashRounding
from korus_tui.sale.values import Method
from korus_tui.screens.checkout.panes import CashPane, PaymentPane, pane_of


class PaymentPanel(Vertical):
    """Knows the method, and whether a part is taken. The page's F10 asks it for the payment.

    A message would let the key behind F10 overtake it.
    """

    def __init__(self, currency: str, rounding: CashRounding) -> None:
        super().__init__(id="collect")
        self._currency = currency
        self._rounding = rounding
        self.method: Method | None = None
        self.split = False

    def compose(self) -> ComposeResult:
        yield Static(id="question", markup=False)
        for method in Method:
            yield pane_of(method, self._currency, self._rounding)

    @property
    def pane(self) -> PaymentPane | None:
        return self.query_one(f"#pane-{self.method}", PaymentPane) if self.method else None

    @property
    def amount(self) -> Money | None:
        """What would be taken now; None while that is not known."""
        return self.pane.amount if self.pane else None

    @property
    def collected(self) -> Money | None:
        """The same in coins, where it is cash."""
        return self.pane.collected if self.pane else None

    def show(self, due: Money | None) -> None:
        """The question with its answer, and in the panes what is due now."""
        ways = [*((str(one.method), one.label) for one in METHODS.values()), ("split", _("split"))]
        parts: list[str | tuple[str, str]] = [(_("How is it paid?"), "bold")]
        for way, label in ways:
            on_now = way == self.method or (way == "split" and self.split)
            key = (commands.keys(f"checkout.{way}"), "bold $text-accent")
            parts += ["   ", key, " ", (label, "bold reverse" if on_now else "")]
        self.query_one("#question", Static).update(Content.assemble(*parts))
        if due is not None:
            for pane in self.query(PaymentPane):
                pane.due_changed(due)

    def open(self, method: Method, due: Money) -> None:
        """The method's pane, at once, so that no digit is lost."""
        self.method = method
        self.query_one(f"#pane-{method}", PaymentPane).open(due, self.split)

    def close(self) -> None:
        """No method is chosen any more."""
        pane, self.method, self.split = self.pane, None, False
        if pane is not None:
            pane.close()
            self.screen.set_focus(None)

    def turn_split(self) -> None:
        """A part now, the rest by another method; again: all of it."""
        self.split = not self.split
        if self.pane is not None:
            self.pane.part_allowed(self.split)
            self.pane.focus_first()

    def type_on(self) -> None:
        """The cursor back in the pane that is open; nowhere, where none is."""
        if self.pane is not None:
            self.pane.focus_first()
        else:
            self.screen.set_focus(None)

    def leave_fields(self) -> None:
        """The letters that are told now would be typed into a field; an amount lets them through."""
        if self.pane is not None and not isinstance(self.pane, CashPane):
            self.screen.set_focus(None)

    def note(self, number: int) -> None:
        """One more banknote was given."""
        if isinstance(self.pane, CashPane):
            self.pane.note(number)

    @property
    def missing(self) -> str:
        """What keeps F10 from taking it, in words; empty where nothing does."""
        fault = self.pane.fault() if self.pane else None
        return fault[1] if fault else ""

    @property
    def takes(self) -> bool:
        """Whether nothing keeps the money from being taken but that the key is pressed."""
        return self.method is not None and not self.missing

    @property
    def lost(self) -> Money | None:
        """What of the vouchers' value does not go back; None where nothing is lost."""
        return self.pane.lost if self.pane else None

    @on(Input.Changed)
    def amounts_changed(self) -> None:
        self.query_one(CashPane).show_change()
