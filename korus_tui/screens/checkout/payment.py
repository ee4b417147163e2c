"""The payment's part of the checkout: which method, how much, and the one key that takes money."""

from __future__ import annotations

from textual import on
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.customer import CustomerPart
from korus_tui.screens.checkout.panes import CashPane, PaymentPane
from korus_tui.screens.checkout.stage import Stage
from korus_tui.widgets.inputs.money_input import MoneyChanged


class PaymentPart(CustomerPart):
    """Nothing is preselected, and Enter takes no money."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.method: Method | None = None
        self._split = False

    def show_take(self) -> None:
        sale, pane = self.sale, self.pane
        ways = [("cash", _("cash")), ("card", _("card")), ("voucher", _("voucher")), ("split", _("split"))]
        parts: list[str | tuple[str, str]] = [(_("How is it paid?"), "bold")]
        for way, label in ways:
            on_now = way == self.method or (way == "split" and self._split)
            parts += [
                "   ",
                (commands.keys(f"checkout.{way}"), "bold $text-accent"),
                " ",
                (label, "bold reverse" if on_now else ""),
            ]
        self.query_one("#question", Static).update(Content.assemble(*parts))
        if self.stage is Stage.BOOK:
            self.update_text("#take", "" if sale and sale.stuck else _("‹checkout.take› books"))
        else:
            said = say.take_words(pane.amount if pane else None, sale.due if sale else None, self.method)
            borne = "\n" + _("‹checkout.bear›: the house bears the difference instead") if self.allowed("bear") else ""
            self.update_text("#take", said + borne)

    # How it is paid

    @property
    def pane(self) -> PaymentPane | None:
        return self.query_one(f"#pane-{self.method}", PaymentPane) if self.method else None

    def action_cash(self) -> None:
        """Cash."""
        self._choose(Method.CASH)

    def action_card(self) -> None:
        """Card."""
        self._choose(Method.CARD)

    def action_voucher(self) -> None:
        """Voucher."""
        self._choose(Method.VOUCHER)

    def action_split(self) -> None:
        """A part now, the rest by another method; again: all of it."""
        if self.stage is not Stage.COLLECT or self.form.display:
            return
        self._split = not self._split
        pane = self.pane
        if pane is not None:
            pane.part_allowed(self._split)
            pane.focus_first()
        self.show_take()

    def action_exact(self) -> None:
        """Exactly what is due was given."""
        pane = self.pane
        if pane is not None and not pane.exact():
            self.show_problem(
                Problem(
                    _("The amount is finer than the smallest coin."),
                    _("It cannot be paid in cash."),
                    _("‹checkout.card› card"),
                )
            )

    def action_note(self, number: int) -> None:
        """One more banknote was given."""
        pane = self.pane
        if isinstance(pane, CashPane):
            pane.note(number)

    @on(MoneyChanged)
    def amounts_changed(self) -> None:
        """Change and the words of F10 follow what is typed."""
        for cash in self.query(CashPane):
            cash.show_change()
        self.show_take()

    def _choose(self, method: Method) -> None:
        """Open the method's pane at once, so that no digit is lost, and pin the basket behind it."""
        sale = self.sale
        if sale is None or sale.due is None or self.stage is not Stage.COLLECT or self.form.display:
            return
        if self.pane is not None and self.method is not method:  # a letter of a reference, typed into the amount
            what = _("It is paid {how}, as you said.").format(how=say.how(self.method)) if self.method else ""
            hint = _("‹checkout.back›, then choose another way")
            self.show_problem(Problem(what, _("No money was recorded."), hint), tone="warn")
            return
        if self.method is not method:
            split = self._split
            self.close_pane()
            self.method, self._split = method, split
            self.query_one(f"#pane-{method}", PaymentPane).open(sale.due, split)
            self.guard.arm()
        self.clear_problem()
        self.show_take()
        self.show_keys()
        self.write(self.services.checkout.start(sale.reference, method), refused=self.close_pane)

    def close_pane(self) -> None:
        pane, self.method, self._split = self.pane, None, False
        if pane is not None:
            pane.close()
            self.set_focus(None)
        self.show_take()

    def action_walk_in(self) -> None:
        """The walk-in customer; a payment that waited for one is typed on."""
        super().action_walk_in()
        if self.pane is not None and self.focused is None:
            self.pane.focus_first()

    # Money

    def action_take(self) -> None:
        """The money was received: record it, and book once all of it is there. Once, however often it is pressed."""
        sale = self.sale
        if sale is None or self.form.display or not self.guard.ready:
            return
        if not self.customer_is_good(sale):
            if self.pane is not None and not isinstance(self.pane, CashPane):
                self.set_focus(None)  # the letters that are told now would be typed into its field
            return
        if self.stage is Stage.BOOK:
            self.write(self._book(sale), money=True)
            return
        pane = self.pane
        if self.stage is not Stage.COLLECT or sale.attempt is not None:
            return
        if pane is None:
            self.show_problem(
                Problem(
                    _("How is it paid?"),
                    _("No money was recorded."),
                    _("‹checkout.cash› cash, ‹checkout.card› card, ‹checkout.voucher› voucher"),
                ),
                tone="warn",
            )
            return
        payment = pane.payment()
        if payment is not None:
            self.write(self.services.checkout.take(sale.reference, payment), money=True)

    async def _book(self, sale: Sale) -> None:
        if not sale.paying:  # nothing is owed, so that no method was ever chosen
            await self.services.checkout.start(sale.reference, Method.CASH)
        await self.services.checkout.book(sale.reference)

    def action_undo(self) -> None:
        """The last payment goes back over the counter."""
        sale = self.sale
        if sale is None or not self.allowed("undo") or not self.guard.ready:
            return
        self.write(self._undo(), money=True, asks=True)

    async def _undo(self) -> None:
        """Say that the money goes back only once it is recorded: Korus may have to be asked before.

        Where the agent went on meanwhile, none goes back.
        """
        last = await self.services.checkout.undo(self.reference, lambda: self.is_active)
        if not self.is_attached:
            return
        if last is None:
            said = Problem(
                _("The payment stands."), _("You went on before Korus had answered."), _("‹checkout.undo› undoes it")
            )
        else:
            what = _("Give back: {payment}.").format(payment=say.payment_words(last))
            said = Problem(what, _("It no longer counts for this sale."))
        self.show_problem(said, tone="warn")

    def form_closed(self) -> None:
        """The payment is seen again, the cursor where it was."""
        self.guard.arm()
        self.sale_changed()
        if self.pane is not None:
            self.pane.focus_first()
        else:
            self.set_focus(None)
