"""Orders as the sale keeps them, with what of them is not as it was held and paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.booking.seats import issued
from korus_tui.sale.money import Money, total
from korus_tui.sale.state import Sale
from korus_tui.sale.values import About, Line, PlacedOrder, Unlike

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order
    from korus_tui.api.models.bulk import FailedOrder

WAITING = "waiting_beneficiary_data"
NO_CURRENCY = "XXX"  # ISO 4217: an amount whose currency nobody said
_CONFIRMED = ("", "confirmed", "cancelled")  # statuses that are documented, or not said by older versions


def failures_of(failed: Sequence[FailedOrder], left: Sequence[str]) -> dict[str, FailedOrder]:
    """The reservations of `left` that a failure names. One that names none says nothing of any of them."""
    named = {failure.reservation.id: failure for failure in failed if failure.reservation is not None}
    return {one: named[last_id(one)] for one in left if last_id(one) in named}


def placed_of(order: Order, sale: Sale, *reservations: str) -> PlacedOrder:
    """The order in the sale's terms, made from these reservations; none: of which it is made, nothing says.

    The API's currency stands on the offer only, so the holds' is taken; an order that does not say its total is taken
    to cost what was held.
    """
    held, currency = _held(sale, reservations)
    including, excluding = order.total_amount_incl_tax, order.total_amount_excl_tax
    waiting = tuple(
        str(ticket.iri) for item in order.items for ticket in item.tickets if ticket.status.lower() == WAITING
    )
    return PlacedOrder(
        order=str(order.iri),
        reference=order.reference,
        reservation=reservations[0] if reservations else None,
        total=held if including is None else Money(including, currency).whole,
        total_excl_tax=None if excluding is None else Money(excluding, currency).whole,
        cancelled=order.cancelled,
        documents=tuple(str(document) for document in order.documents),
        waiting_tickets=waiting,
        tickets=issued(order),
        covers=reservations[1:],
        unlike=(*_of_another(order, reservations), *_unlike(order, sale, _lines(sale, reservations))),
        odd=order.odd,
        incident=order.incident,
    )


def placed_bare(iri: str, sale: Sale, *reservations: str, incident: str) -> PlacedOrder:
    """An order that exists, as its reservations name it, and of which nothing else can be had or read."""
    held, _currency = _held(sale, reservations)
    covers = reservations[1:]
    return PlacedOrder(iri, "", reservations[0], held, None, covers=covers, odd=("Order",), incident=incident)


def _held(sale: Sale, reservations: Sequence[str]) -> tuple[Money, str]:
    """What these holds came to together, and the sale's currency."""
    holds = [one.total for one in (*sale.holds, *sale.let_go) if one.reservation in reservations]
    currency = holds[0].currency if holds else sale.currency or NO_CURRENCY
    return total(holds, currency) if holds else Money(Decimal(0), currency), currency


def _lines(sale: Sale, reservations: Sequence[str]) -> list[Line]:
    """The lines of these holds; none where one of them keeps lines that the sale has no more."""
    kept = [state.line for state in sale.lines if state.hold in reservations]
    wanted = {one for hold in sale.holds if hold.reservation in reservations for one in hold.lines}
    return kept if {line.id for line in kept} == wanted else []


def _of_another(order: Order, reservations: Sequence[str]) -> Iterable[Unlike]:
    """A hold names the order, and the order names another hold: one of them is wrong."""
    ours, theirs = [last_id(one) for one in reservations], order.reservation
    if ours and theirs is not None and theirs.id.casefold() not in map(str.casefold, ours):
        yield Unlike(About.RESERVATION, ", ".join(ours), theirs.id)


def _unlike(order: Order, sale: Sale, lines: Sequence[Line]) -> Iterable[Unlike]:
    """What can be compared in the order's generation and is not as the lines have it."""
    theirs = order.external_reference.strip()
    if theirs and theirs.casefold() != sale.reference.casefold():
        yield Unlike(About.REFERENCE, sale.reference, theirs)
    if order.status.lower() not in _CONFIRMED and not order.cancelled:
        yield Unlike(About.STATUS, "confirmed", order.status)
    if not lines or not order.items or any(part.startswith("items") for part in order.odd):
        return
    people, ordered = sum(line.quantity for line in lines), sum(item.quantity for item in order.items)
    if people != ordered:
        yield Unlike(About.PEOPLE, str(people), str(ordered))
    days = {item.date.isoformat() for item in order.items if item.date}
    yield from _other(About.DAY, {line.day.isoformat() for line in lines if line.day}, days)
    offers = {item.offer.id for item in order.items if item.offer}
    yield from _other(About.OFFER, {last_id(line.offer) for line in lines}, offers)
    products = {item.product.id for item in order.items if item.product}
    yield from _other(About.PRODUCT, {last_id(line.product) for line in lines}, products)
    yield from _sessions(order, lines)


def _other(about: About, wanted: set[str], ordered: set[str]) -> Iterable[Unlike]:
    """What is wanted and not there, beside what is there instead; nothing where the order says nothing of it."""
    if wanted and ordered and not wanted <= ordered:
        yield Unlike(about, ", ".join(sorted(wanted - ordered)), ", ".join(sorted(ordered - wanted or ordered)))


def _sessions(order: Order, lines: Sequence[Line]) -> Iterable[Unlike]:
    """Older versions name the session, newer ones the moment at which a ticket's place is taken."""
    chosen = [ticket for line in lines for ticket in line.tickets if ticket.session]
    starts = {last_id(ticket.session): ticket.starts_at for ticket in chosen if ticket.session}
    named = {one.session.id for item in order.items for one in item.offer_tickets if one.session}
    missing = sorted(set(starts) - named) if named else []
    if missing:
        wanted = [start.isoformat() if (start := starts[one]) else one for one in missing]
        yield Unlike(About.SESSION, ", ".join(wanted), ", ".join(sorted(named - set(starts) or named)))
        return
    moments = {one.occurs_at for item in order.items for one in item.tickets if one.occurs_at}
    gone = sorted(start for start in starts.values() if start and moments and start not in moments)
    if gone:
        other = sorted(one.astimezone(gone[0].tzinfo) for one in moments - set(starts.values()) or moments)
        yield Unlike(
            About.SESSION,
            ", ".join(one.isoformat() for one in gone),
            ", ".join(one.isoformat() for one in other),
        )
