"""What stands after `!`: that the sale goes on to its payment, and how it is paid. It takes no money."""

from __future__ import annotations

from korus_tui.counter.quickline.models import Pay
from korus_tui.i18n import _
from korus_tui.sale.values import Method

# The keys of the checkout, and the signs on the keyboard that mean cash.
_METHODS = {
    "c": Method.CASH,
    "$": Method.CASH,
    "€": Method.CASH,
    "£": Method.CASH,
    "k": Method.CARD,
    "v": Method.VOUCHER,
}
_SIGNS = {Method.CASH: "$", Method.CARD: "k", Method.VOUCHER: "v"}


def read_payment(text: str) -> Pay | str:
    """`!$=` and its like; a sentence that names the word where it cannot be read. `=` alone is cash, exact."""
    methods = set()
    for sign in text[1:].lower().replace("=", ""):
        if sign not in _METHODS:
            return _("“%(word)s”: after ! comes $ cash, k card or v voucher, and = for exact.") % {"word": text}
        methods.add(_METHODS[sign])
    if len(methods) > 1:
        return _("“%(word)s” names two ways to pay.") % {"word": text}
    exact = "=" in text
    method = methods.pop() if methods else Method.CASH if exact else None
    return Pay(method, exact and method is Method.CASH)  # a card pays exactly what is due anyway


def payment_text(pay: Pay) -> str:
    """The payment as it is typed."""
    return "!" + (_SIGNS[pay.method] if pay.method else "") + ("=" if pay.exact else "")
