"""The design system's files, and the widths at which the layout changes."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent

HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] = [(0, "-narrow"), (110, "-mid"), (160, "-wide")]
"""Columns from which a screen bears a class: up to 109 -narrow, up to 159 -mid, beyond -wide."""

VERTICAL_BREAKPOINTS: list[tuple[int, str]] = [(0, "-short"), (32, "-tall")]
"""Lines from which a page bears a class: below 32 there is no room between its parts."""


def size_class(cells: int, breakpoints: list[tuple[int, str]]) -> str:
    """The class that a screen of so many columns or lines bears."""
    return max(row for row in breakpoints if cells >= row[0])[1]


KIT_FILES: list[Path] = [HERE / "base.tcss", HERE / "field.tcss"]
"""The widgets' own style sheets, without those of the screens."""


def style_files() -> list[Path]:
    """Every style sheet: those of the widgets first, so that a screen that says as much of a widget has its way."""
    return [*KIT_FILES, *sorted(path for path in HERE.glob("*.tcss") if path not in KIT_FILES)]


FIRST_FILES: list[Path] = [HERE / f"{name}.tcss" for name in ("base", "catalog", "screens")]
CONNECT_FILES: list[Path] = [HERE / f"{name}.tcss" for name in ("base", "field", "connect", "screens")]
"""What the first frame needs, of a till that sells and of one that is not set up; the others are read after it."""
