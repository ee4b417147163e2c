"""What the agent is told of a sale whose records the rules of today do not understand (sale/recall.py)."""

from __future__ import annotations

from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale.recall import Unreadable


def why(one: Unreadable) -> str:
    """Which record is not understood."""
    return _("Record {number} is not understood ({why}).").format(number=one.seq, why=one.why)


def advice() -> str:
    """What to do about it."""
    return _(
        "Its records are kept. ‹orders.ask› asks Korus for its orders by this reference; settle the rest with the"
        " customer by hand, and have the sale looked at before the till is closed."
    )


def error_of(one: Unreadable) -> CounterError:
    """What whoever opens it is told."""
    what = _("The sale {reference} cannot be read.").format(reference=one.reference)
    return CounterError(Problem(what, f"{why(one)} {advice()}", _("‹orders.ask› asks Korus")))
