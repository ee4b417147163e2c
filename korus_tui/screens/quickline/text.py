"""How a quick line is shown: word by word, person by person, and what stands against selling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from textual.content import Content

from korus_tui import commands
from korus_tui.counter.basket.models import Proposal, Why
from korus_tui.counter.booking.methods import METHODS
from korus_tui.counter.catalog.offer_models import Product
from korus_tui.counter.core.problems import Unread
from korus_tui.counter.quickline.models import Item, Parse, Pay, Token, TokenKind
from korus_tui.i18n import _
from korus_tui.sale.money import Money, total
from korus_tui.screens.common import formats as words
from korus_tui.text.search import fold
from korus_tui.widgets.text import clean, cut_inside, fit, width_of

_Part = str | tuple[str, str]
_TIME, _EACH, _LEFT, _TOTAL = 7, 9, 7, 10  # cells
_NAME_AT_LEAST = 16
_WIDE = 100  # columns from which the price of one has room beside the amount


def word_by_word(read: Parse) -> Content:
    """Each word of the line beside what it was read as; a wrong one stands out."""
    parts: list[_Part] = []
    for token in read.tokens:
        if token.kind is TokenKind.AND:
            continue
        meaning = _meaning(token, read)
        if token.kind is TokenKind.NUMBER:
            parts += ["   " if parts else "", (token.text, "bold"), " "]
            continue
        apart = "" if parts and parts[-1] == " " else "   " if parts else ""
        bad = token.kind is TokenKind.WRONG
        parts += [apart, (clean(token.text), "bold $text-error" if bad else "bold $text-accent")]
        if meaning:
            parts += [" ", (clean(meaning), "$text-error" if bad else "$foreground-muted")]
    return Content.assemble(*parts)


def so_far(line: str) -> Content:
    """The sale at the counter as a line, before anything is typed: how it is done is learned from it."""
    if not line:
        return Content("")
    said = _("in the sale:")
    return Content.assemble((f"{said} ", "$foreground-muted"), (clean(line), "$text-accent"))


def _meaning(token: Token, read: Parse) -> str:
    if token.kind is TokenKind.WRONG:
        return _("not understood")
    if token.kind is TokenKind.PAY:
        return pay_words(read.pay)
    item = read.items[token.item] if token.item is not None else None
    if item is None or token.kind is TokenKind.SMALL:
        return ""
    if token.kind is TokenKind.DAY:
        return words.day(item.day)
    if token.kind is TokenKind.TIME:
        return _("session {time}").format(time=item.at.text if item.at else "")
    if token.kind is TokenKind.EVENT:
        return _("event")
    if item.product is None:
        return _("price type") if token.kind is TokenKind.PRICE else _("product")
    if token.kind is TokenKind.FAVOURITE:
        return item.product.name
    return _named(token.text, item.product)


def _named(typed: str, product: Product) -> str:
    """The word of the product that the typed one stands for."""
    starts = fold(typed)
    for code, label in product.options:
        if fold(label).startswith(starts) or fold(code).startswith(starts):
            return label
    return next((word for word in product.name.split() if starts and fold(word).startswith(starts)), "")


def pay_words(pay: Pay | None) -> str:
    """Where the line goes on to after the hold."""
    if pay is None:
        return ""
    if pay.method is None:
        return _("then payment")
    method = METHODS[pay.method].label
    if pay.exact:
        method = _("{method}, exact").format(method=method)
    return _("then {method}; ‹checkout.take› takes the money").format(method=method)


def people(
    read: Parse, found: Sequence[Proposal] | None, day: date, bases: Mapping[str, str], width: int, asking: bool
) -> Content:
    """A line for each of the people, below heads: number, product, day, session, price, places, amount; then the sum.

    `bases` are names of product bases by id, for names that are too long.
    """
    left = list(found or ())
    each = width >= _WIDE
    room = max(_NAME_AT_LEAST, width - 4 - words.widest_day() - _TIME - (_EACH + 1) * each - _LEFT - _TOTAL - 4)
    lines: list[_Part] = [(_heads(room, each), "$foreground-muted")] if read.items else []
    for item in read.items:
        one = left.pop(0) if item.product is not None and left else None
        name = _short(item.product, bases, room) if item.product else _("which product?")
        lines += ["\n" if lines else "", *_person(item, one, day, fit(name, room), asking, each)]
    amount = _sum(found or ())
    if amount is not None and read.items:
        label = fit(_("together"), width - _TOTAL - 1, "right")
        lines += ["\n", (label, "$foreground-muted"), " ", (fit(words.money(amount), _TOTAL, "right"), "bold")]
    return Content.assemble(*lines)


def _heads(room: int, each: bool) -> str:
    heads = [fit("", 3), fit(_("product"), room), fit(_("day"), words.widest_day()), fit(_("time"), _TIME)]
    heads += [fit(_("price"), _EACH, "right")] if each else []
    return " ".join((*heads, fit(_("left"), _LEFT, "right"), fit(_("amount"), _TOTAL, "right")))


def _short(product: Product, bases: Mapping[str, str], room: int) -> str:
    """The name where there is room for it; else what tells the product from its siblings comes first."""
    name = clean(product.name)
    if width_of(name) <= room:
        return name
    labels = " ".join(label for _code, label in product.options)
    if labels:
        return f"{labels} · {bases.get(product.base or '', name)}"
    return cut_inside(name, room)


def _person(item: Item, one: Proposal | None, day: date, name: str, asking: bool, each: bool) -> list[_Part]:
    shown_day = one.quote.offer.day if one and one.quote else item.day or day
    start = one.starts_at if one else None
    time = words.time(start) if start else _time(item, one)
    waiting = "…" if asking and one is None and item.product else ""
    price = words.figure(one.price) if one else waiting
    trouble = one is not None and one.why is not None
    left = waiting
    if one is not None:
        left = "" if trouble and one.left is None else words.places_left(one.left, said=_says_places(one))
    amount = words.figure(one.total) if one else waiting
    return [
        (fit(str(item.quantity), 3, "right"), "bold"),
        " ",
        (name, "bold" if item.product else "$text-warning"),
        " ",
        fit(words.day(shown_day), words.widest_day()),
        " ",
        (fit(time, _TIME), "$text-error" if trouble else ""),
        " ",
        *((fit(price, _EACH, "right"), " ") if each else ()),
        (fit(left, _LEFT, "right"), "$text-error" if trouble else "$foreground-muted"),
        " ",
        (fit(amount, _TOTAL, "right"), "bold"),
    ]


def _says_places(one: Proposal) -> bool:
    """Whether its sessions, or else the offer, say how many places there are."""
    sessions = [session for _ticket, session in one.choices if session is not None]
    if sessions:
        return all(session.says_places for session in sessions)
    return one.quote is None or not one.quote.offer.check_places


def _time(item: Item, one: Proposal | None) -> str:
    if one is not None and one.why is None:
        return _("all day")
    return item.at.text if item.at else ""


def _sum(found: Sequence[Proposal]) -> Money | None:
    amounts = [one.total for one in found if one.total is not None and one.why is None]
    currencies = {amount.currency for amount in amounts}
    if len(amounts) != len(found) or len(currencies) != 1:
        return None
    return total(amounts, currencies.pop())


def trouble(one: Proposal, day: date) -> str:
    """Why these people cannot be sold to as the line stands."""
    wanted = one.wanted
    values = {
        "product": wanted.product.name,
        "day": words.day(wanted.day or day),
        "time": wanted.at.text if wanted.at else "",
        "left": one.left,
        "count": wanted.quantity,
    }
    said = {
        Why.NOT_SOLD: _("“{product}” is not sold on {day}."),
        Why.SOLD_OUT: _("“{product}” is sold out on {day}."),
        Why.TOO_FEW: _("“{product}”: only {left} left on {day}."),
        Why.NO_PRICE: _("“{product}”: the API names no price."),
        Why.TOO_MANY: _("“{product}”: at most {left} in one order."),
        Why.NO_SESSION: _("“{product}” has no session at {time} on {day}.")
        if wanted.at
        else _("“{product}” has no session left on {day}."),
        Why.SESSION_FULL: _("“{product}”: the session has {left} left.")
        if one.left
        else _("“{product}”: no session has places left on {day}."),
    }
    assert one.why is not None
    unread = Unread.together(ticket.unread for ticket in one.quote.tickets) if one.quote else None
    if unread is not None and one.why in (Why.NO_SESSION, Why.SESSION_FULL):
        return f"{said[one.why].format(**values)} {unread.words}."
    return said[one.why].format(**values)


def short(found: Sequence[Proposal]) -> str:
    """That an offer may have more tickets than Korus gave; the hold decides."""
    tickets = (ticket for one in found if one.quote for ticket in one.quote.tickets)
    said = next((ticket.short for ticket in tickets if ticket.short), None)
    return "" if said is None else f"{said.words}."


def keys(enter: str, *, moves: bool) -> Content:
    """The keys of this moment; `enter` is empty while Enter does nothing."""
    pairs = [("quick.go", enter)] if enter else []
    pairs += [("quick.move('up')", _("move"))] if moves else []
    parts: list[_Part] = []
    for command, label in (*pairs, ("quick.back", _("back, nothing is held"))):
        parts += ["   " if parts else "", (commands.keys(command), "bold $text-accent"), f" {label}"]
    return Content.assemble(*parts)
