"""The words of a catalog, learned once: which products each word, price type and name may mean.

Sets of products are integers with a bit for each: a word of a 5,000-product catalog is looked up in microseconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from korus_tui.counter.catalog.offer_models import Base, CatalogContent, Offer, Product
from korus_tui.counter.catalog.price_types import TYPE_OF, words_of
from korus_tui.locales.words import every
from korus_tui.text.search import fold

if TYPE_CHECKING:
    from korus_tui.counter.catalog.events import Show
    from korus_tui.counter.quickline.models import Asked

# Words between the words of a name: nobody looks for them, and a letter alone is a price type.
_SMALL = frozenset(word for words in every().values() for word in words.small)
SMALL = frozenset(word for word in _SMALL if fold(word) == word)
SMALL_AS_WRITTEN = _SMALL - SMALL  # `à`: without its accent it is more than that
_WORDS_TRIED = 8
_WORDS_OF = {one: words_of(words) for one, words in every().items()}


def bits(mask: int) -> Iterator[int]:
    """The numbers of the products in a set."""
    text = bin(mask)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


def lowest(mask: int) -> int:
    """The first product of a set that is not empty."""
    return (mask & -mask).bit_length() - 1


class Words:
    """Sets of products by word, found by the word or by how it starts."""

    def __init__(self) -> None:
        self._sets: dict[str, int] = defaultdict(int)
        self._sorted: list[str] = []
        self._started: dict[str, int] = {}

    def add(self, words: Iterable[str], bit: int) -> None:
        """The product of this bit is found by these words."""
        for word in words:
            self._sets[word] |= bit

    def close(self) -> None:
        """All products are in."""
        self._sorted = sorted(self._sets)

    def whole(self, word: str) -> int:
        """The products that have exactly this word."""
        return self._sets.get(word, 0)

    def starting(self, start: str) -> int:
        """The products that have a word which starts so."""
        found = self._started.get(start)
        if found is None:
            found = 0
            for index in range(bisect_left(self._sorted, start), len(self._sorted)):
                word = self._sorted[index]
                if not word.startswith(start):
                    break
                found |= self._sets[word]
            if len(self._started) > 2_000:  # a till runs for months; what is typed is not kept for ever
                self._started.clear()
            self._started[start] = found
        return found


class PriceWords:
    """What price types are called.

    A start means what it means in the agent's language, else in the catalog's own words, else in any other: `2e` are
    two Erwachsene where German is spoken, and two enfants elsewhere.
    """

    def __init__(self) -> None:
        self._own, self._all = Words(), Words()
        self._spoken = {language: Words() for language in _WORDS_OF}

    def add(self, found: str, own: frozenset[str], bit: int) -> frozenset[str]:
        """All words of the product of this bit: what the catalog says, and what each language calls that type."""
        every_word = own
        for language, words in _WORDS_OF.items():
            said = words.get(found)
            self._spoken[language].add(own if said is None else said, bit)
            every_word |= frozenset(said or ())
        self._own.add(own, bit)
        self._all.add(every_word, bit)
        return every_word

    def close(self) -> None:
        """All products are in."""
        for words in (self._own, self._all, *self._spoken.values()):
            words.close()

    def whole(self, word: str) -> int:
        """The products whose price type is called exactly this."""
        return self._all.whole(word)

    def starting(self, start: str, language: str) -> int:
        """Those whose price type begins so, for who speaks this language."""
        spoken = self._spoken.get(language, self._own)
        return spoken.starting(start) or self._own.starting(start) or self._all.starting(start)


class Index:
    """The products that can be sold, in families: what differs in nothing but the price type (adult, child, …)."""

    def __init__(self, content: CatalogContent) -> None:
        bases = {base.id: base for base in content.bases}
        axes = _price_axes(content.products)
        self.products = tuple(product for product in content.products if not product.disabled)
        self.names, self.prices, self.shows = Words(), PriceWords(), Words()
        self.all_shows: tuple[Show, ...] | None = None
        self.offers: dict[tuple[str, date], Offer] = {}  # what was told of the products of shows, by day
        self._sold: dict[Asked, int] = {}
        self.full_names: dict[str, int] = defaultdict(int)
        self.base_names: dict[str, int] = defaultdict(int)
        self.family_of: list[int] = []
        self.families: list[int] = []
        self.labels: list[str] = []
        self.words_of: list[frozenset[str]] = []  # the words of each product that do not say its price type
        self.price_words_of: list[frozenset[str]] = []
        self.number = {product.id: number for number, product in enumerate(self.products)}
        self._base_name: list[str] = []
        self._of_base: dict[str, int] = defaultdict(int)
        known: dict[tuple[str, ...], int] = {}
        for number, product in enumerate(self.products):
            base = bases.get(product.base) if product.base is not None else None
            self._add(number, product, base, axes, known)
        self.names.close()
        self.prices.close()
        self.everything = (1 << len(self.products)) - 1

    # Shows, where the API has events: which products can be bought for them is told later

    def learn_shows(self, shows: Sequence[Show]) -> None:
        """The words of the shows; those that were known before are forgotten."""
        self.all_shows, self.shows = tuple(shows), Words()
        self._sold.clear()
        for number, show in enumerate(shows):
            self.shows.add((word for word in show.words if word not in SMALL), 1 << number)
        self.shows.close()

    def learn_offers(self, asked: Asked, day: date, offers: Sequence[Offer]) -> None:
        """What can be bought for the shows that a line asked for; `day` is the one that was meant."""
        mask = 0
        for offer in offers:
            number = self.number.get(offer.product)
            if number is not None:
                mask |= 1 << number
                self.offers[offer.product, day] = offer
        self._sold[asked] = mask

    def forget_offers(self) -> None:
        """Places were taken, or time went by: what can be bought is asked for again."""
        self._sold.clear()
        self.offers.clear()

    def sold(self, asked: Asked) -> int | None:
        """The products for these shows; None where nobody told it yet."""
        return self._sold.get(asked)

    def _add(
        self,
        number: int,
        product: Product,
        base: Base | None,
        axes: Mapping[str, int | None],
        known: dict[tuple[str, ...], int],
    ) -> None:
        bit = 1 << number
        axis = axes.get(product.base or "")
        price, own = _price(product, axis)
        price_words = self.prices.add(price, own, bit)
        name = fold(product.name).split()
        base_name = fold(base.name if base else "").split()
        others = [option for place, option in enumerate(product.options) if place != axis]
        said = [word for word in (*name, *base_name) if word not in SMALL]
        for code, label in others:
            said += [*fold(label).split(), *fold(code).split()]
        words = frozenset(word for word in said if word not in price_words)
        self.words_of.append(words)
        self._base_name.append(base.name if base else "")
        self.price_words_of.append(price_words)
        self.names.add(words, bit)
        self.full_names[" ".join(name)] |= bit
        self.base_names[" ".join(base_name)] |= bit
        if product.base is not None:
            self._of_base[product.base] |= bit
        if product.options:
            key = ("of", product.base or "", *(code or label for code, label in others))  # few versions tell codes
        else:
            key = ("flat", product.base or "", *(word for word in name if word not in price_words))
        family = known.setdefault(key, len(known))
        if family == len(self.families):
            self.families.append(0)
            self.labels.append(_label(product, base, others) if product.options and price else product.name)
        self.families[family] |= bit
        self.family_of.append(family)

    def named_by_id(self, key: str, *, with_price: bool) -> int:
        """The products that an id of a base or product stands for; with a price type, the product's whole family."""
        number = self.number.get(key)
        if number is None:
            return self._of_base.get(key, 0)
        return self.families[self.family_of[number]] if with_price else 1 << number

    def family_numbers(self, mask: int) -> list[int]:
        """The families that some of these products belong to, in the catalog's order."""
        return list(dict.fromkeys(self.family_of[number] for number in bits(mask)))

    def named_exactly(self, words: str) -> tuple[int, int | None]:
        """The products of this full folded name, and what it means with a price type: their families. Else a base's."""
        mask = self.full_names.get(words, 0)
        if not mask:
            return self.base_names.get(words, 0), None
        families = 0
        for family in self.family_numbers(mask):
            families |= self.families[family]
        return mask, families

    def quoted_names(self, number: int) -> tuple[str, ...]:
        """The names that lead to the product and few others: its base's and its own, in quotes."""
        names = (self._base_name[number], self.products[number].name)
        return tuple(f'"{" ".join(name.replace(chr(34), " ").split())}"' for name in names if fold(name))

    def telling_apart(self, number: int, others: Sequence[int]) -> Iterator[str]:
        """Words of the product that none of the others has: one word or two, those of its own name first."""
        theirs = [self.words_of[other] | self.price_words_of[other] for other in others]
        name = fold(self.products[number].name).split()
        own = sorted(
            self.words_of[number] | self.price_words_of[number],
            key=lambda word: (not word.isalpha(), word not in name, len(word), word),
        )
        everybody = frozenset(range(len(theirs)))
        unlike = {
            word: frozenset(place for place, words in enumerate(theirs) if not _starts_one(word, words)) for word in own
        }
        yield from (spelled(word) for word in own if unlike[word] == everybody)
        for one, two in combinations(own[:_WORDS_TRIED], 2):
            if unlike[one] | unlike[two] == everybody:
                yield spelled(one, two)


def spelled(*words: str) -> str:
    """Words as they are typed: in quotes where one of them is no word of letters alone."""
    text = " ".join(words)
    return text if all(word.isalpha() for word in words) else f'"{text}"'


def _starts_one(start: str, words: Iterable[str]) -> bool:
    return any(word.startswith(start) for word in words)


def _label(product: Product, base: Base | None, others: list[tuple[str, str]]) -> str:
    parts = [base.name if base else product.name, *(label for _code, label in others)]
    return " · ".join(parts)


def _price_axes(products: Iterable[Product]) -> dict[str, int | None]:
    """Which of its options is the price type, by base: the one whose values are called so most often."""
    hits: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for product in products:
        for place, option in enumerate(product.options):
            hits[product.base or ""][place] += _type(option) is not None
    axes: dict[str, int | None] = {}
    for base, places in hits.items():
        best = max(places, key=lambda place: places[place])
        axes[base] = best if places[best] or len(places) == 1 else None
    return axes


def _type(option: tuple[str, str]) -> str | None:
    for text in option:
        for word in fold(text).split()[:1]:
            if word in TYPE_OF:
                return TYPE_OF[word]
    return None


def _price(product: Product, axis: int | None) -> tuple[str, frozenset[str]]:
    """The price type of a product and the catalog's words for it; an empty one where it has none."""
    if product.options:
        if axis is None or axis >= len(product.options):
            return "", frozenset()
        option = product.options[axis]
        found = _type(option)
        own = frozenset(word for text in option for word in fold(text).split() if word.isalpha())
        return (found or fold(option[0]) or fold(option[1]) or "other"), own
    for word in fold(product.name).split():
        if word in TYPE_OF:
            return TYPE_OF[word], frozenset((word,))
    return "", frozenset()
