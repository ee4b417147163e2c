"""The keys from the cart to the documents: cart, parked sales, checkout, documents (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

NOTE_KEYS = 7  # banknotes that have a key

PAYING: tuple[Command, ...] = (
    # Cart
    Command("cart", "pay", "enter", mark("payment"), mark("Go to customer and payment"), 1, "↵", priority=True),
    Command("cart", "documents", "enter", mark("documents"), mark("Hand the documents of a complete sale over"), 1, "↵",
            bound=False),
    Command("cart", "add", "a", mark("add"), mark("Add another product to this sale"), 2),
    Command("cart", "hold_again", "h", mark("hold again"), mark("Hold the places of this line again, at today's price"),
            3),
    Command("cart", "renew", "r", mark("renew"), mark("Hold the places anew before the old hold ends"), 4),
    Command("cart", "remove", "delete,backspace", mark("remove"),
            mark("Take this line out; its places stay blocked until its hold ends"), 5, "Del"),
    Command("cart", "accept", "y", mark("accept price"),
            mark("Go on at the held price although it differs from the quoted one"), 6),
    Command("cart", "restore", "b", mark("bring back"), mark("Bring the line back that was taken out last"), 6),
    Command("cart", "void", "v", mark("void sale"), mark("End this sale without an order"), 7),
    Command("cart", "change", "e", mark("change line"),
            mark("Another number, day or session of this line; it is let go only once the other is held"), 7),
    Command("cart", "back", "escape", mark("back"), mark("Back; the holds run on"), 8, "Esc"),
    Command("cart", "other_session", "s", mark("another session"),
            mark("Another session that day for those whose places are gone, and for all who go with them"), 0),
    Command("cart", "without", "c", mark("carry on without"), mark("Go on without the lines that are not held"), 0),
    Command("cart", "release", "x", mark("release all"), mark("Let every place go and end the sale"), 0),
    # Parked
    Command("parked", "recall", "enter", mark("recall"), mark("Bring the sale back to the counter"), 1, "↵",
            bound=False),
    Command("parked", "note", "n", mark("note"), mark("A note on the highlighted sale, to know its customer again"), 2),
    Command("parked_note", "keep", "enter,ctrl+s", mark("keep"), mark("Keep the note"), 1, "↵"),
    Command("parked_note", "cancel", "escape", mark("back"), mark("Back; the note is as it was"), 2, "Esc"),
    Command("parked", "back", "escape", mark("back"), mark("Back; parked sales go on waiting"), 8, "Esc"),
    # Checkout
    Command("checkout", "take", "f10,ctrl+s", mark("take & book"),
            mark("Money was received: record it and place the order "
            "(‹checkout.take 2› where the terminal keeps ‹checkout.take›)"), 0, "F10", priority=True, grave=True),
    Command("checkout", "cash", "c", mark("cash"), mark("Payment in cash: type the amount given"), 1,
            runs="pay('cash')"),
    Command("checkout", "card", "k", mark("card"), mark("Payment by card at the counter's own reader"), 2,
            runs="pay('card')"),
    Command("checkout", "voucher", "v", mark("voucher"), mark("Payment by voucher, with its reference"), 3,
            runs="pay('voucher')"),
    Command("checkout", "holiday_voucher", "o", mark("holiday voucher"),
            mark("Payment by holiday vouchers (ANCV): their face value, no change"), runs="pay('holiday_voucher')"),
    Command("checkout", "split", "s", mark("split"), mark("Take a part of the amount, and the rest another way"), 6),
    Command("checkout", "exact", "equals_sign", mark("exact"), mark("Exactly what is due was given"), shown="="),
    *(
        Command("checkout", f"note({number})", f"f{number + 2}", mark("note"),
                mark("Add a banknote to the amount given: which one stands beside the key; or type the amount"))
        for number in range(NOTE_KEYS)
    ),
    Command("checkout", "walk_in", "w", mark("walk-in"), mark("Use the walk-in customer of this counter"), 4),
    Command("checkout", "edit", "e", mark("customer"), mark("Type the customer's name and e-mail"), 5),
    Command("checkout", "undo", "u", mark("undo payment"), mark("Give the last payment back, before it is booked"), 7),
    Command("checkout", "hold_again", "h", mark("hold again"),
            mark("Hold lapsed places again at today's price; what was paid stays recorded"), 1,
            runs="settle('hold_again')"),
    Command("checkout", "accept", "y", mark("accept price"), mark("Go on at the new held price"), 1,
            runs="settle('accept')"),
    Command("checkout", "parts(-1)", "pageup", mark("payments above"), mark("Scroll the payments of this sale"),
            priority=True),
    Command("checkout", "parts(1)", "pagedown", mark("payments below"), mark("Scroll the payments of this sale"),
            priority=True),
    Command("checkout", "next", "n", mark("next customer"), mark("Serve the next customer while we keep asking"), 1),
    Command("checkout", "ask_now", "enter", mark("ask now"), mark("Ask at once what became of the booking"), 2, "↵"),
    Command("checkout", "back", "escape", mark("back"), mark("One step back; what you typed is kept"), 8, "Esc"),
    # Documents
    Command("documents", "next", "enter", mark("next customer"), mark("Finish this sale and clear the customer's data"),
            1, "↵", priority=True),
    Command("documents", "save", "s", mark("save"),
            mark("Save the PDF of all documents on this host, or of the chosen one"), 2),
    Command("documents", "print", "p", mark("print"),
            mark("Print all documents with the counter's print command, or the chosen one"), 3),
    Command("documents", "copy", "y", mark("copy link"),
            mark("Send all links to your terminal's clipboard, or the chosen one's"), 3),
    Command("documents", "qr", "q", mark("QR code"),
            mark("Show the codes of all links over the whole screen, or the chosen one's"), 3),
    Command("qr", "on", "enter,q", mark("next"), mark("Show the next document's code; after the last, go back"), 1,
            "↵"),
    Command("qr", "close", "escape", mark("close"), mark("Back to the documents"), 2, "Esc"),
    Command("documents", "holders", "b", mark("holders"), mark("Type the data of the people whom tickets wait for"), 4),
    Command("documents", "ask", "ctrl+r", mark("ask again"), mark("Ask again for the documents and fresh links"), 4),
    Command("documents", "move", "up", mark("document"), mark("Choose all documents, or one of them"), 5, "↑↓",
            bound=False),
    Command("documents", "back", "escape", mark("back"),
            mark("Back to the catalog; a complete sale ends when the next one begins"), 8, "Esc"),
)  # fmt: skip
