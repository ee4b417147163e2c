"""From a chosen offer to a held line: forms first, then intent and call, then the cart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from korus_tui.counter.desk import new_id
from korus_tui.counter.problems import CounterError, Problem
from korus_tui.counter.services import Services
from korus_tui.counter.views import CatalogContent, Live, Offer, Product, Session, Ticket
from korus_tui.i18n import _
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.money import Money
from korus_tui.sale.values import FormAnswer, Line, TicketChoice
from korus_tui.screens import words
from korus_tui.screens.base import TillScreen


@dataclass(frozen=True, slots=True)
class Wish:
    """What the customer wants and what the real-time calls said of it a moment ago."""

    content: CatalogContent
    product: Product
    offer: Offer
    live: Live
    quantity: int

    @property
    def zone(self) -> str | None:
        """The venue's time zone by name, where the base has one."""
        base = self.content.base_of(self.product)
        return base.zone if base else None

    @property
    def price(self) -> Money | None:
        """The price for one person that is quoted: the live one before the listed one."""
        return self.live.price or self.offer.price


Choice = tuple[Ticket, Session | None]


def in_zone(services: Services, session: Session, zone: str | None) -> Session:
    """The session with its start in the venue's zone; without one, in the offset that the API wrote."""
    if session.starts_at is None or zone is None:
        return session
    return replace(session, starts_at=services.local(session.starts_at, zone))


def check_sale(services: Services) -> None:
    """The sale at the counter can take a line now. Raises CounterError before anything is written."""
    sale = services.desk.sale
    if sale is None:
        return
    next_step = _("Ctrl+O opens the cart.")
    if sale.paying:
        raise CounterError(
            Problem(_("The basket is pinned while payment runs."), _("Nothing was added; no place is held."), next_step)
        )
    if sale.attempt is not None:
        meaning = _("Nothing was added; the cart shows what is awaited.")
        raise CounterError(Problem(_("An answer is still awaited for this sale."), meaning, next_step))


async def hold(screen: TillScreen, wish: Wish, choices: Sequence[Choice]) -> bool:
    """Hold the wish with these sessions, and go to the cart; False where the agent left a form unanswered.

    Returns once the intent is durable. Raises CounterError, NotAllowed and the journal's errors.
    """
    services = screen.services
    check_sale(services)
    quoted = wish.price
    if quoted is None:
        meaning = _("Nothing was added; no place is held.")
        raise CounterError(Problem(_("The API names no price for this offer."), meaning, _("Choose another day.")))
    tickets = await _answered(screen, choices)
    if tickets is None:
        return False
    line = Line(
        id=new_id(),
        offer=wish.offer.iri,
        product=wish.product.iri,
        name=wish.product.name,
        day=wish.offer.day,
        quantity=wish.quantity,
        quoted=quoted,
        tickets=tickets,
        zone=wish.zone,
    )
    await asyncio.shield(asyncio.ensure_future(_add(services, wish.content.catalog.id, line)))
    screen.app.call_later(to_cart, screen)
    return True


async def _answered(screen: TillScreen, choices: Sequence[Choice]) -> tuple[TicketChoice, ...] | None:
    """The tickets with their sessions and the answers to their forms; None where a form was left."""
    from korus_tui.screens.form import FormScreen

    found: list[TicketChoice] = []
    for ticket, session in choices:
        answers: tuple[FormAnswer, ...] | None = ()
        if ticket.form and ticket.fields:
            answers = await screen.app.push_screen_wait(FormScreen(ticket.name, ticket.fields))
            if answers is None:
                return None
        starts_at = session.starts_at if session else None
        address = session.iri if session else None
        found.append(TicketChoice(ticket.iri, ticket.name, address, starts_at, ticket.form, answers))
    return tuple(found)


async def _add(services: Services, catalog: str, line: Line) -> None:
    sale = await services.desk.open(catalog, services.language)
    try:
        await services.holding.add(sale.reference, [line])
    except NotAllowed as error:
        meaning = _("Nothing was added; no place is held.")
        said = Problem(_("This sale cannot take that line."), meaning, _("Ctrl+O opens the cart."), words=str(error))
        raise CounterError(said) from error


def to_cart(screen: TillScreen) -> None:
    """Leave the pages of this choice and show the cart above the catalog."""
    from korus_tui.screens.cart import CartScreen
    from korus_tui.screens.offers import OffersScreen
    from korus_tui.screens.sessions import SessionsScreen

    app = screen.app
    if app.screen is not screen:
        return  # the agent is elsewhere by now: nothing is taken from under the hands
    while isinstance(app.screen, OffersScreen | SessionsScreen):
        app.pop_screen()
    app.push_screen(CartScreen(screen.services))


def too_few(left: int, quantity: int) -> Problem:
    """Fewer places than people, before any call that holds."""
    if left <= 0:
        what = _("No place is left.")
    else:
        what = _("Only {left} left, {quantity} asked for.").format(left=words.count(left), quantity=quantity)
    return Problem(what, _("No place is held."), _("Type a smaller number, or choose another day."))


def new_price(now: Money | None, before: Money | None) -> Problem:
    """The live price is above what was shown: both figures, and a second Enter decides."""
    what = _("The price is {now} now; {before} was shown.").format(now=words.money(now), before=words.money(before))
    return Problem(what, _("No place is held."), _("Enter goes on at this price."))


__all__ = ["Choice", "Wish", "check_sale", "hold", "in_zone", "new_price", "to_cart", "too_few"]
