"""What an empty sale can begin with, of what is known without a call: favourites, sales that wait, today's sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from korus_tui.counter.catalog.families import family_of
from korus_tui.counter.catalog.models import CatalogContent
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats
from korus_tui.widgets.cart_rail import RailEntry, RailPart
from korus_tui.widgets.countdown import remaining_text

_MOST = 6  # sales, and sessions


def may_see(services: Services) -> bool:
    """Whether somebody stands here who can sell: nobody else is shown what there is to go on with."""
    return services.opened and not services.closed and services.till.nobody is None


def waiting(services: Services) -> tuple[RailPart, ...]:
    """The sales that wait at this till, the soonest to lapse first."""
    from korus_tui.sale.holds import soonest  # first frame

    found = []
    for sale in services.desk.others:
        if sale.lines or sale.taken:
            hold = soonest(sale)
            left = services.clock.left(hold) if hold is not None else None
            text, tone = remaining_text(int(left.total_seconds() // 1)) if left is not None else ("", "muted")
            people = ngettext("{count} ticket", "{count} tickets", sale.places).format(count=formats.count(sale.places))
            entry = RailEntry(sale.reference, sale.waits_as or people, text, tone or "muted")
            found.append((left if left is not None else timedelta.max, entry))
    if not found:
        return ()
    entries = tuple(entry for _left, entry in sorted(found, key=lambda one: one[0])[:_MOST])
    return (RailPart(_("Sales that wait · ‹app.park›"), entries),)


def favourites(content: CatalogContent, keys: Mapping[str, str]) -> tuple[RailPart, ...]:
    """The favourites of this catalog by their keys, called by their whole names; without any, how to have them."""
    entries = []
    for key in sorted(keys, key=lambda key: int(key[1:])):
        found = family_of(content, keys[key])
        if found is not None:
            entries.append(RailEntry(key.upper(), found[1].name if found[1] else found[0].name, key=True))
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
