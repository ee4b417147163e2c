"""Money as it is counted: a Decimal with its currency, from string to string."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 currencies whose minor unit is not a hundredth.
_DIGITS = {
    "BHD": 3, "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0, "KRW": 0,
    "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0,
    "XPF": 0,
}  # fmt: skip


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum; there is no right answer to it."""


def minor_digits(currency: str) -> int:
    """How many decimals the currency counts in (2 for EUR, 0 for JPY); ISO 4217."""
    return _DIGITS.get(currency.upper(), 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units with its ISO 4217 currency, as the API wrote it."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise ValueError("an amount of money is a finite number")
        if not self.currency.isupper():
            object.__setattr__(self, "currency", self.currency.upper())

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Money from the API's own string, so that no binary fraction ever touches it."""
        return cls(Decimal(amount), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        """Money from a count of minor units: cents for EUR, yen for JPY."""
        return cls(Decimal(minor).scaleb(-minor_digits(currency)), currency)

    @property
    def minor(self) -> int:
        """The amount in minor units; an amount finer than that is not money that can be counted.

        Raises ValueError for a fraction of a minor unit.
        """
        scaled = self.amount.scaleb(minor_digits(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.amount} {self.currency} is finer than its smallest coin")
        return int(scaled)

    @property
    def whole(self) -> Money:
        """In whole minor units, as it is shown and collected; half of one counts as one (docs/rules.md, Money)."""
        unit = self._unit
        if self.amount % unit == 0:
            return self
        return Money((self.amount / unit).to_integral_value(ROUND_HALF_UP) * unit, self.currency)

    def is_like(self, other: Money) -> bool:
        """Whether they are less than a minor unit apart: that is how somebody rounded, and no other price."""
        return self.currency == other.currency and abs(self.amount - other.amount) < self._unit

    @property
    def _unit(self) -> Decimal:
        return Decimal(1).scaleb(-minor_digits(self.currency))

    @property
    def text(self) -> str:
        """The plain figure with the currency's decimals, and more only where they say something: `87.00`."""
        exponent = self.amount.normalize().as_tuple().exponent
        written = -exponent if isinstance(exponent, int) else 0
        return f"{self.amount:.{max(minor_digits(self.currency), written)}f}"

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.amount * count, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum in `currency`; zero of it for no amounts. Raises CurrencyMismatch."""
    result = Money(Decimal(0), currency)
    summed = result.amount
    for one in amounts:
        result._same(one)
        summed += one.amount
    return Money(summed, currency)
