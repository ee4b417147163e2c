"""What this counter sells most: products on function keys, one small file a profile, and what the journal suggests."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from korus_tui.config.paths import write_private
from korus_tui.counter.catalog.families import Family, families, family_of
from korus_tui.counter.catalog.models import CatalogContent, Product
from korus_tui.journal.errors import JournalProblem
from korus_tui.text.files import safe_name

if TYPE_CHECKING:
    from korus_tui.counter.core.desk import Desk

_VERSION = 1
_SALES = 200  # of the journal's newest, from which the most sold are counted
log = logging.getLogger("korus_tui.counter")


@dataclass(frozen=True, slots=True)
class Sold:
    """A family and how many people it was sold to lately; `product` is the most sold of its products."""

    family: Family
    product: str
    people: int


def on_keys(content: CatalogContent, keys: Mapping[str, str]) -> list[tuple[str, Family, Product | None]]:
    """What of this catalog is on a key, from the first key on: a family, or one of its products."""
    found = ((key, family_of(content, keys[key])) for key in sorted(keys, key=lambda key: int(key[1:])))
    return [(key, *item) for key, item in found if item is not None]


class Favourites:
    """Ids of bases or products by key (`f2`). A file that cannot be read or written costs only the favourites."""

    def __init__(self, folder: Path, profile: str) -> None:
        self._file = folder / f"favourites~{safe_name(profile)}.json"
        self._keys: dict[str, str] | None = None

    @property
    def keys(self) -> dict[str, str]:
        """What is on which key."""
        if self._keys is None:
            self._keys = self._read()
        return self._keys

    def put(self, key: str, item: str) -> None:
        """Put a base or product on a key; it leaves the key that it was on."""
        self._keys = {**{one: kept for one, kept in self.keys.items() if kept != item}, key: item}
        self._write()

    def free(self, key: str) -> None:
        """Take what is on the key away."""
        self._keys = {one: kept for one, kept in self.keys.items() if one != key}
        self._write()

    def _read(self) -> dict[str, str]:
        try:
            data = json.loads(self._file.read_bytes())
            return {str(key): str(item) for key, item in data["keys"].items()} if data["version"] == _VERSION else {}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the favourites cannot be read: %s", type(error).__name__)
            return {}

    def _write(self) -> None:
        try:
            write_private(self._file, json.dumps({"version": _VERSION, "keys": self.keys}).encode())
        except OSError as error:
            log.warning("the favourites cannot be kept: %s", error.strerror)


async def use_of(desk: Desk, content: CatalogContent) -> dict[str, int]:
    """How many people each family was sold to lately, by its key; a journal that cannot be read costs only that."""
    try:
        return {one.family.key: one.people for one in await most_sold(desk, content)}
    except JournalProblem as error:
        log.warning("what was sold most cannot be read: %s", type(error).__name__)
        return {}


async def most_sold(desk: Desk, content: CatalogContent) -> tuple[Sold, ...]:
    """The families of this catalog that the journal's newest sales sold, most people first. Raises its errors."""
    from korus_tui.sale import events as e  # first frame

    journal = await desk.ledger.journal()
    people: Counter[str] = Counter()
    for entry in await journal.recent(_SALES):
        rows = await journal.read(entry.reference)
        lines = {row.event.line.id: row.event.line for row in rows if isinstance(row.event, e.LineAdded)}
        gone = {row.event.line for row in rows if isinstance(row.event, e.LineRemoved)}
        if entry.state == "finished":
            for line in lines.values():
                people[line.product] += line.quantity * (line.id not in gone)
    found = []
    for family in families(content):
        counts = {product.id: people[product.iri] for product in family.products}
        total = sum(counts.values())
        if total and not family.disabled:
            found.append(Sold(family, max(counts, key=lambda one: counts[one]), total))
    return tuple(sorted(found, key=lambda sold: -sold.people))
