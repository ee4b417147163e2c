"""Collections as Hydra writes them: members, totals, the view of a page, and the search template."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from korus_tui.sandbox.generations import Generation
from korus_tui.sandbox.problems import Problem

Json = dict[str, Any]
Row = TypeVar("Row")
MOST_PER_PAGE = 50


def genid(*parts: object) -> str:
    """The address of a value that has none of its own."""
    return "/.well-known/genid/" + hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=10).hexdigest()


def _number(query: QueryParams, name: str, initial: int, least: int, most: int) -> int:
    text = query.get(name, str(initial))
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        raise Problem(400, why=f"{name}={text[:40]}: {least}–{most}")
    return int(text)


def collection(  # noqa: PLR0913 - the members of a page
    kind: str,
    path: str,
    query: QueryParams,
    rows: Sequence[Row],
    render: Callable[[Row], Json],
    *,
    generation: Generation,
    search: Sequence[str] = (),
) -> Json:
    """One page of `rows`; only the rows of the page are rendered.

    Raises Problem 400 for a page below 1 or more than 50 a page.
    """
    page = _number(query, "page", 1, 1, 10**8)
    size = _number(query, "itemsPerPage", 10, 0, MOST_PER_PAGE)
    chosen = rows[(page - 1) * size : page * size]
    pairs = sorted(query.multi_items())
    answer: Json = {
        "@context": f"/contexts/{kind}",
        "@id": path,
        "@type": "Collection",
        "totalItems": len(rows),
        "member": [render(row) for row in chosen],
        "view": {"@id": _address(path, pairs), generation.view_type: "PartialCollectionView"},
    }
    last = max(1, -(-len(rows) // size)) if size else 1
    if generation.neighbours and last > 1:
        answer["view"] |= _neighbours(path, pairs, page, last)
    if search:
        answer["search"] = _search(path, search)
    return answer


def _address(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _neighbours(path: str, pairs: list[tuple[str, str]], page: int, last: int) -> Json:
    others = [pair for pair in pairs if pair[0] != "page"]

    def at(number: int) -> str:
        return _address(path, sorted([*others, ("page", str(number))]))

    view = {"first": at(1), "last": at(last)}
    if page > 1:
        view["previous"] = at(min(page - 1, last))
    if page < last:
        view["next"] = at(page + 1)
    return view


def _search(path: str, names: Sequence[str]) -> Json:
    return {
        "@type": "IriTemplate",
        "template": f"{path}{{?{','.join(names)}}}",
        "variableRepresentation": "BasicRepresentation",
        "mapping": [
            {
                "@type": "IriTemplateMapping",
                "variable": name,
                "property": name.split("[")[0] if not name.startswith("order[") else name[6:-1],
                "required": False,
            }
            for name in names
        ],
    }
