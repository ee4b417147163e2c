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
    """A value that does not fit; the text says what was expected."""


def read(cls: type[T], table: Mapping[str, Any], complain: Complain, place: Place = ()) -> T:
    """An instance of `cls`; unknown keys and wrong values go to `complain` and are left out.

    Raises Wrong where a required value is missing or wrong. A class may have a method `check` that raises Wrong.
    """
    hints = get_type_hints(cls)
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in hints:
            complain((*place, key), "unknown key; it has no effect")
            continue
        try:
            given[key] = _value(hints[key], value, complain, (*place, key))
        except Wrong as error:
            complain((*place, key), f"{error}; the key is left out")
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


def _value(hint: Any, value: Any, complain: Complain, place: Place) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = next(one for one in get_args(hint) if one is not type(None))
        return _value(inner, value, complain, place)
    if origin is Literal:
        if value not in get_args(hint):
            raise Wrong(f"must be one of {', '.join(map(str, get_args(hint)))}")
        return value
    if dataclasses.is_dataclass(hint):
        return read(hint, _table(value), complain, place)  # type: ignore[arg-type]
    if origin is tuple:
        return _texts(value)
    if origin is dict:
        return _tables(get_args(hint)[1], _table(value), complain, place)
    return _plain(hint, value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Wrong("must be a list of texts in quotes")
    return tuple(value)


def _tables(cls: type, table: Mapping[str, Any], complain: Complain, place: Place) -> dict[str, Any]:
    """Named tables of one kind; a wrong one does not cost the others."""
    found: dict[str, Any] = {}
    for name, inner in table.items():
        try:
            found[name] = read(cls, _table(inner), complain, (*place, name))
        except Wrong as error:
            complain((*place, name), f"{error}; it is left out")
    return found


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Wrong("must be a table")
    return value


def _plain(hint: type, value: Any) -> Any:
    if hint is Path and isinstance(value, str):
        return Path(value)
    if hint is str and isinstance(value, str):
        return value
    if hint is bool and isinstance(value, bool):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise Wrong("must not be below 0")
        return value
    words = {str: "a text in quotes", Path: "a path in quotes", bool: "true or false", int: "a whole number"}
    raise Wrong(f"must be {words[hint]}")
