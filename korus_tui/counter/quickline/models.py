"""What a quick line is read as: words with their meaning, people with their product, day and session, and payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from korus_tui.counter.basket.models import At, Wanted
from korus_tui.counter.catalog.offer_models import Product
from korus_tui.sale.values import Method


class TokenKind(StrEnum):
    """What one word of the line was read as."""

    NUMBER = "number"
    PRODUCT = "product"
    PRICE = "price"
    EVENT = "event"
    FAVOURITE = "favourite"
    DAY = "day"
    TIME = "time"
    SMALL = "small"
    AND = "and"
    PAY = "pay"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the line at `start`:`end`; `item` is the number of the people it speaks of, None for none."""

    start: int
    end: int
    text: str
    kind: TokenKind
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """People of the line as far as they are understood; `end` is where another word about them can be put."""

    quantity: int
    product: Product | None
    day: date | None
    at: At | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pay:
    """Go on to the payment; `method` None leaves its choice to the checkout. No money moves by this."""

    method: Method | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One way to read what the line leaves open: for each concerned item, the product that it would be."""

    label: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Words that fit several products; `chosen` is the pick taken for now, None where the agent must pick.

    `more` counts the picks that are not listed.
    """

    word: str
    items: tuple[int, ...]
    picks: tuple[Interpretation, ...]
    chosen: int | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """What keeps the line from being read: the word, where it stands, and a sentence that names it."""

    start: int
    end: int
    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be bought for one of these shows (a set of their numbers) must be known to understand the line."""

    shows: int
    day: date | None
    at: At | None


@dataclass(frozen=True, slots=True)
class Parse:
    """A line as it was read. Reading it holds nothing and asks nobody."""

    text: str
    tokens: tuple[Token, ...] = ()
    items: tuple[Item, ...] = ()
    pay: Pay | None = None
    questions: tuple[Question, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    asks: tuple[Asked, ...] = ()

    @property
    def open_question(self) -> Question | None:
        """The first question that must be answered."""
        return next((one for one in self.questions if one.chosen is None), None)

    @property
    def good(self) -> bool:
        """Whether the whole line was understood and says something to sell."""
        return bool(self.items) and not self.mistakes and all(item.product for item in self.items)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What is understood so far, in the line's order."""
        return tuple(
            Wanted(item.quantity, item.product, item.day, item.at) for item in self.items if item.product is not None
        )
