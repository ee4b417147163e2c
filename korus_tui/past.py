"""What a demo's till has behind it: sales of the last days and their closes, a sale that waits, favourites.

The sandbox makes holds and orders of those moments by itself; here they become the records that a till writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from korus_tui.api.hydra import parse
from korus_tui.api.models.booking import Order, Reservation
from korus_tui.config.settings import Profile, origin_of
from korus_tui.counter.booking.convert import placed_of
from korus_tui.counter.booking.matching import hold_of
from korus_tui.counter.core.desk import new_id
from korus_tui.counter.till.till import stream_of
from korus_tui.i18n import _
from korus_tui.journal.entry import sale_stream
from korus_tui.journal.store import Journal
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.money import Money
from korus_tui.sale.reference import mint
from korus_tui.sale.state import Sale
from korus_tui.sale.till_events import TillClosed, TillOpened
from korus_tui.sale.values import Customer, Line, Method, Mode, Payment, TicketChoice

Json = dict[str, Any]
Record = tuple[datetime, str, tuple[object, ...]]  # when, in which stream, what

FLOAT = 200
OPENS, CLOSES = time(8, 45), time(18, 30)  # at the venue
_BEFORE = timedelta(minutes=10)  # so long before its first sale today's float was counted in, whatever the hour
_NOTE = Decimal(10)  # cash is given in notes of this

# What is on F2 and on, by the names that the sandbox's catalog has for it: told apart, with sessions all day long.
FAVOURITES = (("day-show",), ("show",), ("lunch",), ("dinner",), ("backstage",))


@dataclass(frozen=True, slots=True)
class Told:
    """One sale of the past: what, when (`days` ago at `at`, else `minutes` ago), to whom, and how it was paid.

    `ahead` is how many days before the visit it was sold, None for what is good on any. Without a method it is held,
    and waits.
    """

    product: tuple[str, ...]
    quantity: int
    method: Method | None
    customer: Customer | None = None
    days: int = 0
    at: str = ""
    minutes: int = 0
    ahead: int | None = 0

    def asked(self, reference: str) -> Json:
        """As the sandbox is asked for it."""
        when = {"days": self.days, "time": self.at} if self.days else {"seconds": self.minutes * 60}
        said = {"product": self.product, "quantity": self.quantity, "ahead": self.ahead, **when}
        if self.customer is None:
            return said
        one = self.customer
        person = {
            "firstname": one.first_name,
            "lastname": one.last_name,
            "email": one.email,
            "country": one.country,
            "language": one.language,
        }
        return {**said, "reference": reference, "customer": person}


def _person(first: str, last: str, country: str, language: str) -> Customer:
    email = f"{first}.{last}@example.org".lower()
    return Customer(first, last, email, country=country, language=language)


def sales(walk_in: Customer) -> tuple[Told, ...]:
    """All of them, oldest first."""
    show = ("day-show", "adult", "argent")
    sophie = _person("Sophie", "Lambert", "FR", "fr")
    return (
        Told(("day", "adult"), 2, Method.CASH, _person("Claire", "Martin", "FR", "fr"), 6, "10:42", ahead=2),
        Told(show, 2, Method.CARD, _person("Jonas", "Weber", "DE", "de"), 5, "14:15", ahead=9),
        Told(("day", "family"), 1, Method.VOUCHER, _person("Luc", "Moreau", "FR", "fr"), 3, "11:20", ahead=1),
        Told(("lunch", "adult"), 4, Method.CARD, walk_in, 1, "10:12"),
        Told(show, 1, Method.CASH, _person("Aoife", "Byrne", "IE", "en"), 1, "15:47", ahead=4),
        Told(("day", "adult"), 3, Method.CASH, walk_in, minutes=49),
        Told(("pass", "adult"), 2, Method.CARD, sophie, minutes=21, ahead=None),
        Told(("day", "adult"), 2, None, minutes=0, ahead=1),
    )


class Past:
    """Asks the sandbox for the past once, then writes it down."""

    def __init__(self, call: Callable[[str, str, object], Awaitable[Json]], profile: Profile) -> None:
        """`call` asks the sandbox's control listener."""
        self._call = call
        self._profile = profile
        self._sales = [(mint(), one) for one in sales(_walk_in(profile))]
        self._answers: list[Json] = []

    async def ask(self) -> dict[str, str]:
        """Have it happen there; what is on which key from then on. Raises NotArmed, KeyError."""
        body = {
            "language": self._profile.customer_language,
            "names": FAVOURITES,
            "sales": [one.asked(reference) for reference, one in self._sales],
        }
        said = await self._call("POST", "past", body)
        self._answers = said["sales"]
        return {f"f{place}": str(found) for place, found in enumerate(said["ids"], 2)}

    async def write(self, file: Path) -> None:
        """Write the records of it to the till's journal, which is not there yet.

        Raises the journal's errors, Malformed and NotAllowed.
        """
        profile = self._profile
        records = await asyncio.to_thread(_records, profile, self._sales, self._answers)
        journal = await asyncio.to_thread(Journal.open, file)
        try:
            for at, stream, events in records:
                await journal.append_to(stream, events, at=at, agent=profile.agent, till=profile.till)
        finally:
            await journal.aclose()


def _walk_in(profile: Profile) -> Customer:
    one = profile.walk_in
    assert one is not None
    language = profile.customer_language
    return Customer(one.first_name, one.last_name, one.email, one.phone, one.country, language, walk_in=True)


def _records(profile: Profile, told: list[tuple[str, Told]], answers: list[Json]) -> list[Record]:
    """Everything in the order in which it happened."""
    made: list[Record] = []
    begun: dict[int, tuple[datetime, ZoneInfo, str]] = {}  # the first sale of each day, by how long ago
    for (reference, one), answer in zip(told, answers, strict=True):
        records, currency = _sale(profile, reference, one, answer)
        made += records
        begun.setdefault(one.days, (records[0][0], ZoneInfo(answer["zone"]), currency))
    for days, (first, zone, currency) in begun.items():
        made += _shift(profile, first.astimezone(zone), currency, closes=days > 0)
    return sorted(made, key=lambda record: record[0])


def _shift(profile: Profile, first: datetime, currency: str, *, closes: bool) -> Iterable[Record]:
    """A day's float, and the close of a day that is over. What a demo takes is in no drawer: the float is all of it."""
    stream, in_it = stream_of(profile.till), Money.of(FLOAT, currency)
    opens = datetime.combine(first.date(), OPENS, first.tzinfo) if closes else first - _BEFORE
    yield opens.astimezone(UTC), stream, (TillOpened(Mode.DEMO, in_it),)
    if closes:
        ends = datetime.combine(first.date(), CLOSES, first.tzinfo)
        yield ends.astimezone(UTC), stream, (TillClosed(Mode.DEMO, in_it, in_it),)


def _sale(profile: Profile, reference: str, told: Told, answer: Json) -> tuple[list[Record], str]:
    """The sale's records, as its pages would have written them, and its currency."""
    line = _line(answer, told.quantity)
    reservation = parse(Reservation, answer["reservation"])
    hold = hold_of(reservation, [line])
    asked, ordering = new_id(), new_id()
    held_at = hold.created_at or reservation.created_at
    assert held_at is not None
    opened = e.SaleOpened(reference, _catalog(line), Mode.DEMO, profile.customer_language, origin_of(profile.server))
    begun: list[tuple[float, tuple[e.Event, ...]]] = [
        (-40.0, (opened, e.LineAdded(line), e.HoldRequested(asked, (line.id,)))),
        (0.0, (e.HoldPlaced(asked, hold),)),
    ]
    sale = fold(event for _after, events in begun for event in events)
    assert sale is not None
    if told.method is None or told.customer is None:
        begun.append((0.0, (e.SaleParked(_("back in ten minutes")),)))
    else:
        begun += _sold(sale, told.customer, told.method, parse(Order, answer["order"]), ordering)
    fold(event for _after, events in begun for event in events)  # every rule of the counter holds for it
    stream = sale_stream(reference)
    return [(held_at + timedelta(seconds=after), stream, events) for after, events in begun], line.quoted.currency


def _sold(
    sale: Sale, customer: Customer, method: Method, order: Order, ordering: str
) -> list[tuple[float, tuple[e.Event, ...]]]:
    """From the hold to the next customer, with seconds from the hold."""
    reservation = sale.holds[0].reservation
    placed = placed_of(order, sale, reservation)
    handed = tuple(e.DocumentHandedOver(document, "qr", 1) for document in placed.documents)
    assert sale.due is not None
    paid = e.PaymentTaken(_payment(method, sale.due))
    return [
        (89.0, (e.CustomerEntered(customer), e.PaymentStarted(), paid, e.OrderRequested(ordering, (reservation,)))),
        (90.0, (e.OrderPlaced(ordering, placed),)),
        (120.0, (*handed, e.SaleFinished())),
    ]


def _payment(method: Method, due: Money) -> Payment:
    match method:
        case Method.CASH:
            given = Money.of(ceil(due.amount / _NOTE) * _NOTE, due.currency)
            return Payment(new_id(), method, due, tendered=given)
        case Method.CARD:
            return Payment(new_id(), method, due, brand="Visa", authorisation="004571", last_four="4242")
        case _:
            return Payment(new_id(), method, due, voucher="CE-2207-0451")


def _line(answer: Json, quantity: int) -> Line:
    offer, product, price = answer["offer"], answer["offer"]["product"], answer["offer"]["price"]
    tickets = tuple(
        TicketChoice(
            ticket["@id"],
            ticket["name"],
            session["@id"] if session else None,
            datetime.fromisoformat(session["occursAt"]) if session else None,
        )
        for ticket, session in zip(answer["tickets"], answer["sessions"], strict=True)
    )
    return Line(
        id=new_id(),
        offer=offer["@id"],
        product=product["@id"],
        name=product["name"],
        day=datetime.fromisoformat(offer["date"]).date() if offer["date"] else None,
        quantity=quantity,
        quoted=Money.of(price["amountInclTax"], price["currency"].upper()),
        tickets=tickets,
        zone=answer["zone"],
    )


def _catalog(line: Line) -> str:
    """The id of the catalog that the offer is of."""
    return line.offer.partition("/catalogs/")[2].partition("/")[0]
