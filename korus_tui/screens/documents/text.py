"""What the documents screen says: an order read aloud, how it was paid, and how far a document is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from textual.content import Content

from korus_tui.counter.booking.methods import METHODS
from korus_tui.counter.catalog.offer_models import OrderDocuments, TicketDocument
from korus_tui.counter.core.problems import not_understood
from korus_tui.counter.orders.models import NO_CURRENCY
from korus_tui.counter.paper.seats import party, ticket
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.acts import all_given_back, given_back
from korus_tui.sale.differences import ordered_otherwise
from korus_tui.sale.money import total
from korus_tui.sale.seats import Together, parties
from korus_tui.sale.state import Sale
from korus_tui.sale.values import About, Payment, PlacedOrder
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.differences import difference_words
from korus_tui.screens.common.till_screen import joined
from korus_tui.widgets.big_amount import big_lines
from korus_tui.widgets.lists.rows import Tone
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, paragraph, styled

_ROOMY = 2  # orders up to which each has lines of its own
_NAMED = 4  # orders up to which each is named above the list
_LOW = 26  # lines of the pane below which orders whose tickets wait for names would push the link out of sight
_ONE = 21  # the same for the large change beside one order whose tickets wait for nobody
_PAID_APART = 4  # payments up to which each has a line
_SHOWN = 4  # tickets of an order that are shown: its link must stay in sight
_MONEY = "$money bold"
_DIFFERENCES, _DIFFERENCES_LOW = 6, 2  # that are shown: references and documents must stay in sight
_SOON = 600.0  # seconds below which "ready in" says more than the time of day
_ASKED_SOON = 15  # seconds: after its time a document is asked for within them


def standing(sale: Sale, names: Mapping[str, str], height: int) -> Content:
    """Where the sale stands, over all that scrolls; `names` are of products by id, `height` is what the pane has."""
    lines = [*_given_back(sale), _title(sale, names)]
    if sale.all_ordered and len(otherwise := _otherwise(sale, names)) > 1:
        shown = _DIFFERENCES if height >= _LOW else _DIFFERENCES_LOW
        shown += len(otherwise) == shown + 1  # "1 more" takes the line that would say it
        lines += [styled(f"≠ {clean(one)}", "$text-warning") for one in otherwise[:shown]]
        if more := len(otherwise) - shown:
            said = ngettext("{count} more: ‹app.orders› shows it.", "{count} more: ‹app.orders› shows them.", more)
            lines += [styled(said.format(count=more), "$text-warning")] if more > 0 else []
    return Content("\n").join(lines)


def orders(sale: Sale, found: Iterable[OrderDocuments], services: Services, height: int) -> Content:
    """The sale's orders, each reference large, and how it was paid; `height` in lines is what the pane has."""
    known = {one.order: one for one in found}
    wait = any((known.get(order.order) or _unasked(order)).waiting for order in sale.orders)
    large = height >= (_LOW if wait or len(sale.orders) > 1 else _ONE)
    lines = [*(_change(sale) if large else ())]
    many = len(sale.orders) > (1 if wait and height < _LOW else _ROOMY)
    if len(sale.orders) > _NAMED:  # the list under it has a row for each
        lines.append(Content(_together(sale)))
    elif many:
        lines.append(Content(""))
    for order in sale.orders if len(sale.orders) <= _NAMED else ():
        shown = known.get(order.order)
        issued = shown.tickets if shown and shown.tickets else order.tickets
        whole = services.documents.codes_may_be_read(sale, shown)
        tickets = [*filter(None, (ticket(one, whole=whole) for one in issued))]
        told = _("vouchers:") if any(one.voucher for one in issued) else _("seats:")
        facts = Content(joined((*_facts(sale, order, shown), told if tickets and not many else "")))
        if many:
            lines.append(Content.assemble(_reference(order.reference), "  ", facts))
        else:
            lines += [Content(""), _reference(order.reference), facts]
        more = [_("{count} more on the receipt").format(count=len(tickets) - _SHOWN)] if len(tickets) > _SHOWN else []
        if tickets and not many:  # else they are on the receipt alone
            lines.append(paragraph(" | ".join((*tickets[:_SHOWN], *more))))
        waiting = _waiting(shown or _unasked(order), services)
        if waiting:
            lines.append(styled(waiting, "$text-warning"))
    lines += [styled(party(one), "$text-warning") for one in parties(sale) if one.together is not Together.YES]
    lines += [Content(""), *_payments(sale.payments)]
    for back in sale.given_back:
        said = _("given back {amount} {method}").format(
            amount=words.money(back.amount), method=METHODS[back.method].label
        )
        lines.append(styled(said, "bold"))
    if sale.house_bears:
        lines.append(Content(_("the house bears {amount}").format(amount=words.money(sale.house_bears))))
    return Content("\n").join(lines)


def _together(sale: Sale) -> str:
    """Many orders in one line."""
    tickets = sum(state.line.quantity for state in sale.lines)
    amount = total((order.total for order in sale.orders), sale.currency or "")
    return joined(
        (
            ngettext("{count} order", "{count} orders", len(sale.orders)).format(count=len(sale.orders)),
            ngettext("{count} ticket", "{count} tickets", tickets).format(count=tickets) if tickets else "",
            words.money(amount),
        )
    )


def _given_back(sale: Sale) -> list[Content]:
    """First of all: what is not the customer's any more."""
    gone = given_back(sale)
    if not gone:
        return []
    said = _("Cancelled or given back: what is printed here lets nobody in, and belongs to nobody.")
    if not all_given_back(sale):
        said = ngettext(
            "Cancelled or given back: order {references}. Its tickets let nobody in; all else here is as it was.",
            "Cancelled or given back: orders {references}. Their tickets let nobody in; all else here is as it was.",
            len(gone),
        ).format(references=", ".join(clean(one.reference) or _("without a reference") for one in gone))
    back = {one.tickets_back for one in sale.cancellations} - {None}
    if back:
        tickets = _("The tickets came back.") if back == {True} else _("The tickets did not come back.")
        said = f"{said} {tickets}"
    return [styled(f"{signs().problem} {said}", "$text-error bold")]


def _otherwise(sale: Sale, names: Mapping[str, str]) -> list[str]:
    """What Korus ordered otherwise than was paid, each in words, once."""
    return list(dict.fromkeys(difference_words(sale, one, names) for one in ordered_otherwise(sale)))


def _title(sale: Sale, names: Mapping[str, str]) -> Content:
    if not sale.lines:  # read from the API: another till made the sale
        said = _("An order of another till: the first copy went there.")
        return _headed(said, "bold", clean(sale.reference))
    otherwise = _otherwise(sale, names)
    if sale.all_ordered and otherwise:
        several = _("Korus ordered {count} things otherwise than was paid.")
        said = otherwise[0] if len(otherwise) == 1 else several.format(count=len(otherwise))
        then = _("‹app.orders›, ‹order.accept› decides it.")
        return _headed(f"{signs().problem} {clean(said)}", "$text-warning bold", f"{then}  {sale.reference}")
    if sale.too_many:
        said = _("An order too many: {references}. Korus has to cancel it.").format(
            references=", ".join(clean(one.reference) for one in sale.too_many)
        )
        then = _("‹app.orders› shows it.")
        return _headed(f"{signs().problem} {said}", "$text-error bold", f"{then}  {sale.reference}")
    gone = given_back(sale)
    if sale.all_ordered and any(one in gone for one in sale.orders):  # what is true now stands above
        return styled(sale.reference, "$text-muted")
    if sale.all_ordered:
        said = ngettext("The order is complete.", "The orders are complete.", len(sale.orders))
        return _headed(f"{signs().ok} {said}", "$text-success bold", sale.reference)
    done = sum(state.order is not None for state in sale.lines)
    said = _("{done} of {all} lines are ordered; the others are in the cart.").format(done=done, all=len(sale.lines))
    return _headed(f"{signs().problem} {said}", "$text-warning bold", sale.reference)


def _headed(said: str, ink: str, beside: str) -> Content:
    return Content.assemble((said, ink), (f"  {beside}", "$text-muted"))


def _reference(reference: str) -> Content:
    shown = clean(reference) or _("the API gave no reference")
    return styled(shown, "bold")


def _facts(sale: Sale, order: PlacedOrder, known: OrderDocuments | None) -> tuple[str, ...]:
    lines = [state.line for state in sale.lines if state.order == order.order]
    tickets = sum(line.quantity for line in lines)  # as the cart counts them
    cancelled = order.cancelled or bool(known and known.cancelled)
    asked = any(one.order == order.order for one in sale.cancellations)
    status = next((one.ordered for one in order.unlike if one.about is About.STATUS), _("confirmed"))
    odd = not_understood("Order", order.odd[0].removeprefix("Order"), order.incident) if order.odd else ""
    return (
        _("cancelled") if cancelled else _("cancellation asked") if asked else clean(status),
        odd,
        ngettext("{count} ticket", "{count} tickets", tickets).format(count=tickets) if tickets else "",
        words.money(order.total) if order.total or order.total.currency != NO_CURRENCY else "",  # nobody said it
    )


def _unasked(order: PlacedOrder) -> OrderDocuments:
    return OrderDocuments(order.order, order.reference, waiting=len(order.waiting_tickets))


def _waiting(known: OrderDocuments, services: Services) -> str:
    count = known.waiting
    if not count:
        return ""
    said = ngettext(
        "{count} ticket waits for the holder's names before its document is made.",
        "{count} tickets wait for the holder's names before their document is made.",
        count,
    ).format(count=count)
    if known.deadline is None:
        return said
    end = services.local(known.deadline)
    when = f"{words.day(end.date())} {words.time(end)}"
    return said + " " + _("The API takes them until {when}.").format(when=when)


def _payments(payments: Sequence[Payment]) -> list[Content]:
    """How it was paid; of many, those of one way together: references and documents must stay in sight."""
    if len(payments) <= _PAID_APART:
        return [_paid(one) for one in payments]
    lines = []
    for method in dict.fromkeys(one.method for one in payments):
        some = [one for one in payments if one.method is method]
        if len(some) == 1 or any(one.change.amount for one in some):
            lines += [_paid(one) for one in some]
            continue
        amount = total((one.collected for one in some), some[0].collected.currency)
        paid = _("paid {amount} {method}").format(amount=words.money(amount), method=METHODS[method].label)
        counted = ngettext("{count} payment", "{count} payments", len(some)).format(count=len(some))
        lines.append(Content(joined((paid, counted))))
    return lines


def _paid(payment: Payment) -> Content:
    """One payment; change stands out, for it goes over the counter."""
    ending = f"…{payment.last_four}" if payment.last_four else ""
    said = _("paid {amount} {method}").format(
        amount=words.money(payment.collected), method=METHODS[payment.method].label
    )
    more = (payment.brand, ending, payment.voucher)
    line = clean(" ".join(part for part in (said, *more) if part))
    if payment.tendered is None or not payment.change.amount:
        return Content(line)
    given = _("given {amount}").format(amount=words.money(payment.tendered))
    change = _("change {amount}").format(amount=words.money(payment.change))
    return Content.assemble(f"{line}, {given}, ", (change, _MONEY))


def _change(sale: Sale) -> list[Content]:
    """What is counted out to the customer now: the largest thing of the page."""
    back = total((one.change for one in sale.payments), sale.currency or NO_CURRENCY)
    if not sale.all_ordered or back.amount <= 0 or any(one in given_back(sale) for one in sale.orders):
        return []
    return [
        Content(""),
        *(styled(row, _MONEY) for row in big_lines(words.money(back))),
        styled(_("change"), "$text-muted"),
    ]


def state(document: TicketDocument, services: Services) -> tuple[str, Tone]:
    """How far a document is, in words and tone."""
    if document.address:
        return _("link refused"), "bad"
    if document.link:
        return (_("link expired"), "warn") if services.documents.expired(document) else (_("ready"), "good")
    if document.ready_at is None:
        return _("not ready yet"), "warn"
    left = (document.ready_at - services.clock.now()).total_seconds()
    if left <= 0:
        refused = document.link_problem and left < -_ASKED_SOON
        return (_("no link yet"), "warn") if refused else (_("being asked for"), "muted")
    if left < _SOON:
        return _("ready in {time}").format(time=_span(left)), "warn"
    return _("ready at {when}").format(when=services.when(document.ready_at)), "warn"


def later(document: TicketDocument, services: Services) -> str:
    """When a document that is not there yet will be, as one says it to the customer; empty where nobody knows."""
    if document.link or document.ready_at is None:
        return ""
    left = (document.ready_at - services.clock.now()).total_seconds()
    if left <= 0:  # the refusal that named this time is past
        return _("It is asked for again; the order is complete.") if left > -_ASKED_SOON else ""
    moment, minutes = services.local(document.ready_at), round(left / 60)
    if left >= _SOON:
        today = moment.date() == services.today()
        said = _("It will be there at {time}.") if today else _("It will be there on {day} at {time}.")
        said = said.format(day=words.day(moment.date()), time=words.time(moment))
    elif minutes < 1:
        said = _("It will be there in less than a minute.")
    elif minutes == 1:
        said = _("It will be there in about a minute.")
    else:
        said = _("It will be there in about {count} minutes.").format(count=minutes)
    again = _("It is asked for again; the order is complete.")
    return f"{said} {again}"


def _span(left: float) -> str:
    whole = int(left) + 1
    return _("{count} s").format(count=whole) if whole < 120 else _("{count} min").format(count=whole // 60)


def validity(document: TicketDocument, services: Services) -> str:
    """How long the link lives; in whole minutes, so that nothing ticks."""
    if not document.link:
        return ""
    if document.link_until is None:
        return _("for a short time")
    left = (document.link_until - services.clock.now()).total_seconds()
    if left <= 0:
        return ""
    if left < 60:
        return _("under a minute")
    return _until(document.link_until, left, services)


def _until(end: datetime, left: float, services: Services) -> str:
    if left < 3600:
        return _("valid {count} min").format(count=int(left // 60))
    return _("valid until {time}").format(time=words.time(services.local(end)))


def handed(sale: Sale, document: TicketDocument, under_way: bool) -> str:
    """How the customer got the document, as recorded; `under_way`: this program still does what was asked for."""
    said = {"saved": _("saved"), "link": _("link copied"), "printed": _("printed")}
    times = [one for one in sale.handed if one.document == document.iri]
    asked = [one for one in sale.papers_asked if one.document == document.iri]
    if asked:
        if not under_way:  # the program ended meanwhile
            return _("did it come out?")
        return _("printing…") if asked[-1].how == "printed" else _("saving…")
    if not times:
        return ""
    return joined((said.get(times[-1].how, times[-1].how), f"{len(times)}×" if len(times) > 1 else ""))


def host(address: str) -> str:
    """The host of an address, as the agent reads it to know where the link leads."""
    try:
        return clean(urlsplit(address).netloc.rpartition("@")[2])
    except ValueError:
        return ""
