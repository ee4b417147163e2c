"""The rows of the registry for what comes after an order: search, one order, reprints, holders of tickets."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

AFTERWARDS: tuple[Command, ...] = (
    # Orders
    Command("orders", "ask_now", "enter", mark("ask now"), mark("On the red board: ask at once"), 1, "↵", bound=False),
    Command("orders", "open", "enter", mark("open"), mark("Open the highlighted sale"), 1, "↵", bound=False),
    Command("orders", "ask", "ctrl+r", mark("ask Korus"),
            mark("Ask Korus for what is typed, or for the newest orders of all tills"), 2),
    Command("orders", "bring", "b", mark("to the counter"), mark("Bring the sale of the red board to the counter"), 3),
    Command("orders", "close", "x", mark("close by hand"),
            mark("End a paid sale that cannot be confirmed, with a reason; the money stays recorded"), 4),
    Command("orders", "board", "tab", mark("board/search"), mark("Go between the red board and the search"), 5, "Tab",
            bound=False),
    Command("orders", "back", "escape", mark("back"), mark("Empty the search, then go back"), 8, "Esc"),
    # One order
    Command("order", "documents", "enter,d", mark("documents"),
            mark("Hand the documents over again: link, QR, file, printer"), 1, "↵"),
    Command("order", "holders", "b", mark("holders"), mark("Type the data of the people whom tickets wait for"), 2),
    Command("order", "cancel", "c", mark("cancellation"),
            mark("Record that Korus was asked to cancel the order, and what was given back"), 3),
    Command("order", "accept", "y", mark("accept"), mark("Accept an order that is not what was held and paid"), 3),
    Command("order", "refresh", "ctrl+r", mark("ask again"), mark("Ask Korus again how the order stands"), 4),
    Command("order", "read_on", "tab", mark("read on"), mark("Go to the text below, where the arrows scroll"), 5, "Tab",
            bound=False),
    Command("order", "timeline", "h", mark("events"), mark("Everything that was recorded, with times and hashes"), 6),
    Command("timeline", "close", "escape,enter,q", mark("close"), mark("Back to the sale"), 1, "Esc"),
    Command("order", "back", "escape", mark("back"), mark("Back to the search"), 8, "Esc"),
    Command("wish", "submit", "ctrl+s", mark("go on"), mark("Go on to the question"), 1),
    Command("wish", "next", "down", mark("field"), mark("Go to the next field"), 2, "↑↓", priority=True),
    Command("wish", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("wish", "cancel", "escape", mark("back"), mark("Back; nothing is recorded"), 3, "Esc"),
    # Documents of a sale that has ended
    Command("reprint", "save", "s", mark("save"),
            mark("Save the PDF of all documents on this host, or of the chosen one; the file's name says which copy "
            "it is"), 1),
    Command("reprint", "print", "p", mark("print"),
            mark("Print all documents with the counter's print command, or the chosen one"), 2),
    Command("reprint", "copy", "y", mark("copy link"),
            mark("Send all links to your terminal's clipboard, or the chosen one's"), 3),
    Command("reprint", "qr", "q", mark("QR code"),
            mark("Show the codes of all links over the whole screen, or the chosen one's"), 3),
    Command("reprint", "ask", "ctrl+r", mark("ask again"), mark("Ask again for the documents and fresh links"), 4),
    Command("reprint", "holders", "b", mark("holders"), mark("Type the data of the people whom tickets wait for"), 5),
    Command("reprint", "move", "up", mark("document"), mark("Choose all documents, or one of them"), 6, "↑↓",
            bound=False),
    Command("reprint", "back", "escape", mark("back"), mark("Back to the order"), 8, "Esc"),
    # Holders of tickets
    Command("beneficiaries", "send", "ctrl+s", mark("send"), mark("Send the holder of this ticket to Korus"), 1),
    Command("beneficiaries", "same", "f2,ctrl+g", mark("same for all"),
            mark("Send what is typed here for every ticket that waits "
            "(‹beneficiaries.same 2› where the terminal keeps ‹beneficiaries.same›)"), 2),
    Command("beneficiaries", "next", "down", mark("field"), mark("Go to the next field"), 3, "↑↓", priority=True),
    Command("beneficiaries", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("beneficiaries", "ticket", "pagedown", mark("ticket"), mark("Go to the next ticket"), 4, "PgDn",
            priority=True),
    Command("beneficiaries", "ticket_before", "pageup", mark("ticket above"), mark("Go to the ticket above"),
            priority=True),
    Command("beneficiaries", "ask", "ctrl+r", mark("ask again"), mark("Ask Korus again which tickets wait"), 5),
    Command("beneficiaries", "back", "escape", mark("back"), mark("Back; what you typed is kept"), 8, "Esc"),
)  # fmt: skip
