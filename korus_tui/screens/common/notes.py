"""What a customer must be told before the money: seats that are apart, tickets that come later."""

from __future__ import annotations

from korus_tui.counter.paper.seats import party
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.seats import Together, parties
from korus_tui.sale.state import LineState, Sale
from korus_tui.screens.common import formats as words


def before_money(services: Services, sale: Sale) -> list[str]:
    """One sentence each, the gravest first; nothing where there is nothing to tell."""
    found = parties(sale)
    said = []
    for one in sorted(found, key=lambda one: one.together is not Together.NO):
        sentence = party(one)
        if len(found) > 1 and one.starts_at is not None:
            sentence = words.about(words.time(one.starts_at), sentence)
        said.append(sentence)
    later = dict.fromkeys(name for state in sale.lines if (name := _later(services, state)))
    return said + [words.about(name, tickets_later()) for name in later]


def tickets_later() -> str:
    """Of a product whose documents are not there at once."""
    return _("its tickets come later, not with the order.")


def _later(services: Services, state: LineState) -> str:
    """The name of a line's base, where its documents are not there at once."""
    content = services.catalogs.content
    product = content.product(state.line.product.rstrip("/").rpartition("/")[2]) if content else None
    base = content.base_of(product) if content and product else None
    return base.name if base and base.instant is False and not state.order else ""
