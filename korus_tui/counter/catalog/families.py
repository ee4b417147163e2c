"""What is chosen together: all products of a base (adult, child, …), or one flat product; pure and cheap to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from korus_tui.counter.catalog.models import Base, CatalogContent, Product


@dataclass(frozen=True, slots=True)
class Family:
    """One row of the catalog: the products of a base, or a product that has none. `key` is the id of either.

    `labels` are what products of several bases are called beside each other, by id.
    """

    key: str
    name: str
    products: tuple[Product, ...]
    base: Base | None = None
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def disabled(self) -> bool:
        """Whether nothing of it can be sold."""
        return all(product.disabled for product in self.products)

    @property
    def description(self) -> str:
        """The base's words, else those of the first product."""
        return (self.base.description if self.base else "") or self.products[0].description

    def label(self, product: Product) -> str:
        """What tells the product from its siblings: `Adulte Argent`.

        Its option values; where the API names none, the words of its name that its siblings do not all have.
        """
        told = self.labels.get(product.id) or (options(product) if self.base is not None else "")
        return told or product.name

    def find(self, product_id: str | None) -> Product | None:
        return next((one for one in self.products if one.id == product_id), None)


def options(product: Product) -> str:
    """The labels of a product's option values: `Adulte Argent`; nothing where it has none."""
    return " ".join(label for _code, label in product.options)


def mixed(content: CatalogContent, key: str, name: str, products: tuple[Product, ...]) -> Family:
    """Products of several bases as one family: what tells a product from its siblings comes first in its label."""
    named = {base.id: base.name.split() for base in content.bases if any(one.base == base.id for one in products)}
    shared = set.intersection(*map(set, named.values())) if len(named) > 1 else set()
    kept = {
        base: " ".join(word for word in words if word not in shared) or " ".join(words) for base, words in named.items()
    }
    labels = {one.id: f"{options(one)} · {kept[one.base]}" for one in products if one.options and one.base in kept}
    return Family(key, name, products, labels=labels)


def families(content: CatalogContent) -> tuple[Family, ...]:
    """The catalog's rows, in the order of their first products; products that are not sold now come last of theirs."""
    bases = {base.id: base for base in content.bases}
    found: dict[str, list[Product]] = {}
    for product in content.products:
        found.setdefault(product.base if product.base in bases else product.id, []).append(product)
    return tuple(_family(key, products, bases.get(key)) for key, products in found.items())


def family_of(content: CatalogContent, key: str) -> tuple[Family, Product | None] | None:
    """The family with this key; for a product's id, its family and the product itself."""
    for family in families(content):
        if family.key == key:
            return family, None
        product = family.find(key)
        if product is not None:
            return family, product
    return None


def _apart(products: list[Product]) -> dict[str, str]:
    """The names without the words that all have, by id; none where a name or two would be left without a difference.

    A number keeps the word that it counts: `2 jours Adulte`, not `2 Adulte`.
    """
    named = {one.id: one.name.split() for one in products}
    shared = set.intersection(*map(set, named.values()))
    kept = {
        key: " ".join(
            word
            for before, word in zip(("", *words), words, strict=False)
            if word not in shared or (before.isdigit() and before not in shared)
        )
        for key, words in named.items()
    }
    return kept if all(kept.values()) and len(set(kept.values())) == len(kept) else {}


def _family(key: str, products: list[Product], base: Base | None) -> Family:
    """People of one place stand together: the other options first, then who it is for (the first option)."""
    places: dict[tuple[tuple[str, str], ...], int] = {}
    who: dict[tuple[tuple[str, str], ...], int] = {}
    for product in products:
        places.setdefault(product.options[1:], len(places))
        who.setdefault(product.options[:1], len(who))
    products.sort(key=lambda one: (one.disabled, places[one.options[1:]], who[one.options[:1]]))
    labels = _apart(products) if len(products) > 1 and not all(one.options for one in products) else {}
    return Family(key, base.name if base else products[0].name, tuple(products), base, labels)


def kinds(family: Family) -> str:
    """The option values of the products, option by option: `Adulte, Enfant · Or, Argent, Bronze`."""
    columns: list[dict[str, None]] = []
    for product in family.products:
        for place, (_code, label) in enumerate(product.options):
            if place == len(columns):
                columns.append({})
            columns[place].setdefault(label)
    return " · ".join(", ".join(labels) for labels in columns)
