"""Reads TOML tables into frozen dataclasses by their annotations; what is wrong costs only itself.

Standard library only: a model library takes longer to import than the first frame of the program to paint.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Place = tuple[str, ...]
Complain = Callable[[Place, str], None]


class Wrong(ValueError):
    """A value that does not fit; the text says what was expected, `key` which key below the table is meant."""

    def __init__(self, words: str, *key: str) -> None:
        super().__init__(words)
        self.key: Place = key


def fit(cls: Any, table: Mapping[str, Any], complain: Complain, place: Place = ()) -> dict[str, Any]:
    """What of a table fits `cls`, as plain as it came; the rest goes to `complain` and is left out.

    The table may say a part only: `read` looks for what is missing, once all files have been laid over each other.
    """
    hints = get_type_hints(cls)
    kept: dict[str, Any] = {}
    for key, value in table.items():
        if key not in hints:
            complain((*place, key), "unknown key; it has no effect")
            continue
        try:
            kept[key] = _fitting(hints[key], value, complain, (*place, key))
        except Wrong as error:
            complain((*place, key), f"{error}; the key is left out")
    return kept


def read(cls: type[T], table: Mapping[str, Any], complain: Complain, place: Place = ()) -> T:
    """An instance of `cls` from a table that `fit` has looked at; a part that cannot be made goes to `complain`.

    Raises Wrong where a required value is missing. A class may have a method `check` that raises Wrong.
    """
    hints = get_type_hints(cls)
    given: dict[str, Any] = {}
    for key, value in table.items():
        try:
            given[key] = _value(hints[key], value, complain, (*place, key))
        except Wrong as error:
            complain((*place, key, *error.key), f"{error}; {key} is left out")
    missing = [field.name for field in dataclasses.fields(cls) if _required(field) and field.name not in given]  # type: ignore[arg-type]
    if missing:
        raise Wrong(f"needs {', '.join(missing)}")
    made = cls(**given)
    check = getattr(made, "check", None)
    if check is not None:
        check()
    return made


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _plain_hint(hint: Any) -> Any:
    """The type of a value that may also be left out."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _fitting(hint: Any, value: Any, complain: Complain, place: Place) -> Any:
    hint = _plain_hint(hint)
    if dataclasses.is_dataclass(hint):
        return fit(hint, _table(value), complain, place)
    if get_origin(hint) is not dict:
        _leaf(hint, value)
        return value
    kept: dict[str, Any] = {}
    for name, inner in _table(value).items():
        try:
            kept[name] = fit(get_args(hint)[1], _table(inner), complain, (*place, name))
        except Wrong as error:
            complain((*place, name), f"{error}; it is left out")
    return kept


def _value(hint: Any, value: Any, complain: Complain, place: Place) -> Any:
    hint = _plain_hint(hint)
    if dataclasses.is_dataclass(hint):
        return read(hint, value, complain, place)  # type: ignore[arg-type]
    if get_origin(hint) is dict:
        return _tables(get_args(hint)[1], value, complain, place)
    return _leaf(hint, value)


def _tables(cls: type, table: Mapping[str, Any], complain: Complain, place: Place) -> dict[str, Any]:
    """Named tables of one kind; a wrong one does not cost the others."""
    found: dict[str, Any] = {}
    for name, inner in table.items():
        try:
            found[name] = read(cls, inner, complain, (*place, name))
        except Wrong as error:
            complain((*place, name, *error.key), f"{error}; {'.'.join((*place, name))} is left out")
    return found


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Wrong("must be a table")
    return value


def _leaf(hint: Any, value: Any) -> Any:
    """A plain value, as the program uses it. Raises Wrong."""
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise Wrong(f"must be one of {', '.join(map(str, get_args(hint)))}")
        return value
    if get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Wrong("must be a list of texts in quotes")
        return tuple(value)
    if hint is Path and isinstance(value, str):
        return Path(value)
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise Wrong("must not be below 0")
        return value
    if hint in (str, bool) and isinstance(value, hint):
        return value
    words = {str: "a text in quotes", Path: "a path in quotes", bool: "true or false", int: "a whole number"}
    raise Wrong(f"must be {words[hint]}")
