"""What the README and the design promise of speed, as ratios to the bare library in the same run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from measuring import PYTHON, best_ratio, key_to_paint
from pseudo_terminal import Terminal

from korus_tui.counter import cache
from korus_tui.counter.views import Base, Catalog, CatalogContent, Product

HERE = Path(__file__).parent
FIRST_FRAME, CURSOR = 1.6, 1.5


def home_with_catalog(home: Path, rows: int) -> dict[str, str]:
    """The environment of a till that has a profile and a catalog of so many bases on disk, and no server to reach.

    Each base has an adult's and a child's product: a row of the catalog is a base.
    """
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text('[profiles.main]\nserver = "http://127.0.0.1:9"\n')
    catalog = Catalog("c1", "Puy du Fou")
    bases = tuple(Base(f"b{n}", f"Product number {n}", "Text") for n in range(rows))
    items = tuple(
        Product(f"p{n}-{who}", f"/p/{n}-{who}", f"{who} {n}", "Text", f"b{n}", options=((who, who),))
        for n in range(rows)
        for who in ("adult", "child")
    )
    content = CatalogContent(catalog, (catalog,), bases, items, datetime.now(UTC), "fr")
    cache.write(home / "cache" / "catalog~main~c1~fr.json", "http://127.0.0.1:9", content)
    return {"KORUS_TUI_HOME": str(home), "TEXTUAL_ANIMATIONS": "none"}


def seconds_to(argv: list[str], words: str, env: dict[str, str]) -> float:
    """Seconds from starting the program until the words are painted."""
    with Terminal(argv, env=env) as terminal:
        return terminal.wait_for(words)


def test_first_usable_frame_against_a_bare_application(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    env = home_with_catalog(tmp_path, 65)
    ratio = best_ratio(
        lambda: seconds_to([PYTHON, "-m", "korus_tui"], "Product number 3", env),
        lambda: seconds_to([PYTHON, str(HERE / "bare_app.py")], "the bare frame", env),
        limit=FIRST_FRAME,
        pairs=5,
    )
    record_property("first usable frame, × a bare application", f"{ratio:.2f}")
    assert ratio <= FIRST_FRAME


def test_cursor_in_two_thousand_products_against_a_bare_table(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    env = home_with_catalog(tmp_path, 2000)
    with (
        Terminal([PYTHON, "-m", "korus_tui"], env=env) as ours,
        Terminal([PYTHON, str(HERE / "bare_table.py")], env=env) as theirs,
    ):
        ours.wait_for("Product number 3")
        theirs.wait_for("Product number 3")
        ours.settle(0.5)
        theirs.settle(0.5)
        ratio = best_ratio(
            lambda: key_to_paint(ours, "down", 9), lambda: key_to_paint(theirs, "down", 9), limit=CURSOR, pairs=3
        )
    record_property("cursor in 2,000 rows, × a bare DataTable", f"{ratio:.2f}")
    assert ratio <= CURSOR
