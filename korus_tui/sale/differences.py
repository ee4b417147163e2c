"""The three-way check: quoted, held, ordered (docs/rules.md, Law 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from korus_tui.sale.money import CurrencyMismatch, Money, total
from korus_tui.sale.state import Sale


class Between(StrEnum):
    """Which two amounts disagree."""

    QUOTED_HELD = "quoted-held"
    ITEMS_HELD = "items-held"
    HELD_ORDERED = "held-ordered"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two amounts that should be equal; `key` names this very disagreement, so that a decision covers no other."""

    between: Between
    reservation: str
    first: Money
    second: Money

    @property
    def key(self) -> str:
        """Identity for the decision: a price that moves again must be decided again."""
        return f"{self.between}:{self.reservation}:{self.first}:{self.second}"


def differences(sale: Sale) -> tuple[Difference, ...]:
    """Every disagreement of amounts that the sale has, decided or not, in basket order."""
    found: list[Difference] = []
    for hold in sale.holds:
        lines = [state.line for state in sale.lines if state.hold == hold.reservation]
        if not lines:
            continue
        try:
            quoted = total((line.quoted_total for line in lines), lines[0].quoted.currency)
        except CurrencyMismatch:
            quoted = lines[0].quoted_total
        if quoted != hold.total:
            found.append(Difference(Between.QUOTED_HELD, hold.reservation, quoted, hold.total))
        if hold.items_total is not None and hold.items_total != hold.total:
            found.append(Difference(Between.ITEMS_HELD, hold.reservation, hold.items_total, hold.total))
        for order in (*sale.orders, *sale.unpaid_orders):
            if order.reservation == hold.reservation and order.total != hold.total:
                found.append(Difference(Between.HELD_ORDERED, hold.reservation, hold.total, order.total))
    return tuple(found)


def undecided(sale: Sale) -> tuple[Difference, ...]:
    """Disagreements that the agent has not decided on; money does not move before they are."""
    return tuple(one for one in differences(sale) if one.key not in sale.accepted)
