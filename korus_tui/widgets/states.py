"""The looks a list can have besides its rows: each says in words what is going on and what to press."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Loading:
    """Asked, no answer yet; `text` says what is being asked for."""

    text: str = ""


@dataclass(frozen=True)
class Ready:
    """The rows are there and current."""


@dataclass(frozen=True)
class Empty:
    """An answer without rows: `why`, and what to `press` next."""

    why: str
    press: str = ""


@dataclass(frozen=True)
class Failed:
    """No answer: `what` happened, its `meaning` for the sale, and the `key` that goes on."""

    what: str
    meaning: str = ""
    key: str = ""


@dataclass(frozen=True)
class Stale:
    """Rows that may be old; `age` in words ("3 min ago", "10:42")."""

    age: str


ListState = Loading | Ready | Empty | Failed | Stale
