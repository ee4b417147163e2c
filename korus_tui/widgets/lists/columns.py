"""How the columns of a list share its width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from korus_tui.widgets.text import width_of

GAP = 2  # cells between two columns
LEAST_FLEXIBLE = 8  # cells below which a column without a width is unreadable


@dataclass(frozen=True)
class Column:
    """One column; `width` in cells, None for a share of the rest; priority 0 always stays, the highest goes first.
    `most` is the share that it takes of the rest where a later column has a share too.

    What stands in a `foreign` column is not ours: it never takes the colour in which a row says how it stands. Before
    `quiet` stands a name, in bold; from there on all is muted. A `muted` column is so from its beginning.
    """

    key: str
    label: str = ""
    width: int | None = None
    align: Literal["left", "right"] = "left"
    priority: int = 0
    least: int = LEAST_FLEXIBLE
    most: int | None = None
    foreign: bool = False
    quiet: str = ""
    muted: bool = False


@dataclass(frozen=True)
class Placed:
    """A column that is shown: its index among all columns, and its width in cells."""

    index: int
    column: Column
    width: int


def place(columns: Sequence[Column], width: int, *, headed: bool = False) -> list[Placed]:
    """The columns that fit in `width` cells with their widths; the least important are dropped until the rest fits.

    Where they have heads, a column is as wide as its head: a language with longer words is not cut.
    """
    shown = list(enumerate(map(_as_wide_as_its_head, columns) if headed else columns))
    while shown and _least(shown) > width:
        droppable = [entry for entry in shown if entry[1].priority > 0]
        if not droppable:
            break
        shown.remove(max(droppable, key=lambda entry: (entry[1].priority, entry[0])))
    return _share(shown, width)


def _as_wide_as_its_head(column: Column) -> Column:
    return column if column.width is None else replace(column, width=max(column.width, width_of(column.label)))


def _least(shown: list[tuple[int, Column]]) -> int:
    return sum(c.least if c.width is None else c.width for _, c in shown) + GAP * (len(shown) - 1)


def _share(shown: list[tuple[int, Column]], width: int) -> list[Placed]:
    flexible = [index for index, column in shown if column.width is None]
    rest = width - GAP * (len(shown) - 1) - sum(column.width or 0 for _, column in shown)
    placed = []
    for index, column in shown:
        if column.width is not None:
            placed.append(Placed(index, column, column.width))
            continue
        share = max(1, rest // max(1, len(flexible)))
        if column.most is not None and len(flexible) > 1:
            share = min(share, column.most)
        flexible.pop()
        rest -= share
        placed.append(Placed(index, column, share))
    return placed
