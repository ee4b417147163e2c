"""Refusals as the API writes them: problem JSON, and the list of violations of a 422."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from korus_tui.sandbox.data.messages import code_of, words

TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
          406: "Not Acceptable", 415: "Unsupported Media Type", 500: "Internal Server Error"}  # fmt: skip


class Problem(Exception):
    """A refusal without violations; `key` names its sentence in messages.py."""

    def __init__(
        self, status: int, key: str | None = None, headers: dict[str, str] | None = None, **values: object
    ) -> None:
        super().__init__(status)
        self.status, self.key, self.values = status, key or f"p{status}", values
        self.headers = headers or {}

    def body(self, language: str) -> dict[str, Any]:
        detail = words(self.key, language, **self.values)
        return {
            "@context": "/contexts/Error",
            "@id": f"/errors/{self.status}",
            "@type": "Error",
            "title": TITLES.get(self.status, "An error occurred"),
            "detail": detail,
            "status": self.status,
            "type": f"/errors/{self.status}",
            "description": detail,
        }


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a request: where (`items[0].quantity`), and which sentence says so."""

    path: str
    key: str
    values: dict[str, object]

    def body(self, language: str) -> dict[str, str]:
        return {
            "propertyPath": self.path,
            "message": words(self.key, language, **self.values),
            "code": code_of(self.key),
        }


class Violations(Exception):
    """A request refused with 422: nothing of it was done."""

    def __init__(self, found: list[Violation]) -> None:
        super().__init__(len(found))
        self.found = found

    def body(self, language: str) -> dict[str, Any]:
        """The ConstraintViolationList; its keys are in the order of the tutorial's example."""
        listed = [violation.body(language) for violation in self.found]
        detail = "\n".join(f"{one['propertyPath']}: {one['message']}" for one in listed)
        address = f"/validation_errors/{listed[0]['code']}"
        return {
            "@context": "/contexts/ConstraintViolationList",
            "@id": address,
            "@type": "ConstraintViolationList",
            "status": 422,
            "violations": listed,
            "detail": detail,
            "description": detail,
            "type": address,
            "title": "An error occurred",
        }


class Findings:
    """Gathers violations while a request is read."""

    def __init__(self) -> None:
        self.found: list[Violation] = []

    def add(self, path: str, key: str, **values: object) -> None:
        self.found.append(Violation(path, key, values))

    def check(self) -> None:
        """Raises Violations if there are any."""
        if self.found:
            raise Violations(self.found)
