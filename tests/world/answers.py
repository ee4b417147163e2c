"""How the second world answers one call: whether and when it has its effect, and what comes back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

BEFORE = "before"
"""The call has its effect, then it is answered: what a polite server does."""
NONE = "none"
"""The call has no effect, whatever the answer says."""

REAL = "real"
"""The body that the call has by itself (without effect: as if it had one)."""
EMPTY = "empty"
HALF = "half"
"""The first half of the real body, as if it were all of it."""
CUT = "cut"
"""The first half of the real body, then the connection ends although more was promised."""
HTML = "html"
PAGE = "<html><body><h1>Corporate proxy</h1><p>Access denied.</p></body></html>"


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    route: str
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]  # names in lower case
    body: Any
    at: float  # monotonic seconds
    token: str = ""


@dataclass(frozen=True)
class Answer:
    """One scripted answer. `Answer()` is the polite one.

    `effect` is BEFORE, NONE, or the seconds after the request's arrival at which it comes. `hang` are seconds before
    anything is answered; `drop` ends the connection in place of an answer. `status` None is the real one. `body` is one
    of REAL, EMPTY, HALF, CUT, HTML, other text, JSON, or what makes one of the call. `edit` changes the real JSON body
    (in place, or what it returns). A header that is None is left out.
    """

    effect: str | float = BEFORE
    status: int | None = None
    body: Any = REAL
    headers: Mapping[str, str | Callable[[Call], str] | None] = field(default_factory=dict)
    hang: float = 0.0
    drop: bool = False
    edit: Callable[[Any], Any] | None = None
    when: Callable[[Call], bool] | None = None  # only a call of which this is true
    first: Callable[[], object] | None = None  # what happens just before the call


def dropped(effect: str | float = BEFORE, hang: float = 0.0) -> Answer:
    """The connection ends without an answer."""
    return Answer(effect=effect, drop=True, hang=hang)


def edited(edit: Callable[[Any], Any]) -> Answer:
    """The real answer, changed."""
    return Answer(edit=edit)


def problem(status: int, title: str = "An error occurred", detail: str = "") -> Json:
    """An error as the API writes it."""
    return {
        "@context": "/contexts/Error",
        "@id": f"/errors/{status}",
        "@type": "hydra:Error",
        "title": title,
        "detail": detail or title,
        "status": status,
        "type": f"/errors/{status}",
        "description": detail or title,
    }


def violations(*found: tuple[str, str, str]) -> Json:
    """A 422 as the API writes it: (propertyPath, message, code) each."""
    number = "d53a91b0-def3-426a-83d7-269da7ab4200"
    words = "\n".join(f"{path}: {message}" for path, message, _code in found)
    return {
        "@context": "/contexts/ConstraintViolationList",
        "@id": f"/validation_errors/{number}",
        "@type": "ConstraintViolationList",
        "status": 422,
        "violations": [{"propertyPath": path, "message": message, "code": code} for path, message, code in found],
        "detail": words,
        "description": words,
        "type": f"/validation_errors/{number}",
        "title": "An error occurred",
    }


# Edits of a JSON body. Those of members work on the lists of both `_bulk` answers and collections.


def members(body: Json) -> list[Any]:
    """The list that the body is about."""
    for name in ("orders", "reservations", "member"):
        if isinstance(body.get(name), list):
            found: list[Any] = body[name]
            return found
    return []


def each(change: Callable[[Json], Any]) -> Callable[[Json], None]:
    """Change every member, or the body itself where it has none."""

    def edit(body: Json) -> None:
        for one in members(body) or [body]:
            change(one)

    return edit


def with_fields(**values: Any) -> Callable[[Json], None]:
    """Every member says this instead."""
    return each(lambda one: one.update(copy.deepcopy(values)))


def without_fields(*names: str) -> Callable[[Json], None]:
    """No member says this."""
    return each(lambda one: [one.pop(name, None) for name in names])


def reference_in(change: Callable[[str], str]) -> Callable[[Json], None]:
    """Our reference, written another way, such as `str.lower`."""
    return each(lambda one: one.update(externalReference=change(one["externalReference"])))


def cancelled(body: Json) -> None:
    """Every order is shown as cancelled."""
    each(lambda one: one.update(status="cancelled", cancelledAt=one["createdAt"]))(body)


def repeated(body: Json) -> None:
    """The first member stands there twice."""
    found = members(body)
    found[:1] = found[:1] * 2


def missing(body: Json) -> None:
    """No member stands there, and nothing says that there is one."""
    members(body).clear()
    if "totalItems" in body:
        body["totalItems"] = 0


def reversed_order(body: Json) -> None:
    members(body).reverse()


def with_unreadable(member: Any = 7) -> Callable[[Json], None]:
    """Something stands before the members that is none."""

    def edit(body: Json) -> None:
        members(body).insert(0, copy.deepcopy(member))
        if "totalItems" in body:
            body["totalItems"] += 1

    return edit
