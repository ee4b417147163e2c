"""Event ↔ row. The payload is canonical JSON; a person's data is kept apart from it, behind a salted digest.

A new field with a default needs no new version. Any other change of a shape adds a step to UPGRADES, which makes the
version that is written one higher.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from korus_tui.journal.entry import SALE
from korus_tui.journal.errors import NewerEvent, UnreadableEvent

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Payload = dict[str, Any]
# (kind, version) → the step to version + 1. A personal field that was erased is absent from what the step is given.
UPGRADES: dict[tuple[str, int], Callable[[Payload], Payload]] = {}
# What stands where a person's data was erased, in the payload's own notation.
ERASED: dict[tuple[str, str], Any] = {
    ("CustomerEntered", "customer"): {"first_name": "—", "last_name": "", "email": ""},
    ("NotesEntered", "notes"): "",
}


@dataclass(frozen=True, slots=True)
class EventFamily:
    """The events of one kind of stream, by their names, and which of their fields hold a person's data."""

    classes: Mapping[str, type]
    personal: Mapping[type, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Personal:
    """A person's data on its way to the table that can forget it; `data` is JSON."""

    id: str
    data: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """An event as a row: its kind, the version of its shape, canonical JSON, and what is kept apart."""

    kind: str
    version: int
    payload: str
    personal: tuple[Personal, ...]


_families: dict[str, EventFamily] = {}


def register(prefix: str, classes: Iterable[type], personal: Mapping[type, tuple[str, ...]] | None = None) -> None:
    """Streams named `prefix:…` hold events of these frozen dataclasses; ValueError where ERASED lacks a field."""
    family = EventFamily({cls.__name__: cls for cls in classes}, personal or {})
    for cls, names in family.personal.items():
        for name in names:
            if (cls.__name__, name) not in ERASED:
                raise ValueError(f"ERASED does not say what stands for {cls.__name__}.{name}")
    _families[prefix] = family


def _family(stream: str) -> EventFamily:
    prefix = stream.partition(":")[0]
    if prefix == SALE and SALE not in _families:
        from korus_tui.sale import events  # first frame

        register(SALE, get_args(events.Event), events.PERSONAL)
    if prefix not in _families:
        raise NewerEvent(f"streams named {prefix}:… are not known")
    return _families[prefix]


@cache
def _adapter(cls: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # first frame

    return TypeAdapter(cls)


def canonical(value: Any) -> str:
    """JSON in the one way that is hashed: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def current_version(kind: str) -> int:
    """The version that is written today: one above the last upgrade step."""
    version = 1
    while (kind, version) in UPGRADES:
        version += 1
    return version


def digest_of(salt: bytes, data: str) -> str:
    """What the payload keeps of a person's data: it proves the data unchanged, and says nothing once salt is gone."""
    return hashlib.sha256(salt + data.encode()).hexdigest()


def encode(stream: str, event: object) -> Written:
    """The row of an event. Raises UnreadableEvent for what could not be read back, before anything is written."""
    cls = type(event)
    kind = cls.__name__
    family = _family(stream)
    if family.classes.get(kind) is not cls:
        raise UnreadableEvent(f"{kind} is no event of {stream.partition(':')[0]}")
    if _has_naive_time(event):
        raise UnreadableEvent(f"{kind} holds a time without offset")
    payload = _payload(cls, event)
    personal = [_set_apart(payload, name) for name in family.personal.get(cls, ())]
    return Written(kind, current_version(kind), canonical(payload), tuple(personal))


def _payload(cls: type, event: object) -> Payload:
    try:
        payload: Payload = _adapter(cls).dump_python(event, mode="json", warnings=False)
        text = canonical(payload)
        text.encode()
    except ValueError as error:  # also a letter that is no Unicode; its text may be a person's, so it is not repeated
        raise UnreadableEvent(f"{cls.__name__} holds what cannot be written") from error
    _validated(cls, text)
    return payload


def _set_apart(payload: Payload, name: str) -> Personal:
    part = Personal(secrets.token_hex(16), canonical(payload[name]), secrets.token_bytes(16))
    payload[name] = {"personal": part.id, "digest": digest_of(part.salt, part.data)}
    return part


Lookup = Callable[[str], tuple[str | None, bytes | None] | None]


def decode(stream: str, kind: str, version: int, payload: str, lookup: Lookup) -> object:
    """The event of a row; `lookup` finds a person's data and salt by id, (None, None) once erased.

    Raises NewerEvent for an unknown kind or version, UnreadableEvent for a payload that is not of its kind.
    """
    family = _family(stream)
    cls = family.classes.get(kind)
    if cls is None or version > current_version(kind):
        raise NewerEvent(f"{kind}, version {version}, is not known")
    if version == current_version(kind) and cls not in family.personal and isinstance(payload, str):
        with contextlib.suppress(UnicodeEncodeError):  # damaged letters
            return _validated(cls, payload)
    try:
        values: Payload = json.loads(payload)
        erased = _bring_back(kind, values, family.personal.get(cls, ()), lookup)
        for step in range(version, current_version(kind)):
            values = UPGRADES[kind, step](values)
        text = json.dumps({**values, **erased})
    except UnreadableEvent:
        raise
    except (ValueError, TypeError, KeyError, AttributeError):  # its words may quote a person, as in _validated
        raise UnreadableEvent(f"the payload of {kind} cannot be read") from None
    return _validated(cls, text)


def plain(payload: str) -> Any:
    """The values of a payload as JSON has them; None where it is none. A person's data stays where it is."""
    try:
        return _from_json()(payload, cache_strings="keys")
    except ValueError:
        return None


@cache
def _from_json() -> Callable[..., Any]:
    from pydantic_core import from_json  # first frame

    return from_json


def _bring_back(kind: str, values: Payload, names: Iterable[str], lookup: Lookup) -> Payload:
    """Puts a person's data back into `values`; what was erased is taken out and answered apart."""
    erased: Payload = {}
    for name in names:
        reference = values.pop(name)
        found = lookup(reference["personal"])
        if not fits(found, reference["digest"]):
            raise UnreadableEvent(f"the personal data of {kind} does not match its digest")
        if found is None or found[0] is None:
            erased[name] = ERASED[kind, name]
        else:
            values[name] = json.loads(found[0])
    return erased


def fits(found: tuple[str | None, bytes | None] | None, digest: str) -> bool:
    """Whether a row of personal data is what the digest was made of, or was erased as a whole."""
    if found is None:
        return False
    data, salt = found
    if data is None or salt is None:
        return data is None and salt is None
    return digest_of(salt, data) == digest


def _validated(cls: type, text: str) -> object:
    from pydantic import ValidationError  # first frame

    try:
        return _adapter(cls).validate_json(text, strict=True)
    except ValidationError as error:
        places = ", ".join(".".join(str(step) for step in one["loc"]) or one["type"] for one in error.errors())
        # The cause quotes the payload, so it is not chained: a person's data stays out of logs.
        raise UnreadableEvent(f"{cls.__name__} does not fit: {places}") from None


def _has_naive_time(value: object) -> bool:
    if isinstance(value, datetime):
        return value.utcoffset() is None
    if isinstance(value, tuple):
        return any(_has_naive_time(one) for one in value)
    if is_dataclass(value):
        return any(_has_naive_time(getattr(value, field.name)) for field in fields(value))
    return False
