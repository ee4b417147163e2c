"""What screens show of the catalog: plain values, and of all values those that the first frame needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property


@dataclass(frozen=True)
class Catalog:
    """A catalog that the profile may sell from."""

    id: str
    name: str


@dataclass(frozen=True)
class Base:
    """What its products have in common: a show, a park ticket. Texts are readable text, no HTML."""

    id: str
    name: str
    description: str = ""
    terms: str = ""
    venue: str = ""
    zone: str | None = None
    kind: str = ""
    most_per_order: int | None = None
    beneficiaries: bool = False
    undated: bool = False  # sold for no day
    instant: bool | None = None  # whether documents are there at once; None where the API does not say


@dataclass(frozen=True)
class Product:
    """What is sold: one combination of option values of its base, or a product of its own."""

    id: str
    iri: str
    name: str
    description: str = ""
    base: str | None = None
    disabled: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CatalogContent:
    """All that a catalog sells, as read at `fetched_at` (server time) in `language`."""

    catalog: Catalog
    catalogs: tuple[Catalog, ...]
    bases: tuple[Base, ...]
    products: tuple[Product, ...]
    fetched_at: datetime
    language: str
    incomplete: bool = False
    unreadable: int = 0

    @cached_property
    def zone(self) -> str | None:
        """The venue's time zone: that of the first base which names one."""
        return next((base.zone for base in self.bases if base.zone), None)

    @cached_property
    def names(self) -> dict[str, str]:
        """What the products are called, by their id."""
        return {one.id: one.name for one in self.products}

    def base_of(self, product: Product) -> Base | None:
        """The base that a product belongs to, where the API has bases."""
        return next((base for base in self.bases if base.id == product.base), None)

    def product(self, product_id: str) -> Product | None:
        return next((product for product in self.products if product.id == product_id), None)


@dataclass(frozen=True)
class DaySessions:
    """The day's sessions with places, as the board was last read: when each starts, and of what it is."""

    catalog: str
    day: date
    sessions: tuple[tuple[datetime, str], ...]
