"""The design system's files, and the widths at which the layout changes."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent

HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] = [(0, "-narrow"), (110, "-mid"), (160, "-wide")]
"""Columns from which a screen bears a class: up to 109 -narrow, up to 159 -mid, beyond -wide."""


def style_files() -> list[Path]:
    """Every style sheet, base first, for `App.CSS_PATH`."""
    return [HERE / "base.tcss", *sorted(path for path in HERE.glob("*.tcss") if path.name != "base.tcss")]


STYLE_FILES: list[Path] = style_files()
FIRST_FILES: list[Path] = [
    HERE / f"{name}.tcss" for name in ("base", "connect", "field", "problem", "screens", "today")
]
LATER_FILES: list[Path] = [path for path in STYLE_FILES if path not in FIRST_FILES]
"""What the first frame needs, and what is read once it is painted."""
KIT_FILES: list[Path] = [HERE / "base.tcss", HERE / "field.tcss"]
"""The widgets' own style sheets, without those of the screens."""
