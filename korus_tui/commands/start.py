"""The keys of what stands between the program and its journal (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

_LOOK = mark("Look on: what is on the screen can be read, nothing is sold")

START: tuple[Command, ...] = (
    Command("", "app.retry", "f9", mark("try again"), mark("Try again to write the till's journal, where it failed "
            "(‹app.palette› finds it where the terminal keeps ‹app.retry›)")),
    Command("problem", "retry", "ctrl+r,f9", mark("try again"), mark("Try again to open the till's journal"), 1),
    Command("problem", "look", "l", mark("look on"), _LOOK, 2),
    Command("problem", "quit", "ctrl+q,q", mark("quit"), mark("Leave the program"), 3),
    Command("take_over", "take", "f10,ctrl+s", mark("take over"),
            mark("Sell here: the other program only reads from then on "
            "(‹take_over.take 2› where the terminal keeps ‹take_over.take›)"), 1, "F10", grave=True),
    Command("take_over", "retry", "ctrl+r,f9", mark("try again"), mark("Try again: the other program may have ended"),
            2),
    Command("take_over", "look", "l", mark("look on"), _LOOK, 3),
    Command("take_over", "quit", "ctrl+q,q", mark("quit"), mark("Leave the other program alone, and leave"), 4),
)  # fmt: skip
