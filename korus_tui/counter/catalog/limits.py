"""How many people of one base an order takes, counted over the whole sale: what it has, and what is to come into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from korus_tui.counter.catalog.models import Base, CatalogContent, Product
from korus_tui.sale.state import Sale


@dataclass(frozen=True, slots=True)
class TooMany:
    """More people of a base than one order takes."""

    base: Base
    most: int
    people: int


def too_many(
    content: CatalogContent | None,
    sale: Sale | None,
    wanted: Sequence[tuple[Product, int]] = (),
    replacing: Collection[str] = (),
) -> TooMany | None:
    """Whether the bases of `wanted`, put in the place of the lines `replacing`, become more than an order takes.

    With nothing wanted, whether the sale as it stands is more. Booked lines are in another order already; a catalog
    that was not read, or names no limit, knows none.
    """
    if content is None:
        return None
    people: Counter[str | None] = Counter()
    for product, count in wanted:
        people[product.base] += count
    for state in sale.lines if sale else ():
        product_of = content.product(state.line.product.rstrip("/").rpartition("/")[2])
        there = sale is not None and state.line.id not in replacing and not sale.is_booked(state)
        if there and product_of is not None and (product_of.base in people or not wanted):
            people[product_of.base] += state.line.quantity
    for base in content.bases:
        if base.most_per_order is not None and people[base.id] > base.most_per_order:
            return TooMany(base, base.most_per_order, people[base.id])
    return None
