"""The keys of the quick line, and the key that opens it (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

_OPEN = mark("A whole sale in one line, such as 2a2c 20h !$=; in the catalog 2a begins one too")
_FROM = {"catalog": 2, "offers": 9, "day": 9, "today": 4, "cart": 7}  # by screen: its place in the footer

QUICK: tuple[Command, ...] = (
    *(
        Command(screen, "app.quick", "colon", mark("quick line"), _OPEN, place, ":", priority=True)
        for screen, place in _FROM.items()
    ),
    Command("quick", "go", "enter", mark("hold"),
            mark("Hold the places of the whole line, or take the highlighted reading"), 1, "↵", priority=True),
    Command("quick", "move('up')", "up", mark("pick"), mark("Move among what the words can mean"), 2, "↑↓",
            priority=True),
    Command("quick", "move('down')", "down", mark("pick below"), mark("List what the words can mean, move down"),
            shown="↓", priority=True),
    Command("quick", "back", "escape", mark("back"), mark("Back; nothing is held"), 3, "Esc"),
)  # fmt: skip
