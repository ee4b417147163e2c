"""The keys of the till's page and its dialogs (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

# The page's keys have priority: they are taken in the order in which they were pressed, and those after one that
# opens a dialog wait until the dialog takes them.
TILL: tuple[Command, ...] = (
    Command("till", "open", "o", mark("open"), mark("Open the till: count the float into the drawer"), 1,
            priority=True),
    Command("till", "x", "x", mark("reading"), mark("X: takings and expected cash; changes nothing"), 2, priority=True),
    Command("till", "z", "z", mark("close"), mark("Z: count the drawer blindly and close; cannot be redone"), 3,
            priority=True),
    Command("till", "cash_in", "i", mark("cash in"), mark("Cash into the drawer that no sale brought"), 4,
            priority=True),
    Command("till", "cash_out", "minus", mark("cash out"), mark("Cash out of the drawer that no customer got"), 5, "-",
            priority=True),
    Command("till", "sign", "s", mark("sign in/out"), mark("Stand at the till with name and PIN, or leave it"), 6,
            priority=True),
    Command("till", "past", "f", mark("past closes"), mark("Show earlier closes"), 8, priority=True),
    Command("till", "agent", "a", mark("add agent"), mark("Add another agent"), 9, priority=True),
    Command("till", "agents", "g", mark("agents"), mark("Who has a PIN here: names, roles, PINs"), 10, priority=True),
    Command("till", "settings", "c", mark("settings"),
            mark("Server, sign-in, till and walk-in customer of this counter; they count from the next start"), 11,
            priority=True),
    Command("till", "show", "enter", mark("show"), mark("Show the highlighted close again"), 1, "↵", bound=False),
    Command("till", "back", "escape", mark("back"), mark("Back to the sale"), 7, "Esc", priority=True),
    Command("till_amount", "record", "f10,ctrl+s", mark("record"),
            mark("Record the amount that was counted (‹till_amount.record 2› where the terminal keeps "
            "‹till_amount.record›)"), 1, "F10", priority=True, grave=True),
    Command("till_amount", "enter", "enter", mark("next field"), mark("Go on; records nothing"), priority=True),
    Command("till_amount", "next", "down", mark("field"), mark("Go to the next field"), 2, "↑↓", priority=True),
    Command("till_amount", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("till_amount", "cancel", "escape", mark("back"), mark("Back; nothing is recorded"), 3, "Esc"),
    Command("cover", "sign", "s,enter", mark("sign in"), mark("Name and PIN: the page is open again"), 1,
            priority=True),
    Command("agents", "add", "a", mark("add"), mark("Add another agent"), 1),
    Command("agents", "rename", "n", mark("name"), mark("Another name for the highlighted agent"), 2),
    Command("agents", "new_pin", "p", mark("new PIN"), mark("A new PIN for who forgot theirs, or is back"), 3),
    Command("agents", "role", "v", mark("supervisor"), mark("Make a supervisor of the agent, or one no more"), 4),
    Command("agents", "unlock", "u", mark("unlock"), mark("Forget the agent's wrong PINs"), 5),
    Command("agents", "leave", "l", mark("leaves"), mark("The agent works here no more; the records keep the name"), 6),
    Command("agents", "own_pin", "c", mark("my PIN"), mark("Choose another PIN of your own"), 7),
    Command("agents", "back", "escape", mark("back"), mark("Back to the till"), 8, "Esc"),
    Command("sign_in", "enter", "enter", mark("next field"), mark("Go on; after the last field, done"), priority=True),
    Command("sign_in", "next", "down", mark("field"), mark("Go to the next field"), 1, "↑↓", priority=True),
    Command("sign_in", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("sign_in", "cancel", "escape", mark("back"), mark("Back; who stands at the till stays"), 2, "Esc"),
)  # fmt: skip
