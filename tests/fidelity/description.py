"""The description of one generation of the API, made from openapi.yaml by its `x-only` and `x-required`.

`least` is what every answer must have and nothing more: optional fields of answers are not even allowed, but for the
address and type that JSON-LD gives to anything. Requests are the newest ones.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

GENERATIONS = ("tutorial", "1.0.7", "release", "least")
_NEWER = ("1.0.7", "release")
_REQUESTS = {"ReserveRequest", "OrderRequest", "Beneficiary"}
_REFUSALS = {"Problem", "ConstraintViolationList"}


@cache
def _source() -> Json:
    return dict(yaml.safe_load((Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8")))


@cache
def description(generation: str) -> Json:
    """The OpenAPI 3.1 document of one generation, to be left as it is; its server is wherever it is asked."""
    made = _Reading(generation).document(_source())
    made["servers"] = [{"url": "/"}]
    return made


class _Reading:
    """One walk over the source for one generation."""

    def __init__(self, generation: str) -> None:
        assert generation in GENERATIONS
        self._least = generation == "least"
        base = "release" if self._least else generation
        self._names = {base, "newer"} if base in _NEWER else {base}

    def document(self, source: Json) -> Json:
        """The whole document; only answers of the API itself are cut down to what is required."""
        made = {name: self._kept(part, answer=False) for name, part in source.items() if name != "components"}
        components = dict(source["components"])
        schemas = {
            name: self._kept(schema, answer=name not in _REQUESTS | _REFUSALS)
            for name, schema in components.pop("schemas").items()
        }
        made["components"] = {**self._kept(components, answer=False), "schemas": schemas}
        return made

    def _exists(self, node: Any) -> bool:
        only = node.get("x-only") if isinstance(node, dict) else None
        return only is None or bool(self._names & set([only] if isinstance(only, str) else only))

    def _kept(self, node: Any, *, answer: bool) -> Any:
        if isinstance(node, list):
            return [self._kept(one, answer=answer) for one in node if self._exists(one)]
        if not isinstance(node, dict):
            return node
        required = self._required(node)
        kept = {*required, "@id", "@type"}
        made = {}
        for name, one in node.items():
            if name.startswith("x-") or not self._exists(one):
                continue
            inside = answer or (name == "responses" and "token" not in str(node.get("operationId")))
            if name == "properties" and isinstance(one, dict) and answer and self._least and "type" in node:
                one = {field: schema for field, schema in one.items() if field in kept or "x-least" in schema}
            made[name] = self._kept(one, answer=inside)
        if required:
            made["required"] = required
        return made

    def _required(self, node: Json) -> list[str]:
        required = node.get("required", [])
        if not isinstance(required, list):  # of a parameter, not of an object
            return []
        if not self._least:
            for generation, names in node.get("x-required", {}).items():
                if generation in self._names:
                    required = [*required, *names]
        return list(required)
