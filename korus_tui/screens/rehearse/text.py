"""Rehearsals in words: what goes wrong, what the audience sees of it, and what the till did about it."""

from __future__ import annotations

from korus_tui.counter.core.rehearsing import Fault
from korus_tui.i18n import _, ngettext


def name(fault: Fault) -> str:
    return {
        Fault.LOST: _("the line drops after the order was booked"),
        Fault.LATE: _("the answer comes after 20 s"),
        Fault.SOLD_OUT: _("the last places go to somebody else"),
        Fault.HALF: _("half the family fails"),
        Fault.PRICE: _("the price moves between quote and hold"),
        Fault.LAPSE: _("the hold lapses while the customer looks for the card"),
        Fault.OUTAGE: _("Korus answers 503 for half a minute"),
        Fault.SIGN_IN: _("the sign-in is refused once"),
        Fault.TICKETS: _("the tickets come late"),
        Fault.POWER: _("power cut"),
    }[fault]


def seen(fault: Fault) -> str:
    """What to do, and what is seen then."""
    return {
        Fault.LOST: _(
            "Take the money: the order's answer is lost. The till does not send it again, it looks its reference up, "
            "and finds what was booked."
        ),
        Fault.LATE: _("Take the money: it waits, says so, and books once."),
        Fault.SOLD_OUT: _(
            "Hold places: Korus refuses them all. No money was taken; another date or session is a key away."
        ),
        Fault.HALF: _("Hold several products: every second one is refused, the others are held. Nothing is guessed."),
        Fault.PRICE: _(
            "Hold places: they cost 12 % more than was quoted. What is held is what is paid, and the page says so."
        ),
        Fault.LAPSE: _(
            "Take the money: the hold is over. Nothing is booked, the money is on record, and places are held anew."
        ),
        Fault.OUTAGE: _(
            "Go on selling: what can wait is asked again, what moves money is looked up, and it heals by itself."
        ),
        Fault.SIGN_IN: _("Ask for anything: the till signs in anew and asks again. Nobody need do anything."),
        Fault.TICKETS: _("Take the money: the order is complete, its tickets are not there yet. The page says when."),
        Fault.POWER: _(
            "Take the money: while the order is on its way the program is killed. It starts again into the same sale, "
            "and finds out what became of it."
        ),
    }[fault]


def armed_words(fault: Fault) -> str:
    """For the header, until it struck."""
    short = {
        Fault.LOST: _("the answer will be lost"),
        Fault.LATE: _("the answer will be late"),
        Fault.SOLD_OUT: _("the places will be gone"),
        Fault.HALF: _("half of it will fail"),
        Fault.PRICE: _("the price will move"),
        Fault.LAPSE: _("the hold will lapse"),
        Fault.OUTAGE: _("Korus answers 503"),
        Fault.SIGN_IN: _("the sign-in will be refused"),
        Fault.TICKETS: _("the tickets will be late"),
        Fault.POWER: _("the power will go"),
    }[fault]
    return _("REHEARSAL: {fault}").format(fault=short)


def told(fault: Fault, orders: int) -> tuple[str, str]:
    """Afterwards, in one line: what happened, and what the till did; `orders` is how many the sale has."""
    looked_up = ngettext(
        "The till did not send it again: it looked its reference up and found the one order.",
        "The till did not send it again: it looked its reference up and found the {count} orders.",
        orders,
    )
    taken_up = ngettext(
        "The till started into the same sale, looked its reference up and found the one order.",
        "The till started into the same sale, looked its reference up and found the {count} orders.",
        orders,
    )
    return {
        Fault.LOST: (
            _("The line dropped after the order was booked."),
            looked_up.format(count=orders),
        ),
        Fault.LATE: (_("The answer took 20 s."), _("The till waited, and sent the order once.")),
        Fault.SOLD_OUT: (
            _("Somebody else had the last places."),
            _("No money had been taken: the till said so, and held places anew."),
        ),
        Fault.HALF: (_("Half of the places were refused."), _("The till kept what was held, and said what was not.")),
        Fault.PRICE: (_("The price moved after it was quoted."), _("The till showed both, and took what was held.")),
        Fault.LAPSE: (
            _("The hold lapsed after the money was taken."),
            _("The till kept the money on record, held places anew and booked those."),
        ),
        Fault.OUTAGE: (_("Korus answered 503 for half a minute."), _("The till asked again, and sent nothing twice.")),
        Fault.SIGN_IN: (_("The sign-in was refused."), _("The till signed in anew and asked again.")),
        Fault.TICKETS: (
            _("The tickets come late."),
            _("The order is complete all the while; the till asks until they are here."),
        ),
        Fault.POWER: (
            _("The power went while the order was on its way."),
            taken_up.format(count=orders),
        ),
    }[fault]
