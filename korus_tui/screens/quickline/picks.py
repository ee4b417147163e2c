"""What a quick line leaves to be picked: products that its words fit, other sessions, the next day that sells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from korus_tui.counter.basket.models import At, Proposal
from korus_tui.counter.catalog.offer_models import Offer
from korus_tui.counter.quickline.models import Interpretation, Parse, Question, TokenKind
from korus_tui.counter.quickline.parse import Index, picked, with_words
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats as words
from korus_tui.widgets.lists.row_list import Row


@dataclass(frozen=True, slots=True)
class Choices:
    """Rows to pick from under a sentence; `must` says that the line cannot be sold before one is picked.

    A row's key is its number for a question, or the line that it makes.
    """

    title: str
    rows: tuple[Row, ...]
    must: bool
    question: Question | None = None

    def line(self, key: str, read: Parse, index: Index, today: date, favourites: Mapping[str, str]) -> str:
        """The line with this row picked."""
        if self.question is None:
            return key
        return picked(read, self.question, int(key), index, today, favourites)


def choices_of(
    read: Parse, found: Sequence[Proposal] | None, offers: Mapping[tuple[str, date], Offer], day: date
) -> Choices | None:
    """What is to be picked first, or could be; None where the line leaves nothing open.

    `offers` are those that are known already, by product and day; `day` is that of people for whom none is typed.
    """
    if read.mistakes:
        return None
    question = read.open_question
    if question is not None:
        return of_question(question, read, offers, day)
    cannot = stuck(read, found)
    if cannot is not None:
        return of_trouble(read, *cannot)
    return of_question(read.questions[0], read, offers, day) if read.questions else None


def stuck(read: Parse, found: Sequence[Proposal] | None) -> tuple[int, Proposal] | None:
    """The first people that cannot be sold to, with their place in the line."""
    if not read.good or found is None:
        return None
    return next(((place, one) for place, one in enumerate(found) if one.why is not None), None)


def of_question(question: Question, read: Parse, offers: Mapping[tuple[str, date], Offer], day: date) -> Choices:
    """The products that the words fit, each with its price and places where those are known."""
    day = read.items[question.items[0]].day or day

    def row(number: int, pick: Interpretation) -> Row:
        offer = offers.get((pick.products[0], day)) if len(pick.products) == 1 else None
        facts = (words.money(offer.price), _left(offer)) if offer is not None and offer.price is not None else ()
        return Row(str(number), ("   ".join((pick.label, *(one for one in facts if one))),))

    rows = tuple(row(number, pick) for number, pick in enumerate(question.picks))
    more = ""
    if question.more:
        more = " " + ngettext("({count} more: type another word)", "({count} more: type another word)", question.more)
    if question.chosen is None:
        title = _("“{word}” fits several:").format(word=question.word)
    else:
        title = _("“{word}” could also be:").format(word=question.word)
    return Choices(title + more.format(count=question.more), rows, question.chosen is None, question)


def _left(offer: Offer) -> str:
    return _("{left} left").format(left=words.places_left(offer.left)) if offer.left is not None else ""


def of_trouble(read: Parse, place: int, cannot: Proposal) -> Choices | None:
    """Other sessions of that day, or the next day that sells."""
    if cannot.sessions:
        starts = sorted({one.starts_at for one in cannot.sessions if one.starts_at is not None})
        lefts = {one.starts_at: one.left for one in cannot.sessions}
        rows = [
            Row(
                with_time(read, place, At(start.hour, start.minute)),
                (f"{words.time(start)}   " + _("{left} left").format(left=words.places_left(lefts[start])),),
            )
            for start in starts
        ]
        return Choices(_("Other sessions:"), tuple(rows), True) if rows else None
    following = cannot.following
    if following is None:
        return None
    return Choices(_("The next day:"), (Row(with_day(read, place, following), (words.long_day(following),)),), True)


def with_time(read: Parse, place: int, at: At) -> str:
    """The line with another time for these people."""
    return _with(read, place, TokenKind.TIME, at.text)


def with_day(read: Parse, place: int, day: date) -> str:
    """The line with another day for these people."""
    return _with(read, place, TokenKind.DAY, day.isoformat())


def _with(read: Parse, place: int, kind: TokenKind, text: str) -> str:
    """In place of the word that said it for them, theirs or a neighbour's; else behind their words."""
    said = [token for token in read.tokens if token.kind is kind and token.item is not None]
    same = [token for token in said if _same(read, token.item, place, kind)]
    own = [token for token in same if token.item == place] or same
    if own:
        token = own[0]
        return f"{read.text[: token.start]}{text}{read.text[token.end :]}"
    return with_words(read, read.text, read.items[place].end, text)


def _same(read: Parse, item: int | None, place: int, kind: TokenKind) -> bool:
    if item is None:
        return False
    one, other = read.items[item], read.items[place]
    return one.day == other.day if kind is TokenKind.DAY else one.at == other.at
