"""From chosen offers to held lines: forms first, then intent and one call for all of them, then the cart."""

from __future__ import annotations

from collections.abc import Sequence

from korus_tui.aio import whole
from korus_tui.counter.core.desk import new_id
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.values import FormAnswer, Line, TicketChoice
from korus_tui.screens.basket.sessions import Choice
from korus_tui.screens.basket.wish import Wish, over_most
from korus_tui.screens.common.till_screen import TillScreen


def check_sale(services: Services, replacing: Sequence[str]) -> None:
    """The sale at the counter can take a line now. Raises CounterError before anything is written."""
    sale = services.desk.sale
    if not all(sale and sale.line(one) for one in replacing):
        meaning = _("Nothing was added; no place is held.")
        what = _("What was to be replaced is not in this sale any more.")
        raise CounterError(Problem(what, meaning, _("Esc back, then choose again")))
    if sale is None:
        return
    next_step = _("Ctrl+O opens the cart.")
    if not sale.may_change and sale.attempt is None:
        raise CounterError(
            Problem(_("The basket is pinned while payment runs."), _("Nothing was added; no place is held."), next_step)
        )
    if sale.attempt is not None:
        meaning = _("Nothing was added; the cart shows what is awaited.")
        raise CounterError(Problem(_("An answer is still awaited for this sale."), meaning, next_step))


async def hold(
    screen: TillScreen, chosen: Sequence[tuple[Wish, Sequence[Choice]]], replacing: Sequence[str] = ()
) -> bool:
    """Hold every wish with its sessions, in one call, and go to the cart; False where a form was left unanswered.

    `replacing` are lines of the sale in whose place they come.
    Returns once the intent is durable. Raises CounterError, NotAllowed and the journal's errors.
    """
    services = screen.services
    check_sale(services, replacing)
    content = chosen[0][0].content
    problem = over_most(services, content, [wish for wish, _choices in chosen], replacing)
    if any(wish.price is None for wish, _choices in chosen):
        meaning = _("Nothing was added; no place is held.")
        problem = Problem(_("The API names no price for this offer."), meaning, _("Choose another day."))
    if problem is not None:
        raise CounterError(problem)
    lines = []
    for wish, choices in chosen:
        tickets = await _answered(screen, choices)
        if tickets is None:
            return False
        lines.append(_line(wish, tickets))
    await services.offers.check_sessions(
        (session, wish.quantity, wish.live) for wish, choices in chosen for _ticket, session in choices if session
    )
    await whole(_add(services, content.catalog.id, lines, replacing))
    screen.app.call_later(to_cart, screen)
    return True


def _line(wish: Wish, tickets: tuple[TicketChoice, ...]) -> Line:
    assert wish.price is not None
    return Line(
        id=new_id(),
        offer=wish.offer.iri,
        product=wish.product.iri,
        name=wish.product.name,
        day=wish.offer.day,
        quantity=wish.quantity,
        quoted=wish.price,
        tickets=tickets,
        zone=wish.zone,
    )


async def _answered(screen: TillScreen, choices: Sequence[Choice]) -> tuple[TicketChoice, ...] | None:
    """The tickets with their sessions and the answers to their forms; None where a form was left."""
    from korus_tui.screens.common.form import FormScreen

    found: list[TicketChoice] = []
    for ticket, session in choices:
        answers: tuple[FormAnswer, ...] = ()
        if ticket.form and ticket.fields:
            given = await screen.app.push_screen_wait(FormScreen(ticket.name, ticket.fields))
            if given is None:
                return None
            answers = given
        starts_at = session.starts_at if session else None
        address = session.iri if session else None
        found.append(TicketChoice(ticket.iri, ticket.name, address, starts_at, ticket.form, answers))
    return tuple(found)


async def _add(services: Services, catalog: str, lines: list[Line], replacing: Sequence[str]) -> None:
    sale = await services.desk.open(catalog, services.language)
    day = next((line.day for line in lines if line.day), None)
    if day is not None:
        services.offers.last_used = sale.reference, day
    try:
        if replacing:
            await services.holding.replace(sale.reference, replacing, *lines)
        else:
            await services.holding.add(sale.reference, lines)
    except NotAllowed as error:
        meaning = _("Nothing was added; no place is held.")
        said = Problem(_("This sale cannot take that line."), meaning, _("Ctrl+O opens the cart."), words=str(error))
        raise CounterError(said) from error


def to_cart(screen: TillScreen) -> None:
    """Leave the pages of this choice and show the cart above the catalog."""
    from korus_tui.screens.cart.screen import CartScreen
    from korus_tui.screens.checkout.base import CheckoutBase
    from korus_tui.screens.dates.base import DatesScreen
    from korus_tui.screens.dates.today import TodayScreen
    from korus_tui.screens.sessions.screen import SessionsScreen

    app = screen.app
    if app.screen is not screen:
        return  # the agent is elsewhere by now: nothing is taken from under the hands
    while isinstance(app.screen, DatesScreen | SessionsScreen | TodayScreen) and len(app.screen_stack) > 1:
        app.pop_screen()
    if not isinstance(app.screen, CheckoutBase | CartScreen):  # from there, lines are given another place
        app.push_screen(CartScreen(screen.services))
