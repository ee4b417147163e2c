"""What the page of holders says: how far each ticket is, and what the agent must know before sending."""

from __future__ import annotations

from korus_tui.counter.orders.beneficiaries import HolderTicket
from korus_tui.counter.orders.holder_fields import unknown_fields
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.widgets.lists.row_list import Tone


def state(ticket: HolderTicket, services: Services, sending: bool, refused: str | None) -> tuple[str, Tone]:
    """How far a ticket is, in words and tone."""
    if sending:
        return _("sending…"), "muted"
    if refused:
        return _("refused"), "bad"
    if not ticket.waiting:
        return ticket.holder or _("named"), "good"
    if services.beneficiaries.too_late(ticket):
        return _("too late"), "bad"
    typed = services.beneficiaries.drafts.get(ticket.iri)
    return (_("typed, not sent"), "warn") if typed and any(typed.values()) else (_("waits"), "warn")


def facts(tickets: tuple[HolderTicket, ...], services: Services) -> str:
    """How many tickets wait, and until when the API takes their holders."""
    waiting = [one for one in tickets if one.waiting]
    if not waiting:
        return (
            _("All holders are known; the documents are made now. ‹beneficiaries.back› goes back to them.")
            if tickets
            else ""
        )
    said = ngettext("{count} ticket waits for its holder.", "{count} tickets wait for their holders.", len(waiting))
    ends = [one.deadline for one in waiting if one.deadline]
    until = ""
    if ends:
        end = services.local(min(ends))
        until = _("Korus takes them until {day} {time}.").format(day=words.day(end.date()), time=words.time(end))
    return " ".join(part for part in (said.format(count=len(waiting)), until) if part)


def number(ticket: int, count: int) -> str:
    return _("Ticket {number} of {count}").format(number=ticket, count=count)


def title(ticket: HolderTicket, number: str) -> str:
    return joined((number, ticket.product, words.day(ticket.day) if ticket.day else "", ticket.reference))


def note(ticket: HolderTicket, services: Services, refused: str | None) -> str:
    """What the agent must know before sending."""
    said = [_("Korus refused it: “{words}”").format(words=refused)] if refused else []
    if services.beneficiaries.too_late(ticket):
        said.append(_("The deadline has passed: Korus takes no holder any more. Ask your Korus contact."))
    elif ticket.waiting and ticket.amendable is False:
        said.append(_("Once sent, the holder cannot be changed: read it back to the customer."))
    elif not ticket.waiting:
        named = _("The holder is {name}.").format(name=ticket.holder or "—")
        change = _("It can still be changed.") if ticket.amendable else _("It cannot be changed any more.")
        said.append(f"{named} {change}")
    if unknown := unknown_fields(ticket.required):
        asked = _("Korus also asks for {fields}, which this program cannot send.")
        said.append(asked.format(fields=", ".join(unknown)))
    return "\n".join(said)
