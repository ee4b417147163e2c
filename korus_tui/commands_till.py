"""The keys of the till's page and its dialogs (see commands.py)."""

from __future__ import annotations

from korus_tui.command import Command
from korus_tui.i18n import mark

TILL: tuple[Command, ...] = (
    Command("till", "open", "o", mark("open"), mark("Open the till: count the float into the drawer"), 1),
    Command("till", "x", "x", mark("reading"), mark("X: read takings and expected cash; changes nothing"), 2),
    Command("till", "z", "z", mark("close"), mark("Z: count the drawer blindly and close; cannot be redone"), 3),
    Command("till", "cash_in", "i", mark("cash in"), mark("Cash into the drawer that no sale brought"), 4),
    Command("till", "cash_out", "u", mark("cash out"), mark("Cash out of the drawer that no customer got"), 5),
    Command("till", "sign", "s", mark("sign in/out"), mark("Stand at the till with name and PIN, or leave it"), 6),
    Command("till", "past", "p", mark("past closes"), mark("Show earlier closes"), 8),
    Command("till", "agent", "a", mark("add agent"), mark("Add another agent (supervisors only)"), 9),
    Command("till", "show", "enter", mark("show"), mark("Show the highlighted close again"), 1, "↵", bound=False),
    Command("till", "back", "escape", mark("back"), mark("Back to the sale"), 7, "Esc"),
    Command(
        "till_amount",
        "record",
        "f10,ctrl+s",
        mark("record"),
        mark("Record the amount that was counted (Ctrl+S where the terminal keeps F10)"),
        1,
        "F10",
        priority=True,
    ),
    Command("till_amount", "next", "down", mark("field"), mark("Go to the next field"), 2, "↑↓", priority=True),
    Command("till_amount", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("till_amount", "cancel", "escape", mark("back"), mark("Back; nothing is recorded"), 3, "Esc"),
    Command("sign_in", "next", "down", mark("field"), mark("Go to the next field"), 1, "↑↓", priority=True),
    Command("sign_in", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("sign_in", "cancel", "escape", mark("back"), mark("Back; who stands at the till stays"), 2, "Esc"),
)
