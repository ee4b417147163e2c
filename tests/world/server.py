"""The second world's server: real HTTP on loopback, one thread a connection, every answer scripted if wanted.

    with World() as world:
        world.script("order_bulk", Answer(status=403, body=HTML))     # has its effect, then a proxy answers
        world.script("reserve", dropped(NONE, hang=8))

Routes are the operation ids of the API's description: token, catalogs, product_bases, products, offers, offer_tickets,
ticket_sessions, reserve, reservations, reservation, order_bulk, orders, order, documents, patch_document, …
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import secrets
import socket
import sys
import threading
import time
import zlib
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from world.answers import BEFORE, CUT, EMPTY, HALF, HTML, NONE, PAGE, REAL, Answer, Call, problem, violations
from world.truth import CATALOG, EVENT, ORGANIZATION, START, Item, Offer, Order, Refused, Reservation, Truth
from world.views import GENERATIONS, Views, genid, moment, money

LD_JSON = "application/ld+json; charset=utf-8"
PATIENCE = 20.0  # seconds that a condition may take on a busy machine
_ID = r"([^/]+)"
_CATALOG = rf"/v1/ticketing/catalogs/{_ID}"
_ROUTES = [
    (method, name, re.compile(pattern + r"\Z"))
    for method, name, pattern in (
        ("POST", "token", rf"/realms/{_ID}/protocol/openid-connect/token"),
        ("GET", "catalogs", "/v1/ticketing/catalogs"),
        ("GET", "catalog", _CATALOG),
        ("GET", "product_bases", rf"{_CATALOG}/product_bases"),
        ("GET", "products", rf"{_CATALOG}/products"),
        ("GET", "product", rf"{_CATALOG}/products/{_ID}"),
        ("GET", "events", rf"{_CATALOG}/events"),
        ("GET", "event", rf"{_CATALOG}/events/{_ID}"),
        ("GET", "event_sessions", rf"{_CATALOG}/events/{_ID}/sessions"),
        ("GET", "event_session", rf"{_CATALOG}/events/{_ID}/sessions/{_ID}"),
        ("GET", "session_availability", rf"{_CATALOG}/events/{_ID}/sessions/{_ID}/availability"),
        ("GET", "offers", rf"{_CATALOG}/offers"),
        ("GET", "offer", rf"{_CATALOG}/offers/{_ID}"),
        ("GET", "offer_availability", rf"{_CATALOG}/offers/{_ID}/availability"),
        ("GET", "offer_price", rf"{_CATALOG}/offers/{_ID}/price"),
        ("GET", "offer_tickets", rf"{_CATALOG}/offers/{_ID}/tickets"),
        ("GET", "offer_ticket", rf"{_CATALOG}/offers/{_ID}/tickets/{_ID}"),
        ("GET", "ticket_sessions", rf"{_CATALOG}/offers/{_ID}/tickets/{_ID}/sessions"),
        ("POST", "reserve", "/v1/booking/reservations/_bulk"),
        ("GET", "reservations", "/v1/booking/reservations"),
        ("GET", "reservation", rf"/v1/booking/reservations/{_ID}"),
        ("POST", "order_bulk", "/v1/booking/orders/_bulk"),
        ("GET", "orders", "/v1/booking/orders"),
        ("GET", "order", rf"/v1/booking/orders/{_ID}"),
        ("GET", "order_ticket", rf"/v1/booking/orders/{_ID}/items/{_ID}/tickets/{_ID}"),
        ("GET", "documents", rf"/v1/booking/orders/{_ID}/documents"),
        ("GET", "document", rf"/v1/booking/orders/{_ID}/documents/{_ID}"),
        ("PATCH", "patch_document", rf"/v1/booking/orders/{_ID}/documents/{_ID}"),
        ("GET", "file", rf"/files/{_ID}"),
    )
]
_ONLY_TUTORIAL = {"events", "event", "event_sessions", "event_session", "session_availability"}
_NOT_TUTORIAL = {"product_bases", "ticket_sessions", "order_ticket"}
_ONLY_LISTED = {"documents", "document"}
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>"


class Problem(Exception):
    """An answer that is an error of the API's own form."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def _problem(status: int, title: str = "An error occurred") -> Problem:
    return Problem(status, problem(status, title))


@dataclass
class Account:
    """A client of the API: what it may see, and how it signs in."""

    client_id: str
    client_secret: str
    organization: str
    catalog: str


class Shop:
    """A web shop of the same account: it books without any till. Every step is done at once, without HTTP."""

    def __init__(self, world: World) -> None:
        self._world = world

    def hold(self, product: str, day: date | None = None, quantity: int = 1, session: int = -1) -> Reservation:
        """Hold places; `session` is the place among a ticket's sessions. RuntimeError where there are too few."""
        with self._world.lock:
            truth = self._world.truth
            offer = truth.offer(product, day) if day else truth.offer(product)
            sessions = {one.id: one.sessions[session].id if one.sessions else None for one in offer.tickets}
            if truth.hold([Item(offer, quantity, sessions)], "shop", self._world.now()):
                raise RuntimeError("too few places")
            return list(truth.reservations.values())[-1]

    def order(self, reservation: Reservation, external_reference: str | None = "WEB-1") -> Order:
        """Order a reservation, whosesoever it is, under any reference."""
        with self._world.lock:
            return self._world.truth.book(reservation, external_reference, self._world.now())

    def cancel(self, order: Order) -> None:
        """What an organizer does behind the API: from now on the order is read as cancelled."""
        with self._world.lock:
            order.cancelled = self._world.now()


class World:
    """The server and its hands. `generation`: tutorial, 1.0.4, 1.0.7, 1.0.19 or release.

    `lag` are seconds for which the newest things are not seen: in "orders" and "reservations" (the lists), and
    "reservation.order" (the reservation's own word). `date_error` is added to every `Date`; None: there is none.
    """

    def __init__(self, generation: str = "tutorial", *, start: datetime = START, hold_seconds: float = 900) -> None:
        self.generation = GENERATIONS[generation]
        self.truth = Truth(hold_seconds)
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.ending = threading.Event()
        self.calls: list[Call] = []
        self.statuses: list[tuple[str, int | None]] = []  # route and status of each answer; None: dropped
        self.lag: dict[str, float] = {}
        self.date_error: timedelta | None = timedelta(0)
        self.etags = False  # whether answers have a name, and are not said again to who knows it
        self.shop = Shop(self)
        self.accounts = {"till": Account("till", secrets.token_urlsafe(24), ORGANIZATION, CATALOG)}
        self._start = start
        self._since = time.monotonic()
        self._scripts: dict[str, deque[Answer]] = defaultdict(deque)
        self._always: dict[str, Answer] = {}
        self._edits: dict[str, list[Callable[[Any], Any]]] = defaultdict(list)
        self._tokens: dict[str, Account] = {}
        self._let_go = 0
        self._late: dict[threading.Timer, datetime] = {}
        self.connections: set[socket.socket] = set()
        self._listen(0)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self.token_endpoint = f"{self.base_url}/realms/korusticket/protocol/openid-connect/token"

    # What a till's profile needs, by the names that tests/till.py and tests/counter_home.py use

    @property
    def client_id(self) -> str:
        return self.accounts["till"].client_id

    @property
    def client_secret(self) -> str:
        return self.accounts["till"].client_secret

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End: what hangs is let go."""
        self.ending.set()
        self.let_go()
        self.down()

    def down(self) -> None:
        """Nobody listens any more, and what was connected is cut off."""
        self._server.shutdown()
        self._server.server_close()
        with self.lock:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def up(self) -> None:
        """Listen again, at the same address."""
        self._listen(self._server.server_port)

    def _listen(self, port: int) -> None:
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.world = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    # Scripting

    def script(self, route: str, *answers: Answer) -> None:
        """The next calls of the route are answered so, one each, in this order."""
        with self.lock:
            self._scripts[route].extend(answers)

    def always(self, route: str, answer: Answer | None = None) -> None:
        """Every call of the route without a script is answered so, until told otherwise; None: politely again."""
        with self.lock:
            if answer is None:
                self._always.pop(route, None)
            else:
                self._always[route] = answer

    def edit(self, route: str, change: Callable[[Any], Any]) -> None:
        """Change the JSON of every real answer of the route, in place or by what is returned."""
        with self.lock:
            self._edits[route].append(change)

    def polite(self) -> None:
        """Forget every script, edit, lag and wrong `Date`."""
        with self.lock:
            self._scripts.clear()
            self._always.clear()
            self._edits.clear()
            self.lag.clear()
            self.date_error = timedelta(0)
            self.etags = False

    def scripted(self, route: str) -> int:
        """How many scripted answers of the route no call has met yet."""
        with self.lock:
            return len(self._scripts[route])

    def hang(self, seconds: float) -> None:
        """Keep an answer back for so long, or until `let_go` or the end."""
        with self.changed:
            since = self._let_go
            self.changed.wait_for(lambda: self._let_go != since or self.ending.is_set(), seconds)

    def let_go(self) -> None:
        """Whatever hangs is answered now."""
        with self.changed:
            self._let_go += 1
            self.changed.notify_all()

    def revoke(self) -> None:
        """Every token given so far is worth nothing."""
        with self.lock:
            self._tokens.clear()

    # Time and truth

    def now(self) -> datetime:
        """The server's time."""
        return self._start + timedelta(seconds=time.monotonic() - self._since)

    def advance(self, seconds: float) -> None:
        """Move the server's clock."""
        with self.changed:
            self._start += timedelta(seconds=seconds)
            for timer in [one for one, due in self._late.items() if due <= self.now()]:
                timer.cancel()
                timer.function()
            self.changed.notify_all()

    def expire(self, reservation: str | None = None) -> None:
        """End this hold (id) now, or all of them."""
        with self.changed:
            for one in self.truth.reservations.values():
                if reservation in (None, one.id) and not one.order:
                    one.ends = min(one.ends, self.now())
            self.changed.notify_all()

    @property
    def reservations(self) -> list[Reservation]:
        """In the order of their making."""
        with self.lock:
            return list(self.truth.reservations.values())

    @property
    def orders(self) -> list[Order]:
        """In the order of their making."""
        with self.lock:
            return list(self.truth.orders.values())

    def calls_of(self, *routes: str) -> list[Call]:
        """What was asked so far of these routes."""
        with self.lock:
            return [one for one in self.calls if one.route in routes]

    def wait_for(self, wanted: Callable[[], object], what: str = "it") -> None:
        """Until `wanted()` is true of the world; AssertionError where it never is. For threads, not for coroutines."""
        deadline = time.monotonic() + PATIENCE
        with self.changed:
            while not wanted():
                if time.monotonic() > deadline:
                    raise AssertionError(f"{what} never came: {[one.route for one in self.calls]}")
                self.changed.wait(0.02)

    def state(self) -> dict[str, Any]:
        """The truth as tests/till.py and tests/machine read it of the sandbox."""
        with self.lock:
            now, truth = self.now(), self.truth
            return {
                "reservations": [
                    {
                        "id": one.id,
                        "order": one.order,
                        "expired": not one.order and not truth.lives(one, now),
                        "by": one.by,
                        "item": {"quantity": one.people},
                    }
                    for one in truth.reservations.values()
                ],
                "orders": [
                    {
                        "id": one.id,
                        "external_reference": one.external_reference,
                        "reservation": one.reservation.id,
                        "cancelled": one.cancelled is not None,
                    }
                    for one in truth.orders.values()
                ],
                "faults": [],
            }

    # Answering; called by the connections' threads

    def answer_for(self, call: Call) -> Answer:
        """The answer that this call meets; it is noted."""
        with self.changed:
            self.calls.append(call)
            waiting = self._scripts[call.route]
            found = next((one for one in waiting if one.when is None or one.when(call)), None)
            if found is not None:
                waiting.remove(found)
            else:
                always = self._always.get(call.route)
                found = always if always and (always.when is None or always.when(call)) else Answer()
            self.changed.notify_all()
            return found

    def act(self, call: Call, answer: Answer) -> tuple[int, Any]:
        """Let the call have its effect, or come late, or none; the real status and body."""
        with self.changed:
            if answer.first is not None:
                answer.first()
            account = self._tokens.get(call.token)
            if answer.effect == BEFORE:
                done = self._do(call, self.truth, account)
            else:
                done = 200, None
                if answer.effect != NONE:
                    self._put_off(call, account, float(answer.effect))
                if not answer.drop and answer.body in (REAL, HALF, CUT):  # what it would have been answered
                    done = self._do(call, copy.deepcopy(self.truth), account)
            self.changed.notify_all()
            return done

    def _put_off(self, call: Call, account: Account | None, seconds: float) -> None:
        """The effect comes so much later, or when the server's clock is moved beyond that."""

        def come() -> None:
            with self.changed:
                if self._late.pop(timer, None):
                    self._do(call, self.truth, account)
                    self.changed.notify_all()

        timer = threading.Timer(seconds, come)
        timer.daemon = True
        self._late[timer] = self.now() + timedelta(seconds=seconds)
        timer.start()

    def change(self, route: str, body: Any, answer: Answer) -> Any:
        """The body after the edits of its route and of this answer."""
        with self.lock:
            edits = [*self._edits[route], *([answer.edit] if answer.edit else [])]
        for edit in edits:
            changed = edit(body)
            body = body if changed is None else changed
        return body

    def said(self, route: str, status: int | None) -> None:
        with self.changed:
            self.statuses.append((route, status))
            self.changed.notify_all()

    def _do(self, call: Call, truth: Truth, account: Account | None) -> tuple[int, Any]:
        try:
            if call.route == "token":
                return 200, self._sign_in(call)
            if call.route == "file":
                return 200, _PDF
            if account is None:
                return 401, {"code": 401, "message": "Expired JWT Token"}
            work = _Work(self, call, truth, account)
            return 200, work.done()
        except Problem as error:
            return error.status, error.body
        except Refused as error:
            return 422, violations(*error.violations)

    def _sign_in(self, call: Call) -> Any:
        form = call.body if isinstance(call.body, dict) else {}
        if form.get("grant_type") not in ("client_credentials", "refresh_token"):
            raise Problem(400, {"error": "unsupported_grant_type"})
        account = self.accounts.get(form.get("client_id", ""))
        if account is None or form.get("client_secret") != account.client_secret:
            raise Problem(401, {"error": "invalid_client", "error_description": "Invalid client or client credentials"})
        token = secrets.token_urlsafe(32)
        self._tokens[token] = account
        return {
            "access_token": token,
            "expires_in": 1800,
            "refresh_token": secrets.token_urlsafe(32),
            "refresh_expires_in": 1800,
            "token_type": "Bearer",
        }


class _Work:
    """One call of an account on a truth."""

    def __init__(self, world: World, call: Call, truth: Truth, account: Account) -> None:
        self.world = world
        self.call = call
        self.truth = truth
        self.account = account
        self.generation = world.generation
        self.views = Views(truth, world.generation, account.catalog)
        self.now = world.now()

    def done(self) -> Any:
        """The body of the answer; raises Problem and Refused."""
        route, tutorial = self.call.route, self.generation.tutorial
        absent = (_NOT_TUTORIAL if tutorial else _ONLY_TUTORIAL) | (
            set() if self.generation.documents_listed else _ONLY_LISTED
        )
        work: Callable[[], Any] | None = getattr(self, f"_{route}", None)
        if route in absent or work is None:
            raise _problem(404, "Not Found")
        if f"{self.ids[0]}" != self.account.catalog and "/catalogs/" in self.call.path:
            raise _problem(404, "Not Found")
        return work()

    @property
    def ids(self) -> list[str]:
        """What the path names, in order."""
        for method, name, pattern in _ROUTES:
            if (method, name) == (self.call.method, self.call.route) and (found := pattern.match(self.call.path)):
                return list(found.groups()) or [""]
        return [""]

    def _one(self, name: str) -> str:
        return (self.call.query.get(name) or [""])[0]

    # Ticketing

    def _catalogs(self) -> Any:
        return self._collection([self._catalog()], "TicketingCatalog")

    def _catalog(self) -> Any:
        return {
            "@id": self.views.catalog_path,
            "@type": "TicketingCatalog",
            "id": self.account.catalog,
            "createdAt": "2025-01-27T16:00:00+00:00",
            "name": "Grand Parc",
            "lastSyncedAt": None,
        }

    def _product_bases(self) -> Any:
        return self._collection([], "TicketingProductBase")

    def _products(self) -> Any:
        return self._collection([self.views.product(one) for one in self.truth.products], "TicketingProduct")

    def _product(self) -> Any:
        if self.ids[1] not in self.truth.products:
            raise _problem(404, "Not Found")
        return self.views.product(self.ids[1])

    def _offers(self) -> Any:
        tutorial = self.generation.tutorial
        products = set(self.call.query.get("product" if tutorial else "product[]", ()))
        found = [one for one in self.truth.offers.values() if not products or one.product in products]
        limits: dict[str, Callable[[str, str], bool]] = {
            "date[after]": lambda day, said: day >= said,
            "date[before]": lambda day, said: day <= said,
            "date[strictly_after]": lambda day, said: day > said,
            "date[strictly_before]": lambda day, said: day < said,
        }
        # A filter of another version is ignored, as API Platform does.
        for name, fits in ({"date": str.__eq__} if tutorial else limits).items():
            if said := self._one(name):
                found = [one for one in found if fits(one.day.isoformat(), said)]
        if not tutorial and (session := self._one("session")):
            found = [one for one in found if any(s.id == session for t in one.tickets for s in t.sessions)]
        found.sort(key=lambda one: one.day, reverse=self._one("order[date]") == "desc")
        return self._collection([self.views.offer(one, self.now) for one in found], "TicketingOffer")

    @property
    def _named_offer(self) -> Offer:
        found = self.truth.offers.get(self.ids[1])
        if found is None:
            raise _problem(404, "Not Found")
        return found

    def _offer(self) -> Any:
        return self.views.offer(self._named_offer, self.now)

    def _offer_availability(self) -> Any:
        offer = self._named_offer
        shown: dict[str, Any] = {
            "@id": f"{self.views.offer_iri(offer)}/availability",
            "@type": "TicketingOfferAvailability",
            "availableQuantity": self.truth.free(offer.id, self.now),
        }
        if not self.generation.tutorial:
            shown["sessionsAvailability"] = [
                {
                    "@type": "SessionAvailability",
                    "@id": genid(),
                    "session": self.views.session_iri(offer, ticket, one.id),
                    "availableQuantity": self.truth.free(one.id, self.now),
                }
                for ticket in offer.tickets
                for one in ticket.sessions
            ]
        return shown

    def _offer_price(self) -> Any:
        offer = self._named_offer
        return {
            "@id": f"{self.views.offer_iri(offer)}/price",
            "@type": "TicketingOfferPrice",
            "amountInclTax": money(offer.price),
            "amountExclTax": None,
            "currency": self.truth.currency,
        }

    def _offer_tickets(self) -> Any:
        offer = self._named_offer
        found = [self.views.ticket(offer, one, self.now) for one in offer.tickets]
        return self._collection(found, "TicketingOfferTicket")

    def _offer_ticket(self) -> Any:
        offer = self._named_offer
        for one in offer.tickets:
            if one.id == self.ids[2]:
                return self.views.ticket(offer, one, self.now)
        raise _problem(404, "Not Found")

    def _ticket_sessions(self) -> Any:
        offer = self._named_offer
        for one in offer.tickets:
            if one.id == self.ids[2]:
                found = [self.views.session(offer, one, session, self.now) for session in one.sessions]
                return self._collection(found, "TicketingOfferTicketSession")
        raise _problem(404, "Not Found")

    def _events(self) -> Any:
        return self._collection([self.views.event()], "TicketingEvent")

    def _event(self) -> Any:
        if self.ids[1] != EVENT:
            raise _problem(404, "Not Found")
        return self.views.event()

    def _shown_sessions(self) -> list[Any]:
        """Every session is the one event's."""
        self._event()
        found = ((offer, ticket) for offer in self.truth.offers.values() for ticket in offer.tickets)
        return [self.views.session(*one, session, self.now) for one in found for session in one[1].sessions]

    def _event_sessions(self) -> Any:
        return self._collection(self._shown_sessions(), "TicketingSession")

    def _event_session(self) -> Any:
        for one in self._shown_sessions():
            if one["id"] == self.ids[2]:
                return one
        raise _problem(404, "Not Found")

    def _session_availability(self) -> Any:
        one = self._event_session()
        return {"@id": self.call.path, "@type": one["@type"], "availableQuantity": one["availableQuantity"]}

    # Booking

    def _reserve(self) -> Any:
        self._must_be("application/ld+json")
        asked = self.call.body.get("items") if isinstance(self.call.body, dict) else None
        if not isinstance(asked, list) or not asked:
            raise Refused(("items", "Cette valeur ne doit pas être vide.", "blank"))
        items = [self._item(index, one) for index, one in enumerate(asked)]
        before = set(self.truth.reservations)
        failed = self.truth.hold(items, self.account.client_id, self.now, self.account.organization)
        made = [one for number, one in self.truth.reservations.items() if number not in before]
        return {
            "@context": {"@vocab": f"{self.world.base_url}/docs.jsonld#"},
            "@type": "CreateReservationBulkOutput",
            "@id": genid(),
            "reservations": [self.views.reservation(one, self.now) for one in made],
            "failedReservations": [
                {"offer": self.views.offer_iri(one.offer), "quantity": one.quantity, "reason": "Plus de places"}
                for one in failed
            ],
        }

    def _item(self, index: int, asked: Any) -> Item:
        path = f"items[{index}]"
        if not isinstance(asked, dict):
            raise Refused((path, "Cette valeur n'est pas valide.", "type"))
        offer = self.truth.offers.get(str(asked.get("offer")).rpartition("/")[2])
        quantity = asked.get("quantity")
        if offer is None:
            raise Refused((f"{path}.offer", "Cette offre n'existe pas.", "unknown"))
        if type(quantity) is not int or quantity < 1:
            raise Refused((f"{path}.quantity", "Cette valeur doit être positive.", "positive"))
        named = {str(one.get("ticket")).rpartition("/")[2]: one for one in asked.get("ticketSessions") or ()}
        sessions: dict[str, str | None] = {}
        for ticket in offer.tickets:
            place = list(named).index(ticket.id) if ticket.id in named else len(named)
            session = (named.get(ticket.id) or {}).get("session")
            known = {self.views.session_iri(offer, ticket, one.id): one.id for one in ticket.sessions}
            if ticket.id not in named or (ticket.sessions and session not in known):
                raise Refused((f"{path}.ticketSessions[{place}].session", "Choisissez une séance.", "session"))
            sessions[ticket.id] = known.get(session)
        return Item(offer, quantity, sessions)

    def _mine(self, reservation: Reservation) -> bool:
        return reservation.organization == self.account.organization

    def _seen(self, made: datetime, what: str) -> bool:
        return (self.now - made).total_seconds() >= self.world.lag.get(what, 0) or what not in self.world.lag

    def _shown(self, one: Reservation) -> Any:
        order = self.truth.orders.get(one.order or "")
        return self.views.reservation(one, self.now, order=order is None or self._seen(order.made, "reservation.order"))

    def _reservations(self) -> Any:
        found = [one for one in self.truth.reservations.values() if self._mine(one)]
        found = [one for one in found if self._seen(one.made, "reservations")]
        if self._one("order[createdAt]") == "desc":
            found.reverse()
        return self._collection([self._shown(one) for one in found], "BookingReservation")

    def _reservation(self) -> Any:
        found = self.truth.reservations.get(self.ids[0])
        if found is None or not self._mine(found):
            raise _problem(404, "Not Found")
        return self._shown(found)

    def _order_bulk(self) -> Any:
        self._must_be("application/ld+json")
        body = self.call.body if isinstance(self.call.body, dict) else {}
        customer = body.get("customer") if isinstance(body.get("customer"), dict) else {}
        blank = [one for one in ("firstname", "lastname", "email") if not customer.get(one)]
        blamed = [(f"customer.{one}", "Cette valeur ne doit pas être vide.", "blank") for one in blank]
        reference = body.get("externalReference")
        if (not reference and self.generation.reference_required) or len(reference or "") > 255:
            blamed.append(("externalReference", "Cette valeur ne doit pas être vide.", "blank"))
        asked = [str(one).rpartition("/")[2] for one in body.get("reservations") or ()]
        if not asked:
            blamed.append(("reservations", "Cette valeur ne doit pas être vide.", "blank"))
        if blamed:
            raise Refused(*blamed)
        made = self.truth.order(asked, customer, reference, self.now)
        return {
            "@context": {"@vocab": f"{self.world.base_url}/docs.jsonld#"},
            "@type": "CreateOrderBulkOutput",
            "@id": genid(),
            "orders": [self.views.order(one) for one in made],
        }

    def _orders(self) -> Any:
        found = [one for one in self.truth.orders.values() if self._mine(one.reservation)]
        found = [one for one in found if self._seen(one.made, "orders")]
        if reference := self._one("external_reference"):
            # Databases of such APIs commonly compare text without regard to case.
            found = [one for one in found if (one.external_reference or "").lower() == reference.lower()]
        limits: dict[str, Callable[[datetime, datetime], bool]] = {
            "after": lambda made, said: made >= said,
            "strictly_after": lambda made, said: made > said,
            "before": lambda made, said: made <= said,
            "strictly_before": lambda made, said: made < said,
        }
        for name, fits in limits.items():
            if said := self._one(f"createdAt[{name}]"):
                bound = datetime.fromisoformat(said)
                bound = bound if bound.tzinfo else bound.replace(tzinfo=self.now.tzinfo)
                found = [one for one in found if fits(one.made, bound)]
        if self._one("order[createdAt]") == "desc":
            found.reverse()
        return self._collection([self.views.order(one) for one in found], "BookingOrder")

    def _named_order(self) -> Order:
        found = self.truth.orders.get(self.ids[0])
        if found is None or not self._mine(found.reservation):
            raise _problem(404, "Not Found")
        return found

    def _order(self) -> Any:
        return self.views.order(self._named_order())

    def _order_ticket(self) -> Any:
        shown = self.views.order(self._named_order())
        for item in shown["items"]:
            for ticket in item["tickets"]:
                if ticket["@id"] == self.call.path:
                    return ticket
        raise _problem(404, "Not Found")

    def _documents(self) -> Any:
        order = self._named_order()
        found = [self._shown_document(order, one) for one in order.documents]
        return self._collection(found, "BookingOrderDocument")

    @staticmethod
    def _shown_document(order: Order, document: str) -> Any:
        return {
            "@id": f"/v1/booking/orders/{order.id}/documents/{document}",
            "@type": "BookingOrderDocument",
            "id": document,
            "downloadableAt": moment(order.made),
        }

    def _document(self) -> Any:
        order = self._named_order()
        if self.ids[1] not in order.documents:
            raise _problem(404, "Not Found")
        return self._shown_document(order, self.ids[1])

    def _patch_document(self) -> Any:
        self._must_be("application/merge-patch+json")
        order = self._named_order()
        if self.ids[1] not in order.documents:
            raise _problem(404, "Not Found")
        return {
            "@id": self.call.path,
            "@type": "BookingOrderDocument",
            "id": self.ids[1],
            "temporaryUrl": f"{self.world.base_url}/files/{self.ids[1]}?signature={secrets.token_hex(8)}",
            "cachedLanguage": self.call.headers.get("accept-language", "fr")[:2],
        }

    def _must_be(self, kind: str) -> None:
        if not self.call.headers.get("content-type", "").startswith(kind):
            raise _problem(415, "Unsupported Media Type")

    def _collection(self, found: list[Any], kind: str) -> Any:
        size = min(max(int(self._one("itemsPerPage") or 10), 0), 50)
        page = max(int(self._one("page") or 1), 1)
        here = urlencode([(name, one) for name, many in self.call.query.items() for one in many])
        view: dict[str, Any] = {"@id": self.call.path + (f"?{here}" if here else "")}
        view[self.generation.view_type] = "PartialCollectionView"
        return {
            "@context": f"/contexts/{kind}",
            "@id": self.call.path,
            "@type": "Collection",
            "totalItems": len(found),
            "member": found[(page - 1) * size : page * size],
            "view": view,
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    world: World

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A till that is killed leaves its connections: nothing to say. Faults of ours are."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.world.lock:
            self.server.world.connections.add(self.connection)

    def finish(self) -> None:
        with self.server.world.lock:
            self.server.world.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The world keeps its own log."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def _read(self) -> Call:
        at = time.monotonic()
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        route = "unknown"
        for method, name, pattern in _ROUTES:
            if method == self.command and pattern.match(parts.path):
                route = name
                break
        headers = {name.lower(): value for name, value in self.headers.items()}
        body: Any = None
        if route == "token":
            body = {name: values[0] for name, values in parse_qs(content.decode()).items()}
        elif content:
            try:
                body = json.loads(content)
            except ValueError:
                body = content
        token = headers.get("authorization", "").removeprefix("Bearer ")
        return Call(route, self.command, parts.path, parse_qs(parts.query), headers, body, at, token)

    def _serve(self) -> None:
        world, call = self.server.world, self._read()
        answer = world.answer_for(call)
        status, body = world.act(call, answer)
        if answer.hang:
            world.hang(answer.hang)
        if answer.drop:
            world.said(call.route, None)
            self._end()
            return
        self._answer(call, answer, status, body)

    def _answer(self, call: Call, answer: Answer, status: int, body: Any) -> None:
        world = self.server.world
        wanted = answer.body(call) if callable(answer.body) else answer.body
        kind, content = self._content(call, answer, wanted, body)
        status = answer.status or status
        etag = f'"{zlib.crc32(content):x}"' if world.etags and self.command == "GET" and status == 200 else None
        if etag is not None and call.headers.get("if-none-match") == etag:
            status, content = 304, b""
        promised = len(content)
        if wanted == CUT:
            content = content[: len(content) // 2]
        headers: dict[str, str | None] = {"Content-Type": kind, "Content-Length": str(promised), "ETag": etag}
        if world.date_error is not None:
            headers["Date"] = format_datetime((world.now() + world.date_error).replace(microsecond=0), usegmt=True)
        headers |= {name: value(call) if callable(value) else value for name, value in answer.headers.items()}
        self.send_response_only(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers_with(content)
        world.said(call.route, status)
        if wanted == CUT:
            self._end()

    def _content(self, call: Call, answer: Answer, wanted: Any, body: Any) -> tuple[str, bytes]:
        if wanted in (REAL, HALF, CUT):
            if isinstance(body, bytes):
                return "application/pdf", body
            content = json.dumps(self.server.world.change(call.route, body, answer)).encode()
            kind = "application/json" if call.route == "token" else LD_JSON
            return kind, content[: len(content) // 2] if wanted == HALF else content
        if wanted == EMPTY:
            return LD_JSON, b""
        if wanted == HTML:
            return "text/html", PAGE.encode()
        if isinstance(wanted, bytes):
            return "application/octet-stream", wanted
        if isinstance(wanted, str):
            return LD_JSON, wanted.encode()
        return LD_JSON, json.dumps(wanted).encode()

    def end_headers_with(self, content: bytes) -> None:
        """Headers and body in one write: two would wait for each other."""
        self._headers_buffer.append(b"\r\n" + content)  # type: ignore[attr-defined]
        self.flush_headers()

    def _end(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
