"""Documents made from the description: the least and the most that it allows, and the most with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fidelity.description import description

Json = dict[str, Any]
_OF_PATTERN = {
    "^[0-9]{4}-[01][0-9]-[0-3][0-9]$": "2026-06-07",
    r"^[0-9]+\.[0-9]{2}$": "87.00",
    "^https?://": "https://files.example/ticket.pdf?signature=abc",
    "^[A-Z]{2}$": "FR",
    r"^[^@\s]+@[^@\s]+$": "john.doe@example.com",
}


class Documents:
    """Makes the values of one generation's schemas."""

    def __init__(self, generation: str) -> None:
        self._whole = description(generation)

    def answers(self) -> Iterator[tuple[str, Json]]:
        """Every call's operationId with the schema of its good answer."""
        for path in self._whole["paths"].values():
            for name, call in path.items():
                if name in ("get", "post", "patch"):
                    content = call["responses"]["200"]["content"]
                    yield call["operationId"], next(iter(content.values()))["schema"]

    def of(self, schema: Json) -> Iterator[tuple[str, Any]]:
        """What the schema allows, each with words that say what is special about it."""
        yield "least", self._made(schema, most=False)
        most = self._made(schema, most=True)
        yield "most", most
        for where, value in self._changes(schema):
            yield f"{where}={str(value)[:40]}", _put(most, where, value)

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            found: Any = self._whole
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = {**found, **{name: one for name, one in schema.items() if name != "$ref"}}
        if "allOf" in schema:
            parts = [self._resolved(one) for one in schema["allOf"]]
            properties: Json = {}
            for part in parts:
                for name, one in part.get("properties", {}).items():
                    properties[name] = {**properties.get(name, {}), **one}
            required = [name for part in parts for name in part.get("required", [])]
            schema = {"type": "object", "properties": properties, "required": required}
        return schema

    def _branches(self, schema: Json) -> list[Json]:
        """The schemas of which a value may follow any one: other types, other forms, null."""
        schema = self._resolved(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return [branch for one in schema[word] for branch in self._branches(one)]
        if isinstance(schema.get("type"), list):
            rest = {name: one for name, one in schema.items() if name != "type"}
            return [{**rest, "type": kind} if kind != "null" else {"type": "null"} for kind in schema["type"]]
        if "enum" in schema:
            return [{"const": one} for one in schema["enum"]]
        return [schema]

    def _made(self, schema: Json, *, most: bool) -> Any:
        branches = self._branches(schema)
        schema = next((one for one in branches if one.get("type") != "null"), branches[0])
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type", "object" if "properties" in schema else "any")
        if kind == "object":
            known = schema.get("properties", {})
            names = known if most else [name for name in known if name in schema.get("required", [])]
            return {name: _moment(name, self._made(known[name], most=most)) for name in names}
        if kind == "array":
            if "items" not in schema or schema.get("maxItems") == 0:
                return []
            return [self._made(schema["items"], most=most)] * (2 if most else 1)
        plain = {"integer": 3, "boolean": True, "null": None, "any": {}, "number": 1}
        return plain[kind] if kind in plain else schema.get("example") or _text(schema)

    def _changes(self, schema: Json, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Each place of the largest value with each other value that may stand there."""
        branches = self._branches(schema)
        first = next((one for one in branches if one.get("type") != "null"), branches[0])
        for branch in branches:
            if branch is not first:
                yield where, None if branch.get("type") == "null" else self._made(branch, most=True)
        if first.get("type") == "array" and where:
            yield where, []
        if first.get("type") == "array" and "items" in first and first.get("maxItems") != 0:
            yield from self._changes(first["items"], (*where, 0))
        for name, one in first.get("properties", {}).items():
            if name not in first.get("required", []):
                yield (*where, name), _ABSENT
            yield from self._changes(one, (*where, name))


class _Absent:
    def __repr__(self) -> str:
        return "absent"


_ABSENT = _Absent()


def _moment(name: str, value: Any) -> Any:
    """The description knows of some moments only that they are texts."""
    return "2026-06-07T20:00:00+02:00" if name.endswith("At") and isinstance(value, str) else value


def _text(schema: Json) -> str:
    pattern = schema.get("pattern")
    if pattern is None:
        return "Cinéscénie"
    if pattern in _OF_PATTERN:
        return _OF_PATTERN[pattern]
    uuid = "0194abdc-3a71-72b0-a9b9-89d4be0cd73e"
    group = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    return str(pattern).replace(group, uuid).strip("^$")


def _put(whole: Any, where: tuple[str | int, ...], value: Any) -> Any:
    """The document with another value at one place, or without it."""
    if not where:
        return value
    step, *rest = where
    made = dict(whole) if isinstance(whole, dict) else list(whole)
    if not rest and value is _ABSENT:
        del made[step]  # type: ignore[arg-type]
    else:
        made[step] = _put(made[step], tuple(rest), value)  # type: ignore[call-overload, index]
    return made
