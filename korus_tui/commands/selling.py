"""The keys of choosing: catalog, favourites, dates, the day, today's board, sessions, forms (see registry.py)."""

from __future__ import annotations

from korus_tui.commands.command import Command, mark

# F1 asks for help, F9 tries the journal again, F10 takes money: the others are for favourites.
FAVOURITE_KEYS = ("f2", "f3", "f4", "f5", "f6", "f7", "f8", "f11", "f12")
_TYPE_DAY = mark("Type a date: 7/6, +2, sat, 2027-06-07")

SELLING: tuple[Command, ...] = (
    # Catalog
    Command("catalog", "choose", "enter", mark("dates"),
            mark("Show the dates and prices of the highlighted product; “3 argent” asks for 3 of it"), 1, "↵",
            priority=True),
    Command("catalog", "move", "up,down", mark("move"), mark("Move in the list while you type"), 3, "↑↓", bound=False),
    *(
        Command("catalog", f"favourite('{key}')", key, mark("favourite"),
                mark("Sell the favourite on this key (or its name by ‹app.palette›)"), priority=True)
        for key in FAVOURITE_KEYS
    ),
    Command("catalog", "by_day", "ctrl+d", mark("one day"), mark("All that is sold on one day, numbers typed in"), 2,
            priority=True),
    Command("catalog", "today", "ctrl+g", mark("today"), mark("Today's sessions in time order"), 4, priority=True),
    Command("catalog", "keep", "ctrl+y", mark("favourites"),
            mark("Put the highlighted product on an F-key, free a key, take the most sold"), 5, priority=True),
    Command("catalog", "clear", "escape", mark("clear"), mark("Empty the filter"), 7, "Esc", bound=False),
    Command("catalog", "refresh", "ctrl+r", mark("refresh"), mark("Read the catalog again from the API"), 6),
    Command("catalog", "switch", "ctrl+n", mark("catalog"), mark("Change to the next catalog"), 8),
    # Favourites
    *(
        Command("favourites", f"put('{key}')", key, mark("this key"),
                mark("Put the product on this key (or ‹favourites.choose› on its row)"))
        for key in FAVOURITE_KEYS
    ),
    Command("favourites", "choose", "enter", mark("put"), mark("Put the product on the highlighted key"), 1, "↵"),
    Command("favourites", "free", "delete,backspace", mark("free"), mark("Free the highlighted key"), 2, "Del"),
    Command("favourites", "suggest", "m", mark("most sold"), mark("Put the most sold on the free keys"), 3),
    Command("favourites", "close", "escape", mark("back"), mark("Back to the catalog"), 4, "Esc"),
    # Offers
    Command("offers", "proceed", "enter", mark("next"),
            mark("Go on with these numbers: choose sessions, or hold the places"), 1, "↵", priority=True),
    Command("offers", "quantity", "0", mark("quantity"), mark("Type how many people into the row"), 2, "0-9",
            bound=False),
    Command("offers", "row", "up", mark("row"), mark("Move to another row, or week in the calendar"), 3, "↑↓",
            bound=False),
    Command("offers", "day", "left", mark("day"), mark("Move to another day"), 4, "←→", bound=False),
    Command("offers", "days(-1)", "left", mark("day before"), mark("The day before"), shown="←", priority=True),
    Command("offers", "days(1)", "right", mark("day after"), mark("The day after"), shown="→", priority=True),
    Command("offers", "month", "pagedown", mark("month"), mark("Show the next or the previous month"), 5, "PgDn",
            bound=False),
    Command("offers", "months(-1)", "pageup", mark("month before"), mark("The month before"), shown="PgUp",
            priority=True),
    Command("offers", "months(1)", "pagedown", mark("month after"), mark("The month after"), shown="PgDn",
            priority=True),
    Command("offers", "calendar", "tab", mark("calendar"), mark("From the rows to the calendar and back"), shown="Tab",
            bound=False),
    Command("offers", "today", "t", mark("today"), mark("Go to today"), 7),
    Command("offers", "type_day", "slash", mark("type a date"), _TYPE_DAY, 8, "/"),
    Command("offers", "refresh", "ctrl+r", mark("refresh"), mark("Read this month's prices and places again"), 9),
    Command("offers", "back", "escape", mark("back"), mark("Back to the catalog; nothing is held yet"), 6, "Esc"),
    # One day
    Command("day", "proceed", "enter", mark("next"),
            mark("Go on with all numbers, of all days: choose sessions, or hold the places"), 1, "↵", priority=True),
    Command("day", "quantity", "0", mark("quantity"), mark("Type how many people into the row"), 2, "0-9", bound=False),
    Command("day", "row", "up", mark("row"), mark("Move to another row"), 3, "↑↓", bound=False),
    Command("day", "days(-1)", "left", mark("day"), mark("The day before"), 4, "←→", priority=True),
    Command("day", "days(1)", "right", mark("day after"), mark("The day after"), shown="→", priority=True),
    Command("day", "type_day", "slash", mark("type a date"), _TYPE_DAY, 6, "/", priority=True),
    Command("day", "calendar", "tab", mark("calendar"), mark("The favourites' month with lowest prices, and back"), 5,
            "Tab", priority=True),
    Command("day", "refresh", "ctrl+r", mark("refresh"), mark("Read this day's prices and places again"), 8),
    Command("day", "back", "escape", mark("back"), mark("Empty the filter, then back to the catalog"), 7, "Esc",
            priority=True),
    # Today
    Command("today", "choose", "enter", mark("sell"), mark("Sell the highlighted session"), 1, "↵", bound=False),
    Command("today", "move", "up", mark("session"), mark("Move to another session"), 2, "↑↓", bound=False),
    Command("today", "refresh", "ctrl+r", mark("refresh"), mark("Read today's sessions again"), 4),
    Command("today", "events", "e", mark("events"),
            mark("Today's events, and what can be bought for each; back to the favourites"), 3),
    Command("today", "by_day", "ctrl+d", mark("one day"), mark("All that is sold today, numbers typed in"), 5),
    Command("today", "back", "escape,ctrl+g", mark("catalog"), mark("To the catalog"), 6, "Esc"),
    # Sessions
    Command("sessions", "hold", "enter", mark("hold"), mark("Hold the places for the chosen sessions"), 1, "↵",
            priority=True),
    Command("sessions", "move", "up", mark("session"), mark("Choose another session"), 2, "↑↓", bound=False),
    Command("sessions", "split", "s", mark("split"),
            mark("Choose apart: tickets of one showing, then people of one product"), 3),
    Command("sessions", "join", "j", mark("together"), mark("Choose all together again"), 4),
    Command("sessions", "next_ticket", "tab", mark("next ticket"), mark("Go to the next ticket that needs a session"),
            5, "Tab", bound=False),
    Command("sessions", "refresh", "ctrl+r", mark("refresh"), mark("Ask again how many places are left"), 7),
    Command("sessions", "back", "escape", mark("back"), mark("Back to the dates; nothing is held yet"), 6, "Esc"),
    # Form
    Command("form", "submit", "ctrl+s", mark("hold"), mark("Give the answers and hold the places"), 1),
    Command("form", "next", "down", mark("field"), mark("Go to the next field"), 2, "↑↓", priority=True),
    Command("form", "previous", "up", mark("field above"), mark("Go to the field above"), priority=True),
    Command("form", "cancel", "escape", mark("back"), mark("Back; nothing is held yet"), 3, "Esc"),
)  # fmt: skip
