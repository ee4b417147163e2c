"""The three-way check: quoted, held, ordered (docs/rules.md, Law 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from korus_tui.sale.money import CurrencyMismatch, Money, total
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Hold, PlacedOrder


class Between(StrEnum):
    """Which two figures disagree."""

    QUOTED_HELD = "quoted-held"
    ITEMS_HELD = "items-held"
    HELD_ORDERED = "held-ordered"
    PEOPLE_ORDERED = "people-ordered"
    DAY_ORDERED = "day-ordered"
    SESSION_ORDERED = "session-ordered"
    PRODUCT_ORDERED = "product-ordered"
    OFFER_ORDERED = "offer-ordered"
    REFERENCE_ORDERED = "reference-ordered"
    RESERVATION_ORDERED = "reservation-ordered"
    STATUS_ORDERED = "status-ordered"
    ANOTHERS_ORDER = "anothers-order"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that should be equal; `key` names this very disagreement, so that a decision covers no other.

    Amounts, or what an order says of people, days, sessions (`Unlike`) as text. Of another's order `reservation` is the
    order itself.
    """

    between: Between
    reservation: str
    first: Money | str
    second: Money | str

    @property
    def key(self) -> str:
        """Identity for the decision: a price that moves again must be decided again."""
        return f"{self.between}:{self.reservation}:{self.first}:{self.second}"


def differences(sale: Sale) -> tuple[Difference, ...]:
    """Every disagreement that the sale has, decided or not, in basket order."""
    found: list[Difference] = []
    for hold in sale.holds:
        lines = [state.line for state in sale.lines if state.hold == hold.reservation]
        if not lines:
            continue
        try:
            quoted = total((line.quoted * line.quantity for line in lines), lines[0].quoted.currency)
        except CurrencyMismatch:
            quoted = lines[0].quoted_total
        if not quoted.is_like(hold.total):
            found.append(Difference(Between.QUOTED_HELD, hold.reservation, quoted.whole, hold.total))
        if hold.items_total is not None and not hold.items_total.is_like(hold.total):
            found.append(Difference(Between.ITEMS_HELD, hold.reservation, hold.items_total, hold.total))
        for order in (*sale.orders, *sale.unpaid_orders):
            if order.reservation == hold.reservation:
                found += _of_order(sale, order, hold)
    found += [Difference(Between.ANOTHERS_ORDER, one.order, sale.reference, one.name) for one in sale.strangers]
    return tuple(found)


def _of_order(sale: Sale, order: PlacedOrder, hold: Hold) -> list[Difference]:
    """What an order says otherwise than its hold, or than the holds that it covers together."""
    holds = [hold, *(one for one in sale.holds if one.reservation in order.covers)]
    held = total((one.total for one in holds), hold.total.currency)
    exact = total((one.exact or one.total for one in holds), hold.total.currency)
    like = order.total.is_like(held) or order.total.is_like(exact)  # what is rounded apart may come to a coin more
    found = [] if like else [Difference(Between.HELD_ORDERED, hold.reservation, held, order.total)]
    for one in order.unlike:
        found.append(Difference(Between(f"{one.about}-ordered"), hold.reservation, one.wanted, one.ordered))
    return found


_BEFORE_MONEY = (Between.QUOTED_HELD, Between.ITEMS_HELD)


def ordered_otherwise(sale: Sale) -> tuple[Difference, ...]:
    """What Korus ordered otherwise than it was held and paid, and nobody decided on yet: the sale is not complete."""
    return tuple(one for one in undecided(sale) if one.between not in _BEFORE_MONEY)


def undecided(sale: Sale) -> tuple[Difference, ...]:
    """Disagreements that the agent has not decided on; money does not move before they are."""
    return tuple(one for one in differences(sale) if one.key not in sale.accepted)
