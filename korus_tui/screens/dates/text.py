"""What a day says on the calendar, what its offers come to, and how many can be sold at once; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR

from textual.content import Content

from korus_tui.counter.basket.models import Pick
from korus_tui.counter.catalog.offer_models import Base, Live, Offer
from korus_tui.i18n import _, decimal_sign
from korus_tui.sale.money import Money, total
from korus_tui.screens.common import formats as words
from korus_tui.widgets.calendar.calendar import DayCell
from korus_tui.widgets.lists.rows import MOST
from korus_tui.widgets.lists.states import Empty, Failed, ListState
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import paragraph, styled

FEW = 30  # places: from here a day is marked as nearly full

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NOT_SOLD = DayCell(None, "none")


def about_show(title: str, prices: str, described: str) -> Content:
    """A session of today, what it costs, and the API's own words of it."""
    cost = _("today: {prices}").format(prices=prices) if prices else ""
    parts = (styled(title, "bold"), paragraph(cost), paragraph(described).stylize("$text-muted"))
    return Content("\n\n").join(part for part in parts if part.plain)


def day_cell(offers: Sequence[Offer]) -> DayCell:
    """A day's lowest price, and how full it is. A price with cents is `28+`: no figure is one that nobody pays."""
    if not offers:
        return NOT_SOLD
    selling = [offer for offer in offers if offer.left is None or offer.left > 0]
    if not selling:
        return DayCell(None, "full")
    prices = [offer.price for offer in selling if offer.price is not None]
    lowest, exact, raised = None, "", ""
    if prices:
        least = min(prices, key=lambda price: price.amount)
        whole = least.amount.to_integral_value(ROUND_FLOOR)
        lowest = f"{whole:f}" if whole == least.amount else f"{whole:f}+"
        if whole != least.amount:
            exact = words.figure(least)
            raised = f"{whole:f}{exact.rpartition(decimal_sign())[2].translate(_RAISED)}"
    known = [offer.left for offer in selling if offer.left is not None]
    if len(known) == len(selling) and sum(known) <= FEW:
        return DayCell(lowest, "few", exact, raised)
    unknown = any(offer.left is None and offer.check_places for offer in selling)
    return DayCell(lowest, "unknown" if unknown and sum(known) <= FEW else "plenty", exact, raised)


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
    return most_of(offer, base, live)


def most_of(offer: Offer | None, base: Base | None, live: Live | None = None) -> Most:
    """The same where the offer may not be known yet."""
    limits = [Most(MOST, _("At most {most} at once.").format(most=MOST))]
    if base is not None and base.most_per_order is not None:
        rule = _("At most {most} in one order of “{base}”.").format(most=base.most_per_order, base=base.name)
        limits.append(Most(base.most_per_order, rule))
    left = live.left if live is not None and live.left is not None else offer.left if offer else None
    if left is not None:
        few = _("Only {left} left.").format(left=words.count(left)) if left > 0 else _("No place is left.")
        limits.append(Most(max(0, left), few))
    return min(limits, key=lambda limit: limit.quantity)


def total_words(picks: Sequence[Pick], prices: Sequence[Money | None]) -> str:
    """What was typed and what it comes to: `2 × €87.00 + 2 × €60.00 = €294.00`; from four rows on, the people."""
    known = [(pick.quantity, price) for pick, price in zip(picks, prices, strict=True) if price is not None]
    if not known or len(known) < len(picks) or len({price.currency for _count, price in known}) > 1:
        return ""
    amount = words.money(total(((price * count).whole for count, price in known), known[0][1].currency))
    if len(known) > 3:
        people = sum(count for count, _price in known)
        return _("{count} tickets = {total}").format(count=people, total=amount)
    parts = (_("{quantity} × {price}").format(quantity=count, price=words.money(price)) for count, price in known)
    return _("{parts} = {total}").format(parts=" + ".join(parts), total=amount)


def explained(offer: Offer, live: Live | None) -> list[str]:
    """What an offer's figures do not say by themselves."""
    price = live.price if live and live.price else offer.price
    said: list[str] = []
    if offer.original is not None and price is not None and price < offer.original:
        said.append(_("reduced from {price}").format(price=words.money(offer.original)))
    if live is not None and live.price is not None:
        said.append(_("~ live price, asked just now"))
    elif offer.live_price:
        said.append(_("~ the price is asked live when you go on"))
    if offer.check_places and offer.left is None:
        said.append(_("places are asked live when you go on"))
    return said


def look_lines(look: ListState) -> list[Content]:
    """What stands in place of offers: why there are none, and what to press."""
    match look:
        case Empty(why, press):
            return [Content(why), Content.styled(press, "$text-accent")]
        case Failed(what, meaning, key):
            return [
                Content.styled(f"{signs().problem} {what}", "$text-error"),
                Content(meaning),
                Content.styled(key, "$text-accent"),
            ]
        case _:
            return []
