"""When and for how many: the calendar, the day's offer, the quantity, and Enter, on a real sandbox."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from families import some
from offers_counter import AtDates, counter
from reference_sales import SUMMER
from sandbox_process import SandboxProcess

from korus_tui.sale.state import LineStatus
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.dates.calendar import OffersCalendar
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.widgets.calendar.calendar import MonthCalendar
from korus_tui.widgets.lists.states import Failed, Ready, Stale

DAY_TICKET = "puy du fou 1 jour adulte"
TODAY = date(2026, 6, 3)


def months(one: AtDates) -> OffersCalendar:
    return one.offers.months


def calls(sandbox: SandboxProcess, *names: str) -> int:
    """How often these calls reached the server."""
    made = sandbox.state()["calls"]
    return sum(made.get(name, 0) for name in names)


async def test_the_month_shows_prices_and_places_and_the_first_selling_day_has_the_highlight(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, "visite des coulisses adulte") as one:
        await one.until(lambda: one.offers.pane.offer)
        assert months(one).day == TODAY
        label, price, left = one.here
        offer = one.offers.pane.offer
        assert offer is not None
        assert offer.price is not None
        assert (label, price) == ("Adulte", f"{offer.price.text} ~")
        assert [row[0] for row in one.rows()] == ["Adulte", "Enfant"]
        assert left == str(offer.left)
        assert "~ the price is asked live" in one.said("#day-facts")
        cell = months(one).calendar.day(TODAY)
        assert cell.price is not None
        cheapest = min(Decimal(row[1].removesuffix(" ~")) for row in one.rows())
        assert Decimal(cell.price.removesuffix("+")) <= cheapest
        assert cell.price.endswith("+") == (cheapest % 1 != 0)
        assert months(one).calendar.day(date(2026, 6, 16)).fullness == "none"


async def test_places_that_nobody_tells_are_not_said_to_be_without_limit(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    names = ("availableQuantity", "availabilityCheckRequired")
    edits = [{"path": f"member.*.{name}", "remove": True} for name in names]
    sandbox.fault("replace", route="offers", edits=edits, count=None)
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        await one.until(lambda: one.offers.pane.offer)
        assert {row[2] for row in one.rows()} == {"~"}
        assert "places are asked live" in one.said("#day-facts")
        assert months(one).calendar.day(months(one).day).fullness == "unknown"
        asked = calls(sandbox, "availability")
        await one.press("2", "enter")
        await one.held()
        assert calls(sandbox, "availability") > asked


async def test_the_neighbour_months_are_fetched_behind_the_shown_one(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        below = months(one).query_one("#following", MonthCalendar)
        await one.until(lambda: below.day(date(2026, 7, 4)).price)
        asked = calls(sandbox, "offers")
        await one.press("pagedown")
        assert isinstance(months(one).state, Ready)
        assert one.offers.pane.offer is not None
        assert months(one).day == date(2026, 7, 3)
        await one.until(lambda: below.day(date(2026, 8, 4)).price)
        assert calls(sandbox, "offers") <= asked + 4  # August alone: June and July were fresh


async def test_a_late_answer_never_moves_the_highlight(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        sandbox.fault("latency", route="offers", latency=0.6, count=1)
        await one.open("avant premiere la perouse adulte")
        await one.press("right", "right")
        assert months(one).day == date(2026, 6, 5)
        await one.read()
        await one.until(lambda: one.rows())
        assert months(one).day == date(2026, 6, 5)


async def test_another_month_drops_the_question_for_the_one_before(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        sandbox.fault("latency", route="offers", latency=30, count=1)
        await one.open(DAY_TICKET)
        assert "Reading June" in one.said("#month-state")
        await one.press("pagedown")
        await one.until(lambda: one.offers.pane.offer)
        assert months(one).day.month == 7
        await one.until(lambda: "Reading" not in one.said("#month-state"))
        assert one.problem == ""


async def test_digits_anywhere_say_how_many_and_limits_are_told_before_any_call_f54(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F54."""
    async with counter(sandbox, tmp_path, "pass emotion adulte") as one:
        await one.until(lambda: one.offers.pane.offer)
        assert one.offers.pane.quantity == 1
        before = calls(sandbox, "tickets", "availability", "price")
        await one.press("1", "2")
        assert one.offers.pane.quantity == 12
        assert "At most 10 in one order" in one.said("#day-facts")
        await one.press("backspace", "backspace", "4")
        assert one.offers.pane.quantity == 4
        assert "At most" not in one.said("#day-facts")
        await one.press("0", "backspace", "backspace", "enter")
        assert one.offers.pane.quantity == 0
        assert "For how many people?" in one.problem
        await one.press("right", "3")
        assert one.problem == ""
        await one.press("left")
        assert one.offers.pane.quantity == 3  # the quantity goes along from day to day
        assert calls(sandbox, "tickets", "availability", "price") == before


async def test_more_than_is_left_is_refused_as_typed_f54(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F54."""
    async with counter(sandbox, tmp_path, "visite des coulisses adulte") as one:
        await one.until(lambda: one.offers.pane.offer)
        offer = one.offers.pane.offer
        assert offer is not None
        assert offer.left is not None
        await one.press(*str(offer.left + 1))
        assert f"Only {offer.left} left." in one.said("#day-facts")
        assert one.offers.pane.quantity == offer.left + 1
        await one.press("enter")
        assert f"Only {offer.left} left." in one.problem


async def test_a_number_that_is_too_large_stays_and_holds_nothing_f54_c09(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F54."""
    async with counter(sandbox, tmp_path, "pass émotion enfant") as one:
        await one.until(lambda: one.offers.pane.offer)
        before = calls(sandbox, "reservations_bulk")
        for _again in range(2):  # also an Enter pressed once more sells nothing else than was typed
            await one.press(*([] if _again else ["2", "0"]), "enter")
            assert "At most 10 in one order" in one.problem
            assert "No place is held." in one.problem
            assert "[20]" in one.text
            assert calls(sandbox, "reservations_bulk") == before
        await one.press("backspace", "enter")
        await one.until(lambda: calls(sandbox, "reservations_bulk") == before + 1)
        await one.until(lambda: one.sale and one.sale.holds)
        assert one.sale is not None
        assert one.sale.places == 2


async def test_a_full_day_is_held_by_one_enter_however_often_it_is_pressed_f50(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F50."""
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        await one.until(lambda: one.offers.pane.offer)
        offer = one.offers.pane.offer
        await one.pilot.press("2", "enter", "enter")
        sale = await one.held()
        assert offer is not None
        (state,) = sale.lines
        line = state.line
        assert (line.quantity, line.day, line.offer, line.quoted) == (2, TODAY, offer.iri, offer.price)
        assert line.zone == "Europe/Paris"
        assert line.product.endswith(offer.product)
        assert [(ticket.session, ticket.starts_at) for ticket in line.tickets] == [(None, None)]
        assert isinstance(one.app.screen_stack[-2], CatalogScreen)


async def test_a_second_line_joins_the_sale_at_the_counter(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        await one.until(lambda: one.offers.pane.offer)
        await one.press("enter")
        first = await one.held()
        await one.press("escape")
        await one.open("parking voiture")
        await one.until(lambda: one.offers.pane.offer)
        assert one.here[2] == "∞"
        await one.press("enter")
        await one.until(lambda: one.sale and len(one.sale.with_status(LineStatus.HELD)) == 2)
        assert one.sale is not None
        assert one.sale.reference == first.reference


async def test_fewer_places_than_the_list_said_f17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F17."""
    async with counter(sandbox, tmp_path, "consigne l") as one:
        await one.until(lambda: one.offers.pane.offer)
        offer = one.offers.pane.offer
        assert offer is not None
        assert offer.left is not None
        sandbox.sell(offer.iri, offer.left - 2)
        await one.press("5", "enter")
        await one.until(lambda: one.problem)
        assert "Only 2 left, 5 asked for." in one.problem
        assert "No place is held." in one.problem
        assert one.here[2] == "2"
        assert one.sale is None
        await one.press("2", "enter")
        assert (await one.held()).places == 2


async def test_a_dearer_live_price_is_seen_before_it_is_held_f16(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F16."""
    async with counter(sandbox, tmp_path, "visite des coulisses enfant") as one:
        await one.until(lambda: one.offers.pane.offer)
        offer = one.offers.pane.offer
        assert offer is not None
        assert offer.price is not None
        (ticket,) = await one.till.services.offers.tickets.of(offer)
        for session in ticket.sessions[1:]:
            sandbox.sell(session.id, session.left or 0)  # one is left: Enter would hold it at once
        sandbox.control("price", offer=offer.iri, amount="21.50", stages=["realtime", "held"])
        await one.press("enter")
        await one.until(lambda: one.problem)
        assert f"The price is €21.50 now; €{offer.price.text} was shown." in one.problem
        assert one.here[1] == "21.50 ~"
        assert "live price, asked just now" in one.said("#day-facts")
        assert one.sale is None
        await one.press("enter")
        assert (await one.held()).lines[0].line.quoted.text == "21.50"


async def test_a_live_price_is_seen_where_the_session_is_chosen_f16(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F16."""
    async with counter(sandbox, tmp_path, "visite des coulisses adulte") as one:
        await one.until(lambda: one.offers.pane.offer)
        offer = one.offers.pane.offer
        assert offer is not None
        assert offer.price is not None
        sandbox.control("price", offer=offer.iri, amount="31.50", stages=["realtime", "held"])
        await one.press("enter")
        await one.at_sessions()
        assert f"€31.50 each · live price, listed at €{offer.price.text}" in one.said("#sessions-facts")
        await one.press("enter")
        assert (await one.held()).lines[0].line.quoted.text == "31.50"


async def test_dates_are_typed_and_wrong_ones_named_f55(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F55."""
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        field = one.offers.query_one("#typed-day")
        assert not field.display
        await one.press("slash", *"31/2", "enter")
        assert "“31/2” is not a day of the calendar." in one.text
        assert months(one).day == TODAY
        await one.press("escape")
        assert not field.display
        await one.press("slash", *"7/6", "enter")
        assert months(one).day == date(2026, 6, 7)
        assert not field.display
        await one.press("2")
        assert one.offers.pane.quantity == 2
        await one.press("t")
        assert months(one).day == TODAY
        assert one.sale is None


async def test_days_that_cannot_be_sold_say_so_and_what_to_press(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "avant premiere la perouse adulte") as one:
        await one.until(lambda: one.rows())
        assert "Sold out. Choose another day" in one.said("#day-facts")
        await one.press("enter")
        assert "This day is sold out." in one.problem
        await one.press("slash", *"16/6", "enter")
        assert "Not sold on this day." in one.text
        assert "another day" in one.text
        await one.press("enter")
        assert "Not sold on this day." in one.problem
        await one.press("slash", *"4/6", "enter", "left", "left")
        assert months(one).day == date(2026, 6, 2)
        assert "This day is past" in one.text
        await one.press("enter")
        assert "t goes to today" in one.problem
        assert one.sale is None


async def test_a_product_without_days_is_valid_any_day(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "bon cadeau 50") as one:
        await one.until(lambda: one.offers.pane.offer)
        assert one.said("#day-title") == "Valid any day"
        assert not months(one).display
        assert one.here[0] == "50 € · any day"
        await one.press("slash", "2", "enter")
        sale = await one.held()
        assert (sale.lines[0].line.day, sale.lines[0].line.quantity) == (None, 2)


async def test_a_month_without_days_leads_to_the_first_that_sells(tmp_path: Path) -> None:
    with SandboxProcess(now="2026-10-20T08:00:00Z") as autumn:
        async with counter(autumn, tmp_path) as one:
            await one.open("noces de feu adulte")
            await one.until(lambda: one.offers.pane.offer is not None)
            assert months(one).day > date(2026, 10, 20)


async def test_a_month_that_cannot_be_read_says_so_and_is_asked_again_f02(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F02."""
    async with counter(sandbox, tmp_path) as one:
        sandbox.fault("status", route="offers", status=500, count=None)
        await one.open(DAY_TICKET)
        await one.until(lambda: one.problem)
        assert isinstance(months(one).state, Failed)
        assert "June could not be read — Ctrl+R asks again" in one.said("#month-state")
        assert "This month could not be read." in one.text
        assert "Ctrl+R asks again" in one.problem
        await one.press("enter")
        assert "could not be read" in one.problem
        sandbox.no_faults()
        await one.press("ctrl+r")
        await one.until(lambda: one.offers.pane.offer)
        assert one.problem == ""


async def test_a_known_month_stays_marked_with_its_age_f02_f03(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F02 · F03."""
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        await one.until(lambda: one.offers.pane.offer)
        sandbox.fault("status", route="offers", status=500, count=None)
        await one.press("ctrl+r")
        await one.until(lambda: one.problem)
        assert isinstance(months(one).state, Stale)
        assert "s ago — Ctrl+R refreshes" in one.said("#month-state")
        assert one.offers.pane.offer is not None
        assert months(one).calendar.day(date(2026, 6, 7)).price


async def test_what_cannot_be_asked_leaves_the_agent_where_it_was(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        await one.until(lambda: one.offers.pane.offer)
        sandbox.fault("status", route="tickets", status=404, count=1)
        await one.press("3", "enter")
        await one.until(lambda: one.problem)
        assert "It is no longer there." in one.problem
        assert "No place is held." in one.problem
        assert one.offers.pane.quantity == 3
        await one.press("enter")
        assert (await one.held()).places == 3


async def test_moving_on_while_it_is_asked_takes_the_question_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, DAY_TICKET) as one:
        await one.until(lambda: one.offers.pane.offer)
        sandbox.fault("latency", route="tickets", latency=30, count=1)
        await one.press("enter")
        assert "Asking for places and sessions" in one.said("#day-facts")
        await one.press("right")
        await one.until(lambda: "Asking" not in one.said("#day-facts"))
        assert one.sale is None
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)
        assert one.sale is None


async def test_a_day_at_a_time_where_the_api_knows_no_ranges(tmp_path: Path) -> None:
    with SandboxProcess(now=SUMMER, generation="tutorial") as old:
        async with counter(old, tmp_path, DAY_TICKET, generation="tutorial") as one:
            await one.until(lambda: one.offers.pane.offer)
            assert months(one).day == TODAY
            assert months(one).calendar.day(date(2026, 6, 28)).price
            await one.press("2", "enter")
            assert (await one.held()).places == 2


@pytest.mark.parametrize("size", some(2, [((80, 24),), ((120, 40),), ((200, 60),)]))
async def test_what_sells_is_seen_at_every_size(sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter(sandbox, tmp_path, DAY_TICKET, size=size) as one:
        await one.until(lambda: one.offers.pane.offer)
        await one.press("2")
        for seen in ("June 2026", "Wednesday 3 June 2026", "price", "left", "[ 2]", "2 × €", "↵ next", "full"):
            assert seen in one.text
        assert isinstance(one.app.screen, OffersScreen)


async def test_an_offer_that_is_not_understood_is_said_beside_those_that_are_sold(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    edits = [{"path": "member.0.product", "value": 7}]
    sandbox.fault("replace", route="offers", edits=edits, count=1)
    async with counter(sandbox, tmp_path) as one:
        await one.open("puy du fou 1 jour adulte cinescenie argent")
        await one.until(lambda: "1 offer could not be read (incident " in one.problem)
        assert "cannot be reached" not in one.text
        assert one.offers.pane.offer or one.rows()


async def test_what_a_family_must_know_is_said_in_the_cart_and_before_the_money(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """Numbered seats across the end of a row; then tickets that come later, already on the page of the dates."""
    async with counter(sandbox, tmp_path) as one:
        await one.till.open_till()
        await one.open("les noces de feu adulte")
        await one.until(lambda: one.offers.pane.offer)
        await one.press("1", "2", "enter")
        said = "Your 12 seats are not together: rows 1 and 2."
        await one.until(lambda: said in one.text)
        await one.until(lambda: one.app.screen.armed)
        await one.press("enter")
        await one.on(CheckoutScreen)
        assert await one.until(lambda: said in one.said("#tell"))


async def test_tickets_that_come_later_are_said_on_the_page_of_the_dates(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as one:
        await one.open("groupe scolaire")
        assert await one.until(lambda: "its tickets come later" in one.said("#day-facts"))


async def test_names_are_whole_beside_the_calendar_and_wide_figures_have_their_cents(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, "Puy du Fou 1 jour Cinéscénie") as one:
        await one.until(lambda: "Famille (2+2) Bronze" in one.text)
        assert one.said("#month-state") == "the day's lowest price"
        assert "50⁵⁰" in one.text
        await one.pilot.resize_terminal(200, 60)
        await one.until(lambda: "50.50▁" in one.text)
        assert one.said("#month-state") == "the day's lowest price"
