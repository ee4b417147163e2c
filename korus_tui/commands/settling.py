"""The rows of the registry for a paid sale that cannot be had as it was, and for slips (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

SETTLING: tuple[Command, ...] = (
    # Checkout, after payment
    Command("checkout", "other_session", "a", mark("another session"),
            mark("Another session of the same day in the place of what cannot be had; what was paid pays for it"), 2,
            runs="settle('other_session')"),
    Command("checkout", "other_date", "d", mark("another date"),
            mark("Another date in the place of what cannot be had; what was paid pays for it"), 3,
            runs="settle('other_date')"),
    Command("checkout", "give_back", "g", mark("give back"),
            mark("Give money back: for what cannot be had, or what was paid too much"), 4, runs="settle('give_back')"),
    Command("checkout", "give_all_back", "x", mark("give all back"),
            mark("Give the money back for everything that is not ordered; the sale ends where nothing is"), 5,
            runs="settle('give_all_back')"),
    Command("checkout", "bear", "b", mark("house bears it"),
            mark("The house bears the difference: it is recorded with your reason, and not collected"), 2,
            runs="settle('bear')"),
    Command("checkout", "another_line", "down", mark("other line"),
            mark("Choose another of the lines that cannot be had"), 6, "↓", runs="settle('another_line')"),
    Command("checkout", "documents", "t", mark("documents"), mark("Hand over the documents of what is ordered already"),
            6, runs="settle('documents')"),
    Command("checkout", "slip", "p", mark("slip"), mark("Show, save and print the slip of this sale"), 7,
            runs="settle('slip')"),
    # Money back, or a difference borne
    Command("settle", "record", "f10,ctrl+s", mark("record"),
            mark("It is done as it stands here: record it (‹settle.record 2› where the terminal keeps "
            "‹settle.record›)"), 1, "F10", priority=True, grave=True),
    Command("settle", "cash", "c", mark("cash"), mark("The money goes back in cash"), 2, runs="choose('cash')"),
    Command("settle", "card", "k", mark("card"), mark("The money goes back to a card, at the counter's own reader"), 3,
            runs="choose('card')"),
    Command("settle", "voucher", "v", mark("voucher"), mark("A voucher is given for the money"), 4,
            runs="choose('voucher')"),
    Command("settle", "holiday_voucher", "o", mark("holiday voucher"),
            mark("The holiday vouchers themselves are handed back"), 4, runs="choose('holiday_voucher')"),
    Command("settle", "next", "down", mark("field"), mark("Go to the next field"), 5, "↑↓", priority=True),
    Command("settle", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("settle", "cancel", "escape", mark("back"), mark("Back; nothing is recorded"), 8, "Esc"),
    # A slip
    Command("slip", "print", "p", mark("print"), mark("Print the slip with the counter's print command"), 1),
    Command("slip", "terminal", "t", mark("print at the terminal"),
            mark("Print the slip on the printer of your own terminal, where the settings allow it"), 1),
    Command("slip", "close", "escape,enter", mark("close"), mark("Close the slip; it can be shown again"), 2, "Esc"),
    Command("documents", "slip", "t", mark("receipt"), mark("Show, save and print the receipt of this sale"), 4),
    Command("documents", "message", "m", mark("message"), mark("A message for the customer, ready to be copied"), 4),
    Command("message", "copy", "y", mark("copy"), mark("Send the message to your terminal's clipboard"), 1),
    Command("message", "close", "escape,enter", mark("close"), mark("Close the message"), 2, "Esc"),
    Command("orders", "slip", "p", mark("slip"), mark("On the red board: show, save and print the slip"), 4),
    Command("order", "slip", "t", mark("receipt"), mark("Show, save and print the receipt again"), 4),
)  # fmt: skip
