"""Rules of taking money: cash and change, what a card record may hold (docs/rules.md, Payment)."""

from __future__ import annotations

from enum import StrEnum

from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method

# What people put on the counter, in major units; the keys of the cash pane are made from these.
_NOTES = {
    "EUR": (5, 10, 20, 50, 100, 200, 500),
    "GBP": (5, 10, 20, 50),
    "USD": (1, 5, 10, 20, 50, 100),
    "CAD": (5, 10, 20, 50, 100),
    "CHF": (10, 20, 50, 100, 200, 1000),
    "CZK": (100, 200, 500, 1000, 2000, 5000),
    "HUF": (500, 1000, 2000, 5000, 10000, 20000),
    "JPY": (1000, 2000, 5000, 10000),
    "PLN": (10, 20, 50, 100, 200, 500),
    "SEK": (20, 50, 100, 200, 500, 1000),
    "TND": (5, 10, 20, 50),
}
_NO_NOTES: tuple[int, ...] = ()


def notes(currency: str) -> tuple[int, ...]:
    """The banknotes of a currency in major units, smallest first; none where we do not know them."""
    return _NOTES.get(currency, _NO_NOTES)


def change(due: Money, tendered: Money) -> Money:
    """What goes back; negative where too little was given. Raises CurrencyMismatch."""
    return tendered - due


def is_card_number(text: str) -> bool:
    """Whether the text holds 13 to 19 digits that pass Luhn's check: such a thing is never stored (F57)."""
    digits = [int(sign) for sign in text if sign.isdecimal() and sign.isascii()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


class Misfit(StrEnum):
    """Why an amount cannot be taken as it stands."""

    MISSING = "missing"
    ZERO = "zero"
    ABOVE_DUE = "above due"
    TOO_LITTLE = "too little"


def misfit_of_part(due: Money, part: Money | None) -> Misfit | None:
    """Whether `part` can settle some of what is due: above zero, and never more than is owed."""
    if part is None:
        return Misfit.MISSING
    if part.amount <= 0:
        return Misfit.ZERO
    return None if part <= due else Misfit.ABOVE_DUE


def misfit_of_given(amount: Money, given: Money | None) -> Misfit | None:
    """Whether the cash that was given covers the amount; too much of it is change."""
    if given is None:
        return Misfit.MISSING
    return None if amount <= given else Misfit.TOO_LITTLE


def paid_by(sale: Sale) -> dict[Method, Money]:
    """What was paid by each method and has not gone back by the same one."""
    moved = [(one.method, one.amount) for one in sale.payments]
    moved += [(one.method, -one.amount) for one in sale.given_back]
    moved += [(one.method, -one.given_back) for one in sale.cancellations if one.given_back and one.method]
    found: dict[Method, Money] = {}
    for method, amount in moved:
        found[method] = found[method] + amount if method in found else amount
    return {method: amount for method, amount in found.items() if amount.amount > 0}
