"""How many places are left and what they cost, as lists know it and in real time."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from korus_tui.sandbox.data.types import Base
from korus_tui.sandbox.state import State
from korus_tui.sandbox.tutorial import FIXED_PLACES
from korus_tui.sandbox.world import Offer, Product, Session, World, draw

CENT = Decimal("0.01")
Stage = Literal["listed", "realtime", "held", "ordered"]
STAGES: tuple[Stage, ...] = ("listed", "realtime", "held", "ordered")
LIVE_PRICE_SECONDS = 300  # a live price holds for as long


def without_tax(amount: Decimal, tax: str) -> Decimal:
    """The amount before a tax of `tax` per cent, to the cent."""
    return (amount / (1 + Decimal(tax) / 100)).quantize(CENT, ROUND_HALF_UP)


class Stock:
    """Places and prices; `moved`, `factor` and `disabled` are what a test or a demonstration changes."""

    def __init__(self, world: World, state: State) -> None:
        self._world, self._state = world, state
        self.moved: dict[tuple[str, Stage], Decimal] = {}
        self.factor = Decimal(1)
        self.disabled: set[str] = set()

    def is_disabled(self, product: Product) -> bool:
        """Whether the product is off sale."""
        return product.entry.base.disabled or product.id in self.disabled

    def capacity(self, offer: Offer) -> int | None:
        """Places the offer started with; None: it has no limit of its own."""
        base = offer.product.entry.base
        if base.places is None or offer.day is None:
            return None
        if offer.id in FIXED_PLACES:
            return FIXED_PLACES[offer.id]
        return self._places(base, offer.day, base.places)

    def _session_capacity(self, session: Session) -> int:
        if session.id in FIXED_PLACES:
            return FIXED_PLACES[session.id]
        ticket = session.ticket
        first, _number = self._world.event_of(
            ticket.offer.product, ticket.number
        )  # one pool, whichever offer leads to it
        base, day = first.entry.base, session.occurs_at.date()
        return self._places(base, day, ticket.part.places, session.id) or 0

    def _places(self, base: Base, day: date, most: int, salt: str = "") -> int | None:
        """Places of a day: some days are sold out, some nearly, some without limit, the others fuller at week-ends."""
        chance = draw(self._world.seed, "day", base.key, day)
        if base.pattern == "full" or chance < 0.05:
            return 0
        own = draw(self._world.seed, "fill", base.key, day, salt)
        if chance < 0.15:
            return 1 + int(own * 9)
        if chance > 0.95 and not salt:
            return None
        share = 0.2 + 0.8 * own
        return max(1, int(most * share * (0.45 if day.weekday() >= 5 else 1)))

    def left(self, offer: Offer, listed: bool = False) -> int | None:
        """Places left of the offer itself; None: no limit of its own."""
        return self._remaining(offer.id, self.capacity(offer), listed)

    def session_left(self, session: Session, listed: bool = False) -> int:
        """Places left of a session."""
        return self._remaining(session.id, self._session_capacity(session), listed) or 0

    def shown(self, offer: Offer, listed: bool) -> int | None:
        """Places left as the offer's `availableQuantity` tells: its own, else those of its sessions, else None."""
        tickets = [ticket for ticket in self._world.tickets(offer) if ticket.part.times]
        own = self.left(offer, listed)
        if not tickets:
            return own
        sessions = [sum(self.session_left(one, listed) for one in self._world.sessions(ticket)) for ticket in tickets]
        if own is None or not any(sessions):
            return min(sessions)
        return own

    def _remaining(self, pool: str, capacity: int | None, listed: bool) -> int | None:
        if capacity is None:
            return None
        taken = self._state.listed_taken(pool) if listed else self._state.taken[pool]
        return max(0, capacity - taken)

    def price(self, offer: Offer, stage: Stage) -> Decimal:
        """The price of one, all taxes in, at a stage of the sale."""
        amount = self.full_price(offer) * (Decimal("0.9") if self.is_reduced(offer) else 1)
        if stage != "listed" and offer.product.entry.base.live_price:
            bucket = int(self._state.now() // LIVE_PRICE_SECONDS)
            amount *= Decimal(90 + int(draw("live", offer.id, bucket) * 26)) / 100
        amount *= self.factor
        for key in (offer.id, offer.product.id):
            amount = self.moved.get((key, stage), amount)
        return amount.quantize(CENT, ROUND_HALF_UP)

    def full_price(self, offer: Offer) -> Decimal:
        """The price of one before any promotion: by season, value and seat, to the half unit of the currency."""
        amount = Decimal(offer.product.entry.base.price)
        for _, choice in offer.product.choices:
            amount = amount * choice.factor + choice.extra
        amount *= self._season(offer.day)
        return (amount * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2

    @staticmethod
    def _season(day: date | None) -> Decimal:
        if day is None or day.weekday() == 5 or day.month in (7, 8) or (day.month == 12 and day.day >= 19):
            return Decimal(1)
        return Decimal("0.92") if day.weekday() in (4, 6) or day.month in (5, 6, 9, 10) else Decimal("0.84")

    def is_reduced(self, offer: Offer) -> bool:
        """Whether the offer has a promotion that day."""
        day = offer.day
        return day is not None and day.weekday() < 5 and draw(self._world.seed, "promotion", day) < 0.12
