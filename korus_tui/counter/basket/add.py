"""From what was chosen to lines of the sale and their hold, whichever page or line it was chosen on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from korus_tui.aio import finish
from korus_tui.counter.basket.limits import against, over_most, too_few
from korus_tui.counter.basket.models import Answers, Choice, Pick, Quote, Why
from korus_tui.counter.basket.quotes import Quotes
from korus_tui.counter.catalog.offer_models import CatalogContent, Ticket
from korus_tui.counter.core.desk import new_id
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.values import Customer, Line, TicketChoice

if TYPE_CHECKING:
    from korus_tui.counter.services import Services

Chosen = Sequence[tuple[Quote, Sequence[Choice]]]  # people, with a session for each of their tickets that needs one


class Basket:
    """The one way into a sale: pages and quick line ask, check and hold by this."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._used: tuple[str, date] | None = None  # the sale that something was held for last, and the day

    @property
    def day_used(self) -> date | None:
        """The day that was used last in this sale, where the settings want it to stay."""
        sale, used = self._services.desk.sale, self._used
        if not self._services.settings.sticky_date or used is None or sale is None or not sale.lines:
            return None
        return used[1] if sale.reference == used[0] else None

    def quotes(self, content: CatalogContent) -> Quotes:
        """What is asked of the API for a catalog."""
        services = self._services
        return Quotes(services.offers, services.clock, services.start, content)

    def over_most(
        self, content: CatalogContent, wanted: Sequence[Pick | Quote], replacing: Sequence[str] = ()
    ) -> Problem | None:
        """More of one base than one order takes, with what the sale at the counter has already."""
        return over_most(content, self._services.desk.growing, wanted, replacing)

    def check(self, chosen: Chosen, replacing: Sequence[str] = ()) -> None:
        """The sale at the counter can take this now. Raises CounterError, before anything is asked or written."""
        quotes = [quote for quote, _choices in chosen]
        problem = self._pinned(replacing) or self.over_most(quotes[0].content, quotes, replacing) or too_few(quotes)
        if problem is None and Why.NO_PRICE in against(quotes):
            what = _("The API names no price for this offer.")
            problem = Problem(what, _nothing_added(), _("Choose another day."))
        if problem is not None:
            raise CounterError(problem)

    def _pinned(self, replacing: Sequence[str]) -> Problem | None:
        sale, then = self._services.desk.growing, _("‹app.cart› opens the cart.")
        if not all(sale and sale.line(one) for one in replacing):
            what = _("What was to be replaced is not in this sale any more.")
            return Problem(what, _nothing_added(), _("‹offers.back|sessions.back› back, then choose again"))
        if sale is None:
            return None
        if sale.attempt is not None:
            meaning = _("Nothing was added; the cart shows what is awaited.")
            return Problem(_("An answer is still awaited for this sale."), meaning, then)
        if not sale.may_change:
            return Problem(_("The basket is pinned while payment runs."), _nothing_added(), then)
        return None

    async def add(
        self,
        chosen: Chosen,
        answers: Answers,
        *,
        replacing: Sequence[str] = (),
        customer: Customer | None = None,
    ) -> None:
        """Put it into the sale at the counter, in the place of the lines `replacing`, and hold all of it in one call.

        `customer` is whom the sale is for, where it is for nobody yet. Returns once the intent is durable. Raises
        CounterError where the sale takes no line now or a session has too few places, and the journal's errors.
        """
        self.check(chosen, replacing)
        await self._services.offers.tickets.check_sessions(
            (session, quote.quantity, quote.live)
            for quote, choices in chosen
            for _ticket, session in choices
            if session
        )
        lines = [
            _line(place, quote, choices, answers, quote.zone or self._zone(choices))
            for place, (quote, choices) in enumerate(chosen)
        ]
        await finish(self._add(chosen[0][0].content.catalog.id, lines, replacing, customer))

    def _zone(self, choices: Sequence[Choice]) -> str | None:
        """The venue's zone where no base names one, if its clocks show what the API wrote of the sessions."""
        zone, starts = self._services.zone(), [one.starts_at for _ticket, one in choices if one and one.starts_at]
        agrees = all(start.utcoffset() == start.astimezone(zone).utcoffset() for start in starts)
        return str(zone) if starts and agrees else None

    async def _add(self, catalog: str, lines: list[Line], replacing: Sequence[str], customer: Customer | None) -> None:
        services = self._services
        try:
            await services.desk.make_room()
            async with services.desk.at_counter(catalog, services.language) as (reference, opening):
                sale = services.desk.sale
                nobody = customer is not None and (sale is None or sale.customer is None)
                also = (e.CustomerEntered(customer),) if customer is not None and nobody else ()
                await services.holding.add(reference, lines, *opening, *also, replacing=replacing)
                services.offers.forget()  # places were taken
        except NotAllowed as error:
            what, then = _("This sale cannot take that line."), _("‹app.cart› opens the cart.")
            raise CounterError(Problem(what, _nothing_added(), then, words=str(error))) from error
        day = next((line.day for line in lines if line.day), None)
        if day is not None:
            self._used = reference, day


def forms(chosen: Chosen) -> list[tuple[int, Ticket]]:
    """The tickets that ask something before the hold, with the place of their people."""
    return [
        (place, ticket)
        for place, (_quote, choices) in enumerate(chosen)
        for ticket, _session in choices
        if ticket.form and ticket.fields
    ]


def _nothing_added() -> str:
    return _("Nothing was added; no place is held.")


def _line(place: int, quote: Quote, choices: Sequence[Choice], answers: Answers, zone: str | None) -> Line:
    assert quote.price is not None
    tickets = tuple(
        TicketChoice(
            ticket.iri,
            ticket.name,
            session.iri if session else None,
            session.starts_at if session else None,
            ticket.form,
            answers.get((place, ticket.iri), ()),
        )
        for ticket, session in choices
    )
    product, offer = quote.product, quote.offer
    return Line(new_id(), offer.iri, product.iri, product.name, offer.day, quote.quantity, quote.price, tickets, zone)
