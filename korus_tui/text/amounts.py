"""How an amount is written: one way in each language, wherever it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from korus_tui.i18n import locale

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

_HARD_SPACE = "\u00a0"


def written(value: Decimal, digits: int) -> str:
    """A figure with so many decimals and the language's signs: `1,234.50`, `1 234,50`."""
    from babel.numbers import format_decimal  # first frame

    return format_decimal(value, "#,##0." + "0" * digits if digits else "#,##0", locale=locale())


def priced(figure: str, currency: str) -> str:
    """A figure beside its currency's sign, on the side where the language has it: `€12.50`, `12,50 €`, `TND 12.500`."""
    from babel.numbers import get_currency_symbol  # first frame

    if not figure or not currency:
        return figure
    pattern: NumberPattern = locale().currency_formats["standard"]
    minus, sign = figure.startswith("-"), get_currency_symbol(currency, locale=locale())
    before, behind = (part[minus].replace("¤", sign) for part in (pattern.prefix, pattern.suffix))
    before += _HARD_SPACE if before[-1:].isalpha() else ""
    behind = _HARD_SPACE + behind if behind[:1].isalpha() else behind
    return before + figure.removeprefix("-") + behind
