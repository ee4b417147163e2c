"""The fold: one event turns a sale into the next (docs/architecture.md, Idea 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from korus_tui.sale import afterwards, settling
from korus_tui.sale import events as e
from korus_tui.sale.payment import is_card_number
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.rule import need as _need
from korus_tui.sale.state import (
    CANCELLED,
    EXPIRED,
    HELD_BACK,
    Attempt,
    Ending,
    Handed,
    LineState,
    LineStatus,
    Sale,
    Stranger,
    held_at_most_until,
)
from korus_tui.sale.values import SHOWN, Doubt, Hold, Method


def fold(events: Iterable[e.Event]) -> Sale | None:
    """The sale that these events, in order, make; None for no events. Raises NotAllowed."""
    sale: Sale | None = None
    for event in events:
        sale = apply(sale, event)
    return sale


def apply(sale: Sale | None, event: e.Event) -> Sale:
    """The sale after the event. Pure; raises NotAllowed where a rule of the counter forbids it."""
    if isinstance(event, e.SaleOpened):
        _need(sale is None, "the sale is open already")
        return Sale(event.reference, event.catalog, event.mode, event.language, server=event.server)
    if sale is None:
        raise NotAllowed("no sale is open")
    _need(sale.open or isinstance(event, e.AFTER_THE_END), "the sale has ended")
    rule: Callable[[Sale, Any], Sale] = _RULES[type(event)]
    return rule(sale, event)


def _line_added(sale: Sale, event: e.LineAdded) -> Sale:
    _need(sale.may_change, "the basket is pinned while payment runs")
    _need(sale.line(event.line.id) is None, "the line is there already")
    _need(event.line.quantity >= 1, "a line is for one person at least")
    _need(sale.currency in (None, event.line.quoted.currency), "one sale has one currency")
    lines = (*sale.lines, LineState(event.line, replaces=event.replaces))
    return replace(sale, lines=lines, absorbed=None)  # it was decided for other lines


def _line_removed(sale: Sale, event: e.LineRemoved) -> Sale:
    state = sale.line(event.line)
    _need(state is not None, "the line is not there")
    assert state is not None
    _need(sale.may_change, "the basket is pinned while payment runs")
    _need(not (sale.attempt and event.line in sale.attempt.lines), "an answer for the line is awaited")
    _need(state.order is None, "the line is ordered")
    return _taken_out(sale, [state])


def _taken_out(sale: Sale, states: Iterable[LineState]) -> Sale:
    """The sale without these lines; what shared a hold with one is chosen again."""
    gone = [replace(state, replaces=(), refusal=None) for state in states]
    ids = {state.line.id for state in gone}
    left = tuple(state for state in sale.lines if state.line.id not in ids)
    lines = _without(left, {state.hold for state in gone})
    return _let_go(replace(sale, lines=lines, taken_out=(*sale.taken_out, *gone), absorbed=None))


def _line_restored(sale: Sale, event: e.LineRestored) -> Sale:
    _need(sale.may_change, "the basket is pinned while payment runs")
    state = next((one for one in reversed(sale.taken_out) if one.line.id == event.line), None)
    _need(state is not None and sale.line(event.line) is None, "the line was not taken out")
    assert state is not None
    _need(sale.currency in (None, state.line.quoted.currency), "one sale has one currency")
    rest = tuple(one for one in sale.taken_out if one.line.id != event.line)
    back = replace(state, hold=None, lapsed=False)
    sale = replace(sale, lines=(*sale.lines, back), taken_out=rest, absorbed=None)
    if not event.reservation:
        return sale
    hold = next((one for one in sale.let_go if one.reservation == event.reservation), None)
    _need(hold is not None and state.hold == event.reservation, "the hold is not known")
    assert hold is not None
    free = {one.line.id for one in sale.lines if one.hold is None and not one.order}
    _need(set(hold.lines) <= free, "others of the hold are not free for it")
    lines = tuple(
        replace(one, hold=hold.reservation, lapsed=False, refusal=None) if one.line.id in hold.lines else one
        for one in sale.lines
    )
    left = tuple(one for one in sale.let_go if one is not hold)
    return replace(sale, lines=lines, holds=(*sale.holds, hold), let_go=left)


def _changed(sale: Sale) -> Sale:
    """Where all that takes the place of a held line is held, that line goes; where some is refused, it stays."""
    for replaces in dict.fromkeys(state.replaces for state in sale.lines if state.replaces):
        new = [state for state in sale.lines if state.replaces == replaces]
        if any(state.refusal and state.refusal.code != HELD_BACK for state in new):
            lost = tuple(until for state in new for until in state.lost)  # places that may be held for nobody
            sale = _taken_out(sale, new)
            lines = (replace(one, lost=(*one.lost, *lost)) if one.line.id in replaces else one for one in sale.lines)
            sale = replace(sale, lines=tuple(lines), taken_out=sale.taken_out[: -len(new)])
        elif all(state.hold and not state.lapsed for state in new):
            sale = _taken_out(sale, [state for state in sale.lines if state.line.id in replaces])
            lines = (replace(one, replaces=()) if one.replaces == replaces else one for one in sale.lines)
            sale = replace(sale, lines=tuple(lines))
    return sale


def _without(lines: Iterable[LineState], holds: set[str | None]) -> tuple[LineState, ...]:
    """A reservation is let go whole: lines that shared it are chosen again, and must be held anew."""
    return tuple(
        replace(state, hold=None, lapsed=False) if state.hold and state.hold in holds else state for state in lines
    )


def _let_go(sale: Sale) -> Sale:
    """Holds that no line uses any more run on without us until they lapse."""
    used = {state.hold for state in sale.lines if state.hold}
    gone = tuple(hold for hold in sale.holds if hold.reservation not in used)
    kept = tuple(hold for hold in sale.holds if hold.reservation in used)
    return replace(sale, holds=kept, let_go=(*sale.let_go, *gone)) if gone else sale


def _hold_requested(sale: Sale, event: e.HoldRequested) -> Sale:
    _need(sale.attempt is None, "one call at a time")
    _need(bool(event.lines), "there is nothing to hold")
    for line_id in event.lines:
        state = sale.line(line_id)
        _need(state is not None and not sale.is_booked(state), "the line is not there, or booked")
    return replace(sale, attempt=Attempt(event.attempt, Doubt.HOLD, event.lines))


def _attempt(sale: Sale, attempt: str, doubt: Doubt) -> Attempt:
    open_one = sale.attempt
    if open_one is None or open_one.id != attempt or open_one.doubt is not doubt:
        raise NotAllowed("no such call is open")
    return open_one


def _answered(attempt: Attempt, lines: Iterable[str] = (), reservations: Iterable[str] = ()) -> Attempt | None:
    """The attempt with these parts answered; None once everything it asked for is."""
    done_lines, done = set(lines), set(reservations)
    left = replace(
        attempt,
        lines=tuple(line for line in attempt.lines if line not in done_lines),
        reservations=tuple(one for one in attempt.reservations if one not in done),
    )
    return left if (left.reservations if attempt.doubt is Doubt.ORDER else left.lines) else None


def _hold_placed(sale: Sale, event: e.HoldPlaced) -> Sale:
    attempt = _attempt(sale, event.attempt, Doubt.HOLD)
    hold = event.hold
    _need(bool(hold.lines) and set(hold.lines) <= set(attempt.lines), "the hold is for other lines")
    _need(all(one.reservation != hold.reservation for one in sale.holds), "the hold is known already")
    _need(sale.currency in (None, hold.total.currency), "one sale has one currency")
    before = {state.hold for state in sale.lines if state.line.id in hold.lines}
    lines = tuple(_held(state, hold) if state.line.id in hold.lines else state for state in sale.lines)
    held = replace(sale, lines=_without(lines, before), holds=(*sale.holds, hold))
    return _changed(_let_go(replace(held, attempt=_answered(attempt, hold.lines))))


def _held(state: LineState, hold: Hold) -> LineState:
    """The line under its new hold; one that took the place of a running hold is a renewal."""
    renewed = state.renewals + 1 if state.hold and not state.lapsed else state.renewals
    return replace(state, hold=hold.reservation, renewals=renewed, lapsed=False, refusal=None)


def _hold_refused(sale: Sale, event: e.HoldRefused) -> Sale:
    attempt = _attempt(sale, event.attempt, Doubt.HOLD)
    _need(set(event.lines) <= set(attempt.lines), "the refusal is of other lines")
    until = held_at_most_until(event.refusal)
    lost = (until,) if until is not None else ()
    lines = tuple(
        replace(state, refusal=event.refusal, lost=(*state.lost, *lost)) if state.line.id in event.lines else state
        for state in sale.lines
    )
    return _changed(replace(sale, lines=lines, attempt=_answered(attempt, event.lines)))


def _hold_expired(sale: Sale, event: e.HoldExpired) -> Sale:
    lines = tuple(
        replace(state, lapsed=True) if state.hold == event.reservation and not sale.is_booked(state) else state
        for state in sale.lines
    )
    return replace(sale, lines=lines)


def _payment_started(sale: Sale, _event: e.PaymentStarted) -> Sale:
    _need(bool(sale.lines), "there is nothing to pay for")
    _need(sale.attempt is None, "an answer is awaited")
    _need(len(sale.with_status(LineStatus.HELD)) == len(sale.lines), "every line must be held before money is taken")
    return replace(sale, paying=True)


def _payment_given_up(sale: Sale, _event: e.PaymentGivenUp) -> Sale:
    _need(sale.paying, "payment has not started")
    _need(not sale.payments, "money was taken; it is given back first")
    _need(sale.attempt is None, "an answer is awaited")
    return replace(sale, paying=False)


def _payment_taken(sale: Sale, event: e.PaymentTaken) -> Sale:
    payment = event.payment
    _need(sale.paying, "payment has not started")
    _need(sale.attempt is None, "an answer is awaited")
    _need(all(one.id != payment.id for one in sale.payments), "the payment is recorded already")
    _need(payment.amount.amount > 0, "an amount taken is above zero")
    texts = (payment.brand, payment.authorisation, payment.last_four, payment.voucher)
    _need(not any(map(is_card_number, texts)) and len(payment.last_four) <= 4, "a card number is never recorded")
    due = sale.due
    _need(due is not None, "there is nothing to pay for")
    assert due is not None
    _need(payment.amount.currency == due.currency, "one sale has one currency")
    _need(payment.amount <= due, "more than is owed")
    if payment.tendered is not None:
        _need(payment.method is Method.CASH, "only cash gives change")
        _need(payment.collected <= payment.tendered, "less was given than is taken")
    if payment.rounding is not None:
        _need(payment.method is Method.CASH, "only cash is rounded")
        _need(payment.collected.amount >= 0, "no less than nothing is collected")
    if payment.face is not None:
        _need(payment.method is Method.HOLIDAY_VOUCHER, "only a holiday voucher has a face value")
        _need(payment.face.currency == payment.amount.currency, "the vouchers are in another currency")
        _need(payment.amount <= payment.face and payment.count > 0, "more is taken than the vouchers say")
    return replace(sale, payments=(*sale.payments, payment))


def _payment_undone(sale: Sale, event: e.PaymentUndone) -> Sale:
    _need(any(payment.id == event.payment for payment in sale.payments), "no such payment")
    _need(sale.attempt is None, "an answer is awaited")
    _need(not sale.orders, "the order is placed")
    _need(not sale.given_back, "money was given back; the payments stand as they are")
    payments = tuple(one for one in sale.payments if one.id != event.payment)
    return replace(sale, payments=payments, absorbed=None)


def _order_requested(sale: Sale, event: e.OrderRequested) -> Sale:
    _need(sale.attempt is None, "one call at a time")
    due = sale.due  # below zero: the places were held again for less, and the rest is given back over the counter
    _need(sale.paying and due is not None and due.amount <= 0, "an order is placed only after the customer has paid")
    _need(sale.customer is not None, "an order needs a customer")
    lines = tuple(state for state in sale.lines if state.hold in event.reservations)
    _need(bool(lines), "there is nothing to order")
    _need({state.hold for state in lines} == set(event.reservations), "unknown reservation")
    _need(not any(map(sale.is_booked, lines)), "a reservation is ordered once")
    # Journals of earlier versions ordered again what an order had been cancelled of; today's pages do not offer it.
    lapsed = (state for state in lines if state.lapsed and not (state.refusal and state.refusal.code == CANCELLED))
    _need(not any(lapsed), "a hold has lapsed; its places are held again first")
    ids = tuple(state.line.id for state in lines)
    return replace(sale, asked=True, attempt=Attempt(event.attempt, Doubt.ORDER, ids, event.reservations))


def _order_placed(sale: Sale, event: e.OrderPlaced) -> Sale:
    """The order takes its lines. One that had our reference and no line yet is not loose any more; one that Korus shows
    as cancelled is paid and not had: its lines lose their places."""
    attempt = _attempt(sale, event.attempt, Doubt.ORDER)
    order = event.order
    _need(order.reservation in attempt.reservations, "the order is for another reservation")
    _need(
        all(one.order != order.order for one in sale.all_orders if one not in sale.loose), "the order is known already"
    )
    rest = _answered(attempt, reservations=order.reservations)
    late = tuple(one for one in sale.late if one.order != order.order)
    sale = replace(sale, attempt=rest, doubted=sale.doubted - order.reservations, late=late)
    if order.cancelled:
        return afterwards.lost(replace(sale, late=(*late, order)), order)
    lines = tuple(
        replace(state, order=order.order, refusal=None, lapsed=False)
        if state.hold in order.reservations and not state.order
        else state
        for state in sale.lines
    )
    return replace(sale, lines=lines, orders=(*sale.orders, order))


def _order_refused(sale: Sale, event: e.OrderRefused) -> Sale:
    attempt = _attempt(sale, event.attempt, Doubt.ORDER)
    refused = set(event.reservations)
    _need(refused <= set(attempt.reservations), "the refusal is of other reservations")
    lapsed = event.refusal.code == EXPIRED
    lines = tuple(
        replace(state, refusal=event.refusal, lapsed=state.lapsed or lapsed)
        if state.hold in refused and not state.order
        else state
        for state in sale.lines
    )
    doubted = sale.doubted if event.sure else sale.doubted | refused
    return replace(sale, lines=lines, attempt=_answered(attempt, reservations=event.reservations), doubted=doubted)


def _outcome_unknown(sale: Sale, event: e.OutcomeUnknown) -> Sale:
    attempt = _attempt(sale, event.attempt, event.doubt)
    doubted = sale.doubted.union(attempt.reservations)
    return replace(sale, attempt=replace(attempt, unknown=True, reason=event.reason), doubted=doubted)


def _outcome_settled(sale: Sale, event: e.OutcomeSettled) -> Sale:
    attempt = sale.attempt
    _need(attempt is not None and attempt.id == event.attempt, "no such call is open")
    assert attempt is not None
    return replace(sale, attempt=None, doubted=sale.doubted.union(attempt.reservations))


def _order_differs(sale: Sale, event: e.OrderDiffers) -> Sale:
    """One of the sale's own says by itself in what; another's is kept, and neither the sale's nor to be cancelled."""
    if not event.theirs or any(one.order == event.order for one in sale.strangers):
        return sale
    return replace(sale, strangers=(*sale.strangers, Stranger(event.order, event.theirs)))


def _voided(sale: Sale, _event: e.SaleVoided) -> Sale:
    _need(not sale.taken, "money was taken; it is given back first")
    _need(not sale.orders, "an order is placed")
    _need(sale.attempt is None or sale.attempt.doubt is Doubt.HOLD, "the order may be placed; its answer is awaited")
    return replace(sale, ending=Ending.VOIDED)


def _finished(sale: Sale, _event: e.SaleFinished) -> Sale:
    # Journals of earlier versions ended sales whose order came cancelled; today's pages do not offer it.
    ordered = all(state.order or (state.refusal and state.refusal.code == CANCELLED) for state in sale.lines)
    _need(bool(sale.lines) and ordered, "not every line is ordered")
    _need(sale.credit is None, "more was taken than is owed; it is given back first")
    return replace(sale, ending=Ending.FINISHED, customer=None, notes="")


def _handed(sale: Sale, event: e.DocumentHandedOver) -> Sale:
    if event.how == SHOWN:
        return replace(sale, shown=sale.shown | {event.document})
    handed = (*sale.handed, Handed(event.document, event.how, event.copy))
    return replace(_came(sale, event.document, event.how), handed=handed)


def _slip_handed(sale: Sale, event: e.SlipHandedOver) -> Sale:
    slips = (*sale.slips, Handed(event.kind, event.how, event.copy))
    return replace(_came(sale, event.kind, event.how), slips=slips)


def _paper_asked(sale: Sale, event: e.PaperAsked) -> Sale:
    return replace(sale, papers_asked=(*sale.papers_asked, Handed(event.paper, event.how, event.copy)))


def _came(sale: Sale, paper: str, how: str) -> Sale:
    """What was asked for has ended, one way or the other."""
    left = [one for one in sale.papers_asked if (one.document, one.how) != (paper, how)]
    return replace(sale, papers_asked=tuple(left))


def _language_chosen(sale: Sale, event: e.LanguageChosen) -> Sale:
    said = sale.customer is not None and sale.customer.language
    customer = replace(sale.customer, language=event.language) if sale.customer and said else sale.customer
    return replace(sale, language=event.language, customer=customer)


_RULES: dict[type, Callable[[Sale, Any], Sale]] = {
    e.LanguageChosen: _language_chosen,
    e.LineAdded: _line_added,
    e.LineRemoved: _line_removed,
    e.LineRestored: _line_restored,
    e.HoldRequested: _hold_requested,
    e.HoldPlaced: _hold_placed,
    e.HoldRefused: _hold_refused,
    e.HoldExpired: _hold_expired,
    e.CustomerEntered: lambda sale, event: replace(sale, customer=event.customer),
    e.NotesEntered: lambda sale, event: replace(sale, notes=event.notes),
    e.PaymentStarted: _payment_started,
    e.PaymentGivenUp: _payment_given_up,
    e.PaymentTaken: _payment_taken,
    e.PaymentUndone: _payment_undone,
    e.DifferenceAccepted: lambda sale, event: replace(sale, accepted=sale.accepted | {event.difference}),
    e.OrderRequested: _order_requested,
    e.OrderPlaced: _order_placed,
    e.OrderRefused: _order_refused,
    e.OutcomeUnknown: _outcome_unknown,
    e.OutcomeSettled: _outcome_settled,
    e.OrderDiffers: _order_differs,
    e.DocumentHandedOver: _handed,
    e.SlipHandedOver: _slip_handed,
    e.PaperAsked: _paper_asked,
    e.PaperFailed: lambda sale, event: _came(sale, event.paper, event.how),
    e.SaleParked: lambda sale, event: replace(sale, parked=True, waits_as=event.note),
    e.SaleRecalled: lambda sale, _event: replace(sale, parked=False),
    e.SaleVoided: _voided,
    e.SaleFinished: _finished,
    e.ActAuthorised: lambda sale, _event: sale,
    **settling.RULES,
    **afterwards.RULES,
}
