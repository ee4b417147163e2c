"""A quick line while it is read: its pieces become people with words, days and times; the products come after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from korus_tui.counter.basket.models import At
from korus_tui.counter.quickline.index import SMALL, SMALL_AS_WRITTEN, Index
from korus_tui.counter.quickline.lexer import Chunk, Cut, pieces
from korus_tui.counter.quickline.models import Mistake, Pay, Token, TokenKind
from korus_tui.counter.quickline.payment import read_payment
from korus_tui.i18n import _
from korus_tui.text.dates import DayError, parse_day, part_of_day
from korus_tui.text.search import fold

MOST_PEOPLE = 999
LONGEST = 4_000  # characters; more is an accident
_PRODUCTS = (TokenKind.PRODUCT, TokenKind.EVENT, TokenKind.PRICE, TokenKind.FAVOURITE)
_ABOUT_PEOPLE = (*_PRODUCTS, TokenKind.DAY, TokenKind.TIME)


@dataclass(frozen=True, slots=True)
class PeopleWord:
    """A word about some people: `mask` are the products it may mean, `whole` those that have exactly this word.

    `with_price` replaces `mask` where the people's price type is said too: a favourite's whole family. `small`: a word
    such as `de`, which begins a name at most, and says nothing beside another word.
    """

    piece: Chunk
    mask: int
    whole: int
    with_price: int | None = None
    shows: int = 0  # the shows that the word may mean; no product has it where `mask` is empty
    small: bool = False


@dataclass(slots=True, eq=False)
class Draft:
    """People of one kind, as far as they are read; `group` is shared by those whose words are said once for all."""

    quantity: int | None
    start: int
    end: int
    section: int
    names: list[PeopleWord] = field(default_factory=list)
    prices: list[PeopleWord] = field(default_factory=list)
    day: date | None = None
    at: At | None = None
    group: int = 0


class Reader:
    """Reads the pieces of one line, from left to right."""

    def __init__(
        self, text: str, index: Index, today: date, favourites: Mapping[str, str], languages: Sequence[str]
    ) -> None:
        self.text = text[:LONGEST]
        self.index = index
        self.today = today
        self.favourites = {key.upper(): value for key, value in favourites.items()}
        self.languages = languages
        self.drafts: list[Draft] = []
        self.tokens: list[Token] = []
        self.mistakes: list[Mistake] = []
        self.pay: Pay | None = None
        self._head: Draft | None = None  # words of a part before its first number
        self._section = 0
        self._part = 0  # the first draft of this part
        self._bare: Chunk | None = None  # a number about which nothing was said yet
        if len(text) > LONGEST:
            self.wrong(Chunk(LONGEST, len(text), text[LONGEST : LONGEST + 12], Cut.SIGN), _("The line is too long."))

    def read(self) -> None:
        """All pieces, in their order."""
        todo = list(pieces(self.text))
        for place, piece in enumerate(todo):
            if self.pay is not None:
                self.wrong(piece, _("“%(word)s”: nothing comes after the payment.") % {"word": piece.text})
                continue
            following = todo[place + 1] if place + 1 < len(todo) else None
            self._take(piece, following)
        self._close_section()
        for draft in self.drafts:
            draft.names = [word for word in draft.names if not word.small] or draft.names

    def wrong(self, piece: Chunk, sentence: str) -> None:
        """This word cannot be read."""
        self.mistakes.append(Mistake(piece.start, piece.end, piece.text, sentence))
        self._token(piece, TokenKind.WRONG)

    def _token(self, piece: Chunk, kind: TokenKind, draft: Draft | None = None) -> None:
        item = None if draft is None or draft is self._head else len(self.drafts) - 1
        self.tokens.append(Token(piece.start, piece.end, piece.text, kind, item))

    def _take(self, piece: Chunk, following: Chunk | None) -> None:
        if piece.cut is Cut.NUMBER:
            self._number(piece, following)
        elif piece.cut in (Cut.AND, Cut.APART):
            if piece.cut is Cut.AND:
                self._close_part()
            else:
                self._close_section()
            self._token(piece, TokenKind.AND)
        elif piece.cut is Cut.PAY:
            self._payment(piece)
        elif piece.cut is Cut.DAY:
            found = parse_day(piece.text, self.today, self.languages)
            self._day(piece, found)
        elif piece.cut is Cut.TIME:
            self._time(piece)
        elif piece.cut is Cut.PART:
            self._part_of_day(piece, todays=True)
        elif piece.cut is Cut.SIGN:
            self.wrong(piece, _("“%(word)s” means nothing here.") % {"word": piece.text})
        else:
            self._word(piece)

    # Numbers and parts

    @property
    def _here(self) -> Draft:
        """The people whom the next word speaks of."""
        if len(self.drafts) > self._part:
            return self.drafts[-1]
        if self._head is None:
            start = self.tokens[-1].end if self.tokens else 0
            self._head = Draft(None, start, start, self._section)
        return self._head

    def _number(self, piece: Chunk, following: Chunk | None) -> None:
        digits = piece.text.rstrip("xX×")
        bare, self._bare = self._bare, None
        if bare is not None:  # a number after a number: the second belongs to a name, such as 1 jour
            mask = self.index.names.whole(digits.lstrip("0") or "0") or self.index.names.whole(digits)
            if mask and not (following is not None and following.glued and following.cut is Cut.WORD):
                self._about(piece, mask, mask)
                return
            self.wrong(piece, _("“%(word)s” is a number after a number.") % {"word": piece.text})
            return
        quantity = int(digits) if len(digits) <= 6 else MOST_PEOPLE + 1
        if not 1 <= quantity <= MOST_PEOPLE:
            said = _("“%(word)s”: from 1 to %(most)d people.") % {"word": piece.text, "most": MOST_PEOPLE}
            self.wrong(piece, said)
            quantity = min(max(quantity, 1), MOST_PEOPLE)
            kind = None
        else:
            kind = TokenKind.NUMBER
        draft = Draft(quantity, piece.start, piece.end, self._section)
        if self._head is not None:
            self._adopt_head(draft)
        self.drafts.append(draft)
        self._bare = piece
        if kind is not None:
            self._token(piece, kind, draft)

    def _adopt_head(self, draft: Draft) -> None:
        """Words before the number are about the same people: argent 2a."""
        head, self._head = self._head, None
        assert head is not None
        draft.names, draft.prices, draft.day, draft.at = head.names, head.prices, head.day, head.at
        self._number_head(len(self.drafts))

    def _number_head(self, item: int) -> None:
        """The words before a number turned out to be about these people."""
        for place, token in enumerate(self.tokens):
            if token.item is None and token.kind in _ABOUT_PEOPLE:
                self.tokens[place] = replace(token, item=item)

    def _close_part(self) -> None:
        """At a `+`: words without a number are about one person, a day alone about those before or after."""
        head = self._head
        if head is not None and (head.names or head.prices):
            self._head = None
            head.quantity = 1
            self._number_head(len(self.drafts))
            self.drafts.append(head)
        elif head is not None and self.drafts and self.drafts[-1].section == self._section:
            self._head = None
            last = self.drafts[-1]
            last.day, last.at = head.day or last.day, head.at or last.at
            self._number_head(len(self.drafts) - 1)
        self._part = len(self.drafts)
        self._bare = None

    def _close_section(self) -> None:
        """At a `;` or the end: nobody is left for a day that stands alone."""
        self._close_part()
        if self._head is not None:
            self._head = None
            alone = next((one for one in reversed(self.tokens) if one.kind in (TokenKind.DAY, TokenKind.TIME)), None)
            if alone is not None:
                said = _("“%(word)s”: for whom? Type how many people.") % {"word": alone.text}
                self.mistakes.append(Mistake(alone.start, alone.end, alone.text, said))
        self._section += 1

    # Words

    def _about(
        self,
        piece: Chunk,
        mask: int,
        whole: int,
        with_price: int | None = None,
        shows: int = 0,
        *,
        small: bool = False,
    ) -> None:
        here = self._here
        here.names.append(PeopleWord(piece, mask, whole, with_price, shows, small))
        here.end = max(here.end, piece.end)
        self._bare = None
        kind = TokenKind.FAVOURITE if piece.cut is Cut.FAVOURITE else TokenKind.PRODUCT if mask else TokenKind.EVENT
        kind = TokenKind.SMALL if small else kind
        self._token(piece, kind, here)

    def _price(self, piece: Chunk, mask: int, whole: int) -> None:
        here = self._here
        here.prices.append(PeopleWord(piece, mask, whole))
        here.end = max(here.end, piece.end)
        self._bare = None
        self._token(piece, TokenKind.PRICE, here)

    def _word(self, piece: Chunk) -> None:
        if piece.cut is Cut.WORD:
            self._plain(piece)
        elif piece.cut is Cut.QUOTED:
            self._quoted(piece)
        else:
            key = piece.text[1:] if piece.cut is Cut.ID else self.favourites.get(piece.text.upper(), "")
            mask = self.index.named_by_id(key, with_price=False)
            if mask:
                self._about(piece, mask, mask, self.index.named_by_id(key, with_price=True))
            elif piece.cut is Cut.FAVOURITE:
                self.wrong(piece, _("“%(word)s” is no favourite.") % {"word": piece.text})
            else:
                self.wrong(piece, _("“%(word)s” is not in this catalog.") % {"word": piece.text})

    def _quoted(self, piece: Chunk) -> None:
        said = fold(piece.text)
        mask, family = self.index.named_exactly(said) if said else (0, None)
        if mask:
            self._about(piece, mask, mask, family)
            return
        if said:
            mask = self.index.everything
            for word in said.split():
                mask &= self.index.names.starting(word) | self.index.prices.starting(word, self.languages[0])
        if mask:
            self._about(piece, mask, mask)
        else:
            self.wrong(piece, _("“%(word)s” is not in this catalog.") % {"word": piece.text.strip('"')})

    def _plain(self, piece: Chunk) -> None:
        """A word of letters: a day, a price type or a name; what it is exactly comes before how it starts."""
        names, prices, shows = self.index.names, self.index.prices, self.index.shows
        for said in fold(piece.text).split() or [""]:
            whole, price = names.whole(said), prices.whole(said)
            if not (whole or price or shows.whole(said)) and (self._is_part(piece) or self._is_day(piece)):
                return
            named, priced = (names.starting(said), prices.starting(said, self.languages[0])) if said else (0, 0)
            event = shows.starting(said) if said else 0
            first = piece.glued or not self._here.prices
            known = whole or price or shows.whole(said) or (priced and first)
            small = piece.text.casefold() in SMALL_AS_WRITTEN
            if small or (said in SMALL and not known and not piece.glued):
                self._small(piece, *((0, 0) if small else (named, event)))
                continue
            if priced and (piece.glued or price or not named or (first and not whole)):
                self._price(piece, priced, price)
            elif named or event:
                self._about(piece, named, whole, shows=event)
            else:
                said_so = _("“%(word)s” is no product, price, day or time that is known here.")
                self.wrong(piece, said_so % {"word": piece.text})
                return

    def _small(self, piece: Chunk, mask: int, shows: int) -> None:
        """A word between others, such as `de`; one that begins no name, and `à`, says nothing (`a` are adults)."""
        if mask or shows:
            self._about(piece, mask, 0, shows=shows, small=True)
        else:
            self._token(piece, TokenKind.SMALL, self._here)

    def _is_day(self, piece: Chunk) -> bool:
        here = self._here
        if here.day is not None or piece.glued:
            return False
        found = parse_day(piece.text, self.today, self.languages)
        if isinstance(found, DayError):
            return False
        self._day(piece, found)
        return True

    # Day, time, payment

    def _is_part(self, piece: Chunk) -> bool:
        """A part of the day, `soir`; the day itself is said elsewhere, or is today."""
        if self._here.at is not None or piece.glued or part_of_day(piece.text, self.languages) is None:
            return False
        self._part_of_day(piece, todays=False)
        return True

    def _part_of_day(self, piece: Chunk, *, todays: bool) -> None:
        here, word = self._here, piece.text.split()[-1]
        hours = part_of_day(word, self.languages)
        if hours is None or here.at is not None or (todays and here.day not in (None, self.today)):
            self.wrong(piece, _("“%(word)s” is a second time for the same people.") % {"word": piece.text})
            return
        here.at = At(hours[0], None, hours[1], word.lower())
        here.day = self.today if todays else here.day
        self._token(piece, TokenKind.TIME, here)

    def _day(self, piece: Chunk, found: date | DayError) -> None:
        here = self._here
        if isinstance(found, DayError):
            self.wrong(piece, found.sentence)
        elif here.day is not None and here.day != found:
            self.wrong(piece, _("“%(word)s” is a second day for the same people.") % {"word": piece.text})
        else:
            here.day = found
            self._token(piece, TokenKind.DAY, here)

    def _time(self, piece: Chunk) -> None:
        hour, _sign, minute = piece.text.lower().replace(":", "h").partition("h")
        at = At(int(hour), int(minute) if minute else None)
        here = self._here
        if at.hour > 23 or (at.minute or 0) > 59:
            self.wrong(piece, _("“%(word)s” is not a time of the day.") % {"word": piece.text})
        elif here.at is not None and here.at != at:
            self.wrong(piece, _("“%(word)s” is a second time for the same people.") % {"word": piece.text})
        else:
            here.at = at
            self._token(piece, TokenKind.TIME, here)

    def _payment(self, piece: Chunk) -> None:
        found = read_payment(piece.text)
        if isinstance(found, Pay):
            self.pay = found
            self._token(piece, TokenKind.PAY)
        else:
            self.wrong(piece, found)
