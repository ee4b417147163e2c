"""The text of a message to the customer: references, what was bought, where the tickets are; sent by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from korus_tui.api.text import clean_line
from korus_tui.counter.catalog.offer_models import OrderDocuments
from korus_tui.counter.paper.dates import long_day, moment
from korus_tui.i18n import _, ngettext, speaking
from korus_tui.sale.state import Sale
from korus_tui.text.venue_time import clock

if TYPE_CHECKING:
    from korus_tui.sale.values import Line

_MOST = 200  # characters of a name from outside


def message(sale: Sale, found: Iterable[OrderDocuments], venue: str, local: Callable[[datetime], datetime]) -> str:
    """The message of a sale in its customer's language; `local` gives the venue's time of a moment."""
    with speaking(sale.language):
        lines = [_greeting(sale), "", *_thanks(sale, venue), ""]
        bought = [_bought(state.line, sale.language) for state in sale.lines if state.order]
        lines += [*bought, ""] if bought else []
        lines += [
            *_tickets(found, local, sale.language),
            "",
            _("For questions, say our reference {reference}.").format(reference=sale.reference),
        ]
    return "\n".join(lines) + "\n"


def _greeting(sale: Sale) -> str:
    customer = sale.customer
    if customer is None or customer.walk_in:
        return _("Hello,")
    return _("Hello {name},").format(name=clean_line(f"{customer.first_name} {customer.last_name}", _MOST))


def _thanks(sale: Sale, venue: str) -> list[str]:
    thanks = _("Thank you for your order at {venue}.").format(venue=clean_line(venue, _MOST))
    references = ", ".join(clean_line(order.reference, _MOST) for order in sale.orders if order.reference)
    if not references:
        return [thanks]
    said = ngettext("Your order's reference: {references}", "Your orders' references: {references}", len(sale.orders))
    return [thanks, said.format(references=references)]


def _bought(line: Line, language: str) -> str:
    times = sorted({clock(one.starts_at, line.zone) for one in line.tickets if one.starts_at})
    day = long_day(line.day, language) if line.day else _("any day")
    when = ", ".join((day, *times))
    return f"- {line.quantity} × {clean_line(line.name, _MOST)}, {when}"


def _tickets(found: Iterable[OrderDocuments], local: Callable[[datetime], datetime], language: str) -> list[str]:
    """Each link on a line of its own, where a mail program makes it one to click."""
    documents = [document for order in found for document in order.documents]
    lines = []
    for document in documents:
        if document.link:
            lines.append(document.link)
            if document.link_until is not None:
                end = moment(local(document.link_until), language)
                lines.append(_("(this link works until {time})").format(time=end))
    if not lines:
        return [_("Your tickets are being made; we send you their link as soon as it is there.")]
    late = [_("More tickets follow.")] if any(not document.link for document in documents) else []
    return [_("Your tickets, to print or to show on your phone:"), *lines, *late]
