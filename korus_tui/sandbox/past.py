"""What was sold before anybody looked: holds and orders of past moments, made by the code that makes those of calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from korus_tui.sandbox.catalog_views import CatalogViews
from korus_tui.sandbox.clock import stamp
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.data.types import make_id
from korus_tui.sandbox.effects import Desk, Refusals
from korus_tui.sandbox.hydra import Json
from korus_tui.sandbox.reservation_reader import Line, Pick
from korus_tui.sandbox.shapes import BookingViews
from korus_tui.sandbox.state import Order, Reservation
from korus_tui.sandbox.world import Product, Ticket

_TO_THE_ORDER = timedelta(seconds=90)
_DAYS = 14  # in which places are looked for


@dataclass(frozen=True)
class _Sold:
    line: Line
    reservation: Reservation
    order: Order | None


def remember(box: Context, wanted: dict[str, Any]) -> Json:
    """Holds and orders the `sales` at their moments, and answers with what the API tells of each.

    A sale: `product` (the key of a base and the codes of its values), `quantity`, `ahead` (days from the sale to the
    visit, none for what has no date), when: `days` ago at the venue's `time`, or `seconds` ago; with a `customer` and a
    `reference` it is ordered too. `names` are such keys of bases and products whose ids are asked for. In `language`.
    KeyError for what there is not, ValueError where nothing is left.
    """
    language = str(wanted.get("language", "fr"))
    sold = [_sell(box, one, language) for one in wanted["sales"]]
    booking, catalog, exact = BookingViews(box), CatalogViews(box, language), box.generation.exact
    under_ticket = not box.generation.has("event_session")

    def shown(one: _Sold) -> Json:
        picked = [(pick.ticket, pick.session) for pick in one.line.picks]
        return {
            "offer": exact(catalog.offer(one.line.offer)),
            "tickets": [exact(catalog.ticket(ticket)) for ticket, _session in picked],
            "sessions": [session and exact(catalog.session(session, under_ticket)) for _ticket, session in picked],
            "reservation": exact(booking.reservation(one.reservation)),
            "order": one.order and exact(booking.order(one.order)),
            "zone": str(one.line.offer.product.entry.catalog.zone),
        }

    return {
        "now": stamp(box.clock.now()),
        "sales": [shown(one) for one in sold],
        "ids": [_id(box, [str(part) for part in name]) for name in wanted.get("names", ())],
    }


def _id(box: Context, name: list[str]) -> str:
    """A product's id by its base's key and its values, or a base's by its key alone."""
    found = make_id(box.world.seed, "product", *name)
    if found in box.world.products:
        return found
    (key,) = name
    return next(one.id for one in box.world.bases.values() if one.base.key == key)


def _sell(box: Context, wanted: dict[str, Any], language: str) -> _Sold:
    product = box.world.products[make_id(box.world.seed, "product", *wanted["product"])]
    moment = _moment(box, product, wanted)
    with _at(box, moment):
        line, held = _hold(box, product, wanted, language)
    if "customer" not in wanted:
        return _Sold(line, held, None)
    with _at(box, moment + _TO_THE_ORDER):
        (order,) = Desk(box).order([held], dict(wanted["customer"]), str(wanted["reference"]), None)
    return _Sold(line, held, order)


def _moment(box: Context, product: Product, wanted: dict[str, Any]) -> datetime:
    now = box.clock.now()
    if "days" not in wanted:
        return now - timedelta(seconds=float(wanted.get("seconds", 0)))
    there = now.astimezone(product.entry.catalog.zone)
    day = there.date() - timedelta(days=int(wanted["days"]))
    return datetime.combine(day, time.fromisoformat(wanted["time"]), there.tzinfo)


@contextmanager
def _at(box: Context, moment: datetime) -> Iterator[None]:
    """Another time at the whole sandbox; nobody else sees it, for nothing else runs meanwhile."""
    away = (moment - box.clock.now()).total_seconds()
    box.clock.advance(away)
    try:
        yield
    finally:
        box.clock.advance(-away)


def _hold(box: Context, product: Product, wanted: dict[str, Any], language: str) -> tuple[Line, Reservation]:
    """The first day with places from the one that is wanted on."""
    people = int(wanted["quantity"])
    for day in _days(box, product, wanted.get("ahead")):
        offer = box.world.offer_on(product, day)
        picks = [_pick(box, ticket, people) for ticket in box.world.tickets(offer)]
        if all(picks) and (line := Line(offer, people, tuple(filter(None, picks)))):
            for held in Desk(box).hold([line], Refusals(), language):
                return line, held
    raise ValueError("nothing is left of it")


def _days(box: Context, product: Product, ahead: int | None) -> Sequence[date | None]:
    if ahead is None:
        return [None]
    first = box.world.today(product.entry.catalog) + timedelta(days=ahead)
    return [day for day in box.world.days(product.entry) if day >= first][:_DAYS]


def _pick(box: Context, ticket: Ticket, people: int) -> Pick | None:
    """The ticket with its first session that has room; None where none has."""
    if not ticket.part.times:
        return Pick(ticket, None, None)
    free = (one for one in box.world.sessions(ticket) if box.stock.session_left(one) >= people)
    session = next(free, None)
    return Pick(ticket, session, None) if session else None
