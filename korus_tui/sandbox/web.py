"""What every call needs: its sandbox, its language, its body read strictly, and its answer written."""

from __future__ import annotations

import json
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from korus_tui.sandbox.context import Context
from korus_tui.sandbox.problems import Problem
from korus_tui.sandbox.world import Catalog

LANGUAGES = ("fr", "en")
JSON_TYPE = "application/ld+json"
MERGE_TYPE = "application/merge-patch+json"


def box_of(request: Request) -> Context:
    return cast("Context", request.app.state.box)


def language_of(request: Request, fallback: str = "fr") -> str:
    """The language of the answer: the best of Accept-Language that is spoken here, else the catalog's."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if quality > 0 and tag.split("-")[0].lower() in LANGUAGES:
            wishes.append((-quality, place, tag.split("-")[0].lower()))
    return min(wishes)[2] if wishes else fallback


def catalog_of(request: Request) -> Catalog:
    """The catalog that the path names; Problem 404 if there is none."""
    catalog = box_of(request).world.catalogs.get(request.path_params["c"])
    if catalog is None:
        raise Problem(404)
    return catalog


def catalog_language(request: Request) -> str:
    """The language of the answer about the path's catalog."""
    return language_of(request, catalog_of(request).table.language)


async def read_body(request: Request) -> dict[str, Any]:
    """The JSON object of a POST or PATCH; Problem 415 for another content type, 400 for what is no JSON object."""
    expected = MERGE_TYPE if request.method == "PATCH" else JSON_TYPE
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != expected:
        raise Problem(415, expected=expected)
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Problem(400, why="JSON") from None
    if not isinstance(body, dict):
        raise Problem(400, why="JSON object expected")
    return body


def check_accept(request: Request) -> None:
    """Problem 406 if the caller refuses JSON-LD."""
    ranges = [part.split(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")]
    if not any(one in (JSON_TYPE, "application/json", "application/*", "*/*") for one in ranges):
        raise Problem(406)


def answer(request: Request, content: Any) -> Response:
    """A JSON-LD answer, with exactly the fields of the generation that is spoken."""
    return write(box_of(request).generation.exact(content), 200, JSON_TYPE)


def write(content: Any, status: int, kind: str, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer of the given media type."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, headers, media_type=f"{kind}; charset=utf-8")
