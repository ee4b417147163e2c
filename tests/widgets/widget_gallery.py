"""One screen that shows the whole kit with fixed values, for pictures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from widget_host import Host

from korus_tui.widgets.big_amount import BigAmount
from korus_tui.widgets.calendar.calendar import DayCell, MonthCalendar
from korus_tui.widgets.calendar.cells import Fullness
from korus_tui.widgets.cart_rail import CartLine, CartRail, CartRailLine, CartView
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.inputs.money_input import MoneyInput
from korus_tui.widgets.key_bar import KeyBar, KeyHint
from korus_tui.widgets.lists.row_list import Column, Row, RowList
from korus_tui.widgets.lists.states import Empty, Failed, Loading, Stale
from korus_tui.widgets.problem_bar import ProblemBar, ProblemView
from korus_tui.widgets.qr import Qr
from korus_tui.widgets.rule import Rule
from korus_tui.widgets.status_line import StatusLine, StatusView

TODAY = date(2025, 6, 5)
COLUMNS = [
    Column("offer", "Offer"),
    Column("price", "price", 9, "right"),
    Column("left", "left", 6, "right", priority=1),
]
OFFERS = [
    Row("aa", ("Adulte Argent [Live]", "87.00  ", "1 500"), quantity=2),
    Row("ea", ("Enfant Argent", "60.00  ", "1 500"), quantity=2),
    Row("ao", ("Adulte Or", "97.00 ~", "24"), tone="warn"),
    Row("eo", ("Enfant Or \x1b[31m\u202e", "70.00 ~", "24")),
    Row("fam", ("Famille nombreuse, quatre personnes et plus", "240.00  ", "8"), tone="bad"),
    Row("grp", ("Groupe (fermé aujourd'hui)", "55.00  ", "—"), disabled=True),
]
CART = CartView(
    "KT7-4F2Q",
    (
        CartRailLine("2 × Puy du Fou 1 jour + Cinéscénie Adulte Argent", "Sat 7 Jun 22:00", "174.00", "12:41"),
        CartRailLine("2 × Enfant Argent", "Sat 7 Jun 22:00", "120.00", "1:58 about to lapse", "warn"),
        CartRailLine("1 × Parking", "Sat 7 Jun", "8.00", "lapsed 0:12 ago", "bad"),
    ),
    total="302.00 €",
    count=5,
    soonest="12:41",
)
KEYS = [
    KeyHint("←→↑↓", "day"),
    KeyHint("PgDn", "month"),
    KeyHint("t", "today"),
    KeyHint("0-9", "quantity"),
    KeyHint("↵", "sessions"),
    KeyHint(":", "quick line"),
    KeyHint("Esc", "back"),
]
STATUS = StatusView("Puy du Fou · CSE", "Léa", "till 3", "online 0.2 s", "good", "12:41", "KT7-4F2Q", "", 1, "DEMO")


def days() -> dict[date, DayCell]:
    """June 2025 with every look of a day."""
    looks: dict[int, tuple[str | None, Fullness]] = {
        5: ("79", "plenty"), 6: ("79", "plenty"), 7: ("87", "few"), 8: ("87", "plenty"), 9: (None, "none"),
        10: (None, "none"), 11: ("79", "plenty"), 12: ("79", "plenty"), 13: ("79", "plenty"), 14: ("120", "few"),
        15: ("120", "full"), 16: (None, "loading"), 17: (None, "loading"), 21: ("1200", "plenty"), 22: ("120", "full"),
    }  # fmt: skip
    return {date(2025, 6, day): DayCell(price, fullness) for day, (price, fullness) in looks.items()}


def selling() -> Iterable[Widget]:
    """Calendar, offers and cart as the offers screen has them."""
    yield StatusLine()
    yield KeyBar()
    with Horizontal():
        yield MonthCalendar(TODAY, selected=date(2025, 6, 7))
        with Vertical():
            yield FilterInput(target="offers", placeholder="find an offer")
            yield RowList(COLUMNS, header=True, quantities=True, id="offers")
        yield CartRail()
    yield CartLine()
    yield ProblemBar()


def fill_selling(app: Host) -> None:
    """The values of a sale in the middle."""
    one = app.screen.query_one
    one(StatusLine).show(STATUS)
    one(KeyBar).show(KEYS)
    one(CartRail).show(CART)
    one(CartLine).show(CART)
    one(MonthCalendar).set_days(days())
    offers = one(RowList)
    offers.set_rows(OFFERS, Stale.of("3 min ago", "Ctrl+R"))
    offers.focus()
    one(ProblemBar).show(
        ProblemView(
            "The server did not answer.", "The places are held until 20:12; nothing was charged.", "r asks again"
        )
    )


def paying() -> Iterable[Widget]:
    """The amount, the fields, a code, and the looks of a list without rows."""
    yield StatusLine()
    yield KeyBar()
    with Horizontal():
        with Vertical():
            yield BigAmount("294.00 €")
            yield Rule()
            yield Field("Cash given", MoneyInput(currency="EUR"), "= exact", id="cash")
            yield Field("Last name", hint="as on the ticket", required=True, id="name")
            yield RowList(COLUMNS, state=Loading("Asking for the offers of Sat 7 June"), id="loading")
        with Vertical():
            yield RowList(COLUMNS, state=Empty("No offer on Sat 7 June.", "PgDn shows the next month"), id="empty")
            yield RowList(
                COLUMNS,
                state=Failed(
                    "The server did not answer.", "Nothing was reserved, nothing was charged.", "r asks again"
                ),
                id="failed",
            )
            yield Qr()


def fill_paying(app: Host) -> None:
    """An amount half typed, and a field that was left empty."""
    one = app.screen.query_one
    one(StatusLine).show(STATUS)
    one(KeyBar).show(KEYS[3:])
    one("#name", Field).show_error("Please fill in: Last name.")
    one(Qr).show("https://t.example/7F2Q")
    cash = one(MoneyInput)
    cash.set_minor(30000)
    cash.focus()
