"""What the search of orders says: where a sale stands, what is known of one that is not confirmed, what was typed."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from korus_tui.counter.core.problems import Doing, Problem, Unread
from korus_tui.counter.core.problems import of as problem_of
from korus_tui.counter.orders.models import NO_CURRENCY, Found, FoundSale, Standing
from korus_tui.counter.orders.query import Query, QueryKind
from korus_tui.counter.services import Services
from korus_tui.i18n import _, pgettext
from korus_tui.sale.money import Money
from korus_tui.sale.state import CANCELLED, Sale
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.text.search import filed, finds
from korus_tui.widgets.lists.row_list import Row, Tone
from korus_tui.widgets.lists.states import Empty
from korus_tui.widgets.text import paragraph, styled


def standing(one: Standing) -> tuple[str, Tone]:
    """Where a sale stands, in words and tone."""
    said: dict[Standing, tuple[str, Tone]] = {
        Standing.UNREADABLE: (_("unreadable"), "bad"),
        Standing.NOT_CONFIRMED: (_("not confirmed"), "bad"),
        Standing.TAKEN_AWAY: (_("cancelled by Korus"), "bad"),
        Standing.TOO_MANY: (_("one too many"), "bad"),
        Standing.DIFFERS: (_("ordered otherwise"), "bad"),
        Standing.CANCELLATION_ASKED: (_("cancellation asked"), "warn"),
        Standing.OPEN: (pgettext("of a sale", "open"), "muted"),
        Standing.CONFIRMED: (_("confirmed"), ""),
        Standing.PARTLY_CANCELLED: (_("partly cancelled"), "warn"),
        Standing.CANCELLED: (_("cancelled"), "muted"),
        Standing.CLOSED_BY_HAND: (_("closed by hand"), "warn"),
        Standing.VOIDED: (_("voided"), "muted"),
        Standing.ELSEWHERE: (_("elsewhere"), "muted"),
    }
    return said[one]


def amount(value: Money | None) -> str:
    """An amount with its sign; a bare figure where nobody said the currency."""
    if value is None:
        return ""
    return words.figure(value) if value.currency == NO_CURRENCY else words.money(value)


def when(moment: datetime | None, services: Services) -> str:
    """`10:42` today, else `7 Jun 10:42`, with the year where it is another one."""
    if moment is None:
        return ""
    local, today = services.local(moment), services.today()
    if local.date() == today:
        return words.time(local)
    day = words.day(local.date()).partition(" ")[2]
    return f"{day} {words.time(local)}" if local.year == today.year else f"{day} {local.year}"


def row(one: FoundSale, services: Services) -> Row:
    """A row of the list: when, standing, name, amount, our reference, Korus's, what, which till."""
    said, tone = standing(one.standing)
    cells = (
        when(one.at, services),
        said,
        one.name or "—",
        amount(one.total),
        one.reference or "—",
        joined(one.orders),
        one.what,
        one.till or _("another"),
    )
    return Row(one.key, cells, tone=tone)


def more(one: FoundSale, services: Services) -> Content:
    """What a row has no room for: all that was sold, for whom, by whom, and every reference."""
    said, _tone = standing(one.standing)
    day = words.long_day(services.local(one.at).date()) if one.at else ""
    lines = (
        joined((amount(one.total), said)),
        joined((one.reference, *one.orders)),
        joined((one.name, one.email, one.phone)),
        joined((day, when(one.at, services), one.agent, one.till)),
    )
    told = [styled(one.what, "bold")] if one.what else []
    return Content("\n").join([*told, *(paragraph(line) for line in lines if line)])


def haystack(one: FoundSale) -> str:
    """All that a sale is found by, filed."""
    return filed((one.reference, *one.orders, one.name, one.email, one.phone, one.what, *one.vouchers, *one.paid_with))


def fits(one: FoundSale, query: Query, filed_text: str, services: Services) -> bool:
    """Whether a sale is meant by what was typed."""
    if query.kind is QueryKind.DAY:
        return one.at is not None and services.local(one.at).date() == query.day
    if query.kind is QueryKind.OURS:
        return one.reference == query.text
    if query.kind is QueryKind.ORDER_ID:
        return query.text in one.key or one.key == query.text
    return query.kind is not QueryKind.MISTYPED and finds(query.text, filed_text)


def nothing(query: Query, answer: Found | None) -> Empty:
    """Why no row is shown, and the key that goes on; `answer` is what Korus had for it, None if it was not asked."""
    if query.kind is QueryKind.MISTYPED:
        what = _("“{text}” is no reference of ours: its last character does not fit the others.")
        return Empty(what.format(text=query.text), _("Read it again, one character at a time"))
    if query.kind is QueryKind.NOTHING:
        return Empty(_("No sale was made at this till yet."), _("‹orders.ask› asks Korus for the orders of all tills"))
    typed = words.long_day(query.day) if query.kind is QueryKind.DAY else words.quoted(query.text)
    if answer is None:
        return Empty(_("This till knows no sale for {typed}.").format(typed=typed), _("Enter asks Korus"))
    if answer.unread is not None:
        what = _("Nothing for {typed} among the orders that could be read.").format(typed=typed)
        return Empty(what, _("‹orders.ask› asks Korus once more"))
    if answer.looked_through is None:
        return Empty(_("Korus has no order for {typed}.").format(typed=typed), _("‹orders.back› empties the search"))
    count = words.count(answer.looked_through)
    what = _("Nothing for {typed} among the newest {count} orders.").format(typed=typed, count=count)
    return Empty(what, _("Try the day of the sale, or our reference"))


def unread(some: Unread) -> Problem:
    """What of Korus' list did not come, or is not understood: an order may be among it."""
    first = problem_of(some.first, Doing.READ).what
    said = f"{some.words}." if some.count else first
    return Problem(said, first if first != said else "", _("The others are shown."))


def not_confirmed(sale: Sale, services: Services) -> tuple[str, str]:
    """What is known of a paid sale without order, short, and in a sentence."""
    attempt = sale.attempt
    if attempt is None:
        refusal = next((state.refusal for state in sale.lines if state.refusal and not state.order), None)
        if refusal is not None and refusal.code == CANCELLED:
            said = _(
                "Korus shows its order {order} as cancelled: ‹orders.bring›, "
                "then hold again, another date, or money back."
            )
            return _("cancelled"), said.format(order=refusal.words or "—")
        said = _("Korus did not book it.") + (f" (Korus: “{refusal.words}”)" if refusal and refusal.words else "")
        return _("not booked"), said
    asking = services.recovery.asking.get(sale.reference)
    if not attempt.unknown and asking is None:
        return _("asking…"), _("The booking is on its way; the answer is awaited.")
    if asking is None:
        return _("asking…"), _("Korus is being asked what became of it.")
    left = max(0, round(asking.next_at - services.clock.boot()))
    short = _("again in {count} s").format(count=left)
    if not asking.times:
        return short, joined((attempt.reason, _("Korus is asked what became of it.")))
    asked = _("Asked {count}× since.").format(count=asking.times)
    return short, joined(dict.fromkeys((attempt.reason, asked, asking.met)))
