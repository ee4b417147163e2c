"""A till's own folder with a catalog on disk and no server to reach, for benchmarks that start the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from korus_tui.counter.catalog import cache
from korus_tui.counter.catalog.offer_models import Base, Catalog, CatalogContent, Product

_NOWHERE = "http://127.0.0.1:9"


def home_with_bases(home: Path, rows: int) -> dict[str, str]:
    """The environment of a till with a catalog of so many bases: a row of the catalog is a base.

    Each has an adult's and a child's product.
    """
    bases = tuple(Base(f"b{n}", f"Product number {n}", "Text") for n in range(rows))
    items = tuple(
        Product(f"p{n}-{who}", f"/p/{n}-{who}", f"{who} {n}", "Text", f"b{n}", options=((who, who),))
        for n in range(rows)
        for who in ("adult", "child")
    )
    return _home(home, bases, items)


def home_with_products(home: Path, names: Sequence[str]) -> dict[str, str]:
    """The environment of a till with a catalog of products without a base, each a row."""
    items = tuple(Product(f"p{n}", f"/p/{n}", name, "Text") for n, name in enumerate(names))
    return _home(home, (), items)


def _home(home: Path, bases: tuple[Base, ...], items: tuple[Product, ...]) -> dict[str, str]:
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(f'[profiles.main]\nserver = "{_NOWHERE}"\n')
    catalog = Catalog("c1", "Puy du Fou")
    content = CatalogContent(catalog, (catalog,), bases, items, datetime.now(UTC), "fr")
    cache.write(home / "cache" / "catalog~main~c1~fr.json", _NOWHERE, content)
    return {"KORUS_TUI_HOME": str(home), "TEXTUAL_ANIMATIONS": "none"}
