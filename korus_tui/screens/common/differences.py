"""Two figures that should be equal, in words; and an answer that was not understood."""

from __future__ import annotations

from datetime import date, datetime

from korus_tui.i18n import _
from korus_tui.sale.differences import Between, Difference
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale, what_was_not_understood
from korus_tui.sale.values import Refusal
from korus_tui.screens.common import formats as words


def unread_said(refusal: Refusal) -> str:
    """That an answer came and was not understood; nothing where none came."""
    place = what_was_not_understood(refusal)
    return place and _("Korus answered, and this till does not understand it ({place})").format(place=place)


def difference_words(sale: Sale, one: Difference) -> str:
    """Two figures that should be equal, both named."""
    names = ", ".join(state.line.name for state in sale.lines if state.hold == one.reservation)
    return words.about(names, difference_said(one)) if names else difference_said(one)


def difference_said(one: Difference) -> str:
    """The two figures of a difference."""
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
        Between.STATUS_ORDERED: _("Korus shows the order as “{second}”"),
        Between.ANOTHERS_ORDER: _("Korus answered with {second}, which is not of this sale: leave that order alone"),
    }[one.between]
    return said.format(first=_figure(one.first), second=_figure(one.second))


def _figure(value: Money | str) -> str:
    """An amount, or what an order says of days and sessions, in words; what is neither stays as it came."""
    if isinstance(value, Money):
        return words.money(value)
    return ", ".join(_day_or_time(part) for part in value.split(", "))


def _day_or_time(text: str) -> str:
    try:
        if len(text) > 10:
            moment = datetime.fromisoformat(text)
            return f"{words.day(moment.date())} {words.time(moment)}"
        return words.day(date.fromisoformat(text))
    except ValueError:
        return text
