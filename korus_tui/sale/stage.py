"""Where a sale stands on its way from payment to order: what is to be done next, and by which keys."""

from __future__ import annotations

from enum import StrEnum

from korus_tui.sale.differences import undecided
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.sale.values import Doubt


class Stage(StrEnum):
    """What the agent has to do next."""

    COLLECT = "collect"
    BOOK = "book"
    BOOKING = "booking"
    UNKNOWN = "unknown"
    HOLDING = "holding"
    LAPSED = "lapsed"
    DECIDE = "decide"
    GIVE_BACK = "give back"
    DONE = "done"


def stage_of(sale: Sale) -> Stage:  # noqa: PLR0911 - one stage a line, the first that fits
    if sale.all_ordered and sale.credit is None:
        return Stage.DONE
    if sale.attempt is not None and sale.attempt.doubt is Doubt.ORDER:
        return Stage.UNKNOWN if sale.attempt.unknown else Stage.BOOKING
    if sale.attempt is not None:
        return Stage.HOLDING
    if sale.all_ordered or not sale.lines:
        return Stage.GIVE_BACK
    if len(sale.with_status(LineStatus.HELD, LineStatus.ORDERED)) < len(sale.lines):
        return Stage.LAPSED
    if undecided(sale):
        return Stage.DECIDE
    due = sale.due
    return Stage.COLLECT if due is not None and due.amount > 0 else Stage.BOOK
