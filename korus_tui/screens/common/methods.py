"""What every page says of ways to pay and of amounts as they are typed."""

from __future__ import annotations

from korus_tui.counter.booking.methods import METHODS
from korus_tui.i18n import _, decimal_sign
from korus_tui.sale.money import Money, minor_digits
from korus_tui.sale.values import Method, Payment
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined

_ROOM = 30  # cells beside a field on a terminal of 80 columns


def how(method: Method) -> str:
    """The method within a sentence."""
    return METHODS[method].phrase


def payment_words(payment: Payment) -> str:
    """One payment in a line."""
    facts = [f"{words.money(payment.amount)} {how(payment.method)}", payment.brand]
    if payment.rounding is not None:
        facts.append(_("rounded to {amount}").format(amount=words.money(payment.collected)))
    if payment.tendered is not None and payment.change:
        facts.append(
            _("{given} given, {change} back").format(
                given=words.money(payment.tendered), change=words.money(payment.change)
            )
        )
    if payment.face is not None:
        facts.append(f"{payment.count} × {words.money(payment.face_each)}")
    if payment.beyond:
        facts.append(_("{amount} of their value does not go back").format(amount=words.money(payment.beyond)))
    if payment.last_four:
        facts.append(f"**{payment.last_four}")
    if payment.authorisation:
        facts.append(_("authorisation {number}").format(number=payment.authorisation))
    facts.append(payment.voucher)
    return joined(facts)


def typed_hint(currency: str) -> str:
    """How an amount is typed: `500 = €5.00   500. = €500.00`; `500 = ¥500` where the currency has no decimals."""
    digits, example = minor_digits(currency), "500"
    if not currency:
        return ""
    few, many = Money.from_minor(int(example), currency), Money.of(example, currency)
    if not digits:
        return f"{example} = {words.money(many)}"
    said = "{example} = {few}   {example}{sign} = {many}"
    for write in (words.money, words.figure):  # a currency that is written in letters takes more room than there is
        hint = said.format(example=example, few=write(few), many=write(many), sign=decimal_sign())
        if len(hint) <= _ROOM:
            break
    return hint
