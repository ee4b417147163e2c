"""What stands after `!`: that the sale goes on to its payment, and how it is paid. It takes no money."""

from __future__ import annotations

from korus_tui.counter.booking.methods import METHODS, by_key
from korus_tui.counter.quickline.models import Pay
from korus_tui.i18n import _
from korus_tui.sale.values import Method


def read_payment(text: str) -> Pay | str:
    """`!$=` and its like; a sentence that names the word where it cannot be read. `=` alone is cash, exact."""
    methods: set[Method] = set()
    for sign in text[1:].lower().replace("=", ""):
        method = by_key(sign)
        if method is None:
            known = ", ".join(f"{one.sign} {one.label}" for one in METHODS.values())
            return _("“%(word)s”: after ! comes %(known)s, and = for exact.") % {"word": text, "known": known}
        methods.add(method)
    if len(methods) > 1:
        return _("“%(word)s” names two ways to pay.") % {"word": text}
    exact = "=" in text
    chosen = methods.pop() if methods else Method.CASH if exact else None
    return Pay(chosen, exact and chosen is Method.CASH)  # a card pays exactly what is due anyway


def payment_text(pay: Pay) -> str:
    """The payment as it is typed."""
    return "!" + (METHODS[pay.method].sign if pay.method else "") + ("=" if pay.exact else "")
