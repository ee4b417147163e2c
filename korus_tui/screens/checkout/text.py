"""What the checkout says of a sale, as plain text: amounts, deadlines, payments, and what went wrong."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from korus_tui import commands
from korus_tui.counter.booking.holding import ABSURD, NEVER_SENT, WAIT
from korus_tui.counter.core.clock import Clock
from korus_tui.i18n import _
from korus_tui.sale.holds import Limits, soonest
from korus_tui.sale.money import Money, total
from korus_tui.sale.rounding import CashRounding
from korus_tui.sale.state import (
    CANCELLED,
    EXPIRED,
    HELD_BACK,
    NOT_ORDERED,
    UNKNOWN,
    LineState,
    LineStatus,
    Sale,
)
from korus_tui.sale.values import Customer, Method
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.differences import unread_said
from korus_tui.screens.common.methods import how as how
from korus_tui.screens.common.methods import payment_words as payment_words
from korus_tui.screens.common.methods import typed_hint as typed_hint
from korus_tui.screens.common.till_screen import joined, seconds
from korus_tui.widgets.countdown import clock_text, remaining_text
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import paragraph


def amount_and_label(sale: Sale, rounding: CashRounding) -> tuple[Money | None, str]:
    """The largest amount on the screen and what it is."""
    due, taken = sale.due, sale.taken
    if due is None or taken is None:
        return None, ""
    if due.amount > 0:
        whole = _("still to collect, of {amount}").format(amount=words.money(sale.to_collect))
        label = whole if sale.payments else _("to collect")
        if rounding.of(due, Method.CASH) is not None:
            label += "\n" + _("in cash {amount}").format(amount=words.money(rounding.rounded(due, Method.CASH)))
        return due, label
    if due.amount < 0:
        said = _("credit, of {paid} paid") if sale.stuck else _("to give back, of {paid} paid")
        return -due, said.format(paid=words.money(taken))
    return taken, _("paid") if sale.payments else _("nothing to pay")


def held_until(sale: Sale, clock: Clock, local: datetime | None) -> str:
    """Until when the places are kept, with the remaining time; `local` is the deadline in venue time."""
    hold = soonest(sale)
    if hold is None:
        return _("booked, not paid") if sale.unpaid_orders else _("nothing is held now")
    left, _tone = remaining_text(seconds(clock.left(hold)))
    if local is None:
        return left
    held = _("held until {time}  ({left})").format(time=words.time(local), left=left)
    if not clock.unsure:
        return held
    own = _("server's time in doubt: the hold counts alone") if clock.anchored(hold) else _("server's time in doubt")
    return f"{held}\n{own}"


def gate_words(sale: Sale, clock: Clock, limits: Limits) -> str:
    """Until which remaining time payment may start; once money was taken, there is no gate."""
    hold = soonest(sale)
    left = clock.left(hold) if hold else None
    if sale.payments or left is None:
        return ""
    remains = left.total_seconds()
    if remains < min(limits.gate_cash, limits.gate_card):
        return _("payment gate closed: ‹checkout.back›, ‹cart.renew› renews")
    cash, card = clock_text(limits.gate_cash), clock_text(limits.gate_card)
    if remains < limits.gate_card:
        return _("payment gate at {cash}, closed for card").format(cash=cash)
    if limits.gate_card == limits.gate_cash:
        return _("payment gate closes at {cash}").format(cash=cash)
    return _("payment gate closes at {cash}, card {card}").format(cash=cash, card=card)


def payments_words(sale: Sale) -> str:
    """The payments recorded so far, one a line."""
    lines = [f"{signs().ok} {payment_words(payment)}" for payment in sale.payments]
    if lines and sale.attempt is None and not sale.orders and not sale.given_back:
        lines[-1] += "   " + _("‹checkout.undo› gives it back")
    lines += [f"{signs().ok} {back_words(one.paid_out, one.method)}" for one in sale.given_back]
    return "\n".join(lines)


def paid_words(sale: Sale) -> str:
    """What was taken, by method: `€100.00 by card, €194.00 in cash`."""
    currency = sale.currency
    parts = []
    for method in Method:
        taken = [payment.collected for payment in sale.payments if payment.method is method]
        if taken and currency:
            parts.append(f"{words.money(total(taken, currency))} {how(method)}")
    parts += [back_words(one.paid_out, one.method) for one in sale.given_back]
    return ", ".join(parts)


def back_words(amount: Money, method: Method) -> str:
    """Money that went back: `€7.00 given back in cash`."""
    return _("{amount} given back {how}").format(amount=words.money(amount), how=how(method))


def customer_words(customer: Customer | None, language: str, *, walk_in: bool) -> str:
    """Whom the order is for; `walk_in`: the profile has a customer for sales without a name."""
    if customer is None:
        both = _("none yet: ‹checkout.walk_in› walk-in, ‹checkout.edit› types one")
        return both if walk_in else _("none yet: ‹checkout.edit› types one")
    name = joined((f"{customer.first_name} {customer.last_name}".strip(), customer.email))
    facts = joined((name, customer.language or language))
    return _("walk-in: {facts}").format(facts=facts) if customer.walk_in else facts


def take_words(
    amount: Money | None,
    collected: Money | None,
    due: Money | None,
    method: Method | None,
    missing: str,
    *,
    split: bool = False,
) -> str:
    """What F10 does now, named in words; while it can do nothing, what is missing. `split`: it is paid in parts."""
    if method is None and split:
        return _("In parts: how is the first one paid? ‹checkout.split› once more: all of it in one.")
    if method is None:
        return _("No money is taken before you say how it is paid.")
    if missing or amount is None or due is None:
        return _("Enter does not take money.") + (f" {missing}" if missing else "")
    values = {"amount": words.money(collected), "how": how(method)}
    if amount < due:
        rest = words.money(due - amount)
        return _("Enter does not take money. ‹checkout.take› takes {amount} {how}; {rest} stays to collect").format(
            rest=rest, **values
        )
    return _("Enter does not take money. ‹checkout.take› takes {amount} {how} and books").format(**values)


def with_key(said: str) -> Content:
    """The sentence, in which the key that takes the money looks like one."""
    content, key = paragraph(said), commands.keys("checkout.take")
    at = content.plain.find(key)
    return content if at < 0 else content.stylize("reverse", at, at + len(key))


def stuck_words(sale: Sale) -> list[tuple[LineState, str]]:
    """Each line that no order can be made of, in our words beside the API's."""
    return [(state, _stuck_line(state)) for state in sale.lines if _is_stuck(sale, state)]


def _is_stuck(sale: Sale, state: LineState) -> bool:
    return state in sale.stuck or sale.status(state) not in (LineStatus.HELD, LineStatus.ORDERED)


_NOT_THEIRS = (NEVER_SENT, HELD_BACK, WAIT, ABSURD, UNKNOWN)  # refusals whose words are ours


def _stuck_line(state: LineState) -> str:
    line, refusal = state.line, state.refusal
    if refusal is not None and refusal.code == CANCELLED:
        what = _("was paid, and Korus shows its order {order} as cancelled")
        said, refusal = what.format(order=refusal.words or "—"), None
    elif state.hold and not state.lapsed:
        said = _("is held, and was not ordered")
    elif refusal is None or refusal.code in (EXPIRED, NOT_ORDERED):
        said = _("its hold lapsed, its places are free for others")
    elif unread := unread_said(refusal):
        said = unread
    else:
        said = _("could not be held again") if state.lapsed else _("could not be held")
    theirs = words.of_korus(refusal.words) if refusal and refusal.code not in _NOT_THEIRS else ""
    what = f"{signs().problem} {line.quantity} × {line.name}, {words.day(line.day)}"
    return words.about(what, said + theirs)
