"""What an empty sale can begin with, of what is known without a call: favourites, sales that wait, today's sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from korus_tui.counter.catalog.families import Family
from korus_tui.counter.catalog.favourites import on_keys
from korus_tui.counter.catalog.models import CatalogContent
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats
from korus_tui.widgets.cart_rail import RailEntry, RailPart
from korus_tui.widgets.countdown import remaining_text

if TYPE_CHECKING:
    from korus_tui.sale.state import Sale

_MOST = 6  # sales, and sessions
_MOST_PRICES = 16  # of one family


def may_see(services: Services) -> bool:
    """Whether somebody stands here who can sell: nobody else is shown what there is to go on with."""
    return services.opened and not services.closed and services.till.nobody is None


def in_waiting(services: Services) -> list[Sale]:
    """The sales that wait here, the soonest to lapse first: an unknown deadline at once, without a hold last."""
    from korus_tui.sale.holds import soonest  # first frame

    def left(sale: Sale) -> timedelta:
        hold = soonest(sale)
        return timedelta.max if hold is None else services.clock.left(hold) or timedelta(0)

    return sorted((sale for sale in services.desk.others if sale.begun), key=left)


def waiting(services: Services) -> tuple[RailPart, ...]:
    """Those of them that are to be seen first, with how long their places are sure."""
    from korus_tui.sale.holds import soonest  # first frame

    entries = []
    for sale in in_waiting(services)[:_MOST]:
        hold = soonest(sale)
        left = services.clock.left(hold) if hold is not None else None
        text, tone = remaining_text(int(left.total_seconds() // 1)) if left is not None else ("", "muted")
        people = ngettext("{count} ticket", "{count} tickets", sale.places).format(count=formats.count(sale.places))
        entries.append(RailEntry(sale.reference, sale.waits_as or people, text, tone or "muted"))
    return (RailPart(_("Sales that wait · ‹app.park›"), tuple(entries)),) if entries else ()


def prices_of_today(services: Services, catalog: str, family: Family) -> str:
    """What each of the products costs today, as lists told it within the hour: `Adulte €46.00 · Enfant €31.00`."""
    if not services.offers_told:
        return ""
    day, told = services.today(), services.offers
    prices = ((one, told.lowest(catalog, family, day, one)) for one in family.products[:_MOST_PRICES])
    said = (f"{family.label(one)} {formats.money(price)}" for one, price in prices if price is not None)
    return " · ".join(one.replace(" ", "\u00a0") for one in said)


def favourites(content: CatalogContent, keys: Mapping[str, str]) -> tuple[RailPart, ...]:
    """The favourites of this catalog by their keys, called by their whole names; without any, how to have them."""
    entries = [
        RailEntry(key.upper(), (product or family).name, key=True) for key, family, product in on_keys(content, keys)
    ]
    if not entries:
        return (RailPart(_("No favourites yet: ‹catalog.keep› puts the highlighted product on an F-key."), ()),)
    return (RailPart(_("Favourites"), tuple(entries)),)


def sessions(services: Services, catalog: str) -> tuple[RailPart, ...]:
    """The next sessions of today, where its board was read."""
    board, now = services.board, services.clock.now()
    if board is None or board.catalog != catalog or board.day != services.today():
        return ()
    coming = list(dict.fromkeys((at, name) for at, name in board.sessions if at > now))[:_MOST]
    if not coming:
        return ()
    entries = tuple(RailEntry(f"{at:%H:%M}", name) for at, name in coming)
    return (RailPart(_("Next today · ‹catalog.today›"), entries),)
