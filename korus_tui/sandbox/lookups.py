"""What a path names, found or refused with 404."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from starlette.requests import Request

from korus_tui.sandbox.data.types import Choice
from korus_tui.sandbox.problems import Problem
from korus_tui.sandbox.web import box_of, catalog_of
from korus_tui.sandbox.world import BaseEntry, Offer, Product, Session, Ticket

Found = TypeVar("Found")


def or_404(thing: Found | None) -> Found:
    """The thing, or Problem 404 without one."""
    if thing is None:
        raise Problem(404)
    return thing


def base_of(request: Request) -> BaseEntry:
    """The product base that the path names."""
    entry = or_404(box_of(request).world.bases.get(request.path_params["b"]))
    return or_404(entry if entry.catalog is catalog_of(request) else None)


def offer_of(request: Request) -> Offer:
    offer = or_404(box_of(request).world.offer(request.path_params["o"]))
    return or_404(offer if offer.product.entry.catalog is catalog_of(request) else None)


def ticket_of(request: Request) -> Ticket:
    """The ticket that the path names, by the id that a reservation takes."""
    tickets = box_of(request).world.tickets(offer_of(request))
    return or_404(next((one for one in tickets if one.id == request.path_params["t"]), None))


def event_of(request: Request) -> tuple[Product, int]:
    """The event that the path names: its product and the number of its ticket."""
    return or_404(box_of(request).world.events(catalog_of(request)).get(request.path_params["e"]))


def session_of(request: Request, sessions: Sequence[Session]) -> Session:
    """The session that the path names, among these."""
    return or_404(next((one for one in sessions if one.id == request.path_params["s"]), None))


def option_of(request: Request) -> tuple[BaseEntry, str, tuple[Choice, ...]]:
    """The option that the path names, with its base and its values."""
    entry, code = base_of(request), request.path_params["code"]
    return entry, code, or_404(dict(entry.base.options).get(code))
