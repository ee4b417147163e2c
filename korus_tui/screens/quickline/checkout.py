"""The checkout that a quick line goes on to: the typed method is open, exact is filled in; F10 is still to press."""

from __future__ import annotations

from korus_tui.counter.quickline.models import Pay
from korus_tui.counter.services import Services
from korus_tui.sale.state import LineStatus
from korus_tui.sale.values import Method
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.checkout.stage import Stage


class QuickCheckout(CheckoutScreen):
    """Waits for the hold's answer; what is not held as it was asked for is decided in the cart beneath."""

    def __init__(self, services: Services, pay: Pay) -> None:
        super().__init__(services)
        self._typed: Pay | None = pay

    def show_sale(self) -> None:
        """As every checkout; once the money can be taken, its method is chosen as typed."""
        sale, typed = self.sale, self._typed
        if sale is not None and typed is not None and sale.attempt is None and not sale.paying:
            held = sale.with_status(LineStatus.HELD, LineStatus.ORDERED)
            if len(held) < len(sale.lines):
                self._typed = None
                self.call_after_refresh(self._to_cart)
                return
        super().show_sale()
        if typed is not None and self.stage is Stage.COLLECT:
            self._typed = None
            self.call_after_refresh(self._prefill, typed)

    def _to_cart(self) -> None:
        if self.is_current:
            self.app.pop_screen()

    def _prefill(self, typed: Pay) -> None:
        if typed.method is None or self.stage is not Stage.COLLECT or self.method is not None:
            return
        {Method.CASH: self.action_cash, Method.CARD: self.action_card, Method.VOUCHER: self.action_voucher}[
            typed.method
        ]()
        if typed.exact:
            self.action_exact()
