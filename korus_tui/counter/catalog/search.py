"""Finding a row of the catalog by typing, with the product and the number that the words name; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from korus_tui.counter.catalog.families import Family
from korus_tui.counter.catalog.models import Product
from korus_tui.text.search import fold
from korus_tui.text.trade import same

_NUMBER_FIRST = re.compile(r"\s*([1-9][0-9]{0,2})\s+(\S.*)", re.DOTALL)
_READINGS = 64  # of words that mean several things


@dataclass(frozen=True, slots=True)
class Find:
    """A family that the words find; `product` where they name one of several, `others` how many more they fit."""

    family: Family
    product: Product | None = None
    others: int = 0


class _Filed:
    """A family with its names folded once, and the finds that most words lead to made once."""

    __slots__ = ("alone", "disabled", "family", "names", "title", "together", "whole")

    def __init__(self, family: Family) -> None:
        self.family, self.disabled = family, family.disabled
        base = family.name if family.base else ""
        self.title = fold(family.name)
        self.names = [f" {fold(f'{product.name} {base}')}" for product in family.products]
        self.together = "\n".join(self.names)
        self.whole = Find(family)
        self.alone = Find(family, family.products[0]) if len(family.products) == 1 else None

    def find(self, words: list[str], starts: list[str]) -> tuple[int, Find] | None:
        """How well the words fit, lower is better, and what they find; None where no product has all of them.

        `starts` are the words with a space before: those that start a word come before those found inside one, and a
        name that is nothing but the words before all.
        """
        fits = self._fits(words, starts)
        return (-1, fits[1]) if fits and " ".join(words) == self.title else fits

    def _fits(self, words: list[str], starts: list[str]) -> tuple[int, Find] | None:
        if self.alone is not None:
            return _rank(self.together, starts), self.alone
        hits = [place for place, name in enumerate(self.names) if all(word in name for word in words)]
        if not hits:
            return None
        if len(hits) == len(self.names):
            return _rank(self.names[0], starts), self.whole
        products = self.family.products
        best = min(hits, key=lambda place: (products[place].disabled, _rank(self.names[place], starts)))
        return _rank(self.names[best], starts), Find(self.family, products[best], len(hits) - 1)

    def among(self, wanted: Collection[str]) -> bool:
        """Whether it, or one of its products, is among these ids."""
        return self.family.key in wanted or any(product.id in wanted for product in self.family.products)


def _rank(name: str, starts: list[str]) -> int:
    return sum(start not in name for start in starts)


_Hit = tuple[bool, int, bool, int, int, Find]  # not sold · how well it fits · no favourite · -use · its place · what


class Shelf:
    """The families of a catalog, filed so that a typed key costs little more than one look at every name."""

    def __init__(self, families: Sequence[Family]) -> None:
        self.families = families
        self._files = [_Filed(family) for family in families]

    def find(
        self, typed: str, first: Collection[str] = (), use: Mapping[str, int] | None = None
    ) -> tuple[int, list[Find]]:
        """The number before the words (0 for none), and the rows, best first; `first` are ids that go before equals.

        `use` is how many people each family was sold to, by its key: among what the words fit equally, the most used.
        """
        quantity, query = self._number(typed)
        words, wanted, used = fold(query).split(), set(first), use or {}
        if not words:  # the catalog keeps its order, which hands have learned
            files = [] if query.strip() else self._files
            return quantity, [
                one.whole for one in sorted(files, key=lambda one: (one.disabled, not wanted or not one.among(wanted)))
            ]
        found = self._all(words, wanted, used) or self._otherwise(words, wanted, used)
        found.sort()  # the place is another for each: no two finds are compared
        return quantity, [entry[-1] for entry in found]

    def _all(self, words: list[str], wanted: set[str], used: Mapping[str, int]) -> list[_Hit]:
        starts = [f" {word.lstrip()}" for word in words]
        found: list[_Hit] = []
        for place, one in enumerate(self._files):
            if all(word in one.together for word in words) and (fits := one.find(words, starts)) is not None:
                other = not wanted or not one.among(wanted)
                found.append((one.disabled, fits[0], other, -used.get(one.family.key, 0), place, fits[1]))
        return found

    def _otherwise(self, words: list[str], wanted: set[str], used: Mapping[str, int]) -> list[_Hit]:
        """What the words find in another language of the trade, where nothing here is called so."""
        meant = [
            [word, *(one for one in same(word) if any(one in file.together for file in self._files))] for word in words
        ]
        found: dict[int, _Hit] = {}
        for others in islice(product(*meant), _READINGS):
            for hit in self._all(list(others), wanted, used):
                found[hit[4]] = min(hit, found.get(hit[4], hit), key=lambda one: one[:5])
        return list(found.values())

    def _number(self, typed: str) -> tuple[int, str]:
        """`3 argent` is three of something; `2 jours` is a name, where a product is called so."""
        match = _NUMBER_FIRST.fullmatch(typed)
        if match is None:
            return 0, typed
        start = f" {' '.join(fold(typed).split()[:2])}"
        if any(start in one.together for one in self._files):
            return 0, typed
        return int(match[1]), match[2]


def by_kind(found: Sequence[Find], favourites: Collection[str]) -> list[tuple[str | None, list[Find]]]:
    """What is sold in groups: favourites (None), then each kind in the order of its first family; one group where the
    API tells no kinds apart. What has no kind comes behind those that have, what is not sold now last of all.
    """
    groups: dict[str | None, list[Find]] = {}
    for find in found:
        family = find.family
        preferred = family.key in favourites or any(product.id in favourites for product in family.products)
        kind = family.base.kind.strip() if family.base else ""
        groups.setdefault(None if preferred else "" if family.disabled else kind, []).append(find)
    if len(groups.keys() - {None, ""}) < 2:
        return [("", list(found))]
    return sorted(groups.items(), key=lambda group: (group[0] is not None, group[0] == ""))
