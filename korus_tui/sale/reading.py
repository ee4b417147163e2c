"""An X or a Z: one shift with what its sales came to, as it is read on the screen, on paper and by other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from korus_tui.sale.events import Recorded, SaleOpened
from korus_tui.sale.money import Money
from korus_tui.sale.shifts import Shift, business_day
from korus_tui.sale.straight import Straight
from korus_tui.sale.takings import Figures, figures
from korus_tui.sale.till_events import Elsewhere, Unresolved, Waiting
from korus_tui.sale.values import Mode


@dataclass(frozen=True, slots=True)
class Reading:
    """`live` is what counts; `practice` is what training and demo sales would have brought, and is never takings.

    `elsewhere` are open sales that only another profile goes on with, `waiting` those of this counter. `at` is when it
    was read (server time); `day` the business day of the shift's opening. `record` is the mark of the newest event that
    was read; `broken` says where the till's records are not what was written, and that no figure here can be trusted
    then; `outside` what copies of their head say against them, a sentence each.
    """

    till: str
    mode: Mode
    shift: Shift
    live: Figures
    practice: Figures
    unresolved: tuple[Unresolved, ...]
    currency: str
    at: datetime
    day: date
    zone: tzinfo
    elsewhere: tuple[Elsewhere, ...] = ()
    record: str = ""
    broken: str = ""
    outside: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    @property
    def is_z(self) -> bool:
        """Whether the shift is closed, and so never changes again."""
        return self.shift.closing is not None

    @property
    def expected(self) -> Money | None:
        """What cash should be in the drawer; None before the opening."""
        if self.shift.closing is not None:
            return self.shift.closing.expected
        return self.shift.expected(self.live.cash(self.currency))


def mark(seq: int, hash_: str) -> str:
    """An event as paper names it: its number, and the last four of its hash; "" for none."""
    return f"{seq}-{hash_[-4:]}" if hash_ else ""


def earlier(shift: Shift, during: Iterable[Recorded]) -> tuple[str, ...]:
    """Sales of the shift that were opened before it: their earlier events are needed to understand the later ones."""
    rows = tuple(during)
    opened = {row.sale for row in rows if isinstance(row.event, SaleOpened)}
    return tuple(dict.fromkeys(row.sale for row in rows if row.sale not in opened)) if shift.after else ()


def within(shift: Shift, rows: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """The records that belong to the shift."""
    return tuple(row for row in rows if row.seq > shift.after and (shift.until is None or row.seq <= shift.until))


def read(
    shift: Shift,
    before: Iterable[Recorded],
    during: Iterable[Recorded],
    unresolved: tuple[Unresolved, ...],
    *,
    till: str,
    mode: Mode,
    currency: str,
    at: datetime,
    zone: tzinfo,
    elsewhere: tuple[Elsewhere, ...] = (),
    record: str = "",
    broken: str = "",
    outside: tuple[str, ...] = (),
    waiting: tuple[Waiting, ...] = (),
    straight: Mapping[str, Straight] | None = None,
) -> Reading:
    """The reading of a shift. `currency` is the till's where no float was counted yet; `straight` as `figures` has it.

    `unresolved`, `elsewhere` and `waiting` are as it is now; a closed shift keeps its own.
    """
    live, practice = figures(before, during, mode, straight)
    if shift.opening is not None:
        currency = shift.opening.amount.currency
    opened = shift.opening.by.at if shift.opening else at
    if shift.closing:
        unresolved, elsewhere, waiting = shift.closing.unresolved, shift.closing.elsewhere, shift.closing.waiting
        record = mark(shift.closing.seq, shift.closing.hash)
    day = business_day(opened, zone)
    kept = (elsewhere, record, broken, outside, waiting)
    return Reading(till, mode, shift, live, practice, unresolved, currency, at, day, zone, *kept)
