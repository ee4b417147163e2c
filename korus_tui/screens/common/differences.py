"""Two figures that should be equal, in words; and an answer that was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.differences import Between, Difference
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale, what_was_not_understood
from korus_tui.sale.values import Refusal
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined


def unread_said(refusal: Refusal) -> str:
    """That an answer came and was not understood; nothing where none came."""
    place = what_was_not_understood(refusal)
    return place and _("Korus answered, and this till does not understand it ({place})").format(place=place)


def product_names(services: Services) -> dict[str, str]:
    """What the catalog's products are called, by their id."""
    content = services.catalogs.content
    return content.names if content else {}


def difference_words(sale: Sale, one: Difference, names: Mapping[str, str]) -> str:
    """Two figures that should be equal, both named; `names` are those of products by their id."""
    lines = ", ".join(state.line.name for state in sale.lines if state.hold == one.reservation)
    said = difference_said(sale, one, names)
    return words.about(lines, said) if lines else said


def decided(found: Iterable[Difference], sale: Sale, services: Services) -> dict[str, str]:
    """What a person says yes to: each by its key, in the words that were read."""
    names = product_names(services)
    return {one.key: difference_words(sale, one, names) for one in found}


def difference_said(sale: Sale, one: Difference, names: Mapping[str, str]) -> str:
    """The two figures of a difference; what only an id tells is named, or said not to be known here."""
    said = {
        Between.QUOTED_HELD: _("quoted {first}, now held at {second}"),
        Between.ITEMS_HELD: _("the items add up to {first}, the hold says {second}"),
        Between.HELD_ORDERED: _("held at {first}, ordered at {second}"),
        Between.PEOPLE_ORDERED: _("held for {first} people, ordered for {second}"),
        Between.DAY_ORDERED: _("held for {first}, ordered for {second}"),
        Between.SESSION_ORDERED: _("held for the session {first}, ordered for {second}"),
        Between.PRODUCT_ORDERED: _("another product was ordered: {second} in place of {first}"),
        Between.OFFER_ORDERED: _("another offer was ordered: {second} in place of {first}"),
        Between.REFERENCE_ORDERED: _("our reference is {first}, the order's is {second}"),
        Between.RESERVATION_ORDERED: _("the order says that it is of the hold {second}, not of {first}"),
        Between.STATUS_ORDERED: _("Korus shows the order as “{second}”"),
        Between.ANOTHERS_ORDER: _("Korus answered with {second}, which is not of this sale: leave that order alone"),
    }[one.between]
    known = names if one.between in _BY_ID else None
    if known is not None:
        known = {**names, **_names_in(sale)}
    return said.format(first=_figure(one.first, known), second=_figure(one.second, known))


_BY_ID = (Between.PRODUCT_ORDERED, Between.OFFER_ORDERED, Between.SESSION_ORDERED)


def _names_in(sale: Sale) -> dict[str, str]:
    """What the sale itself says of products, offers and sessions, by their id."""
    found: dict[str, str] = {}
    for state in (*sale.lines, *sale.taken_out):
        line = state.line
        found[last_id(line.product)] = line.name
        found[last_id(line.offer)] = joined((line.name, words.day(line.day)))
        for ticket in line.tickets:
            if ticket.session and ticket.starts_at:
                found[last_id(ticket.session)] = ticket.starts_at.isoformat()
    return found


def _figure(value: Money | str, names: Mapping[str, str] | None) -> str:
    """An amount, or what an order says of days and sessions, in words; what is neither stays as it came.

    With `names` what is neither is an id.
    """
    if isinstance(value, Money):
        return words.money(value)
    return ", ".join(dict.fromkeys(_named(part, names) for part in value.split(", ")))


def _named(part: str, names: Mapping[str, str] | None) -> str:
    told = _day_or_time(names.get(part, part) if names is not None else part)
    return _("one that is not known here") if names is not None and told == part else told


def _day_or_time(text: str) -> str:
    try:
        if len(text) > 10:
            moment = datetime.fromisoformat(text)
            return f"{words.day(moment.date())} {words.time(moment)}"
        return words.day(date.fromisoformat(text))
    except ValueError:
        return text
