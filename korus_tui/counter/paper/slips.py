"""Slips as plain text, made from a sale's records alone: the same records give the same slip again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from korus_tui.counter.booking.methods import METHODS
from korus_tui.counter.paper.dates import moment, short_day
from korus_tui.counter.paper.layout import WIDTH, Paper, pair, printable
from korus_tui.counter.paper.seats import party, places, ticket
from korus_tui.counter.till.report import mode_name
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.money import Money, total
from korus_tui.sale.reading import mark
from korus_tui.sale.seats import Together, parties, seats_of
from korus_tui.sale.state import LineState, Sale
from korus_tui.sale.values import Line, Method, Payment
from korus_tui.text.venue_time import at_venue, clock

_MONEY = (e.PaymentTaken, e.MoneyGivenBack, e.DifferenceAbsorbed, e.OrderPlaced, e.CancellationAsked)


class SlipKind(StrEnum):
    """What a slip is for; also a part of its file's name."""

    RECEIPT = "receipt"
    NOT_CONFIRMED = "not-confirmed"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Venue:
    """Where it was sold, and the zone that its times are written in."""

    name: str
    zone: tzinfo


def slip(
    kind: SlipKind, rows: Sequence[e.Recorded], venue: Venue, width: int = WIDTH, copy: int = 1, *, codes: bool = True
) -> str:
    """The slip of a sale, `width` columns wide; what is no first copy says so. Without `codes` it lets nobody in.

    Raises ValueError for a sale without records, NotAllowed for records no sale can have.
    """
    sale = fold(row.event for row in rows)
    if sale is None:
        raise ValueError("no sale")
    paper = Paper(width, codes=codes)
    parts = {SlipKind.RECEIPT: _receipt, SlipKind.NOT_CONFIRMED: _not_confirmed, SlipKind.REFUND: _refund}[kind]
    lines = [*_head(paper, kind, sale, rows, venue, copy), *parts(paper, sale, rows), *_foot(paper, sale)]
    return "\n".join(printable(line).rstrip() for line in lines) + "\n"


def written_at(rows: Sequence[e.Recorded]) -> datetime:
    """When the last thing happened that a slip tells of: the date on it, also on every later copy."""
    return next((row for row in reversed(rows) if isinstance(row.event, _MONEY)), rows[-1]).at


def kind_of(sale: Sale) -> SlipKind:
    """The slip that a sale needs as it stands."""
    if sale.paid_not_confirmed and sale.open:
        return SlipKind.NOT_CONFIRMED
    return SlipKind.REFUND if sale.given_back and not sale.orders else SlipKind.RECEIPT


# Parts


def _head(paper: Paper, kind: SlipKind, sale: Sale, rows: Sequence[e.Recorded], venue: Venue, copy: int) -> list[str]:
    title = {
        SlipKind.RECEIPT: _("RECEIPT"),
        SlipKind.NOT_CONFIRMED: _("PAID – NOT CONFIRMED"),
        SlipKind.REFUND: _("REFUND"),
    }[kind]
    last = next((row for row in reversed(rows) if isinstance(row.event, _MONEY)), rows[-1])
    practice = mode_name(sale.mode)
    return [
        *paper.centred(venue.name),
        *(paper.centred(f"*** {practice} ***") if practice else []),
        "",
        *paper.centred(title),
        *(paper.centred(_("COPY {number}").format(number=copy)) if copy > 1 else []),
        "",
        pair(_("Sale"), sale.reference),
        pair(_("Date"), moment(at_venue(last.at, venue.zone), sale.language)),
        *paper.wrapped(" · ".join(part for part in (last.till, last.agent) if part)),
        *([pair(_("Record"), mark(last.seq, last.hash))] if last.hash else []),
        paper.rule,
    ]


def _receipt(paper: Paper, sale: Sale, _rows: Sequence[e.Recorded]) -> list[str]:
    lines: list[str] = []
    for state in sale.lines:
        lines += _sold(paper, sale, state.line, _amount(sale, state))
        if not state.order:
            lines.append("  " + _("not booked"))
    lines += [*_apart(paper, sale), paper.rule, paper.row(_total_words(sale), sale.to_collect)]
    tax = _tax(sale)
    if tax is not None:
        lines.append(paper.row("  " + _("of which tax"), tax))
    lines += ["", *_money(paper, sale)]
    if sale.orders:
        lines += [paper.rule, *_references(paper, sale)]
    return lines


def _not_confirmed(paper: Paper, sale: Sale, _rows: Sequence[e.Recorded]) -> list[str]:
    lines = [line for state in sale.lines for line in _sold(paper, sale, state.line, _amount(sale, state))]
    said = _("Your payment is recorded. Whether your tickets are booked is not known yet; keep this slip.")
    ask = _("Ask for reference {reference}.").format(reference=sale.reference)
    references = [paper.rule, *_references(paper, sale)] if sale.orders else []
    return [
        *lines,
        *_apart(paper, sale),
        paper.rule,
        *_money(paper, sale),
        *references,
        paper.rule,
        *paper.wrapped(said),
        *paper.wrapped(ask),
    ]


def _refund(paper: Paper, sale: Sale, rows: Sequence[e.Recorded]) -> list[str]:
    gone = [line for one in _gone_after_payment(rows) for line in _sold(paper, sale, one, None)]
    said = [_("Not sold:"), *gone, paper.rule] if gone else []
    back = total((one.paid_out for one in sale.given_back), sale.currency or "")
    reasons = dict.fromkeys(one.reason for one in sale.given_back)
    why = [line for reason in reasons for line in paper.wrapped(_("Reason: {reason}").format(reason=reason))]
    references = [paper.rule, *_references(paper, sale)] if sale.orders else []
    title = _("Given back {currency}").format(currency=sale.currency)
    return [*said, *_money(paper, sale), paper.rule, paper.row(title, back), *why, *references]


def _foot(paper: Paper, sale: Sale) -> list[str]:
    return [paper.rule, *(paper.centred(_("not a valid sale: practice")) if mode_name(sale.mode) else [])]


# What was sold, and what was paid


def _sold(paper: Paper, sale: Sale, line: Line, amount: Money | None) -> list[str]:
    """Name and amount, then when: each in as many lines as it needs."""
    first, *rest = paper.wrapped(f"{line.quantity} × {line.name}", 12)
    day = short_day(line.day, sale.language) if line.day else _("any day")
    times = sorted({clock(one.starts_at, line.zone) for one in line.tickets if one.starts_at})
    when = paper.wrapped(" ".join((day, *times)), 2)
    state = sale.line(line.id)
    seats = places(seats_of(sale, state)) if state else ""
    seated = paper.wrapped(seats, 2) if seats else ()
    return [paper.row(first, amount), *(f"  {one}" for one in (*rest, *when, *seated))]


def _apart(paper: Paper, sale: Sale) -> list[str]:
    """Who does not sit together: whoever pays is told so on every slip that names seats."""
    return [line for one in parties(sale) if one.together is Together.NO for line in paper.wrapped(party(one))]


def _amount(sale: Sale, state: LineState) -> Money | None:
    """What the line was held at; a reservation of several lines shows its total on the first."""
    hold = sale.hold_of(state)
    if hold is None:
        return None
    return hold.total if hold.lines[0] == state.line.id else None


def _total_words(sale: Sale) -> str:
    return _("Total {currency}").format(currency=sale.currency or "")


def _tax(sale: Sale) -> Money | None:
    """What of the orders is tax; None where the API did not say it of every one."""
    if not sale.orders or sale.currency is None or any(one.total_excl_tax is None for one in sale.orders):
        return None
    taxes = (one.total - one.total_excl_tax for one in sale.orders if one.total_excl_tax)
    tax = total(taxes, sale.currency)
    return tax if tax.amount > 0 else None


def _money(paper: Paper, sale: Sale) -> list[str]:
    """Everything that moved over the counter, and what did not have to."""
    lines = [line for payment in sale.payments for line in _paid(paper, payment)]
    for back in sale.given_back:
        lines += _went_back(paper, back.method, back.amount, back.rounding)
    if sale.house_bears:
        lines.append(paper.row(_("borne by the house"), sale.house_bears))
    for one in sale.cancellations:
        if one.given_back and one.method:
            lines += _went_back(paper, one.method, one.given_back, one.rounding)
    if sale.credit:
        lines.append(paper.row(_("still to be given back"), sale.credit))
    return lines


def _went_back(paper: Paper, method: Method, amount: Money, rounding: Money | None) -> list[str]:
    lines = [paper.row(_("given back, {method}").format(method=METHODS[method].label), -amount)]
    if rounding is not None:
        lines.append(paper.row("  " + _("cash rounding"), -rounding))
        lines.append(paper.row("  " + _("in coins"), -(amount + rounding)))
    return lines


def _paid(paper: Paper, payment: Payment) -> list[str]:
    lines = [paper.row(_("paid, {method}").format(method=METHODS[payment.method].label), payment.amount)]
    card = f"**{payment.last_four}" if payment.last_four else ""
    facts = " ".join(part for part in (payment.brand, card, payment.authorisation, payment.voucher) if part)
    if facts:
        lines += [f"  {one}" for one in paper.wrapped(facts, 2)]
    if payment.rounding is not None:
        lines.append(paper.row("  " + _("cash rounding"), payment.rounding))
        lines.append(paper.row("  " + _("in coins"), payment.collected))
    if payment.tendered is not None and payment.change:
        lines += [paper.row("  " + _("given"), payment.tendered), paper.row("  " + _("change"), payment.change)]
    return lines


def _references(paper: Paper, sale: Sale) -> list[str]:
    lines = []
    for one in sale.orders:
        word = _("Order, cancelled") if one.cancelled else _("Order")
        lines += [word, *(f"  {part}" for part in paper.wrapped(one.reference or one.order, 2))]
        for issued in one.tickets:
            if said := ticket(issued, whole=paper.codes):
                lines += [f"  {part}" for part in paper.wrapped(_("ticket {voucher}").format(voucher=said), 2)]
    return lines


def _gone_after_payment(rows: Iterable[e.Recorded]) -> list[Line]:
    """Lines that were taken out after money was: what a refund is for."""
    known: dict[str, Line] = {}
    gone: list[Line] = []
    paid = False
    for row in rows:
        match row.event:
            case e.LineAdded(line=line):
                known[line.id] = line
            case e.PaymentTaken():
                paid = True
            case e.LineRemoved(line=line_id) if paid:
                gone.append(known[line_id])
    return gone
