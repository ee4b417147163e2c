"""What the page of one sale says: where it stands, what was sold and paid, and what happened when."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content

from korus_tui.counter.core.gate import act_words
from korus_tui.counter.core.problems import not_understood
from korus_tui.counter.orders.models import OrderNow, SaleFile, Standing
from korus_tui.counter.paper.seats import ticket
from korus_tui.counter.paper.slips import SlipKind
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale import events as e
from korus_tui.sale.differences import Between, ordered_otherwise
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import SHOWN, Customer, IssuedTicket, PlacedOrder
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.differences import difference_words, product_names
from korus_tui.screens.common.methods import how, payment_words
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.orders import text as say
from korus_tui.widgets.lists.row_list import Row, Tone
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, styled

_INK = {"": "bold", "muted": "$text-muted", "warn": "bold $text-warning", "bad": "bold $text-error", "good": "bold"}


def title(file: SaleFile, services: Services) -> Content:
    """Reference, where the sale stands, by whom and when it was made, and whom it was for."""
    said, tone = say.standing(file.standing)
    if file.standing is Standing.NOT_CONFIRMED:
        said = _("PAID – NOT CONFIRMED")
    first = file.rows[0] if file.rows else None
    made = [say.when(first.at, services), first.agent, first.till] if first else [_("made at another till")]
    lines = [
        Content.assemble((clean(file.sale.reference), "bold"), "   ", (said, _INK[tone]), "   ", clean(joined(made))),
        Content(clean(_customer(file.customer))),
        styled(asked_words(file, services), "$text-muted"),
    ]
    if file.standing is Standing.CANCELLATION_ASKED:
        lines.append(
            styled(
                _("Cancellation asked for, not yet cancelled by Korus: it counts until Korus shows it."), _INK["warn"]
            )
        )
    if file.standing is Standing.TAKEN_AWAY:
        said = _(
            "Korus cancelled it, and nobody here asked for that: paid and not had. "
            "‹order.cancel› records money given back."
        )
        lines.append(styled(said, _INK["bad"]))
    for one in ordered_otherwise(file.sale):
        decides = _("‹order.accept› accepts it, ‹order.cancel› asks for its cancellation")
        if one.between is Between.ANOTHERS_ORDER:
            decides = _("‹order.accept› says that it was seen")
        said = joined((difference_words(file.sale, one, product_names(services)), decides))
        lines.append(styled(clean(said), _INK["bad"]))
    lines += [styled(clean(said), _INK["warn"]) for said in (*file.unread, *_not_understood(file))]
    if file.standing is Standing.TOO_MANY:
        said = _("Booked after all, for nothing: have Korus cancel it, ‹order.cancel› records that.")
        if file.sale.paid_and_ordered is not None:
            paid, ordered = map(words.money, file.sale.paid_and_ordered)
            said = joined((_("Paid {first}, ordered {second}").format(first=paid, second=ordered), said))
        lines.append(styled(said, _INK["bad"]))
    waiting = sum(_waiting(file, order) for order in file.sale.orders)
    if waiting:
        said = ngettext(
            "{count} ticket waits for its holder: ‹order.holders›",
            "{count} tickets wait for their holders: ‹order.holders›",
            waiting,
        )
        lines.append(styled(said.format(count=waiting), _INK["warn"]))
    if file.sale.closed_because:
        because = _("Closed by hand: {reason}. The money stays recorded.").format(reason=file.sale.closed_because)
        lines.append(styled(because, _INK["warn"]))
    return Content("\n").join(lines)


def _not_understood(file: SaleFile) -> list[str]:
    """Of every order that Korus shows and that is read in part: what of it is missing here."""
    shown = _("What could be read of {order} is shown.")
    return [
        f"{not_understood('Order', now.odd[0], now.incident)} {shown.format(order=now.reference or now.iri)}"
        for now in file.now
        if now.odd
    ]


def _customer(customer: Customer | None) -> str:
    if customer is None:
        return _("no customer recorded")
    name = f"{customer.first_name} {customer.last_name}".strip()
    facts = joined((name, customer.email, customer.phone, customer.country, customer.language))
    return _("walk-in: {facts}").format(facts=facts) if customer.walk_in else facts


def order_rows(file: SaleFile) -> list[Row]:
    """A row an order: those of the sale, then those that Korus has for its reference and the sale does not know."""
    mine = {order.order for order in file.sale.all_orders}
    rows = [_row(file, order) for order in file.sale.all_orders]
    for now in file.now:
        if now.iri not in mine:
            status, _tone = _status(None, now)
            cells = (now.reference, joined((status, _("not in this record"))), say.amount(now.total), "", "")
            rows.append(Row(now.iri, cells, tone="warn"))
    return rows


def _row(file: SaleFile, order: PlacedOrder) -> Row:
    now = file.order(order.order)
    status, tone = _status(order, now)
    if order.order in file.sale.not_yet_cancelled:
        status, tone = _("cancellation asked"), "warn"
    elif order in file.sale.taken_away:
        status, tone = joined((_("cancelled"), _("not asked for"))), "bad"
    elif order in file.sale.loose and order not in file.sale.too_many:
        status, tone = joined((status, _("of which line is not known"))), "bad"
    elif order in file.sale.too_many:
        status, tone = joined((status, _("one too many"))), "bad"
    elif order in file.sale.unpaid_orders:
        status, tone = joined((status, _("not paid"))), "bad"
    # Of another till's order nothing is known but what Korus shows now: an amount that is not understood is none.
    total = now.total if now and (now.total is not None or not file.mine) else order.total
    excluding = now.total_excl_tax if now else order.total_excl_tax
    waiting = _waiting(file, order)
    said = ngettext("{count} ticket waits for its holder", "{count} tickets wait for their holders", waiting)
    handed = [one for one in file.sale.handed if order.order.rstrip("/") + "/" in one.document]
    copies = ngettext("handed over {count}×", "handed over {count}×", len(handed)).format(count=len(handed))
    odd = now.odd if now else order.odd
    more = said.format(count=waiting) if waiting else copies if handed else ""
    if odd:
        more = _("not all understood ({field})").format(field=clean(odd[0]))
    return Row(
        order.order, (order.reference or "—", status, say.amount(total) or "—", tax(total, excluding), more), tone=tone
    )


def _waiting(file: SaleFile, order: PlacedOrder) -> int:
    now = file.order(order.order)
    return now.waiting if now else len(order.waiting_tickets)


def _status(order: PlacedOrder | None, now: OrderNow | None) -> tuple[str, Tone]:
    """As the API shows it now; before it answered, as it was recorded."""
    if now is not None:
        if now.cancelled:
            return _("cancelled"), "muted"
        return _("confirmed") if now.status in ("", "confirmed") else now.status, ""
    if order is not None and order.cancelled:
        return _("cancelled"), "muted"
    return _("confirmed when made"), "muted"


def tax(total: Money | None, excluding: Money | None) -> str:
    """The figure of the tax that the total holds; empty where the API does not say the amount without it."""
    if total is None or excluding is None or total.currency != excluding.currency:
        return ""
    return words.figure(total - excluding)


class SaleParts(NamedTuple):
    """What is known of a sale: a title and what stands under it."""

    lines: tuple[str, Content]
    tickets: tuple[str, Content]
    paid: tuple[str, Content]
    given_back: tuple[str, Content]
    notes: tuple[str, Content]


def sold(file: SaleFile, *, codes: bool = True) -> SaleParts:
    """`codes` in full: what a gate reads."""
    sale = file.sale
    lines = [_line(sale, number) for number in range(len(sale.lines))]
    if not sale.lines:
        for now in file.now:
            lines += [
                Content(
                    clean(
                        joined(
                            (
                                f"{one.quantity} × " + (one.name or _("a product")),
                                words.day(one.day),
                                say.amount(one.amount),
                            )
                        )
                    )
                )
                for one in now.lines
            ]
    lines += [styled(one, "$text-warning") for one in differences(file)]
    tickets = [one for order in sale.all_orders for one in _tickets(file, order)]
    paid = [Content(clean(payment_words(one))) for one in sale.payments]
    if not paid and not file.mine:
        paid = [styled(_("How it was paid is recorded at its own till."), "$text-muted")]
    back = [(one.paid_out, one.method, one.reason) for one in sale.given_back]
    back += [(one.paid_out, one.method, one.reason) for one in sale.cancellations if one.paid_out and one.method]
    given = [joined((f"{words.money(money)} {how(method)}", reason)) for money, method, reason in back]
    parts = (
        (_("Sold"), lines),
        (_("Tickets"), [Content(clean(ticket(one, whole=codes))) for one in tickets]),
        (_("Paid"), paid),
        (_("Given back"), [Content(clean(one)) for one in given]),
        (_("Notes"), [Content(clean(sale.notes))] if sale.notes else []),
    )
    return SaleParts(*((title, Content("\n").join(said)) for title, said in parts))


def _tickets(file: SaleFile, order: PlacedOrder) -> tuple[IssuedTicket, ...]:
    """Those of an order that have a voucher or a seat, as Korus shows them now or as they were recorded."""
    now = file.order(order.order)
    return tuple(one for one in (now.tickets if now and now.tickets else order.tickets) if one.voucher or one.seat)


def _line(sale: Sale, number: int) -> Content:
    state = sale.lines[number]
    line, hold = state.line, sale.hold_of(state)
    whole = hold is not None and len(hold.lines) == 1
    cost = hold.total if whole and hold else line.quoted_total
    start = words.time(line.starts_at, line.zone) if line.starts_at else ""
    when = f"{words.day(line.day)} {start}".strip()
    ordered = next((one.reference for one in sale.orders if one.order == state.order), "")
    facts = joined((when, words.money(cost), ordered or _("not ordered")))
    return Content.assemble((clean(f"{line.quantity} × {line.name}"), "bold"), "\n  ", clean(facts))


def differences(file: SaleFile) -> list[str]:
    """Totals that Korus shows now and that are not those that were recorded: both are named."""
    found = []
    for order in file.sale.orders:
        now = file.order(order.order)
        if now and now.total is not None and now.total != order.total and file.mine:
            text = _("{order}: ordered at {first}, Korus shows {second} now")
            found.append(
                text.format(order=order.reference, first=words.money(order.total), second=words.money(now.total))
            )
    return found


def happened(file: SaleFile, services: Services) -> Content:
    """What was recorded, in order: time, what, by whom where it was another agent."""
    if not file.rows:
        made = [_("{when}  ordered").format(when=say.when(now.created_at, services)) for now in file.now]
        return Content("\n").join(Content(clean(one)) for one in made)
    first, day = file.rows[0], None
    lines: list[Content] = []
    for row in file.rows:
        text, tone = _event(row.event, file.sale)
        if not text:
            continue
        local = services.local(row.at)
        if local.date() != day:
            day = local.date()
            lines.append(styled(words.long_day(day), "$text-muted"))
        by = f" · {row.agent}" if row.agent != first.agent else ""
        lines.append(Content.assemble((words.time(local), "$text-muted"), "  ", (clean(text + by), tone)))
    for one in file.now:
        if one.cancelled_at is not None:
            when = _("Korus cancelled {order}: {when}")
            lines.append(Content(clean(when.format(order=one.reference, when=say.when(one.cancelled_at, services)))))
    return Content("\n").join(lines)


def timeline(file: SaleFile, services: Services) -> Content:
    """Every event: when, its hash, what; who did it where that is not clear from the line before.

    Beside a supervisor's word always: both names are on it.
    """
    before, lines = "", []
    for row in file.rows:
        text, tone = _event(row.event, file.sale)
        said = text or _quiet(row.event)
        by = f" · {row.agent}" if row.agent != before or isinstance(row.event, e.ActAuthorised) else ""
        before = row.agent
        local = services.local(row.at)
        before_it = f"{local:%d.%m. %H:%M:%S}  {row.hash[:12]}  "
        lines.append(Content.assemble((before_it, "$text-muted"), (clean(said + by), tone)))
    return Content("\n").join(lines)


def _quiet(event: e.Event) -> str:
    """What the history leaves out, because an agent knows it."""
    if isinstance(event, e.LanguageChosen):
        return _("the customer's language: {language}").format(language=event.language)
    if isinstance(event, e.LineAdded):
        return _("chosen: {quantity} × {name}").format(quantity=event.line.quantity, name=event.line.name)
    if isinstance(event, e.HoldRefused):
        return _("places not held") + words.of_korus(event.refusal.words)
    said: dict[type, str] = {
        e.LineRemoved: _("a line taken out"),
        e.HoldRequested: _("Korus asked to hold the places"),
        e.HoldExpired: _("a hold lapsed"),
        e.CustomerEntered: _("the customer is known"),
        e.NotesEntered: _("a note was written"),
        e.PaymentStarted: _("payment begins"),
        e.PaymentGivenUp: _("payment left, nothing taken"),
        e.DifferenceAccepted: _("a difference accepted"),
        e.OutcomeSettled: _("what was in doubt is known"),
        e.OrderDiffers: _("an order is not what was held and paid"),
        e.SaleParked: _("parked"),
        e.SaleRecalled: _("recalled"),
        e.TicketsSeen: _("Korus gave the tickets' numbers"),
    }
    return said.get(type(event), type(event).__name__)


def _came_back(back: bool | None) -> str:
    if back is None:
        return ""
    return _("The tickets came back.") if back else _("The tickets did not come back.")


def _event(event: e.Event, sale: Sale) -> tuple[str, str]:
    """An event in words and style; "" for one that tells an agent nothing."""
    match event:
        case e.SaleOpened():
            return _("opened"), ""
        case e.HoldPlaced():
            return _("places held"), ""
        case e.PaymentTaken():
            return _("paid {amount} {how}").format(
                amount=words.money(event.payment.collected), how=how(event.payment.method)
            ), ""
        case e.PaymentUndone():
            return joined((_("a payment given back"), _came_back(event.tickets_back))), "$text-warning"
        case e.MoneyGivenBack():
            back = _("{amount} given back {how}: {reason}")
            amount = words.money(event.amount if event.rounding is None else event.amount + event.rounding)
            said = back.format(amount=amount, how=how(event.method), reason=event.reason)
            return joined((said, _came_back(event.tickets_back))), "$text-warning"
        case e.ActAuthorised():
            said = _("authorised by {name}: {act}")
            return said.format(name=event.supervisor, act=act_words(event.act)), "$text-warning"
        case e.DifferenceAbsorbed():
            text = _("{amount} not collected: {reason}")
            return text.format(amount=words.money(event.amount), reason=event.reason), "$text-warning"
        case e.OrderRequested():
            return _("booking sent"), ""
        case e.OrderPlaced():
            return _("booked: {order}").format(order=event.order.reference), ""
        case e.OrderFound():
            return _("booked after all: {order}").format(order=event.order.reference), "$text-error"
        case e.OrderRefused():
            return _("not booked") + words.of_korus(event.refusal.words), "$text-error"
        case e.OutcomeUnknown():
            return _("whether it was done is not known"), "$text-error"
        case e.DocumentHandedOver():
            return _handed(event), "$text-warning" if event.copy > 1 else ""
        case e.SlipHandedOver():
            way = _("saved") if event.how == "saved" else _("printed")
            said = joined((f"{_paper(event.kind)} {way}", _copy(event.copy)))
            return said, "$text-warning" if event.copy > 1 else ""
        case e.PaperAsked():
            way = _("to be saved") if event.how == "saved" else _("to be printed")
            return joined((f"{_paper(event.paper)} {way}", _copy(event.copy))), "$text-muted"
        case e.PaperFailed():
            way = _("not saved") if event.how == "saved" else _("not printed")
            return f"{_paper(event.paper)} {way}: {event.why}", "$text-error"
        case e.SaleFinished():
            return _("finished"), ""
        case e.SaleVoided():
            return joined((_("voided: {reason}").format(reason=event.reason), _came_back(event.tickets_back))), ""
        case e.TicketNamed():
            return _("a ticket got its holder"), ""
        case e.TicketsSeen():
            return "", ""
        case _:
            return _after(event, sale)


def _after(event: e.Event, sale: Sale) -> tuple[str, str]:
    match event:
        case e.CancellationAsked():
            back = ""
            if event.given_back and event.method:
                back = _("{amount} given back {how}").format(
                    amount=words.money(event.given_back), how=how(event.method)
                )
            order = next((one.reference for one in sale.all_orders if one.order == event.order), "")
            asked = _("cancellation asked for {order}: {reason}").format(order=order, reason=event.reason)
            return joined((asked, back, _came_back(event.tickets_back))), "$text-warning"
        case e.CancellationSeen():
            order = next((one.reference for one in sale.all_orders if one.order == event.order), "")
            return _("Korus shows {order} cancelled").format(order=order), ""
        case e.SaleClosedByHand():
            return _("closed by hand: {reason}").format(reason=event.reason), "$text-warning"
    return "", ""


def _handed(event: e.DocumentHandedOver) -> str:
    ways = {"saved": _("saved"), "link": _("link copied"), "printed": _("printed"), "qr": _("shown as a QR code")}
    way = _("shown on the screen") if event.how == SHOWN else ways.get(event.how, event.how)
    return joined((_("document {way}").format(way=way), _copy(event.copy)))


def _copy(number: int) -> str:
    return _("copy {count}").format(count=number) if number > 1 else ""


def _paper(paper: str) -> str:
    """A document or a slip, as it is called in its history."""
    known: dict[str, str] = {
        SlipKind.RECEIPT: _("receipt"),
        SlipKind.REFUND: _("refund slip"),
        SlipKind.NOT_CONFIRMED: _("slip"),
    }
    return known.get(paper, _("document"))


def asked_words(file: SaleFile, services: Services) -> str:
    """When Korus was asked how the orders stand."""
    if file.asked_at is None:
        return _("as recorded; Korus is being asked")
    mark = signs().ok
    return f"{mark} " + _("as Korus shows it at {time}").format(time=words.time(services.local(file.asked_at)))
