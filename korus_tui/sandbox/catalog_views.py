"""Catalog resources as JSON-LD, in one language, with the fields of the generation that is spoken."""

from __future__ import annotations

from datetime import timedelta

from korus_tui.sandbox.clock import stamp
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.data.forms import form_iri
from korus_tui.sandbox.data.types import Choice, Part, make_id
from korus_tui.sandbox.hydra import Json, genid
from korus_tui.sandbox.world import BaseEntry, Catalog, Offer, Product, Session, Ticket, created_at

OPTION_LABELS = {
    "fr": {"price_type": "Tarif", "seating_category": "Catégorie", "zone": "Zone", "days_count": "Nombre de jours"},
    "en": {"price_type": "Price", "seating_category": "Category", "zone": "Zone", "days_count": "Number of days"},
}


class CatalogViews:
    """Renders what World holds; `language` is "fr" or "en"."""

    def __init__(self, box: Context, language: str) -> None:
        self._box, self._language = box, language
        self._world, self._stock = box.world, box.stock

    def catalog(self, catalog: Catalog) -> Json:
        """A catalog; it is synchronised each night."""
        midnight = self._box.clock.now().replace(hour=2, minute=30, second=0, microsecond=0)
        synced = midnight if midnight <= self._box.clock.now() else midnight - timedelta(days=1)
        return {
            "@id": catalog.iri,
            "@type": "TicketingCatalog",
            "id": catalog.id,
            "createdAt": stamp(created_at()),
            "name": catalog.table.name,
            "lastSyncedAt": stamp(synced),
        }

    def base(self, entry: BaseEntry) -> Json:
        """A product base with its venue."""
        base, venue = entry.base, entry.catalog.table.venue
        return {
            "@id": entry.iri,
            "@type": "TicketingProductBase",
            "id": entry.id,
            "name": base.name.say(self._language),
            "disabled": base.disabled,
            "shortDescription": base.short.say(self._language),
            "description": _html(base.description.say(self._language)),
            "termsOfUse": "<p>Billets ni repris ni échangés.</p>" if self._language == "fr" else "<p>No refund.</p>",
            "useSession": any(part.times for part in base.parts),
            "timezone": venue.timezone,
            "recurring": base.calendar != "undated",
            "beneficiaryInfoMayBeRequired": bool(base.beneficiary_fields),
            "instantDocumentDelivery": base.instant,
            "maxAmountPerOrder": base.max_amount,
            "universe": base.universe,
            "venue": {
                "@id": genid("venue", venue.name),
                "@type": "TicketingVenue",
                "name": venue.name,
                "line1": venue.line1,
                "line2": None,
                "postalCode": venue.postal_code,
                "city": venue.city,
                "country": venue.country,
                "phone": venue.phone,
                "website": venue.website,
                "latitude": venue.latitude,
                "longitude": venue.longitude,
            },
            "medias": {"@id": genid("medias", entry.id), "@type": "TicketingMedias", "logo": None, "gallery": []},
        }

    def option(self, entry: BaseEntry, code: str) -> Json:
        return {
            "@id": f"{entry.iri}/options/{code}",
            "@type": "TicketingProductBaseOption",
            "code": code,
            "label": OPTION_LABELS[self._language][code],
        }

    def value(self, entry: BaseEntry, code: str, choice: Choice) -> Json:
        key = make_id(self._world.seed, "value", entry.id, code, choice.code)
        return {
            "@id": f"{entry.iri}/options/{code}/values/{key}",
            "@type": "TicketingProductBaseOptionValue",
            "id": key,
            "code": choice.code,
            "label": choice.label.say(self._language),
            "option": f"{entry.iri}/options/{code}",
        }

    def product(self, product: Product) -> Json:
        return {
            "@id": product.iri,
            "@type": "TicketingProduct",
            "id": product.id,
            "name": product.name.say(self._language),
            "description": product.entry.base.description.say(self._language),
            "disabled": self._stock.is_disabled(product),
            "productBase": product.entry.iri,
            "optionValues": [self.value(product.entry, code, choice) for code, choice in product.choices],
        }

    def offer(self, offer: Offer) -> Json:
        """An offer with the quantities and prices of lists: close to real time, not more."""
        left = self._stock.shown(offer, listed=True)
        return {
            "@id": offer.iri,
            "@type": "TicketingOffer",
            "id": offer.id,
            "date": offer.day.isoformat() if offer.day else None,
            "availableQuantity": left,
            "availabilityCheckRequired": left is not None,
            "realtimePriceRequired": offer.product.entry.base.live_price,
            "price": self._price(offer),
            "product": self.product(offer.product),
            "tickets": [self._listed_ticket(ticket) for ticket in self._world.tickets(offer)],
        }

    def _price(self, offer: Offer) -> Json:
        currency = offer.product.entry.catalog.table.currency
        synced = (self._box.clock.now() - timedelta(days=1)).replace(hour=9, minute=32, second=7)
        listed = self._stock.price(offer, "listed")
        return {
            "@type": "TicketingOfferPrice",
            "@id": genid("price", offer.id),
            "amountInclTax": f"{listed:.2f}",
            "originalAmountInclTax": f"{max(self._stock.full_price(offer), listed):.2f}",
            "currency": currency.lower() if self._box.generation.small_currency else currency,
            "syncAt": stamp(synced),
        }

    def _listed_ticket(self, ticket: Ticket) -> Json:
        key = ticket.listed_id if self._box.generation.listed_ids else ticket.id
        shown: Json = {
            "@id": f"{ticket.offer.iri}/tickets/{key}",
            "@type": "TicketingOfferTicket",
            "id": key,
            "name": ticket.name.say(self._language),
            "description": "",
        }
        if self._box.generation.ticket_details:
            shown["dateAccess"] = not ticket.part.times
            shown["form"] = self._form(ticket)
        return shown

    def _form(self, ticket: Ticket) -> str | None:
        code = ticket.part.form
        return form_iri(self._world.seed, code) if code is not None and self._box.generation.has("form") else None

    def ticket(self, ticket: Ticket) -> Json:
        """A ticket of an offer, with the ids that a reservation takes."""
        form = self._form(ticket)
        shown: Json = {
            "@id": ticket.iri,
            "@type": "TicketingOfferTicket",
            "id": ticket.id,
            "name": ticket.name.say(self._language),
            "description": "",
            "dateAccess": not ticket.part.times,
            "sessions": [self.session(one) for one in self._world.sessions(ticket)],
        }
        if form is not None or self._box.generation.ticket_details:
            shown["form"] = form
        return shown

    def session(self, session: Session, under_ticket: bool = False) -> Json:
        """A session, under its event (tutorial) or under its ticket (release)."""
        zone = session.ticket.offer.product.entry.catalog.zone
        return {
            "@id": session.ticket_iri if under_ticket else session.iri,
            "@type": "TicketingOfferTicketSession" if under_ticket else "TicketingSession",
            "id": session.id,
            "occursAt": session.occurs_at.astimezone(zone).isoformat(),
            "duration": session.ticket.part.minutes,
            "availableQuantity": self._stock.session_left(session, listed=True),
            "event": self.event(session.ticket.offer.product, session.ticket.part, session.ticket.event_id),
        }

    def event(self, product: Product, part: Part, key: str) -> Json:
        """The event that a ticket's sessions belong to."""
        return {
            "@id": f"{product.entry.catalog.iri}/events/{key}",
            "@type": "TicketingEvent",
            "id": key,
            "name": part.name.fill(product.words).say(self._language),
            "description": "",
        }

    def availability(self, offer: Offer) -> Json:
        """Places left in real time, of the offer and of each session."""
        under_event = self._box.generation.has("event_session")
        return {
            "@context": "/contexts/TicketingOfferAvailability",
            "@id": f"{offer.iri}/availability",
            "@type": "TicketingOfferAvailability",
            "availableQuantity": self._stock.shown(offer, listed=False),
            "sessionsAvailability": [
                {
                    "@type": "TicketingSessionAvailability",
                    "@id": genid("availability", one.id),
                    "session": one.iri if under_event else one.ticket_iri,
                    "availableQuantity": self._stock.session_left(one),
                }
                for ticket in self._world.tickets(offer)
                for one in self._world.sessions(ticket)
            ],
        }


def _html(text: str) -> str:
    return text if text.startswith("<") else f"<p>{text.strip()}</p>"
