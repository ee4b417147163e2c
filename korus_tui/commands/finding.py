"""The keys of the command palette, and the key that takes the last line back (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

_UNDO = mark("Take the line that was added last out of the sale; its places stay blocked until its hold ends")
_UNDO_CART = mark("Bring back what was just removed; else take the line out that was added last")
# Where words are typed a letter cannot do it. In raw mode no terminal stops the program at Ctrl+Z.
_FROM = {"catalog": "ctrl+z", "offers": "u,ctrl+z", "day": "ctrl+z", "today": "u,ctrl+z", "cart": "u,ctrl+z"}

FINDING: tuple[Command, ...] = (
    *(
        Command(screen, "app.undo", keys, mark("undo"), _UNDO_CART if screen == "cart" else _UNDO,
                priority=keys == "ctrl+z")
        for screen, keys in _FROM.items()
    ),
    Command("palette", "go", "enter", mark("do it"), mark("Do it, open the dates, or open the sale"), 1, "↵",
            priority=True),
    Command("palette", "move", "up,down", mark("move"), mark("Move in the list while you type"), 2, "↑↓", bound=False),
    Command("palette", "back", "escape", mark("back"), mark("Empty the line, then go back; nothing is done"), 3, "Esc"),
)  # fmt: skip
