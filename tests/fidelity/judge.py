"""Says what of a call or of its answer the description of a generation does not allow."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import ImmutableMultiDict

from fidelity.description import description

LD_JSON, MERGE = "application/ld+json", "application/merge-patch+json"
PROBLEM = "application/problem+json"
_ORIGIN = "http://sandbox"
# What a client may ask for to learn whether this API has it (docs/api.md, Generations).
_PROBES = re.compile(r"/product_bases$|/tickets/[^/]+/sessions$|^/v1/forms/")


@cache
def _rules(generation: str) -> OpenAPI:
    config = Config(extra_media_type_deserializers=dict.fromkeys((LD_JSON, MERGE, PROBLEM), json.loads))
    return OpenAPI.from_dict(dict(description(generation)), config=config)


class Judge:
    """Judges calls by one generation's description."""

    def __init__(self, generation: str) -> None:
        self._rules = _rules(generation)
        self._parameters = description(generation)["components"]["parameters"]

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], sent: bytes, status: int, kind: str, body: bytes
    ) -> list[str]:
        """What is wrong with a call and its answer; `headers` have lower-case names, `kind` is the answer's type."""
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        sent_type = headers.get("content-type", "").partition(";")[0]
        call = MockRequest(
            _ORIGIN, method.lower(), parts.path, args=ImmutableMultiDict(query), headers=dict(headers),
            data=sent or None, content_type=sent_type,
        )  # fmt: skip
        answer = MockResponse(body, status_code=status, content_type=kind.partition(";")[0])
        name = f"{method} {parts.path}"
        if status == 404 and _PROBES.search(parts.path):
            return []
        return [*self._call(name, call, {key for key, _ in query}), *self._answer(name, call, answer)]

    def _call(self, name: str, call: MockRequest, asked: set[str]) -> list[str]:
        try:
            self._rules.validate_request(call)
        except OpenAPIError as error:
            return [f"{name}: {_words(error)}"]
        found = [f"{name}: asked by {one}, which is not described" for one in sorted(asked - self._known(call))]
        if call.path.startswith("/v1/") and "accept-language" not in call.parameters.header:  # x-expected
            found.append(f"{name}: says nothing of who reads the answer")
        return found

    def _answer(self, name: str, call: MockRequest, answer: MockResponse) -> list[str]:
        """A call that is not described must be answered as one that does not exist."""
        try:
            self._rules.validate_response(call, answer)
        except PathError:
            return [] if answer.status_code in (404, 405) else [f"{name}: answered {answer.status_code}"]
        except OpenAPIError as error:
            return [f"{name}: answered {answer.status_code}: {_words(error)}"]
        return []

    def _known(self, call: MockRequest) -> set[str]:
        """The names of the call's query parameters; openapi-core minds no others."""
        found = APICallPathFinder(self._rules.spec).find(call.method, _ORIGIN + call.path)
        listed: list[Any] = []
        for place in (found.path, found.operation):
            listed += place.read_value().get("parameters", [])
        named = [self._parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in listed]
        return {one["name"] for one in named if one["in"] == "query"}


def _words(error: OpenAPIError) -> str:
    """The error with its innermost reasons, each at the place of its field."""
    cause: BaseException = error
    while cause.__cause__ is not None and not hasattr(cause, "schema_errors"):
        cause = cause.__cause__
    reasons = [f"{one.json_path} {one.message[:300]}" for one in getattr(cause, "schema_errors", ())]
    return "; ".join([str(error)[:300], *(reasons or [str(cause)[:300]])])
