"""What the page of sessions says about the basket and about what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _, ngettext
from korus_tui.screens.basket.basket import Basket
from korus_tui.screens.basket.sessions import Fit, name_of, people_of
from korus_tui.screens.basket.wish import Wish, amount
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.sessions.pane import TicketPane


def facts(wishes: Sequence[Wish]) -> tuple[str, str]:
    """Title and facts: what, when, how many, at what price."""
    people = sum(wish.quantity for wish in wishes)
    days = " + ".join(dict.fromkeys(words.long_day(wish.offer.day) for wish in wishes))
    counted = ngettext("{count} person", "{count} people", people).format(count=people)
    if len({wish.offer.iri for wish in wishes}) == 1:
        return wishes[0].product.name, joined((days, counted, *_price(wishes[0])))
    base = wishes[0].content.base_of(wishes[0].product)
    family = base is not None and len({wish.product.base for wish in wishes}) == 1
    title = base.name if base is not None and family else _("Several products")
    if not family and len(names := [wish.product.name for wish in wishes]) <= 2:
        title = " + ".join(names)
    total = amount(wishes)
    live = _("live price") if any(wish.live.price for wish in wishes) else ""
    return title, joined((days, counted, words.money(total), live))


def _price(wish: Wish) -> tuple[str, str]:
    each = _("{price} each").format(price=words.money(wish.price)) if wish.price else ""
    listed = wish.offer.price
    if wish.live.price is not None and listed is not None and wish.live.price != listed:
        return each, _("live price, listed at {price}").format(price=words.money(listed))
    return each, _("live price") if wish.live.price else ""


def together(basket: Basket) -> str:
    """That people go together, and how they are parted."""
    groups = [group for group in basket.groups if not group[0].ticket.full_day]
    if basket.is_split:
        return _("Chosen apart. A digit says how many go to this one; j puts all together again.")
    if any(len(group) > 1 for group in groups):
        people = max(people_of(group) for group in groups)
        return _("Places for all {count} are chosen together; s chooses apart.").format(count=people)
    return _("s sends some of them to another session.") if any(map(basket.can_split, groups)) else ""


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
    hint = _("Choose another session, or Esc for another day.")
    if pane.fit in (Fit.TOO_FEW, Fit.NOT_ALL):
        hint = _("Choose another session, s to send some elsewhere, or Esc for another day.")
    return Problem(said[pane.fit].format(ticket=name), unharmed, hint)
