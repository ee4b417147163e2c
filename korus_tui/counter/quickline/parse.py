"""The one-line sale: `2a2c 20h !$=`. A pure parser: it asks nobody, holds nothing, and no text makes it fail.

Grammar (docs/keys.md, The quick line): people are a number and words in any order, the words shortened as one likes;
`+` parts different people; a day, a time or a name said once holds for neighbours that have none; `;` ends that;
`F3` is a favourite, `"a name"` a name with digits in it, `@id` what no word tells apart; `!` goes on to the payment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from korus_tui.counter.basket.models import At, Wanted
from korus_tui.counter.quickline.index import Index
from korus_tui.counter.quickline.models import Interpretation, Item, Mistake, Parse, Pay, Question, Token, TokenKind
from korus_tui.counter.quickline.reader import Draft, Reader
from korus_tui.counter.quickline.resolver import Resolver
from korus_tui.locales.words import spoken_first

__all__ = [
    "At", "Index", "Interpretation", "Item", "Mistake", "Parse", "Pay", "Question", "Token", "TokenKind", "Wanted",
    "parse", "picked",
]  # fmt: skip

_NONE: Mapping[str, str] = {}


def parse(
    text: str,
    index: Index,
    today: date,
    *,
    favourites: Mapping[str, str] = _NONE,
    preferred: Sequence[str] = (),
    languages: Sequence[str] | None = None,
) -> Parse:
    """The line as it is understood. `today` is the venue's day; `favourites` are ids of products or bases by key.

    `preferred` are such ids too, most wanted first: what is highlighted or a favourite is meant where words leave
    a choice, and the other readings are offered beside it. `languages` are those of its words, the agent's first.
    """
    reader = Reader(text, index, today, favourites, spoken_first() if languages is None else languages)
    reader.read()
    _share(reader.drafts)
    resolver = Resolver(index, preferred)
    resolver.resolve(reader.drafts)
    items = tuple(
        Item(draft.quantity or 1, resolver.products.get(place), draft.day, draft.at, draft.start, draft.end)
        for place, draft in enumerate(reader.drafts)
    )
    mistakes = tuple(reader.mistakes or resolver.mistakes)  # a word that says nothing explains what is missing
    read = Parse(reader.text, tuple(reader.tokens), items, reader.pay, tuple(resolver.questions), mistakes)
    unclear = not reader.mistakes and (mistakes or read.open_question)
    return replace(read, asks=tuple(resolver.asks)) if unclear else read


def _share(drafts: Sequence[Draft]) -> None:
    """Names, days and times said of some people hold for their neighbours who have none.

    People whose names were said in the same words, or not at all, are one family's: they are a group.
    """
    places = range(len(drafts))
    named = [_giver(drafts, place, [bool(one.names) for one in drafts]) for place in places]
    dated = [_giver(drafts, place, [one.day is not None for one in drafts]) for place in places]
    timed = [_giver(drafts, place, [one.at is not None for one in drafts]) for place in places]
    days = [None if giver is None else drafts[giver].day for giver in dated]
    times = [None if giver is None else drafts[giver].at for giver in timed]
    first: dict[tuple[object, ...], int] = {}
    for place, draft in enumerate(drafts):
        giver = named[place]
        said = tuple((word.mask, word.with_price) for word in drafts[giver].names) if giver is not None else ()
        draft.group = first.setdefault((draft.section, *said), place if giver is None else giver)
        draft.day, draft.at = days[place], times[place]


def _giver(drafts: Sequence[Draft], place: int, having: Sequence[bool]) -> int | None:
    """Whose word holds for these people: their own, else that of the next who have one, else of the ones before."""
    section = drafts[place].section
    for other in chain(range(place, len(drafts)), range(place - 1, -1, -1)):
        if having[other] and drafts[other].section == section:
            return other
    return None


def picked(
    read: Parse, question: Question, number: int, index: Index, today: date, favourites: Mapping[str, str] = _NONE
) -> str:
    """The line with a word or two more, so that it is read as this pick of the question whatever is preferred."""
    pick = question.picks[number]
    wanted = dict(zip(question.items, pick.products, strict=True))
    for words in _insertions(read, question, pick, index):
        line = _inserted(read, words)
        again = parse(line, index, today, favourites=favourites)
        found = {place: item.product.id for place, item in enumerate(again.items) if item.product is not None}
        asked = {place for one in again.questions for place in one.items}
        settled = len(again.items) == len(read.items) and not asked & set(wanted)
        if settled and all(found.get(place) == product for place, product in wanted.items()):
            return line
    return _inserted(read, {place: f"@{product}" for place, product in wanted.items()})


def _insertions(read: Parse, question: Question, pick: Interpretation, index: Index) -> list[dict[int, str]]:
    """What could be written behind which people's words, the friendliest first."""
    chosen = index.number[pick.products[0]]
    others = [index.number[one.products[0]] for one in question.picks if one is not pick]
    last = max(question.items, key=lambda place: read.items[place].end)
    words = [*index.telling_apart(chosen, others), *index.quoted_names(chosen)]
    places = (last, *(place for place in question.items if place != last))
    return [{place: one} for one in words for place in places]


def _inserted(read: Parse, words: Mapping[int, str]) -> str:
    text = read.text
    for place in sorted(words, key=lambda one: read.items[one].end, reverse=True):
        text = with_words(read, text, read.items[place].end, words[place])
    return text


def with_words(read: Parse, text: str, end: int, words: str) -> str:
    """The text with words at `end`; `2+2` stays two people and two, and does not become a day."""
    rest = text[end:]
    if rest.startswith("+") and any(one.end == end and one.kind is TokenKind.NUMBER for one in read.tokens):
        rest = f"+ {rest[1:]}"
    return f"{text[:end]} {words}{'' if not rest or rest[0].isspace() else ' '}{rest}"
