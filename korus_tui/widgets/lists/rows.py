"""The rows a list shows and the facts it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

from textual.content import Content
from textual.message import Message

if TYPE_CHECKING:
    from korus_tui.widgets.lists.row_list import RowList

Tone = Literal["", "muted", "warn", "bad", "good"]
Cell = str | Content
MOST = 999  # the largest quantity anyone types on a counter
TYPED_MOST = 99_999  # the largest that is shown as typed, before it is refused


@dataclass(frozen=True)
class Row:
    """One row: `cells` in the order of the columns; `quantity` as first shown, `maximum` None when unlimited.

    A `head` is the title of the rows below it, with a line across unless its tone is muted: the highlight passes over.
    """

    key: str
    cells: Sequence[Cell]
    disabled: bool = False
    tone: Tone = ""
    quantity: int = 0
    maximum: int | None = None
    head: bool = False


class Rows(Sequence[Row]):
    """Rows by place, each made when it is first looked at: a list of thousands costs what can be seen of it."""

    def __init__(self, keys: Sequence[str], make: Callable[[int], Row]) -> None:
        """`keys` of all rows in their order; `make` gives the row at a place."""
        self.keys = keys
        self._make = make
        self._made: dict[int, Row] = {}

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Rows:
        """Rows that are there already."""
        made = list(rows)
        return cls([row.key for row in made], made.__getitem__)

    def put(self, place: int, row: Row) -> None:
        """Another row at this place, with the same key."""
        self._made[place] = row

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        row = self._made.get(place)
        if row is None:
            row = self._made[place] = self._make(place)
        return row


class _OfList(Message):
    """A fact about a list, so that `@on(..., "#id")` can tell which."""

    row_list: RowList

    @property
    def control(self) -> RowList:
        return self.row_list


@dataclass
class RowHighlighted(_OfList):
    """Another row has the highlight; `key` is None when no row is left."""

    key: str | None
    row_list: RowList


@dataclass
class RowChosen(_OfList):
    """Enter or a double click on a row that is not disabled."""

    key: str
    row_list: RowList


@dataclass
class QuantityChanged(_OfList):
    """A quantity was typed into a row."""

    key: str
    quantity: int
    row_list: RowList


@dataclass
class QuantityRefused(_OfList):
    """A quantity is more than the row can give. What was typed in digits stays in the row: who goes on is refused."""

    key: str
    asked: int
    maximum: int
    row_list: RowList


def moved(step: str, cursor: int, last: int, page: int) -> int:
    """The index that a key leads to from `cursor`: up, down, pageup, pagedown, home or end, kept inside the rows."""
    by = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -last - 1, "end": last + 1}[step]
    return min(max(cursor + by, 0), last)


class Quantities:
    """The numbers typed into a list, by row key; the first digit on a row replaces, the next ones are appended."""

    def __init__(self) -> None:
        self._by_key: dict[str, int] = {}
        self._typing: str | None = None

    def get(self, key: str) -> int:
        """The quantity of a row, 0 when nothing was typed."""
        return self._by_key.get(key, 0)

    def all(self) -> dict[str, int]:
        """Every row with a quantity above zero."""
        return {key: quantity for key, quantity in self._by_key.items() if quantity}

    def adopt(self, rows: Sequence[Row]) -> None:
        """Keep what was typed for rows that are still there, take the row's own number for new ones."""
        self._by_key = {row.key: self._by_key.get(row.key, row.quantity) for row in rows}

    def put(self, key: str, quantity: int) -> None:
        """Set a quantity from outside; the next digit starts a new number."""
        self._by_key[key] = quantity
        self._typing = None

    def leave(self) -> None:
        """The highlight moved: the next digit starts a new number."""
        self._typing = None

    def asked(self, key: str, pressed: str) -> int:
        """The quantity that a key asks for: a digit, `+`, `-` or `backspace`; not yet stored."""
        now = self.get(key)
        if pressed == "+":
            return now + 1
        if pressed == "-":
            return max(0, now - 1)
        if pressed == "backspace":
            return now // 10
        return now * 10 + int(pressed) if self._typing == key else int(pressed)

    def typed(self, key: str, quantity: int, pressed: str) -> None:
        """Store what a key asked for, and remember whether a number is being typed."""
        self._by_key[key] = quantity
        self._typing = key if pressed.isdigit() or pressed == "backspace" else None
