"""What the cart says of its lines: refusals, differences and totals, in our words and the API's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from textual.content import Content

from korus_tui.counter.booking.holding import ABSURD, NEVER_SENT, WAIT
from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.booking.replacement import gone_together
from korus_tui.counter.catalog.families import options
from korus_tui.counter.paper.seats import places
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.differences import Difference, undecided
from korus_tui.sale.holds import soonest
from korus_tui.sale.money import Money
from korus_tui.sale.seats import seats_of
from korus_tui.sale.state import CANCELLED, HELD_BACK, UNKNOWN, LineState, LineStatus, Sale
from korus_tui.sale.values import Line
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.differences import difference_words, product_names, unread_said
from korus_tui.screens.common.notes import before_money
from korus_tui.screens.common.till_screen import joined, sale_total, seconds
from korus_tui.widgets.big_amount import big_lines
from korus_tui.widgets.countdown import remaining_text
from korus_tui.widgets.text import styled


def why(services: Services, sale: Sale) -> str:
    """What stands in the way of payment, line by line, in our words and the API's."""
    said = [refusal(services, sale, state) for state in sale.lines if state.refusal and not state.order]
    if must_choose(sale):
        said += [
            _("Payment waits for your choice:"),
            _("‹cart.without› carry on without   ‹cart.hold_again› try again   ‹cart.release› release all"),
        ]
    if gone_together(sale, None):
        said.append(_("‹cart.other_session› chooses another session for all who would have gone together"))
    said += [difference(sale, one, product_names(services)) for one in undecided(sale)]
    said += before_money(services, sale)
    return "\n".join(said)


def people(services: Services, line: Line) -> str:
    """How many of what, what tells the line from its siblings first: names begin alike, and are cut at their end."""
    content = services.catalogs.content
    product = content.product(last_id(line.product)) if content else None
    base = content.base_of(product) if content and product else None
    name = joined((options(product), base.name)) if product and base and product.options else line.name
    return f"{line.quantity} × {name}"


def in_full(sale: Sale, state: LineState, *, apart: bool) -> str:
    """Everything that was chosen for a line: name, day, each ticket with its session, and its seats.

    `apart`: each in a line of its own.
    """
    line = state.line
    tickets = [
        f"{ticket.name} {words.time(ticket.starts_at, line.zone)}" if ticket.starts_at else ticket.name
        for ticket in line.tickets
    ]
    parts = (f"{line.quantity} × {line.name}", words.long_day(line.day), *tickets, places(seats_of(sale, state)))
    return "\n".join(filter(None, parts)) if apart else joined(parts)


def must_choose(sale: Sale) -> bool:
    """Some lines are held and some are not: the agent says how to go on before money moves."""
    return bool(sale.with_status(LineStatus.HELD) and sale.with_status(LineStatus.REFUSED, LineStatus.LAPSED))


def refusal(services: Services, sale: Sale, state: LineState) -> str:
    """Why the places of a line are not kept: our words, the API's, and the key."""
    found = state.refusal
    assert found is not None
    if found.code == CANCELLED:
        said = _("Korus shows its order {order} as cancelled: paid and not had").format(order=found.words or "—")
        return words.about(f"✗ {state.line.name}", f"{said} — ") + _(
            "‹cart.hold_again› tries again, ‹cart.remove› takes it out"
        )
    if state.hold and not state.lapsed:
        return not_renewed(services, sale, state)
    ours = {
        NEVER_SENT: _("was never asked for: the server could not be reached"),
        HELD_BACK: _("was not asked for, because another line was refused"),
        ABSURD: _("is held at {amount}, which is no price: no money is taken for it").format(amount=found.words),
        WAIT: _("was refused for now"),
        UNKNOWN: unread_said(found) or _("whether it is held is not known"),
    }.get(found.code, _("could not be held"))
    keys = _("‹cart.hold_again› tries again, ‹cart.remove› takes it out")
    return words.about(f"✗ {state.line.name}", f"{ours}{_more(services, state)} — {keys}")


def _more(services: Services, state: LineState) -> str:
    """Behind a refusal: how long to wait, or the API's own words; and places that may be held for nobody."""
    found = state.refusal
    assert found is not None
    said = ""
    if found.code == WAIT:
        until = services.local(datetime.fromisoformat(found.words), state.line.zone)
        said = "; " + _("Korus asks to wait until {time}").format(time=f"{until:%H:%M:%S}")
    elif found.code not in (NEVER_SENT, HELD_BACK, ABSURD, UNKNOWN):
        said = words.of_korus(found.words)
    lost = state.may_be_held(services.clock.now())
    if lost is None:
        return said
    count, until = lost[0], services.local(lost[1], state.line.zone)
    held = ngettext(
        "up to {count} place may be held without us until {time}",
        "up to {count} places may be held without us until {time}",
        count,
    ).format(count=count, time=words.time(until))
    few = "" if found.code == UNKNOWN else ", " + _("and be missing here till then")
    return f"{said}; {held}{few}"


def not_renewed(services: Services, sale: Sale, state: LineState) -> str:
    """Make before break needs places for both holds at once; the old hold is still there."""
    hold = sale.hold_of(state)
    until = words.time(services.local(hold.expires_at, state.line.zone)) if hold and hold.expires_at else "?"
    ours = _("the hold could not be renewed; the old one runs until {time}").format(time=until)
    return words.about(f"! {state.line.name}", ours + _more(services, state))


def difference(sale: Sale, one: Difference, known: Mapping[str, str]) -> str:
    """Both figures, and the key that decides (docs/rules.md, Law 1); `known` are the names of products by their id."""
    accepts = _("‹cart.accept› accepts it")
    if isinstance(one.second, Money):
        accepts = _("‹cart.accept› accepts {amount}").format(amount=words.money(one.second))
    return f"≠ {difference_words(sale, one, known)} — {accepts}"


def total(services: Services, sale: Sale) -> Content:
    """What to collect or what is paid, large, and how long the sale's places are sure."""
    hold = soonest(sale)
    said, amount = sale_total(sale)
    label = said or _("TO COLLECT")
    parts = [f"{label}  {words.money(amount)}"]
    figures = [styled(row, "$money") for row in big_lines(words.money(amount))]
    if hold is not None:
        left, _tone = remaining_text(seconds(services.clock.left(hold)))
        parts.append(_("holds {time}").format(time=left))
    return Content("\n").join((*figures, Content(joined(parts))))
