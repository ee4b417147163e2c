"""What a day of a product says on the calendar, and how many of it can be sold at once; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING

from korus_tui.counter.views import Base, Live, Offer
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens import words
from korus_tui.widgets.calendar import DayCell
from korus_tui.widgets.rows import MOST

FEW = 30  # places: from here a day is marked as nearly full

NOT_SOLD = DayCell(None, "none")


def day_cell(offers: Sequence[Offer]) -> DayCell:
    """A day's lowest price in whole units, never rounded to less than is charged, and how full it is."""
    if not offers:
        return NOT_SOLD
    selling = [offer for offer in offers if offer.left is None or offer.left > 0]
    if not selling:
        return DayCell(None, "full")
    prices = [offer.price.amount for offer in selling if offer.price is not None]
    lowest = str(min(prices).to_integral_value(ROUND_CEILING)) if prices else None
    known = [offer.left for offer in selling if offer.left is not None]
    few = len(known) == len(selling) and sum(known) <= FEW
    return DayCell(lowest, "few" if few else "plenty")


def sold_out(offer: Offer) -> bool:
    """No place is left, as the list says."""
    return offer.left is not None and offer.left <= 0


@dataclass(frozen=True, slots=True)
class Most:
    """The largest quantity that can be asked for, and the sentence that says why it is not more."""

    quantity: int
    why: str


def most(offer: Offer, base: Base | None, live: Live | None = None) -> Most:
    """The limit that is met first: places left, the base's most per order, or what anyone types on a counter."""
    limits = [Most(MOST, _("At most {most} at once.").format(most=MOST))]
    if base is not None and base.most_per_order is not None:
        rule = _("At most {most} in one order of “{base}”.").format(most=base.most_per_order, base=base.name)
        limits.append(Most(base.most_per_order, rule))
    left = live.left if live is not None and live.left is not None else offer.left
    if left is not None:
        limits.append(Most(max(0, left), _("Only {left} left.").format(left=words.count(max(0, left)))))
    return min(limits, key=lambda limit: limit.quantity)


def dearer(now: Money | None, before: Money | None) -> bool:
    """The live price is above the one that was shown, or in another currency."""
    if now is None or before is None:
        return False
    return now.currency != before.currency or before < now


def age_words(seconds: float) -> str:
    """How long ago something was read: `40 s ago`, `3 min ago`, `2 h ago`."""
    if seconds < 60:
        return _("{count} s ago").format(count=int(seconds))
    if seconds < 3600:
        return _("{count} min ago").format(count=int(seconds // 60))
    return _("{count} h ago").format(count=int(seconds // 3600))
