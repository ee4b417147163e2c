"""One line for what the last start left open, and what has become of it."""

from __future__ import annotations

from collections.abc import Collection

from korus_tui.counter.booking.resume import Became, TakenUp
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.holds import soonest
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Doubt
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import elsewhere_words


def taken_up_words(services: Services, gone_on: Collection[str] = ()) -> str:
    """Every sale that was taken up, in one line; empty where there is none.

    The words change only with what was in doubt, and leave out the sales that have `gone_on`: they say how they stand.
    """
    found = [one for one in services.resume.taken_up() if one.sale.reference not in gone_on]
    said = _("Taken up: {sales}.").format(sales="; ".join(_one(services, one) for one in found)) if found else ""
    elsewhere = elsewhere_words(services)
    return " ".join(part for part in (_unreadable(services), said, elsewhere and f"{elsewhere}.") if part)


def _unreadable(services: Services) -> str:
    lost = services.desk.unreadable
    if not lost:
        return ""
    words = ngettext("{count} sale cannot be read: {names}.", "{count} sales cannot be read: {names}.", len(lost))
    return words.format(count=len(lost), names=", ".join(one.reference for one in lost))


def key_words(services: Services) -> str:
    """The key that leads to them."""
    sale = services.desk.sale
    if services.desk.unreadable:
        return _("‹app.orders› says what to do")
    if sale is None:
        return _("‹app.park› shows the sales that wait") if services.desk.others else ""
    return "" if sale.paying or sale.all_ordered else _("‹app.cart› opens the cart")


def _one(services: Services, taken: TakenUp) -> str:
    left = services.resume.left(taken.sale.reference)
    parts = [*_holds(services, left), *_money(left), *_doubt(taken, left)]
    if not parts:
        parts = [ngettext("{count} ticket", "{count} tickets", left.places).format(count=left.places)]
    return f"{taken.sale.reference} – " + ", ".join(parts)


def _holds(services: Services, sale: Sale) -> list[str]:
    if sale.all_ordered:
        return [_("ordered")]
    held = {hold.reservation for hold in sale.running_holds}
    count = sum(state.line.quantity for state in sale.lines if state.hold in held)
    first = soonest(sale)
    if not count:
        return [_("its hold has lapsed")] if any(state.lapsed for state in sale.lines) else []
    if first is None or first.expires_at is None:
        return [ngettext("{count} ticket held", "{count} tickets held", count).format(count=count)]
    until = words.time(services.local(first.expires_at, sale.lines[0].line.zone))
    return [
        ngettext("{count} ticket held until {until}", "{count} tickets held until {until}", count).format(
            count=count, until=until
        )
    ]


def _money(sale: Sale) -> list[str]:
    if not sale.payments or sale.taken is None:
        return []
    return [_("{amount} paid").format(amount=words.money(sale.taken))]


def _doubt(taken: TakenUp, left: Sale) -> list[str]:
    if taken.became is Became.NOTHING or left.attempt is None:
        return []
    order = left.attempt.doubt is Doubt.ORDER
    said = {
        Became.ASKING: _("its order is being looked up"),
        Became.FOUND: _("its order was found at Korus"),
        Became.SENT_AGAIN: _("its order had not reached Korus and was sent again"),
        Became.LOST: _("its order was not found at Korus") if order else _("its hold got no answer: hold again"),
        Became.SETTLED: _("what was in doubt is settled"),
    }
    return [said[taken.became]]
