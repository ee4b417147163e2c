"""What a row of the registry of commands says (registry.py)."""

from __future__ import annotations

from dataclasses import dataclass

_NAMES = {
    "escape": "Esc",
    "tab": "Tab",
    "enter": "Enter",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def mark(message: str) -> str:
    """Mark a sentence of a table for the catalogues; it is translated by `i18n._` when it is shown."""
    return message


@dataclass(frozen=True)
class Command:
    """One thing the agent can do on `screen` ("" for every screen): `keys` are Textual's names, the first is shown.

    `footer` is its place among the hints, most used first; None keeps it in the help only. `grave` is what takes
    money or cannot be undone: it has a key of its own, and nothing else does it. `added` are keys of the agent's own.
    `runs` is Textual's action, where several commands are one with an argument; else it is called as the command is.
    """

    screen: str
    action: str
    keys: str
    label: str
    help: str
    footer: int | None = None
    shown: str = ""
    priority: bool = False
    bound: bool = True
    grave: bool = False
    added: str = ""
    runs: str = ""

    @property
    def name(self) -> str:
        """By which sentences and keys.toml name it: `checkout.take`, `app.cart`."""
        return f"{self.screen}.{self.action}" if self.screen else self.action

    @property
    def call(self) -> str:
        """What Textual runs."""
        return self.runs or self.action

    @property
    def every_key(self) -> list[str]:
        """By Textual's names; those that a key map added come first."""
        return [key for key in f"{self.added},{self.keys}".split(",") if key]

    @property
    def key(self) -> str:
        """The key as the agent reads it: a letter as it is typed, others by their usual names."""
        return self.shown or spelt(self.every_key[0])

    def other(self, number: int) -> str:
        """Its n-th key, counted from one, as the agent reads it; the one that is shown where it has fewer."""
        return spelt(self.every_key[number - 1]) if number <= len(self.every_key) else self.key


def spelt(key: str) -> str:
    """A key as the agent reads it: a letter as it is typed, others by their usual names."""
    named = _NAMES.get(key, key if len(key) == 1 else "")
    return named or key.replace("ctrl+", "^").upper().replace("^", "Ctrl+")
