"""What stands on the customer's side, line by line, at any size: the figures are ready, here they are laid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from korus_tui.counter.facing.seen import FacingSale, FacingStage, Position
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats as words
from korus_tui.widgets.big_amount import HEIGHT as BIG
from korus_tui.widgets.big_amount import big_lines
from korus_tui.widgets.inks import InkLine, PaintedView, Piece
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, cut, fit, width_of, wrap

_WIDEST = 96  # cells: on a wider screen what belongs together would stand too far apart
_LOW = 12  # lines from which the amount is written large
_AIRY = 20  # lines from which things stand apart
_FRAME = 8  # cells that a frame takes beside what is in it
_FRAMED = _WIDEST + _FRAME + 8  # cells from which what stands in the middle of a large screen has a frame


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session of today: when, what, and whether no place is left."""

    time: str
    name: str
    full: bool = False


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything that is shown. `now` is the venue's time; `foot` one quiet line;"""

    venue: str = ""
    now: datetime | None = None
    sale: FacingSale | None = None
    today: tuple[SessionLine, ...] = ()
    ready: int = 0  # documents that can be fetched now
    which: int = 0  # of these the one whose code is shown, from 1; 0 for none
    finished: bool = False
    foot: str = ""


class CustomerBoard(PaintedView[BoardView]):
    """Paints a View."""

    def __init__(self) -> None:
        super().__init__(BoardView(), id="board")

    def lines(self, width: int) -> list[InkLine]:
        """All lines of the widget's height, the content in its middle."""
        height = self.size.height
        if height <= 0 or width <= 0:
            return []
        inner = max(1, min(width - 2 if width > 24 else width, _WIDEST))
        view = self._view
        sale = view.sale
        body = self._idle(inner, height) if sale is None else self._sale(sale, inner, height)
        foot = [(Piece(cut(clean(view.foot), inner), "muted"),)] if view.foot and height > 3 else []
        room = height - len(foot)
        body = body[:room]
        if width >= _FRAMED and height >= _AIRY + _LOW and body:
            body = _framed(body, inner)
            inner += _FRAME
        above = (room - len(body)) // (2 if sale is None else 3)
        left = " " * ((width - inner) // 2)
        laid = [*[()] * above, *body, *[()] * (room - above - len(body)), *foot]
        return [(Piece(left), *line) if line else () for line in laid]

    # Nobody is served

    def _idle(self, width: int, height: int) -> list[InkLine]:
        view = self._view
        head = [_middle(line, width, "accent strong") for line in wrap(view.venue or _("Welcome"), width, most=2)]
        if view.now is not None:
            said = cut(f"{words.long_day(view.now.date())}  {words.time(view.now)}", width)
            head.append(_middle(said, width, "muted"))
        room = height - len(head) - (1 if view.foot else 0)
        if not view.today or room < 3:
            return head
        air: list[InkLine] = [()] * (2 if height >= _AIRY else 1)
        most = room - len(air) - 1
        shown = view.today[:most]
        column = min(width, max(34, 10 + max(width_of(one.name) for one in shown)))
        pad = Piece(" " * ((width - column) // 2))
        title: InkLine = (pad, Piece(cut(_("Today"), column), "strong"))
        return [*head, *air, title, *((pad, *_session(one, column)) for one in shown)]

    # Somebody is

    def _sale(self, sale: FacingSale, width: int, height: int) -> list[InkLine]:
        foot = self._end(sale, width, height)
        head: list[InkLine] = []
        if height >= _LOW and self._view.venue:
            head = [(Piece(cut(clean(self._view.venue), width), "muted"),)]
            head += [()] if height >= _AIRY else []
        rule: InkLine = (Piece(signs().across * width, "rule"),)
        room = height - len(head) - len(foot) - (1 if self._view.foot else 0)
        if room < 2:
            return foot
        positions = self._positions(sale, width, room - 1)
        air: list[InkLine] = [()] if room - len(positions) >= _AIRY else []
        return [*head, *positions, *air, rule, *air, *foot]

    def _positions(self, sale: FacingSale, width: int, room: int) -> list[InkLine]:
        amounts = [words.money(one.amount) for one in sale.positions]
        widest = max(map(width_of, amounts))
        most = max(0, min(room // len(sale.positions), 3) - 1) if width < 60 else 0
        blocks = [_position(one, said, width, widest, most) for one, said in zip(sale.positions, amounts, strict=True)]
        rows = [line for block in blocks for line in block]
        if len(rows) <= room:
            return rows
        left = len(blocks)
        kept: list[InkLine] = []
        for block in reversed(blocks):  # what was added last is what the customer looks for
            if len(kept) + len(block) > room - 1:
                break
            kept, left = [*block, *kept], left - 1
        more = ngettext("and {count} more", "and {count} more", left).format(count=left)
        return [(Piece(cut(more, width), "muted"),), *kept][:room]

    def _end(self, sale: FacingSale, width: int, height: int) -> list[InkLine]:
        """What the customer is to know now: the figure, large, and a sentence."""
        large = height >= _LOW
        match sale.stage:
            case FacingStage.CHOOSING:
                said = words.money(sale.total)
                return _amount(_("Total"), said, width, large, "strong") if said else []
            case FacingStage.PAYING:
                if sale.due is None and sale.back is not None:
                    return _amount(_("You get back"), words.money(sale.back), width, large, "money")
                label = _("To pay")
                paid = [_pair(_("Paid so far"), words.money(sale.paid), width, "muted")] if sale.paid else []
                owed = words.money(sale.due) if sale.due is not None else words.money(sale.total)
                return [*paid, *_amount(label, owed, width, large, "money")]
            case FacingStage.DONE:
                return self._done(sale, width, large)
            case _:
                return self._paid(sale, width, large)

    def _paid(self, sale: FacingSale, width: int, large: bool) -> list[InkLine]:
        """Money was taken, and there is no ticket yet: that it is known, and that nothing need be done."""
        paid = f"{signs().ok} " + _("Paid {amount}").format(amount=words.money(sale.paid))
        wait = {
            FacingStage.CONFIRMING: _("One moment, your tickets are being booked."),
            FacingStage.DOUBT: _(
                "The booking's answer is late. Your payment is recorded; we are looking it up for you."
            ),
            FacingStage.SETTLING: _("One moment: your payment is recorded, we are seeing to your places."),
        }[sale.stage]
        told = [(Piece(line),) for line in wrap(wait, width, most=3)]
        return [(Piece(cut(paid, width), "good strong"),), *self._change(sale, width, large), *told]

    def _done(self, sale: FacingSale, width: int, large: bool) -> list[InkLine]:
        view = self._view
        paid = f"{signs().ok} " + _("Paid {amount}").format(amount=words.money(sale.paid))
        found: list[InkLine] = [(Piece(cut(paid, width), "good strong"),), *self._change(sale, width, large)]
        for sentence in self._tickets(sale):
            found += [(Piece(line),) for line in wrap(sentence, width, most=3)]
        if view.finished:
            found.append((Piece(cut(_("Thank you, and goodbye!"), width), "accent strong"),))
        return found

    def _tickets(self, sale: FacingSale) -> list[str]:
        view = self._view
        if view.which:
            several = _("Ticket {number} of {count}:").format(number=view.which, count=view.ready)
            scan = _("Scan the code with your telephone to have your tickets.")
            return [f"{several} {scan}" if view.ready > 1 else scan]
        if view.ready or not sale.documents:
            return [_("Your tickets are booked.")]
        return [_("Your tickets are booked, and being made.")]

    @staticmethod
    def _change(sale: FacingSale, width: int, large: bool) -> list[InkLine]:
        if sale.back is None:
            return []
        return [*_amount(_("Your change"), words.money(sale.back), width, large, "money"), *([()] if large else [])]


def _middle(text: str, width: int, ink: str = "") -> InkLine:
    said = cut(clean(text), width)
    return (Piece(" " * ((width - width_of(said)) // 2)), Piece(said, ink))


def _framed(lines: list[InkLine], width: int) -> list[InkLine]:
    """The lines in a quiet box of their own."""
    mark = signs()
    left, right = Piece(f"{mark.down}   ", "rule"), Piece(f"   {mark.down}", "rule")
    across = mark.across * (width + _FRAME - 2)
    above, below = mark.corners[:2], mark.corners[2:]

    def row(line: InkLine) -> InkLine:
        return (left, *line, Piece(" " * (width - sum(width_of(piece.text) for piece in line))), right)

    return [
        (Piece(f"{above[0]}{across}{above[1]}", "rule"),),
        *map(row, [(), *lines, ()]),
        (Piece(f"{below[0]}{across}{below[1]}", "rule"),),
    ]


def _pair(label: str, figure: str, width: int, ink: str) -> InkLine:
    """A label on the left, a figure on the right edge."""
    figure = cut(clean(figure), width)
    return (Piece(fit(label, width - width_of(figure)), ink), Piece(figure, ink))


def _amount(label: str, figure: str, width: int, large: bool, ink: str) -> list[InkLine]:
    rows = [clean(row) if row.strip() else row for row in big_lines(figure)]
    if not large or max(map(len, rows)) + width_of(label) + 2 > width:
        return [_pair(label, figure, width, ink)]
    room = width - max(map(len, rows))
    told = ["", "", label]
    assert len(rows) == BIG
    return [(Piece(fit(said, room), "strong"), Piece(row, ink)) for said, row in zip(told, rows, strict=True)]


def _session(one: SessionLine, width: int) -> InkLine:
    full = "  " + _("full") if one.full else ""
    ink = "muted" if one.full else ""
    name = fit(one.name, max(1, width - 7 - width_of(full)))
    return (Piece(f"{one.time}  ", ink or "accent"), Piece(name, ink), Piece(full, ink))


def _position(one: Position, amount: str, width: int, widest: int, most: int) -> list[InkLine]:
    """One line; where the line is short, the name with its amount on at most so many, and when it is below them."""
    ink = "muted" if one.gone else ""
    when = _when(one)
    if one.gone:
        when, amount = _("not available"), ""
    figure = fit(amount, widest, "right")
    room = max(1, width - widest - 1)
    name = f"{one.quantity} {signs().times} {clean(one.name)}"
    if most:
        first, *rest = wrap(name, room, most=most)
        lines: list[InkLine] = [(Piece(fit(first, room), ink), Piece(f" {figure}", ink))]
        lines += [(Piece(fit(f"    {line}", room), ink),) for line in rest]
        return [*lines, (Piece(fit(f"    {when}", width), "muted"),)] if when else lines
    told = f"  {when}" if when else ""
    if room - width_of(told) < 12:
        told = ""
    return [(Piece(fit(name, room - width_of(told)), ink), Piece(told, "muted"), Piece(f" {figure}", ink))]


def _when(one: Position) -> str:
    if one.day is None and one.starts_at is None:
        return ""
    day = words.day(one.day or (one.starts_at.date() if one.starts_at else None))
    return f"{day} {words.time(one.starts_at)}" if one.starts_at else day
