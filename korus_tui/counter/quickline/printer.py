"""A sale written as a quick line: every line that is written here reads back to exactly what it was written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from korus_tui.counter.basket.models import At, Wanted
from korus_tui.counter.quickline.index import Index, spelled
from korus_tui.counter.quickline.models import Pay
from korus_tui.counter.quickline.parse import parse
from korus_tui.counter.quickline.payment import payment_text
from korus_tui.i18n import language
from korus_tui.sale.state import Sale
from korus_tui.text.search import fold

_Writer = Callable[[Sequence[Wanted], Index], str | None]


def line_of(wanted: Sequence[Wanted], index: Index, today: date, pay: Pay | None = None) -> str | None:
    """The shortest friendly line for this; None for what no line can say, such as a day in the past."""
    groups = [(when, tuple(people)) for when, people in groupby(wanted, key=lambda one: (one.day, one.at))]
    for least in range(len(_WRITERS)):
        parts = [
            " ".join((_written(people, index, _WRITERS[least:]), *_when(day, at, today)))
            for (day, at), people in groups
        ]
        line = " ".join(("; ".join(parts), *([payment_text(pay)] if pay else [])))
        if _reads_back(line, wanted, index, today, pay):
            return line
    return None


def _written(people: Sequence[Wanted], index: Index, writers: Sequence[_Writer]) -> str:
    """The first way of writing that can say it; ids always can."""
    return next(said for write in writers if (said := write(people, index)) is not None)


def wanted_of(sale: Sale, index: Index) -> tuple[Wanted, ...] | None:
    """What a sale's lines are, in the words of a quick line; None where the catalog no longer sells one of them."""
    found = []
    for state in sale.lines:
        line = state.line
        number = index.number.get(line.product.rstrip("/").rpartition("/")[2])
        if number is None:
            return None
        start = line.starts_at
        at = At(start.hour, start.minute) if start else None
        found.append(Wanted(line.quantity, index.products[number], line.day, at))
    return tuple(found)


def _reads_back(line: str, wanted: Sequence[Wanted], index: Index, today: date, pay: Pay | None) -> bool:
    """Whatever is preferred when it is read: nothing in the line is left open."""
    read = parse(line, index, today)
    return read.good and not read.questions and read.pay == pay and read.wanted == tuple(wanted)


def _when(day: date | None, at: At | None, today: date) -> Iterable[str]:
    if day is not None:
        near = 0 <= (day - today).days < 180
        yield f"{day.day}/{day.month}" if near else day.isoformat()
    if at is not None:
        yield at.text


def _families(wanted: Sequence[Wanted], index: Index) -> str | None:
    """`2a2c argent`: each family's numbers and letters, then its name once."""
    parts = []
    for family, people in groupby(wanted, key=lambda one: index.family_of[index.number[one.product.id]]):
        some = tuple(people)
        letters = [_letter(one, index) for one in some]
        name = _family_words(family, some[0], index)
        if name is None or None in letters or (len(some) > 1 and "" in letters):
            return None
        numbers = "".join(f"{one.quantity}{letter}" for one, letter in zip(some, letters, strict=True))
        parts.append(f"{numbers} {name}".rstrip())
    return " + ".join(parts)


def _letter(one: Wanted, index: Index) -> str | None:
    """The shortest start of a price type's word that no other price of the family has; none where there is one."""
    number = index.number[one.product.id]
    bit, family = 1 << number, index.families[index.family_of[number]]
    if family == bit and not index.price_words_of[number]:
        return ""
    starts = sorted(
        {word[:size] for word in index.price_words_of[number] if word.isalpha() for size in (1, 2, 3, len(word))},
        key=lambda start: (len(start), start),
    )
    return next((start for start in starts if index.prices.starting(start, language()) & family == bit), None)


def _family_words(family: int, one: Wanted, index: Index) -> str | None:
    """The fewest words that leave this family alone among those that have the price type."""
    number = index.number[one.product.id]
    mask = index.families[family]
    price = 0
    for word in index.price_words_of[number]:
        price |= index.prices.whole(word)
    return _narrowed(index.words_of[number], price or index.everything, mask, index)


def _narrowed(words: Iterable[str], among: int, wanted: int, index: Index) -> str | None:
    """Words, each the one that leaves least beside `wanted`, until nothing is left beside it."""
    said: list[str] = []
    left = sorted(words, key=lambda word: (not word.isalpha(), len(word), word))
    while among & ~wanted:
        best = min(left, key=lambda word: (among & index.names.starting(word)).bit_count(), default=None)
        if best is None or len(said) == 4:
            return None
        left.remove(best)
        said.append(best)
        among &= index.names.starting(best)
    return " ".join(spelled(word) for word in said)


def _words(wanted: Sequence[Wanted], index: Index) -> str | None:
    """`2 adulte argent + 1 parking`."""
    parts = []
    for one in wanted:
        number = index.number[one.product.id]
        name = fold(one.product.name).split()
        price = next((word for word in name if word in index.price_words_of[number] and word.isalpha()), None)
        among = index.prices.whole(price) if price else index.everything
        words = _narrowed(index.words_of[number], among, 1 << number, index)
        if words is None:
            return None
        parts.append(" ".join(part for part in (str(one.quantity), price, words) if part))
    return " + ".join(parts)


def _names(wanted: Sequence[Wanted], index: Index) -> str | None:
    """`2 "the whole name"`."""
    names = [index.quoted_names(index.number[one.product.id]) for one in wanted]
    if not all(names):
        return None
    return " + ".join(f"{one.quantity} {name[-1]}" for one, name in zip(wanted, names, strict=True))


def _ids(wanted: Sequence[Wanted], _index: Index) -> str:
    """`2 @id`: what nothing else tells apart."""
    return " + ".join(f"{one.quantity} @{one.product.id}" for one in wanted)


_WRITERS: tuple[_Writer, ...] = (_families, _words, _names, _ids)
