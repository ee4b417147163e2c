"""Where a place is: `seating` is documented without a shape, so that any that names its parts is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BeforeValidator

from korus_tui.api.models.base import label_of
from korus_tui.api.text import clean_line

_LONGEST = 60  # characters of a part
_DEEP = 3
_MOST = 1000  # seats of one item
_PARTS = (  # a key that holds one of these words names that part; the first that fits counts
    ("row", ("row", "rang", "line")),
    ("number", ("seat", "place", "number", "numero", "siege")),
    ("area", ("area", "section", "block", "bloc", "zone", "category", "stand", "tribune", "level", "floor", "gate")),
)
_NO_PART = {"id", "code", "type"}
_ROW = re.compile(r"\b(?:row|rang(?:ée)?)\s*:?\s*([0-9A-Za-z]{1,6})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:seat|si[eè]ge|place|fauteuil)\s*:?\s*(?:n[°o]\s*)?([0-9A-Za-z]{1,6})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Seating:
    """A seat's parts as far as they are named; `words` are the rest. Empty: nothing is said of a seat."""

    area: str = ""
    row: str = ""
    number: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.area or self.row or self.number or self.words)


def seating_of(value: object) -> Seating:
    """A seat from a text, an object of any names, or a list of one; never fails."""
    if isinstance(value, Seating):
        return value
    if isinstance(value, list) and len(value) == 1:
        return seating_of(value[0])
    if isinstance(value, str):
        return _of_text(clean_line(value, 200))
    if not isinstance(value, Mapping):
        return Seating(words=label_of(value))
    found = Seating()
    others: list[str] = []
    for name, text in _parts(value, "", 0):
        part = next((part for part, keys in _PARTS if any(key in name for key in keys)), "")
        if part and not getattr(found, part):
            found = replace(found, **{part: text})
        elif not part:
            others.append(text)
    words = clean_line(" ".join(others), 200)
    return replace(found, words=words) if found else _of_text(words)


def _of_text(text: str) -> Seating:
    """`Rang 12, place 4`: the parts that it names, where it names a row; else the words as they are."""
    row, number = _ROW.search(text), _NUMBER.search(text)
    return Seating(row=row[1], number=number[1] if number else "") if row else Seating(words=text)


def _parts(value: Mapping[Any, Any], within: str, depth: int) -> Iterator[tuple[str, str]]:
    """Every plain value with the name that it stands under: `row`, and the `label` of a `row` too."""
    for key, one in list(value.items())[:20]:
        name = str(key)[:_LONGEST].lower()
        if name.startswith("@") or (name in _NO_PART and not within):
            continue
        if isinstance(one, Mapping):
            if depth < _DEEP:
                yield from _parts(one, name, depth + 1)
            continue
        text = clean_line(label_of(one), _LONGEST)
        if text:
            yield (within if within and name in ("name", "label", "value", "number", "code") else name), text


def seatings_of(value: object) -> tuple[Seating, ...]:
    """The seats of an item with several people, or of the one; what names none is left out."""
    written = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(seat for one in written[:_MOST] if (seat := seating_of(one)))


Seat = Annotated[Seating, BeforeValidator(seating_of)]
Seats = Annotated[tuple[Seating, ...], BeforeValidator(seatings_of)]
