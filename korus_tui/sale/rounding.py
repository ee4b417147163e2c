"""Cash is counted in coins that exist: what is collected and given back in it is rounded (docs/rules.md, Payment)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from korus_tui.sale.money import Money
from korus_tui.sale.values import Method

# The smallest coin of a currency in major units, where sums in cash are rounded to it everywhere it is used.
_COINS = {
    "AUD": "0.05", "CAD": "0.05", "CHF": "0.05", "CZK": "1", "DKK": "0.50", "HUF": "5", "NOK": "1", "NZD": "0.10",
    "SEK": "1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CashRounding:
    """How a counter rounds: by its currency's own coins (`auto`), not at all (`none`), or to the coin that is named."""

    setting: str = "auto"

    def coin(self, currency: str) -> Money | None:
        """The coin that cash is rounded to; None where it is taken exactly."""
        coin = {"auto": _COINS.get(currency), "none": None}.get(self.setting, self.setting)
        return None if coin is None else Money.of(coin, currency)

    def of(self, amount: Money | None, method: Method | None) -> Money | None:
        """What is collected, or given back, beyond an amount; below zero for less. None where it is exact."""
        coin = self.coin(amount.currency) if amount is not None and method is Method.CASH else None
        if coin is None or amount is None:
            return None
        coins = (amount.amount / coin.amount).quantize(Decimal(1), ROUND_HALF_UP)
        return (Money(coins * coin.amount, amount.currency) - amount) or None

    def rounded(self, amount: Money, method: Method | None) -> Money:
        """What moves over the counter where an amount is settled so."""
        rounding = self.of(amount, method)
        return amount if rounding is None else amount + rounding
