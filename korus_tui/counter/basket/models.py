"""What is to come into a sale: who, of which product, at what the API asks for it now, and to which sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from korus_tui.counter.catalog.offer_models import CatalogContent, Live, Offer, Product, Session, Ticket
from korus_tui.sale.money import Money, total
from korus_tui.sale.values import FormAnswer

Choice = tuple[Ticket, Session | None]
Answers = dict[tuple[int, str], tuple[FormAnswer, ...]]  # to forms, by the place of the people and the ticket's address


@dataclass(frozen=True, slots=True)
class At:
    """A session's time as typed: `20h` (minute None) is any session of that hour, `20:00` that one alone.

    `until` ends a part of the day, before that hour; `word` is how it was typed: `soir`.
    """

    hour: int
    minute: int | None = None
    until: int | None = None
    word: str = ""

    def fits(self, moment: datetime | None) -> bool:
        """Whether a session that starts then is meant, in the zone that the moment bears; never one of no time."""
        if moment is None:
            return False
        if self.until is not None:
            return self.hour <= moment.hour < self.until
        return moment.hour == self.hour and self.minute in (None, moment.minute)

    @property
    def text(self) -> str:
        """As it is typed."""
        if self.word:
            return self.word
        return f"{self.hour}h" if self.minute is None else f"{self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """People of one product, of which the offer is still to be found.

    `day` None is the day that sells by default, `at` None the next session that fits.
    """

    quantity: int
    product: Product
    day: date | None = None
    at: At | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """So many people for one offer of a product, as chosen on a page of dates."""

    product: Product
    offer: Offer
    quantity: int

    @property
    def price(self) -> Money | None:
        """For one person, as it is listed."""
        return self.offer.price


@dataclass(frozen=True, slots=True)
class Quote:
    """A pick whose tickets, price and places were asked for a moment ago; sessions in the venue's time."""

    content: CatalogContent
    product: Product
    offer: Offer
    live: Live
    quantity: int
    tickets: tuple[Ticket, ...] = ()

    @property
    def zone(self) -> str | None:
        """The venue's time zone by name, where the base has one."""
        base = self.content.base_of(self.product)
        return base.zone if base else None

    @property
    def price(self) -> Money | None:
        """The price for one person that is quoted: the live one before the listed one."""
        return self.live.price or self.offer.price

    @property
    def left(self) -> int | None:
        """Places left, the real-time figure before the listed one; None for no known limit."""
        return self.live.left if self.live.left is not None else self.offer.left


class Why(StrEnum):
    """What stands against selling to some people as it is wanted."""

    NOT_SOLD = "not sold"
    SOLD_OUT = "sold out"
    TOO_FEW = "too few"
    NO_PRICE = "no price"
    NO_SESSION = "no session"
    SESSION_FULL = "session full"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Some people as they can be sold to, with sessions; or why they cannot be.

    `left` are places left, or the most that one order takes; `sessions` those that could be chosen instead, `following`
    the next day that sells.
    """

    wanted: Wanted
    quote: Quote | None
    choices: tuple[Choice, ...] = ()
    why: Why | None = None
    left: int | None = None
    sessions: tuple[Session, ...] = ()
    following: date | None = None

    @property
    def price(self) -> Money | None:
        """For one person."""
        return self.quote.price if self.quote else None

    @property
    def total(self) -> Money | None:
        """For all of them."""
        return None if self.price is None else (self.price * self.wanted.quantity).whole

    @property
    def starts_at(self) -> datetime | None:
        """The first chosen session's start."""
        return min((one.starts_at for _ticket, one in self.choices if one and one.starts_at), default=None)


def amount(wanted: Sequence[Pick | Quote]) -> Money | None:
    """What they come to as far as is known now; None where a price is missing or currencies differ."""
    known = [(one.price * one.quantity).whole for one in wanted if one.price is not None]
    if not known or len(known) < len(wanted) or len({one.currency for one in known}) > 1:
        return None
    return total(known, known[0].currency)
