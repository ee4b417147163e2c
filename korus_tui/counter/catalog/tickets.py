"""What an offer is made of: its tickets and sessions, and the real-time questions just before a hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from korus_tui.api.errors import ApiError, Malformed, NotFound
from korus_tui.api.models.base import MOST_LISTED, Iri
from korus_tui.api.models.ticketing import Event
from korus_tui.counter.catalog.ahead import Ahead
from korus_tui.counter.catalog.days import FRESH
from korus_tui.counter.catalog.offer_models import FormField, Live, Offer, Session, Ticket
from korus_tui.counter.core.abilities import Abilities, Ability
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.problems import CounterError, Problem, Unread
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.text.venue_time import clock

if TYPE_CHECKING:
    from korus_tui.api.models import ticketing as api

_SOON = 3.0  # seconds that a hold waits for what only warns before it


class OfferTickets:
    """What is chosen for each ticket of an offer, and what it costs and leaves this moment."""

    def __init__(self, line: Connection, clock: Clock, abilities: Abilities, language: Callable[[], str]) -> None:
        self._line = line
        self._clock = clock
        self._abilities = abilities
        self._language = language
        self._listed: dict[str, tuple[float, tuple[Ticket, ...]]] = {}
        self._ahead = Ahead(clock.boot)

    async def ask_ahead(self, offers: Iterable[Offer]) -> None:
        """Ask what is needed to sell these: who then goes on within seconds finds the answers there.

        A live price is none of it: it is asked when the agent goes on.
        """
        questions: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {}
        for offer in offers:
            questions[f"tickets {offer.iri}"] = partial(self._tickets, offer, forms=True)
            questions[f"places {offer.iri}"] = partial(self._places, offer)
        await self._ahead.ask(questions)

    def forget(self) -> None:
        """What was asked ahead, and what was listed, does not count any more."""
        self._ahead.forget()
        self._listed.clear()

    async def listed(self, offer: Offer) -> tuple[Ticket, ...]:
        """The offer's tickets and sessions as they are listed, without forms; asked again after a minute."""
        at, tickets = self._listed.get(offer.iri, (float("-inf"), ()))
        if self._clock.boot() - at < FRESH:
            return tickets
        tickets = await self._tickets(offer, forms=False)
        self._listed = {iri: one for iri, one in self._listed.items() if self._clock.boot() - one[0] < FRESH}
        self._listed[offer.iri] = self._clock.boot(), tickets
        return tickets

    async def of(self, offer: Offer) -> tuple[Ticket, ...]:
        """The offer's tickets by the ids that a reservation wants, each with its sessions and form. Raises ApiError."""
        ready: tuple[Ticket, ...] | None = await self._ahead.take(f"tickets {offer.iri}")
        return ready if ready is not None else await self._tickets(offer, forms=True)

    async def _tickets(self, offer: Offer, *, forms: bool) -> tuple[Ticket, ...]:
        iri = Iri(offer.iri)
        page = await self._line.ask(lambda client: client.ticketing.offer_tickets(iri, language=self._language()).all())
        for one in page.rejected:  # an offer with one ticket less would be another offer
            if not one.short or not page.members:
                raise one
        tickets = await asyncio.gather(*(self._ticket(ticket, forms) for ticket in page.members))
        short = Unread.of(page.rejected)  # whether there is one more, the hold decides: without it Korus refuses
        return (replace(tickets[0], short=short), *tickets[1:]) if short else tuple(tickets)

    async def _ticket(self, ticket: api.OfferTicket, forms: bool) -> Ticket:
        sessions, more, unread = ticket.sessions, len(ticket.sessions) > MOST_LISTED, None
        if not sessions and not ticket.date_access:
            sessions, more, unread = await self._sessions(ticket)
        form, fields = await self._form(ticket.form) if ticket.form and forms else (None, ())
        return Ticket(
            iri=str(ticket.iri),
            id=ticket.id,
            name=ticket.name,
            full_day=bool(ticket.date_access) or (ticket.date_access is None and not sessions),
            sessions=tuple(sorted((_session(one) for one in sessions[:MOST_LISTED]), key=_by_time)),
            form=form,
            fields=fields,
            more=more,
            unread=unread,
        )

    async def _sessions(self, ticket: api.OfferTicket) -> tuple[tuple[api.Session, ...], bool, Unread | None]:
        """The newer home of sessions, whether it has more, and those that could not be read.

        An older version answers 404, and so does a newer one whose offer is gone.
        """
        if self._abilities.known(Ability.TICKET_SESSIONS) is False:
            return (), False, None
        try:
            page = await self._line.ask(
                lambda client: client.ticketing.ticket_sessions(ticket.iri, language=self._language()).all()
            )
        except NotFound:
            if self._abilities.known(Ability.TICKET_SESSIONS):
                raise
            # Elsewhere one offer that is gone would hide all sessions.
            if self._abilities.known(Ability.BASES) is False:
                await self._abilities.learn(Ability.TICKET_SESSIONS, False)
            return (), False, None
        await self._abilities.learn(Ability.TICKET_SESSIONS, True)
        found = page.readable()
        return found, page.left_out > 0 or len(found) > MOST_LISTED, Unread.of(page.rejected)

    async def _form(self, form: Iri) -> tuple[str | None, tuple[FormField, ...]]:
        """A ticket's form and its fields; the newest versions have none to read, and then none is sent."""
        if self._abilities.known(Ability.FORMS) is False:
            return None, ()
        try:
            answer = await self._line.ask(lambda client: client.ticketing.form(form, language=self._language()))
        except NotFound:
            await self._abilities.missed(Ability.FORMS)
            return None, ()
        await self._abilities.learn(Ability.FORMS, True)
        return str(form), tuple(
            FormField(
                str(field.iri),
                field.label or field.code,
                field.type,
                field.required,
                tuple((choice.value, choice.label or choice.value) for choice in field.choices),
            )
            for field in answer.fields
        )

    async def live(self, offer: Offer) -> Live:
        """Price and places as they are this moment, asked where the API says so. Raises ApiError."""

        async def ask_price() -> api.Price | None:
            return (
                await self._line.ask(lambda client: client.ticketing.offer_price(Iri(offer.iri)))
                if offer.live_price
                else None
            )

        async def ask_places() -> api.OfferAvailability | None:
            ready: tuple[api.OfferAvailability | None] | None = await self._ahead.take(f"places {offer.iri}")
            (left,) = ready if ready is not None else await self._places(offer)
            return left

        price, left = await asyncio.gather(ask_price(), ask_places())
        return Live(
            price=Money(price.amount_incl_tax, price.currency) if price else None,
            left=left.available_quantity if left else None,
            left_by_session={
                one.session.id: one.available_quantity
                for one in (left.sessions_availability if left else ())
                if one is not None and one.session is not None and one.available_quantity is not None
            },
        )

    async def _places(self, offer: Offer) -> tuple[api.OfferAvailability | None]:
        """What is left in real time; an answer that cannot be read leaves the list's figures, the hold decides."""
        if not offer.check_places and offer.left is None:
            return (None,)
        try:
            return (await self._line.ask(lambda client: client.ticketing.offer_availability(Iri(offer.iri))),)
        except Malformed:
            return (None,)

    async def check_sessions(self, wanted: Iterable[tuple[Session, int, Live]]) -> None:
        """Ask in real time for sessions of which `Live` says nothing: have they places for so many people?

        Only an event's session has a call for it. What cannot be asked, or not soon, is left to the hold to decide.
        Raises CounterError for one that has too few.
        """
        people = Counter[Session]()
        for session, quantity, live in wanted:
            if "/events/" in session.iri and session.id not in live.left_by_session:
                people[session] += quantity
        if self._abilities.known(Ability.SESSION_AVAILABILITY) is False:
            return
        found = await asyncio.gather(*(self._left_at(session) for session in people))
        for (session, quantity), left in zip(people.items(), found, strict=True):
            if left is not None and left < quantity:
                at = clock(session.starts_at) if session.starts_at else session.event
                few = _("Only {left} left at {time}, {quantity} asked for.")
                what = (few if left > 0 else _("No place is left at {time}.")).format(
                    left=left, time=at, quantity=quantity
                )
                raise CounterError(Problem(what, _("No place is held."), _("Choose another session.")))

    async def ask_sessions_ahead(self, sessions: Iterable[Session]) -> None:
        """Ask what `check_sessions` will, for sessions that are likely to be chosen."""
        if self._abilities.known(Ability.SESSION_AVAILABILITY) is not False:
            await self._ahead.ask(
                {f"session {one.iri}": partial(self._left_now, one) for one in sessions if "/events/" in one.iri}
            )

    async def _left_at(self, session: Session) -> int | None:
        """Places left at an event's session; None for no known limit, and where nobody says it soon."""
        ready: tuple[int | None] | None = await self._ahead.take(f"session {session.iri}")
        (left,) = ready if ready is not None else await self._left_now(session)
        return left

    async def _left_now(self, session: Session) -> tuple[int | None]:
        try:
            async with asyncio.timeout(_SOON):
                answer = await self._line.ask(lambda client: client.ticketing.session_availability(Iri(session.iri)))
        except NotFound:
            await self._abilities.missed(Ability.SESSION_AVAILABILITY)
            return (None,)
        except (ApiError, TimeoutError):
            return (None,)
        await self._abilities.learn(Ability.SESSION_AVAILABILITY, True)
        return (answer.available_quantity,)


def _by_time(session: Session) -> tuple[bool, float]:
    return session.starts_at is None, session.starts_at.timestamp() if session.starts_at else 0.0


def _session(session: api.Session) -> Session:
    minutes = int(session.duration) if session.duration.isdecimal() else None
    said = session.event
    event = said.name if isinstance(said, Event) else "" if said is None or isinstance(said, Iri) else said
    left, says = session.available_quantity, session.says_places
    return Session(str(session.iri), session.id, session.occurs_at, minutes, left, event, says)
