"""What the page of sessions says about the basket and about what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from korus_tui.counter.basket.models import Quote, amount
from korus_tui.counter.basket.sessions import Fit, name_of, people_of
from korus_tui.counter.basket.split import Split
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.sessions.pane import TicketPane
from korus_tui.widgets.text import paragraph, styled


def facts(quotes: Sequence[Quote]) -> tuple[str, str]:
    """Title and facts: what, when, how many, at what price."""
    people = sum(quote.quantity for quote in quotes)
    days = " + ".join(dict.fromkeys(words.long_day(quote.offer.day) for quote in quotes))
    counted = ngettext("{count} person", "{count} people", people).format(count=people)
    if len({quote.offer.iri for quote in quotes}) == 1:
        return quotes[0].product.name, joined((days, counted, *_price(quotes[0])))
    base = quotes[0].content.base_of(quotes[0].product)
    family = base is not None and len({quote.product.base for quote in quotes}) == 1
    title = base.name if base is not None and family else _("Several products")
    if not family and len(names := [quote.product.name for quote in quotes]) <= 2:
        title = " + ".join(names)
    total = amount(quotes)
    live = _("live price") if any(quote.live.price for quote in quotes) else ""
    return title, joined((days, counted, words.money(total), live))


def asked_for(quotes: Sequence[Quote]) -> Content:
    """What is about to be held, a line a product with its price, and all of it."""
    lines = [paragraph(_line(quote)) for quote in quotes]
    if len(quotes) > 1:
        lines.append(styled(words.money(amount(quotes)), "bold"))
    return Content("\n").join(lines)


def _line(quote: Quote) -> str:
    each, cost = _price(quote)[0], amount((quote,))
    return joined((f"{quote.quantity} × {quote.product.name}", each, words.money(cost) if quote.quantity > 1 else ""))


def _price(quote: Quote) -> tuple[str, str]:
    each = _("{price} each").format(price=words.money(quote.price)) if quote.price else ""
    listed = quote.offer.price
    if quote.live.price is not None and listed is not None and quote.live.price != listed:
        return each, _("live price, listed at {price}").format(price=words.money(listed))
    return each, _("live price") if quote.live.price else ""


def together(basket: Split) -> str:
    """That people go together, and how they are parted."""
    groups = [group for group in basket.groups if not group[0].ticket.full_day]
    if basket.is_split:
        return _("Chosen apart. A digit says how many go to this one; ‹sessions.join› puts all together again.")
    if any(len(group) > 1 for group in groups):
        people = max(people_of(group) for group in groups)
        return _("Places for all {count} are chosen together; ‹sessions.split› chooses apart.").format(count=people)
    return _("‹sessions.split› sends some of them to another session.") if any(map(basket.can_split, groups)) else ""


def why_not(pane: TicketPane) -> Problem:
    """What a group of tickets still needs."""
    name, unharmed = name_of(pane.group), _("No place is held.")
    if pane.fit is Fit.FITS:
        what = _("A session for “{ticket}”, please.").format(ticket=name)
        return Problem(what, unharmed, _("Enter takes the highlighted one."))
    said = {
        Fit.STARTED: _("That session of “{ticket}” has started."),
        Fit.FULL: _("That session of “{ticket}” is full."),
        Fit.TOO_FEW: _("That session of “{ticket}” has too few places."),
        Fit.NOT_ALL: _("That session of “{ticket}” is not sold to all of them."),
        None: _("“{ticket}” has no session on this day."),
    }
    hint = _("Choose another session, or ‹sessions.back› for another day.")
    if pane.fit in (Fit.TOO_FEW, Fit.NOT_ALL):
        hint = _("Choose another session, ‹sessions.split› to send some elsewhere, or ‹sessions.back› for another day.")
    return Problem(said[pane.fit].format(ticket=name), unharmed, hint)
