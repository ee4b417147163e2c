"""A sale as its records tell it: whole, or what can be said of one that the rules of today do not understand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from korus_tui.sale import events as e
from korus_tui.sale.apply import apply
from korus_tui.sale.home import Home
from korus_tui.sale.money import Money, total
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Mode


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sale whose record number `seq` no rule of today allows: `why`.

    `taken` is the money recorded, less what went back; None where there is none, or in several currencies.
    """

    reference: str
    mode: Mode
    seq: int
    why: str
    taken: Money | None
    ended: bool
    server: str = ""

    @property
    def home(self) -> Home:
        """The mode and the server that it belongs to, as far as its records say."""
        return Home(self.mode, self.server)


def recall(rows: Sequence[e.Recorded]) -> Sale | Unreadable | None:
    """The sale that was recorded; None for no records. What was written is never edited, so it is never refused."""
    sale: Sale | None = None
    for row in rows:
        try:
            sale = apply(sale, row.event)
        except Exception as error:  # rules that are newer than the record may fail on it in any way
            return _unreadable(rows, row, str(error) or type(error).__name__)
    return sale


def readable(found: Iterable[Sale | Unreadable | None]) -> tuple[Sale, ...]:
    """Those that are sales."""
    return tuple(one for one in found if isinstance(one, Sale))


def unreadable(found: Iterable[Sale | Unreadable | None]) -> tuple[Unreadable, ...]:
    """Those that are not understood."""
    return tuple(one for one in found if isinstance(one, Unreadable))


def _unreadable(rows: Sequence[e.Recorded], row: e.Recorded, why: str) -> Unreadable:
    opened = next((one.event for one in rows if isinstance(one.event, e.SaleOpened)), None)
    mode, server = (opened.mode, opened.server) if opened else (Mode.LIVE, "")
    ended = any(isinstance(one.event, e.SaleFinished | e.SaleVoided | e.SaleClosedByHand) for one in rows)
    return Unreadable(row.sale, mode, row.seq, why, _taken(rows), ended, server)


def _taken(rows: Sequence[e.Recorded]) -> Money | None:
    moved: dict[str, Money] = {}  # by payment; what went back by its place
    for row in rows:
        match row.event:
            case e.PaymentTaken(payment=payment):
                moved[payment.id] = payment.amount
            case e.PaymentUndone(payment=undone):
                moved.pop(undone, None)
            case e.MoneyGivenBack(amount=back):
                moved[f"back {row.seq}"] = -back
    currencies = {one.currency for one in moved.values()}
    return total(moved.values(), currencies.pop()) if len(currencies) == 1 else None
