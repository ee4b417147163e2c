"""What a quick line said of the payment: its method is opened, exact is filled in; F10 is still to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from korus_tui.counter.quickline.models import Pay
from korus_tui.sale.stage import Stage
from korus_tui.sale.state import LineStatus, Sale

if TYPE_CHECKING:
    from korus_tui.screens.checkout.screen import CheckoutScreen


class TypedPayment:
    """Waits for the hold's answer; what is not held as it was asked for is decided in the cart beneath."""

    def __init__(self, page: CheckoutScreen, pay: Pay) -> None:
        self._page = page
        self._pay: Pay | None = pay

    def goes_back(self, sale: Sale) -> bool:
        """Whether the page makes way for the cart, as not all of it is held."""
        if self._pay is None or sale.attempt is not None or sale.paying:
            return False
        if len(sale.with_status(LineStatus.HELD, LineStatus.ORDERED)) == len(sale.lines):
            return False
        self._pay = None
        self._page.call_after_refresh(self._to_cart)
        return True

    def _to_cart(self) -> None:
        if self._page.is_current:
            self._page.app.pop_screen()

    def fill_in(self) -> None:
        """Once the money can be taken, its method is chosen as typed."""
        if self._pay is not None and self._page.stage is Stage.COLLECT:
            pay, self._pay = self._pay, None
            self._page.call_after_refresh(self._choose, pay)

    def _choose(self, pay: Pay) -> None:
        page = self._page
        if pay.method is None or page.stage is not Stage.COLLECT or page.payment.method is not None:
            return
        page.action_pay(pay.method)
        if pay.exact:
            page.action_exact()
