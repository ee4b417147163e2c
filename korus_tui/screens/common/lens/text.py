"""What is said of a call to the API: what it was for, how it went, and which step of Korus' tutorial it is."""

from __future__ import annotations

import re

from korus_tui.counter.lens.lens import KeptCall, Lens
from korus_tui.i18n import _, pgettext
from korus_tui.widgets.lists.rows import Tone
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, width_of

_ID = re.compile(r"[0-9a-f]{4,8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def purpose(operation: str) -> str:
    """What the call is for, in the agent's words."""
    return {
        "sign_in": _("sign in"),
        "catalogs.list": _("which catalogs there are"),
        "catalogs.get": _("one catalog"),
        "product_bases.list": _("what is sold, by kind"),
        "product_bases.get": _("what is sold, by kind"),
        "product_bases.products": _("what is sold"),
        "products.list": _("what is sold"),
        "products.get": _("one product"),
        "offers.list": _("days and their prices"),
        "offers.get": _("one day's offer"),
        "offers.price": _("the price now"),
        "offers.availability": _("the places left now"),
        "offers.tickets": _("the tickets of an offer"),
        "tickets.sessions": _("sessions of a ticket"),
        "tickets.session": _("one session"),
        "sessions.get": _("one session"),
        "sessions.availability": _("a session's places left now"),
        "events.list": _("events"),
        "events.get": _("one event"),
        "events.sessions": _("sessions of an event"),
        "forms.get": _("the form of a ticket"),
        "reservations.create_bulk": _("hold the places"),
        "reservations.list": _("which holds there are"),
        "reservations.get": _("what became of a hold"),
        "orders.create_bulk": _("book, after the money"),
        "orders.list": _("which orders have our reference"),
        "orders.get": _("the order as it is now"),
        "order_tickets.get": _("a ticket of an order"),
        "order_tickets.set_beneficiary": _("name the holder of a ticket"),
        "documents.list": _("the documents of an order"),
        "documents.get": _("one document"),
        "documents.link": _("a link to the tickets"),
        "files.fetch": _("fetch the tickets' file"),
    }.get(operation, operation)


def step(operation: str) -> str:
    """Which step of the tutorial it belongs to; empty for what the tutorial does without."""
    steps = {
        "sign_in": _("get a token"),
        "products.list": _("list the products"),
        "offers.list": _("find the offer of a day"),
        "offers.tickets": _("read the offer's tickets and their sessions"),
        "tickets.sessions": _("read the offer's tickets and their sessions"),
        "reservations.create_bulk": _("reserve"),
        "orders.create_bulk": _("order, once it is paid"),
        "documents.link": _("have the documents' temporary addresses"),
        "files.fetch": _("download the documents"),
    }
    return steps.get(operation, "")


def outcome(seen: KeptCall) -> tuple[str, Tone]:
    """The status or what happened instead, and its tone."""
    if seen.doubt:
        said = str(seen.status) if seen.status else pgettext("an answer", "lost")
        return f"{said} ?", "bad"
    if seen.outcome == "cut off":  # the till needed it no more, or it was too large
        return _("given up"), "muted"
    if seen.status is None or not seen.outcome.isdigit():
        return {"NotSent": _("not sent"), "TimedOut": _("no answer")}.get(
            seen.outcome, pgettext("an answer", "lost")
        ), "bad"
    return str(seen.status), "" if seen.status < 400 else "warn"


def path(lens: Lens, seen: KeptCall) -> str:
    """Where it went, ids shortened to what tells them apart."""
    said = clean(lens.path(seen)).removeprefix("/v1")
    return _ID.sub(lambda found: "…" + found[0][-4:], said)


def tail(lens: Lens, seen: KeptCall, width: int) -> str:
    """The end of where it went, which says most, in at most `width` cells."""
    said = path(lens, seen).partition("?")[0]
    return said if width_of(said) <= width else signs().cut + said[-max(0, width - 1) :] if width > 1 else ""


def retries(seen: KeptCall) -> str:
    """How often it was sent, where that is more than once."""
    return f"×{seen.attempt}" if seen.attempt > 1 else ""
