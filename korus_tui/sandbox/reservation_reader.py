"""The consistency check of a reservation call: every line is right, or nothing of the call is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from korus_tui.sandbox.context import Context
from korus_tui.sandbox.data.forms import FORMS, accepts, field_iri, form_iri
from korus_tui.sandbox.problems import Findings
from korus_tui.sandbox.reading import objects, only, quantity, text
from korus_tui.sandbox.world import Offer, Session, Ticket


@dataclass(frozen=True)
class Pick:
    """One ticket of a line with its session and its filled-in form."""

    ticket: Ticket
    session: Session | None
    form_data: dict[str, Any] | None


@dataclass(frozen=True)
class Line:
    """One item of the call, checked."""

    offer: Offer
    quantity: int
    picks: tuple[Pick, ...]

    @property
    def sessions(self) -> list[Session]:
        return [pick.session for pick in self.picks if pick.session is not None]


class LineReader:
    """Reads `items[]`; names are said in `language`."""

    def __init__(self, box: Context, language: str, findings: Findings) -> None:
        self._box, self._language, self._findings = box, language, findings

    def read(self, body: dict[str, Any]) -> list[Line]:
        """The lines; only complete when nothing was noted."""
        only(body, ("items",), "", self._findings)
        lines = [self._line(at, item) for at, item in objects(body, "items", "", self._findings)]
        return [line for line in lines if line is not None]

    def _line(self, at: str, item: dict[str, Any]) -> Line | None:
        only(item, ("quantity", "offer", "ticketSessions"), f"{at}.", self._findings)
        asked = quantity(item, at, self._findings)
        offer = self._offer(at, item)
        if offer is None:
            return None
        picks = self._picks(at, item, offer)
        if asked is None:
            return None
        line = Line(offer, asked, tuple(picks))
        self._check_quantity(at, line)
        return line

    def _offer(self, at: str, item: dict[str, Any]) -> Offer | None:
        iri = text(item, "offer", f"{at}.", self._findings, needed=True)
        if iri is None:
            return None
        offer = self._box.world.offer(iri.rsplit("/", 1)[-1])
        if offer is None or offer.iri != iri:
            self._findings.add(f"{at}.offer", "iri", iri=iri)
            return None
        if self._box.stock.is_disabled(offer.product):
            self._findings.add(f"{at}.offer", "off_sale")
        elif offer.day is not None and offer.day < self._box.world.today(offer.product.entry.catalog):
            self._findings.add(f"{at}.offer", "past")
        return offer

    def _check_quantity(self, at: str, line: Line) -> None:
        """Against the places as lists show them: what changed since then is a failed reservation, not a violation."""
        stock, limit = self._box.stock, line.offer.product.entry.base.max_amount
        if self._box.generation.limits_orders and limit is not None and line.quantity > limit:
            self._findings.add(f"{at}.quantity", "max_amount", limit=limit)
            return
        left = [stock.left(line.offer, listed=True), *(stock.session_left(one, listed=True) for one in line.sessions)]
        least = min((one for one in left if one is not None), default=line.quantity)
        if line.quantity > least:
            self._findings.add(f"{at}.quantity", "quantity_left", left=least)

    def _picks(self, at: str, item: dict[str, Any], offer: Offer) -> list[Pick]:
        tickets = {ticket.iri: ticket for ticket in self._box.world.tickets(offer)}
        given: dict[str, Pick] = {}
        seen: set[str] = set()
        for place, entry in objects(item, "ticketSessions", f"{at}.", self._findings):
            only(entry, ("ticket", "session", "formData"), f"{place}.", self._findings)
            iri = text(entry, "ticket", f"{place}.", self._findings, needed=True)
            if iri is None:
                continue
            if iri not in tickets:
                self._findings.add(f"{place}.ticket", "iri", iri=iri)
            elif iri in seen:
                self._findings.add(f"{place}.ticket", "ticket_twice")
            else:
                seen.add(iri)
                given[iri] = self._pick(place, entry, tickets[iri])
        if item.get("ticketSessions"):
            for iri in tickets.keys() - seen:
                self._findings.add(f"{at}.ticketSessions", "ticket_missing", name=tickets[iri].name.say(self._language))
        return [given[iri] for iri in tickets if iri in given]

    def _pick(self, at: str, entry: dict[str, Any], ticket: Ticket) -> Pick:
        name = ticket.name.say(self._language)
        iri = text(entry, "session", f"{at}.", self._findings)
        session = None
        if iri is not None and not ticket.part.times:
            self._findings.add(f"{at}.session", "session_useless", name=name)
        elif iri is not None:
            session = self._session(at, ticket, iri)
        elif ticket.part.times:
            self._findings.add(f"{at}.session", "session_needed", name=name)
        return Pick(ticket, session, self._form(at, entry, ticket))

    def _session(self, at: str, ticket: Ticket, iri: str) -> Session | None:
        known = {}
        for session in self._box.world.all_sessions(ticket):
            if self._box.generation.has("event_session"):
                known[session.iri] = session
            if self._box.generation.has("ticket_session"):
                known[session.ticket_iri] = session
        found = known.get(iri)
        if found is None:
            self._findings.add(f"{at}.session", "session_other")
        elif found.occurs_at <= self._box.clock.now():
            self._findings.add(f"{at}.session", "session_started")
        return found

    def _form(self, at: str, entry: dict[str, Any], ticket: Ticket) -> dict[str, Any] | None:
        name, code, given = ticket.name.say(self._language), ticket.part.form, entry.get("formData")
        if code is None or not self._box.generation.has("form"):
            if given is not None:
                self._findings.add(f"{at}.formData", "form_useless", name=name)
            return None
        if not isinstance(given, dict):
            self._findings.add(f"{at}.formData", "form_needed", name=name)
            return None
        if given.get("form") != form_iri(self._box.world.seed, code):
            self._findings.add(f"{at}.formData.form", "iri", iri=str(given.get("form"))[:255])
            return None
        self._fields(f"{at}.formData", given, code)
        return given

    def _fields(self, at: str, given: dict[str, Any], code: str) -> None:
        fields = {field_iri(self._box.world.seed, code, field): field for field in FORMS[code]}
        seen = set()
        for place, entry in objects(given, "fields", f"{at}.", self._findings):
            iri, value = str(entry.get("field")), entry.get("value")
            if iri not in fields:
                self._findings.add(f"{place}.field", "iri", iri=iri[:255])
                continue
            seen.add(iri)
            if not isinstance(value, str):
                self._findings.add(f"{place}.value", "type", expected="string")
            elif not accepts(fields[iri], value):
                self._findings.add(f"{place}.value", "form_value", expected=fields[iri].kind)
        for iri, field in fields.items():
            if field.required and iri not in seen:
                self._findings.add(f"{at}.fields", "field_needed", name=field.label.say(self._language))
