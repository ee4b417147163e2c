"""The looks a list can have besides its rows: each says in words what is going on and what to press."""

from __future__ import annotations

from dataclasses import dataclass

from korus_tui.i18n import _


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
    """Rows that may be old; `said` under them: how old they are or where they are from, and the key that asks anew."""

    said: str

    @classmethod
    def of(cls, age: str, key: str) -> Stale:
        """Rows of an age in words ("3 min ago"), and the screen's `key` as the agent reads it."""
        return cls(_("as of %(age)s — %(key)s refreshes") % {"age": age, "key": key})


ListState = Loading | Ready | Empty | Failed | Stale
