"""Reading a quick line against looking through the same 5,000 products once, in turn in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median

from measuring import lowest_ratio

from korus_tui.counter.catalog.offer_models import Base, Catalog, CatalogContent, Product
from korus_tui.counter.quickline.parse import Index, parse
from korus_tui.text.search import fold

TODAY = date(2026, 6, 3)
LINES = [
    "2a2c 20h !$=",
    "2 adulte argent + 2 enfant argent sam 22:00",
    "2a2c parc12 arg 7/6 20h",
    '3 "Parc 77 Adulte Or"; 1 e bronze parc5',
    "a",
]
AT_ONCE = 0.6  # of the time that folding and scanning the names once takes


def catalog(products: int) -> CatalogContent:
    """Bases of twelve products: four price types in three categories."""
    prices = (("adult", "Adulte"), ("child", "Enfant"), ("reduced", "Réduit"), ("family", "Famille"))
    seats = (("or", "Or"), ("argent", "Argent"), ("bronze", "Bronze"))
    bases, found = [], []
    for number in range(products // 12 + 1):
        bases.append(Base(f"b{number}", f"Parc{number % 97} Spectacle numéro {number}"))
        for price in prices:
            for seat in seats:
                key = f"p{number}-{price[0]}-{seat[0]}"
                name = f"Parc {number} {price[1]} {seat[1]}"
                found.append(Product(key, f"/p/{key}", name, "", f"b{number}", False, (price, seat)))
    one = Catalog("c", "C")
    now = datetime(2026, 6, 3, tzinfo=UTC)
    return CatalogContent(one, (one,), tuple(bases), tuple(found[:products]), now, "fr")


def seconds(work: Callable[[], object], times: int) -> float:
    """Median seconds of one run, of this process's own time on a processor."""
    samples = []
    for _ in range(times):
        start = time.process_time()
        work()
        samples.append(time.process_time() - start)
    return median(samples)


def test_a_line_is_read_in_a_fraction_of_a_scan_of_the_catalog(
    record_property: Callable[[str, object], None],
) -> None:
    content = catalog(5_000)
    index = Index(content)
    preferred = ("p3-adult-argent",)
    slowest = max(LINES, key=lambda line: seconds(lambda: parse(line, index, TODAY, preferred=preferred), 9))

    def read() -> float:
        return seconds(lambda: parse(slowest, index, TODAY, preferred=preferred), 15)

    def scan() -> float:
        return seconds(lambda: [one for one in content.products if "argent" in fold(one.name)], 3)

    ratio = lowest_ratio(read, scan, limit=AT_ONCE, pairs=5)
    took = min(read() for _round in range(5))
    record_property("quick line of 5,000 products, × one scan of their names", f"{ratio:.3f}")
    record_property("quick line of 5,000 products, ms", f"{took * 1000:.2f}")
    assert ratio <= AT_ONCE
