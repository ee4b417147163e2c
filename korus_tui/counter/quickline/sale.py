"""From a quick line to held places: the offers that it means, sessions that fit, and one call that holds them all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from korus_tui.aio import whole
from korus_tui.counter.catalog.offer_models import CatalogContent, Live, Offer, Product, Ticket
from korus_tui.counter.core.desk import new_id
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.quickline.models import Wanted
from korus_tui.counter.quickline.sessions import Part, Quote, quotes
from korus_tui.counter.services import Services
from korus_tui.i18n import _

if TYPE_CHECKING:
    from korus_tui.sale.values import FormAnswer, Line

FRESH = 60.0  # seconds for which places and prices that were read are good enough to hold by
_NO_LIVE = Live(None, None, {})

Answers = dict[tuple[int, str], "tuple[FormAnswer, ...]"]  # by the place of the people and the ticket's address


@dataclass(frozen=True, slots=True)
class _Read:
    part: Part
    at: float


async def _nothing() -> Live:
    return _NO_LIVE


class QuickSale:
    """Asks what a line costs and holds it. Reading may be cancelled at any moment; what was read is kept."""

    def __init__(self, services: Services, content: CatalogContent) -> None:
        self._services = services
        self.content = content
        self._known: dict[tuple[str, date], _Read] = {}

    @property
    def day(self) -> date:
        """The day of people for whom none is typed: that of this sale's last hold, else today."""
        services = self._services
        used, sale, today = services.offers.last_used, services.desk.sale, self.today
        sticks = services.settings.sticky_date and used is not None and sale is not None and used[0] == sale.reference
        return max(used[1], today) if used is not None and sticks else today

    @property
    def today(self) -> date:
        """The venue's day."""
        return self._services.today(next((base.zone for base in self.content.bases if base.zone), None))

    def known(self, wanted: Sequence[Wanted]) -> tuple[Quote, ...] | None:
        """The quotes, if all that they need was read lately."""
        now = self._services.clock.boot()
        found = [self._known.get(self._key(one)) for one in wanted]
        fresh = [one.part for one in found if one is not None and now - one.at <= FRESH]
        if len(fresh) != len(found):
            return None
        return quotes(wanted, fresh, self.content, self._services.desk.sale, self._services.clock.now())

    async def read(self, wanted: Sequence[Wanted]) -> tuple[Quote, ...]:
        """The quotes; asks the API for what is not known. Raises ApiError."""
        now = self._services.clock.boot()
        missing: dict[date, dict[str, Product]] = defaultdict(dict)
        for one in wanted:
            known = self._known.get(self._key(one))
            if known is None or now - known.at > FRESH:
                missing[one.day or self.day][one.product.id] = one.product
        await asyncio.gather(*(self._read_day(day, tuple(some.values())) for day, some in missing.items()))
        parts = [self._known[self._key(one)].part for one in wanted]
        return quotes(wanted, parts, self.content, self._services.desk.sale, self._services.clock.now())

    def _key(self, one: Wanted) -> tuple[str, date]:
        return one.product.id, one.day or self.day

    async def _read_day(self, day: date, products: tuple[Product, ...]) -> None:
        offers = await self._services.offers.day(self.content.catalog.id, day, products)
        await asyncio.gather(*(self._read_one(day, product, offers) for product in products))

    async def _read_one(self, day: date, product: Product, offers: Sequence[Offer]) -> None:
        service, following = self._services.offers, None
        found = [one for one in offers if one.product == product.id]
        if not found:
            soonest = await service.soonest(self.content.catalog.id, product)
            found = [one for one in soonest if one.day is None]
            following = min((one.day for one in soonest if one.day is not None and one.day > day), default=None)
        if not found:
            self._keep(product, day, Part(None, _NO_LIVE, (), following))
            return
        offer = next((one for one in found if one.left is None or one.left > 0), found[0])
        asks = offer.live_price or offer.check_places
        tickets, live = await asyncio.gather(service.tickets(offer), service.live(offer) if asks else _nothing())
        zone = self._zone(product)
        self._keep(product, day, Part(offer, live, tuple(self._local(ticket, zone) for ticket in tickets)))

    def _keep(self, product: Product, day: date, part: Part) -> None:
        self._known[product.id, day] = _Read(part, self._services.clock.boot())

    def _zone(self, product: Product) -> str | None:
        base = self.content.base_of(product)
        return base.zone if base else None

    def _local(self, ticket: Ticket, zone: str | None) -> Ticket:
        """The ticket with its sessions in the venue's time; without a zone, in the offset that the API wrote."""
        if zone is None:
            return ticket
        local = self._services.local
        sessions = (
            replace(one, starts_at=local(one.starts_at, zone)) if one.starts_at else one for one in ticket.sessions
        )
        return replace(ticket, sessions=tuple(sessions))

    # Holding

    def forget(self) -> None:
        """What was read is asked for again: places were taken."""
        self._known.clear()

    def forms(self, found: Sequence[Quote]) -> list[tuple[int, Ticket]]:
        """The tickets that ask something before the hold, with the place of their people."""
        return [
            (place, ticket)
            for place, quote in enumerate(found)
            for ticket, _session in quote.choices
            if ticket.form and ticket.fields
        ]

    async def hold(self, found: Sequence[Quote], answers: Answers, *, nameless: bool = False) -> None:
        """Hold all of it in one call; returns once the intent is durable.

        `nameless`: the walk-in customer is put in where the sale has none yet. Raises CounterError where the sale
        takes no line now or a session has too few places, and the journal's errors.
        """
        lines = [self._line(place, quote, answers) for place, quote in enumerate(found)]
        self._check()
        await self._services.offers.check_sessions(
            (session, quote.wanted.quantity, quote.part.live)
            for quote in found
            for _ticket, session in quote.choices
            if session
        )
        await whole(self._add(lines, nameless))

    def _check(self) -> None:
        """The sale at the counter can take lines now."""
        sale = self._services.desk.sale
        if sale is None:
            return
        meaning, then = _("Nothing was added; no place is held."), _("Ctrl+O opens the cart.")
        if sale.attempt is not None:
            raise CounterError(Problem(_("An answer is still awaited for this sale."), meaning, then))
        if not sale.may_change:
            raise CounterError(Problem(_("The basket is pinned while payment runs."), meaning, then))

    async def _add(self, lines: list[Line], nameless: bool) -> None:
        from korus_tui.sale.apply import NotAllowed

        services = self._services
        sale = await services.desk.open(self.content.catalog.id, services.language)
        day = next((line.day for line in lines if line.day), None)
        if day is not None:
            services.offers.last_used = sale.reference, day
        try:
            await services.holding.add(sale.reference, lines)
        except NotAllowed as error:
            meaning, then = _("Nothing was added; no place is held."), _("Ctrl+O opens the cart.")
            said = Problem(_("This sale cannot take that line."), meaning, then, words=str(error))
            raise CounterError(said) from error
        self.forget()
        customer = services.walk_in
        if nameless and customer is not None and services.desk.get(sale.reference).customer is None:
            await services.checkout.enter_customer(sale.reference, customer)

    def _line(self, place: int, quote: Quote, answers: Answers) -> Line:
        from korus_tui.sale.values import Line, TicketChoice

        offer, price, product = quote.part.offer, quote.price, quote.wanted.product
        assert offer is not None
        assert price is not None
        tickets = tuple(
            TicketChoice(
                ticket.iri,
                ticket.name,
                session.iri if session else None,
                session.starts_at if session else None,
                ticket.form,
                answers.get((place, ticket.iri), ()),
            )
            for ticket, session in quote.choices
        )
        zone = self._zone(product)
        quantity = quote.wanted.quantity
        return Line(new_id(), offer.iri, product.iri, product.name, offer.day, quantity, price, tickets, zone)
