"""The keys that work on every screen, those of the first page, and those of dialogs (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

PROGRAM: tuple[Command, ...] = (
    Command("", "app.help", "f1,question_mark", mark("all keys"), mark("This screen's keys and what its words mean"),
            shown="?"),
    Command("", "app.cart", "ctrl+o", mark("cart"), mark("Open the cart of the sale at the counter"), 80),
    Command("", "app.orders", "ctrl+f", mark("orders"),
            mark("Find an order, hand its documents over again, see what is not confirmed"), 85, priority=True),
    Command("", "app.park", "ctrl+k", mark("park/recall"),
            mark("Park this sale for the next customer, or show the sales that wait"), 84, priority=True),
    Command("", "app.till", "ctrl+e", mark("till"), mark("The till: float, cash in and out, X and Z"), 86,
            priority=True),
    Command("", "app.palette", "ctrl+p", mark("find"),
            mark("Find by its words: what can be done here, a product, a sale; so no key need be known"), 90,
            priority=True),
    Command("", "app.lens", "ctrl+a", mark("API calls"),
            mark("The last calls to Korus: what was asked and answered, what is in doubt (in a demo, or with "
            "`api_lens`)"), priority=True),
    Command("", "app.rehearse", "ctrl+w", mark("rehearse…"),
            mark("Let something go wrong, to show what the till does then (in a demo alone)"), priority=True),
    Command("rehearse", "arm", "enter", mark("arm"), mark("Let the highlighted fault strike once"), 1, bound=False),
    Command("rehearse", "disarm", "d", mark("nothing goes wrong"), mark("Take back what was armed"), 2),
    Command("rehearse", "close", "escape,q", mark("close"), mark("Leave everything as it is"), 3, "Esc"),
    Command("proof", "close", "escape,enter,q", mark("close"), mark("Back to the catalog; the story is over"), 1,
            "Esc"),
    Command("lens", "open", "enter", mark("open"), mark("What was sent and what came, in full"), 1, bound=False),
    Command("lens", "copy", "c", mark("copy as curl"), mark("Copy the call as curl, with $TOKEN for the token"), 2),
    Command("lens", "back", "escape", mark("back"), mark("Back to the page before"), 3),
    Command("lens_call", "copy", "c", mark("copy as curl"), mark("Copy the call as curl, with $TOKEN for the token"),
            1),
    Command("lens_call", "newer", "left", mark("newer"), mark("The call after it"), 2),
    Command("lens_call", "older", "right", mark("older"), mark("The call before it"), 3),
    Command("lens_call", "close", "escape,enter,q", mark("close"), mark("Back to the list of calls"), 4, "Esc"),
    Command("", "app.theme", "ctrl+t", mark("light/dark"), mark("Change between the dark and the light theme")),
    Command("", "app.repaint", "ctrl+l", mark("repaint"), mark("Show everything anew, if the picture is torn"),
            priority=True),
    Command("", "app.language", "ctrl+x", mark("language"),
            mark("Your own language: this program speaks the next one at once"), priority=True),
    Command("", "app.customer_language", "ctrl+u", mark("customer's language"),
            mark("The customer's language: what Korus is asked for, and what order and slip say"), priority=True),
    Command("", "app.leave", "ctrl+q", mark("quit"), mark("Leave the program; an open sale is kept and resumed"), 95),
    # Connect
    Command("connect", "try", "ctrl+s", mark("connect"), mark("Test the connection step by step and keep the profile"),
            1),
    Command("connect", "back", "escape", mark("back"), mark("Back to the program that sells"), 3, "Esc"),
    Command("connect", "sandbox", "f2,ctrl+g", mark("try the sandbox"),
            mark("Sell on the local sandbox, without an account "
            "(‹connect.sandbox 2› where the terminal keeps ‹connect.sandbox›)"), 2),
)  # fmt: skip

DIALOGS: tuple[Command, ...] = (
    Command("confirm", "yes", "y", mark("yes"), mark("Do it"), 1, grave=True),
    Command("confirm", "no", "escape,n,enter", mark("no"), mark("Leave everything as it is"), 2, "Esc"),
    Command("tickets_back", "yes", "y", mark("came back"), mark("The tickets came back"), 1),
    Command("tickets_back", "no", "n", mark("did not"), mark("The tickets did not come back"), 2),
    Command("tickets_back", "cancel", "escape", mark("back"), mark("Leave everything as it is"), 3, "Esc"),
    Command("help", "close", "escape,enter,f1,question_mark,q", mark("close"), mark("Close this page"), 1, "Esc"),
)  # fmt: skip
