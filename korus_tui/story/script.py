"""The story, step by step: what is told, on which page, by which keys it goes on, and when it has gone on.

A step is over when what it waits for is true, whoever made it true and by whatever keys; and with it all before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from korus_tui.commands.command import mark
from korus_tui.counter.core.rehearsing import Fault
from korus_tui.story.scene import Scene

ENTER, DOWN = "↵", "↓"  # keys that no key map moves
PROOF = "proof"  # the page that ends it

_TO_CATALOG = mark("You are on another page: the story goes on in the catalog. ‹cart.back› goes back.")
_TO_CART = mark("You are on another page: the story goes on in the cart. ‹app.cart› opens it.")
_TO_PAYMENT = mark(
    "You are on another page: the story goes on at the payment. ‹app.cart› opens the cart, ‹cart.pay› there."
)
_BACK = mark("You are on another page: ‹cart.back› goes back to the story's.")

WAITS = mark("The story's sale waits for its turn. ‹app.park› shows it: choose it there, and the story goes on.")
DIALOG = mark("Something is asked here first: answer it, or ‹help.close› closes it. The story goes on behind it.")
LAPSED = mark("The places are no longer held: that took long. ‹cart.hold_again|checkout.hold_again› holds them again.")
OVER = (
    mark("The story is over."),
    mark("The demo goes on, with everything as it is."),
    mark("korus-tui demo --story tells it again"),
)


@dataclass(frozen=True)
class Step:
    """`keys` in turn: a command as ‹checkout.take›, else words that are typed. With none it goes on by itself.

    `page` is where they work, `back` says how to come back there, `done` whether it has gone on.
    """

    page: str
    said: str
    keys: tuple[str, ...]
    done: Callable[[Scene], bool]
    back: str = _BACK


STEPS: tuple[Step, ...] = (
    Step(
        "catalog",
        mark("A family of four wants to see the night show. Their words are typed as they come; what fits stays."),
        ("famille argent",),
        lambda now: now.one_found,
        _TO_CATALOG,
    ),
    Step(
        "catalog",
        mark("One is left: two adults and two children, in silver seats. Its dates are one key away."),
        ("‹catalog.choose›",),
        lambda now: now.page == "offers",
        _TO_CATALOG,
    ),
    Step(
        "offers",
        mark("Each day with its price and how full it is. They come on Saturday: that, too, is typed as it is said."),
        ("‹offers.type_day›", mark("sat"), ENTER),
        lambda now: now.is_saturday,
    ),
    Step(
        "offers",
        mark("What they choose, what it costs, how many places are left. Nothing is held yet: go on to the shows."),
        ("‹offers.proceed›",),
        lambda now: now.page == "sessions",
    ),
    Step(
        "sessions",
        mark("The shows of that day, with the places left. They take the late one, and Korus is asked to hold it."),
        (DOWN, "‹sessions.hold›"),
        lambda now: now.held,
    ),
    Step(
        "cart",
        mark("Held: nobody else can buy these places until the clock at the top has run down. On to the payment."),
        ("‹cart.pay›",),
        lambda now: now.page == "checkout" or now.known,
        _TO_CART,
    ),
    Step(
        "checkout",
        mark("The amount is what Korus holds, not what was quoted. Nobody's name is needed: a walk-in customer."),
        ("‹checkout.walk_in›",),
        lambda now: now.known,
        _TO_PAYMENT,
    ),
    Step(
        "checkout",
        mark("They pay in cash. Choosing how takes no money yet: one key alone does that."),
        ("‹checkout.cash›",),
        lambda now: now.in_cash,
        _TO_PAYMENT,
    ),
    Step(
        "checkout",
        mark("They hand over banknotes: each has its key. The change is counted out, large enough to be read."),
        ("‹checkout.note(5)›", "‹checkout.note(4)›"),
        lambda now: now.can_be_taken,
        _TO_PAYMENT,
    ),
    Step(
        "checkout",
        mark(
            "Now let the worst happen. Here is what can be rehearsed: this demo's own sandbox fails, and nothing else."
        ),
        ("‹app.rehearse›",),
        lambda now: now.can_be_taken and (now.page == "rehearse" or now.armed is Fault.LOST),
        _TO_PAYMENT,
    ),
    Step(
        "rehearse",
        mark("The first: Korus books the order, and the line drops before its answer is here. Arm it."),
        ("‹rehearse.arm›",),
        lambda now: now.can_be_taken and now.armed is Fault.LOST,
        _TO_PAYMENT,
    ),
    Step(
        "checkout",
        mark("The header says what is armed. This key takes the money and sends the order; its answer will be lost."),
        ("‹checkout.take›",),
        lambda now: now.paid,
        _TO_PAYMENT,
    ),
    Step(
        "checkout",
        mark("The money is on record, and the order on its way. Korus books it – and the line drops."),
        (),
        lambda now: now.in_doubt or now.ordered,
    ),
    Step(
        "checkout",
        mark("Paid, and no answer. Sending it again could book twice, so the till looks its reference up instead."),
        (),
        lambda now: now.ordered,
    ),
    Step(
        "documents",
        mark("Complete, and booked once: what went wrong, and what the till did, stands here. Save the tickets."),
        ("‹documents.save›",),
        lambda now: now.handed,
    ),
    Step(
        "documents",
        mark("The customer has their tickets and their change. The sale ends; the counter is free for the next one."),
        ("‹documents.next›",),
        lambda now: now.sold and now.page != "documents",
    ),
    Step(
        PROOF,
        mark("The proof: what Korus has, the money on both sides, and what the journal wrote while it happened."),
        (),
        lambda now: False,
        _TO_CATALOG,
    ),
)


def place_in(scene: Scene) -> int:
    """Which step is told now: the one after the last that has gone on, so that who goes ahead or back is followed."""
    return max((number for number, step in enumerate(STEPS, 1) if step.done(scene)), default=0)
