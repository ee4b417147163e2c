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


@dataclass(frozen=True)
class Command:
    """One thing the agent can do on `screen` ("" for every screen): `keys` are Textual's names, the first is shown.

    `footer` is its place among the hints, most used first; None keeps it in the help only. `grave` is what takes
    money or cannot be undone: it has a key of its own, and nothing else does it. `added` are keys of the agent's own.
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

    @property
    def key(self) -> str:
        """The key as the agent reads it: a letter as it is typed, others by their usual names."""
        if self.shown:
            return self.shown
        first = (self.added or self.keys).partition(",")[0]
        named = _NAMES.get(first, first if len(first) == 1 else "")
        return named or first.replace("ctrl+", "^").upper().replace("^", "Ctrl+")
