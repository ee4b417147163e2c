"""The one registry of what the agent can press: bindings, footer, help and the README's table are made from it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from korus_tui.command import Command
from korus_tui.commands_afterwards import AFTERWARDS
from korus_tui.commands_finding import FINDING
from korus_tui.commands_quick import QUICK
from korus_tui.commands_selling import SELLING
from korus_tui.commands_settling import SETTLING
from korus_tui.commands_start import START
from korus_tui.commands_till import TILL
from korus_tui.i18n import _, mark

COMMANDS: tuple[Command, ...] = (
    Command(
        "",
        "app.help",
        "f1,question_mark",
        mark("all keys"),
        mark("This screen's keys and what its words mean"),
        shown="?",
    ),
    Command("", "app.cart", "ctrl+o", mark("cart"), mark("Open the cart of the sale at the counter"), 80),
    Command(
        "",
        "app.orders",
        "ctrl+f",
        mark("orders"),
        mark("Find an order, hand its documents over again, see what is not confirmed"),
        85,
        priority=True,
    ),
    Command(
        "",
        "app.park",
        "ctrl+k",
        mark("park/recall"),
        mark("Park this sale for the next customer, or show the sales that wait"),
        84,
        priority=True,
    ),
    Command(
        "", "app.till", "ctrl+e", mark("till"), mark("The till: float, cash in and out, X and Z"), 86, priority=True
    ),
    Command(
        "",
        "app.palette",
        "ctrl+p",
        mark("find"),
        mark("Find by its words: what can be done here, a product, a sale; so no key need be known"),
        90,
        priority=True,
    ),
    Command("", "app.theme", "ctrl+t", mark("light/dark"), mark("Change between the dark and the light theme")),
    Command(
        "",
        "app.repaint",
        "ctrl+l",
        mark("repaint"),
        mark("Show everything anew, if the picture is torn"),
        priority=True,
    ),
    Command(
        "",
        "app.language",
        "ctrl+x",
        mark("language"),
        mark("Your own language: this program speaks the next one at once"),
        priority=True,
    ),
    Command(
        "",
        "app.customer_language",
        "ctrl+u",
        mark("customer's language"),
        mark("The customer's language: what Korus is asked for, and what order and slip say"),
        priority=True,
    ),
    Command("", "app.leave", "ctrl+q", mark("quit"), mark("Leave the program; an open sale is kept and resumed"), 95),
    # Connect
    Command(
        "connect", "try", "ctrl+s", mark("connect"), mark("Test the connection step by step and keep the profile"), 1
    ),
    Command(
        "connect",
        "sandbox",
        "f2,ctrl+g",
        mark("try the sandbox"),
        mark("Sell on the local sandbox, without an account (Ctrl+G where the terminal keeps F2)"),
        2,
    ),
    *SELLING,
    *QUICK,
    *FINDING,
    # Cart
    Command("cart", "pay", "enter,p", mark("payment"), mark("Go to customer and payment"), 1, "↵", priority=True),
    Command("cart", "add", "a", mark("add"), mark("Add another product to this sale"), 2),
    Command(
        "cart", "hold_again", "h", mark("hold again"), mark("Hold the places of this line again, at today's price"), 3
    ),
    Command("cart", "renew", "r", mark("renew"), mark("Hold the places anew before the old hold ends"), 4),
    Command(
        "cart",
        "remove",
        "delete,backspace",
        mark("remove"),
        mark("Take this line out; its places stay blocked until its hold ends"),
        5,
        "Del",
    ),
    Command(
        "cart",
        "accept",
        "y",
        mark("accept price"),
        mark("Go on at the held price although it differs from the quoted one"),
        6,
    ),
    Command("cart", "void", "v", mark("void sale"), mark("End this sale without an order"), 7),
    Command("cart", "back", "escape", mark("back"), mark("Back; the holds run on"), 8, "Esc"),
    Command(
        "cart",
        "other_session",
        "s",
        mark("another session"),
        mark("Another session that day for those whose places are gone, and for all who go with them"),
        0,
    ),
    Command("cart", "without", "c", mark("carry on without"), mark("Go on without the lines that are not held"), 0),
    Command("cart", "release", "x", mark("release all"), mark("Let every place go and end the sale"), 0),
    # Parked
    Command(
        "parked", "recall", "enter", mark("recall"), mark("Bring the sale back to the counter"), 1, "↵", bound=False
    ),
    Command("parked", "back", "escape", mark("back"), mark("Back; parked sales go on waiting"), 8, "Esc"),
    # Checkout
    Command(
        "checkout",
        "take",
        "f10,ctrl+s",
        mark("take & book"),
        mark("Money was received: record it and place the order (Ctrl+S where the terminal keeps F10)"),
        0,
        "F10",
        priority=True,
        grave=True,
    ),
    Command("checkout", "cash", "c", mark("cash"), mark("Payment in cash: type the amount given"), 1),
    Command("checkout", "card", "k", mark("card"), mark("Payment by card at the counter's own reader"), 2),
    Command("checkout", "voucher", "v", mark("voucher"), mark("Payment by voucher, with its reference"), 3),
    Command("checkout", "split", "s", mark("split"), mark("Take a part of the amount, and the rest another way"), 6),
    Command("checkout", "exact", "equals_sign", mark("exact"), mark("Exactly what is due was given"), shown="="),
    *(
        Command(
            "checkout",
            f"note({number})",
            f"f{number + 2}",
            mark("note"),
            mark("Add a banknote to the amount given: which one stands beside the key; or type the amount"),
        )
        for number in range(6)
    ),
    Command("checkout", "walk_in", "w", mark("walk-in"), mark("Use the walk-in customer of this counter"), 4),
    Command("checkout", "edit", "e", mark("customer"), mark("Type the customer's name and e-mail"), 5),
    Command("checkout", "undo", "u", mark("undo payment"), mark("Give the last payment back, before it is booked"), 7),
    Command(
        "checkout",
        "hold_again",
        "h",
        mark("hold again"),
        mark("Hold lapsed places again at today's price; what was paid stays recorded"),
        1,
    ),
    Command("checkout", "accept", "y", mark("accept price"), mark("Go on at the new held price"), 1),
    Command("checkout", "next", "n", mark("next customer"), mark("Serve the next customer while we keep asking"), 1),
    Command("checkout", "ask_now", "enter", mark("ask now"), mark("Ask at once what became of the booking"), 2, "↵"),
    Command("checkout", "back", "escape", mark("back"), mark("One step back; what you typed is kept"), 8, "Esc"),
    # Documents
    Command(
        "documents",
        "next",
        "enter",
        mark("next customer"),
        mark("Finish this sale and clear the customer's data"),
        1,
        "↵",
        priority=True,
    ),
    Command("documents", "save", "s", mark("save"), mark("Save the document's PDF on this host"), 2),
    Command("documents", "print", "p", mark("print"), mark("Print it with the counter's print command"), 3),
    Command("documents", "copy", "y", mark("copy link"), mark("Send the link to your terminal's clipboard"), 3),
    Command("documents", "qr", "q", mark("QR code"), mark("Show the link's code over the whole screen"), 3),
    Command("qr", "close", "escape,enter,q", mark("close"), mark("Back to the documents"), 1, "Esc"),
    Command("documents", "holders", "b", mark("holders"), mark("Type the data of the people whom tickets wait for"), 4),
    Command("documents", "ask", "r", mark("ask again"), mark("Ask again for the documents and fresh links"), 4),
    Command("documents", "move", "up", mark("document"), mark("Choose another document"), 5, "↑↓", bound=False),
    Command("documents", "back", "escape", mark("back"), mark("Back to the catalog; the sale stays open"), 8, "Esc"),
    *SETTLING,
    *AFTERWARDS,
    *TILL,
    *START,
    # Dialogs
    Command("confirm", "yes", "y", mark("yes"), mark("Do it"), 1, grave=True),
    Command("confirm", "no", "escape,n,enter", mark("no"), mark("Leave everything as it is"), 2, "Esc"),
    Command("help", "close", "escape,enter,f1,question_mark,q", mark("close"), mark("Close this page"), 1, "Esc"),
)


_now = COMMANDS


def use(changed: Iterable[Command] = ()) -> None:
    """Rows of the registry with other keys (keymap.py). Screens bind their keys when they are first imported."""
    global _now
    others = {(command.screen, command.action): command for command in changed}
    _now = tuple(others.get((command.screen, command.action), command) for command in COMMANDS)


def all_commands() -> tuple[Command, ...]:
    """Every command, with the keys that it has now."""
    return _now


def of_screen(screen: str) -> tuple[Command, ...]:
    """The commands of one screen, then those of every screen."""
    return tuple(c for c in _now if c.screen == screen) + tuple(c for c in _now if not c.screen)


def bindings(screen: str) -> list[BindingType]:
    """Textual's bindings of one screen ("" for the program's own)."""
    found: list[BindingType] = []
    for command in _now:
        if command.screen == screen and command.bound:
            for keys, first in ((command.added, command.priority or not prints(command.added)), (command.keys, False)):
                if keys:
                    priority = first or command.priority
                    found.append(Binding(keys, command.action, _(command.label), show=False, priority=priority))
    return found


def prints(keys: str) -> bool:
    """Whether one of these keys is a sign that a field would take as text."""
    named = ("delete", "backspace", "insert")
    return any(
        not key.startswith("ctrl+") and key not in named and not (key[0] == "f" and key[1:].isdigit())
        for key in filter(None, keys.split(","))
    )
