"""What the customer wants of one offer, with what the real-time calls said of it; and what keeps wishes from a hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from korus_tui.counter.catalog.limits import too_many
from korus_tui.counter.catalog.offer_models import CatalogContent, Live, Offer, Product, Session, Ticket
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.money import Money, total
from korus_tui.screens.common import formats as words
from korus_tui.screens.dates.text import dearer


@dataclass(frozen=True, slots=True)
class Pick:
    """So many people for one offer of a product, as chosen on the page of the dates."""

    product: Product
    offer: Offer
    quantity: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A pick whose tickets and places were asked for a moment ago."""

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


def in_zone(services: Services, session: Session, zone: str | None) -> Session:
    """The session with its start in the venue's zone; without one, in the offset that the API wrote."""
    if session.starts_at is None or zone is None:
        return session
    return replace(session, starts_at=services.local(session.starts_at, zone))


async def ask(services: Services, content: CatalogContent, pick: Pick) -> Wish:
    """The pick's tickets, sessions, price and places as they are now. Raises ApiError."""
    offers = services.offers
    tickets, live = await asyncio.gather(offers.tickets(pick.offer), offers.live(pick.offer))
    wish = Wish(content, pick.product, pick.offer, live, pick.quantity)
    return replace(wish, tickets=tuple(_in_zone(services, ticket, wish.zone) for ticket in tickets))


async def ask_all(services: Services, content: CatalogContent, picks: Sequence[Pick]) -> tuple[Wish, ...]:
    """All picks, asked side by side; an offer that several are for is asked once. Raises ApiError."""
    firsts = {pick.offer.iri: pick for pick in picks}
    found = await asyncio.gather(*(ask(services, content, pick) for pick in firsts.values()))
    asked = dict(zip(firsts, found, strict=True))
    return tuple(replace(asked[pick.offer.iri], quantity=pick.quantity) for pick in picks)


def _in_zone(services: Services, ticket: Ticket, zone: str | None) -> Ticket:
    return replace(ticket, sessions=tuple(in_zone(services, one, zone) for one in ticket.sessions))


def amount(wishes: Sequence[Pick | Wish]) -> Money | None:
    """What they come to as far as is known now; None where a price is missing or currencies differ."""
    prices = [(wish.price if isinstance(wish, Wish) else wish.offer.price, wish.quantity) for wish in wishes]
    known = [price * quantity for price, quantity in prices if price is not None]
    if not known or len(known) < len(prices) or len({one.currency for one in known}) > 1:
        return None
    return total(known, known[0].currency)


# What keeps them from a hold


def too_few(wishes: Sequence[Wish]) -> Problem | None:
    """Fewer places than people, before any call that holds."""
    people = Counter[str]()
    for wish in wishes:
        people[wish.offer.iri] += wish.quantity
    for wish in wishes:
        left, quantity = wish.live.left, people[wish.offer.iri]
        if left is None or left >= quantity:
            continue
        if left <= 0:
            what = _("No place is left.")
        else:
            what = _("Only {left} left, {quantity} asked for.").format(left=words.count(left), quantity=quantity)
        what = words.about(wish.product.name, what) if len(people) > 1 else what
        return Problem(what, _("No place is held."), _("Type a smaller number, or choose another day."))
    return None


def new_price(wishes: Sequence[Wish], shown: Sequence[Money | None]) -> Problem | None:
    """A live price is above the one in `shown`: both figures, and a second Enter decides."""
    for wish, before in zip(wishes, shown, strict=True):
        if dearer(wish.live.price, before):
            what = _("The price is {now} now; {before} was shown.").format(
                now=words.money(wish.live.price), before=words.money(before)
            )
            what = words.about(wish.product.name, what) if len(wishes) > 1 else what
            return Problem(what, _("No place is held."), _("Enter goes on at this price."))
    return None


def over_most(
    services: Services, content: CatalogContent, picks: Sequence[Pick | Wish], replacing: Collection[str] = ()
) -> Problem | None:
    """More of one base than the API takes in one order, what the sale at the counter has already included."""
    found = too_many(content, services.desk.sale, [(pick.product, pick.quantity) for pick in picks], replacing)
    if found is None:
        return None
    what = _("At most {most} in one order of “{base}”; {count} are asked for.").format(
        most=found.most, base=found.base.name, count=found.people
    )
    return Problem(what, _("No place is held."), _("Type smaller numbers."))
