"""Changes that a fault makes to an answer's JSON. Pure: takes a document, gives a changed one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Edit = dict[str, Any]


def put(document: Any, path: str, change: Callable[[Any, Any], None]) -> None:
    """Calls `change(holder, key)` wherever `path` leads: names and indexes between dots, `*` all, `**` any depth."""
    _walk(document, path.split("."), change)


def _walk(node: Any, path: list[str], change: Callable[[Any, Any], None]) -> None:
    head, rest = path[0], path[1:]
    if head == "**":
        _walk(node, rest, change)
        for child in _children(node):
            _walk(child, path, change)
        return
    for key in _keys(node, head):
        if not rest:
            change(node, key)
        elif isinstance(node, list) or key in node:
            _walk(node[key], rest, change)


def _children(node: Any) -> list[Any]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []


def _keys(node: Any, name: str) -> list[Any]:
    if isinstance(node, dict):
        return list(node) if name == "*" else [name]
    if isinstance(node, list):
        if name == "*":
            return list(range(len(node)))
        return [int(name)] if name.isdigit() and int(name) < len(node) else []
    return []


def _replace(document: Any, edits: list[Edit]) -> Any:
    """Each edit is {path, value} or {path, remove: true}; the path "" is the whole document."""
    for edit in edits:
        if edit["path"] == "":
            document = edit["value"]
            continue
        deep = edit["path"].startswith("**")

        def change(holder: Any, key: Any, edit: Edit = edit, deep: bool = deep) -> None:
            if edit.get("remove"):
                if isinstance(holder, list) or key in holder:
                    del holder[key]
            elif not deep or isinstance(holder, list) or key in holder:
                holder[key] = copy.deepcopy(edit["value"])

        put(document, edit["path"], change)
    return document


def _expires(document: Any, mode: str, seconds: float) -> Any:
    """`expiresAt` wherever it is: missing, null, past (an hour before creation), or off by `seconds`."""

    def change(holder: Any, key: str) -> None:
        if not isinstance(holder, dict) or key not in holder:
            return
        if mode == "missing":
            del holder[key]
        elif mode == "null":
            holder[key] = None
        elif mode == "past":
            holder[key] = (datetime.fromisoformat(holder["createdAt"]) - timedelta(hours=1)).isoformat()
        else:
            holder[key] = (datetime.fromisoformat(holder[key]) + timedelta(seconds=seconds)).isoformat()

    put(document, "**.expiresAt", change)
    return document


def _pages(document: Any, fault: Edit, first_page: list[Any]) -> Any:
    """A list that lies: wrong total, empty page, repeated page, doubled members, or a next page that is itself."""
    mode = fault.get("mode", "total")
    if not isinstance(document, dict) or "member" not in document:
        return document
    if mode == "total":
        document["totalItems"] = fault.get("value", document["totalItems"] + 7)
    elif mode == "empty":
        document["member"] = []
    elif mode == "repeat":
        first_page[:] = first_page or document["member"]
        document["member"] = first_page
    elif mode == "double":
        document["member"] = document["member"] * 2
    elif mode == "loop":
        document.setdefault("view", {})["next"] = document.get("view", {}).get("@id", document.get("@id"))
    return document


EDITS = ("replace", "expires", "pages")


def edited(document: Any, fault: Edit, memory: list[Any]) -> Any:
    """The document as the fault wants it; `memory` is kept between the calls of one fault."""
    if fault["kind"] == "replace":
        return _replace(document, fault["edits"])
    if fault["kind"] == "expires":
        return _expires(document, fault.get("mode", "missing"), fault.get("seconds", 3600))
    if fault["kind"] == "pages":
        return _pages(document, fault, memory)
    return document
