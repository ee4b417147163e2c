"""The ways to pay: one row each, which pages, reports, papers and the quick line go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from korus_tui.i18n import _, everywhere
from korus_tui.sale.values import Method, Payment


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """What is to be known of a way to pay; its names are sentences of the catalogues.

    `key` chooses it on the payment page, where money goes back and behind `!` in a quick line; `signs` mean it there
    too. That only cash gives change and goes into the drawer is a rule of the sale (docs/rules.md, Money).
    """

    method: Method
    key: str
    name: str
    in_a_sentence: str
    when_back: str
    signs: str = ""
    in_every_report: bool = True

    @property
    def label(self) -> str:
        """`cash`."""
        return _(self.name)

    @property
    def phrase(self) -> str:
        """`in cash`, within a sentence."""
        return _(self.in_a_sentence)

    @property
    def goes_back(self) -> str:
        """What it means that `{amount}` goes back so."""
        return _(self.when_back)

    @property
    def sign(self) -> str:
        """How a quick line writes it."""
        return (self.signs or self.key)[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Its label in every language."""
        return tuple(everywhere(self.name))


def mark(message: str) -> str:
    """Mark a sentence of the table for the catalogues."""
    return message


def _row(method: Method) -> MethodInfo:
    """Exhaustive: mypy refuses a method without a row."""
    match method:
        case Method.CASH:
            back = mark("{amount} goes back to the customer in cash, out of the till.")
            return MethodInfo(method, "c", mark("cash"), mark("in cash"), back, signs="$€£")
        case Method.CARD:
            back = mark("{amount} goes back to the customer's card, at the counter's own reader.")
            return MethodInfo(method, "k", mark("card"), mark("by card"), back)
        case Method.VOUCHER:
            back = mark("{amount} goes back to the customer as a voucher.")
            return MethodInfo(method, "v", mark("voucher"), mark("by voucher"), back)
        case Method.HOLIDAY_VOUCHER:
            name, phrase = mark("holiday voucher"), mark("by holiday voucher")
            back = mark("Holiday vouchers of {amount} go back to the customer, the very ones that were taken.")
            return MethodInfo(method, "o", name, phrase, back, in_every_report=False)
        case _:
            assert_never(method)


METHODS: dict[Method, MethodInfo] = {method: _row(method) for method in Method}


def by_key(sign: str) -> Method | None:
    """What a sign means in the quick line, and typed alone where a method is asked for."""
    return next((one.method for one in METHODS.values() if len(sign) == 1 and sign in one.key + one.signs), None)


def by_name(typed: str) -> Method | None:
    """By its key, which means the same on every page; by its name in the agent's language, or the beginning of it.

    Else by its name in another language, spoken before a switch.
    """
    text = typed.strip().casefold()
    if keyed := by_key(text):
        return keyed
    for names in (lambda one: (one.label,), lambda one: one.names):
        found = [one.method for one in METHODS.values() if text and any(_begins(text, name) for name in names(one))]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _begins(text: str, name: str) -> bool:
    return name.casefold().startswith(text)


def choices(of: str) -> str:
    """The keys of a page with what they choose, for a sentence that asks: `c cash, k card, …`."""
    return ", ".join(f"‹{of}.{one.method}› {one.label}" for one in METHODS.values())


def listed() -> str:
    """What to type for each: `c cash, k card, v voucher, o holiday voucher`."""
    return ", ".join(f"{one.key}\u00a0{one.label}" for one in METHODS.values())


def same_number(one: Payment, other: Payment) -> bool:
    """Whether both were paid with the same voucher, however its number was typed."""
    numbers = [_bare(payment.voucher) for payment in (one, other)]
    return one.method is other.method and bool(numbers[0]) and numbers[0] == numbers[1]


def _bare(number: str) -> str:
    return "".join(sign for sign in number.casefold() if sign.isalnum())
