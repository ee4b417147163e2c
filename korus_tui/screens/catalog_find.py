"""Finding a row of the catalog by typing, with the product and the number that the words name; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from korus_tui.counter.catalog_views import Product
from korus_tui.counter.families import Family
from korus_tui.widgets.folding import fold

_NUMBER_FIRST = re.compile(r"\s*([1-9][0-9]{0,2})\s+(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Find:
    """A family that the words find; `product` where they name one of several, `others` how many more they fit."""

    family: Family
    product: Product | None = None
    others: int = 0
    quantity: int = 0


class Shelf:
    """The families of a catalog with their names folded once, so that a typed key costs no more than looking."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._families = families
        self._folded = {
            product.id: " " + fold(f"{product.name} {family.name if family.base else ''}")
            for family in families
            for product in family.products
        }

    def find(
        self, typed: str, first: Collection[str] = (), use: Mapping[str, int] | None = None
    ) -> tuple[int, list[Find]]:
        """The number before the words (0 for none), and the rows, best first; `first` are ids that go before equals.

        `use` is how many people each family was sold to, by its key: among what the words fit equally, the most used.
        """
        quantity, query = self._number(typed)
        words = fold(query).split() if query.strip() else []
        wanted = set(first)
        used = use if use and words else {}  # without words the catalog keeps its order, which hands have learned
        found: list[tuple[bool, int, bool, int, Find]] = []
        for family in self._families:
            find = self._of(family, words, quantity) if words or not query.strip() else None
            if find is not None:
                best = self._rank((find.product or family.products[0]).id, words)
                favourite = family.key in wanted or (bool(wanted) and any(one.id in wanted for one in family.products))
                found.append((family.disabled, best, not favourite, -used.get(family.key, 0), find))
        found.sort(key=lambda entry: entry[:4])
        return quantity, [entry[4] for entry in found]

    def _number(self, typed: str) -> tuple[int, str]:
        """`3 argent` is three of something; `2 jours` is a name, where a product is called so."""
        match = _NUMBER_FIRST.fullmatch(typed)
        if match is None:
            return 0, typed
        start = f" {' '.join(fold(typed).split()[:2])}"
        if any(start in name for name in self._folded.values()):
            return 0, typed
        return int(match[1]), match[2]

    def _of(self, family: Family, words: list[str], quantity: int) -> Find | None:
        if not words:
            return Find(family, None, 0, quantity)
        hits = [one for one in family.products if all(word in self._folded[one.id] for word in words)]
        if not hits:
            return None
        if len(hits) == len(family.products) > 1:
            return Find(family, None, 0, quantity)
        hits.sort(key=lambda product: (product.disabled, self._rank(product.id, words)))
        return Find(family, hits[0], len(hits) - 1, quantity)

    def _rank(self, product: str, words: list[str]) -> int:
        """Words that start a word come before words found inside one."""
        folded = self._folded[product]
        return sum(f" {word}" not in folded for word in words)
