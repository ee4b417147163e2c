"""A sale by keys in a real terminal, step by step; each step waits for the words that show that it was taken."""

from __future__ import annotations

import re
from contextlib import suppress

from pseudo_terminal import Terminal

_PRICED = re.compile(r"1 [×x] [^=\n]*[0-9.]+ = ")
_COMPLETE = re.compile("The orders? (is|are) complete")
PRODUCT = "Puy du Fou 1 jour"


def at_the_catalog(terminal: Terminal) -> None:
    terminal.wait_for(PRODUCT)
    terminal.settle()


def to_the_offers(terminal: Terminal) -> None:
    """From the catalog to the tutorial's product on its first day."""
    terminal.press("adulte + argent")
    terminal.wait_until(lambda text: "Parking" not in text, "the filtered list")
    terminal.press("enter")
    terminal.wait_until(lambda text: bool(_PRICED.search(text)), "one ticket with its price")


def to_the_sessions(terminal: Terminal) -> None:
    """From the catalog to the sessions of that day."""
    to_the_offers(terminal)
    terminal.press("enter")
    terminal.wait_for("choose a session")
    terminal.settle()


def to_the_cart(terminal: Terminal) -> None:
    """The tutorial's product, the first day that sells it, its second session, held."""
    terminal.wait_for(PRODUCT)
    to_the_sessions(terminal)
    terminal.press("down")
    terminal.wait_for("chosen for 1")
    terminal.press("enter")
    terminal.wait_for("held 14:")
    terminal.settle()


def two_dates_to_the_cart(terminal: Terminal) -> None:
    """The reference sale of two dates: the same product on two days (the one between is sold out): two reservations."""
    to_the_cart(terminal)
    terminal.press("a")
    terminal.wait_for("type to find a product")
    terminal.settle()
    to_the_offers(terminal)
    terminal.press("right", "right")
    terminal.wait_until(lambda text: "Saturday 1 February" in text and bool(_PRICED.search(text)), "that day's price")
    terminal.press("enter")
    terminal.wait_for("choose a session")
    terminal.settle()
    terminal.press("down")
    terminal.wait_for("chosen for 1")
    terminal.press("enter")
    terminal.wait_until(lambda text: text.count("held 14:") == 2, "two holds")
    terminal.settle()


def to_the_money(terminal: Terminal, takes: str = "F10") -> None:
    """From the cart to cash, exact: one key before the order, which `takes` it."""
    terminal.press("enter")
    terminal.wait_for("How is it paid?")
    to_cash(terminal, takes)


def to_cash(terminal: Terminal, takes: str = "F10") -> None:
    """From the question how it is paid, by somebody who is known or not, to cash, exact."""
    if "walk-in:" not in terminal.text:
        terminal.press("w")
        terminal.wait_for("walk-in:")
    terminal.press("c")
    terminal.wait_for("Given")
    terminal.press("=")
    terminal.wait_for(f"{takes} takes")
    terminal.settle()


def take(terminal: Terminal) -> None:
    """The money is taken, every order is complete."""
    terminal.press("f10")
    booked(terminal)


def booked(terminal: Terminal) -> None:
    """The documents are there."""
    terminal.wait_until(lambda text: bool(_COMPLETE.search(text)), "the end of the booking", 30)


def next_customer(terminal: Terminal) -> None:
    """On to the next customer, whatever of the documents was handed over."""
    for _pressed in range(3):  # a page takes no key before it was seen, and keeps none for later
        terminal.settle()
        terminal.press("enter")
        with suppress(AssertionError):
            terminal.wait_until(lambda text: "not handed over" in text or at_the_end(text), "an answer to Enter", 8)
            break
    if not at_the_end(terminal.text):
        terminal.settle()
        terminal.press("enter")
    terminal.wait_until(at_the_end, "an empty sale")
    terminal.settle()


def at_the_end(text: str) -> bool:
    """Whether nothing is at the counter."""
    return "Nothing yet." in text or "Nothing in this sale" in text


def sell(terminal: Terminal) -> None:
    """A whole sale."""
    to_the_cart(terminal)
    to_the_money(terminal)
    take(terminal)
    next_customer(terminal)


def sell_two_dates(terminal: Terminal) -> None:
    """A whole sale of two reservations."""
    two_dates_to_the_cart(terminal)
    to_the_money(terminal)
    take(terminal)
    next_customer(terminal)


def leave(terminal: Terminal) -> None:
    """Out of the program, whether or not a sale is open; its exit code is 0."""
    terminal.settle()
    terminal.press("ctrl+q")
    terminal.wait_until(lambda text: "Leave now?" in text or terminal.over, "the question, or the end")
    if not terminal.over:
        terminal.settle()
        terminal.press("y")
    assert terminal.ended() == 0
